"""Every proof there is, in the order of the table."""

from __future__ import annotations

from tests.proofs.proof import Proof

PROOFS: tuple[Proof, ...] = ()
