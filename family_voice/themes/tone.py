"""Tone, sentence by sentence: an aid to finding praise and worry quickly, never a verdict.

It is learned from sentences written for this program (`tone.yaml`) and from nothing a family said;
`tone_learning` does that once, and its sums stand in `tone_weights.json`. TextBlob's lexicon is one
feature among others: alone it hears nothing in "I am worried", "nothing has changed" or "no support
at all". The heading under which a thing was said is another. Only sums leave this module with a
name on them; `leanings` is for putting sentences in order and no page shows it.

Nothing here needs scikit-learn, NumPy or NLTK: they take seconds to import, and a page waits.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from itertools import pairwise
from math import exp, log, sqrt
from pathlib import Path
from typing import Final

import yaml

from family_voice.themes.lexicon import lexicon_score

WRITTEN: Final = Path(__file__).parent / "tone.yaml"
WEIGHTS: Final = Path(__file__).parent / "tone_weights.json"
_WORD: Final = re.compile(r"\b\w\w+\b")
HEADINGS: Final = ("important", "working_well", "difference", "worries", "next")


class Tone(StrEnum):
    """What a sentence sounds like."""

    PRAISE = "praise"
    WORRY = "worry"
    NEITHER = "neither"


@dataclass(frozen=True)
class Spoken:
    """One sentence, and the heading under which it was said."""

    text: str
    heading: str = ""


@dataclass(frozen=True)
class Sounds:
    """How many sentences sound like what."""

    praise: int = 0
    worry: int = 0
    neither: int = 0

    @property
    def sentences(self) -> int:
        """All of them."""
        return self.praise + self.worry + self.neither


@dataclass(frozen=True)
class ErrorRate:
    """How often tone is wrong, of a hundred, where people had said what a text sounds like."""

    texts: int
    right: int
    worry_found: int
    worry_right: int


#: Measured by `benchmarks/tone.py` on public comments that people had marked, none of which were
#: learned from; printed beside every sum. docs/themes.md has the table.
MEASURED: Final = ErrorRate(texts=3759, right=75, worry_found=85, worry_right=64)

# Words by which people say that something is good, bad, missing, or wished for. A lexicon of
# adjectives misses most of these: "still waiting", "nobody", "more staff".
_CUES: Final = tuple(
    re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
    for words in (
        # good
        r"good|great|brilliant|lovely|love[sd]?|kind|helpful|help(?:s|ed)|happy|happier|safe|calm|"
        r"excellent|amazing|wonderful|fantastic|perfect|proud|thank(?:s| you|ful)?|grateful|"
        r"friendly|polite|caring|patient|understanding|supportive|professional|pleased|satisfied|"
        r"confident|enjoy(?:s|ed)?|easy|easily|quick(?:ly)?|prompt(?:ly)?|efficient|reassur\w+|"
        r"listened|respect(?:ful)?|best|well|improved|progress|lucky|on time|in good time|fine",
        # bad
        r"worr(?:y|ies|ied|ying)|scared|afraid|anxious|stress(?:ed|ful)?|struggl\w+|fight(?:ing)?|"
        r"fought|cr(?:y|ies|ied|ying)|bull\w+|excluded|refused|ignored|rude|poor(?:ly)?|bad(?:ly)?|"
        r"awful|terrible|horrible|disgust\w+|appalling|rubbish|worse|worst|unsafe|hurt|pain(?:ful)?|"
        r"lost|late|delay(?:s|ed)?|cancel\w+|let down|turned down|passed from|out of date|alone|"
        r"exhaust\w+|tired|fail\w*|broken?|breaking|wrong|problems?|difficult|confus\w+|blam\w+|"
        r"complain\w*|unhelpful|unkind|unfair|chas(?:e|ed|ing)|behind|backwards|shortage|cut|cold|"
        r"noisy|loud|dirty|stuck|too \w+|nightmare|upset\w*|disappoint\w+|lack\w*",
        # missing or taking long
        r"no|not|never|nobody|no one|none|nothing|nowhere|without|hardly|barely|\w+n['’]?t|cannot|"
        r"neither",
        r"wait(?:s|ed|ing)?|still|again|long(?:er)?|weeks|months|years|hours|until|yet|gave up",
        # wished for
        r"should|could|would|need(?:s|ed)?|want(?:s|ed)?|wish(?:es)?|please|must|ought|if only|"
        r"instead|earlier|sooner",
        r"more|less|fewer|better|short(?:er)?|quicker|faster|clearer|easier|enough|improve\w*|"
        r"increase\w*|reduce\w*|stop|start|give|let|make|train|send|tell|answer|listen",
    )
)
# "No complaints", "not worried", "nothing to change": two bad words that make a good one.
_FINE: Final = re.compile(
    r"\b(?:no|not|never|nothing|none|without|n['’]t|any)\b(?:\W+\w+){0,4}?\W+"
    r"(?:complain\w*|worr\w+|concerns?|problems?|issues?|faults?|change[sd]?|improve\w*|trouble|"
    r"better|bad|wrong|fault|improvements?)\b",
    re.IGNORECASE,
)
_NEGATED: Final = re.compile(
    r"\b(?:no|not|never|nobody|nothing|hardly|\w+n['’]?t|cannot|isnt|wasnt)\b(?:\W+\w+){0,3}?\W+"
    r"(?:good|great|kind|help\w*|happy|safe|support\w*|listen\w*|understand\w*|told|clear|easy|"
    r"chang\w+|work\w*|done|seen|heard|better|enough|very)\b",
    re.IGNORECASE,
)
_NOTHING: Final = re.compile(r"^\W*(?:no|none|nothing|not|nope|nil|n/?a|nowt|all|every)\b", re.I)
_ONLY_NOTHING: Final = re.compile(
    r"^\W*(?:no|none|nothing|nope|nil|n/?a|nowt)(?:\W+(?:really|at all|much|else|comments?|"
    r"i can think of|to say|thanks?|thank you))*\W*$",
    re.I,
)


@dataclass(frozen=True)
class ToneModel:
    """What was learned from sentences whose tone somebody wrote down: sums, worked out in place.

    `words` has, for each word or pair of words, how rare it is and its weight for each tone; `told`
    the weights of everything else, a row a tone.
    """

    tones: tuple[Tone, ...]
    start: tuple[float, ...]
    told: tuple[tuple[float, ...], ...]
    words: Mapping[str, tuple[float, ...]]

    def chances(self, sentences: Iterable[Spoken]) -> list[dict[Tone, float]]:
        """For each sentence, how likely each tone is."""
        return [self._chances(each) for each in sentences]

    def likeliest(self, sentences: Iterable[Spoken]) -> list[Tone]:
        """For each sentence, the likeliest tone."""
        return [max(chance, key=lambda tone: chance[tone]) for chance in self.chances(sentences)]

    def _chances(self, spoken: Spoken) -> dict[Tone, float]:
        found = Counter(each for each in phrases(spoken.text) if each in self.words)
        weight = {each: (1 + log(n)) * self.words[each][0] for each, n in found.items()}
        length = sqrt(sum(each * each for each in weight.values())) or 1.0
        rest = told(spoken)
        sums = [
            start
            + sum(each * by for each, by in zip(rest, row, strict=True))
            + sum(each * self.words[phrase][at] for phrase, each in weight.items()) / length
            for at, (start, row) in enumerate(zip(self.start, self.told, strict=True), 1)
        ]
        parts = [exp(each - max(sums)) for each in sums]
        return {tone: part / sum(parts) for tone, part in zip(self.tones, parts, strict=True)}


def phrases(text: str) -> list[str]:
    """The words of two letters or more, and each two that stand together."""
    words = _WORD.findall(text.lower())
    return words + [f"{one} {other}" for one, other in pairwise(words)]


def told(spoken: Spoken) -> list[float]:
    """Everything but the words themselves, on scales of about one."""
    polarity, subjectivity = lexicon_score(spoken.text)
    count = max(1, len(spoken.text.split()))
    cues = [min(len(cue.findall(spoken.text)), 3) / count**0.5 for cue in _CUES]
    fine = float(bool(_FINE.search(spoken.text)))
    nothing = float(bool(_NOTHING.search(spoken.text)))
    only = float(bool(_ONLY_NOTHING.search(spoken.text)))
    heading = [float(spoken.heading == each) for each in HEADINGS]
    # "Nothing" is praise under worries and worry under what works well.
    asked_for_bad = float(spoken.heading in ("worries", "next"))
    asked_for_good = float(spoken.heading in ("working_well", "difference"))
    return [
        2 * max(polarity, 0.0),
        2 * max(-polarity, 0.0),
        subjectivity,
        *(2 * cue for cue in cues),
        fine,
        float(bool(_NEGATED.search(spoken.text))),
        *heading,
        nothing * asked_for_bad,
        nothing * asked_for_good,
        only * asked_for_bad,
        only * asked_for_good,
        2 * cues[0] * asked_for_bad,
        min(count, 30) / 30,
    ]


def written() -> list[tuple[Spoken, Tone]]:
    """The sentences that come with the program, with what they sound like."""
    data = yaml.safe_load(WRITTEN.read_text(encoding="utf-8"))
    return [
        (Spoken(text, data["headings"][letter]), tone)
        for tone in Tone
        for letter, texts in data[tone.value].items()
        for text in texts
    ]


def written_hash() -> str:
    """Which sentences come with the program."""
    return sha256(WRITTEN.read_bytes()).hexdigest()


@lru_cache(maxsize=1)
def tone_model() -> ToneModel:
    """What was learned from the sentences that come with the program."""
    kept = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return ToneModel(
        tones=tuple(Tone(each) for each in kept["tones"]),
        start=tuple(kept["start"]),
        told=tuple(tuple(row) for row in kept["told"]),
        words={phrase: tuple(row) for phrase, row in kept["words"].items()},
    )


def aggregate(sentences: Iterable[Spoken]) -> dict[str, Sounds]:
    """How many sentences under each heading sound like praise, worry, or neither.

    For sums alone, and always with `MEASURED` beside them: one sentence in some is heard wrong, so
    a sum of few says little.

    Args:
        sentences: of many families; the caller asks consent, and leaves out what may not be read.

    Returns:
        A sum a heading, in the order in which the headings came.
    """
    spoken = list(sentences)
    sums: dict[str, dict[str, int]] = {}
    for each, tone in zip(spoken, tone_model().likeliest(spoken), strict=True):
        counts = sums.setdefault(each.heading, {})
        counts[tone.value] = counts.get(tone.value, 0) + 1
    return {heading: Sounds(**counts) for heading, counts in sums.items()}


def leanings(sentences: Sequence[Spoken]) -> list[float]:
    """From -1 (worry) to 1 (praise): for putting sentences in order, and for nothing else."""
    return [chance[Tone.PRAISE] - chance[Tone.WORRY] for chance in tone_model().chances(sentences)]
