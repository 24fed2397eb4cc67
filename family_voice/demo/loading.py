"""Writing the made-up rounds into a database, through the same use cases as everybody else.

Nothing is put into a table by hand: the whole caseload is taken in, the current round is drawn from
it, a file of its cases is imported, people are invited, accounts are told, coded and chosen from,
and each earlier round is released once it has frozen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from uuid import UUID

from sqlalchemy.orm import Session

from family_voice.cases import carrying_on, inviting, reaching, standing_down
from family_voice.cases.deadlines import london_date
from family_voice.cases.importing import import_cases
from family_voice.cases.inviting import Invited, Way
from family_voice.cases.ledger import Level3, Outcome, StoodDown
from family_voice.cases.linking import LinkHow, link
from family_voice.cases.models import Case
from family_voice.cases.rounds import RoundView, open_round, round_view
from family_voice.consent.statements import Purpose
from family_voice.demo import mailboxes
from family_voice.demo.areas import Area, area_of
from family_voice.demo.caseload import as_caseload_csv
from family_voice.demo.elsewhere import gather_elsewhere
from family_voice.demo.families import demo_rounds
from family_voice.demo.handout import FamilyDoor, family_secrets, return_word
from family_voice.demo.in_pictures import ask_in_pictures
from family_voice.demo.second_look import wait_for_a_second, with_a_second
from family_voice.demo.shapes import DemoAccount, DemoCase, DemoParticipant, DemoRound
from family_voice.demo.staff import A_YEAR, Team, agree_to_share, hire, put_on_rota, seat_panel
from family_voice.demo.telling import Telling, tell
from family_voice.demo.texting import send_due, text
from family_voice.demo.themes_asked import change_with_the_forum
from family_voice.demo.told_back import tell_back
from family_voice.demo.touches import add_touches
from family_voice.demo.visiting import shows_us, visit
from family_voice.demo.who_decides import say_who_decides
from family_voice.demo.whole_caseload import bring_in_and_draw, whole_caseload
from family_voice.demo.working_up import code, put_forward, write_views
from family_voice.demo.year import plan_the_year, remember_judgements
from family_voice.frameworks.framework import Framework
from family_voice.frameworks.loader import available, version_in_force
from family_voice.interviews import doors, record
from family_voice.interviews.events import Channel, Opened
from family_voice.people import register
from family_voice.people.facts import PersonView
from family_voice.security.trail import Actor
from family_voice.settings import Settings
from family_voice.sharing.releases import make_release
from family_voice.storage.locking import fetch

MORNING, AFTERNOON = time(8, 30, tzinfo=UTC), time(14, 30, tzinfo=UTC)
SOON = timedelta(days=2)
A_WHILE = timedelta(hours=3)
BY_THEMSELVES = ("web", "text")

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Loaded:
    """What a demo hands out: who works here, every family's doors with the current round last, the
    doors of others in the last family, of children who answer in pictures, and two numbers that
    nobody knows.
    """

    team: Team
    families: tuple[FamilyDoor, ...]
    relatives: tuple[FamilyDoor, ...]
    pictures: tuple[FamilyDoor, ...]
    strangers: tuple[str, ...]


def load(
    session: Session,
    settings: Settings,
    *,
    seed: int,
    families: int | None,
    now: datetime,
    progress: Progress = lambda _words: None,
) -> Loaded:
    """Fill an empty database with the demo.

    Args:
        session: a writing session.
        settings: the demo's own; its framework is the one that the rounds are held by.
        seed: the same seed and day give the same families and secrets.
        families: how many, the current round first; None for all that are written.
        now: the present.
        progress: told what is being done.

    Returns:
        Everything to hand out.

    Raises:
        TooManyFamilies: if more were asked for than are written.
    """
    area = area_of(settings.framework, london_date(now))
    rounds = demo_rounds(seed, london_date(now), families, area)
    began = _at(rounds[0].opened_on, MORNING)
    team = hire(session, area, seed, began)
    put_on_rota(session, team, began)
    lately = _at(rounds[-1].opened_on, MORNING)
    remember_judgements(session, area, team.lead, lately, before=began.year)
    agree_to_share(session, area, team, london_date(now) + A_YEAR, began)
    found: list[FamilyDoor] = []
    relatives: list[FamilyDoor] = []
    pictures: list[FamilyDoor] = []
    for number, made in enumerate(rounds, start=1):
        progress(f"Round {number} of {len(rounds)}: {made.term}")
        loader = _RoundLoader(session, settings, area, team, made, seed)
        if made.is_current:
            progress("The caseload, and who is drawn from it")
            caseload, opened = whole_caseload(rounds, area, seed), _at(made.opened_on, MORNING)
            bring_in_and_draw(session, caseload, area, loader.round.id, team.lead, opened)
            plan_the_year(session, area, made, loader.round.id, seed, london_date(now))
        loader.names_come_in()
        found += loader.load()
        if number == len(rounds) - 1:
            over = _at(min(made.freezes_on, london_date(now)), MORNING)
            with_a_second(session, team, loader.round.id, seed, over)
        if not made.is_current and made.freezes_on < london_date(now) - SOON:
            make_release(session, loader.round.id, _at(made.freezes_on + SOON, AFTERNOON))
        if made.is_current:
            wait_for_a_second(session, team, loader.round.id, seed, now)
            relatives = loader.ask_relatives()
            strangers = _strangers(rounds)
            add_touches(session, settings, team, made, loader.cases, strangers[0], now)
            gather_elsewhere(session, team, made.cases, now)
            change_with_the_forum(session, team.lead, team.ids["forum"], now)
            pictures = ask_in_pictures(session, settings, team, seed, made, loader.cases, now)
    return Loaded(team, tuple(found), tuple(relatives), tuple(pictures), strangers)


class _RoundLoader:
    """One round: opened, imported, and lived through case by case."""

    def __init__(
        self,
        session: Session,
        settings: Settings,
        area: Area,
        team: Team,
        made: DemoRound,
        seed: int,
    ) -> None:
        self._session, self._settings, self._team = session, settings, team
        self._places = area.places()
        self._made, self._seed = made, seed
        self._lead = Actor("staff", team.lead)
        round_id = open_round(
            session,
            term=made.term,
            themes=made.themes,
            held_on=[each.held_on for each in made.sessions],
            framework=_framework(settings.framework, made.opened_on),
            now=_at(made.opened_on, MORNING),
        )
        self.round: RoundView = round_view(session, round_id)
        seat_panel(session, team, [each.id for each in self.round.sessions])
        self.cases: dict[str, UUID] = {}

    def names_come_in(self) -> None:
        """Import the round's cases: their names, and who may speak."""
        opened = _at(self._made.opened_on, MORNING)
        file = as_caseload_csv(self._made)
        imported = import_cases(self._session, self.round.id, file, opened)
        self.cases = dict(
            zip((case.key for case in self._made.cases), imported.case_ids, strict=True)
        )

    def load(self) -> list[FamilyDoor]:
        """Let everything of the round happen. Returns the families' doors, in order."""
        return [self._live(case, self.cases[case.key]) for case in self._made.cases]

    def ask_relatives(self) -> list[FamilyDoor]:
        """Ask the others of the family that has not begun: each has a phone to try."""
        case = self._made.cases[-1]
        case_id = self.cases[case.key]
        people, first = self._people(case, case_id), self._first_asked(case)
        return [
            self._door(case, made, self._write_to(case, case_id, people[made.key], made))
            for made in case.participants
            if made is not first and case.attempts
        ]

    def _write_to(
        self, case: DemoCase, case_id: UUID, person: PersonView, made: DemoParticipant
    ) -> Invited:
        return inviting.invite(
            self._session,
            case_id,
            person.id,
            Way.LETTER,
            settings=self._settings,
            by=self._lead,
            now=case.attempts[0].at,
            choose=lambda: family_secrets(self._seed, f"{case.key}/{made.key}", made.code_word),
        )

    def _live(self, case: DemoCase, case_id: UUID) -> FamilyDoor:
        people = self._people(case, case_id)
        say_who_decides(
            self._session, case, case_id, people, self._lead, _at(self._made.opened_on, MORNING)
        )
        if case.outcome == Level3.STOOD_DOWN:
            at = _at(self._made.opened_on + SOON, AFTERNOON)
            standing_down.stand_down(self._session, case_id, StoodDown(case.reason), self._lead, at)
        door = self._first_asked(case)
        asked = self._invite_first(case, case_id, people)
        interviews = {case.attempts[0].person: asked.interview_id} if asked else {}
        self._try(case, case_id, people, skip_first=asked is not None)
        if case.outcome == Level3.DECLINED and asked:
            self._decline(case, asked.interview_id)
        told: dict[str, UUID] = {}
        for account in case.accounts:
            interview_id = interviews.get(account.participant) or self._begin(
                case_id, people[account.participant], account
            )
            telling = Telling(interview_id, account, case, self._team.lead)
            if shows_us(account):
                telling = replace(telling, visits=partial(visit, case_id=case_id, team=self._team))
            self._tell(telling)
            told[account.id] = interview_id
        for spent in case.minutes:
            reaching.record_minutes(
                self._session, case_id, reaching.Step(spent.step), spent.minutes,
                self._lead, spent.at, interview_id=told.get(spent.account_id or ""),
            )  # fmt: skip
        put_forward(self._session, case_id, self._places, self._team.lead)
        tell_back(self._session, case, case_id, told, self._team)
        held_on = self._made.sessions[case.session - 1].held_on
        write_views(self._session, case_id, case.views, self._team.chair, _at(held_on, AFTERNOON))
        if asked is None:
            return self._door(case, door, None)
        return self._door(case, door, asked)

    def _people(self, case: DemoCase, case_id: UUID) -> dict[str, PersonView]:
        child_id = fetch(self._session, Case, case_id).child_id
        known = {
            (person.facts.relationship, person.facts.name): person
            for person in register.people_of(self._session, [child_id])[child_id]
        }
        return {
            made.key: known[made.relationship, f"{made.first_name} {made.last_name}"]
            for made in case.participants
        }

    def _first_asked(self, case: DemoCase) -> DemoParticipant:
        return case.participant(case.attempts[0].person) if case.attempts else case.participants[0]

    def _invite_first(
        self, case: DemoCase, case_id: UUID, people: dict[str, PersonView]
    ) -> Invited | None:
        """The invitation that every case begins with, unless nobody may be asked."""
        if not case.attempts:
            return None
        first = case.attempts[0]
        made = case.participant(first.person)
        # A code word comes by letter, so whoever texts later had one; so has the last family.
        texts = any(account.channel == "text" for account in case.accounts)
        by_letter = texts or not made.mobile or case.outcome == Level3.INVITED
        invited = inviting.invite(
            self._session,
            case_id,
            people[first.person].id,
            Way.LETTER if by_letter else Way(first.channel),
            settings=self._settings,
            by=self._lead,
            now=first.at,
            choose=lambda: family_secrets(self._seed, f"{case.key}/{first.person}", made.code_word),
        )
        if invited.due_at:
            send_due(self._session, invited.due_at)
        return invited

    def _try(
        self, case: DemoCase, case_id: UUID, people: dict[str, PersonView], skip_first: bool
    ) -> None:
        for tried in case.attempts[1 if skip_first else 0 :]:
            reaching.record_attempt(
                self._session,
                case_id,
                participant_id=people[tried.person].id,
                channel=reaching.Channel(tried.channel),
                outcome=Outcome(tried.outcome),
                at=tried.at,
                by=self._lead,
                now=tried.at,
            )

    def _decline(self, case: DemoCase, interview_id: UUID) -> None:
        at, lead, by_phone = case.attempts[-1].at, self._team.lead, Channel.TELEPHONE
        record.happen(self._session, interview_id, Opened(by_phone), at, lead)
        record.decide(
            self._session, interview_id, Purpose.TALK, False,
            channel=by_phone, now=at, recorded_by=lead,
        )  # fmt: skip

    def _begin(self, case_id: UUID, person: PersonView, account: DemoAccount) -> UUID:
        """A conversation with somebody who had no letter of their own."""
        interview_id = record.begin(
            self._session,
            audience=person.audience,
            language=person.facts.contact.language,
            now=account.begun_at,
            participant_id=person.id,
            round_id=self.round.id,
        )
        link(self._session, interview_id, case_id, LinkHow.INVITATION, account.begun_at)
        return interview_id

    def _tell(self, telling: Telling) -> None:
        session, account = self._session, telling.account
        who = telling.case.participant(account.participant)
        invited_to_text = account.channel == "text" and self._made.is_current
        if invited_to_text and who.mobile:
            text(session, self._settings, telling, who.mobile, who.code_word)
        else:
            tell(session, telling)
        if self._chose_a_word(account):
            doors.choose_return_word(
                session, telling.interview_id, return_word(self._seed, account.id)
            )
        if self._made.is_current and not account.finished_at:
            self._ask_for_link(telling.interview_id, account.begun_at + A_WHILE)
        left_to_code = self._made.is_current and not any(each.codes for each in account.answers)
        if account.finished_at and not left_to_code:
            code(session, telling, account.finished_at + timedelta(minutes=20))

    def _ask_for_link(self, interview_id: UUID, at: datetime) -> None:
        """Whoever has begun asked for a link to carry on, so that there is an email to look at."""
        if carrying_on.send_link(self._session, interview_id, self._settings, at):
            mailboxes.send_due(self._session, at)

    def _chose_a_word(self, account: DemoAccount) -> bool:
        """Only in the round that can still be opened: hashing a word is slow on purpose."""
        return self._made.is_current and account.channel in BY_THEMSELVES

    def _door(self, case: DemoCase, made: DemoParticipant, asked: Invited | None) -> FamilyDoor:
        word = next(
            (
                return_word(self._seed, account.id)
                for account in case.accounts
                if account.participant == made.key and self._chose_a_word(account)
            ),
            None,
        )
        secrets = asked.secrets if asked else None
        return FamilyDoor(
            case=case.reference,
            round=self._made.term,
            outcome=case.outcome,
            name=f"{made.first_name} {made.last_name}",
            language=made.language,
            phone=made.mobile or made.landline,
            link=asked.link if asked else None,
            printed_code=secrets.code if secrets else None,
            code_word=secrets.code_word if secrets else None,
            return_word=word,
            email=made.email or None,
        )


def _strangers(rounds: tuple[DemoRound, ...]) -> tuple[str, str]:
    """Two mobile numbers, of those that Ofcom keeps for drama, that no family here has."""
    taken = {
        person.mobile for made in rounds for case in made.cases for person in case.participants
    }
    free = (f"+447700900{n:03}" for n in range(1000))
    nobodys = (number for number in free if number not in taken)
    return next(nobodys), next(nobodys)


def _framework(framework_id: str, on: date) -> Framework:
    """The version in force that day; for rounds made up before there was any, the first."""
    first = min(each.starts for each in available() if each.id == framework_id)
    return version_in_force(framework_id, max(on, first))


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour)
