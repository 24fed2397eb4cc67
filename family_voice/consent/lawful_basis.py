"""The council's lawful basis for holding details and asking families. Not consent, and never mixed.

What a family agrees to is a row of `consent_decision`. What the law lets the council do is the
council's to say once, in its settings, with the assessment of the risks that goes with it (UK GDPR
articles 6, 9 and 35).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from family_voice.settings import PREFIX, Settings


@dataclass(frozen=True)
class LawfulBasis:
    """What the council rests on, and its data protection impact assessment."""

    basis: str
    reference: str
    assessment: str
    assessed_on: date


def lawful_basis(settings: Settings) -> LawfulBasis | None:
    """What was set, or None unless all of it was."""
    basis, reference = settings.lawful_basis, settings.lawful_basis_reference
    if basis and reference and settings.dpia_reference and settings.dpia_date is not None:
        return LawfulBasis(basis, reference, settings.dpia_reference, settings.dpia_date)
    return None


def missing(settings: Settings, today: date) -> list[str]:
    """One sentence for each thing that has to be set before a real family is asked; none if all is.

    Args:
        settings: of this installation.
        today: the date in London.
    """
    asked = (
        (settings.lawful_basis, "LAWFUL_BASIS", "what the law rests it on, such as `public task`."),
        (settings.lawful_basis_reference, "LAWFUL_BASIS_REFERENCE", "where that is written down."),
        (settings.dpia_reference, "DPIA_REFERENCE", "your data protection impact assessment's."),
        (settings.dpia_date, "DPIA_DATE", "the day it was signed, such as 2026-09-01."),
    )
    found = [f"Set {PREFIX}{name}: {advice}" for value, name, advice in asked if not value]
    if settings.dpia_date is not None and settings.dpia_date > today:
        found.append(
            f"{PREFIX}DPIA_DATE is still to come. Put the day the assessment was signed, and start "
            "once it is."
        )
    return found
