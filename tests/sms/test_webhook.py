"""What arrives at the door: forged, doubled, unknown, strange."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from family_voice.app import create_app
from family_voice.interviews.models import Event, Fragment, Interview
from family_voice.interviews.state import Stage
from family_voice.messages import arriving, thread
from family_voice.messages.models import InboundMessage, OutboundMessage
from family_voice.storage.engine import reading
from tests.sms.stand_in import signed, webhook
from tests.sms.town import DEB, Town

STRANGER = "+447700900555"


def rows(town: Town, model: type) -> int:
    with reading(town.database.sessions) as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


@pytest.mark.parametrize("harm", ["no signature", "wrong", "other body", "other address", "more"])
def test_a_forged_text_is_refused_and_leaves_nothing(town: Town, harm: str) -> None:
    form = webhook(town.twilio.text(DEB, "hello"))
    headers = signed("http://localhost/sms/inbound", form)
    match harm:
        case "no signature":
            headers = {}
        case "wrong":
            headers = signed("http://localhost/sms/inbound", form, token="guess")
        case "other body":
            form["Body"] = "hullo"
        case "other address":
            headers = signed("http://localhost/sms/status", form)
        case "more":
            form["Extra"] = "1"
    assert town.client.post("/sms/inbound", data=form, headers=headers).status_code == 403
    assert rows(town, InboundMessage) == rows(town, OutboundMessage) == 0


def test_without_a_token_nothing_is_accepted(town: Town) -> None:
    form = webhook(town.twilio.text(DEB, "hello"))
    app = create_app(replace(town.settings, sms="console", twilio_auth_token=""))
    headers = signed("http://localhost/sms/inbound", form, token="")
    assert app.test_client().post("/sms/inbound", data=form, headers=headers).status_code == 403


def test_a_webhook_without_an_id_changes_nothing(town: Town) -> None:
    form = webhook(town.twilio.text(DEB, "hello")) | {"MessageSid": ""}
    headers = signed("http://localhost/sms/inbound", form)
    answer = town.client.post("/sms/inbound", data=form, headers=headers)
    assert answer.status_code == 400
    assert "MessageSid, From, Body" in answer.text
    assert rows(town, InboundMessage) == 0


def test_words_that_wandered_into_a_name_are_refused(town: Town) -> None:
    """A name and its value are signed with nothing between: this request fits the signature."""
    form = webhook(town.twilio.text(DEB, "hello"))
    headers = signed("http://localhost/sms/inbound", form)
    wandered = {("Bodyhel" if name == "Body" else name): value for name, value in form.items()}
    wandered["Bodyhel"] = "lo"
    answer = town.client.post("/sms/inbound", data=wandered, headers=headers)
    assert answer.status_code == 400
    assert rows(town, InboundMessage) == 0


def test_one_text_from_sixteen_threads_has_one_effect(town: Town) -> None:
    town.begin()
    message = town.twilio.text(DEB, "Once and no more.")
    form = webhook(message)
    headers = signed("http://localhost/sms/inbound", form)
    app = town.client.application
    before = rows(town, Event)

    def post(_: int) -> int:
        return app.test_client().post("/sms/inbound", data=form, headers=headers).status_code

    with ThreadPoolExecutor(16) as pool:
        assert set(pool.map(post, range(16))) == {200}
    account = town.account(town.interview_id)
    assert [answer.text for answer in account.answers] == ["Once and no more."]
    assert rows(town, Event) == before + 1


def test_a_stranger_from_sixteen_threads_is_kept_once(town: Town) -> None:
    form = webhook(town.twilio.text(STRANGER, "Hello?"))
    headers = signed("http://localhost/sms/inbound", form)
    app = town.client.application

    def post(_: int) -> int:
        return app.test_client().post("/sms/inbound", data=form, headers=headers).status_code

    with ThreadPoolExecutor(16) as pool:
        assert set(pool.map(post, range(16))) == {200}
    assert rows(town, InboundMessage) == 1
    town.turn()
    assert len(town.new()) == 1


def test_sixteen_texts_at_once_are_all_kept(town: Town) -> None:
    town.begin()
    messages = [town.twilio.text(DEB, f"Piece {number}") for number in range(16)]
    app = town.client.application

    def post(number: int) -> int:
        form = webhook(messages[number])
        headers = signed("http://localhost/sms/inbound", form)
        return app.test_client().post("/sms/inbound", data=form, headers=headers).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(post, range(16))) == {200}
    [answer] = town.account(town.interview_id).answers
    assert {piece.text for piece in answer.pieces} == {f"Piece {n}" for n in range(16)}


def test_a_number_nobody_knows_is_kept_and_answered_once(town: Town) -> None:
    [hello] = town.text("This is Ali's mum, I have a new number", STRANGER)
    assert "We do not know this number" in hello
    assert "Ali" not in hello
    assert town.text("Are you there?", STRANGER) == []
    with reading(town.database.sessions) as session:
        kept = arriving.unplaced(session, STRANGER)
    assert [(each.phone, each.body) for each in kept] == [
        (STRANGER, "This is Ali's mum, I have a new number"),
        (STRANGER, "Are you there?"),
    ]


def test_agreeing_twice_at_once_begins_one_account(town: Town) -> None:
    town.text("Hello", STRANGER)
    app = town.client.application
    messages = [town.twilio.text(STRANGER, "AGREE") for _ in range(8)]

    def post(number: int) -> int:
        form = webhook(messages[number])
        headers = signed("http://localhost/sms/inbound", form)
        return app.test_client().post("/sms/inbound", data=form, headers=headers).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(post, range(8))) == {200}
    assert rows(town, Interview) == 1


def test_a_sender_abroad_or_without_a_number_gets_no_answer(town: Town) -> None:
    for sender in ("MyBank", "60006", "+15005550006"):
        assert town.text("You have won", sender) == []
    assert rows(town, InboundMessage) == 3


def test_the_wrong_code_word_and_too_many_give_the_same_answer(town: Town) -> None:
    invited = town.invite()
    town.turn()
    town.new()
    answers = [town.text(f"guess {number}") for number in range(7)]
    first, rest = answers[0], answers[1:]
    assert rest[:5] == [rest[0]] * 5
    assert "Somebody from our team" in rest[5][0]  # the seventh time it is no conversation any more
    assert first[0].startswith(rest[0][0])  # the first of the day says who we are as well
    # The right one, when there were too many: no different.
    assert town.text(invited.secrets.code_word or "") == []
    assert town.state(invited.interview_id).recognised == frozenset()
    town.clock.on(hours=25)
    [talk] = town.text(invited.secrets.code_word or "")
    assert "Happy to talk by text?" in talk


def test_words_before_the_code_word_and_before_a_yes_are_not_kept(town: Town) -> None:
    invited = town.invite()
    town.text("I want to complain about Hill School and what they did to my son")
    [talk] = town.text(invited.secrets.code_word or "")
    assert "AGREE or NO" in talk
    [again] = town.text("He has been out of school for a year")
    assert again.startswith("We have not kept what you just sent.")
    [fine] = town.text("No thank you")
    assert "That is fine" in fine
    town.text("And another thing")
    assert town.state(invited.interview_id).stage is Stage.DECLINED
    assert rows(town, Fragment) == 0
    with reading(town.database.sessions) as session:
        said = [line.body for line in thread.by_phone(session, DEB) if not line.ours]
    assert said == ["", "", "", "No thank you", ""]


def test_a_no_may_become_a_yes(town: Town) -> None:
    invited = town.invite()
    for words in (invited.secrets.code_word or "", "no"):
        town.text(words)
    [check] = town.text("agree")
    assert "May the small group" in check
    assert town.state(invited.interview_id).stage is Stage.DECIDING


def test_stop_stops_texts_and_only_start_lifts_it(town: Town) -> None:
    town.begin()
    town.text("Something")
    assert town.text("Stop please") == []
    assert town.text("NEXT") == []
    assert town.text("I still want to say this") == []
    town.clock.on(hours=2)
    town.turn()
    assert town.new() == []
    account = town.account(town.interview_id)
    assert "I still want to say this" in {p.text for a in account.answers for p in a.pieces}
    [again] = town.text("START")
    assert again.startswith("You texted START, so we ask again.")
    [question] = town.text("AGREE")
    assert question.startswith("What, if anything, is working well")


def test_stop_before_the_code_word(town: Town) -> None:
    invited = town.invite()
    assert town.text("STOP") == []
    assert town.text(invited.secrets.code_word or "") == []
    [talk] = town.text("START")
    assert "Happy to talk by text?" in talk


def test_call_and_web(town: Town) -> None:
    town.begin()
    town.text("Half of")
    [coming] = town.text("CALL me")
    assert town.settings.phone in coming
    assert town.state(town.interview_id).call_wanted
    [link] = town.text("web")
    path = next(word for word in link.split() if "/i/" in word)
    assert path.startswith("http://localhost/i/")
    # Both doors go on working: the next text still answers the question on the phone.
    town.text("the answer")
    [answer] = town.account(town.interview_id).answers
    assert (answer.prompt_id, answer.text) == ("important.open", "Half of\nthe answer")


def test_back_skip_and_what_makes_no_sense(town: Town) -> None:
    town.begin()
    assert town.text("BACK") == ["This is the first question."]
    assert town.text("skip")[0].startswith("What, if anything, is working well")
    assert town.text("back")[0].startswith("What is most important")
    assert town.text("help") == []  # the carrier answers that


STRANGE = {
    "nul": "a\x00b",
    "only nul": "\x00",
    "emoji": "👩‍👧‍👦🏳️‍🌈",
    "rtl": "ولدي لا ينام\u202e abc",
    "formula": "=HYPERLINK(1)",
    "long": "x" * 200_000,
    "marks": "it's 100% %(name)s {roles} <b>",
}


def test_strange_words_are_kept_as_they_came(town: Town) -> None:
    town.begin()
    for words in STRANGE.values():
        assert town.text(words) == []
    [answer] = town.account(town.interview_id).answers
    kept = [words.replace("\x00", "") for words in STRANGE.values()]
    assert [piece.text for piece in answer.pieces] == [words for words in kept if words]


def test_a_picture_is_answered(town: Town) -> None:
    town.begin()
    form = webhook(town.twilio.text(DEB, "")) | {"NumMedia": "1"}
    town.new()
    town.client.post(
        "/sms/inbound", data=form, headers=signed("http://localhost/sms/inbound", form)
    )
    town.turn()
    [sorry] = town.new()
    assert "cannot see pictures" in sorry


def test_who_we_are_and_999_come_first_every_day_and_only_then(town: Town) -> None:
    invited = town.invite()
    town.turn()
    [invitation] = town.new()
    assert "999" in invitation
    assert "999" not in town.text(invited.secrets.code_word or "").pop()
    town.clock.on(days=1)
    assert "999" in town.text("AGREE").pop()
    assert "999" not in town.text("AGREE").pop()
