"""A calendar as a file that calendar programs read (iCalendar, RFC 5545). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

#: RFC 5545, 3.1: a line has at most 75 octets without its end.
LINE: Final = 75


@dataclass(frozen=True)
class Day:
    """Something on one day. `uid` is the same for ever, so that a program updates what it has."""

    uid: str
    day: date
    summary: str
    description: str = ""


def calendar(name: str, days: Iterable[Day], made_at: datetime) -> str:
    """The file.

    Args:
        name: what the calendar is called.
        days: what is in it; whole days, during which nobody counts as busy.
        made_at: the present.

    Returns:
        Its text, with the line ends that the standard asks for.
    """
    stamp = made_at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Family Voice//Plan of audits//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"NAME:{_text(name)}",  # RFC 7986; the line after it is what older programs read
        f"X-WR-CALNAME:{_text(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT12H",
        "X-PUBLISHED-TTL:PT12H",
    ]
    for each in days:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{_text(each.uid)}",
            f"DTSTAMP:{stamp}",
            f"DTSTART;VALUE=DATE:{each.day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{each.day + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_text(each.summary)}",
            *([f"DESCRIPTION:{_text(each.description)}"] if each.description else []),
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _text(words: str) -> str:
    """Words as a value: RFC 5545, 3.3.11. Nothing in them can begin a line of its own."""
    tidy = "".join(letter for letter in words if letter in "\n\t" or letter.isprintable())
    for letter in ("\\", ";", ","):
        tidy = tidy.replace(letter, f"\\{letter}")
    return tidy.replace("\n", "\\n")


def _folded(line: str) -> str:
    """A line broken where it is too long, never inside a letter."""
    pieces, used = [""], 0
    for letter in line:
        size = len(letter.encode())
        if used + size > LINE:
            pieces.append("")
            used = 1  # the space that a broken line goes on with
        pieces[-1] += letter
        used += size
    return "\r\n ".join(pieces)
