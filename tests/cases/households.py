"""A round with its cases, as tests of the lead's work begin with."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from family_voice.cases.caseload import EXAMPLE
from family_voice.cases.importing import import_cases
from family_voice.cases.reading import CaseView, PersonLine, round_ledger
from family_voice.cases.rounds import open_round
from family_voice.frameworks.framework import Framework
from family_voice.frameworks.loader import version_in_force
from family_voice.security.trail import Actor

NOW = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
MEETINGS = (date(2026, 12, 9), date(2026, 12, 16))
# Nobody's row: an operator acts in tests that need no member of staff.
SOMEBODY = Actor("operator")


def framework() -> Framework:
    """The area's framework as it stands in these tests."""
    return version_in_force("blackburn_with_darwen", NOW.date())


def a_round(session: Session, term: str = "Autumn 2026") -> UUID:
    """An open round without cases."""
    return open_round(
        session,
        term=term,
        themes={"transition_year": ["year_6"], "area_of_need": ["semh"]},
        held_on=MEETINGS,
        framework=framework(),
        now=NOW,
    )


def a_full_round(session: Session, data: bytes | None = None) -> UUID:
    """An open round with the example file's six cases, or those of another file."""
    round_id = a_round(session)
    import_cases(session, round_id, data or EXAMPLE.read_bytes(), NOW)
    return round_id


def case(session: Session, round_id: UUID, reference: str) -> CaseView:
    """The case with a reference, as the lead sees it now."""
    return next(
        each for each in round_ledger(session, round_id, NOW).cases if each.reference == reference
    )


def speaker(view: CaseView, first_name: str) -> PersonLine:
    """Somebody who may speak about a case, by first name."""
    return next(each for each in view.people if each.person.facts.first_name == first_name)


def with_sibling(reference: str = "EX-004") -> bytes:
    """The example file, where Maisie's mother is Aaliyah's too."""
    text = EXAMPLE.read_text()
    return text.replace(
        "Mother,yes,Deb,Specimen,07700 900104", "Mother,yes,Nadia,Example,07700 900101"
    ).encode()
