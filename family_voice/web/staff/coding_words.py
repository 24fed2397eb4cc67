"""What a press on the coding page changed, in a sentence that is read out."""

from __future__ import annotations

from family_voice.language.texts import gettext as _
from family_voice.language.texts import ngettext
from family_voice.themes.codebook import Codebook
from family_voice.themes.coding import Coded, Unit
from family_voice.themes.workbench import Bench


def what_changed(before: Coded, after: Coded) -> Unit | None:
    """The answer or sentence that a press changed, if it changed one."""
    for one, other in ((after, before), (before, after)):
        for coding in one.codings:
            if coding not in other.codings:
                return coding.unit
        for unit in one.none_apply - other.none_apply:
            return unit
    return None


def said(before: Coded, after: Coded, found: Bench, book: Codebook) -> str:
    """What a press changed: which codes came on or went off, where, and what is empty there."""
    put = [each for each in after.codings if each not in before.codings]
    off = [each for each in before.codings if each not in after.codings]
    names = {each.code: book.codes[each.code].name for each in [*put, *off]}
    parts = [
        _("No code applies to %(place)s.", place=_place(found, unit))
        for unit in after.none_apply - before.none_apply
    ]
    parts += [
        _("%(code)s is on %(place)s.", code=names[each.code], place=_place(found, each.unit))
        for each in put
    ]
    parts += [
        _("%(code)s is off %(place)s.", code=names[each.code], place=_place(found, each.unit))
        for each in off
    ]
    if not parts:
        parts = [
            _("Not decided any more: %(place)s.", place=_place(found, unit))
            for unit in before.none_apply - after.none_apply
        ]
    at = what_changed(before, after)
    answer = found.answer_to(at.prompt_id) if at else None
    if answer and answer.empty:
        parts.append(
            ngettext(
                "%(num)d sentence of the answer has nothing on it.",
                "%(num)d sentences of the answer have nothing on them.",
                len(answer.empty),
            )
        )
    return " ".join(parts) or _("Nothing was changed.")


def _place(found: Bench, unit: Unit) -> str:
    answer = found.answer_to(unit.prompt_id)
    if answer is None:
        return _("an answer that was taken back")
    line = answer.line(unit.sentence_id)
    if line is None:
        return _("answer %(number)d", number=answer.number)
    return _("sentence %(number)d of answer %(answer)d", number=line.number, answer=answer.number)
