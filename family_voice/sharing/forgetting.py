"""Letting go of who stands behind figures. What was published stays as it is.

A release is never corrected downwards: the difference would point at the family. Releases, packs
and previews are worked out anew each time, so none waits to be rebuilt; whoever took consent back
is in no later one. Quotes are no release: they go at once (see `quotes`).
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.sharing.models import Release
from family_voice.sharing.releases import THEMES
from family_voice.storage.base import new_id


def forget(session: Session, family_id: UUID) -> int:
    """Let no release say any more that this family's themes are in its figures.

    What is compared with later releases is how many families came or went, so a name that means
    nothing does as well. The table of who took part rests on the sample, not on consent; it stays.

    Args:
        session: a writing session.
        family_id: a family of which no account may be counted any more.

    Returns:
        In how many releases it was.
    """
    was, instead = str(family_id), str(new_id())
    found = 0
    for release in session.scalars(select(Release).with_for_update()):
        themes = release.basis.get(THEMES)
        if themes is None or was not in themes["families"]:
            continue
        release.basis = {
            **release.basis,
            THEMES: {
                **themes,
                "families": _renamed(themes["families"], was, instead),
                "rows": {
                    label: _renamed(families, was, instead)
                    for label, families in themes["rows"].items()
                },
            },
        }
        found += 1
    session.flush()
    return found


def published(session: Session, round_id: UUID) -> bool:
    """Whether figures were made public that a round's families are part of."""
    return session.scalar(select(Release.id).where(Release.round_id == round_id)) is not None


def _renamed(families: list[str], was: str, instead: str) -> list[str]:
    return sorted(instead if each == was else each for each in families)
