"""What checking the trail found, in sentences: for the operator's screen and the officer's page."""

from __future__ import annotations

from family_voice.language.texts import gettext as _
from family_voice.language.texts import ngettext
from family_voice.security.chaining import Problem, Trouble


def sentence(problem: Problem) -> str:
    """One thing that is wrong, and where."""
    first, last = problem.first, problem.last
    match problem.trouble:
        case Trouble.EDITED:
            return _("Row %(row)s was changed after it was written.", row=problem.where)
        case Trouble.BROKEN:
            return _("Row %(row)d does not follow from the row before it.", row=first)
        case Trouble.UNREADABLE:
            return _(
                "Row %(row)d cannot be read. It and those after it were not checked.", row=first
            )
        case Trouble.MISSING:
            return _rows_missing(first, last)
        case Trouble.CUT:
            return _rows_missing(first, last) + " " + _("They were at the end and were anchored.")
        case Trouble.ANCHOR_EDITED:
            return _("Line %(line)d of the anchors is not as it was written.", line=first)
        case Trouble.NOT_AS_ANCHORED:
            return _("Row %(row)d is not the one that was anchored.", row=first)
        case Trouble.BACKWARDS:
            return _("The trail was begun again from row %(row)d.", row=first)
        case Trouble.NOT_ANCHORED:
            return _(
                "Rows %(first)d to %(last)d are sealed, but no anchor covers them: anchors are "
                "missing.",
                first=first,
                last=last,
            )
        case Trouble.NO_KEY:
            return ngettext(
                "%(num)d part could not be checked, because master key %(version)d is not among "
                "the keys. Put it back to check.",
                "%(num)d parts could not be checked, because master key %(version)d is not among "
                "the keys. Put it back to check.",
                last,
                version=first,
            )


def _rows_missing(first: int, last: int) -> str:
    if first == last:
        return _("Row %(row)d is missing.", row=first)
    return _("Rows %(first)d to %(last)d are missing.", first=first, last=last)
