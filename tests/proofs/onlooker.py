"""Somebody who looks over a family's shoulder and counts what must never happen.

Knows only what was texted and taken in, what was done elsewhere, and what the provider took, with
small rules of its own for what follows. Nothing of the product's own rules is called.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
#: After so long without a text they are asked for the code word again.
STRANGE_AGAIN = timedelta(days=30)
#: So long after a no the page promises that what was said before it goes.
NO_LASTS = timedelta(days=28)
ASKS = frozenset({"first_question", "question", "open_question"})
#: What carries a talk on, which nobody gets who has not agreed to one.
TALKS = ASKS | {"more_added", "no_more", "at_start", "read_back", "correct_it", "added", "sent"}

#: The decision to talk at all.
TALK = "talk"
#: What answers a no, and says how to say yes after all.
DECLINED = frozenset({"declined", "declined_heard"})
#: What besides a question asks for something else than a decision.
ASKS_ELSE = frozenset({"name_this_talk", "which_talk", "read_back", "correct_it"})

#: After so many steps all questions may be done, and WRONG may mean what was read back.
CORE = 5
#: What keeps a question back until it is over.
WAITS = ("agree_again", "paused", "with_person")


class Wrong(StrEnum):
    """What must never happen, counted apart."""

    LOST = "fragments lost"
    KEPT = "words kept without agreement"
    AGREED = "agreements to what was not put last"
    TWICE = "prompts sent twice"
    ORDER = "out of order"
    STOPPED = "sends after stop or withdrawal"
    HOURS = "sends outside the hours"
    MISSING = "prompts that never came"


class Kind(StrEnum):
    """What somebody's text is, as far as it matters to an onlooker."""

    WORDS = "words"
    CODE = "code word"
    STOP = "stop"
    START = "start"
    AGREE = "agree"
    NO = "no"
    YES = "yes"
    BACK = "back"
    LANG = "lang"
    PAUSE = "pause"
    WRONG = "wrong"
    DELETE = "delete"
    KEEP = "keep"
    OTHER = "other"


@dataclass(frozen=True)
class Text:
    """One text of theirs. `mark` is a word that no other text has."""

    sid: str
    phone: str
    body: str
    kind: Kind
    mark: str = ""
    talk: int = 0
    segments: int = 1
    pictures: int = 0


@dataclass(frozen=True)
class Sent:
    """One text that the provider took from us; `asks` is the question it puts, if it puts one, and
    `puts` the decision."""

    reference: Hashable
    talk: Hashable | None
    template: str
    asks: str
    number: int
    queued_at: datetime
    is_reply: bool
    at: datetime
    puts: str = ""


@dataclass
class Talk:
    """One conversation, as far as an onlooker can tell; `sure` while they can tell at all."""

    key: Hashable
    code_word: str
    known: bool = False
    met: bool = False
    agreed: bool = False
    sure: bool = True
    agree_again: bool = False
    paused: bool = False
    rested: bool = False
    gone: bool = False
    wrong: bool = False
    steps: int = 0
    not_safe: bool = False
    with_person: bool = False
    deleting: datetime | None = None
    last: datetime | None = None
    said_no: datetime | None = None
    given_back: datetime | None = None
    no_elsewhere: bool = False
    led_back: datetime | None = None
    agreed_at: datetime | None = None
    agreed_with: int = 0
    yes: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)
    on_phone: str = ""
    must_stand: list[str] = field(default_factory=list)
    may_not_stand: list[str] = field(default_factory=list)

    def forgotten(self, now: datetime) -> bool:
        """Whether what they said need not stand any more."""
        return self.gone or (self.said_no is not None and now - self.said_no >= NO_LASTS)

    @property
    def talks(self) -> bool:
        """Whether they agreed to talk and nothing has come between."""
        return self.known and self.agreed and not self.gone


@dataclass
class Line:
    """One telephone, with one conversation or two. `put` is the decision that it shows, of which
    of them: the last that was delivered, where nothing else was asked since; `put_by` the text."""

    phone: str
    talks: list[Talk]
    live: int = 0
    stopped: bool = False
    last: datetime | None = None
    told: datetime | None = None
    safe: tuple[time, time] | None = None
    put: tuple[Hashable, str] | None = None
    put_by: Hashable = None
    numbers: dict[Hashable, int] = field(default_factory=dict)

    @property
    def talk(self) -> Talk:
        """The conversation that the last code word was for."""
        return self.talks[self.live]


