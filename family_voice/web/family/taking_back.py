"""Take back what I told you: what exactly will happen, then sure, then the receipt, once."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from family_voice.cases.deadlines import london_date
from family_voice.consent.statements import Purpose
from family_voice.interviews import doors
from family_voice.interviews.state import Stage, State
from family_voice.operations import receipts, waiting
from family_voice.operations.receipts import Receipt
from family_voice.operations.withdrawal import Asked, Way, let_go_of, withdraw
from family_voice.security import erasures
from family_voice.security.trail import Actor
from family_voice.web.family import once
from family_voice.web.family import visit as visits
from family_voice.web.family.forms import FamilyForm, SureForm, posted
from family_voice.web.family.gate import blueprint, unlock
from family_voice.web.family.places import go, go_on, guide_now, held, state_now
from family_voice.web.family.visit import this_visit
from family_voice.web.services import after_settling, db, now, settings
from family_voice.web.shared.pages import render


@blueprint.route("/take-back", methods=["GET", "POST"])
def take_back() -> ResponseReturnValue:
    """What exactly will happen. Nothing happens here.

    It takes a form for the return word's sake, which is sent to the page that asked for it.
    """
    posted(FamilyForm)
    state = state_now()
    if not _something(state):
        return go_on(state, guide_now())
    locked = unlock() if _guarded(state) else None
    if locked is not None:
        return locked
    return render(
        "family/easy_take_back.html" if guide_now().easy_read else "family/take_back.html",
        form=FamilyForm(),
        heard=state.heard,
        wait=waiting.of_interview(db(), this_visit().interview_id),
        the_law=receipts.the_law(),
        backups=receipts.BACKUPS_KEPT,
    )


@blueprint.route("/take-back/sure", methods=["GET", "POST"])
def take_back_sure() -> ResponseReturnValue:
    """The last question, and then it is done. A second press finds it done."""
    form, right = posted(SureForm)
    state = held() if right else state_now()
    if state.stage is Stage.WITHDRAWN and right and once.is_sure_page(str(form.page.data or "")):
        return _show(withdraw(db(), this_visit().interview_id, _asked(), now()))
    if not _something(state):
        return go_on(state, guide_now())
    locked = unlock() if _guarded(state) else None
    if locked is not None:
        return locked
    if right:
        found = withdraw(db(), this_visit().interview_id, _asked(), now())
        write_erasures()
        return _show(found)
    easy = guide_now().easy_read
    return render(
        "family/easy_take_back_sure.html" if easy else "family/take_back_sure.html",
        form=form,
        page=once.sign_sure_page(),
    )


@blueprint.get("/taken-back")
def taken_back() -> ResponseReturnValue:
    """The receipt, for this sitting only."""
    number = this_visit().receipt
    found = receipts.by_number(db(), number) if number else None
    if found is None or found.interview_id != this_visit().interview_id:
        return go_on(state_now(), guide_now())
    return render(
        "family/taken_back.html",
        form=FamilyForm(),
        receipt=found,
        removed=receipts.removed_lines(found),
        remains=receipts.remains_lines(found),
        copies=receipts.copies_line(found),
        the_law=receipts.the_law(),
    )


@blueprint.post("/keep")
def keep() -> ResponseReturnValue:
    """Call off a deletion that was asked for by text."""
    _form, right = posted(FamilyForm)
    state = held() if right else state_now()
    locked = unlock() if _guarded(state) else None
    if locked is not None:
        return locked
    if right:
        waiting.call_off(db(), this_visit().interview_id, Actor("family"), now())
    return go("your_words", kept=1)


def let_go(noes: list[Purpose]) -> Receipt | None:
    """Remove what rested on each yes that has become a no just now; None if none has."""
    if not noes:
        return None
    return let_go_of(db(), this_visit().interview_id, noes, _asked(), now())


def show_receipt(found: Receipt) -> ResponseReturnValue:
    """To the receipt, which this sitting may see."""
    return _show(found)


def write_erasures() -> None:
    """Write destroyed keys down outside the database before the answer leaves."""
    folder, moment = settings().evidence_folder, now()
    after_settling(lambda session: erasures.write_down(session, folder, moment))


def waits() -> waiting.Wait | None:
    """The deletion that was asked for by text, if one waits."""
    return waiting.of_interview(db(), this_visit().interview_id)


def _show(found: Receipt) -> ResponseReturnValue:
    visits.took_back(found.number, now())
    return go("taken_back")


def _asked() -> Asked:
    return Asked(Way.WEB, london_date(now()))


def _something(state: State) -> bool:
    """Whether there is anything to take back. `DECLINED` counts: words may stand from before."""
    return state.stage not in (Stage.INVITED, Stage.WITHDRAWN) and (
        state.heard or state.stage is not Stage.DECLINED
    )


def _guarded(state: State) -> bool:
    has_word = doors.has_return_word(db(), this_visit().interview_id)
    return has_word or not this_visit().sees_all(state.fragments)
