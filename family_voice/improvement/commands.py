"""An operator's command for figures of years before this program: `import judgements`."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import click
from sqlalchemy.orm import Session, sessionmaker

from family_voice.cases.at_the_command_line import FILE, Clock, Ready, fail, opened, say
from family_voice.improvement.past_judgements import (
    AlreadyIn,
    PastRefused,
    PastTable,
    bring_in,
    take_away,
)
from family_voice.improvement.past_table import Disagreement
from family_voice.security.trail import OPERATOR
from family_voice.storage.locking import Missing


def import_commands(ready: Ready, clock: Clock) -> click.Group:
    """The group `import`.

    Args:
        ready: gives the sessions and settings of this installation, or stops with one line.
        clock: gives the present.
    """

    @click.group("import")
    def import_() -> None:
        """Bring in what was written down before this program."""

    @import_.command("judgements")
    @click.argument("file", type=FILE, required=False)
    @click.option("--name", default="", help="What the table is called, such as where it is from.")
    @click.option("--take-away", type=int, help="Instead: the number of a table to take away.")
    @click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
    def judgements(file: Path | None, name: str, take_away: int | None, as_json: bool) -> None:
        """Bring in a table of past judgements: all of FILE, or nothing and what to put right.

        FILE is a CSV file with the columns meeting (its month), focus, scale, the points of the
        scale by their numbers (1, 2, 3 …) and, if you have it, cases. A line whose meeting is
        Total holds the table's own totals. Where they are not what the lines come to, that is
        shown beside them for ever and nothing is changed.
        """
        sessions, settings = ready()
        if take_away is not None:
            _take_away(sessions, take_away, clock())
            return
        if file is None:
            fail("Name the file: `family-voice import judgements FILE`.")
        with opened(file) as found:
            data = found.read()
        now = clock()
        try:
            with sessions.begin() as session:
                table = bring_in(
                    session, data, name or file.stem, settings.framework, OPERATOR, now
                )
        except PastRefused as refused:
            say(refused.problems)
            fail("Nothing was brought in. Put right what is listed above, then try again.")
        except AlreadyIn as there:
            table = there.table
            click.echo("This file was brought in before. Nothing was changed.", err=True)
        for notice in table.notices:
            click.echo(notice, err=True)
        click.echo(json.dumps(_as_json(table)) if as_json else _as_text(table))

    return import_


def _take_away(sessions: sessionmaker[Session], number: int, now: datetime) -> None:
    try:
        with sessions.begin() as session:
            take_away(session, number, OPERATOR, now)
    except Missing:
        fail("There is no table with this number. The page of past judgements shows them.")
    click.echo(f"Table {number} is not shown any more.")


def _as_text(table: PastTable) -> str:
    lines = [f"Table {table.number}, {table.name}: {table.meetings} meetings."]
    for part in table.parts:
        lines += [f"  {part.scale}: {_sentence(each)}" for each in part.disagreements]
    return "\n".join(lines)


def _sentence(each: Disagreement) -> str:
    what = "cases" if each.point is None else f"point {each.point}"
    where = f" ({each.meeting.held})" if each.meeting else ""
    return (
        f"{what}{where}: the table says {each.stated}, its lines come to {each.counted}. "
        "Both are shown; nothing was changed."
    )


def _as_json(table: PastTable) -> dict[str, object]:
    return {
        "table": table.number,
        "name": table.name,
        "meetings": table.meetings,
        "scales": [
            {
                "scale": part.scale,
                "meetings": len(part.meetings),
                "disagreements": [
                    {
                        "point": each.point,
                        "meeting": each.meeting.held if each.meeting else None,
                        "stated": each.stated,
                        "counted": each.counted,
                    }
                    for each in part.disagreements
                ],
            }
            for part in table.parts
        ],
    }
