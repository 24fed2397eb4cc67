"""The next best step for a family that has not been heard: what nobody has tried yet. Pure.

What has to be done first (who decides, whether contact is safe) goes before every try, and a no is
an answer: nobody is asked again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from family_voice.cases.ledger import FINAL, Level3, Outcome, Talk
from family_voice.cases.next_steps import NextStep
from family_voice.cases.reaching import Channel
from family_voice.cases.reading import AttemptLine, CaseView, PersonLine
from family_voice.cases.response import RUNG
from family_voice.cases.ringing import Part, part_of, parts_within
from family_voice.people.facts import SAFE

#: Steps that something has to come of before anybody may be tried, or that say more than a try.
FIRST = frozenset(
    {
        NextStep.RING_THEM,
        NextStep.RELEASE,
        NextStep.ASK_WORKER,
        NextStep.ASK_SOCIAL_WORKER,
        NextStep.JUDGE,
        NextStep.ASK_AFRESH,
        NextStep.CONFIRM_SAFE,
        NextStep.INVITE,
        NextStep.WAIT,
        NextStep.CALL_BACK,
        NextStep.FIND_CONTACT,
        NextStep.HELP_FINISH,
    }
)
#: In which order other ways are proposed, where nothing is known of what works here.
WAYS = (
    Channel.TELEPHONE,
    Channel.TEXT,
    Channel.LETTER,
    Channel.EMAIL,
    Channel.THROUGH_SOMEBODY,
    Channel.FACE_TO_FACE,
)
#: Fewer tries than this in English say nothing of somebody who speaks another language.
FEW = 2
ENGLISH = "en"


class Best(StrEnum):
    """What kind of step it is."""

    FIRST = "first"
    RESPECT = "respect"
    ANOTHER_PERSON = "another_person"
    INTRODUCED = "introduced"
    THEIR_LANGUAGE = "their_language"
    ANOTHER_HOUR = "another_hour"
    ANOTHER_WAY = "another_way"
    ENOUGH = "enough"


@dataclass(frozen=True)
class BestStep:
    """One step. `first` is set for that kind, `person` is whom it is about, `part` the part of the
    day, `channel` the way, `language` the language."""

    kind: Best
    first: NextStep = NextStep.NOTHING
    person: PersonLine | None = None
    part: Part | None = None
    channel: Channel | None = None
    language: str = ""


def best_step(case: CaseView, worked: Sequence[str] = ()) -> BestStep:
    """What to do next for a family that has not been heard.

    Args:
        case: its case, which is neither heard nor stood down.
        worked: the channels after which families told us, the most often first.
    """
    if case.state is Level3.DECLINED:
        return BestStep(Best.RESPECT)
    if case.state is Level3.NOT_SAFE:
        return BestStep(Best.FIRST, NextStep.ASK_WORKER)
    if case.state not in FINAL and case.next_step in FIRST:
        return BestStep(Best.FIRST, case.next_step)
    people = [each for each in case.people if _may_be_tried(each)]
    if not people:
        return BestStep(Best.FIRST, NextStep.ASK_WORKER)
    tries = {
        each.person.id: [one for one in case.attempts if one.participant_id == each.person.id]
        for each in people
    }
    new = [each for each in people if not tries[each.person.id]]
    if new and len(new) < len(people):
        return BestStep(Best.ANOTHER_PERSON, person=new[0])
    return _another_way(people[0], tries[people[0].person.id], case, worked)


def _another_way(
    who: PersonLine, tries: Sequence[AttemptLine], case: CaseView, worked: Sequence[str]
) -> BestStep:
    contact = who.person.facts.contact
    # Tries at nobody in particular were tries at this family too.
    tried = {each.channel for each in (*tries, *(t for t in case.attempts if not t.participant_id))}
    if contact.introduced_by and Channel.THROUGH_SOMEBODY.value not in tried:
        return BestStep(Best.INTRODUCED, person=who)
    if contact.language != ENGLISH and len(tries) < FEW:
        return BestStep(Best.THEIR_LANGUAGE, person=who, language=contact.language)
    calls = [each for each in tries if each.channel in RUNG]
    if contact.mobile and calls and all(each.outcome is not Outcome.SPOKE for each in calls):
        rung_at = {part_of(one.at) for one in calls}
        left = [part for part in parts_within(contact.safe_hours) if part not in rung_at]
        if left:
            return BestStep(Best.ANOTHER_HOUR, person=who, part=left[0])
    order = [Channel(each) for each in worked if each in WAYS]
    for way in (*order, *(each for each in WAYS if each not in order)):
        if way.value not in tried and _has(who, way):
            return BestStep(Best.ANOTHER_WAY, person=who, channel=way)
    if case.line.to_confirm:
        return BestStep(Best.FIRST, NextStep.CONFIRM_SAFE)
    return BestStep(Best.ENOUGH)


def _may_be_tried(each: PersonLine) -> bool:
    return (
        each.person.facts.contact.safe_to_contact == SAFE
        and each.ask.obstacle is None
        and not each.said_no
        and each.talk in (Talk.NONE, Talk.BEGUN)
    )


def _has(who: PersonLine, way: Channel) -> bool:
    """Whether we have what this way needs."""
    contact = who.person.facts.contact
    if way in (Channel.TELEPHONE, Channel.TEXT):
        return bool(contact.mobile)
    return bool(contact.email) if way is Channel.EMAIL else True
