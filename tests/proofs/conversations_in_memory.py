"""Random conversations through the pure functions alone, in a store of copies.

One transaction works on a copy of everything and puts it in place at its end, so that a process
that dies in between leaves what was there before. Thousands of conversations go through the
commands, the meanings, the engine and the hours, with the same texters and the same onlooker as
on the real databases.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from family_voice.interviews.effects import Discard, Ignored
from family_voice.interviews.engine import step
from family_voice.interviews.errors import EngineError
from family_voice.interviews.events import (
    CHECK,
    TALK,
    Agreed,
    Channel,
    DecisionPut,
    Event,
    GivenBack,
    HandedToPerson,
    Recognised,
    Restarted,
    Said,
    Stopped,
    TimedOut,
    Withdrawn,
    WrongNumber,
)
from family_voice.interviews.guide import load_guide
from family_voice.interviews.replaying import replay
from family_voice.interviews.state import Stage
from family_voice.messages.hours import may_go_from
from family_voice.people.facts import Hours
from family_voice.sms import commands
from family_voice.sms.commands import Command
from family_voice.sms.conversation import (
    Decides,
    Happens,
    Hears,
    Speaks,
    Stops,
    from_anybody,
    meaning,
    restarts,
    texts,
)
from family_voice.sms.conversation import Text as Answer
from tests.proofs.chatter import BEGINS, DIES, TWICE, Chatter, gap
from tests.proofs.copies import (
    Conversation,
    Held,
    Waiting,
    asked,
    heard,
    noted,
    only_put,
    puts_talk,
    shown,
    taken_up,
    timed,
    waits,
    wanted,
    with_talk,
)
from tests.proofs.dying import Death, Died
from tests.proofs.onlooker import DECLINED, Line, Onlooker, Sent, Talk, Text, Wrong
from tests.proofs.proof import Place, Tell

GUIDE = load_guide("parent_carer", "en")
TEXT = Channel.TEXT
TICKS = 13
LOOK_AGAIN = timedelta(minutes=15)
#: What the onlooker of the last run wrote down, for whoever looks for a cause.
NOTES: list[str] = []
PROMPTS = list(GUIDE.prompts)


@dataclass
class Phone:
    """One telephone, its store, and what happens to it."""

    line: Line
    onlooker: Onlooker
    luck: random.Random
    death: Death
    held: Held
    now: datetime = BEGINS
    calm: bool = False
    accepted: set[int] = field(default_factory=set)

    def change(self, how: Callable[[Held], Held]) -> bool:
        """One transaction: a copy is worked on and put in place, or it never happened."""
        try:
            with self.death.may_come(0 if self.calm else DIES):
                held = how(self.held)
                self.death.step()
        except Died:
            return False
        self.held = held
        return True

    # -- what the product does, from its pure functions --------------------------------------

    def deliver(self, text: Text) -> bool:
        """The webhook, or the poller; whether it was answered."""
        if text.sid in self.held.taken:
            return True
        has_gone = heard(self.held, self.line.phone, self.line.put_by)
        if not self.change(lambda held: self._take_in(held, text)):
            return False
        self.onlooker.took(text, self.now, has_gone)
        return True

    def _take_in(self, held: Held, text: Text) -> Held:
        self.death.step()
        held = replace(held, taken=held.taken | {text.sid}, arrived_at=self.now)
        command = commands.read(text.body)
        live = held.live
        if text.kind.value == "code word":
            live = text.talk
            held = taken_up(held, live)
        state = held.talks[live].state
        if command is Command.STOP:
            return self._stop(held)
        if restarts(command, held.stopped):
            held = self._each(replace(held, stopped=False), Restarted(TEXT), but=live)
            return self._happen(held, live, Restarted(TEXT))
        if TEXT not in state.recognised:
            if commands.plain(text.body) == self.line.talks[live].code_word:
                return self._happen(held, live, Recognised(TEXT))
            match from_anybody(command, state):
                case Happens(event=WrongNumber()):
                    return self._each(replace(held, line=()), WrongNumber(TEXT))
                case Happens(event=event):
                    return self._happen(held, live, event)
            return self._put(held, live, [("code_word", "", "")])
        if not text.body:
            return self._put(held, live, [("no_pictures", "", "")])
        state = replace(state, put=asked(held, live))
        match meaning(command, state):
            case Happens(event=WrongNumber()):
                return self._each(replace(held, line=()), WrongNumber(TEXT))
            case Happens(event=DecisionPut()) if waits(held, live):
                return held
            case Hears(template=template) if template is not None:
                answer = Answer(template)
                return self._put(held, live, [(template.value, "", puts_talk(answer))])
            case Happens(event=event):
                return self._happen(held, live, event)
            case Stops():
                return self._stop(held)
            case Decides(purpose=purpose, yes=yes):
                return self._happen(held, live, Agreed(TEXT, purpose, yes))
            case Speaks():
                fragment = UUID(int=self.luck.getrandbits(128), version=4)
                said = Said(TEXT, fragment, segments=text.segments)
                return self._happen(held, live, said, text.body)
        return self._put(held, live, [("help", "", "")])

    def _stop(self, held: Held) -> Held:
        return self._each(replace(held, stopped=True, line=()), Stopped(TEXT))

    def _each(self, held: Held, event: Event, but: int = -1) -> Held:
        for number in range(len(held.talks)):
            if number != but:
                held = self._happen(held, number, event, silent=True)
        return held

    def _happen(
        self, held: Held, number: int, event: Event, words: str = "", silent: bool = False
    ) -> Held:
        talk = held.talks[number]
        try:
            state, effects = step(talk.state, event, GUIDE, self.now)
        except EngineError:
            return held
        self.death.step()
        taken = not any(isinstance(effect, Discard | Ignored) for effect in effects)
        if taken:
            talk = replace(talk, state=state, log=(*talk.log, (event, self.now)))
            self.death.step()
            if isinstance(event, Said):
                talk = replace(talk, words=(*talk.words, (event.fragment_id, words)))
        else:
            talk = only_put(talk, state.put, GUIDE, self.now)
        if state.stage is Stage.WITHDRAWN:
            talk = replace(talk, words=())
        held = with_talk(held, number, talk)
        held = timed(held, number, effects)
        self.death.step()
        if silent:
            return held
        answers = [
            (text.template.value, text.prompt_id or "", text.purpose or puts_talk(text))
            for text in texts(effects, state)
        ]
        return self._put(held, number, answers)

    def _put(self, held: Held, number: int, answers: list[tuple[str, str, str]]) -> Held:
        if held.stopped or held.talks[number].state.silent(TEXT):
            return held
        # What waited for the morning goes before a newer answer.
        line = tuple(replace(each, due_at=min(each.due_at, self.now)) for each in held.line)
        if any("question" in template for template, _, _ in answers):
            line = tuple(each for each in line if not each.asks or each.talk != number)
        for template, prompt_id, puts in answers:
            self.death.step()
            asks = prompt_id if "question" in template else ""
            new = Waiting(held.numbers, number, template, asks, puts, self.now, self.now)
            line, held = (*line, new), replace(held, numbers=held.numbers + 1)
        return replace(held, line=line)

    def turn(self) -> None:
        """The worker: what is due by itself, then what is in line."""
        for number, talk in enumerate(self.held.talks):
            if talk.due_at is not None and talk.due_at <= self.now:
                self.change(partial(self._quiet, number))
        for _ in range(10):
            if not self.change(self._claim) or self.held.in_flight is None:
                return
            self._send(self.held.in_flight)

    def _quiet(self, number: int, held: Held) -> Held:
        talk, rests = replace(held.talks[number], due_at=None), number != held.live
        held = with_talk(held, number, talk)
        if rests and talk.state.stage is not Stage.READING_BACK:
            return held
        return self._happen(held, number, TimedOut(TEXT), silent=rests)

    def _claim(self, held: Held) -> Held:
        """The next in line that may go: asked at the last moment."""
        if held.in_flight is not None:  # one in flight a telephone; it is looked for first
            went = held.in_flight.number in self.accepted
            if went:
                return noted(held, held.in_flight)
            return replace(held, in_flight=None, line=(held.in_flight, *held.line))
        line: list[Waiting] = []
        for at, each in enumerate(held.line):
            self.death.step()
            state = held.talks[each.talk].state
            if held.stopped or state.silent(TEXT) or not wanted(state, each):
                continue
            if each.asks and (state.paused or state.agree_again):
                line.append(replace(each, due_at=self.now + LOOK_AGAIN))
                continue
            safe = [Hours(*self.line.safe)] if self.line.safe else []
            first = may_go_from(self.now, held.arrived_at, safe)
            if first is None:
                continue
            if each.due_at > self.now or first > self.now:
                line.append(replace(each, due_at=max(first, each.due_at)))
                continue
            rest = (*line, *held.line[at + 1 :])
            return replace(held, in_flight=each, line=rest)
        return replace(held, line=tuple(line))

    def _send(self, waiting: Waiting) -> None:
        """Hand it over; our note of it may be lost, and the list settles that."""
        if not self.calm and self.luck.random() < 0.02:
            return  # nobody knows: it did not go
        self.accepted.add(waiting.number)
        # Whether what answers a no says how to say yes after all, the onlooker knows himself.
        puts = "" if waiting.template in DECLINED else waiting.puts
        self.onlooker.sent(
            self.line,
            Sent(
                (self.line.phone, waiting.number), waiting.talk, waiting.template, waiting.asks,
                waiting.number, waiting.queued_at, True, self.now, puts,
            ),
        )  # fmt: skip
        self.change(lambda held: noted(held, waiting))

    # -- what happens elsewhere ---------------------------------------------------------------

    def elsewhere(self) -> None:
        """Something changes by another channel than text."""
        number = self.luck.randrange(len(self.line.talks))
        talk, by = self.line.talks[number], Channel.TELEPHONE
        event: Event
        match self.luck.randrange(8):
            case 0:
                event, then = Withdrawn(by), {"gone": True, "agreed": False}
            case 1:
                event, then = Agreed(by, TALK, False), {"agreed": False}
            case 2:
                event, then = Agreed(by, TALK, True), {"agreed": True, "agree_again": False}
            case 3:
                event, then = Agreed(by, CHECK, self.luck.random() < 0.5), {}
            case 4:
                event, then = HandedToPerson(by), {"with_person": True}
            case 5 | 6:
                event, then = GivenBack(by), {"with_person": False}
            case _:
                return self._wrote(number, talk)
        before = len(self.held.talks[number].log)
        self.change(lambda held: self._happen(held, number, event, silent=True))
        if len(self.held.talks[number].log) > before:
            for name, value in then.items():
                setattr(talk, name, value)
            if isinstance(event, Agreed) and event.yes:
                talk.yes.add(event.purpose)
            answered = event.purpose if isinstance(event, Agreed) else ""
            self.onlooker.elsewhere(talk, self.now, answered)

    def _wrote(self, number: int, talk: Talk) -> None:
        fragment = UUID(int=self.luck.getrandbits(128), version=4)
        said = Said(Channel.WEB, fragment, self.luck.choice(PROMPTS))
        mark = f"w{fragment.int}w"
        before = len(self.held.talks[number].words)
        self.change(lambda held: self._happen(held, number, said, mark, silent=True))
        if len(self.held.talks[number].words) > before:
            talk.must_stand.append(mark)
            talk.steps, talk.paused = talk.steps + 1, False

    def look_back(self) -> None:
        """What stands, and whether the log leads to where the conversation is."""
        found: Counter[str] = Counter()
        for talk in self.held.talks:
            words = dict(talk.words)
            found.update(
                words[fragment].split()[-1]
                for fragment in talk.state.fragments
                if fragment in words
            )
            if replay(talk.log, GUIDE) != talk.state:
                self.onlooker.wrong(Wrong.LOST, "the log leads elsewhere")
        for seen, kept in zip(self.line.talks, self.held.talks, strict=True):
            yes = (what for what, agreed in kept.state.decisions.items() if agreed)
            self.onlooker.decided(seen, yes)
            rests = kept is not self.held.talks[self.held.live]
            self.onlooker.rests(self.line, seen, None if rests else shown(kept.state))
            for mark in () if seen.gone else seen.must_stand:
                if found[mark] != 1:
                    self.onlooker.wrong(Wrong.LOST, f"{mark}: {found[mark]} times")
            for mark in seen.may_not_stand:
                if found[mark]:
                    self.onlooker.wrong(Wrong.KEPT, mark)


def prove(_place: Place, times: int, tell: Tell) -> Mapping[str, int]:
    """Let so many conversations happen in memory, and count each kind of wrong."""
    luck = random.Random(times)
    onlooker, chatter, death = Onlooker(), Chatter(luck), Death(luck, usual=6)
    for number in range(times):
        _one(onlooker, chatter, death, luck, number)
        tell(number + 1)
    if times >= 1000 and not death.came:
        raise AssertionError("nothing ever died")
    NOTES[:] = onlooker.notes
    return {each.value: onlooker.counts[each] for each in Wrong}


def _one(onlooker: Onlooker, chatter: Chatter, death: Death, luck: random.Random, n: int) -> None:
    """One telephone for some weeks."""
    two = luck.random() < 0.1
    talks = [Talk(each, f"purple {('tin', 'hat')[each]}") for each in range(1 + two)]
    line = Line(f"+44{n:010d}", talks)
    line.safe = chatter.safe_hours()
    onlooker.lines = {line.phone: line}
    onlooker.taken.clear()
    onlooker.accepted.clear()
    phone = Phone(line, onlooker, luck, death, Held(tuple(Conversation() for _ in talks)))
    late: list[Text] = []
    everything: list[Text] = []
    for _tick in range(TICKS):
        phone.now += gap(luck)
        if luck.random() < 0.04:
            phone.elsewhere()
        due, late = late, []
        for _ in range(luck.choice((0, 0, 1, 1, 2))):
            text = chatter.text(line)
            everything.append(text)
            (due if luck.random() < 0.9 else late).append(text)
        if len(due) > 1 and luck.random() < 0.1:
            luck.shuffle(due)
        for text in (*due, *(text for text in due if luck.random() < TWICE)):
            phone.now += timedelta(seconds=1)
            if not phone.deliver(text):
                late.append(text)
        phone.turn()
    for text in everything:  # the poller
        while not phone.deliver(text):
            pass
    phone.calm = True
    phone.now = (phone.now + timedelta(days=1)).replace(hour=11)
    for minutes in (0, 15, 70, 15):
        phone.now += timedelta(minutes=minutes)
        phone.turn()
        phone.turn()
    phone.look_back()
