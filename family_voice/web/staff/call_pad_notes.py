"""The notes of the call pad's page: how they are shown, posted and kept.

A note's place on the page is named by the fragment it shows, or by an id made for it if it is new.
The page's one button and the script that saves while typing both come through `keep`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID, uuid4

from werkzeug.datastructures import MultiDict

from family_voice.cases.permission import works_with_family
from family_voice.interviews.events import NOTES, Channel, Manner
from family_voice.interviews.guide import Guide, Prompt
from family_voice.interviews.noting import MayNotKeep, Newer, Note, Sent, Taken, take_down
from family_voice.interviews.state import State
from family_voice.interviews.words import Account, Piece
from family_voice.language.texts import gettext as _
from family_voice.language.texts import lazy
from family_voice.web.access import current_staff
from family_voice.web.services import db, now
from family_voice.web.shared.fields import LONGEST_ANSWER, tidy
from family_voice.web.shared.forms import id_in

MANNERS = {
    Manner.OWN_WORDS: lazy("Own words"),
    Manner.SUMMARY: lazy("Summary"),
    Manner.OBSERVED: lazy("Observed"),
    Manner.THROUGH_PARENT: lazy("Child’s view, through a parent"),
}
# Who speaks for somebody says it in their own words, not in those of the one they speak for.
ADVOCATES = {
    Manner.SPOKEN_FOR: lazy("Spoken for them"),
    Manner.SUMMARY: lazy("Summary"),
    Manner.OBSERVED: lazy("Observed"),
}
# A social worker speaks as one, whatever is said.
PROFESSIONAL = {Manner.PROFESSIONAL: lazy("A professional's words")}
# Words are somebody's own only where the lead says so.
USUAL = Manner.SUMMARY
SELF = "self"
SPEAKERS = {
    SELF: lazy("The person you are talking with"),
    "child": lazy("The child or young person"),
    "mother": lazy("Mother"),
    "father": lazy("Father"),
    "other": lazy("Somebody else"),
    "all": lazy("All together"),
}
MINE, BOTH, THEIRS = "mine", "both", "theirs"


@dataclass(frozen=True)
class Slot:
    """One box for a note. `standing` is what stands instead, where there is a conflict."""

    prompt_id: str
    key: UUID
    known: tuple[UUID, ...]
    text: str = ""
    manner: Manner = USUAL
    speaker: str = SELF
    piece: Piece | None = None
    standing: tuple[Piece, ...] | None = None
    choice: str = ""
    new_id: UUID | None = None
    problem: str = ""

    @property
    def known_text(self) -> str:
        """The ids it is known by, as the page carries them."""
        return ",".join(each.hex for each in self.known)

    @property
    def standing_text(self) -> str:
        """The ids of what stands instead."""
        return ",".join(each.fragment_id.hex for each in self.standing or ())


@dataclass(frozen=True)
class Asked:
    """One prompt on the pad: what the family gave by itself, and the boxes for notes."""

    id: str
    prompt: Prompt | None
    theirs: tuple[Piece, ...]
    slots: tuple[Slot, ...]
    spare: Slot
    skipped: bool
    pointed: bool = False

    @property
    def done(self) -> bool:
        """Something stands here."""
        noted = any(slot.piece or slot.standing for slot in self.slots)
        return bool(self.theirs) or self.pointed or noted


@dataclass
class Kept:
    """What became of everything that was posted."""

    slots: list[Slot] = field(default_factory=list)
    sent_meanwhile: bool = False
    refused: bool = False

    @property
    def well(self) -> bool:
        """All of it is kept."""
        return not (self.slots or self.refused)


def asked(
    prompt_id: str, guide: Guide, account: Account, state: State, posted: Sequence[Slot] = ()
) -> Asked:
    """One prompt as the pad shows it, with posted boxes before those that the database knows."""
    answer = account.answer(prompt_id)
    pieces = answer.pieces if answer else ()
    own = [slot for slot in posted if slot.prompt_id == prompt_id]
    shown = {each for slot in own for each in slot.known}
    shown |= {p.fragment_id for slot in own for p in slot.standing or ()}
    slots = own + [
        Slot(
            prompt_id,
            piece.fragment_id,
            (piece.fragment_id,),
            piece.text,
            piece.manner,
            piece.speaker,
            piece,
        )
        for piece in pieces
        if piece.recorded_by is not None
        and piece.manner is not Manner.CHOSE  # the buttons beside the question show it
        and piece.fragment_id not in shown
    ]
    key = uuid4()
    return Asked(
        prompt_id,
        None if prompt_id == NOTES else guide.prompt(prompt_id),
        tuple(piece for piece in pieces if piece.recorded_by is None),
        tuple(slots),
        Slot(prompt_id, key, (key,)),
        prompt_id in state.skipped,
        any(piece.manner is Manner.CHOSE for piece in pieces),
    )


def posted(form: MultiDict[str, str], guide: Guide) -> list[Slot]:
    """The boxes that a request brings, as far as they can be read."""
    found = []
    for name in dict.fromkeys(form.getlist("note[]")):
        key = id_in(name)
        prompt_id = form.get(f"n.{name}.prompt", "")
        if key is None or (prompt_id != NOTES and prompt_id not in guide.prompts):
            continue
        known = tuple(_ids(form.get(f"n.{name}.known", ""))) or (key,)
        manner = form.get(f"n.{name}.manner", "")
        speaker = form.get(f"n.{name}.speaker", SELF)
        found.append(
            Slot(
                prompt_id,
                key,
                known,
                tidy(form.get(f"n.{name}.words", "")),
                Manner(manner) if manner in set(Manner) else USUAL,
                speaker if speaker in SPEAKERS else SELF,
                choice=form.get(f"n.{name}.choose", ""),
                new_id=id_in(form.get(f"n.{name}.as", "")),
                standing=() if f"n.{name}.standing" in form else None,
            )
        )
    return [_settled(slot, form) for slot in found]


def keep(interview_id: UUID, slots: Iterable[Slot], channel: Channel) -> Kept:
    """Keep what was posted. What cannot be kept now comes back as boxes, with the reason."""
    kept = Kept()
    for slot in slots:
        if slot.choice == THEIRS:
            continue
        if len(slot.text) > LONGEST_ANSWER:
            words = _(
                "This is too long for one note: it has %(length)d letters and there is room for "
                "%(longest)d. Move some of it into another note. Nothing is lost.",
                length=len(slot.text),
                longest=LONGEST_ANSWER,
            )
            kept.slots.append(replace(slot, problem=words))
            continue
        try:
            keep_one(interview_id, slot, channel)
        except Newer as newer:
            standing = _readable(interview_id, newer.standing)
            kept.slots.append(replace(slot, standing=standing, choice="", new_id=uuid4()))
        except Sent:
            kept.sent_meanwhile = True
            kept.slots.append(slot)
        except MayNotKeep:
            kept.refused = True
            if slot.text.strip():
                kept.slots.append(slot)
    return kept


def keep_one(interview_id: UUID, slot: Slot, channel: Channel) -> Taken:
    """Keep one box. Raises what `noting.take_down` does."""
    return take_down(
        db(),
        interview_id,
        Note(slot.prompt_id, slot.known, slot.text, slot.manner, slot.speaker, slot.new_id),
        channel=channel,
        by=current_staff().id,
        now=now(),
    )


def piece_of(name: str, slots: Iterable[Slot], state: State) -> UUID | None:
    """The piece that stands where a button of the page was: by its own id, or by its box's."""
    key = id_in(name)
    for slot in slots:
        if slot.key == key:
            standing = state.answers.get(slot.prompt_id, ())
            known = [each for each in standing if each in {*slot.known, slot.new_id}]
            # A note that was typed over has a piece of its own, the newest there.
            return next(iter([*known, *reversed(standing)]), None)
    return key


def _readable(interview_id: UUID, standing: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """Those of the pieces that whoever writes may read whole."""
    if not works_with_family(db(), interview_id, current_staff().id):
        return standing
    return tuple(each for each in standing if not each.keeps_back)


def _settled(slot: Slot, form: Mapping[str, str]) -> Slot:
    """A box after its conflict was shown: what they chose decides what it stands over."""
    if slot.standing is None:
        return slot
    shown = tuple(_ids(form.get(f"n.{slot.key.hex}.standing", "")))
    made = (slot.new_id or uuid4(),)
    # Known by an id made when both were shown, so that pressing twice is still one note.
    known = {MINE: (*shown, *made), BOTH: made}.get(slot.choice, slot.known)
    return replace(slot, known=known, new_id=made[0], standing=None)


def _ids(text: str) -> list[UUID]:
    return [each for each in map(id_in, text.split(",")) if each is not None]
