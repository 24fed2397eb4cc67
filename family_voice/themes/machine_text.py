"""What the machine reads of an account: what is kept from nobody, in English, answer by answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from family_voice.interviews.record import account
from family_voice.interviews.translating import READ_BY_ALL
from family_voice.interviews.words import Piece, SentenceView, without_kept_back

#: Between two sentences as the machine reads them.
BETWEEN = " "
Spans = Sequence[tuple[int, int]]


@dataclass(frozen=True)
class ReadAnswer:
    """One answer as the machine reads it: its sentences, the heading it was asked under."""

    prompt_id: str
    heading_id: str
    sentences: tuple[tuple[UUID, str], ...]

    @property
    def text(self) -> str:
        """All of it."""
        return BETWEEN.join(text for _sentence_id, text in self.sentences)

    def by_sentence(self, spans: Spans) -> dict[str, list[list[int]]]:
        """Spans of the whole as spans of its sentences, by sentence id; what spans two is cut."""
        found: dict[str, list[list[int]]] = {}
        begins = 0
        for sentence_id, text in self.sentences:
            for start, end in spans:
                first, last = max(start - begins, 0), min(end - begins, len(text))
                if first < last:
                    found.setdefault(str(sentence_id), []).append([first, last])
            begins += len(text) + len(BETWEEN)
        return found


def read(session: Session, interview_id: UUID) -> tuple[ReadAnswer, ...]:
    """An account as the machine may read it.

    A sentence that is kept from the people who work with the family is read by no machine: what it
    says could come out in a suggestion that they see. Of another language it reads the translation.

    Raises:
        Erased: if the words are gone.
        Missing: if there is no such account.
    """
    found = []
    for answer in without_kept_back(account(session, interview_id)).answers:
        sentences = tuple(
            (sentence.id, text)
            for piece in answer.pieces
            for sentence in piece.sentences
            if (text := _english(sentence, piece))
        )
        if sentences:
            found.append(ReadAnswer(answer.prompt_id, answer.heading_id, sentences))
    return tuple(found)


def _english(sentence: SentenceView, piece: Piece) -> str:
    if sentence.translation is not None:
        return sentence.translation.text
    return sentence.text if piece.language == READ_BY_ALL else ""
