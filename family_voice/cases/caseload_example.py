"""The example file of a round's cases, in the words of a framework."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path

from family_voice.frameworks.framework import Audit, Framework

EXAMPLE = Path(__file__).parent / "caseload_example.csv"


def example_for(framework: Framework, audit: Audit) -> bytes:
    """A file that works for a round of this audit, to start from.

    It is the one example there is, with as many of its cases as the audit has, in its sessions,
    and with the framework's own plan types, needs, placements and groups where they differ.
    """
    lines = list(csv.DictReader(StringIO(EXAMPLE.read_text(encoding="utf-8"))))
    cases = list(dict.fromkeys(line["case reference"] for line in lines))[: audit.cases]
    plans = [each.name for each in framework.plan_types if each.id in audit.plan_types]
    allowed = {
        "plan type": plans,
        **{
            column: [value.name for value in framework.theme(theme).values]
            for column, theme in (
                ("area of need", "area_of_need"),
                ("placement", "placement"),
                ("vulnerable groups", "vulnerable_group"),
            )
        },
    }
    text = StringIO()
    out = csv.DictWriter(text, list(lines[0]), lineterminator="\n")
    out.writeheader()
    for line in lines:
        if line["case reference"] not in cases:
            continue
        place = cases.index(line["case reference"])
        for column, names in allowed.items():
            if line[column] and not set(line[column].split("; ")) <= set(names):
                line[column] = names[place % len(names)]
        line["session"] = str(place // audit.cases_per_session + 1)
        out.writerow(line)
    return text.getvalue().encode()
