"""Prints the tables: `python -m benchmarks`."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence

from benchmarks.answers import answers_table
from benchmarks.weight import weight_table


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


def main() -> None:
    """Measure and print."""
    print(
        f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.system()}; "
        f"load when begun {os.getloadavg()[0]:.1f}\n"
    )
    print(table("Bytes over the wire, compressed, headers and all", *weight_table()))
    print(table("Durable answers a second, GET and POST of the form", *answers_table()))


if __name__ == "__main__":
    main()
