"""Who decides for a child, and since when decisions about them stand."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session


def standing_since(
    session: Session, interview_ids: Collection[UUID], now: datetime
) -> dict[UUID, datetime]:
    """From when on the decisions about each interview stand; missing: for ever."""
    return {}
