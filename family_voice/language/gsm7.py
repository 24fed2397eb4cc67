"""The cheaper alphabet of text messages, GSM 7-bit (3GPP TS 23.038, 6.2.1). Pure."""

from __future__ import annotations

#: One septet each.
BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
#: Two septets each: an escape, then the character.
EXTENSION = frozenset("\f^{}\\[~]|€")
ALPHABET = BASIC | EXTENSION

_SIMPLER = str.maketrans(
    {
        "‘": "'",
        "’": "'",
        "‚": "'",
        "“": '"',
        "”": '"',
        "„": '"',
        "–": "-",
        "—": "-",
        "‑": "-",
        "…": "...",
        "\N{NO-BREAK SPACE}": " ",
        "\N{NARROW NO-BREAK SPACE}": " ",
        "\N{SOFT HYPHEN}": None,
        "\N{ZERO WIDTH SPACE}": None,
        "•": "-",
    }
)


def simpler(text: str) -> str:
    """The text with curly quotes, long dashes and odd spaces replaced by plain ones."""
    return text.translate(_SIMPLER)


def fits(text: str) -> bool:
    """Whether the whole text can go in the cheaper alphabet."""
    return set(text) <= ALPHABET
