"""The demo's own pages: the tour, one-press sign-ins, and a telephone to play with.

Registered only where `create_app(demo=True)` was called, which no setting can do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, Flask, Response, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from family_voice.demo import phones, tour
from family_voice.demo.handout import Handout
from family_voice.language.texts import _
from family_voice.people.staff import find_staff
from family_voice.sms.handling import Incoming, take_in
from family_voice.storage.base import new_id
from family_voice.web.services import db, in_own_transaction, now, settings
from family_voice.web.shared.forms import Form
from family_voice.web.shared.pages import render
from family_voice.web.staff.sign_in import sign_in_for_demo

EXTENSION = "family_voice.demo"
LONGEST_TEXT = 1600

blueprint = Blueprint("demo", __name__, url_prefix="/demo")


@dataclass(frozen=True)
class Given:
    """What one running demo hands out, and how to have its answers sent at once."""

    handout: Handout
    answer: Callable[[], object]


def hand_out(app: Flask, handout: Handout, answer: Callable[[], object] = lambda: None) -> None:
    """Tell an application's demo pages what there is to show.

    Args:
        app: made with `demo=True`.
        handout: sign-ins and links.
        answer: called when a text has come in; the worker's turn, so that its answer is there.
    """
    app.extensions[EXTENSION] = Given(handout, answer)


@blueprint.get("")
def start() -> Response:
    """The tour, and below it every sign-in and link."""
    given = _given()
    if given is None:
        return render("demo/empty.html")
    return render(
        "demo/tour.html",
        handout=given.handout,
        steps=tour.steps(given.handout),
        roles=tour.ROLES,
        outcomes=tour.OUTCOMES,
        languages=tour.LANGUAGES,
        has_phone=phones.can_text,
    )


@blueprint.post("/sign-in")
def sign_in() -> ResponseReturnValue:
    """Become one of the made-up members of staff, and go to where the tour leads."""
    given, form = _given(), Form()
    if given is None:
        abort(404)
    if not form.validate_on_submit():
        abort(400)
    who = request.form.get("who", "")
    staff = find_staff(db(), who) if who in {each.email for each in given.handout.staff} else None
    if staff is None:
        abort(404)
    sign_in_for_demo(staff)
    to = tour.address(db(), given.handout, request.form.get("to", ""))
    return redirect(to or url_for("sign_in.start"), 303)


@blueprint.get("/phone")
def phone() -> Response:
    """Whose telephone to pick up."""
    given = _given()
    if given is None:
        return render("demo/empty.html")
    return render("demo/phones.html", phones=phones.every(given.handout))


@blueprint.route("/phone/<int:number>", methods=["GET", "POST"])
def thread(number: int) -> ResponseReturnValue:
    """One telephone: its texts, and a place to write the next one."""
    given = _given()
    found = phones.numbered(given.handout, number) if given else None
    if given is None or found is None:
        abort(404)
    form, problem = Form(), ""
    body = request.form.get("body", "")[:LONGEST_TEXT]
    if form.is_submitted():
        if form.validate() and body.strip():
            incoming = Incoming(_text_id(), found.number, body)
            in_own_transaction(lambda session: take_in(session, settings(), incoming, now()))
            given.answer()
            # To the newest text, which a narrow screen would otherwise have below its edge.
            return redirect(url_for("demo.thread", number=number, _anchor="newest"), 303)
        problem = _("Write something first.") if not body.strip() else _("Press send once more.")
    return render(
        "demo/thread.html",
        422 if problem else 200,
        phone=found,
        lines=phones.lines(db(), found),
        hints=phones.hints(db(), found),
        stopped=phones.stopped(db(), found),
        our_number=phones.readable(settings().sms_number),
        text_id=str(new_id()),
        body=body,
        problem=problem,
        longest=LONGEST_TEXT,
    )


def _text_id() -> str:
    """The id the page gave this text, so that sending the page twice sends it once."""
    try:
        return f"pretend-{UUID(request.form.get('text_id', ''))}"
    except ValueError:
        return f"pretend-{new_id()}"


def _given() -> Given | None:
    given = current_app.extensions.get(EXTENSION)
    return given if isinstance(given, Given) else None
