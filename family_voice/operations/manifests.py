"""What a backup says of itself, without any personal data: when, what, how much, and the hashes.

A backup is a manifest, the tables beside it, and the key table in a folder of its own. Key copies
are kept for 30 days: after that a word whose key was destroyed is gone from every backup too.
"""

from __future__ import annotations

import hmac
import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from family_voice.security.keyring import Keyring
from family_voice.security.sealed_files import (
    UNFINISHED,
    BrokenFile,
    finishing,
    header_of,
    keep_names,
)

KEPT = timedelta(days=30)
USE = "backup-manifest"
MANIFEST, TABLES, KEYS = ".manifest.json", ".tables", ".keys"
#: A file that a killed backup left behind; no backup takes so long.
LEFT_BEHIND = timedelta(days=1)


@dataclass(frozen=True)
class SealedFile:
    """One file of a backup: its name, length in bytes, and SHA-256."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Content:
    """How many rows of a table, and the sum of their hashes."""

    rows: int
    digest: str


@dataclass(frozen=True)
class Manifest:
    """One backup. `keys_until` is when its copy of the key table goes."""

    made_at: datetime
    revision: str
    program: str
    database: str
    tables_file: SealedFile
    keys_file: SealedFile
    keys_until: datetime
    tables: dict[str, Content]

    def holds_key(self, made_at: datetime, destroyed_at: datetime | None) -> bool:
        """Whether its key copy has a key that was made and destroyed at these times."""
        return made_at <= self.made_at and (destroyed_at is None or destroyed_at > self.made_at)


def name_of(made_at: datetime) -> str:
    """What the files of a backup begin with."""
    return made_at.strftime("%Y%m%dT%H%M%S.%fZ")


def write(folder: Path, manifest: Manifest, keyring: Keyring) -> Path:
    """Write a manifest, proved by the newest master key."""
    said = _said(manifest) | {"version": keyring.current}
    path = folder / f"{name_of(manifest.made_at)}{MANIFEST}"
    with finishing(path) as file:
        text = json.dumps({**said, "mac": _mac(keyring, said)}, indent=1, sort_keys=True)
        file.write(text.encode() + b"\n")
    return path


def read(path: Path, keyring: Keyring) -> Manifest:
    """A manifest, once it is sure that it is as it was written.

    Raises:
        BrokenFile: if it was changed, or is not one.
        MasterMissing: if the master key that proves it was not given.
    """
    try:
        said = json.loads(path.read_bytes())
        mac, version = said.pop("mac"), said["version"]
        if type(version) is not int:
            raise BrokenFile(path.name)
    except (ValueError, KeyError, TypeError, AttributeError) as broken:
        raise BrokenFile(path.name) from broken
    if not hmac.compare_digest(str(mac), _mac(keyring, said)):
        raise BrokenFile(path.name)
    return Manifest(
        made_at=datetime.fromisoformat(said["made_at"]),
        revision=said["revision"],
        program=said["program"],
        database=said["database"],
        tables_file=SealedFile(**said["tables_file"]),
        keys_file=SealedFile(**said["keys_file"]),
        keys_until=datetime.fromisoformat(said["keys_until"]),
        tables={name: Content(**each) for name, each in said["tables"].items()},
    )


def paths(folder: Path) -> list[Path]:
    """The manifests in a folder, oldest first."""
    return sorted(folder.glob(f"*{MANIFEST}"))


def every(folder: Path, keyring: Keyring) -> list[Manifest]:
    """Every backup in a folder, oldest first.

    Raises:
        BrokenFile: if a manifest was changed.
    """
    return [read(path, keyring) for path in paths(folder)]


def prune(keys_folder: Path, now: datetime) -> list[str]:
    """Delete copies of the key table that are older than 30 days, and what killed backups left.

    Args:
        keys_folder: where they are kept.
        now: the present.

    Returns:
        The names of what was deleted.
    """
    gone = []
    for path in sorted(keys_folder.glob(f"*{KEYS}")):
        try:
            made_at = datetime.fromisoformat(header_of(path)["made_at"])
        except (BrokenFile, KeyError, ValueError):
            # Whatever it is, it goes when a key copy of its age would.
            made_at = datetime.fromtimestamp(path.stat().st_mtime, tz=now.tzinfo)
        if made_at + KEPT <= now:
            path.unlink()
            gone.append(path.name)
    for path in sorted(keys_folder.glob(f"*{UNFINISHED}")):
        if datetime.fromtimestamp(path.stat().st_mtime, tz=now.tzinfo) + LEFT_BEHIND <= now:
            path.unlink()
            gone.append(path.name)
    if gone:
        keep_names(keys_folder)
    return gone


def _said(manifest: Manifest) -> dict[str, Any]:
    said = asdict(manifest)
    said["made_at"] = manifest.made_at.isoformat()
    said["keys_until"] = manifest.keys_until.isoformat()
    return said


def _mac(keyring: Keyring, said: dict[str, Any]) -> str:
    return keyring.mac(USE, json.dumps(said, sort_keys=True).encode(), said["version"]).hex()
