"""An operator's commands for the whole caseload: `caseload load`, `mapping` and `example`."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

import click

from family_voice.cases.at_the_command_line import FILE, Clock, Ready, fail, opened, say
from family_voice.cases.caseload_examples import example_rows, write_example
from family_voice.cases.caseload_keeping import (
    FileRefused,
    FileView,
    ManyGone,
    check,
    take_in,
)
from family_voice.cases.caseload_mapping import (
    FOLDER,
    BadMapping,
    CaseloadMapping,
    known_mappings,
    read_mapping,
)
from family_voice.cases.caseload_waiting import waiting_remarks
from family_voice.cases.deadlines import london_date
from family_voice.frameworks.loader import UnknownFramework, version_in_force
from family_voice.security.trail import OPERATOR, record


def caseload_commands(ready: Ready, clock: Clock) -> list[click.Command]:
    """What the group `caseload` holds besides the cases of a round.

    Args:
        ready: gives the sessions and settings of this installation, or stops with one line.
        clock: gives the present.
    """

    @click.command("load")
    @click.argument("file", type=FILE)
    @click.option(
        "--mapping", "which", required=True,
        help="A mapping by name (see `caseload mapping`), or a mapping file of your own.",
    )  # fmt: skip
    @click.option("--part", is_flag=True, help="FILE holds a part: nobody leaves the caseload.")
    @click.option("--check", "only_check", is_flag=True, help="Only say what it would change.")
    @click.option("--sure", is_flag=True, help="More than one in four have really left.")
    @click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
    def load(
        file: Path, which: str, part: bool, only_check: bool, sure: bool, as_json: bool
    ) -> None:
        """Take the whole caseload from FILE, an export as CSV or XLSX: all of it, or nothing.

        Of each child a reference and strata are kept, and nothing else. A file that was taken in
        before changes nothing.
        """
        mapping = _mapping(which)
        sessions, settings = ready()
        now = clock()
        framework = version_in_force(settings.framework, london_date(now))
        with opened(file) as data, sessions() as session:
            try:
                with _Bar("Reading", _lines_in(data), as_json) as bar:
                    view = check(
                        session, data, mapping, framework, now, whole=not part, tell=bar.at
                    )
                left_out, remarks = waiting_remarks(session, view.id)
                if not only_check:
                    with _Bar("Taking in", view.rows, as_json) as bar:
                        view = take_in(session, view.id, now, sure=sure, tell=bar.at)
                    record(session, OPERATOR, "import", "caseload", view.id, now, ["entries"])
                    session.commit()
            except FileRefused as refused:
                _say_problems(refused, as_json)
            except ManyGone:
                fail(
                    f"{view.gone} children would leave the caseload, more than one in four. If the "
                    "file holds a part of it, use --part; if they have really left, --sure."
                )
        said = _figures(view, taken=not only_check) | {
            "left_out": left_out, "remarks": [asdict(each) for each in remarks],
        }  # fmt: skip
        if as_json:
            click.echo(json.dumps(said))
            return
        for each in remarks:
            click.echo(
                f"{each.column or 'The file'}: {each.message} (lines {each.lines})", err=True
            )
        if left_out:
            click.echo(f"Not of the caseload, and left out: {left_out} lines.", err=True)
        click.echo(_sentence(view, taken=not only_check))

    @click.command("mapping")
    @click.argument("name", required=False)
    def mapping_(name: str | None) -> None:
        """List the mappings there are; with NAME, print that one, to be copied and edited."""
        known = known_mappings()
        if name is None:
            for key, each in known.items():
                click.echo(f"{key}: {each.about}")
        elif name not in known:
            fail(f"There is no mapping of this name. Use one of: {', '.join(known)}.")
        else:
            click.echo((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"), nl=False)

    @click.command("example")
    @click.option(
        "--mapping", "which", default="family_voice", show_default=True, help="Its shape."
    )
    @click.option("--rows", default=40, show_default=True, help="How many children.")
    @click.option("--seed", default=1, show_default=True, help="The same seed, the same children.")
    @click.option(
        "--framework", "framework_id", envvar="FAMILY_VOICE_FRAMEWORK",
        default="blackburn_with_darwen", show_default=True, help="Whose words.",
    )  # fmt: skip
    @click.option("-o", "--out", type=FILE, required=True, help="The file: .csv or .xlsx.")
    def example(which: str, rows: int, seed: int, framework_id: str, out: Path) -> None:
        """Write an export with children that do not exist, to try things out with."""
        mapping = _mapping(which)
        on = london_date(clock())
        if out.suffix.lower() not in {".csv", ".xlsx"}:
            fail("Give --out a name that ends in .csv or .xlsx.")
        try:
            framework = version_in_force(framework_id, on)
            with out.open("wb") as file:
                write_example(
                    file,
                    example_rows(mapping, framework, rows, on, seed),
                    workbook=out.suffix.lower() == ".xlsx",
                    sheet=mapping.sheet,
                )
        except UnknownFramework as unknown:
            fail(str(unknown))
        except OSError:
            fail("The file cannot be written. Check the folder and its name.")
        click.echo(f"{rows} children that do not exist are in {out.name}.")

    return [load, mapping_, example]


class _Bar:
    """A progress bar on the screen's error side; nothing where nobody looks."""

    def __init__(self, label: str, length: int, quiet: bool) -> None:
        self._bar: Any = click.progressbar(
            length=max(length, 1), label=label, file=sys.stderr, hidden=quiet
        )
        self._done = 0

    def __enter__(self) -> _Bar:
        self._bar.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        if error[0] is None:
            self.at(self._bar.length)
        self._bar.__exit__(*error)

    def at(self, done: int) -> None:
        """So many are done."""
        self._bar.update(min(done, self._bar.length) - self._done)
        self._done = min(done, self._bar.length)


