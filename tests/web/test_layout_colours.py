"""Contrast of every pair of colours that the pages put together, worked out as WCAG 2.2 says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

IDENTITY = Path(__file__).resolve().parents[2] / "assets" / "styles" / "_identity.scss"
COLOURS = dict(re.findall(r"^\$([a-z-]+): #([0-9a-f]{6});", IDENTITY.read_text(), re.MULTILINE))

TEXT = [
    *((words, ground) for words in ("ink", "ink-soft", "brand", "brand-deep", "error", "success")
      for ground in ("paper", "linen", "brand-wash", "coral-wash")),
    ("paper", "brand"),
    ("paper", "brand-deep"),
    ("ink", "focus"),
]  # fmt: skip
EDGES = [("input-line", "paper"), ("brand", "brand-wash"), ("error", "paper"), ("ink", "focus")]


def luminance(name: str) -> float:
    shares = [int(COLOURS[name][i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("words", "ground"), TEXT)
def test_words_can_be_read(words: str, ground: str) -> None:
    assert contrast(words, ground) >= 4.5


@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_edges_can_be_seen(edge: str, ground: str) -> None:
    assert contrast(edge, ground) >= 3


def test_nothing_of_gov_uks_own_identity_is_built_in() -> None:
    built = IDENTITY.parents[2] / "static" / "built"
    for file in built.glob("*.css"):
        style = file.read_text(encoding="utf-8")
        assert "GDS Transport" not in style
        assert "@font-face" not in style
