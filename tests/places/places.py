"""Every place that shows, counts or sends what a family told us, and what it rests on.

A page that shows their words and is not here fails `test_every_page_that_shows_words_is_listed`.
The demo's pretend phone is not here: it is the family's own telephone, and not served for real.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice import worker
from family_voice.cases.models import Round
from family_voice.cases.permission import text_may_go
from family_voice.cases.reading import case_view, round_ledger
from family_voice.consent.decisions import Audience, standing
from family_voice.consent.statements import Purpose
from family_voice.interviews import record
from family_voice.messages.models import OutboundMessage
from family_voice.messages.sending import Never
from family_voice.messages.templates import Template
from family_voice.reports.case_pack import with_account
from family_voice.sharing import releases
from family_voice.sharing.quotes import approved
from family_voice.storage.locking import fetch
from family_voice.themes.code_use import uses
from family_voice.themes.disagreements import pairs
from family_voice.themes.workbench import waiting
from tests.places.household import PROMPT, Household

#: Who reads at a browser: staff by the key of their account, and the two families.
SENT_FAMILY, OPEN_FAMILY = "the family that sent", "the family that goes on"
BY = "?by=telephone"


@dataclass(frozen=True)
class Page:
    """A page with their words: its endpoint, what it rests on, and one way to open it.

    Where a page shows them by what its address asks for, the name goes on after the endpoint.
    """

    name: str
    rests_on: Purpose
    audience: Audience
    reader: str
    address: Callable[[Household], str]

    @property
    def endpoint(self) -> str:
        """The route."""
        return self.name.partition(":")[0]


@dataclass(frozen=True)
class Fact:
    """Something counted, said of them or sent to them, as far as anybody can tell it is there."""

    name: str
    rests_on: Purpose
    audience: Audience
    is_there: Callable[[Session, Household, datetime], bool]


TALK, CHECK, COUNT, CONTACT = Purpose.TALK, Purpose.CHECK, Purpose.COUNT, Purpose.CONTACT
QUOTE = Purpose.QUOTE
LEAD, PANEL, FAMILY = Audience.LEAD, Audience.PANEL, Audience.FAMILY


def _account(page: str) -> Callable[[Household], str]:
    return lambda home: f"/staff/accounts/{home.sent}/{page}"


def _talk(page: str) -> Callable[[Household], str]:
    return lambda home: f"/staff/case/{home.case}/talk/{home.person}/{page}{BY}"


def _parts(home: Household) -> str:
    cases = f"first={home.case}&second={home.other_case}"
    return f"/staff/accounts/{home.sent}/parts?{cases}"


PAGES = (
    Page("family.question", TALK, FAMILY, OPEN_FAMILY, lambda _home: f"/question/{PROMPT}"),
    Page("family.check_answers", TALK, FAMILY, OPEN_FAMILY, lambda _home: "/check-answers"),
    Page("family.your_words", TALK, FAMILY, SENT_FAMILY, lambda _home: "/your-words"),
    Page(
        "family.sentence", TALK, FAMILY, SENT_FAMILY,
        lambda home: f"/your-words/sentence/{home.sentence}",
    ),
    Page("family.where", TALK, FAMILY, SENT_FAMILY, lambda _home: "/where-my-words-went"),
    Page("family.short_pieces", QUOTE, Audience.FORUM, SENT_FAMILY, lambda _home: "/quotes"),
    Page("quotes.account", QUOTE, Audience.FORUM, "lead", _account("quotes")),
    Page("quotes.every", QUOTE, Audience.FORUM, "lead", lambda _home: "/staff/quotes"),
    Page("outcomes.account", TALK, LEAD, "lead", _account("outcomes")),
    Page("call_pad.pad", TALK, LEAD, "lead", _talk("pad")),
    Page("call_pad.whats_new", TALK, LEAD, "lead", _talk("pad/new")),
    Page("call_pad.ending", TALK, LEAD, "lead", _talk("ending")),
    Page("call_pad.sort", TALK, LEAD, "lead", _talk("sort")),
    Page("call_pad.quote", QUOTE, Audience.FORUM, "lead", _talk("quote")),
    Page("call_pad.follow_ups", TALK, LEAD, "lead", lambda _home: "/staff/follow-ups"),
    Page(
        "call_pad.follow_ups_of", TALK, LEAD, "lead",
        lambda home: f"/staff/case/{home.case}/follow-ups",
    ),
    Page(
        "call_pad.reply", TALK, LEAD, "lead",
        lambda home: f"/staff/follow-up/{home.follow_ups[0]}",
    ),
    Page("coding.account", TALK, LEAD, "lead", _account("code")),
    Page("tone.sentences", TALK, LEAD, "lead", lambda _home: "/staff/coding/tone/sentences"),
    Page("consensus.differences", TALK, LEAD, "lead", lambda _home: "/staff/coding/disagreements"),
    Page("names.account", TALK, LEAD, "lead", _account("names")),
    Page("exchange.download", TALK, LEAD, "lead", lambda _home: "/staff/files/download"),
    Page("texts.thread", TALK, LEAD, "lead", lambda home: f"/staff/texts/{home.sent}"),
    Page("texts.log", TALK, LEAD, "lead", lambda home: f"/staff/texts/{home.sent}/log"),
    Page(
        "texts.place", TALK, LEAD, "lead",
        lambda home: f"/staff/texts/{home.sent}/pieces/{home.texted}",
    ),
    Page(
        "translating.account", TALK, LEAD, "lead",
        lambda home: f"/staff/translations/{home.sent}",
    ),
    Page("linking_parts.parts", TALK, LEAD, "lead", _parts),
    Page("looking.pieces", TALK, LEAD, "lead", _account("look-at")),
    Page("withdrawals.record", TALK, LEAD, "lead", _account("withdraw")),
    Page(
        "concerns.raise_one: from an account", TALK, LEAD, "lead",
        lambda home: f"/staff/concern?interview={home.sent}&sentence={home.sentence}",
    ),
    Page(
        "concerns.raise_one: from a pack", CHECK, PANEL, "member",
        lambda home: f"/staff/concern?case={home.case}&sentence={home.sentence}",
    ),
    Page(
        "pack_choice.sentences", CHECK, PANEL, "lead",
        lambda home: f"/staff/cases/{home.case}/pack",
    ),
    Page("panel.pack", CHECK, PANEL, "member", lambda home: f"/panel/cases/{home.case}"),
    Page("panel.copy", CHECK, PANEL, "lead", lambda home: f"/panel/cases/{home.case}/copies/1"),
)  # fmt: skip


def _heard(session: Session, home: Household, now: datetime) -> bool:
    return round_ledger(session, home.round_id, now).heard.heard == 1


def _panel_may_read(session: Session, home: Household, now: datetime) -> bool:
    return case_view(session, home.case, now).panel_may_read


def _to_code(session: Session, home: Household, now: datetime) -> bool:
    return bool(waiting(session, round_ledger(session, home.round_id, now), now))


def _in_the_pack(session: Session, home: Household, now: datetime) -> bool:
    return with_account(session, [home.case], home.staff["member"], now=now) == {home.case}


def _counted(session: Session, home: Household, now: datetime) -> bool:
    """Whether a release made now would count them; published, one family never shows."""
    tables = releases._tables(session, [fetch(session, Round, home.round_id)], now)
    return bool(tables[releases.THEMES].families)


def _question_goes(session: Session, home: Household, now: datetime) -> bool:
    waiting_text = session.scalars(select(OutboundMessage)).one()
    return not isinstance(worker.may_go(session, waiting_text, now), Never)


def _may_write_again(session: Session, home: Household, now: datetime) -> bool:
    logged = record.state_of(session, home.sent)
    return text_may_go(logged, standing(session, home.sent, now), Template.THANKS, False)


def _quoted(session: Session, home: Household, now: datetime) -> bool:
    """Whether the forum reads their words once the round is over."""
    return bool(approved(session, Audience.FORUM, now + timedelta(days=90)))


def _agreed_on(session: Session, home: Household, now: datetime) -> bool:
    """Whether they count in how far two coders agree."""
    return bool(pairs(session, now))


def _codes_used(session: Session, home: Household, now: datetime) -> bool:
    return bool(uses(session, home.staff["lead"], now))


FACTS = (
    Fact("the ledger says they were heard", TALK, LEAD, _heard),
    Fact("the list of accounts to code", TALK, LEAD, _to_code),
    Fact("how often each code is used", TALK, LEAD, _codes_used),
    Fact("how far two coders agree", TALK, LEAD, _agreed_on),
    Fact("the ledger says the panel may read it", CHECK, PANEL, _panel_may_read),
    Fact("the panel's list says there is an account", CHECK, PANEL, _in_the_pack),
    Fact("the next release counts them", COUNT, Audience.FORUM, _counted),
    Fact("the forum reads what they said yes to", QUOTE, Audience.FORUM, _quoted),
    Fact("a question by text", TALK, FAMILY, _question_goes),
    Fact("a text after they have sent", CONTACT, LEAD, _may_write_again),
)

#: What a route's arguments can be so that it opens something of theirs.
ARGUMENTS: dict[str, Callable[[Household], tuple[UUID | str | int, ...]]] = {
    "case_id": lambda home: (home.case, home.other_case),
    "participant_id": lambda home: (home.person,),
    "person_id": lambda home: (home.person,),
    "interview_id": lambda home: home.interviews,
    "sentence_id": lambda home: (home.sentence, home.marked),
    "piece_id": lambda home: (home.texted,),
    "follow_up_id": lambda home: home.follow_ups,
    "round_id": lambda home: (home.round_id,),
    "session_id": lambda home: (home.session_id,),
    "staff_id": lambda home: (home.staff["member"],),
    "number": lambda _home: (1, 2),
    "prompt_id": lambda _home: (PROMPT,),
    "token": lambda home: (home.sent_token,),
    # This household has no visits; what a visit shows is in `test_never_their_words`.
    "visit_id": lambda home: (home.sent,),
}
#: Arguments of routes that open nothing of a family's conversation.
OF_NOBODY = {
    "agreement_id",
    "project_number",
    "audience",
    "audit_id",
    "begins",
    "language",
    "figures",
    "framework_id",
    "name",
    "code",
    "place",
    "code_id",
    "group_id",
    "way",
    "concern_id",
    "filename",
    "hold_id",
    "duty_id",
    "file_id",
    "place_id",
    "version",
    "withdrawal_id",
}
