"""The properties of the pure modules, tried with more random examples than `make test` does."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time

from tests.proofs.proof import Figure

#: Files of properties that touch neither database nor application.
FILES = (
    "tests/cases/test_deadlines.py",
    "tests/cases/test_ledger.py",
    "tests/cases/test_matching.py",
    "tests/consent/test_school_age.py",
    "tests/interviews/test_engine_properties.py",
    "tests/interviews/test_sentences.py",
    "tests/language/test_texts.py",
    "tests/messages/test_plain_rules.py",
    "tests/safeguarding/test_ladder.py",
    "tests/safeguarding/test_phrases.py",
    "tests/safeguarding/test_shifts.py",
    "tests/security/test_tokens.py",
    "tests/sharing/test_suppression.py",
    "tests/sms/test_commands.py",
    "tests/themes/test_agreement.py",
    "tests/themes/test_coding_replay.py",
)
NAME = "random examples of what the pure modules promise"
#: As Hypothesis words it, before and since "examples" became "test cases".
RUNS = re.compile(r"(\d+) passing(?: examples)?, (\d+) failing")


def more_examples() -> Figure:
    """Run them; tried are the examples, lost those that failed, or one if the run broke."""
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-m", "hypothesis", "--hypothesis-show-statistics",
         "-p", "no:cacheprovider", *FILES],
        env=os.environ | {"FAMILY_VOICE_TEST_EFFORT": "soak"},
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    counts = [(int(passed), int(failed)) for passed, failed in RUNS.findall(done.stdout)]
    tried, lost = sum(map(sum, counts)), sum(failed for _, failed in counts)
    if done.returncode or not tried:
        print(done.stdout[-8000:], file=sys.stderr)
        lost = max(1, lost)
    return Figure(NAME, "none", tried, lost, time.monotonic() - began)
