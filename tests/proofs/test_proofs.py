"""Every proof, a few times over; `make soak` runs each to its end."""

from __future__ import annotations

from pathlib import Path

import pytest

from family_voice.settings import Settings
from tests.conftest import Database
from tests.proofs.every import PROOFS
from tests.proofs.proof import Place, Proof, in_all


@pytest.mark.parametrize(
    ("proof", "database"),
    [
        pytest.param(proof, kind, id=f"{proof.name}-{kind}")
        for proof in PROOFS
        for kind in (("sqlite", "postgresql") if proof.both else ("sqlite",))
    ],
    indirect=["database"],
)
def test_nothing_is_lost(
    proof: Proof, database: Database, settings: Settings, tmp_path: Path
) -> None:
    kind = "SQLite" if database.url.startswith("sqlite") else "PostgreSQL"
    place = Place(kind, settings, database.sessions, tmp_path)
    lost = proof.prove(place, proof.quick, lambda _done: None)
    assert in_all(lost) == 0, lost
