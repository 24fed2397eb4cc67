"""The theme model: it learns from what people coded, and from the codebook before there is any.

Pure: no database, no clock, no network. numpy and scipy are imported here and below, so nothing
that serves pages may import this module at its start.

A text is scored by how alike it is to the texts that were coded (ridge), and by how much of a
code's own words are in it (prior); one small logistic regression a code weighs the two, and the
fewer examples a code has, the more the codebook counts. Texts that none of it learned from then
say how sure it may be.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from family_voice.themes import calibration, reasons, ridge, views
from family_voice.themes.calibration import Floats
from family_voice.themes.features import Block, piece_counts, word_counts
from family_voice.themes.prior import CodeNote, Prior
from family_voice.themes.views import Seen, Singles

__all__ = ["CodeNote", "Example", "Model", "ModelUnusable", "NothingToLearnFrom", "learn"]

VERSION = "2"  # of this way of learning
AT_ONCE = 512  # texts that are scored together
RATE_FROM = 300  # texts' worth of the usual rate, until a code shows its own
TRUST_FROM = 8  # examples of a code at which what was learned counts as much as the codebook
CHECKED_FROM = 30  # texts: from so many on, some are kept back to check how sure it may be
CHECKS = 3
PHRASES_UNTIL = 500  # coded texts; with thousands, what the codebook says so shortly misleads
Texts = Sequence[tuple[str, str]]
Progress = Callable[[int, int], None]


class ModelUnusable(Exception):
    """A kept model cannot be used; the message says why and what to do."""


class NothingToLearnFrom(Exception):
    """There is neither a coded text nor a codebook; the message says so."""


@dataclass(frozen=True, repr=False)
class Example:
    """A text that people coded. Texts of one `group` are never parted by cross-validation."""

    text: str
    question: str
    codes: frozenset[str]
    group: str = ""

    @property
    def kept_with(self) -> str:
        """What it must not be parted from: its group, else the same words."""
        return f"g{self.group}" if self.group else f"t{' '.join(self.text.split()).casefold()}"


@dataclass(frozen=True)
class Embed:
    """A sentence-embedding model: rows of length one, and by which name it is known again."""

    name: str
    rows: Callable[[Sequence[str]], Singles]


@dataclass(frozen=True, repr=False)
class Eyes:
    """What turns texts into rows of numbers."""

    words: Block
    pieces: Block
    questions: tuple[str, ...]
    prior: Prior
    embed: Embed | None

    def see(self, texts: Texts) -> Seen:
        """A row for each (text, question). A question never met is none of those known."""
        words = self.words.matrix([word_counts(text) for text, _question in texts])
        small = self.pieces.matrix([piece_counts(text) for text, _question in texts])
        asked = np.zeros((len(texts), len(self.questions)), np.float32)
        for at, (_text, question) in enumerate(texts):
            if question in self.questions:
                asked[at, self.questions.index(question)] = 1
        meaning = None
        if self.embed is not None:
            meaning = self.embed.rows([text for text, _question in texts])
        return Seen(words, small, asked, self.prior.scores(words, small), meaning)


@dataclass(frozen=True, repr=False)
class Model:
    """What was learned. `suggest` is its only verdict; `words` says which words caused it."""

    codebook_version: int
    data_hash: str  # of the examples and notes learned from
    version: str  # of the way of learning
    codes: tuple[str, ...]
    always_one: bool  # whether every text learned from had a code
    eyes: Eyes
    rows: Seen  # of the texts learned from
    learned: tuple[Singles, ...]  # for each view, a weight for each text and code
    counts: Floats  # for each code, how many examples it had
    texts: int  # that people coded, of the rows
    weighing: Floats  # for each code, what each part of its score counts
    sharpness: tuple[float, float]
    cuts: Floats

    @property
    def thresholds(self) -> dict[str, float]:
        """From which probability each code is worth offering."""
        return dict(zip(self.codes, map(float, self.cuts), strict=True))

    def suggest(self, texts: Texts) -> list[dict[str, float]]:
        """For each (text, question): each code's probability, calibrated; 0 if nothing is said."""
        return [
            dict(zip(self.codes, map(float, row), strict=True)) for row in self.probabilities(texts)
        ]

    def chosen(self, scores: dict[str, float]) -> list[str]:
        """The codes that are worth offering for a text with these scores, the surest first.

        If every text that was learned from had a code, the likeliest is among them; an empty text
        has none.
        """
        if not any(scores.values()):
            return []
        cuts = self.thresholds
        ordered = sorted(scores, key=lambda code: -scores[code])
        over = [code for code in ordered if scores[code] >= cuts[code]]
        if not over and self.always_one:
            return [max(ordered, key=lambda code: scores[code] / cuts[code])]
        return over

    def words(self, text: str, question: str, code: str) -> tuple[tuple[int, int], ...]:
        """Where the words stand that caused a code (code points, end exclusive), in order.

        Raises `KeyError` if the model does not know the code.
        """
        if code not in self.codes:
            raise KeyError(code)
        at = self.codes.index(code)
        seen = self.eyes.see([(text, question)])
        score_parts, note_part = _shares(self.weighing[at], len(self.learned), self._trust[at])
        by_words, by_pieces = self.eyes.prior.part(at, note_part, seen.words, seen.pieces)
        for share, own, view in zip(score_parts, self.learned, views.BY_WORDS, strict=False):
            if view and len(self.rows):
                pull = share * own[:, at] * views.pull(seen, self.rows)
                by_words = by_words + self.rows.words.T @ pull
                by_pieces = by_pieces + self.rows.pieces.T @ pull
        return reasons.spans(text, self.eyes.words, by_words, self.eyes.pieces, by_pieces)

    def to_bytes(self) -> bytes:
        """The model as numbers and JSON, to be kept where families' words may be kept."""
        from family_voice.themes.kept_model import to_bytes

        return to_bytes(self)

    @staticmethod
    def from_bytes(
        kept: bytes, *, codebook_version: int | None = None, embed: Embed | None = None
    ) -> Model:
        """The model that was kept. Raises `ModelUnusable`; see `kept_model.from_bytes`."""
        from family_voice.themes.kept_model import from_bytes

        return from_bytes(kept, codebook_version=codebook_version, embed=embed)

    def probabilities(self, texts: Texts) -> Floats:
        """Texts x codes."""
        slope, shift = self.sharpness
        said = np.array([[bool(text.strip())] for text, _question in texts])
        return np.where(said, calibration.sigmoid(slope * self.logits(texts) + shift), 0.0)

    def logits(self, texts: Texts) -> Floats:
        """Texts x codes, before it was checked how sure it may be."""
        found = np.zeros((len(texts), len(self.codes)))
        for begin in range(0, len(texts), AT_ONCE):
            seen = self.eyes.see(texts[begin : begin + AT_ONCE])
            alike = views.likenesses(seen, self.rows)
            scores = [each @ own for each, own in zip(alike, self.learned, strict=True)]
            parts = score_parts(scores, seen, self.counts, self.texts)
            found[begin : begin + AT_ONCE] = (parts * self.weighing[None]).sum(axis=2)
        return found

    @property
    def _trust(self) -> Floats:
        return np.asarray(self.counts / (self.counts + TRUST_FROM))


