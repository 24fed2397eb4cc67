"""The doors of the family's pages: a link, a code, the open link; and the way out again."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from flask import Response, redirect, request
from flask.typing import ResponseReturnValue

from family_voice.interviews import about, doors, record
from family_voice.interviews.errors import AlreadyBegun
from family_voice.interviews.events import AskedForCall, ChangedLanguage, Opened
from family_voice.interviews.state import Stage, State
from family_voice.language.texts import current_language, to_begin_in
from family_voice.security.tokens import new_printed_code, new_token
from family_voice.web.family import helping, once, wording
from family_voice.web.family import visit as visits
from family_voice.web.family.forms import CodeForm, FamilyForm, RingForm, ShareForm, posted
from family_voice.web.family.gate import blueprint, too_many, wrong_code
from family_voice.web.family.guessing import may_begin_uninvited, open_by_code
from family_voice.web.family.places import (
    WEB,
    go,
    go_on,
    guide_now,
    happen,
    held,
    state_now,
)
from family_voice.web.services import SAFE, db, now
from family_voice.web.shared.forms import Form
from family_voice.web.shared.guessing import TooManyTries
from family_voice.web.shared.language import remember_language
from family_voice.web.shared.pages import EXIT_ADDRESS, render

#: How long a code that the open link gave out can be used.
OPEN_LINK_LASTS: Final = timedelta(days=60)


@blueprint.get("/i/<token>")
def link(token: str) -> ResponseReturnValue:
    """A family's own link. It changes nothing, and the token leaves the address at once."""
    try:
        interview_id = doors.by_token(db(), token, now())
    except doors.NoSuchDoor:
        return render("family/no_door.html", 404)
    visits.enter(interview_id, now())
    remember_language(record.state_of(db(), interview_id).language)
    return go("welcome")


@blueprint.route("/code", methods=["GET", "POST"])
def code() -> ResponseReturnValue:
    """A printed code."""
    form = CodeForm()
    status = None
    if form.validate_on_submit():
        try:
            interview_id = open_by_code(str(form.code.data))
        except doors.NoSuchDoor:
            form.code.errors = [wrong_code(str(form.code.data))]
        except TooManyTries:
            status = 429
            form.code.errors = [too_many()]
        else:
            visits.enter(interview_id, now())
            remember_language(record.state_of(db(), interview_id).language)
            return go("welcome")
    away = request.method in SAFE and "away" in request.args
    return render("family/code.html", status, form=form, away=away)


@blueprint.route("/welcome", methods=["GET", "POST"])
def welcome() -> ResponseReturnValue:
    """Who asks and why. Nothing happens until the button is pressed."""
    form, right = posted(FamilyForm)
    state = held() if right else state_now()
    if right:
        guide = guide_now()
        doors.spend_links(db(), visits.this_visit().interview_id, now())
        if state.stage in (Stage.DECLINED, Stage.WITHDRAWN, Stage.SENT):
            return go_on(state, guide)
        state = happen(Opened(WEB)).state
        if current_language().code != state.language:
            state = happen(ChangedLanguage(WEB, current_language().code)).state
        again = guide.easy_read
        if state.stage is Stage.ASKING and helping.ask_first(guide, state, every_time=again):
            return go("who_helps")
        return go_on(state, guide)
    return render(
        "family/easy_welcome.html" if _easy(state) else "family/welcome.html",
        form=form,
        stage=state.stage.value,
        left=len(state.left(guide_now())) if state.stage is Stage.ASKING else 0,
        roles=wording.roles(),
        young=wording.is_young(),
        has_word=doors.has_return_word(db(), visits.this_visit().interview_id),
    )


def _easy(state: State) -> bool:
    """Whether the welcome is one of pictures: there is something left to tell."""
    over = state.stage in (Stage.DECLINED, Stage.WITHDRAWN, Stage.SENT)
    return guide_now().easy_read and not over


@blueprint.route("/share", methods=["GET", "POST"])
def share() -> ResponseReturnValue:
    """The open link: the same conversation for a family that nobody invited."""
    form = ShareForm()
    if form.validate_on_submit():
        if not may_begin_uninvited():
            return render("errors/error.html", 429, heading=too_many(), sentences=())
        return render("family/your_code.html", code=_begin(form))
    form.door.data = form.door.data or once.sign_open_door()
    return render("family/share.html", form=form)


def _begin(form: ShareForm) -> str:
    """Begin the conversation this page was made for, or find it begun by an earlier press.

    Once somebody has gone on in it, the page was left behind by them and begins another one.
    """
    interview_id, code = once.read_open_door(str(form.door.data or ""))
    # A sitting may have chosen a language before it was taken off offer.
    audience, language = str(form.audience.data), to_begin_in(current_language().code)
    try:
        record.begin(
            db(), audience=audience, language=language, now=now(), interview_id=interview_id
        )
    except AlreadyBegun:
        if record.state_of(db(), interview_id).stage is Stage.INVITED:
            visits.enter(interview_id, now())
            return code
        code = new_printed_code()
        interview_id = record.begin(db(), audience=audience, language=language, now=now())
    until = now() + OPEN_LINK_LASTS
    doors.open_doors(
        db(),
        interview_id,
        until,
        now(),
        with_code_word=False,
        choose=lambda: doors.Secrets(new_token(), code, None),
    )
    visits.enter(interview_id, now())
    return code


@blueprint.route("/ring-me", methods=["GET", "POST"])
def ring_me() -> ResponseReturnValue:
    """They would rather talk."""
    form, right = posted(RingForm)
    uninvited = about.came_uninvited(db(), visits.this_visit().interview_id)
    if right and not uninvited:
        state = happen(AskedForCall(WEB)).state
        if form.way.data and state.call_wanted:
            about.choose_way_to_talk(db(), visits.this_visit().interview_id, form.way.data)
        return render("family/ring_me.html", form=form, coming=state.call_wanted, uninvited=False)
    return render("family/ring_me.html", form=form, coming=False, uninvited=uninvited)


@blueprint.post("/leave")
def leave() -> Response:
    """Leave nothing behind on this device. With a stale token too: leaving must always work."""
    right = Form().validate_on_submit()
    visits.leave()
    return render("family/left.html", 200 if right else 422)


@blueprint.get("/exit")
def quick_exit() -> ResponseReturnValue:
    """Away at once, to a page that anybody might have open; the sitting in this browser is over.

    A plain link, so it also works when nothing else does. Nothing is cleared here that would make
    the browser wait. A browser that only fetches ahead, or another site, ends nobody's sitting.
    """
    by_hand = request.headers.get("Sec-Fetch-Site", "none") in {"same-origin", "none"}
    if by_hand and "Sec-Purpose" not in request.headers:
        visits.leave()
    return redirect(EXIT_ADDRESS, 303)


@blueprint.get("/left")
def left() -> Response:
    """The page after leaving."""
    return render("family/left.html")
