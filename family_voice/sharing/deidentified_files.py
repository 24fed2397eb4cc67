"""Taking names out of a file of texts: what `deidentify` does. The command line is in commands.

Where the texts come with marked spans, as in files that people marked by hand, what was missed is
listed: a leak is a marked span of which a letter or a digit still stands.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from family_voice.language.texts import _
from family_voice.sharing.deidentifying import Known, Span, find, redact
from family_voice.sharing.further_names import Finder

Progress = Callable[[int], None]


class BadFile(ValueError):
    """A file cannot be used; the message says where and what to do."""


@dataclass(frozen=True)
class Leak:
    """A marked span that still stands, all of it or a part; never its words."""

    id: str
    start: int
    end: int
    type: str
    known: bool


@dataclass(frozen=True)
class Done:
    """What a run did. Figures of recall and precision stand only where the texts were marked."""

    texts: int
    spans: int
    unsure: int
    marked: int
    recall: float | None
    recall_known: float | None
    precision: float | None
    leaks: tuple[Leak, ...]


def deidentify_file(
    cases: Path,
    source: Path,
    out: Path,
    *,
    also: Finder | None = None,
    progress: Progress | None = None,
) -> Done:
    """Write every line of a file again, with `redacted` and `spans` added.

    Args:
        cases: JSON, the names known of each case: `{case: {child, carers, school, professionals,
            others: [names]}}`.
        source: JSON lines with `id`, `case`, `text`, and perhaps `entities` that people marked.
        out: where the lines go; nothing is written there unless all of it can be.
        also: a model to ask besides.
        progress: told how many lines are done.

    Raises:
        BadFile: if a file cannot be read or written, or a line is not as it should be.
    """
    known = _known(cases)
    count = _Count()
    try:
        folder = out.resolve().parent
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", newline="\n", dir=folder, delete=False
        ) as written:
            try:
                for number, line in _lines(source):
                    text, name = _text_and_case(line, number)
                    if name not in known:
                        raise BadFile(
                            _(
                                "Line %(line)d is of a case that the file of cases does not have. "
                                "Add it there, with the names that are known.",
                                line=number,
                            )
                        )
                    spans = find(text, known[name], also=also)
                    count.add(line, text, spans)
                    line["redacted"] = redact(text, spans)
                    line["spans"] = [_as_json(each, text) for each in spans]
                    written.write(json.dumps(line, ensure_ascii=False) + "\n")
                    if progress:
                        progress(count.texts)
                written.close()
                os.replace(written.name, out)
            except BaseException:
                Path(written.name).unlink(missing_ok=True)
                raise
    except OSError:
        raise BadFile(
            _("The files cannot be read or written. Check that they are there, and the folder.")
        ) from None
    return count.done()


class _Count:
    def __init__(self) -> None:
        self.texts = self.spans = self.unsure = self.right = 0
        self.marked: list[tuple[bool, bool]] = []  # known, covered
        self.leaks: list[Leak] = []
        self.any_marked = False

    def add(self, line: dict[str, Any], text: str, spans: tuple[Span, ...]) -> None:
        self.texts += 1
        self.spans += len(spans)
        self.unsure += sum(not each.sure for each in spans)
        if not isinstance(entities := line.get("entities"), list):
            return
        self.any_marked = True
        covered = {at for each in spans for at in range(each.start, each.end)}
        for one in entities:
            letters = (at for at in range(one["start"], one["end"]) if text[at].isalnum())
            whole, known = all(at in covered for at in letters), bool(one.get("known"))
            self.marked.append((known, whole))
            if not whole:
                kind = str(one.get("type", ""))
                leak = Leak(str(line.get("id", "")), one["start"], one["end"], kind, known)
                self.leaks.append(leak)
        self.right += sum(
            any(each.start < one["end"] and one["start"] < each.end for one in entities)
            for each in spans
        )

    def done(self) -> Done:
        of_known = [covered for known, covered in self.marked if known]
        return Done(
            self.texts,
            self.spans,
            self.unsure,
            len(self.marked),
            _share([covered for _known, covered in self.marked]),
            _share(of_known),
            round(self.right / self.spans, 4) if self.any_marked and self.spans else None,
            tuple(self.leaks),
        )


def _share(covered: list[bool]) -> float | None:
    return round(sum(covered) / len(covered), 4) if covered else None


def _as_json(span: Span, text: str) -> dict[str, Any]:
    return {
        "start": span.start,
        "end": span.end,
        "type": span.kind,
        "placeholder": span.placeholder,
        "known": span.known,
        "sure": span.sure,
        "text": text[span.start : span.end],
    }


def _known(cases: Path) -> dict[str, Known]:
    try:
        read = json.loads(cases.read_text("utf-8-sig"))
    except OSError:
        raise BadFile(_("The file of cases cannot be opened. Check that it is there.")) from None
    except ValueError:
        raise BadFile(
            _("The file of cases is not JSON in UTF-8. Save it so and try again.")
        ) from None
    if not isinstance(read, dict):
        raise BadFile(_("The file of cases must be one JSON object: each case and its names."))
    return {name: _names(name, groups) for name, groups in read.items()}


def _names(case: str, groups: object) -> Known:
    if not isinstance(groups, dict):
        raise BadFile(_wrong_names(case))
    found: dict[str, tuple[str, ...]] = {}
    for each in fields(Known):
        names = groups.get(each.name, [])
        names = [names] if isinstance(names, str) else names
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise BadFile(_wrong_names(case))
        found[each.name] = tuple(names)
    return Known(**found)


def _wrong_names(case: str) -> str:
    return _(
        "Case %(case)s: give child, carers, school, professionals and others, each a list of "
        "names.",
        case=case,
    )


def _lines(source: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        opened = source.open(encoding="utf-8-sig", newline=None)
    except OSError:
        raise BadFile(_("The file of texts cannot be opened. Check that it is there.")) from None
    with opened as lines:
        number = 0
        try:
            for number, line in enumerate(lines, start=1):
                if not line.strip():
                    continue
                read = json.loads(line)
                if not isinstance(read, dict):
                    raise ValueError
                yield number, read
        except (UnicodeDecodeError, json.JSONDecodeError):
            raise BadFile(_not_a_line(number)) from None


def _text_and_case(line: dict[str, Any], number: int) -> tuple[str, str]:
    text, case = line.get("text"), line.get("case")
    if not isinstance(text, str) or not isinstance(case, str):
        raise BadFile(_not_a_line(number))
    for one in line.get("entities") or ():
        ends = isinstance(one, dict) and (one.get("start"), one.get("end"))
        if not ends or not all(isinstance(each, int) and 0 <= each <= len(text) for each in ends):
            raise BadFile(_not_a_line(number))
    return text, case


def _not_a_line(number: int) -> str:
    return _(
        "Line %(line)d is not as it should be. Each line is one JSON object with id, case and "
        "text, in UTF-8; entities, if there are any, have start and end within the text.",
        line=number,
    )
