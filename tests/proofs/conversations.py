"""Random conversations by text through the product itself, on a real database.

A hundred telephones at once share one clock that moves over nights and weekends. Texts come
twice, late, in the wrong order, or only when the poller asks; processes die at any statement;
things change by other channels. An onlooker counts what must never happen.
"""

from __future__ import annotations

import itertools
import random
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from family_voice import worker
from family_voice.consent.statements import Purpose, statement
from family_voice.interviews import doors, record
from family_voice.interviews.errors import EngineError
from family_voice.interviews.events import Channel
from family_voice.interviews.guide import load_guide
from family_voice.interviews.models import Fragment, Interview
from family_voice.interviews.state import Stage
from family_voice.interviews.words import pieces
from family_voice.language.gsm7 import simpler
from family_voice.messages import arriving, outbox, put
from family_voice.messages.gateway import Arrived
from family_voice.messages.models import InboundMessage, OutboundMessage, PhoneLine
from family_voice.operations import waiting
from family_voice.operations.withdrawal import NothingToTakeBack
from family_voice.people import facts, register
from family_voice.people.facts import ChildFacts, ContactFacts, Hours, PersonFacts
from family_voice.safeguarding.models import RotaNumber, RotaShift
from family_voice.security.sealing import Erased
from family_voice.sms.handling import SAYS_AGREE, Incoming, take_in
from family_voice.storage.engine import reading
from family_voice.storage.locking import fetch
from tests.factories import on_the_rota
from tests.proofs.carrier import Provider
from tests.proofs.chatter import BEGINS, DIES, TWICE, Chatter, gap
from tests.proofs.dying import Death, Died, dying
from tests.proofs.onlooker import LONDON, Line, Onlooker, Sent, Talk, Text, Wrong
from tests.proofs.other_channels import ELSEWHERE, id_of
from tests.proofs.proof import Place, Tell

AT_ONCE = 100
#: How often these families look at their telephones: some batches have a few texts, some many.
TICKS = (8, 12, 20)
MARK = re.compile(r"\bm\d+m\b")
#: What the onlooker of the last run wrote down, for whoever looks for a cause.
NOTES: list[str] = []
QUESTIONS = {
    simpler(prompt.wording("text")): prompt.id
    for prompt in load_guide("parent_carer", "en").prompts.values()
}
#: How the words of each decision end: some name who asks, all say what to reply.
DECISIONS = {
    simpler(statement(purpose, "parent_carer", "en").text_message.rpartition("}")[2]): purpose.value
    for purpose in Purpose
}


@dataclass
class Town:
    """Everything between the telephones and one database."""

    place: Place
    luck: random.Random
    death: Death
    now: datetime = BEGINS
    onlooker: Onlooker = field(default_factory=Onlooker)
    people: dict[UUID, UUID] = field(default_factory=dict)
    numbers: itertools.count[int] = field(default_factory=itertools.count)
    judged: int = 0
    polled: datetime = BEGINS
    prompts: tuple[str, ...] = tuple(QUESTIONS.values())

    def __post_init__(self) -> None:
        self.provider = Provider(self.luck, lambda: self.now)
        self.chatter = Chatter(self.luck)

    def clock(self) -> datetime:
        return self.now

    # -- what the carrier and the processes do ------------------------------------------------

    def deliver(self, text: Text) -> bool:
        """The webhook, once; whether it was answered."""
        incoming = Incoming(text.sid, text.phone, text.body, text.segments, text.pictures)
        try:
            with self.death.may_come(DIES), self.place.sessions.begin() as session:
                new = take_in(session, self.place.settings, incoming, self.now)
        except Died:
            return False
        if new:
            self._took(text)
        return True

    def _took(self, text: Text) -> None:
        """Only the worker notes what has gone, so that this is what was known when it came."""
        line = self.onlooker.lines[text.phone]
        with reading(self.place.sessions) as session:
            shown = None if line.put_by is None else session.get(OutboundMessage, line.put_by)
            heard = shown is None or shown.state in put.GONE
            copies = select(OutboundMessage.id).where(
                OutboundMessage.interview_id == line.talk.key,
                OutboundMessage.template.in_(SAYS_AGREE),
                OutboundMessage.state.not_in(put.GONE),
                OutboundMessage.queued_at < self.now,
            )
            heard &= len(line.talks) == 1 or session.scalar(copies.limit(1)) is None
        self.onlooker.took(text, self.now, heard)

    def poll(self, texts: Mapping[str, Text]) -> None:
        """The worker asks what arrived; what it finds new had its effect now."""
        since = self.polled - worker.POLL_OVERLAP
        try:
            with self.death.may_come(0 if self.provider.calm else DIES):
                worker.poll(
                    self.place.sessions, self.place.settings, self.provider, since, self.clock
                )
            self.polled = self.now
        except Died:
            pass
        asked = [a.provider_id for a in self.provider.arrived(since)]
        left = [sid for sid in asked if sid in texts and sid not in self.onlooker.taken]
        with reading(self.place.sessions) as session:
            there = set(
                session.scalars(
                    select(InboundMessage.provider_id).where(InboundMessage.provider_id.in_(left))
                )
            )
        for sid in left:
            if sid in there:
                self._took(texts[sid])

    def turn(self) -> None:
        """One turn of the worker, which may die; then what went is looked at."""
        try:
            with self.death.may_come(0 if self.provider.calm else DIES):
                worker.turn(self.place.sessions, self.place.settings, self.provider, self.clock)
        except Died:
            pass
        self._deletions()
        self._judge()

    def _deletions(self) -> None:
        talks = [talk for line in self.onlooker.lines.values() for talk in line.talks]
        week_ago = self.now - timedelta(days=7)
        with reading(self.place.sessions) as session:
            for talk in talks:
                if talk.deleting is None or talk.deleting > week_ago:
                    continue
                if waiting.of_interview(session, id_of(talk)) is None:
                    state = record.state_of(session, id_of(talk))
                    talk.gone = talk.gone or state.stage is Stage.WITHDRAWN
                    talk.deleting = None

    def _judge(self) -> None:
        """Show the onlooker what the provider took since."""
        new = self.provider.took[self.judged :]
        self.judged = len(self.provider.took)
        if not new:
            return
        with reading(self.place.sessions) as session:
            rows = {
                row.id: row
                for row in session.scalars(
                    select(OutboundMessage).where(OutboundMessage.id.in_([n[0] for n in new]))
                )
            }
        for reference, phone, body, at in new:
            row, line = rows[reference], self.onlooker.lines.get(phone)
            if line is None:
                continue
            asks = next((p for words, p in QUESTIONS.items() if body.startswith(words)), "")
            puts = next((what for words, what in DECISIONS.items() if words in body), "")
            self.onlooker.sent(
                line,
                Sent(
                    reference, row.interview_id, row.template, asks, row.number, row.queued_at,
                    row.is_reply, at, puts,
                ),
            )  # fmt: skip

    # -- what happens elsewhere ---------------------------------------------------------------

    def elsewhere(self, line: Line) -> None:
        """Something changes by another channel than text."""
        talk = self.luck.choice(line.talks)
        what = self.luck.choice(ELSEWHERE)
        try:
            with self.place.sessions.begin() as session:
                done = what(self, session, talk)
        except (EngineError, NothingToTakeBack, Erased):
            return
        done()


