"""An operator's commands for a round's sample: `sample draw`, `pick`, `show` and `file`."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import click

from family_voice.cases import drawing
from family_voice.cases.at_the_command_line import Clock, Ready, fail
from family_voice.cases.commands import round_meant
from family_voice.cases.finality import IsFinal
from family_voice.cases.sample_file import file_to_fill_in
from family_voice.cases.sampled import SampleView, Why, sample_of
from family_voice.cases.sampling import NoRoom, NotEnough
from family_voice.security.trail import OPERATOR, record
from family_voice.storage.engine import reading

WHAT_TO_DO: dict[type[Exception], str] = {
    drawing.NoCaseload: "There is no caseload. Bring it in with `family-voice caseload load`.",
    drawing.NothingToDraw: "Every place is taken. Only a case that is stood down leaves one.",
    drawing.SeedIsKept: "This round has been drawn and keeps its seed. Leave --seed out.",
    drawing.RoundIsOver: "This round is closed. Its sample stays as it is.",
    drawing.NotInCaseload: "No child in the caseload has this reference. Check it.",
    drawing.InSampleAlready: "This child is in the sample, or was and has been stood down.",
    IsFinal: "Level 3 of this round is final. Open it again first.",
    NoRoom: "The rule has no place left for a case of this kind.",
}
REFUSALS = tuple(WHAT_TO_DO)
ROUND = click.option("--round", "term", help="Its term; the round that goes on, if left out.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


def sample_commands(ready: Ready, clock: Clock) -> click.Group:
    """The group `sample`.

    Args:
        ready: gives the sessions and settings of this installation, or stops with one line.
        clock: gives the present.
    """

    @click.group()
    def sample() -> None:
        """The sample of a round: drawn by its framework's rule."""

    @sample.command()
    @ROUND
    @click.option(
        "--seed", type=click.IntRange(0, drawing.SEEDS - 1),
        help="To repeat a draw. Without one, chance makes it, and it is kept.",
    )  # fmt: skip
    @click.option("--short", is_flag=True, help="Draw what there is, where there is too little.")
    @JSON
    def draw(term: str | None, seed: int | None, short: bool, as_json: bool) -> None:
        """Draw it, or whoever comes next where a case was stood down."""
        now = clock()
        with ready()[0].begin() as session:
            round_id = round_meant(session, term, now).id
            try:
                found = drawing.draw_sample(session, round_id, None, now, seed=seed, short=short)
            except NotEnough as lacked:
                fail(_too_few(lacked, sample_of(session, round_id)))
            except REFUSALS as refused:
                fail(WHAT_TO_DO[type(refused)])
            record(session, OPERATOR, "draw", "round", round_id, now, ["sample"])
            _say(found, as_json)

    @sample.command()
    @click.argument("reference")
    @click.option(
        "--why", required=True,
        type=click.Choice([each.value for each in Why if each is not Why.WITH_FILE]),
        help="Why it is not left to the draw.",
    )  # fmt: skip
    @ROUND
    @JSON
    def pick(reference: str, why: str, term: str | None, as_json: bool) -> None:
        """Put the child with REFERENCE in by hand, and keep that it was by hand."""
        now = clock()
        with ready()[0].begin() as session:
            round_id = round_meant(session, term, now).id
            try:
                drawing.pick_by_hand(session, round_id, reference, Why(why), None, now)
            except REFUSALS as refused:
                fail(WHAT_TO_DO[type(refused)])
            record(session, OPERATOR, "pick", "round", round_id, now, ["sample"])
            _say(sample_of(session, round_id), as_json)

    @sample.command()
    @ROUND
    @JSON
    def show(term: str | None, as_json: bool) -> None:
        """Who is in it, and how each came in."""
        with reading(ready()[0]) as session:
            _say(sample_of(session, round_meant(session, term, clock()).id), as_json)

    @sample.command("file")
    @ROUND
    @click.option(
        "-o", "--out", required=True, type=click.Path(dir_okay=False, path_type=Path),
        help="Where to write it.",
    )  # fmt: skip
    def file_(term: str | None, out: Path) -> None:
        """Write the file to fill in with names and contacts, for `caseload import`."""
        now = clock()
        with ready()[0].begin() as session:
            found = sample_of(session, round_meant(session, term, now).id)
            record(session, OPERATOR, "export", "round", found.round.id, now, ["reference"])
            _write(out, file_to_fill_in(found))
        click.echo(f"{len(found.waiting)} cases to fill in are in {out}.")

    return sample


def _too_few(lacked: NotEnough, found: SampleView) -> str:
    names = {each.id: each.name for each in found.round.audit.strata}
    missing = "; ".join(
        f"{each.count}: {names.get(each.stratum, 'any case that may be drawn')}"
        for each in lacked.lacking
    )
    return (
        f"Nothing was drawn: too few for these places: {missing}. Pick cases for them with "
        "`family-voice sample pick`, or give --short to draw what there is."
    )


def _say(found: SampleView, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(_as_json(found), ensure_ascii=False, indent=1))
        return
    if found.draw:
        click.echo(
            f"{found.round.term}: drawn on {found.draw.drawn_on} with seed {found.draw.seed}, "
            f"from {found.draw.may_be_drawn} of {found.draw.in_caseload} in the caseload"
        )
    for line in found.lines:
        where = "stood down" if line.stood_down else f"session {line.session_number}"
        why = f", {line.why}" if line.why else ""
        click.echo(
            f"  {line.number}. {line.reference} ({line.plan_type}): {line.how}{why}, {where}"
        )
    if found.empty:
        click.echo(f"  {found.empty} places are free")
    if found.waiting and found.round.audit.hears_families:
        click.echo(
            "Next: `family-voice sample file -o FILE`, put in names and contacts, then "
            "`family-voice caseload import FILE`."
        )


def _as_json(found: SampleView) -> dict[str, Any]:
    drawn = found.draw
    return {
        "round": found.round.term,
        "audit": found.round.audit.id,
        "seed": drawn.seed if drawn else None,
        "drawn_on": drawn.drawn_on.isoformat() if drawn else None,
        "in_caseload": drawn.in_caseload if drawn else None,
        "may_be_drawn": drawn.may_be_drawn if drawn else None,
        "free": found.empty,
        "cases": [
            {
                "number": line.number,
                "reference": line.reference,
                "session": line.session_number,
                "plan_type": line.plan_type,
                "stratum": line.stratum,
                "how": line.how,
                "why": line.why,
                "instead_of": line.instead_of,
                "stood_down": line.stood_down,
                "waits_for_names": line.waits_for_names,
            }
            for line in found.lines
        ],
    }


def _write(out: Path, data: bytes) -> None:
    """References are in it: for the owner of the file only, and never over another."""
    try:
        place = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError:
        fail("The file cannot be written. Choose a name that is not taken, in a folder of yours.")
    with os.fdopen(place, "wb") as file:
        file.write(data)
