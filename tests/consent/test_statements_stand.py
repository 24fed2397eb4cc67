"""A statement that somebody may have been shown is never changed: its words are the evidence.

What was agreed to is kept as the id, version, audience and language. Words changed in place would
change what everybody before is said to have agreed to. Change them in a new version beside the old
one, and add the new version's line here.
"""

from __future__ import annotations

from dataclasses import asdict
from hashlib import sha256

from family_voice.consent.statements import FOLDER, _in_language

#: How a file says that nobody fluent has read it yet.
DRAFT = "Nobody yet"
#: Each version by language, id, number and its first audience, and what its words add up to.
SHOWN = {
    "en talk 1 parent_carer": "5dd8bfc9db410aca",
    "en talk 1 young_person": "d8d45ebc72379bfb",
    "en talk 2 parent_carer": "457d60348badbe6a",
    "en talk 2 young_person": "e1d4f6011e5fac07",
    "en check 1 parent_carer": "99fd60b28d7096b9",
    "en quote 1 parent_carer": "a848f6d7af13aabd",
    "en count 1 parent_carer": "3b57b05c25c2e780",
    "en contact 1 parent_carer": "c91a58c77339a6f5",
    "en talk 2 child": "1e9cbfee92cd87e0",
    "en check 1 child": "12b06dfef45cd8e5",
    "en quote 1 child": "9b99fda9452e263f",
    "en count 1 child": "19da091430de5dbf",
    "en contact 1 child": "74e4aae49aaffe41",
    "en talk 2 advocate": "9794547136f7d7e8",
    "en check 1 advocate": "fb81476447173870",
    "en quote 1 advocate": "d76110f2fd08a672",
    "en count 1 advocate": "dd5c83c6ef47a139",
    "en contact 1 advocate": "b67a4d419278d9c3",
}


def test_no_statement_was_changed_in_place() -> None:
    there = {}
    for path in FOLDER.glob("*.yaml"):
        for each in _in_language(path.stem):
            if (each.reviewed_by or "").startswith(DRAFT):
                continue  # shown in the demo only, so that nobody has agreed to it
            words = {name: value for name, value in asdict(each).items() if name != "reviewed_by"}
            name = f"{each.language} {each.id} {each.version} {each.audiences[0]}"
            assert name not in there, f"{name} is there twice"
            there[name] = sha256(repr(sorted(words.items())).encode()).hexdigest()[:16]
    assert there == SHOWN
