"""An operator's commands for files of other programs: `themes export` and `themes import`."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

import click
from sqlalchemy.orm import Session

from family_voice.cases.at_the_command_line import FILE, Clock, Ready, fail, opened
from family_voice.cases.deadlines import london_date
from family_voice.cases.rounds import all_rounds, current_round
from family_voice.people.access import Action, Resource, may
from family_voice.people.accounts import StaffMember
from family_voice.people.staff import find_staff, roles_of
from family_voice.security.trail import OPERATOR, Actor, record
from family_voice.sharing.exchange import bringing, keeping
from family_voice.sharing.exchange.bringing import Brought
from family_voice.sharing.exchange.codebook_in import Came
from family_voice.sharing.exchange.coming_back import Found
from family_voice.sharing.exchange.files import BY_ENDING, Form, written
from family_voice.sharing.exchange.keeping import Withheld
from family_voice.sharing.exchange.leaving import codebook_project, round_project
from family_voice.sharing.exchange.opening import ExchangeRefused
from family_voice.sharing.exchange.project import Project
from family_voice.storage.engine import reading
from family_voice.storage.locking import Missing
from family_voice.themes.codebook_changing import MovedOn, ReasonMissing

BY: Final = "The email address of the member of staff who does it."
#: What the trail says of each account that leaves.
ANSWERS: Final = ("answers", "codes")
REASON: Final = "Brought in from a file at the command line."


@dataclass(frozen=True)
class _Leaving:
    """What leaves: what the trail calls it, and whose accounts are in it."""

    project: Project
    what: str
    row_id: UUID | None = None
    accounts: tuple[UUID, ...] = ()


class _OnlyLooking(Exception):
    """Nothing is to be kept."""


def exchange_commands(ready: Ready, clock: Clock) -> tuple[click.Command, click.Command]:
    """The commands `export` and `import`.

    Args:
        ready: gives the sessions and settings of this installation, or stops with one line.
        clock: gives the present.
    """

    @click.command("export")
    @click.option("--round", "term", help="The term of the round; the present one if left out.")
    @click.option("--project", type=int, help="Instead: the number of a project brought in.")
    @click.option(
        "--format",
        "form",
        type=click.Choice([each.value for each in Form]),
        help="What to write; the ending of the file says it if left out.",
    )
    @click.option("--names", is_flag=True, help="With names, for somebody who may see them (--by).")
    @click.option("--by", help=BY)
    @click.option("-o", "--out", "out", type=FILE, required=True, help="The file to write.")
    @click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
    def export(
        term: str | None,
        project: int | None,
        form: str | None,
        names: bool,
        by: str | None,
        out: Path,
        as_json: bool,
    ) -> None:
        """Write a round's coded accounts for other programs, without names.

        .qdpx is a REFI-QDA project and .qdc its codebook (NVivo, MAXQDA, ATLAS.ti, QualCoder);
        .csv and .xlsx are a table of the codings; --format codebook is the codebook as CSV. It is
        on record that the file was made. A program took the names out: look through the file
        before you pass it on.
        """
        wanted = Form(form) if form else BY_ENDING.get(out.suffix.lower())
        if wanted is None:
            fail("Let the file end in .qdpx, .qdc, .csv or .xlsx, or say --format.")
        sessions, _settings = ready()
        now = clock()
        with reading(sessions) as session:
            staff = _coder(session, by)
            if names and not (staff and may(roles_of(staff), Action.EXPORT, Resource.INTERVIEW)):
                fail("Names leave only for somebody who may see them: --by EMAIL of a lead.")
            by_id = staff.id if staff else None
            leaving = _wanted(session, term, project, wanted, by_id, now, names)
            content = written(leaving.project, wanted)
        # A project that was brought in leaves as it came: nobody took names out of it.
        without = "as it came" if leaving.what == "imported project" else "without names"
        fields = [wanted.value, "names" if names else without]
        with sessions.begin() as session:
            actor = Actor("staff", by_id) if by_id else OPERATOR
            for each in leaving.accounts if not wanted.of_codebook else ():
                also = ["names"] if names else []
                record(session, actor, "export", "interview", each, now, [*ANSWERS, *also])
            record(session, actor, "export", leaving.what, leaving.row_id, now, fields)
        try:
            out.write_bytes(content)
        except OSError:
            fail("The file cannot be written. Check the folder and try again.")
        _tell(as_json, {"format": wanted.value, **_counts(leaving.project)})

    @click.command("import")
    @click.argument("file", type=FILE)
    @click.option("--codes", is_flag=True, help="Also bring a project's codes into our codebook.")
    @click.option(
        "--codings", is_flag=True, help="Also put its codes on those of our accounts it holds."
    )
    @click.option("--reason", default=REASON, show_default=True, help="For the codebook's history.")
    @click.option("--dry-run", is_flag=True, help="Only say what would be done.")
    @click.option("--by", help=BY)
    @click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
    def import_(
        file: Path,
        codes: bool,
        codings: bool,
        reason: str,
        dry_run: bool,
        by: str | None,
        as_json: bool,
    ) -> None:
        """Bring in a project (.qdpx) or a codebook (.qdc, .csv) of another program.

        All of FILE, or nothing and one line that says what to do. A project is kept apart from
        what families told us; `themes export --project N` writes it again.
        """
        sessions, _settings = ready()
        with opened(file) as found:
            data = found.read()
        now = clock()
        done: dict[str, object] = {}
        with suppress(_OnlyLooking):
            try:
                with sessions.begin() as session:
                    staff = _coder(session, by)
                    if codings and staff is None:
                        fail("Say who puts the codes on: --by EMAIL of a lead.")
                    by_id = staff.id if staff else None
                    came = bringing.bring(session, data, by_id, now, reason=reason)
                    done = _done(came)
                    if came.project is not None and codes:
                        new = bringing.bring_codes(session, came.project, reason, by_id, now)
                        done |= _of_codes(new)
                    if came.project is not None and codings and by_id is not None:
                        found_there = bringing.bring_codings(session, came.project, by_id, now)
                        done |= _of_codings(found_there)
                    if dry_run:
                        raise _OnlyLooking
            except ExchangeRefused as refused:
                fail(str(refused))
            except ReasonMissing:
                fail("Give a reason for the codebook's history: --reason.")
            except MovedOn:
                fail("Somebody changed the codebook at the same moment. Try again.")
        _tell(as_json, {**done, "only_looked": True} if dry_run else done)

    return export, import_


def _coder(session: Session, by: str | None) -> StaffMember | None:
    if by is None:
        return None
    staff = find_staff(session, by)
    if staff is None or not may(roles_of(staff), Action.CHANGE, Resource.CODING):
        fail("Nobody with this email address codes here. `family-voice user add` adds somebody.")
    return staff


def _wanted(
    session: Session,
    term: str | None,
    number: int | None,
    form: Form,
    by: UUID | None,
    now: datetime,
    names: bool,
) -> _Leaving:
    """What is to leave."""
    if number is None and term is None and form.of_codebook:
        return _Leaving(codebook_project(session, names=names), "codebook")
    rounds = all_rounds(session)
    if number is None and term is None and not rounds:
        number = next((each.number for each in keeping.every(session)), None)
    if number is not None:
        try:
            kept, ours = keeping.shown(session, number, by, now)
        except Missing:
            fail("There is no project with this number.")
        except Withheld:
            fail("This project holds an account that may not be shown now. Delete it on the page.")
        return _Leaving(kept, "imported project", keeping.id_of(session, number), ours)
    held = current_round(session, london_date(now)) if term is None else None
    if term is not None:
        held = next((each for each in rounds if term in (each.term, str(each.id))), None)
    if held is None:
        known = "; ".join(each.term for each in rounds) or "none yet"
        fail(f"There is no such round. The rounds are: {known}.")
    left = round_project(session, held.id, by, now, names=names)
    return _Leaving(left.project, "round", held.id, tuple(left.accounts))


def _counts(project: Project) -> dict[str, object]:
    return {
        "cases": len(project.cases),
        "texts": len(project.sources),
        "codings": project.codings,
        "codes": sum(each.codable for each in project.every_code.values()),
        "notes": len(project.notes),
    }


def _done(came: Brought) -> dict[str, object]:
    if came.project is None:
        return _of_codes(came.codes) if came.codes else {}
    return {
        "project": came.number,
        **_counts(came.project),
        "places_counted_in": came.counted,
        "our_texts_known_by_their_words": came.known_again,
        "not_kept": dict(came.project.left_out),
    }


def _of_codes(came: Came) -> dict[str, object]:
    return {
        "codes_new": list(came.new),
        "codes_reworded": list(came.reworded),
        "codes_left": came.left,
        "codes_to_complete": came.drafts,
    }


def _of_codings(found: Found) -> dict[str, object]:
    return {
        "codings_put": len(found.new),
        "codings_there_already": found.there,
        "our_texts": found.texts,
        "our_texts_changed_since": found.changed,
        "codings_with_other_codes": found.unknown,
        "passages_on_no_sentence": found.partly,
    }


def _tell(as_json: bool, said: dict[str, object]) -> None:
    if as_json:
        click.echo(json.dumps(said))
        return
    for name, value in said.items():
        shown = ", ".join(map(str, value)) if isinstance(value, list | dict) else value
        if shown not in ("", 0):
            click.echo(f"{name.replace('_', ' ')}: {shown}")