@dataclass
class Onlooker:
    """Follows every telephone. `strict` where somebody is always there to read: then no question
    waits for the morning while other texts pass it."""

    strict: bool = True
    lines: dict[str, Line] = field(default_factory=dict)
    counts: Counter[Wrong] = field(default_factory=Counter)
    taken: set[str] = field(default_factory=set)
    accepted: set[Hashable] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)

    def wrong(self, what: Wrong, why: str) -> None:
        """Count it; the first few of a kind are kept for whoever looks for the cause."""
        self.counts[what] += 1
        if self.counts[what] <= 9:
            self.notes.append(f"{what.value}: {why}")

    def took(self, text: Text, at: datetime, heard: bool = True) -> None:
        """A text of theirs had its effect: once, or something is wrong.

        `heard`: we know that the decision their telephone shows has gone to it, and where two talk
        on it, that no copy is in line.
        """
        if text.sid in self.taken:
            self.wrong(Wrong.TWICE, f"{text.kind} had its effect twice")
            return
        self.taken.add(text.sid)
        line = self.lines[text.phone]
        shared = len(line.talks) > 1
        for talk in line.talks:
            if talk.known and talk.last is not None and at - talk.last > STRANGE_AGAIN:
                talk.known = False
        line.last = at
        if text.kind in (Kind.AGREE, Kind.NO) and line.put is not None and not heard:
            self._unheard(line, at)
        else:
            self._said(line, text, at, shared)
        silent = line.stopped or line.talk.with_person or not line.talk.known
        if text.kind in (Kind.AGREE, Kind.NO) and not silent:
            line.put = None
        for talk in line.talks if shared else (line.talk,):
            if talk.known:
                talk.last = at
            talk.steps += talk.agreed

    def _unheard(self, line: Line, at: datetime) -> None:
        """An answer to what we do not know to have gone: it may count, or be asked for anew."""
        for talk in line.talks:
            talk.yes |= {what for key, what in (line.put or ("", ""),) if key == talk.key}
            talk.sure = talk.agree_again = False
        _back(line.talks, at)

    def _said(self, line: Line, text: Text, at: datetime, shared: bool) -> None:
        talk = line.talk
        match text.kind:
            case Kind.WORDS:
                self._words(line, text, shared)
            case Kind.STOP:
                line.stopped = True
            case Kind.START | Kind.YES if line.stopped:
                line.stopped = False
                for each in line.talks:
                    each.agree_again |= each.agreed
                    each.agreed_at = None
                line.put = None  # whatever they were asked is asked anew
                _back(line.talks, at)
            case Kind.START:
                _back(line.talks, at)
            case Kind.CODE:
                line.live, line.told = text.talk, at
                line.talk.known = line.talk.met = not line.talk.gone
                if line.talk.wrong:  # somebody who has the letter after all
                    line.talk.wrong, line.talk.sure = False, False
                _back([line.talk], at)
            case Kind.AGREE | Kind.NO if talk.with_person or line.stopped:
                pass  # nothing was put: it is for the person who reads it
            case Kind.AGREE if talk.known and line.put == (talk.key, TALK):
                talk.agreed_at, talk.agreed_with = at, len(talk.must_stand)
                talk.yes.add(TALK)
                talk.agreed, talk.agree_again = not talk.gone, False
                talk.said_no = None
                talk.sure = talk.sure and not shared
                _back([talk], at)
            case Kind.AGREE if talk.known:
                talk.yes |= {what for key, what in (line.put or ("", ""),) if key == talk.key}
                _back([talk], at)  # what is asked now may be asked again
            case Kind.NO if talk.known and talk.agree_again and line.put == (talk.key, TALK):
                line.stopped = True
            case Kind.NO if talk.known and not talk.agreed:
                talk.no_elsewhere &= line.put != (talk.key, TALK)
                talk.sure = talk.sure and not shared
            case Kind.PAUSE if talk.talks:
                talk.paused = talk.rested = True
            case Kind.WRONG if talk.steps >= CORE:
                talk.sure = False  # what was read back is wrong, or the number is
            case Kind.WRONG:
                for each in line.talks:
                    each.wrong, each.known = True, False
            case Kind.DELETE:
                line.talks[text.talk].deleting = at
            case Kind.KEEP:
                for each in line.talks:
                    each.deleting = None
            case Kind.BACK | Kind.LANG:
                _back(line.talks, at)
        if text.kind is not Kind.PAUSE:
            for each in line.talks:
                if each.paused:
                    each.paused = False
                    _back([each], at)

    def _words(self, line: Line, text: Text, shared: bool) -> None:
        talks = [talk for talk in line.talks if talk.sure]
        if len(talks) < len(line.talks):
            return
        if all(talk.talks for talk in talks):
            # On a shared telephone nobody but the family knows which of them is meant.
            line.talk.must_stand.append(text.mark)
        elif not any(talk.agreed and talk.met and not talk.gone for talk in talks):
            # After thirty quiet days words are kept until the code word comes: either is right.
            line.talk.may_not_stand.append(text.mark)

    def sent(self, line: Line, sent: Sent) -> None:
        """The provider took a text of ours."""
        if sent.reference in self.accepted:
            self.wrong(Wrong.TWICE, f"{sent.template} went twice")
        self.accepted.add(sent.reference)
        self._in_order(line, sent)
        if not _within_hours(line, sent):
            self.wrong(Wrong.HOURS, f"{sent.template} at {sent.at.astimezone(LONDON):%a %H:%M}")
        if line.stopped:
            self.wrong(Wrong.STOPPED, f"{sent.template} after STOP")
        talk = next((each for each in line.talks if each.key == sent.talk), None)
        # After a no that was no text of theirs, the whole decision is put before a yes counts.
        yes_after_all = sent.template in DECLINED and talk is not None and not talk.no_elsewhere
        if sent.puts or yes_after_all:
            line.put, line.put_by = (sent.talk, sent.puts or TALK), sent.reference
        elif sent.asks or sent.template in ASKS_ELSE:
            line.put = None
        if talk is not None:
            self._to_talk(talk, sent)

    def _to_talk(self, talk: Talk, sent: Sent) -> None:
        if sent.template == "muted":
            self._fell_silent(talk, sent.queued_at)
        if sent.puts == TALK and talk.agreed_at is not None and sent.queued_at >= talk.agreed_at:
            # We never heard that it had reached them, and so it is put again: until they say yes
            # to that, nothing is agreed.
            talk.agree_again = sent.template == "agree_again"
            talk.agreed, talk.agreed_at = talk.agree_again, None
            del talk.must_stand[talk.agreed_with :]
        elif sent.puts and sent.puts != TALK:
            talk.agreed_at = None
        never = talk.gone or talk.not_safe or talk.wrong
        if never and sent.template != "wrong_number":
            why = "withdrawal" if talk.gone else "WRONG" if talk.wrong else "not safe"
            self.wrong(Wrong.STOPPED, f"{sent.template} after {why}")
        held = [what for what in WAITS if getattr(talk, what)]
        if talk.sure and sent.template in TALKS and not talk.agreed:
            self.wrong(Wrong.STOPPED, f"{sent.template} without agreement")
        elif sent.asks and held:
            self.wrong(Wrong.STOPPED, f"{sent.template} although {held}")
        if not sent.asks:
            return
        fresh = talk.led_back is None or sent.queued_at >= talk.led_back
        if fresh and sent.asks in talk.asked:
            self.wrong(Wrong.TWICE, f"{sent.asks} asked again")
        if fresh:
            talk.asked.add(sent.asks)
        talk.on_phone = sent.asks

    def _fell_silent(self, talk: Talk, at: datetime) -> None:
        """The program had fallen silent then: what they answered since is for a person to read."""
        if talk.agreed_at is not None and talk.agreed_at > at:
            talk.agreed, talk.agreed_at = False, None
            del talk.must_stand[talk.agreed_with :]
        talk.with_person |= talk.given_back is None or talk.given_back < at

    def _in_order(self, line: Line, sent: Sent) -> None:
        if not sent.is_reply:
            return
        # A question may wait for somebody who reads, or for the end of a pause, and be passed.
        waited = not self.strict or any(talk.rested for talk in line.talks)
        lane = sent.talk, waited and bool(sent.asks)
        if sent.number < line.numbers.get(lane, 0):
            self.wrong(Wrong.ORDER, f"{line.phone} {sent.template}")
        line.numbers[lane] = max(sent.number, line.numbers.get(lane, 0))

    def elsewhere(self, talk: Talk, at: datetime, answered: str = "") -> None:
        """Something changed by another channel: what is asked now may be asked again, and a
        decision that was answered there is not answered by text any more."""
        _back([talk], at)
        talk.no_elsewhere = not talk.agreed if answered == TALK else talk.no_elsewhere
        talk.paused &= not answered  # who talks with somebody rests no longer
        for line in self.lines.values():
            if answered and line.put == (talk.key, answered):
                line.put = None
        talk.steps += 1
        talk.said_no = None if talk.agreed else talk.said_no or at

    def decided(self, talk: Talk, yes: Iterable[str]) -> None:
        """What stands as agreed to: nothing but what they said yes to when it was put."""
        for purpose in set(yes) - talk.yes:
            self.wrong(Wrong.AGREED, f"{talk.key} {purpose}")

    def waits(self, line: Line, words: Iterable[tuple[str, datetime]]) -> None:
        """What waits to be told which talk it is for has been told by the next code word."""
        if line.told is None or any(talk.gone or talk.wrong for talk in line.talks):
            return
        for mark, at in words:
            if at < line.told:
                self.wrong(Wrong.LOST, f"{line.phone} {mark} still waits for a code word")

    def rests(self, line: Line, talk: Talk, shows: str | None) -> None:
        """Everything has arrived: their telephone shows the question that it should."""
        if shows is not None and line.safe is None and shows != talk.on_phone:
            self.wrong(Wrong.MISSING, f"{line.phone} {shows}, not {talk.on_phone}")


def _back(talks: list[Talk], at: datetime) -> None:
    """They go back, or come back: what was asked may be asked again."""
    for talk in talks:
        talk.led_back = at
        talk.asked.clear()


def _within_hours(line: Line, sent: Sent) -> bool:
    """From nine to eight in London; within ten minutes of a text of theirs at any hour; and never
    outside the hours that they said are safe."""
    local = sent.at.astimezone(LONDON).time()
    if line.safe is not None and not line.safe[0] <= local < line.safe[1]:
        return False
    if time(9) <= local < time(20):
        return True
    awake = line.last is not None and sent.at - line.last <= timedelta(minutes=10)
    return awake and sent.is_reply
