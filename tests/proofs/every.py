"""Every proof there is, in the order of the table."""

from __future__ import annotations

from tests.proofs import (
    backing_up,
    doubling,
    editing,
    erasing,
    filling,
    hostile,
    jumping,
    killing,
    locking,
    rotating,
    tabs,
    withdrawn_while_waiting,
)
from tests.proofs.proof import Proof
from tests.proofs.small_disk import may_mount

PROOFS: tuple[Proof, ...] = (
    Proof("an answer sent, the server killed", killing.prove, quick=6, soak=1000),
    Proof("the same form sent three times at once", doubling.prove, quick=20, soak=1000),
    Proof("an answer sent while the database is locked 5 s", locking.prove, quick=4, soak=96),
    Proof("an answer sent to a full disk", filling.prove, quick=6, soak=120, both=may_mount()),
    Proof("old tabs and the back button", tabs.prove, quick=12, soak=120),
    Proof("eight people on one case", editing.prove, quick=16, soak=240),
    Proof("answers and texts while the clock jumps a day", jumping.prove, quick=4, soak=100),
    Proof("taken back while texts wait", withdrawn_while_waiting.prove, quick=5, soak=240),
    Proof("key rotation killed", rotating.prove, quick=3, soak=50),
    Proof("restore after erasure", erasing.prove, quick=1, soak=20),
    Proof("backup under write load", backing_up.prove, quick=1, soak=20),
    Proof("a hostile request to any route", hostile.prove, quick=100, soak=10_000),
)
