"""Where the next thing to do about a case is done."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import url_for

from family_voice.cases.candidates import told_by
from family_voice.cases.deadlines import london_date
from family_voice.cases.first_thing import IDLE
from family_voice.cases.ledger import Talk
from family_voice.cases.next_steps import A_FEW_DAYS, NextStep
from family_voice.cases.reading import CallWanted, CaseView, PersonLine
from family_voice.consent.who import Obstacle
from family_voice.language.formats import full_date
from family_voice.language.texts import _
from family_voice.web.services import db
from family_voice.web.staff.labels import NEXT_STEPS

TALKING = (NextStep.HELP_FINISH, NextStep.READ_BACK)
# Whose page it is that something about who decides is written down on.
TO_WRITE_DOWN: dict[NextStep, Callable[[PersonLine], bool]] = {
    NextStep.ASK_SOCIAL_WORKER: lambda each: each.ask.obstacle is Obstacle.NEEDS_SOCIAL_WORKER,
    NextStep.JUDGE: lambda each: each.ask.obstacle is Obstacle.NOT_JUDGED,
}


def next_page(case: CaseView) -> str:
    """The address of the page where a case's next step is done; the case's own where it is many."""
    step, whom = case.next_step, _whom(case)
    if step is NextStep.RING_THEM:
        return call_page(case, _to_ring(case))
    if step is NextStep.CODE:
        waits = next(each for each in case.accounts if each.to_code)
        return url_for("coding.account", interview_id=waits.interview_id)
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


def is_done_somewhere(case: CaseView) -> bool:
    """Whether the next step is something to do, so that a link to where it is done helps."""
    return case.next_step not in IDLE


def next_words(case: CaseView) -> str:
    """A case's next step as people say it; who is to be rung is named, and until when to wait."""
    if case.next_step is NextStep.WAIT and case.line.last_attempt is not None:
        day = full_date(london_date(case.line.last_attempt.at + A_FEW_DAYS))
        return _("Give them a few days, until %(day)s", day=day)
    if case.next_step is not NextStep.RING_THEM:
        return str(NEXT_STEPS[case.next_step])
    call = _to_ring(case)
    name = call.person.facts.name if call.person else told_by(db(), call.interview_id).name
    return _("Ring %(name)s: they asked", name=name) if name else str(NEXT_STEPS[case.next_step])


def _to_ring(case: CaseView) -> CallWanted:
    return next(call for call in case.waiting_calls if call.safe)


def call_page(case: CaseView, call: CallWanted) -> str:
    """Where somebody who asked for it is rung: the call pad; without a name, the case's page."""
    if call.person is None:
        return url_for("staff.case", case_id=case.case_id, _anchor="calls")
    return url_for("call_pad.start", case_id=case.case_id, participant_id=call.person.id)


def _whom(case: CaseView) -> UUID | None:
    """The one person whom the next step is about; None where there are several to choose from."""
    step = case.next_step
    if step is NextStep.HELP_FINISH:
        people = [each for each in case.people if each.talk is Talk.BEGUN]
    elif step is NextStep.READ_BACK:
        waiting = {each.participant_id for each in case.accounts if each.to_read_back}
        people = [each for each in case.people if each.person.id in waiting]
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
