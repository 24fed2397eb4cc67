"""Whether other programs find every coded place of an exported project.

Two steps, because other programs want a Python of their own:

    .venv/bin/python -m benchmarks.second_program make FOLDER
    python -m venv /tmp/others && /tmp/others/bin/pip install qdapy pyrefiqda
    /tmp/others/bin/python benchmarks/second_program.py check FOLDER

`make` writes every round of a fresh demo into the folder, with names and without, as a project and
as a table. `check` opens the projects with qdaPy (reads REFI-QDA projects of any program) and
pyrefiqda (generated from the standard's own schema), and compares the words that each of them finds
at every place with those in the table.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

Found = Counter[tuple[str, str, str]]


def make(folder: Path) -> None:
    """Write the demo's rounds as files."""
    from datetime import UTC, datetime

    from family_voice.app import open_sessions
    from family_voice.cases.rounds import all_rounds
    from family_voice.demo import instance
    from family_voice.sharing.exchange.files import Form, written
    from family_voice.sharing.exchange.leaving import round_project

    folder.mkdir(parents=True, exist_ok=True)
    now = datetime.now(UTC)
    with TemporaryDirectory(prefix="family-voice-bench-") as name:
        kept = instance.Kept(Path(name) / "demo.json", "a benchmark's secret key", bytes(range(32)))
        environ = {"FAMILY_VOICE_DATABASE_URL": f"sqlite:///{name}/demo.db"}
        settings = instance.settings_for(environ, kept, "http://127.0.0.1", 1)
        sessions = open_sessions(settings)
        instance.refresh(
            sessions, settings, kept, seed=1, families=66, now=now, progress=lambda words: None
        )
        with sessions() as session:
            for number, each in enumerate(all_rounds(session)):
                for names in (False, True):
                    project = round_project(session, each.id, None, now, names=names).project
                    stem = f"{number:02d}-{'named' if names else 'unnamed'}"
                    for form in (Form.PROJECT, Form.TABLE):
                        (folder / f"{stem}.{form.ending}").write_bytes(written(project, form))
        sessions.kw["bind"].dispose()


def check(folder: Path) -> int:
    """Open every project of the folder in both programs. Returns how many codings are wrong."""
    wrong = 0
    print(f"{'file':24}{'codings':>8}{'qdaPy right':>12}{'pyrefiqda right':>16}")
    for file in sorted(folder.glob("*.qdpx")):
        expected = _of_table(file.with_suffix(".csv"))
        rights = []
        for opened in (_by_qdapy(file), _by_pyrefiqda(file)):
            rights.append((expected & opened).total())
            wrong += max(expected.total(), opened.total()) - rights[-1]
        print(f"{file.name:24}{expected.total():>8}{rights[0]:>12}{rights[1]:>16}")
    print(f"wrong: {wrong}")
    return wrong


def _of_table(file: Path) -> Found:
    with file.open(encoding="utf-8-sig", newline="") as table:
        return Counter((row["text"], row["code"], row["words"]) for row in csv.DictReader(table))


def _by_qdapy(file: Path) -> Found:
    from qdapy.qdpx import read_qdpx

    rows = read_qdpx(str(file)).fragments.to_dict("records")
    return Counter((row["title"], row["code"].rpartition("/")[2], row["text"]) for row in rows)


def _by_pyrefiqda(file: Path) -> Found:
    from pyrefiqda import RefiProject

    found: Found = Counter()
    with TemporaryDirectory() as folder:
        project = RefiProject.load(file, folder)
        names = {code.guid: code.name for top in project.code_book.codes.code for code in top.code}
        for source in project.sources.text_source:
            path = RefiProject.resolve_source_path(source.plain_text_path, folder)
            text = path.read_text(encoding="utf-8")
            for selection in source.plain_text_selection:
                words = text[selection.start_position : selection.end_position]
                for coding in selection.coding:
                    code = names[coding.code_ref.target_guid]
                    found[source.name, code, words] += 1
    return found


if __name__ == "__main__":
    step, place = sys.argv[1], Path(sys.argv[2])
    if step == "make":
        make(place)
    else:
        sys.exit(bool(check(place)))
