"""A wheel carries everything: unpacked in another folder, it serves the same demo."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
START = "from family_voice.cli import main; main()"


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel's content, far from the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"),
            *("--no-build-isolation", "--wheel-dir", str(folder), str(ROOT)),
        ],
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


@pytest.fixture(scope="module")
def served(unpacked: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, object]]:
    """The demo, run from the wheel's content in an empty folder; gives what `--json` printed."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [
            *(sys.executable, "-P", "-c", START, "demo", "--json"),
            *("--families", "6", "--port", str(port)),
        ],
        cwd=tmp_path_factory.mktemp("empty"),
        env={**os.environ, "PYTHONPATH": str(unpacked)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    decoder, printed = json.JSONDecoder(), ""
    try:
        for line in process.stdout:
            printed += line
            try:
                document, _ = decoder.raw_decode(printed)
            except json.JSONDecodeError:
                continue
            yield document
            break
        else:
            pytest.fail(process.stderr.read() if process.stderr else "no output")
    finally:
        process.terminate()
        process.wait()


def test_templates_styles_pictures_and_translations_travel(unpacked: Path) -> None:
    inside = unpacked / "family_voice"
    for name in (
        "templates/layout/page.html",
        "static/mark.svg",
        "static/built/family.css",
        "static/built/staff.rtl.css",
        "static/built/pictures/speech-balloon.svg",
        "translations/family.pot",
        "translations/ur/LC_MESSAGES/family.po",
        "interviews/guides/en/parent_carer.yaml",
        "interviews/guides/ar/child.yaml",
        "consent/statements/pl.yaml",
        "sms/command_words/ur.yaml",
        "consent/statements/en.yaml",
        "frameworks/blackburn_with_darwen.yaml",
        "themes/starter/codebook.yaml",
        "themes/starter/being_heard.yaml",
        "operations/migrations/versions/0001_foundations.py",
    ):
        assert (inside / name).is_file(), name


def test_it_serves_the_demo(served: dict[str, object]) -> None:
    visitor = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    page = visitor.open(f"{served['base_url']}/demo").read().decode()
    assert "<h1" in page
    style = page.split('rel="stylesheet" href="')[1].split('"')[0]
    assert visitor.open(f"{served['base_url']}{style}").status == 200
    families = served["families"]
    assert isinstance(families, list)
    assert len(families) == 6
    assert visitor.open(families[-1]["link"]).url.endswith("/welcome")
