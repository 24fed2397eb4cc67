"""Every proof there is, in the order of the table."""

from __future__ import annotations

from tests.proofs import doubling, filling, jumping, killing, locking, rotating
from tests.proofs.proof import Proof
from tests.proofs.small_disk import may_mount

PROOFS: tuple[Proof, ...] = (
    Proof("an answer sent, the server killed", killing.prove, quick=6, soak=1000),
    Proof("the same form sent three times at once", doubling.prove, quick=20, soak=1000),
    Proof("an answer sent while the database is locked 5 s", locking.prove, quick=4, soak=96),
    Proof("an answer sent to a full disk", filling.prove, quick=6, soak=200, both=may_mount()),
    Proof("answers and texts while the clock jumps a day", jumping.prove, quick=4, soak=150),
    Proof("key rotation killed", rotating.prove, quick=3, soak=50),
)
