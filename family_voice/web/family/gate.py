"""Who may come in: every family page but the doors needs a sitting, and none loses words for it.

A page that is sent after its sitting ended, or that belongs to another conversation, is answered by
the code page, with the words in it; with the right code they go where they were meant to.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from flask import Blueprint, Response, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from family_voice.interviews import doors
from family_voice.interviews.errors import EngineError
from family_voice.interviews.record import guide_of
from family_voice.language.formats import one_line
from family_voice.language.team import team_named
from family_voice.language.texts import gettext as _
from family_voice.security.tokens import read_printed_code
from family_voice.security.trail import Actor, record
from family_voice.web.family import visit as visits
from family_voice.web.family.forms import CodeForm, UnlockForm
from family_voice.web.family.guessing import is_return_word, open_by_code
from family_voice.web.family.visit import Visit, this_visit
from family_voice.web.services import SAFE, db, now, settings
from family_voice.web.shared.forms import KEPT, words_kept, words_to_keep
from family_voice.web.shared.guessing import TooManyTries
from family_voice.web.shared.pages import render

blueprint = Blueprint("family", __name__)

#: The doors: what needs no sitting.
DOORS: Final = frozenset(
    {
        "family.link",
        "family.code",
        "family.share",
        "family.leave",
        "family.left",
        "family.quick_exit",
    }
)
#: The field in which a code comes, from the page that keeps words for after it.
CODE: Final = "code"
#: The field in which a return word comes, from any page that had to ask for it.
RETURN_WORD: Final = "return_word"
#: Where they write what they like.
WRITTEN: Final = frozenset(
    {"family.question", "family.sentence", "family.add", "family.short_pieces"}
)
#: Room for words that are far too long, so that they come back with the page and are not lost.
LARGEST_ANSWER: Final = 24 * 1024 * 1024


@blueprint.before_request
def _gate() -> ResponseReturnValue | None:
    if request.endpoint in DOORS:
        return None
    if request.endpoint in WRITTEN:
        request.max_content_length = request.max_form_memory_size = LARGEST_ANSWER
    visit = visits.find_visit(now())
    if visit is not None and doors.run_out(db(), visit.interview_id, now()):
        visits.leave()
        visit = None
    if visit is not None and visit.known and visit.word != _word_of(visit.interview_id):
        visit = visits.locked_again(visit, now())
    if visit is not None and _fits(visit):
        g.visit = visit
        if request.method in SAFE:
            return None
        if RETURN_WORD in request.form:
            return _try_return_word(visit)
        if CODE in request.form:
            return _came_back_by_themselves()
        return None
    if request.method in SAFE:
        return redirect(url_for("family.code", away="1"))
    return _come_back(elsewhere=visit is not None)


@blueprint.errorhandler(EngineError)
def _moved_on(_problem: EngineError) -> Response:
    """Something happened to the conversation meanwhile, by another page or channel.

    What was posted stands on the page, in a form that posts it where it was meant to go.
    """
    posted = [(name.removeprefix(KEPT), value) for name, value in words_to_keep()]
    return render("family/moved_on.html", 409, posted=posted)


@blueprint.app_context_processor
def _frame() -> dict[str, object]:
    """What every family page may show: how to reach a person, and the way out."""
    if request.blueprint != blueprint.name:
        return {}
    chosen = settings()
    return {
        "phone": one_line(chosen.phone),
        "emergency_phone": one_line(chosen.emergency_phone),
        "team_name": team_named(chosen.team_name),
        "area_name": chosen.area_name,
        "home": url_for("family.welcome") if "visit" in g else "/",
        "visit": g.get("visit"),
        # Asked for by the page: the one that says words were not saved needs no database.
        "in_pictures": _in_pictures,
    }


def _in_pictures() -> bool:
    return "visit" in g and guide_of(db(), this_visit().interview_id).easy_read


def _word_of(interview_id: UUID) -> str:
    return doors.return_word_mark(db(), interview_id)


def _fits(visit: Visit) -> bool:
    """Whether what was posted belongs to this conversation."""
    if request.method in SAFE:
        return True
    of = request.form.get("of") or request.form.get("kept-of")
    return not of or of == visit.mark


def _come_back(*, elsewhere: bool) -> ResponseReturnValue | None:
    """Ask for the code, keeping what was posted; with the right one, let the view go on."""
    form = CodeForm()
    status = 422
    if CODE in request.form and form.validate_on_submit():
        try:
            visit = visits.enter(open_by_code(str(form.code.data)), now())
            if _fits(visit):
                g.restored = words_kept()
                return None
            visits.leave()
            form.code.errors = [_("That code is for a different conversation from this page.")]
        except doors.NoSuchDoor:
            form.code.errors = [wrong_code(str(form.code.data))]
        except TooManyTries:
            status = 429
            form.code.errors = [too_many()]
    return render(
        "family/come_back.html", status, form=form, kept=words_to_keep(), elsewhere=elsewhere
    )


def _came_back_by_themselves() -> ResponseReturnValue | None:
    """They were asked for the code, and opened their link in another tab instead."""
    form = CodeForm()
    form.validate_on_submit()
    if form.csrf_token.errors:
        form.code.errors = []
        return render(
            "family/come_back.html", 422, form=form, kept=words_to_keep(), elsewhere=False
        )
    g.restored = words_kept()
    return None


def wrong_code(typed: str) -> str:
    """What to say when a code opens nothing. The same whether it ever existed or not."""
    if read_printed_code(typed) is None:
        return _("A code has 12 letters and numbers. Look at your letter and type it again.")
    return _(
        "That code does not open anything. Look at it again. It may be an old one: "
        "ring us and we will give you a new one."
    )


def too_many() -> str:
    """What to say after too many wrong tries."""
    return _("There were too many tries. Wait an hour and try again, or ring us.")


def unlock() -> Response | None:
    """Ask for the return word unless it was given in this sitting; None when it is all right."""
    if this_visit().known:
        return None
    return _locked(UnlockForm(formdata=None), 200 if request.method in SAFE else 422)


def _try_return_word(visit: Visit) -> ResponseReturnValue | None:
    """Judge a return word that was sent from any page, and go on with what that page kept."""
    form = UnlockForm()
    status = 422
    if form.validate_on_submit():
        # Read first: what a word opens that is replaced in this moment is closed again at once.
        word = _word_of(visit.interview_id)
        try:
            if is_return_word(visit.interview_id, str(form.return_word.data)):
                visits.recognised(word, now())
                record(db(), Actor("family"), "view", "interview", visit.interview_id, now())
                if not words_kept():
                    return redirect(request.full_path.rstrip("?"), 303)
                g.restored = words_kept()
                return None
            form.return_word.errors = [
                _("That is not the return word. Try again, or ring us and we will help.")
            ]
        except TooManyTries:
            status = 429
            form.return_word.errors = [too_many()]
    return _locked(form, status)


def _locked(form: UnlockForm, status: int) -> Response:
    """The page that asks for the return word, with whatever was posted kept in it."""
    first = request.method not in SAFE and RETURN_WORD not in request.form
    return render(
        "family/unlock.html",
        status,
        form=form,
        kept=words_to_keep() if first or words_kept() else [],
        has_word=doors.has_return_word(db(), this_visit().interview_id),
    )
