"""What the worker clears away once a day, so that what every receipt says comes true by itself."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from family_voice.operations.manifests import KEYS
from tests.sms.town import Town


def test_key_copies_go_after_thirty_days_though_nobody_backs_up_any_more(
    town: Town, tmp_path: Path
) -> None:
    folder = tmp_path / "keys"
    folder.mkdir()
    town.settings = replace(town.settings, backup_keys_folder=folder)
    old, young = folder / f"old{KEYS}", folder / f"young{KEYS}"
    for path, days in ((old, 31), (young, 29)):
        path.write_bytes(b"a copy of the key table")
        made_at = (town.clock() - timedelta(days=days)).timestamp()
        os.utime(path, (made_at, made_at))
    town.turn()
    assert list(folder.iterdir()) == [young]