def prove(place: Place, times: int, tell: Tell) -> Mapping[str, int]:
    """Let so many conversations happen, a hundred at a time, and count each kind of wrong."""
    luck = random.Random(times)
    counts: Counter[Wrong] = Counter(dict.fromkeys(Wrong, 0))
    engine = place.sessions.kw["bind"]
    with dying(engine, luck) as death:
        town, done = Town(place, luck, death), 0
        while done < times:
            lines = _move_in(town, min(AT_ONCE, times - done))
            _live(town, lines)
            done += sum(len(line.talks) for line in lines)
            counts.update(town.onlooker.counts)
            town.onlooker.counts.clear()
            tell(min(done, times))
        if times >= 100 and not death.came:
            raise AssertionError("nothing ever died")
    NOTES[:] = town.onlooker.notes
    return {each.value: counts[each] for each in Wrong}


def _move_in(town: Town, talks: int) -> list[Line]:
    """New families, every tenth telephone with two conversations; and who reads what they text."""
    lines: list[Line] = []
    with town.place.sessions.begin() as session:
        _who_reads(town, session)
        while talks > 0:
            two = talks > 1 and town.luck.random() < 0.1
            lines.append(_family(town, session, 2 if two else 1))
            talks -= 1 + two
    # Those of before live on, and are no longer looked at so closely.
    town.onlooker.lines |= {line.phone: line for line in lines}
    return lines


def _who_reads(town: Town, session: Session) -> None:
    """Somebody around the clock, or only in the office's hours."""
    town.onlooker.strict = town.luck.random() < 0.7
    for table in (RotaShift, RotaNumber):
        session.execute(delete(table))
    always = town.onlooker.strict
    on_the_rota(
        session, town.now, name=f"Reader {next(town.numbers)}",
        days=frozenset(range(7 if always else 5)),
        begins=time() if always else time(9), ends=time() if always else time(17),
    )  # fmt: skip


def _family(town: Town, session: Session, children: int) -> Line:
    number = next(town.numbers)
    phone = f"+4477{number:08d}"
    talks = []
    safe = town.chatter.safe_hours()
    contact = ContactFacts(
        mobile=phone, safe_to_contact=facts.SAFE, safe_confirmed_by="Lee Lead",
        safe_hours=Hours(*safe) if safe else None,
    )  # fmt: skip
    for child in range(children):
        child_id = register.keep_child(
            session,
            ChildFacts(f"P-{number}-{child}", "Robin", "Testcase", date(2020, 3, 27), "A School"),
            [PersonFacts("mother", True, "Alex", "Testcase", contact)],
            town.now,
        )
        (person,) = register.people_of(session, [child_id])[child_id]
        interview_id = record.begin(
            session, audience="parent_carer", language="en", now=town.now, participant_id=person.id
        )
        secrets = doors.open_doors(
            session, interview_id, town.now + timedelta(weeks=12), town.now, phone=phone
        )
        town.people[interview_id] = person.id
        talks.append(Talk(interview_id, secrets.code_word or ""))
    return Line(phone, talks, safe=safe)


