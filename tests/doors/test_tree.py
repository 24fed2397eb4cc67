"""What holds of the tree itself."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WRITTEN_BY_HAND = {".py", ".html", ".js", ".scss", ".yaml", ".md", ".toml"}
LONGEST = 400
ADDRESS = re.compile(r'"resolved": *"https?:|^(--index-url|--extra-index-url|--find-links)', re.M)


def committed() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_no_file_is_longer_than_one_sitting() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in committed()
        if path.suffix in WRITTEN_BY_HAND
        and (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST
    }
    assert long == {}


def test_no_lock_file_names_a_registry() -> None:
    for path in committed():
        if path.suffix in {".json", ".txt", ".cfg", ".toml", ".lock"}:
            assert not ADDRESS.search(path.read_text(encoding="utf-8")), path