def _lines_in(data: BinaryIO) -> int:
    """About how many lines a file has, for the bar: exact for CSV, guessed for a workbook."""
    start = data.read(4)
    data.seek(0)
    if start == b"PK\x03\x04":
        return max(os.fstat(data.fileno()).st_size // 130, 1)
    lines = sum(chunk.count(b"\n") for chunk in iter(lambda: data.read(1 << 20), b""))
    data.seek(0)
    return lines


def _mapping(which: str) -> CaseloadMapping:
    known = known_mappings()
    if which in known:
        return known[which]
    path = Path(which)
    try:
        return read_mapping(path.read_text(encoding="utf-8"), path.name)
    except (OSError, UnicodeDecodeError):
        fail(
            f"There is no mapping and no file of this name. Mappings are: {', '.join(known)}. "
            "A file of your own ends in .yaml."
        )
    except BadMapping as bad:
        for problem in bad.problems:
            click.echo(str(problem), err=True)
        fail("Put right what is named above in the mapping file, then try again.")


def _say_problems(refused: FileRefused, as_json: bool) -> NoReturn:
    problems = list(refused.findings.problems())
    if as_json:
        click.echo(json.dumps({"taken": False, "problems": [asdict(each) for each in problems]}))
    else:
        say(problems)
    fail(f"Nothing was taken in. Put right what is listed ({len(problems)}), then try again.")


def _figures(view: FileView, *, taken: bool) -> dict[str, Any]:
    figures = {name: getattr(view, name) for name in ("rows", "new", "changed", "same", "gone")}
    return {"taken": taken, "mapping": view.mapping, "whole": view.whole} | figures


def _sentence(view: FileView, *, taken: bool) -> str:
    what = "The caseload was brought up to date" if taken else "Nothing was changed; it would be"
    return (
        f"{what}: {view.rows} lines, {view.new} new, {view.changed} changed, "
        f"{view.same} as before, {view.gone} gone."
    )
