"""Every proof there is, in the order of the table."""

from __future__ import annotations

from tests.proofs import killing
from tests.proofs.proof import Proof

PROOFS: tuple[Proof, ...] = (
    Proof("an answer sent, the server killed", killing.prove, quick=6, soak=1000),
)
