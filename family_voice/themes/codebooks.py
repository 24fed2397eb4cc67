"""The codebook as it is kept: the starter until somebody changes it, then a version a change."""

from __future__ import annotations

from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.storage.locking import Missing, until_it_ends
from family_voice.themes.codebook import Codebook, from_plain, load_codebook
from family_voice.themes.codebook_models import CodebookVersion
from family_voice.themes.coding_log import Follow

_KNOWN = "codebook"


def current(session: Session) -> Codebook:
    """The newest codebook kept; the one that comes with the program when nothing was changed."""
    if _KNOWN not in until_it_ends(session):
        kept_anew(session, newest_kept(session))
    return cast(Codebook, until_it_ends(session)[_KNOWN])


def newest_kept(session: Session) -> Codebook:
    """As `current`, asking the database whatever this transaction knows already."""
    newest = select(CodebookVersion.content).order_by(CodebookVersion.version.desc()).limit(1)
    content = session.scalar(newest)
    return load_codebook() if content is None else from_plain(content)


def at_version(session: Session, version: int) -> Codebook:
    """The codebook as it was.

    Raises:
        Missing: if there never was such a version.
    """
    kept = select(CodebookVersion.content).where(CodebookVersion.version == version)
    content = session.scalar(kept)
    if content is not None:
        return from_plain(content)
    if version != load_codebook().version:
        raise Missing(CodebookVersion.__tablename__)
    return load_codebook()


def followed(session: Session) -> Follow:
    """Which code counted for a code at a version: itself, or what it had been merged into."""
    rows = session.execute(select(CodebookVersion.version, CodebookVersion.merged))
    merged = {version: became for version, became in rows if became}
    return lambda code, version: merged.get(version, {}).get(code, code)


def kept_anew(session: Session, book: Codebook) -> None:
    """Let this transaction know a codebook that it has just kept."""
    until_it_ends(session)[_KNOWN] = book