def _live(town: Town, lines: list[Line]) -> None:
    """Some weeks of these families: they text, the carrier delivers, the worker turns."""
    luck = town.luck
    texts: dict[str, Text] = {}
    queue: list[tuple[int, Text]] = []
    ticks = luck.choice(TICKS)
    a_month_off = luck.randrange(ticks * 3)
    for tick in range(ticks):
        town.now += timedelta(days=31) if tick == a_month_off else gap(luck)
        for line in lines:
            if luck.random() < 0.04:
                town.elsewhere(line)
            for _ in range(luck.choice((0, 0, 0, 1, 1, 2))):
                text = town.chatter.text(line)
                texts[text.sid] = text
                town.provider.held.append(_arrived(text, town.now))
                if luck.random() < 0.95:  # or its webhook never comes
                    queue.append((tick + (luck.random() < 0.05), text))
        due = [text for when, text in queue if when <= tick]
        queue = [(when, text) for when, text in queue if when > tick]
        again = [text for text in due if luck.random() < TWICE]
        _in_some_order(luck, due)
        for text in itertools.chain(due, again):
            town.now += timedelta(seconds=1)
            if not town.deliver(text) and luck.random() < 0.5:
                town.deliver(text)  # the webhook tries again; or the poller finds it
        if luck.random() < 0.3:
            town.poll(texts)
        town.turn()
    _come_to_rest(town, texts)
    _look_back(town, lines, texts)


def _come_to_rest(town: Town, texts: Mapping[str, Text]) -> None:
    """Everything that is on its way arrives, at a time when somebody reads."""
    town.provider.calm = True
    town.poll(texts)
    town.poll(texts)
    morning = (town.now + timedelta(days=1)).astimezone(LONDON).replace(hour=11, minute=0)
    town.now = morning + timedelta(days=max(0, 7 - morning.weekday()) % 7)
    for minutes in (0, 2, 10, 65, 2, 70, 2):
        town.now += timedelta(minutes=minutes)
        for _ in range(3):
            town.turn()
    town.provider.calm = False
    town.provider.held.clear()


def _look_back(town: Town, lines: list[Line], texts: Mapping[str, Text]) -> None:
    """What stands of what they said."""
    never = [text for sid, text in texts.items() if sid not in town.onlooker.taken]
    for text in never:
        town.onlooker.wrong(Wrong.LOST, f"{text.kind} never arrived")
    with reading(town.place.sessions) as session:
        for line in lines:
            _stands(town, session, line)


def _stands(town: Town, session: Session, line: Line) -> None:
    found: Counter[str] = Counter()
    for talk in line.talks:
        interview = fetch(session, Interview, id_of(talk))
        state = record.state_of(session, interview.id)
        if state.stage is not Stage.WITHDRAWN:
            for answer in state.answers.values():
                marks = [
                    m for p in pieces(session, interview, answer) for m in MARK.findall(p.text)
                ]
                found.update(marks)
        left = session.scalars(
            select(Fragment.words).where(Fragment.interview_id == interview.id)
        ).all()
        if talk.gone and talk.sure and any(left):
            town.onlooker.wrong(Wrong.KEPT, "words stand after a withdrawal")
        town.onlooker.decided(talk, (what for what, yes in state.decisions.items() if yes))
        town.onlooker.rests(line, talk, _shown(session, line, talk, town.now))
    if len(line.talks) > 1:
        left_over = arriving.unplaced(session, line.phone)
        words = [(MARK.search(text.body), text.arrived_at) for text in left_over]
        town.onlooker.waits(line, [(mark[0], at) for mark, at in words if mark])
    for talk in line.talks:
        if not talk.forgotten(town.now):
            for mark in talk.must_stand:
                if found[mark] != 1:
                    town.onlooker.wrong(Wrong.LOST, f"{line.phone} {mark}: {found[mark]} times")
        for mark in talk.may_not_stand:
            if found[mark]:
                town.onlooker.wrong(Wrong.KEPT, f"{line.phone} {mark}")


def _shown(session: Session, line: Line, talk: Talk, now: datetime) -> str | None:
    """The question that their telephone should show by now, if one."""
    state = record.as_agreed(session, id_of(talk), now)
    index = outbox.phone_index(session, line.phone)
    there = session.get(PhoneLine, index)
    held = state.silent(Channel.TEXT) or state.paused or state.agree_again or talk.not_safe
    alone = len(line.talks) == 1 and there is not None and there.muted_at is None
    if state.stage is not Stage.ASKING or held or not alone:
        return None
    return state.on_phone if Channel.TEXT in state.recognised else None


def _arrived(text: Text, at: datetime) -> Arrived:
    return Arrived(text.sid, text.phone, text.body, text.segments, at)


def _in_some_order(luck: random.Random, texts: list[Text]) -> None:
    """A few change places with their neighbour."""
    for at in range(len(texts) - 1):
        if luck.random() < 0.1:
            texts[at], texts[at + 1] = texts[at + 1], texts[at]
