"""What a text costs: how many parts it is sent and charged in. Pure.

A part is 140 octets: 160 septets, or 70 UTF-16 code units as soon as one character is outside
GSM 7-bit. A longer text gives six octets of each part to a header (3GPP TS 23.040, 9.2.3.24.1),
which leaves 153 or 67. No part ends inside a character: neither between an escape and what it
escapes, nor inside what a reader takes for one character, as npm's sms-segments-calculator does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from family_voice.language.clusters import clusters
from family_voice.language.gsm7 import EXTENSION, fits

ONE_GSM_7, EACH_GSM_7 = 160, 153
ONE_UCS_2, EACH_UCS_2 = 70, 67


@dataclass(frozen=True)
class Segments:
    """How a text travels: `units` are septets in GSM-7 and 16-bit units in UCS-2."""

    encoding: Literal["GSM-7", "UCS-2"]
    units: int
    parts: int


def count(text: str) -> Segments:
    """Count a text exactly as it stands: nothing is made simpler first. An empty one is one part.

    Args:
        text: the words as they go out or came in.

    Returns:
        The encoding it needs, its units and the parts it is charged as.
    """
    if fits(text):
        widths = [2 if character in EXTENSION else 1 for character in text]
        units = sum(widths)
        return Segments("GSM-7", units, 1 if units <= ONE_GSM_7 else _parts(widths, EACH_GSM_7))
    units = _width(text)
    if units <= ONE_UCS_2:
        return Segments("UCS-2", units, 1)
    whole = [_width(cluster) for cluster in clusters(text.replace("\r\n", "\r\r"))]
    return Segments("UCS-2", units, _parts(whole, EACH_UCS_2))


def _parts(widths: list[int], room: int) -> int:
    parts, free = 1, room
    for width in widths:
        if width > free:
            parts, free = parts + 1, room
        free -= width
    return parts


def _width(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
