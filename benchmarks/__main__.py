"""Prints the tables: `python -m benchmarks [--only WORDS] [--but WORDS] [--write FILE]`.

`--write` puts them between the marks in a Markdown file.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from benchmarks.call_pad import call_pad_table
from benchmarks.caseload import caseload_table
from benchmarks.coding import coding_table
from benchmarks.febrl import febrl_table
from benchmarks.interviews import interviews_table
from benchmarks.linking import linking_table
from benchmarks.one_case import one_case_table
from benchmarks.paint import DELAY, KBITS, paint_table
from benchmarks.texts import texts_tables
from benchmarks.weight import weight_table

BEGIN, END = "<!-- the tables -->", "<!-- the tables end -->"
Rows = tuple[list[str], list[list[str]]]
MEASURED: dict[str, Callable[[], Sequence[Rows]]] = {
    "Bytes over the wire, compressed, headers and all": lambda: [weight_table()],
    f"First paint on a line of {KBITS} kbit/s and {DELAY} ms": lambda: [paint_table()],
    "Whole interviews a second through the real form": lambda: [interviews_table()],
    "Milliseconds from opening the pad to being ready to type, the demo's largest case": lambda: [
        call_pad_table()
    ],
    "Minutes of a lead's time for one case, from its invitation to its codes": lambda: [
        one_case_table()
    ],
    "Coding: keys and page loads, the demo's own codes put again": lambda: [coding_table()],
    "A caseload file: checked, taken in, and the memory of it": lambda: [caseload_table()],
    "Linking: public sets, each matcher in the same run": lambda: [febrl_table()],
    "Linking: cases match on generated files": lambda: [linking_table()],
    "Texts: the webhook beside its floors, where its time goes, and the worker": texts_tables,
}


def table(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in plain text, the first column to the left and figures to the right."""
    lines = [list(heads), *map(list, rows)]
    widths = [max(len(line[n]) for line in lines) for n in range(len(heads))]

    def put(line: Sequence[str]) -> str:
        first, *rest = (
            cell.ljust(width) if n == 0 else cell.rjust(width)
            for n, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        return "  ".join([first, *rest]).rstrip()

    rule = "  ".join("-" * width for width in widths)
    return "\n".join([title, "", put(heads), rule, *map(put, rows), ""])


@click.command()
@click.option("--only", default="", help="Only tables with these words in their titles.")
@click.option("--but", default="", help="All but tables with these words in their titles.")
@click.option("--write", type=click.Path(path_type=Path), help="A Markdown file for the tables.")
def main(only: str, but: str, write: Path | None) -> None:
    """Measure and print."""
    machine = (
        f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.system()}; "
        f"{datetime.now(UTC):%d %B %Y}; load when begun {os.getloadavg()[0]:.1f}"
    )
    print(f"{machine}\n")
    written = [machine]
    for title, measure in MEASURED.items():
        if only.lower() not in title.lower() or (but and but.lower() in title.lower()):
            continue
        found = measure()
        written.append(f"## {title}")
        for number, each in enumerate(found):
            print(table("" if number else title, *each))
            written.append(in_markdown(*each))
    if write:
        before, _, rest = write.read_text(encoding="utf-8").partition(BEGIN)
        _, _, after = rest.partition(END)
        between = "\n\n".join([BEGIN, *written, END])
        write.write_text(f"{before}{between}{after}", encoding="utf-8")


def in_markdown(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """The same table for a Markdown file."""
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    main()
