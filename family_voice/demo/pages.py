"""The demo's own pages: the tour, one-press sign-ins, telephones to play with, and mailboxes.

Registered only where `create_app(demo=True)` was called, which no setting can do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from flask import Blueprint, Flask, Response, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from family_voice.cases.deadlines import london_date
from family_voice.demo import mailboxes, phones, tour
from family_voice.demo.handout import Handout
from family_voice.demo.passing import A_MOMENT, let_pass, let_the_night_pass
from family_voice.interviews.asking import LATE_WINDOW
from family_voice.language.texts import _
from family_voice.messages.segments import count
from family_voice.people.staff import find_staff
from family_voice.sms.handling import Incoming, take_in
from family_voice.storage.base import new_id
from family_voice.web.services import db, in_own_transaction, now, settings
from family_voice.web.shared.forms import Form
from family_voice.web.shared.pages import render
from family_voice.web.shared.phone import LONGEST_TEXT, passes, typed
from family_voice.web.staff.sign_in import sign_in_for_demo

EXTENSION = "family_voice.demo"
TO_READ = LATE_WINDOW + A_MOMENT

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
        whose_rules=tour.whose_rules(given.handout.framework, london_date(now())),
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
    return render("demo/phones.html", phones=phones.every(given.handout), readable=phones.readable)


@blueprint.route("/phone/<int:number>", methods=["GET", "POST"])
def thread(number: int) -> ResponseReturnValue:
    """One telephone: its texts, and a place to write the next one."""
    given = _given()
    found = phones.numbered(given.handout, number) if given else None
    if given is None or found is None:
        abort(404)
    form, problem = Form(), ""
    body, said = typed(request.form.get("body", "")), typed(request.form.get("say", ""))
    passing = "pass" in request.form
    if form.is_submitted():
        # What stands in the box goes first: nothing that was typed is lost.
        new = [each for each in (body, said) if each.strip()]
        if form.validate() and (new or passing):
            _texted(found, new)
            given.answer()
            if passing:
                in_own_transaction(lambda session: _time_passes(session, found))
                given.answer()
                # And the moment it takes to read what came: until then what they text is still
                # counted to the question before.
                in_own_transaction(lambda session: let_pass(session, found, TO_READ, now()))
            # To the newest text, which a narrow screen would otherwise have below its edge.
            return redirect(url_for("demo.thread", number=number, _anchor="newest"), 303)
        problem = _("Press send once more.") if new or passing else _("Write something first.")
    return render(
        "demo/thread.html",
        422 if problem else 200,
        phone=found,
        lines=phones.bubbles(db(), found),
        hints=phones.hints(db(), found),
        quiet=passes(phones.quiet(db(), found, now())),
        waits_until=phones.waits_until(db(), found, now()),
        stopped=phones.stopped(db(), found),
        silent=phones.waits_for_a_person(db(), found),
        wrong_number=phones.is_wrong_number(db(), found),
        our_number=phones.readable(settings().sms_number),
        text_id=str(new_id()),
        body=body,
        problem=problem,
        longest=LONGEST_TEXT,
    )


@blueprint.get("/mail")
def mail() -> Response:
    """Whose mailbox to open, those with something in them first."""
    given = _given()
    if given is None:
        return render("demo/empty.html")
    found = [
        (each, len(mailboxes.emails(db(), each)), mailboxes.waits_until(db(), each))
        for each in mailboxes.every(given.handout)
    ]
    found.sort(key=lambda each: -each[1])
    return render("demo/mailboxes.html", mailboxes=found)


@blueprint.route("/mail/<int:number>", methods=["GET", "POST"])
def mailbox(number: int) -> ResponseReturnValue:
    """One mailbox: the emails in it, as they came; one that waits for its hour may come now."""
    given = _given()
    found = mailboxes.numbered(given.handout, number) if given else None
    if found is None:
        abort(404)
    form = Form()
    if form.validate_on_submit():
        in_own_transaction(lambda session: mailboxes.let_come(session, found, now()))
        return redirect(url_for("demo.mailbox", number=number), 303)
    return render(
        "demo/mailbox.html",
        422 if form.is_submitted() else 200,
        mailbox=found,
        waits_until=mailboxes.waits_until(db(), found),
        emails=mailboxes.emails(db(), found),
        settings=settings(),
    )


def _texted(phone: phones.Phone, bodies: list[str]) -> None:
    """Take texts in as real ones; each has an id, so that sending the page twice sends it once."""
    text_id = _text_id()
    for place, body in enumerate(bodies):
        incoming = Incoming(f"{text_id}-{place}", phone.number, body, count(body).parts)
        in_own_transaction(partial(_take_in, incoming))


def _take_in(incoming: Incoming, session: Session) -> None:
    take_in(session, settings(), incoming, now())


def _time_passes(session: Session, phone: phones.Phone) -> None:
    waits_until = phones.waits_until(session, phone, now())
    if request.form.get("pass") == "night" and waits_until is not None:
        let_the_night_pass(session, phone, waits_until, now())
        return
    let_pass(session, phone, phones.quiet(session, phone, now()) + A_MOMENT, now())


def _text_id() -> str:
    """The id the page gave this text, so that sending the page twice sends it once."""
    try:
        return f"pretend-{UUID(request.form.get('text_id', ''))}"
    except ValueError:
        return f"pretend-{new_id()}"


def _given() -> Given | None:
    given = current_app.extensions.get(EXTENSION)
    return given if isinstance(given, Given) else None
