"""Where the next thing to do about a case is done."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import url_for

from family_voice.cases.ledger import Talk
from family_voice.cases.next_steps import NextStep
from family_voice.cases.reading import CallWanted, CaseView, PersonLine
from family_voice.consent.who import Obstacle

TALKING = {
    NextStep.HELP_FINISH: Talk.BEGUN,
    NextStep.READ_BACK: Talk.FINISHED,
}
# Whose page it is that something about who decides is written down on.
TO_WRITE_DOWN: dict[NextStep, Callable[[PersonLine], bool]] = {
    NextStep.ASK_SOCIAL_WORKER: lambda each: each.ask.obstacle is Obstacle.NEEDS_SOCIAL_WORKER,
    NextStep.JUDGE: lambda each: each.ask.obstacle is Obstacle.NOT_JUDGED,
}


def next_page(case: CaseView) -> str:
    """The address of the page where a case's next step is done; the case's own where it is many."""
    step, whom = case.next_step, _whom(case)
    if step is NextStep.RING_THEM:
        return call_page(case, next(call for call in case.calls if call.safe))
    if step is NextStep.CODE:
        heard = next(each for each in case.accounts if each.talk is Talk.FINISHED)
        return url_for("coding.account", interview_id=heard.interview_id)
    if step is NextStep.CHOOSE:
        return url_for("pack_choice.sentences", case_id=case.case_id)
    if step in TALKING and whom is not None:
        return url_for("call_pad.start", case_id=case.case_id, participant_id=whom)
    if step is NextStep.INVITE and whom is not None:
        return url_for("staff.invite_person", case_id=case.case_id, person_id=whom)
    if step in TO_WRITE_DOWN:
        about = next(each for each in case.people if TO_WRITE_DOWN[step](each))
        return url_for("who_decides.person", case_id=case.case_id, person_id=about.person.id)
    if step is NextStep.ASK_AFRESH:
        afresh = next(each for each in case.people if each.lapsed and each.ask.obstacle is None)
        return url_for("call_pad.start", case_id=case.case_id, participant_id=afresh.person.id)
    if step is NextStep.CONFIRM_SAFE and whom is not None:
        return url_for("staff.edit_person", case_id=case.case_id, person_id=whom)
    return url_for("staff.case", case_id=case.case_id)


def call_page(case: CaseView, call: CallWanted) -> str:
    """Where somebody who asked for it is rung: the call pad; without a name, the case's page."""
    if call.person is None:
        return url_for("staff.case", case_id=case.case_id, _anchor="calls")
    return url_for("call_pad.start", case_id=case.case_id, participant_id=call.person.id)


def _whom(case: CaseView) -> UUID | None:
    """The one person whom the next step is about; None where there are several to choose from."""
    step = case.next_step
    if step in TALKING:
        people = [each for each in case.people if each.talk is TALKING[step]]
    else:
        safe = "yes" if step is NextStep.INVITE else "not_confirmed"
        people = [
            each
            for each in case.people
            if each.person.facts.contact.safe_to_contact == safe
            and not each.said_no
            and each.ask.obstacle is None
        ]
    return people[0].person.id if len(people) == 1 else None
