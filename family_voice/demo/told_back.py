"""What families of the demo were asked about quotes, what they answered, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from family_voice.demo.shapes import DemoCase
from family_voice.demo.staff import Team
from family_voice.improvement import outcomes
from family_voice.improvement.outcomes import Kind
from family_voice.interviews import record
from family_voice.interviews.events import Channel
from family_voice.security.trail import Actor
from family_voice.security.trail import record as on_trail
from family_voice.sharing import quotes, quoting, replacements
from family_voice.sharing.quotes import Answer
from family_voice.sharing.recognising import NOBODY

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class _Quote:
    """A wording made of the sentences that hold one of these pieces, and what they said to it."""

    of: tuple[str, ...]
    words: str
    answer: Answer = Answer.WAITING
    own_words: str = ""
    channel: Channel = Channel.TELEPHONE


@dataclass(frozen=True)
class _Outcome:
    kind: Kind
    words: str
    why: str = ""


# By account. The two that were agreed to are of a round that is over, so they can be read.
QUOTES: Mapping[str, tuple[_Quote, ...]] = {
    "yellow-wellies-mum": (
        _Quote(
            ("gamechanger",),
            "The switch is a game changer. He called me into the kitchen with it. It was the "
            "first time ever.",
        ),
    ),
    "two-buses-mum": (
        _Quote(
            ("She isn't sad.",),
            "By the time they meet her they have made up a sad little girl in their heads. She "
            "is not sad.",
            Answer.REFUSED,
        ),
    ),
    "both-things-child": (
        _Quote(
            ("I would swap all five",),
            "I would swap all five pages about me for one time that somebody came back and said: "
            "you said this, so we did that.",
            Answer.APPROVED,
            channel=Channel.WEB,
        ),
    ),
    "fourteen-phone-calls-mum": (
        _Quote(
            ("It was right when it came",),
            "It was right when it came, but it came years late.",
            Answer.EDITED,
            "It was the right help when it came. It came two years too late, and we paid for that.",
        ),
    ),
}
OUTCOMES: Mapping[str, tuple[_Outcome, ...]] = {
    "yellow-wellies-mum": (
        _Outcome(
            Kind.DONE,
            "The switch now goes with him to the dining hall, the garden and on the school bus. "
            "It hangs on his chair, and everybody who works with him has been shown how he uses "
            "it.",
        ),
        _Outcome(
            Kind.DECIDED,
            "Before he moves to the upper school, somebody works out a way in without the "
            "corridor and its bell. They ring you about it before the end of this term.",
        ),
        _Outcome(
            Kind.CANNOT,
            "Your weekend a month cannot start again this term.",
            "Two people have left the house that gave it, and nobody else may lift him yet. You "
            "should have had a letter. We are sorry that you did not. You are first on the list, "
            "and somebody rings you in January, whatever the news is.",
        ),
    ),
    "two-buses-mum": (
        _Outcome(
            Kind.DECIDED,
            "Somebody from the new school comes and watches a morning in her classroom this year.",
        ),
    ),
}
#: No program knows that one girl in the borough talks of the 46, or that a game changer is nobody.
NEVER_LEAVES: Mapping[str, str] = {"two-buses-mum": "the 46 bus"}
MAY_STAND: Mapping[str, str] = {"yellow-wellies-mum": "gamechanger"}
#: Whose case the small group has opened already: the agencies stand on the family's page.
LOOKED_AT = "yellow-wellies-mum"
LOOKED_BY = ("send.lead", "dco", "front.line")
SEEN = ("speakers", "sentences", "account", "codes", "professional views")


def tell_back(
    session: Session, case: DemoCase, case_id: UUID, interviews: Mapping[str, UUID], team: Team
) -> None:
    """Let it all happen for one case, an hour after each account was said to be right.

    Args:
        session: a writing session.
        case: the made-up case.
        case_id: the same, stored.
        interviews: the accounts of the case that were told, by their ids in the files.
        team: who asks, and who looks.
    """
    lead = Actor("staff", team.lead)
    for account in case.accounts:
        interview_id, at = interviews.get(account.id), account.read_back_at
        if interview_id is None or at is None:
            continue
        for quote in QUOTES.get(account.id, ()):
            _ask(session, interview_id, quote, lead, at + HOUR)
        if words := NEVER_LEAVES.get(account.id):
            replacements.take(session, interview_id, words, "", lead, at + HOUR)
        if words := MAY_STAND.get(account.id):
            replacements.leave(session, interview_id, words, lead, at + HOUR)
        for each in OUTCOMES.get(account.id, ()):
            outcomes.tell(
                session, [interview_id], each.kind, each.words, each.why, lead, at + 3 * HOUR
            )
        on_trail(session, lead, "view", "interview", interview_id, at, ["answers"])
        if account.id == LOOKED_AT:
            shown = [*SEEN, str(interview_id)]
            for key in (each.key for each in team.people if each.seat and each.key in LOOKED_BY):
                who = Actor("staff", team.ids[key])
                on_trail(session, who, "view", "pack", case_id, at + 2 * HOUR, shown)


def _ask(session: Session, interview_id: UUID, quote: _Quote, lead: Actor, at: datetime) -> None:
    of = [
        each.id
        for each in record.account(session, interview_id).sentences
        if any(piece in each.text for piece in quote.of)
    ]
    seen = quoting.as_it_would_leave(session, interview_id, quote.words).text
    asked = quoting.propose(
        session, interview_id, of, quote.words, lead, at, seen=seen, answers=NOBODY
    )
    if quote.answer is Answer.WAITING:
        return
    by = Actor("family") if quote.channel is Channel.WEB else lead
    quoting.answer(
        session, asked, quote.answer, channel=quote.channel, by=by, now=at + HOUR,
        own_words=quote.own_words,
    )  # fmt: skip
    if quote.own_words:
        [view] = [each for each in quotes.of_account(session, interview_id, at) if each.id == asked]
        quoting.look_at(session, asked, view.version, NOBODY, lead, at + HOUR)
