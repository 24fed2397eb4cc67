"""Our count of a text's parts beside that of npm's sms-segments-calculator, which Twilio wrote.

The texts crowd where a count can go wrong: at the ends of parts, with characters of two septets, of
two units and of many. Left out are four shapes that nobody types, where the calculator departs
from UAX 29 and we do not: flags behind an Arabic number sign, two marks on a flag or behind one,
two marks between a hand and the colour of its skin, and one piled so high with marks that half a
part would not hold it.
"""

from __future__ import annotations

import json
import random
import subprocess
from collections.abc import Callable, Iterator

from assets.build_styles import ROOT, node_command
from family_voice.language.gsm7 import BASIC, EXTENSION
from family_voice.messages.segments import count
from tests.proofs.proof import Place, Tell

BATCH = 1000
BASICS, EXTENSIONS = sorted(BASIC), sorted(EXTENSION)
#: Where one more unit means one more part.
GSM_7_ENDS, UCS_2_ENDS = (160, 306, 459, 612), (70, 134, 201, 268)
#: What stands in a place by itself, whatever is beside it.
WHOLE = (
    *"aeiouş ñ€|^{}[]~\\",
    "\r\n",
    *"’“”–…",
    *"łąęśćżźÓŁ",
    *"آپچڈےہشكر",
    "مَ",
    "رًّ",
    "ਪ",
    "ਜਾ",
    "ਪੰ",
    "নি",
    "한",
    "가",
    "\u1100\u1161\u11a8",
    "가\u11a8",
    "e\u0301",
    "a\u0323\u0302",
    "💛",
    "👍🏽",
    "👩🏾\u200d🏫",
    "👨\u200d👩\u200d👧\u200d👦",
    "❤️",
    "🇬🇧",
    "🇵🇱",
    "1\ufe0f\u20e3",
    "\u200b",
    "\u0600ا",
    "\ufeff",
)


def prove(place: Place, times: int, tell: Tell) -> int:
    """Count that many texts both ways; how many come out differently."""
    luck = random.Random(times)
    different = done = 0
    while done < times:
        texts = [a_text(luck) for _ in range(min(BATCH, times - done))]
        for text, theirs in zip(texts, calculated(texts), strict=True):
            ours = count(text)
            different += theirs != [ours.encoding, ours.units, ours.parts]
        done += len(texts)
        tell(done)
    return different


def calculated(texts: list[str]) -> Iterator[list[object]]:
    """What the calculator says of each: encoding, units, parts."""
    lines = "".join(json.dumps(text) + "\n" for text in texts)
    done = subprocess.run(
        [*(node_command() or ["node"]), "tests/proofs/calculator.js"],
        cwd=ROOT, input=lines, capture_output=True, encoding="utf-8", check=True,
    )  # fmt: skip
    return map(json.loads, done.stdout.splitlines())


def a_text(luck: random.Random) -> str:
    """One text: of the cheaper alphabet, of many scripts, or mostly of one character."""
    kind = luck.random()
    end = luck.choice(GSM_7_ENDS if kind < 0.4 else UCS_2_ENDS) + luck.randint(-4, 4)
    if luck.random() < 0.1:
        end = luck.randint(0, 500)
    if kind < 0.4:
        rare = luck.choice((0.0, 0.02, 0.5))
        return _up_to(end, lambda: luck.choice(EXTENSIONS if luck.random() < rare else BASICS))
    if kind < 0.6:
        one, rare = luck.choice(WHOLE), luck.choice((0.02, 0.2))
        return _up_to(end, lambda: luck.choice(BASICS) if luck.random() < rare else one)
    if kind < 0.9:
        return _up_to(end, lambda: luck.choice(WHOLE))
    return _up_to(end, lambda: _anything(luck))


def _up_to(end: int, piece: Callable[[], str]) -> str:
    """Pieces, until they are about `end` units long."""
    pieces, units = [], 0
    while units < end:
        pieces.append(piece())
        units += sum(2 if each in EXTENSION or each > "\uffff" else 1 for each in pieces[-1])
    return "".join(pieces)


def _anything(luck: random.Random) -> str:
    """Any character that can stand in a text at all."""
    code = luck.choice((luck.randrange(0x110000), luck.randrange(0x3000)))
    return chr(code) if not 0xD800 <= code < 0xE000 else "?"
