"""Made-up families, sixty-six in eleven rounds by default, the same for the same seed. Pure.

The words are in `accounts/` (read by `written`); this gives them names, schools, numbers and dates.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from family_voice.cases.deadlines import age, heard_by
from family_voice.demo.areas import DEFAULT, Area, area_of, rounds_for
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
from family_voice.demo.signs import WAYS
from family_voice.demo.terms import Calendar, calendars
from family_voice.demo.written import (
    CHILD,
    WrittenAccount,
    WrittenFamily,
    WrittenPerson,
    WrittenRound,
    views,
)

LEAD_IN, BETWEEN_VISITS = 8, 5
OLDEST_YEAR_GROUP = 14
ANY = "any"


class TooManyFamilies(ValueError):
    """More families were asked for than are written, or none at all."""


def demo_rounds(
    seed: int, today: date, families: int | None = None, area: Area | None = None
) -> tuple[DemoRound, ...]:
    """The made-up rounds, oldest first; the last case of the last round has not begun.

    Args:
        seed: the same seed, day and number give the same rounds.
        today: the current round's meetings come after it, everything told lies before it.
        families: how many in all, or all there are; the current round is filled first, then the
            one before it.
        area: whose rules the rounds keep to; by default those of `areas.DEFAULT`.

    Raises:
        TooManyFamilies: if fewer than one or more than are written were asked for.
    """
    area = area or area_of(DEFAULT, today)
    written = rounds_for(area)
    size = area.audit.cases
    most = size * len(written)
    families = most if families is None else families
    if not 1 <= families <= most:
        raise TooManyFamilies(f"The demo can make 1 to {most} families. Ask for no more than that.")
    used = -(-families // size)
    # Names and numbers keep to chances of their own, so that another day changes dates only.
    dates = calendars(chance(seed, "days"), today, used, area.audit)
    maker = _Maker(seed, today, area)
    made = []
    for turn in reversed(range(used)):
        wanted = min(size, families - turn * size)
        skill = 1 - turn / len(written)
        made.append(maker.round(written[turn], dates[turn], wanted, turn == 0, skill))
    return tuple(made)


class _Maker:
    """Carries what runs on from case to case: names given out, numbers of references."""

    def __init__(self, seed: int, today: date, area: Area) -> None:
        self._rng, self._order, self._today = chance(seed, "rest"), chance(seed, "order"), today
        self._area = area
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
            sessions=tuple(
                DemoSession(number, day, heard_by(day))
                for number, day in enumerate(dates.meetings, 1)
            ),
            cases=tuple(
                self._case(
                    family, dates, n // self._area.audit.cases_per_session + 1, is_current, skill
                )
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
            placement=self._area.placement(family),
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
        return self._rng.choice(("Text first", "Any time", "Weekday evenings", ""))

    def _accounts(
        self, family: WrittenFamily, dates: Calendar, fill: Mapping[str, str]
    ) -> tuple[DemoAccount, ...]:
        days = dates.contact_days[LEAD_IN:]
        chosen = sorted(self._rng.sample(days, len(family.accounts)))
        return tuple(
            self._account(written, day, family.outcome == "heard", fill, dates)
            for written, day in zip(family.accounts, chosen, strict=True)
        )

    def _account(
        self, written: WrittenAccount, day: date, finished: bool, fill: Mapping[str, str],
        dates: Calendar,
    ) -> DemoAccount:  # fmt: skip
        begun = moment(self._rng, day, 9, 20 if written.channel in ("web", "text") else 15)
        ended = begun + timedelta(minutes=self._rng.randint(12, 48))
        if written.id in WAYS:
            # Over several visits: the first some working days before the last.
            earlier = dates.contact_days[dates.contact_days.index(day) - BETWEEN_VISITS]
            begun -= day - earlier
        return DemoAccount(
            id=written.id,
            participant=written.by,
            others=written.others,
            agreed_by=written.agreed_by,
            audience="young_person" if written.by == CHILD else "parent_carer",
            channel=written.channel,
            language=written.language,
            translated_by=written.translated_by,
            answers=tuple(
                DemoAnswer(
                    prompt,
                    tuple(
                        DemoFragment(
                            f.text.format_map(fill),
                            f.speaker,
                            f.manner,
                            tuple(each.format_map(fill) for each in f.english),
                        )
                        for f in answer
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
        """What each agency saw that knows the child, under the framework's own questions."""
        framework = self._area.framework
        return tuple(
            DemoView(agency.id, question.id, self._rng.choice(lines).format_map(fill))
            for agency in framework.agencies
            if agency.id in self._views and (agency.id != "social_care" or family.care != "none")
            for question in framework.key_questions
            if (lines := self._lines_under(agency.id, question.id))
        )

    def _lines_under(self, agency: str, question: str) -> list[str]:
        return self._views[agency].get(question) or self._views[ANY].get(question, [])
