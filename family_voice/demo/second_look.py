"""A second person codes a few accounts without seeing the first codes, and they talk about it."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from family_voice.cases.deadlines import london_date
from family_voice.demo.staff import SECOND, Team
from family_voice.interviews.record import account
from family_voice.themes import choices, coding, consensus, disagreements, second_sample
from family_voice.themes.choices import What
from family_voice.themes.coding import Unit
from family_voice.themes.consensus import Verdict

WHY_ON = "There are two of us since the summer, and we want to know if we read the codes alike."
WHY = "We read it again together. The words are about this one sentence and not all of it."
_PERCENT = 20


def with_a_second(session: Session, team: Team, round_id: UUID, seed: int, at: datetime) -> None:
    """In a round that is over, accounts were coded twice and one difference was talked about.

    Args:
        session: a writing session.
        team: who works here.
        round_id: the round.
        seed: what makes the draw the same each time.
        at: when.
    """
    choices.choose(session, What.SECOND_CODING, True, reason=WHY_ON, by=team.lead, now=at)
    for each in _drawn(session, team, round_id, seed, at):
        _code_again(session, each, team.ids[SECOND], at)
        second_sample.finish(session, each, team.ids[SECOND], at)
    for pair in disagreements.pairs(session, at, round_id)[:1]:
        met = at + timedelta(hours=4)
        there = [team.lead, team.ids[SECOND], team.chair]
        held = consensus.hold(session, london_date(met), there, team.lead, met)
        for answer in disagreements.beside(session, pair, team.lead, met):
            for differs in answer.differences[:1]:
                verdict = {differs.code.id: Verdict.SECOND}
                consensus.decide(
                    session, held, pair.interview_id, answer.prompt_id, verdict,
                    why=WHY, by=team.lead, now=met,
                )  # fmt: skip
                return


def wait_for_a_second(
    session: Session, team: Team, round_id: UUID, seed: int, now: datetime
) -> None:
    """In the current round an account is drawn and waits for the second coder."""
    _drawn(session, team, round_id, seed, now)


def _drawn(session: Session, team: Team, round_id: UUID, seed: int, at: datetime) -> list[UUID]:
    if not choices.second_coding_on(session, at):
        return []
    if not second_sample.to_draw_from(session, round_id, at):
        return []
    second_sample.draw(session, round_id, _PERCENT, team.lead, at, seed=seed)
    return [
        each.interview_id
        for each in second_sample.drawn_in(session, round_id)
        if each.coder == team.ids[SECOND]
    ]


def _code_again(session: Session, interview_id: UUID, coder: UUID, at: datetime) -> None:
    """As the first coder, but for what two people usually differ on: how much of an answer a code
    is about, and whether a passing word is enough for one."""
    first = coding.coded(session, interview_id)
    before: tuple[str, ...] = ()
    for number, answer in enumerate(account(session, interview_id).answers):
        unit = Unit(answer.prompt_id)
        sentences = [each.id for piece in answer.pieces for each in piece.sentences]
        codes = first.codes_on(unit)
        if not codes:
            coding.none_apply(session, interview_id, unit, coder, at)
        for place, code in enumerate(codes):
            if number % 3 == 1 and place and place == len(codes) - 1:
                continue
            narrow = number % 3 == 0 and place == 0 and len(sentences) > 1
            at_unit = Unit(answer.prompt_id, sentences[0]) if narrow else unit
            coding.put(session, interview_id, at_unit, code, coder, at)
        if number % 3 == 2 and before and before[0] not in codes:
            coding.put(session, interview_id, unit, before[0], coder, at)
        before = codes
