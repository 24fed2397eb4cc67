"""Trying a guide by text before a family does. Pure: every move is replayed, nothing is stored.

The same commands, conversation, engine and wording as for real texts; `tests/sms/test_simulator.py`
plays both and compares them. Left out is what hangs on others: a second conversation on the same
phone, hours in which nobody reads texts, and a provider's troubles.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from family_voice.interviews.agreed import as_known, leads_past
from family_voice.interviews.effects import Close, Discard, Effect, Ignored, Schedule
from family_voice.interviews.engine import begin, step
from family_voice.interviews.errors import EngineError
from family_voice.interviews.events import (
    NOTES,
    Agreed,
    Event,
    GivenBack,
    HandedToPerson,
    Opened,
    Recognised,
    Restarted,
    Said,
    Stopped,
    TimedOut,
    WrongNumber,
)
from family_voice.interviews.guide import Guide, load_guide
from family_voice.interviews.state import State
from family_voice.language.formats import full_date
from family_voice.language.gsm7 import simpler
from family_voice.language.texts import speaking
from family_voice.messages.hours import LONDON
from family_voice.messages.segments import count
from family_voice.messages.templates import Template
from family_voice.messages.wording import compose, day_note
from family_voice.settings import Settings
from family_voice.sms import commands, courtesy, loops, taking_back
from family_voice.sms.commands import Command
from family_voice.sms.conversation import (
    TEXT,
    Choices,
    Decides,
    Happens,
    Hears,
    Stops,
    Text,
    from_anybody,
    meaning,
    restarts,
    texts,
    to_read_back,
)
from family_voice.sms.saying import (
    about_the_call,
    in_words,
    languages_on_offer,
    said_just_now,
    says_again,
    with_more,
)
from family_voice.sms.trial import Move, Shown, Silent, Texted, Trial, Waited

#: What the pretend letter says.
CODE_WORD: Final = "copper kettle"
#: As long as a real link, since it counts towards what a text costs.
PRETEND_LINK: Final = "/i/a-pretend-link-which-opens-nothing-at-all--"
BETWEEN_TEXTS: Final = timedelta(seconds=40)
RINGS_AGAIN: Final = timedelta(hours=1)
DELETED_AFTER: Final = timedelta(days=7)


Answered = tuple[tuple[Effect, ...], list[Text]]


def play(
    audience: str,
    language: str,
    moves: Iterable[Move],
    settings: Settings,
    begun_at: datetime,
    code_word: str = CODE_WORD,
) -> Trial:
    """Play a conversation from the invitation on.

    Args:
        audience: whose guide.
        language: in which language it begins.
        moves: what they text and how long they wait, in order.
        settings: who we are.
        begun_at: when the invitation is sent; the same moves give the same texts.
        code_word: what their letter says.

    Returns:
        Where it stands after the last move.

    Raises:
        GuideNotFound: if there is no guide for that audience.
    """
    guide = load_guide(audience, language)
    talk = _Talk(settings, guide, begin(guide.language), begun_at, commands.plain(code_word))
    talk.invite()
    for move in moves:
        match move:
            case Texted(body=body):
                talk.take_in(body)
            case Waited(how_long=how_long):
                talk.pauses.append((len(talk.lines), how_long))
                talk.wait(how_long)
    return Trial(
        talk.guide,
        as_known(talk.state, talk.now),
        tuple(talk.lines),
        tuple(talk.pauses),
        talk.now,
        talk.due_at,
        talk.silent,
    )


@dataclass
class _Talk:
    settings: Settings
    guide: Guide
    state: State
    now: datetime
    code_word: str
    lines: list[Shown] = field(default_factory=list)
    pauses: list[tuple[int, timedelta]] = field(default_factory=list)
    due_at: datetime | None = None
    stopped: bool = False
    deletes: bool = False
    silent: Silent | None = None
    unmoved: int = 0
    heard: list[str] = field(default_factory=list)
    unknown: list[int] = field(default_factory=list)

    def invite(self) -> None:
        with speaking(self.guide.language):
            words = compose(Template.INVITATION, self.settings, link=self._link)
            self._send(Template.INVITATION, words)

    def wait(self, how_long: timedelta) -> None:
        until = self.now + how_long
        while self.due_at is not None and self.due_at <= until:
            self.now, self.due_at = self.due_at, None
            self._answer(*self._happen(TimedOut(TEXT)))
        self.now = until

    def take_in(self, body: str) -> None:
        self.wait(BETWEEN_TEXTS)
        command = commands.read(body)
        self.lines.append(Shown(False, body, self.now, count(body)))
        same = self._hears(body, command)
        if command is Command.STOP:
            self._stop()
            return
        if restarts(command, self.stopped or self.state.texts_stopped):
            command, self.stopped = Command.START, False
            if not self.state.texts_stopped:
                self._happen(Stopped(TEXT))
        before = self._counts()
        effects, answers = self._understood(body, command)
        if loops.moved_on(before, self._counts(), self.heard):
            self.unmoved = 0
        if same:
            self._fall_silent(Silent.SAME_AGAIN)
            return
        if command is Command.CALL and self.silent is not None:
            self._still_rings()
        self._answer(effects, answers)

    def _hears(self, body: str, command: Command | None) -> bool:
        words = commands.plain(body)
        if command is not None:
            self.heard = []
        elif words:
            self.heard = loops.heard(self.heard, words, self.now)
            return loops.same_again(self.heard)
        return False

    def _understood(self, body: str, command: Command | None) -> Answered:
        state = self._counts()
        if command is Command.WRONG and not (TEXT in state.recognised and to_read_back(state)):
            return self._wrong_number()
        deletion = self._deletion(body)
        if deletion is not None:
            return (), deletion
        if TEXT not in state.recognised:
            return self._at_the_door(body, command)
        if commands.plain(body) == self.code_word:
            self._speaks_again()
            return self._happen(Opened(TEXT))
        return self._step(body, command) if body.strip() else ((), [])

    def _step(self, body: str, command: Command | None) -> Answered:
        try:
            match meaning(command, self._counts(), self._choices(body)):
                case Hears(template=template):
                    return (), self._says(template)
                case Stops():
                    return self._stop()
                case Happens(event=event):
                    return self._happen(event)
                case Decides(purpose=purpose, yes=yes):
                    return self._happen(Agreed(TEXT, purpose, yes))
                case _ if (
                    polite := courtesy.answers(body, self._counts(), self._last(), self.now)
                ) is not None:
                    return (), list(polite)
                case _ if about_the_call(self._counts(), self._last(), self.now):
                    return self._passed_on()
                case _:
                    return self._say(len(self.lines) - 1)
        except EngineError:
            return (), self._says(Template.NOT_NOW)

    def _at_the_door(self, body: str, command: Command | None) -> Answered:
        state = self._counts()
        if command is None and commands.plain(body) == self.code_word:
            return self._opens()
        if state.speaking_allowed and state.quiet_too_long(self.now):
            self.unknown.append(len(self.lines) - 1)
        if command is Command.START:
            return self._happen(Restarted(TEXT))
        match from_anybody(command, state, self._choices(body)):
            case Happens(event=event):
                return self._happen(event)
            case Hears(template=template):
                return (), self._says(template)
        return (), [] if state.with_person else [Text(Template.CODE_WORD)]

    def _opens(self) -> Answered:
        self._speaks_again()
        found = self._happen(Recognised(TEXT))
        if self.state.texts_stopped and not self.stopped:
            found = self._happen(Restarted(TEXT))
        for place in self.unknown:
            if commands.read(self.lines[place].body) is None:
                self._say(place, NOTES)
        self.unknown = []
        return found

    def _speaks_again(self) -> None:
        if self.silent is not None:
            self.silent, self.unmoved, self.heard = None, 0, []
            self._happen(GivenBack(TEXT))

    def _wrong_number(self) -> Answered:
        with suppress(EngineError):
            self._happen(WrongNumber(TEXT))
        self.due_at = None
        if self.silent is None and not self.stopped:
            with speaking(self.guide.language):
                words = compose(Template.WRONG_NUMBER, self.settings)
                self._send(Template.WRONG_NUMBER, words)
        self.silent = Silent.WRONG_NUMBER
        return (), []

    def _deletion(self, body: str) -> list[Text] | None:
        found = taking_back.read(body)
        if found is None or (found.keeps and not self.deletes):
            return None
        self.deletes = not found.keeps and commands.plain(found.code_word) == self.code_word
        if found.keeps:
            return [Text(Template.DELETE_CALLED_OFF)]
        if not self.deletes:
            return [Text(Template.DELETE_HOW)]
        with speaking(self.guide.language):
            return [Text(Template.DELETE_WAITS, day=full_date(self.now + DELETED_AFTER))]

    def _stop(self) -> Answered:
        self.stopped = True
        effects, _answers = self._happen(Stopped(TEXT))
        return effects, []

    def _say(self, place: int, prompt_id: str | None = None) -> Answered:
        fragment, line = UUID(int=place + 1), self.lines[place]
        found = self._happen(Said(TEXT, fragment, prompt_id, segments=line.cost.parts))
        if self.state.place_of(fragment) is not None:
            self.lines[place] = replace(line, fragment=fragment)
        return found

    def _passed_on(self) -> Answered:
        noted = Text(Template.CALL_NOTED)
        again = says_again(noted, self._last(), self.now)
        effects, _answers = self._say(len(self.lines) - 1, NOTES)
        return effects, [] if again else [noted]

    def _says(self, template: Template | None) -> list[Text]:
        return [] if template is None or self.state.silent(TEXT) else [Text(template)]

    def _choices(self, body: str) -> Choices:
        return Choices(
            commands.language_wanted(body),
            languages_on_offer(self.guide),
            not self.settings.carrier_answers_help,
        )

    def _counts(self) -> State:
        """Where it stands; after thirty quiet days nobody is known by text."""
        return as_known(self.state, self.now)

    def _happen(self, event: Event) -> Answered:
        logged, counts = self.state, self._counts()
        state, effects = step(counts, event, self.guide, self.now)
        dropped = any(isinstance(each, Discard | Ignored) for each in effects)
        if not dropped and not leads_past(event, logged, counts):
            self.state = state
            if state.language != self.guide.language:
                self.guide = load_guide(self.guide.audience, state.language, self.guide.version)
        return effects, texts(effects, state)

    def _answer(self, effects: Iterable[Effect], answers: Sequence[Text]) -> None:
        for effect in effects:
            match effect:
                case Close():
                    self.due_at = None
                case Schedule(due_at=due_at):
                    self.due_at = due_at
        answers = [each for each in answers if not said_just_now(each, self._last(), self.now)]
        if self.stopped or self.silent or not answers:
            return
        if loops.goes_round(self.unmoved, len(answers)):
            self._fall_silent(Silent.GOING_ROUND)
            return
        before = self._spent()
        with speaking(self.guide.language):
            for answer in answers:
                text = with_more(answer, self.guide)
                words = in_words(self.settings, text, self.guide, self._link)
                self._send(text.template, self._with_note(words))
        self.unmoved += len(answers)
        if self._spent() > max(before, 1):
            self._fall_silent(Silent.OVER_BUDGET)

    def _fall_silent(self, why: Silent) -> None:
        if self.silent is None:
            self.silent = why
            with suppress(EngineError):
                self._happen(HandedToPerson(TEXT))
            self.due_at = None
            self._last_word(Template.MUTED)

    def _still_rings(self) -> None:
        last = self._last()
        told = last is not None and last[0] is Template.CALL_COMING
        if self.silent is Silent.WRONG_NUMBER or self.stopped or not self.state.call_wanted:
            return
        if last is None or not told or self.now - last[1] >= RINGS_AGAIN:
            self._last_word(Template.CALL_COMING)

    def _last_word(self, template: Template) -> None:
        if not self.stopped:
            with speaking(self.guide.language):
                self._send(template, self._with_note(compose(template, self.settings)))

    def _with_note(self, words: str) -> str:
        if _day(self.now) in {_day(line.at) for line in self.lines if line.ours}:
            return words
        return f"{words}\n{day_note(self.settings, None)}"

    def _last(self) -> tuple[Template, datetime] | None:
        ours = [(line.template, line.at) for line in self.lines if line.template]
        return ours[-1] if ours else None

    def _spent(self) -> int:
        """How many times over the budget of a conversation was spent."""
        parts = sum(line.cost.parts for line in self.lines if line.ours)
        return parts // self.settings.segment_budget

    def _send(self, template: Template, words: str) -> None:
        language, words = self.guide.language, simpler(words)
        self.lines.append(Shown(True, words, self.now, count(words), language, template))

    @property
    def _link(self) -> str:
        return f"{self.settings.public_url}{PRETEND_LINK}"


def _day(moment: datetime) -> date:
    return moment.astimezone(LONDON).date()
