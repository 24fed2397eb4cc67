"""A made-up caseload, rounds to draw from it, and the file that names come in with."""

from __future__ import annotations

from datetime import date
from itertools import count
from uuid import UUID

from sqlalchemy.orm import Session

from family_voice.cases.caseload import EXAMPLE
from family_voice.cases.caseload_models import CaseloadEntry
from family_voice.cases.drawing import draw_sample
from family_voice.cases.importing import import_cases
from family_voice.cases.rounds import open_round, round_view
from family_voice.cases.sample_models import SampledCase
from family_voice.cases.sampled import SampleView, places_of
from family_voice.security.blind import blind_index
from family_voice.security.sealing import KeyKind, Place, new_key, seal
from family_voice.storage.base import new_id
from tests.cases.households import MEETINGS, NOW, framework


def a_caseload(session: Session, size: int = 60, first: int = 0) -> None:
    """Children of every age, every third with SEN Support, all with one need."""
    key = new_key(session, KeyKind.CASELOAD, new_id(), NOW)
    for number in range(first, first + size):
        line, reference = new_id(), f"CL-{number:03}"
        session.add(
            CaseloadEntry(
                id=line,
                key_id=key,
                reference_index=blind_index(session, "reference", reference),
                reference=seal(session, key, Place("caseload_entry", "reference", line), reference),
                plan_type="sen_support" if number % 3 == 0 else "ehcp",
                year_group=number % 16 - 1,
                school_year=2026,
                area_of_need="semh" if number % 2 else "cognition",
                placement="mainstream_in_borough",
                vulnerable_groups=["looked_after"] if number % 5 == 0 else [],
                language="en",
                area="North",
                plan_finalised_on=date(2026, 10, 1),
                review_finalised_on=None,
                last_audited_on=date(2026, 9, 1) if number % 7 == 0 else None,
            )
        )
    session.flush()


def a_themed_round(session: Session, term: str = "Autumn 2026", theme: str = "semh") -> UUID:
    return open_round(
        session, term=term, themes={"area_of_need": [theme]}, held_on=MEETINGS,
        framework=framework(), now=NOW,
    )  # fmt: skip


def a_place(session: Session, round_id: UUID) -> UUID:
    """One more place in a round's sample, whose names have not come in."""
    into = round_view(session, round_id)
    place = SampledCase(
        round_id=round_id, number=len(places_of(session, round_id)) + 1, session_number=1,
        plan_type=into.framework.plan_types[0].id, phase="primary", stratum="", how="drawn",
        at=NOW,
    )  # fmt: skip
    session.add(place)
    session.flush()
    return place.id


def references(sample: SampleView) -> list[str]:
    return [line.reference for line in sample.standing]


def file_for(sample: SampleView, *, without: int = 0) -> bytes:
    """The example file with its six cases named as those of a sample."""
    text, numbers = EXAMPLE.read_text(), count(1)
    for reference in references(sample)[without:]:
        text = text.replace(f"EX-{next(numbers):03}", reference)
    return text.encode()


def drawn_with_names(session: Session, round_id: UUID) -> SampleView:
    """A round's sample, drawn, with the names of its cases."""
    sample = draw_sample(session, round_id, None, NOW, seed=20261118)
    import_cases(session, round_id, file_for(sample), NOW)
    return sample
