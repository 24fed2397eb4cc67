"""What serves pages starts light: what only learning and workbooks need is loaded when needed."""

from __future__ import annotations

import subprocess
import sys

HEAVY = ("numpy", "scipy", "sklearn", "onnxruntime", "openpyxl")
STARTED = f"""
import sys
import family_voice.app, family_voice.cli
print([name for name in {HEAVY!r} if name in sys.modules])
"""


def test_the_app_starts_without_what_only_learning_needs() -> None:
    done = subprocess.run(
        [sys.executable, "-c", STARTED], capture_output=True, check=True, text=True
    )
    assert done.stdout.strip() == "[]"