def score_parts(scores: Sequence[Singles], seen: Seen, counts: Floats, texts: int) -> Floats:
    """Texts x codes x the parts that a code's score is weighed from; the first is always 1."""
    shape = seen.codebook.shape
    rate = (counts + RATE_FROM * _usual_rate(counts, texts)) / (texts + RATE_FROM)
    trust = counts / (counts + TRUST_FROM)
    note = 5 * np.asarray(seen.codebook, np.float64)
    parts: list[Floats] = [np.ones(shape), np.broadcast_to(calibration.logit(rate), shape)]
    parts += [4 * (np.asarray(each, np.float64) - rate) for each in scores]
    parts += [4 * (scores[0] - rate) * trust, note, note * (1 - trust)]
    parts += [note - note.max(axis=1, keepdims=True)]  # another code's words say: not this one
    parts += [np.broadcast_to(column[:, None], shape) for column in seen.question.T]
    return np.stack(parts, axis=2)


def _default_weighing(views_count: int, questions: int) -> Floats:
    """How the parts are weighed before anything taught better: the codebook's words decide."""
    learned = [1 / views_count] * views_count
    return np.array([0.0, 1.0, *learned, 0.0, 1.5, 1.5, 0.5, *[0.0] * questions])


def _shares(weights: Floats, views_count: int, trust: float) -> tuple[list[float], float]:
    """How much the score of each view, and the codebook's, moves the logit of one code."""
    scores = [4 * float(each) for each in weights[2 : 2 + views_count]]
    rest = weights[2 + views_count :]
    scores[0] += 4 * float(rest[0]) * trust
    return scores, 5 * float(rest[1] + rest[2] * (1 - trust) + rest[3])


def _usual_rate(counts: Floats, texts: int) -> float:
    """How often a code is put on a text, over all codes; a guess while little was coded."""
    return float((counts.mean() + 1) / (texts + 20))


