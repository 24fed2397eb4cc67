"""What is wrong with a file, or worth a look: every problem by line and column. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from family_voice.cases.caseload_file import Problem
from family_voice.language.texts import _

Found = dict[tuple[str, str], list[int]]
#: Fewer lines than this say nothing of a column.
A_FEW: Final = 5


@dataclass(frozen=True)
class Together:
    """Problems of a kind as one: the lines as people write them, and how many they are."""

    column: str
    message: str
    lines: str
    count: int


@dataclass
class Findings:
    """Problems and remarks by column and sentence, each with all its lines.

    Kept together because a county's export with one wrong column has 20,000 problems. `count` says
    how many there are that stop the file, `left_out` how many lines were passed over, `lines` how
    many were read. `unfit`: columns that the mapping looks for are not there, so none was read.
    """

    _problems: Found = field(default_factory=dict)
    _remarks: Found = field(default_factory=dict)
    count: int = 0
    left_out: int = 0
    lines: int = 0
    unfit: bool = False

    def add(self, line: int, column: str, message: str, *, stops: bool = True) -> None:
        """Note one more."""
        into = self._problems if stops else self._remarks
        into.setdefault((column, message), []).append(line)
        self.count += stops

    def columns_in_doubt(self) -> tuple[str, ...]:
        """Columns that are wrong in more than half of the lines: likelier the wrong columns."""
        wrong: dict[str, set[int]] = {}
        for (column, _message), lines in self._problems.items():
            wrong.setdefault(column, set()).update(lines)
        least = max(A_FEW, self.lines // 2 + 1)
        return tuple(column for column, lines in wrong.items() if column and len(lines) >= least)

    def problems(self) -> Iterator[Problem]:
        """Every problem, in the order of the lines."""
        return _each(self._problems)

    def remarks(self) -> Iterator[Problem]:
        """What is worth a look and stops nothing."""
        return _each(self._remarks)

    def problems_together(self) -> list[Together]:
        """Every problem, those of a kind as one."""
        return _together(self._problems)

    def remarks_together(self) -> list[Together]:
        """Every remark, those of a kind as one."""
        return _together(self._remarks)


def together(problems: Iterable[Problem]) -> list[Together]:
    """Problems by kind: one sentence, the columns it is about, and all its lines.

    Cells of several columns that are wrong in the same way in the same lines are one kind: whoever
    left six lines empty reads it once and not sixty times.

    Args:
        problems: each by line and column; line 0 is the whole file.
    """
    found: Found = {}
    for each in sorted(set(problems)):
        found.setdefault((each.column, each.message), []).append(each.line)
    alike: dict[tuple[str, tuple[int, ...]], list[str]] = {}
    for (column, message), lines in found.items():
        alike.setdefault((message, tuple(lines)), []).append(column)
    return [
        Together(
            ", ".join(filter(None, columns)),
            message,
            ranges([line for line in lines if line]),
            len(lines),
        )
        for (message, lines), columns in alike.items()
    ]


def ranges(lines: list[int]) -> str:
    """Line numbers as people say them: 2, 5 to 9, 12."""
    parts: list[list[int]] = []
    for line in lines:
        if parts and line == parts[-1][-1] + 1:
            parts[-1][1:] = [line]
        else:
            parts.append([line])
    return ", ".join(
        str(part[0]) if len(part) == 1 else _("%(first)d to %(last)d", first=part[0], last=part[1])
        for part in parts
    )


def _together(found: Found) -> list[Together]:
    in_order = sorted(found.items(), key=lambda item: item[1][0])
    return [
        Together(column, message, ranges(lines), len(lines))
        for (column, message), lines in in_order
    ]


def _each(found: Found) -> Iterator[Problem]:
    yield from sorted(
        Problem(line, column, message)
        for (column, message), lines in found.items()
        for line in lines
    )
