"""Every proof there is, in the order of the table."""

from __future__ import annotations

from tests.proofs import (
    backing_up,
    conversations,
    conversations_in_memory,
    doubling,
    editing,
    erasing,
    filling,
    hostile,
    jumping,
    killing,
    killing_texts,
    locking,
    outages,
    reports,
    rotating,
    same_text,
    segments,
    sending_hard,
    signatures,
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
    Proof("random conversations by text", conversations.prove, quick=8, soak=5000),
    Proof(
        "random conversations in memory",
        conversations_in_memory.prove,
        quick=500,
        soak=100_000,
        both=False,
    ),
    Proof("reports of a text, in every order", reports.prove, quick=30, soak=len(reports.cases())),
    Proof("a webhook as Twilio never signed it", signatures.prove, quick=300, soak=20_000),
    Proof("a text counted in parts", segments.prove, quick=2000, soak=100_000, both=False),
    Proof("texts come and go, web and worker killed", killing_texts.prove, quick=6, soak=1000),
    Proof("a text sent to a provider in trouble", sending_hard.prove, quick=60, soak=10_000),
    Proof("one text from sixteen threads at once", same_text.prove, quick=6, soak=10_000),
    Proof("an outage longer than a webhook waits", outages.prove, quick=4, soak=500),
)
