"""What the panel's pages call things. The records keep ids; people read these."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from family_voice.interviews.events import Channel, Manner
from family_voice.interviews.manners import Helper, is_theirs
from family_voice.interviews.translating import Translation
from family_voice.language.formats import in_words
from family_voice.language.texts import lazy as _
from family_voice.reports.case_pack import CasePack, FullAnswer, PackLine
from family_voice.reports.childs_voice import ChildsVoice
from family_voice.web.shared.voices import HELPERS, MANNERS
from family_voice.web.staff.labels import RELATIONSHIPS, year_group

CHANNELS = {
    Channel.WEB: _("on the web"),
    Channel.TEXT: _("by text message"),
    Channel.TELEPHONE: _("by telephone"),
    Channel.VIDEO: _("by video call"),
    Channel.FACE_TO_FACE: _("face to face"),
    Channel.RELAY: _("by Relay UK"),
    Channel.SIGNED: _("in British Sign Language"),
    Channel.FORM: _("on a form"),
}
VOICES = {
    ChildsVoice.OWN_WORDS: _("In the child's own words."),
    ChildsVoice.CHOSE: _("From what the child chose, among pictures and words put to them."),
    ChildsVoice.OBSERVED: _("From what people who know the child have seen the child do."),
    ChildsVoice.THROUGH_OTHERS: _("Only through others. There is nothing here from the child."),
    ChildsVoice.NOT_KNOWN: _("Not known."),
}


def relationship(kept: str) -> str:
    """Who somebody is to the child; the child alike by whichever name the record has."""
    if kept in ("child", "young_person"):
        return str(_("The child or young person"))
    if kept == "all":
        return str(_("All together"))
    return str(RELATIONSHIPS.get(kept) or _("Somebody close to the child"))


def told_by(line: PackLine | Run) -> str:
    """Who told it, and in whose words: what was seen of a child is not what the child said."""
    who = relationship(line.relationship)
    if line.is_child:
        who = str(_("The child"))
    told = str(_told(line.manner, line.is_child)) % {"who": who}
    if line.helped_by in HELPERS:
        return f"{told}, {HELPERS[line.helped_by]}"
    return told


def _told(manner: Manner, is_child: bool) -> object:
    match manner:
        case Manner.OBSERVED:
            return _("The child, as seen") if is_child else _("%(who)s, as seen")
        case Manner.THROUGH_PARENT if is_child:
            return _("The child, as a parent tells it")
        case Manner.THROUGH_PARENT:
            return _("%(who)s, on what the child thinks")
        case Manner.SPOKEN_FOR:
            return _("%(who)s, speaking for them")
        case Manner.PROFESSIONAL:
            return _("%(who)s, as a professional")
        case Manner.SUMMARY:
            return _("%(who)s, summed up")
        case Manner.CHOSE:
            return _("%(who)s, chosen")
        case _own:
            return "%(who)s"


def kind_of_plan(pack: CasePack) -> str:
    """The framework's name of the plan type."""
    return pack.framework.names.get(pack.plan_type, pack.plan_type)


def placement(pack: CasePack) -> str:
    """The framework's name of the placement."""
    return pack.framework.names.get(pack.placement, pack.placement)


# Characters to a line and lines to a side, measured on the printed page at the ordinary size.
_FAMILYS_LINE, _VIEWS_LINE = 72, 36
_SIZES = (("large", 31), ("roomy", 39), ("full", 50))


def fit(pack: CasePack) -> str:
    """How the first side is set so that it stays one side: large, roomy, full or packed."""
    height = 0
    for question in pack.questions:
        said = sum(
            1 + (len(line.text) + 18) // _FAMILYS_LINE
            for part in question.parts
            for line in part.lines
        ) + sum(bool(part.name) for part in question.parts)
        seen = sum(
            max(1 + len(view.words if view else "") // _VIEWS_LINE, 1 + len(name) // 12)
            for _id, name, view in question.views
        )
        height += 2 + max(said, seen)
    height += len(pack.speakers)
    return next((name for name, most in _SIZES if height <= most), "packed")


@dataclass(frozen=True)
class Run:
    """Sentences of an answer that follow each other with the same codes, mark and speaker.

    One that is translated stands alone.
    """

    text: str
    codes: tuple[str, ...]
    not_for_workers: bool
    is_child: bool
    relationship: str
    manner: Manner
    helped_by: Helper | None
    language: str
    translation: Translation | None
    joint: bool
    first: UUID = field(compare=False)
    last: UUID = field(compare=False)


def runs(answer: FullAnswer) -> list[Run]:
    """An answer as the rows overleaf; codes on the whole answer stand at its first row."""
    joint = len({line.relationship for line in answer.lines}) > 1
    found: list[Run] = []
    for line in answer.lines:
        run = Run(
            line.text,
            line.codes,
            line.not_for_workers,
            line.is_child,
            line.relationship,
            line.manner,
            line.helped_by,
            line.language,
            line.translation,
            joint,
            line.sentence_id,
            line.sentence_id,
        )
        last = found[-1] if found else None
        if last and not line.codes and replace(last, text=line.text) == run:
            found[-1] = replace(last, text=f"{last.text} {line.text}", last=run.last)
        else:
            found.append(run)
    first = found[0]
    return [replace(first, codes=tuple(dict.fromkeys((*answer.codes, *first.codes)))), *found[1:]]


def in_a_sentence(labels: Mapping[Any, object]) -> Callable[[Iterable[object]], str]:
    """A filter that puts several labels into one sentence."""
    return lambda kept: in_words([str(labels.get(each, each)) for each in kept])


def speakers(kept: Iterable[str]) -> str:
    """Everybody who spoke in one conversation."""
    return in_words(list(dict.fromkeys(relationship(each) for each in kept)))


LABELS = {
    "VOICES": VOICES,
    "channels": in_a_sentence(CHANNELS),
    "manners": in_a_sentence(MANNERS),
    "runs": runs,
    "speakers": speakers,
    "told_by": told_by,
    "is_theirs": is_theirs,
    "relationship": relationship,
    "kind_of_plan": kind_of_plan,
    "placement": placement,
    "year_group": year_group,
    "fit": fit,
}
