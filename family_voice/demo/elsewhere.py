"""Accounts that came by another form and wait for somebody to say whose they are.

A twin of a child in the round, a brother at the same school, one with a slip in the date, and one
that speaks of two children: what a lead has to think about before an account is on a case.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from family_voice.cases.gathered import bring_in
from family_voice.cases.gathered_file import FormMapping, mappings
from family_voice.consent.statements import Purpose
from family_voice.demo.shapes import DemoCase
from family_voice.demo.staff import Team
from family_voice.security.trail import Actor

FORM: Final = "ms_forms"
#: First names that no child of the demo has.
TWIN, BROTHER = "Hetty", "Dexter"
GODMOTHER: Final = ("Maureen", "Tarnholme")
ELDER: Final = timedelta(days=644)
TWIN_SAYS: Final = {
    "important.open": "{child} is the quiet one of the two. People write to us about her twin, and "
    "she reads the letters.",
    "working_well.open": "She has a friend now, and a teacher who notices when she has stopped "
    "listening.",
    "worries.open": "That they are taken for one child. They are not.",
    "next.open": "Ask her by herself.",
}
BROTHER_SAYS: Final = {
    "important.open": "{child} is the elder. He gets the bus home by himself and is proud of it.",
    "working_well.open": "The homework club. He goes because he likes it.",
    "difference.open": "He sleeps. So we sleep.",
    "next.open": "Somebody to talk with about college before everybody else has chosen.",
}
SLIP_SAYS: Final = {
    "important.open": "I filled this in before your letter came. {child} loves being outdoors and "
    "hates being hurried.",
    "working_well.open": "They tell us on Friday what happens on Monday.",
    "worries.open": "The form at the surgery asks again for what the school has already.",
    "next.open": "One place that knows.",
}
TWO_SAY: Final = {
    "important.open": "I mind two children after school and I am godmother to both. {child} tells "
    "me everything. {other} shows me.",
    "working_well.open": "{child} comes out of school smiling most days. {other} has a bag with "
    "pictures on it, and it works at mine too.",
    "worries.open": "Both of them are tired by Thursday.",
    "next.open": "Tell me as well when {other} changes school. {child} would like to be asked, and "
    "not only written about.",
}


def gather_elsewhere(
    session: Session, team: Team, cases: Sequence[DemoCase], now: datetime
) -> None:
    """Bring in the answers of another form, as a lead does with the file that it gives.

    Args:
        session: a writing session.
        team: who brings it.
        cases: of the current round; nothing comes where they are too few.
        now: when.
    """
    known = [case for case in cases if not case.previous_school]
    if len(known) < 3:
        return
    mapping = mappings()[FORM]
    one, two, three = known[:3]
    rows = [
        _row(mapping, one, TWIN, one.date_of_birth, TWIN_SAYS, now),
        _row(mapping, two, BROTHER, two.date_of_birth - ELDER, BROTHER_SAYS, now, by_them=True),
        _row(mapping, three, "", _slipped(three.date_of_birth), SLIP_SAYS, now, by_them=True),
        _row(mapping, one, "", one.date_of_birth, TWO_SAY, now, other=two),
    ]
    for number, row in enumerate(rows, 1):
        row[mapping.row] = str(number)
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    bring_in(session, out.getvalue().encode(), mapping, Actor("staff", team.lead), now)


def _row(
    mapping: FormMapping,
    case: DemoCase,
    child: str,
    born: date,
    says: Mapping[str, str],
    now: datetime,
    *,
    by_them: bool = False,
    other: DemoCase | None = None,
) -> dict[str, str]:
    """One answer as the form writes it.

    Args:
        mapping: whose columns.
        case: the case that it is about, or nearly.
        child: a first name, where it is not the case's own.
        born: the date of birth that they put.
        says: the answers.
        now: they sent it the day before.
        by_them: whether the first person of the case put their phone too.
        other: another child whom somebody speaks of who has nothing to do with the family.
    """
    person, child = case.participants[0], child or case.first_name
    first, last = (person.first_name, person.last_name) if not other else GODMOTHER
    speaker = {
        "first_name": first,
        "last_name": last,
        "phone": (person.mobile or "") if by_them else "",
        "email": "",
        "child_first_name": child,
        "child_last_name": case.last_name,
        "child_date_of_birth": born.isoformat(),
        "school": case.school,
        "postcode": "",
    }
    row = {mapping.at: f"{now - timedelta(days=1):%m/%d/%Y %H:%M:%S}"}
    row |= {mapping.speaker[name]: said for name, said in speaker.items()}
    for purpose, answered in mapping.permission.items():
        row[answered.column] = "No" if purpose is Purpose.COUNT and by_them else "Yes"
    for prompt, column in mapping.answers.items():
        words = says.get(prompt, "")
        row[column] = words.format(child=child, other=other.first_name if other else "")
    return row


def _slipped(born: date) -> date:
    """Day and month the wrong way round, where there is such a day; else the next day."""
    try:
        return born.replace(month=born.day, day=born.month)
    except ValueError:
        return born + timedelta(days=1)
