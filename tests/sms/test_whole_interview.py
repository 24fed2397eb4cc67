"""One whole interview by text, through the real SDK and a Twilio of our own."""

from __future__ import annotations

from datetime import datetime

from family_voice.consent.decisions import standing
from family_voice.consent.statements import Purpose
from family_voice.interviews.state import Stage
from family_voice.messages import thread
from family_voice.storage.engine import reading
from tests.sms.town import DEB, AnyTown, Message


def test_from_invitation_to_thanks(town: AnyTown[Message], now: datetime) -> None:
    """Five questions and three further ones, two deliveries doubled and two swapped."""
    invited = town.invite()
    assert invited.secrets.code_word is not None
    town.turn()
    [invitation] = town.new()
    assert invited.link in invitation
    assert invited.secrets.code_word not in invitation
    assert town.settings.emergency_phone in invitation

    [ask] = town.text("Hi, it's me")
    assert "code word" in ask
    [talk] = town.text(invited.secrets.code_word.upper() + ".")
    assert talk.endswith("Happy to talk by text? Reply AGREE or NO.")
    [check] = town.text("agree")
    assert "May the small group" in check
    # Nothing but a yes or a no leads on from it.
    assert town.text("NEXT") == town.text("skip") == town.text("more") == [check]
    assert town.state(invited.interview_id).stage is Stage.DECIDING
    [first] = town.text("Agree!")
    assert first.startswith("What is most important for us to know?")
    assert "NEXT" in first

    # Several texts to one answer. The first is delivered twice; the second and third are swapped.
    one = town.twilio.text(DEB, "She is deaf 💛 and she is funny.")
    two = town.twilio.text(DEB, "People talk to me, not to her.")
    three = town.twilio.text(DEB, "That has to stop.")
    for message in (one, three, one, two):
        assert town.deliver(message).status_code == 200
    town.turn()
    assert town.new() == []
    [well] = town.text("NEXT")
    assert well.startswith("What, if anything, is working well")

    assert town.text("Her TA signs. شكرا") == []
    [views] = town.text("more")
    assert views.startswith("Do people ask what you and your child think")
    # An answer and its NEXT, the NEXT delivered twice: one question moves on, not two.
    assert town.text("They ask me. Nobody asks her.") == []
    following = town.twilio.text(DEB, "next")
    town.deliver(following)
    town.deliver(following)
    town.turn()
    [needs] = town.new()
    assert needs.startswith("Do people know what your child is good at")
    assert town.text("Mostly") == []
    [right_time] = town.text("next")
    assert right_time.startswith("Has the help been the right help")
    assert town.text("NO") == []  # an answer, though it looks like a command
    # Silence closes this one.
    town.clock.on(minutes=4, seconds=1)
    assert town.turn().turns == 1
    [difference] = town.new()
    assert difference.startswith("What, if anything, is different")
    town.clock.on(minutes=3)
    assert town.text("Nothing much") == []
    [worries] = town.text("next")
    assert worries.startswith("What, if anything, worries you")
    assert town.text("yes") == []
    assert town.text("next").pop().startswith("What would you like to happen next?")
    assert town.text("An interpreter, every time.") == []
    [read_back] = town.text("next")
    assert "RIGHT" in read_back
    [quote] = town.text("right")
    assert "short pieces" in quote
    assert town.text("YES") == ["Please reply AGREE or NO, so that we are sure what you mean."]
    assert "count you in" in town.text("agree").pop()
    assert "contact you again" in town.text("no").pop()
    [thanks] = town.text("AGREE")
    assert thanks.startswith("Thank you. That is everything.")

    account = town.account(invited.interview_id)
    assert {answer.prompt_id: answer.text for answer in account.answers} == {
        "important.open": "She is deaf 💛 and she is funny.\nThat has to stop.\n"
        "People talk to me, not to her.",
        "working_well.open": "Her TA signs. شكرا",
        "working_well.views": "They ask me. Nobody asks her.",
        "working_well.needs": "Mostly",
        "working_well.right_time": "NO",
        "difference.open": "Nothing much",
        "worries.open": "yes",
        "next.open": "An interpreter, every time.",
    }
    state = town.state(invited.interview_id)
    assert state.stage is Stage.SENT
    assert state.read_back_at is not None
    with reading(town.database.sessions) as session:
        decided = {p: d.yes for p, d in standing(session, invited.interview_id, now).items()}
        lines = thread.by_phone(session, DEB)
    assert decided == {
        Purpose.TALK: True,
        Purpose.CHECK: True,
        Purpose.QUOTE: True,
        Purpose.COUNT: False,
        Purpose.CONTACT: True,
    }
    assert {line.state for line in lines if line.ours} == {"sent"}
    assert sum(not line.ours for line in lines) == len(
        [m for m in town.twilio.held if m.direction == "inbound"]
    )
    # Every question was put once, and the decision that was passed over as often as it was asked.
    bodies = [m.body for m in town.twilio.outbound()]
    assert bodies.count(check) == 4
    bodies = [body for body in bodies if body != check]
    assert len(bodies) == len(set(bodies))
    # Nothing that went out names the child, her school or what was said.
    for body in bodies:
        for private in ("Maisie", "Specimen", "St Example", "deaf", "interpreter", "Sensory"):
            assert private not in body
