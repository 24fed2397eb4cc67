"""Nothing of a family's words leaves as a quote before it said yes to exactly that, nor after."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from family_voice.cases.ledger import StoodDown
from family_voice.cases.permission import NotForUs
from family_voice.cases.standing_down import stand_down
from family_voice.consent.decisions import Audience
from family_voice.consent.statements import Purpose
from family_voice.interviews import record
from family_voice.interviews.errors import NotTheirs
from family_voice.interviews.events import Channel, Manner, ReadBack, Reopened
from family_voice.operations.holds import set_hold
from family_voice.operations.withdrawal import Asked, Way, withdraw
from family_voice.security.trail import Actor
from family_voice.sharing import quotes, quoting, replacements
from family_voice.sharing.known_names import known_for
from family_voice.sharing.quotes import Answer
from family_voice.sharing.recognising import NOBODY, NotAnswered, Question, WouldBeKnown
from tests.cases.households import NOW
from tests.reports.panel_round import (
    SECRET,
    PanelRound,
    a_panel_round,
    keep_from_workers,
    say_no,
    sentence,
    told,
)

FAMILY, LATER = Actor("family"), NOW + timedelta(hours=1)
#: After the round is over, when what was approved may be read.
OVER = NOW + timedelta(days=60)
SHORT = "A friend, at last."
ON = "He has a friend now."


@pytest.fixture
def panel(session: Session) -> PanelRound:
    made = a_panel_round(session, NOW)
    record.decide(session, made.mother, Purpose.QUOTE, True, channel=Channel.WEB, now=NOW)
    return made


def asked(
    session: Session,
    panel: PanelRound,
    words: str = SHORT,
    *,
    seen: str = "",
    answers: Mapping[Question, bool] | None = NOBODY,
) -> UUID:
    of, lead = [sentence(session, panel.mother, ON)], Actor("staff", panel.lead)
    return quoting.propose(session, panel.mother, of, words, lead, NOW, seen=seen, answers=answers)


def says(
    session: Session, quote_id: UUID, answer: Answer, words: str = "", now: datetime = LATER
) -> None:
    quoting.answer(
        session, quote_id, answer, channel=Channel.WEB, by=FAMILY, now=now, own_words=words
    )


def looked_at(
    session: Session,
    panel: PanelRound,
    version: int,
    quote_id: UUID,
    answers: Mapping[Question, bool] = NOBODY,
) -> None:
    quoting.look_at(session, quote_id, version, answers, Actor("staff", panel.lead), LATER)


def shared(session: Session, now: datetime = OVER) -> list[str]:
    """What the forum reads; the board always reads the same."""
    found = quotes.approved(session, Audience.FORUM, now)
    assert found == quotes.approved(session, Audience.BOARD, now)
    assert quotes.approved(session, Audience.PANEL, now) == []
    return found


def test_only_a_yes_lets_it_out_and_a_later_no_takes_it_back(
    session: Session, panel: PanelRound
) -> None:
    quote_id = asked(session, panel)
    assert shared(session) == []
    says(session, quote_id, Answer.REFUSED)
    assert shared(session) == []
    says(session, quote_id, Answer.APPROVED)
    assert shared(session) == [SHORT]
    says(session, quote_id, Answer.REFUSED)
    assert shared(session) == []


def test_not_while_their_round_goes_on(session: Session, panel: PanelRound) -> None:
    says(session, asked(session, panel), Answer.APPROVED)
    assert shared(session, NOW + timedelta(days=1)) == []
    assert shared(session) == [SHORT]


def test_their_own_wording_waits_until_somebody_has_looked(
    session: Session, panel: PanelRound
) -> None:
    quote_id = asked(session, panel)
    says(session, quote_id, Answer.EDITED, "He has a friend, and I sleep.")
    assert shared(session) == []
    [view] = quotes.of_account(session, panel.mother, LATER)
    assert view.to_look_at
    with pytest.raises(quoting.AnsweredAgain):
        looked_at(session, panel, view.version - 1, quote_id)
    looked_at(session, panel, view.version, quote_id)
    assert shared(session) == ["He has a friend, and I sleep."]
    says(session, quote_id, Answer.EDITED, "Another wording.")
    assert shared(session) == []


def test_a_yes_beside_their_own_wording_is_a_yes_to_that(
    session: Session, panel: PanelRound
) -> None:
    quote_id, own = asked(session, panel), "He has a friend, and I sleep."
    says(session, quote_id, Answer.EDITED, own)
    [view] = quotes.of_account(session, panel.mother, LATER)
    looked_at(session, panel, view.version, quote_id)
    says(session, quote_id, Answer.APPROVED)
    assert shared(session) == [own]
    says(session, quote_id, Answer.EDITED, own)
    assert shared(session) == [own]
    # Back to what was proposed: other words than those that somebody looked at.
    says(session, quote_id, Answer.EDITED, SHORT)
    assert shared(session) == []
    [view] = quotes.of_account(session, panel.mother, LATER)
    looked_at(session, panel, view.version, quote_id)
    assert shared(session) == [SHORT]


def test_what_a_hold_keeps_after_all_was_taken_back_stays_as_it_is(
    session: Session, panel: PanelRound
) -> None:
    quote_id = asked(session, panel)
    set_hold(session, reason="A court", by=panel.lead, now=NOW, interview_id=panel.mother)
    withdraw(session, panel.mother, Asked(Way.WEB, LATER.date()), LATER)
    with pytest.raises(NotForUs):
        quoting.take_away(session, quote_id, Actor("staff", panel.lead), LATER)
    with pytest.raises(NotForUs):
        says(session, quote_id, Answer.REFUSED)
    assert shared(session) == []


def test_their_own_wording_that_is_the_same_is_a_plain_yes(
    session: Session, panel: PanelRound
) -> None:
    says(session, asked(session, panel), Answer.EDITED, f" {SHORT} ")
    assert shared(session) == [SHORT]


@pytest.mark.parametrize(
    ("words", "error"),
    [("  ", quoting.NothingPut), ("x" * 241, quoting.TooLong)],
)
def test_words_that_are_none_or_too_many(
    session: Session, panel: PanelRound, words: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        asked(session, panel, words)
    quote_id = asked(session, panel)
    with pytest.raises(error):
        says(session, quote_id, Answer.EDITED, words)
    assert quotes.of_account(session, panel.mother, NOW)[0].answer is Answer.WAITING


def test_it_is_put_to_them_without_the_names_and_only_as_it_was_seen(
    session: Session, panel: PanelRound
) -> None:
    name = known_for(session, panel.mother).child[0].split()[0]
    words = f"{name} has a friend."
    for seen in ("", words, "The child has a friend."):
        with pytest.raises(quoting.StillNamed) as still:
            asked(session, panel, words, seen=seen)
    without = still.value.cleared.text
    assert name not in without
    assert without.endswith(" has a friend.")
    says(session, asked(session, panel, words, seen=without), Answer.APPROVED)
    assert shared(session) == [without]


def test_their_own_wording_with_a_name_in_it_is_not_used_at_all(
    session: Session, panel: PanelRound
) -> None:
    name = known_for(session, panel.mother).child[0].split()[0]
    quote_id = asked(session, panel)
    says(session, quote_id, Answer.EDITED, f"{name} has a friend.")
    [view] = quotes.of_account(session, panel.mother, LATER)
    with pytest.raises(quoting.StillNamed):
        looked_at(session, panel, view.version, quote_id)
    replacements.leave(session, panel.mother, name, Actor("staff", panel.lead), LATER)
    looked_at(session, panel, view.version, quote_id)
    assert shared(session) == [f"{name} has a friend."]


@pytest.mark.parametrize("question", Question)
def test_nothing_leaves_by_which_somebody_would_be_known(
    session: Session, panel: PanelRound, question: Question
) -> None:
    by_one = {**NOBODY, question: True}
    left_out = {each: False for each in Question if each is not question}
    with pytest.raises(WouldBeKnown) as known:
        asked(session, panel, answers=by_one)
    with pytest.raises(NotAnswered) as unanswered:
        asked(session, panel, answers=left_out)
    assert known.value.questions == unanswered.value.questions == (question,)
    quote_id = asked(session, panel, answers=None)  # in the midst of a call
    says(session, quote_id, Answer.APPROVED)
    [view] = quotes.of_account(session, panel.mother, LATER)
    with pytest.raises(WouldBeKnown):
        looked_at(session, panel, view.version, quote_id, by_one)
    assert view.to_look_at
    assert shared(session) == []
    looked_at(session, panel, view.version, quote_id)
    assert shared(session) == [SHORT]


def test_what_is_a_name_after_all_takes_an_approved_quote_back(
    session: Session, panel: PanelRound
) -> None:
    lead = Actor("staff", panel.lead)
    says(session, asked(session, panel), Answer.APPROVED)
    replacements.take(session, panel.child, "Robin", "", lead, LATER)
    assert shared(session) == [SHORT]
    replacements.take(session, panel.child, "friend", "", lead, LATER)
    assert shared(session) == []
    [view] = quotes.every(session, LATER)
    assert view.to_look_at
    with pytest.raises(quoting.StillNamed):
        looked_at(session, panel, view.version, view.id)


@pytest.mark.parametrize("purpose", [Purpose.TALK, Purpose.QUOTE])
def test_a_no_to_what_it_rests_on(session: Session, panel: PanelRound, purpose: Purpose) -> None:
    quote_id = asked(session, panel)
    says(session, quote_id, Answer.APPROVED)
    say_no(session, panel.mother, LATER, purpose)
    assert shared(session) == []
    assert quotes.of_account(session, panel.mother, LATER) == []
    with pytest.raises(NotTheirs):
        says(session, quote_id, Answer.APPROVED)


def test_a_yes_to_one_piece_ends_when_they_are_asked_afresh(
    session: Session, panel: PanelRound
) -> None:
    quote_id = asked(session, panel)
    says(session, quote_id, Answer.APPROVED)
    say_no(session, panel.mother, LATER, Purpose.QUOTE)
    again = LATER + timedelta(hours=1)
    record.decide(session, panel.mother, Purpose.QUOTE, True, channel=Channel.WEB, now=again)
    assert shared(session) == []
    says(session, quote_id, Answer.APPROVED, now=again)
    assert shared(session) == [SHORT]


def test_what_it_rests_on_was_reworded(session: Session, panel: PanelRound) -> None:
    says(session, asked(session, panel), Answer.APPROVED)
    record.happen(session, panel.mother, Reopened(Channel.WEB), LATER)
    record.write(
        session, panel.mother, "important.open", "He has two friends.", channel=Channel.WEB,
        now=LATER,
    )  # fmt: skip
    assert shared(session) == []


def test_what_it_rests_on_was_kept_from_somebody(session: Session, panel: PanelRound) -> None:
    says(session, asked(session, panel), Answer.APPROVED)
    keep_from_workers(session, panel.mother, ON)
    assert shared(session) == []
    # Nor does the lead, who may work with the family, read it in the list of quotes.
    [view] = quotes.every(session, LATER)
    assert (view.words, view.proposed) == ("", "")


def test_all_was_taken_back(session: Session, panel: PanelRound) -> None:
    says(session, asked(session, panel), Answer.APPROVED)
    withdraw(session, panel.mother, Asked(Way.WEB, LATER.date()), LATER)
    assert shared(session) == []


def test_the_case_left_the_sample(session: Session, panel: PanelRound) -> None:
    says(session, asked(session, panel), Answer.APPROVED)
    stand_down(session, panel.case, next(iter(StoodDown)), Actor("operator"), LATER)
    assert shared(session) == []


def test_nobody_may_ask_before_they_agreed_sent_it_and_said_it_is_right(
    session: Session, panel: PanelRound
) -> None:
    lead = Actor("staff", panel.lead)
    with pytest.raises(quoting.MayNotAsk):  # the child was never asked about quotes
        quoting.propose(
            session, panel.child, [sentence(session, panel.child, "I like the quiet room.")],
            "The quiet room.", lead, NOW,
        )  # fmt: skip
    unread = told(
        session, panel.silent, "father", {"important.open": ON}, NOW, read_back=False,
        purposes=(Purpose.TALK, Purpose.CHECK),
    )  # fmt: skip
    record.decide(session, unread, Purpose.QUOTE, True, channel=Channel.WEB, now=NOW)
    of = [sentence(session, unread, ON)]
    with pytest.raises(quoting.MayNotAsk):
        quoting.propose(session, unread, of, SHORT, lead, NOW)
    record.happen(session, unread, ReadBack(Channel.WEB, right=True), NOW)
    quoting.propose(session, unread, of, SHORT, lead, NOW)


def test_only_their_own_words_that_stand_and_are_kept_from_nobody(
    session: Session, panel: PanelRound
) -> None:
    lead = Actor("staff", panel.lead)
    observed = told(
        session, panel.silent, "father", {"important.open": "He covers his ears."}, NOW,
        manner=Manner.OBSERVED,
    )  # fmt: skip
    record.decide(session, observed, Purpose.QUOTE, True, channel=Channel.WEB, now=NOW)
    for interview, of in (
        (panel.mother, [sentence(session, panel.mother, SECRET)]),
        (panel.mother, [sentence(session, panel.child, "I like the quiet room.")]),
        (panel.mother, []),
        (observed, [sentence(session, observed, "He covers his ears.")]),
    ):
        with pytest.raises(quoting.NotToQuote):
            quoting.propose(session, interview, of, SHORT, lead, NOW)


def test_the_page_sent_twice_asks_once(session: Session, panel: PanelRound) -> None:
    quote_id, of = UUID(int=7), [sentence(session, panel.mother, ON)]
    for _press in range(2):
        quoting.propose(session, panel.mother, of, SHORT, FAMILY, NOW, quote_id=quote_id)
    assert len(quotes.of_account(session, panel.mother, NOW)) == 1


def test_taken_away_it_is_gone(session: Session, panel: PanelRound) -> None:
    quote_id = asked(session, panel)
    says(session, quote_id, Answer.APPROVED)
    assert quoting.take_away(session, quote_id, FAMILY, LATER) == panel.mother
    assert shared(session) == []
    assert quotes.of_account(session, panel.mother, LATER) == []
