"""A made-up round's cases as the caseload file a council would send, for the same front door."""

from __future__ import annotations

import csv
import io

from family_voice.cases.caseload import CASE_COLUMNS, PARTICIPANT_COLUMNS, label
from family_voice.demo.shapes import DemoCase, DemoParticipant, DemoRound


def as_caseload_csv(round_: DemoRound) -> bytes:
    """The round's cases, one line a participant, as `cases.caseload.read_caseload` reads them."""
    out = io.StringIO()
    columns = (*CASE_COLUMNS, *PARTICIPANT_COLUMNS)
    writer = csv.DictWriter(out, columns)
    writer.writerow({column: label(column) for column in columns})
    for case in round_.cases:
        for participant in case.participants:
            writer.writerow(_case_cells(case) | _participant_cells(participant))
    return out.getvalue().encode()


def _case_cells(case: DemoCase) -> dict[str, str | int]:
    return {
        "case_reference": case.reference,
        "plan_type": case.plan_type,
        "child_first_name": case.first_name,
        "child_last_name": case.last_name,
        "date_of_birth": case.date_of_birth.isoformat(),
        "year_group": "" if case.year_group is None else case.year_group,
        "area_of_need": case.area_of_need,
        "placement": case.placement,
        "vulnerable_groups": "; ".join(case.vulnerable_groups),
        "care_status": case.care_status,
        "school": "" if case.previous_school else case.school,
        "session": case.session,
        "responsible_worker": case.worker,
        "responsible_manager": case.manager,
    }


def _participant_cells(participant: DemoParticipant) -> dict[str, str | int]:
    return {
        "relationship": participant.relationship,
        "parental_responsibility": "yes" if participant.parental_responsibility else "no",
        "first_name": participant.first_name,
        "last_name": participant.last_name,
        "mobile": participant.mobile or "",
        "email": participant.email,
        "language": participant.language,
        "access_needs": "; ".join(participant.access_needs),
        "safe_to_contact": participant.safe_to_contact,
        "how_to_contact_safely": participant.how_to_contact_safely,
        "safe_confirmed_by": participant.safe_confirmed_by,
        "introduced_by": participant.introduced_by,
        "safe_hours": "",
    }
