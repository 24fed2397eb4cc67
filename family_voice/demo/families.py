"""Sixty-six made-up families in eleven rounds, the same for the same seed. Pure: no clock.

The words are in `accounts/` (read by `written`); this gives them names, schools, numbers and dates.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from family_voice.cases.deadlines import age, heard_by
from family_voice.demo.contact import attempts, minutes, moment
from family_voice.demo.handout import chance
from family_voice.demo.people import BOROUGH, COLLEGE, TOWN, People
from family_voice.demo.shapes import (
    DemoAccount,
    DemoAnswer,
    DemoCase,
    DemoFragment,
    DemoParticipant,
    DemoRound,
    DemoSession,
    DemoView,
)
from family_voice.demo.terms import Calendar, calendars
from family_voice.demo.written import (
    CHILD,
    WrittenAccount,
    WrittenFamily,
    WrittenPerson,
    WrittenRound,
    views,
    written_rounds,
)

CASES_A_ROUND, CASES_A_SESSION = 6, 3
OLDEST_YEAR_GROUP = 14
AGENCIES = ("education", "health", "social_care", "front_line")


class TooManyFamilies(ValueError):
    """More families were asked for than are written, or none at all."""


def demo_rounds(seed: int, today: date, families: int = 66) -> tuple[DemoRound, ...]:
    """The made-up rounds, oldest first; the last case of the last round has not begun.

    Args:
        seed: the same seed, day and number give the same rounds.
        today: the current round's meetings come after it, everything told lies before it.
        families: how many in all; the current round is filled first, then the one before it.

    Raises:
        TooManyFamilies: if fewer than one or more than are written were asked for.
    """
    written = written_rounds()
    most = CASES_A_ROUND * len(written)
    if not 1 <= families <= most:
        raise TooManyFamilies(f"The demo can make 1 to {most} families. Ask for no more than that.")
    used = -(-families // CASES_A_ROUND)
    # Names and numbers keep to chances of their own, so that another day changes dates only.
    dates = calendars(chance(seed, "days"), today, used)
    maker = _Maker(seed, today)
    made = []
    for turn in reversed(range(used)):
        wanted = min(CASES_A_ROUND, families - turn * CASES_A_ROUND)
        skill = 1 - turn / len(written)
        made.append(maker.round(written[turn], dates[turn], wanted, turn == 0, skill))
    return tuple(made)


class _Maker:
    """Carries what runs on from case to case: names given out, numbers of references."""

    def __init__(self, seed: int, today: date) -> None:
        self._rng, self._order, self._today = chance(seed, "rest"), chance(seed, "order"), today
        self._people = People(chance(seed, "people"))
        self._numbers: dict[int, int] = {}
        self._views = views()
        self._silent = 0

    def round(
        self, written: WrittenRound, dates: Calendar, wanted: int, is_current: bool, skill: float
    ) -> DemoRound:
        families = list(written.families)
        if is_current:
            families = [*families[: wanted - 1], families[-1]]
        else:
            families = self._order.sample(families[:wanted], wanted)
        return DemoRound(
            term=dates.term.title,
            title=written.title,
            themes=written.themes,
            is_current=is_current,
            opened_on=dates.opened_on,
            freezes_on=dates.freezes_on,
            sessions=(
                DemoSession(1, dates.meetings[0], heard_by(dates.meetings[0])),
                DemoSession(2, dates.meetings[1], heard_by(dates.meetings[1])),
            ),
            cases=tuple(
                self._case(family, dates, n // CASES_A_SESSION + 1, is_current, skill)
                for n, family in enumerate(families)
            ),
        )

    def _case(
        self, family: WrittenFamily, dates: Calendar, session: int, is_current: bool, skill: float
    ) -> DemoCase:
        people, year = self._people, dates.term.school_year
        self._numbers[year] = self._numbers.get(year, 0) + 1
        school = people.school(family.placement, family.year)
        worker = people.staff_name()
        first = people.child_name(family.names, family.pronoun)
        last = people.last_name(family.names)
        fill = {
            "child": first, "school": school, "nextschool": people.next_school(school),
            "teacher": f"{'Mr' if family.teacher == 'he' else 'Mrs'} {people.staff_surname()}",
            "ta": f"Miss {people.staff_surname()}", "senco": f"Mrs {people.staff_surname()}",
            "worker": worker.split()[0], "social_worker": worker.split()[0],
            "borough": BOROUGH, "town": TOWN, "college": COLLEGE,
        }  # fmt: skip
        accounts = self._accounts(family, dates, fill)
        heard = [(a.participant, a.channel, a.begun_at) for a in accounts]
        self._silent += family.outcome == "not_reached"
        tried = attempts(
            self._rng, family.outcome, dates.contact_days, family.people[0].key, heard, self._silent
        )
        finished = [
            (written, made.begun_at)
            for written, made in zip(family.accounts, accounts, strict=True)
            if made.finished_at
        ]
        return DemoCase(
            key=family.key,
            reference=f"FV-{year % 100:02}-{self._numbers[year]:03}",
            session=session,
            plan_type=family.plan,
            date_of_birth=self._born(family, year, dates.meetings[0]),
            year_group=family.year if family.year <= OLDEST_YEAR_GROUP else None,
            area_of_need=family.need,
            placement=family.placement,
            vulnerable_groups=family.groups,
            care_status=family.care,
            pronoun=family.pronoun,
            first_name=first,
            last_name=last,
            school=school,
            previous_school=family.placement == "not_at_school",
            worker=worker,
            manager=people.staff_name(),
            participants=tuple(
                self._participant(family, person, first, last, fill) for person in family.people
            ),
            outcome=family.outcome,
            reason=family.reason.format_map(fill),
            accounts=accounts,
            attempts=tried,
            minutes=minutes(self._rng, tried, finished, skill, is_current),
            views=() if is_current or family.outcome == "stood_down" else self._lines(family, fill),
        )

    def _participant(
        self, family: WrittenFamily, person: WrittenPerson, first: str, last: str,
        fill: Mapping[str, str],
    ) -> DemoParticipant:  # fmt: skip
        people, is_child = self._people, person.key == CHILD
        if not is_child:
            first = people.grown_name(family.names, person.key)
        if person.relationship in ("foster_carer", "advocate"):
            last = people.staff_surname()
        landline = people.landline() if person.phone == "landline" else None
        uses_mobile = not landline and (not is_child or family.year >= 7)
        return DemoParticipant(
            key=person.key,
            relationship=person.relationship,
            audience="young_person" if is_child else "parent_carer",
            parental_responsibility=person.parental_responsibility,
            first_name=first,
            last_name=last,
            mobile=people.mobile() if uses_mobile else None,
            landline=landline,
            email=people.email(first, last),
            language=person.language,
            access_needs=person.access,
            safe_to_contact="yes" if person.safe_to_contact else "no",
            how_to_contact_safely=self._safely(person, landline),
            safe_confirmed_by=fill["senco"],
            introduced_by=self._rng.choice(("", fill["teacher"], fill["ta"])),
            code_word=people.code_word(),
        )

    def _safely(self, person: WrittenPerson, landline: str | None) -> str:
        if not person.safe_to_contact:
            return "Nothing to any address or number that we hold"
        if landline:
            return f"Ring {landline}; no texts"
        return self._rng.choice(("Text first", "Any time by text", "Weekday evenings", ""))

    def _accounts(
        self, family: WrittenFamily, dates: Calendar, fill: Mapping[str, str]
    ) -> tuple[DemoAccount, ...]:
        days = dates.contact_days[8:]
        chosen = sorted(self._rng.sample(days, len(family.accounts)))
        return tuple(
            self._account(written, day, family.outcome == "heard", fill)
            for written, day in zip(family.accounts, chosen, strict=True)
        )

    def _account(
        self, written: WrittenAccount, day: date, finished: bool, fill: Mapping[str, str]
    ) -> DemoAccount:
        begun = moment(self._rng, day, 9, 20 if written.channel in ("web", "text") else 15)
        ended = begun + timedelta(minutes=self._rng.randint(12, 48))
        return DemoAccount(
            id=written.id,
            participant=written.by,
            others=written.others,
            agreed_by=written.agreed_by,
            audience="young_person" if written.by == CHILD else "parent_carer",
            channel=written.channel,
            answers=tuple(
                DemoAnswer(
                    prompt,
                    tuple(
                        DemoFragment(f.text.format_map(fill), f.speaker, f.manner) for f in answer
                    ),
                    tuple(s.format_map(fill) for s in written.not_for_workers.get(prompt, ())),
                    written.codes.get(prompt, ()),
                )
                for prompt, answer in written.answers
            ),
            skipped=written.skipped,
            decisions=written.decisions,
            asked_for_call=written.asked_for_call,
            begun_at=begun,
            finished_at=ended if finished else None,
            read_back_at=ended + timedelta(minutes=5) if finished and written.read_back else None,
        )

    def _born(self, family: WrittenFamily, school_year: int, on: date) -> date:
        """A birthday that fits the year group and, where the account tells it, the age."""
        first = date(school_year - family.year - 5, 9, 1)
        days = [first + timedelta(days=n) for n in range(365)]
        return self._rng.choice([d for d in days if family.age in (None, age(d, on))])

    def _lines(self, family: WrittenFamily, fill: Mapping[str, str]) -> tuple[DemoView, ...]:
        agencies = [a for a in AGENCIES if a != "social_care" or family.care != "none"]
        return tuple(
            DemoView(agency, question, self._rng.choice(lines).format_map(fill))
            for agency in agencies
            for question, lines in self._views[agency].items()
        )