def learn(
    examples: Sequence[Example],
    notes: Sequence[CodeNote],
    *,
    codebook_version: int = 0,
    progress: Progress | None = None,
    embed: Embed | None = None,
) -> Model:
    """Learn from coded texts and the codebook; either may be empty, not both.

    Args:
        examples: what people coded. A code that no note speaks of is known by its id alone.
        notes: the codebook.
        codebook_version: kept with the model.
        progress: told how many steps of how many are done.
        embed: a sentence-embedding model, if there is one.

    Raises:
        NothingToLearnFrom: no code at all, in neither.
    """
    known = {each.id for each in notes}
    unknown = sorted(set().union(*(each.codes for each in examples)) - known)
    notes = [*notes, *(CodeNote(code, code, "", ()) for code in unknown)]
    if not notes:
        raise NothingToLearnFrom("There is no code to learn. Give coded texts, or a codebook.")
    checks = CHECKS if len({each.kept_with for each in examples}) >= CHECKED_FROM else 0
    steps = checks + 1
    if embed is not None:
        embed = remembering(embed)
    logits, truth = np.zeros((len(examples), len(notes))), _truth(examples, notes)
    for number, (rest, kept) in enumerate(parts_apart(examples, checks)):
        checked = _learn([examples[at] for at in rest], notes, embed)
        logits[kept] = checked.logits([(examples[at].text, examples[at].question) for at in kept])
        if progress:
            progress(number + 1, steps)
    model = _learn(examples, notes, embed)
    if checks:
        slope, shift = calibration.sharpness(logits, truth)
        sure = calibration.sigmoid(slope * logits + shift)
        cuts = calibration.thresholds(sure, truth)
        model = replace(model, sharpness=(slope, shift), cuts=cuts)
    if progress:
        progress(steps, steps)
    return replace(model, codebook_version=codebook_version, data_hash=data_hash(examples, notes))


def parts_apart(
    examples: Sequence[Example], count: int, salt: str = "check"
) -> list[tuple[list[int], list[int]]]:
    """Parts of the examples' places, (the rest, the part), that share no group.

    Drawn by chance from the words themselves, so the same texts are always parted alike; another
    `salt` parts them otherwise.
    """
    which: dict[str, int] = {}
    for each in sorted(
        {each.kept_with for each in examples},
        key=lambda key: hashlib.sha256(_utf8(salt + key)).digest(),
    ):
        which[each] = len(which) % max(1, count)
    part = [which[each.kept_with] for each in examples]
    places = range(len(examples))
    return [
        ([at for at in places if part[at] != each], [at for at in places if part[at] == each])
        for each in range(count)
    ]


def phrases(notes: Sequence[CodeNote]) -> list[Example]:
    """What the codebook says shortly, and its examples, each with the codes that say so."""
    put: dict[str, set[str]] = {}
    for note in notes:
        for phrase in note.phrases:
            put.setdefault(" ".join(phrase.split()).casefold(), set()).add(note.id)
    return [Example(said, "", frozenset(codes)) for said, codes in put.items()]


def data_hash(examples: Sequence[Example], notes: Sequence[CodeNote]) -> str:
    """What the model was made of, to know it again; the order does not count."""
    coded = sorted([each.text, each.question, sorted(each.codes), each.group] for each in examples)
    told = sorted([each.id, each.name, each.description, list(each.examples)] for each in notes)
    return hashlib.sha256(json.dumps([coded, told]).encode()).hexdigest()


def _learn(examples: Sequence[Example], notes: Sequence[CodeNote], embed: Embed | None) -> Model:
    """Learn, and be as sure as leaving one text out at a time says."""
    words = Block.of(
        [word_counts(each.text) for each in examples], [word_counts(each.words) for each in notes]
    )
    small = Block.of(
        [piece_counts(each.text) for each in examples], [piece_counts(each.words) for each in notes]
    )
    questions = tuple(sorted({each.question for each in examples if each.question}))
    eyes = Eyes(words, small, questions, Prior.of(notes, words, small), embed)
    # The codebook's phrases are learned from as if they had been coded, until people did enough.
    taught = [*examples, *(phrases(notes) if len(examples) < PHRASES_UNTIL else ())]
    rows = eyes.see([(each.text, each.question) for each in taught])
    put = np.asarray(_truth(taught, notes), np.float32)
    groups = [each.kept_with for each in taught]
    fits = [ridge.fit(each, put, groups) for each in views.likenesses(rows, rows)]
    count, truth = len(examples), _truth(examples, notes)
    counts, coded = truth.sum(axis=0), rows.first(count)
    parts = score_parts([each.left_out[:count] for each in fits], coded, counts, count)
    default = _default_weighing(len(fits), len(questions))
    weighing = calibration.pooled_then_own(parts, truth, default)
    sure = calibration.sigmoid((parts * weighing[None]).sum(axis=2))
    return Model(
        0, "", VERSION, tuple(each.id for each in notes),
        bool(examples) and all(each.codes for each in examples if each.text.strip()),
        eyes, rows, tuple(each.weights for each in fits), counts, count, weighing, (1.0, 0.0),
        calibration.thresholds(sure, truth),
    )  # fmt: skip


def _truth(examples: Sequence[Example], notes: Sequence[CodeNote]) -> Floats:
    put = [[note.id in each.codes for note in notes] for each in examples]
    return np.array(put, np.float64).reshape(len(examples), len(notes))


def remembering(embed: Embed) -> Embed:
    """The same, reading each text once: embedding is what takes long."""
    known: dict[str, Singles] = {}

    def remembered(texts: Sequence[str]) -> Singles:
        new = [text for text in dict.fromkeys(texts) if text not in known]
        known.update(zip(new, embed.rows(new), strict=True))
        return np.stack([known[text] for text in texts]) if texts else embed.rows([])

    return Embed(embed.name, remembered)


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
