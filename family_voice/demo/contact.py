"""How families were reached, or were not, and the minutes it took. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from random import Random

from family_voice.cases.deadlines import LONDON
from family_voice.demo.written import CHILD, WrittenAccount

_SPOKEN = ("telephone", "video", "face_to_face")
_WORDS_A_MINUTE = 22

# What was tried for families who were never reached: channel and outcome, first to last.
_NOT_REACHED = (
    (("text", "sent"), ("telephone", "no_answer"), ("letter", "sent"),
     ("telephone", "message_left"), ("text", "sent")),
    (("text", "wrong_contact"), ("telephone", "wrong_contact"), ("letter", "sent"),
     ("telephone", "wrong_contact")),
    (("letter", "sent"), ("telephone", "no_answer"), ("telephone", "no_answer"),
     ("text", "sent"), ("telephone", "no_answer")),
    (("text", "sent"), ("telephone", "call_back"), ("telephone", "no_answer"),
     ("telephone", "message_left"), ("letter", "sent")),
    (("letter", "wrong_contact"), ("text", "sent"), ("telephone", "no_answer"),
     ("telephone", "message_left")),
)  # fmt: skip


@dataclass(frozen=True)
class DemoAttempt:
    """One try at reaching somebody. `person` is a key of the case's people; `at` is UTC.

    Channels: text, letter, telephone, video, face_to_face. Outcomes: those of `cases.ledger`.
    """

    person: str
    channel: str
    outcome: str
    at: datetime


@dataclass(frozen=True)
class DemoMinutes:
    """Minutes the lead spent: step is invite, call, talk, write_up, read_back or code."""

    step: str
    minutes: int
    at: datetime
    account_id: str | None = None


def moment(rng: Random, day: date, first_hour: int = 9, last_hour: int = 18) -> datetime:
    """A time on a day, as clocks in England show it, given in UTC."""
    hour, minute = rng.randint(first_hour, last_hour), rng.randrange(0, 60, 5)
    return datetime.combine(day, time(hour, minute), LONDON).astimezone(UTC)


def attempts(
    rng: Random,
    outcome: str,
    days: Sequence[date],
    person: str,
    heard: Sequence[tuple[str, str, datetime]],
    turn: int,
) -> tuple[DemoAttempt, ...]:
    """What was tried, oldest first.

    Args:
        rng: where chance comes from.
        outcome: how it ended, as written.
        days: the round's days for ringing people.
        person: who is tried first.
        heard: each account's person, channel and beginning, if any.
        turn: chooses what was tried for a family not reached, so that not all are alike.
    """
    if outcome in ("not_safe", "stood_down", "not_started"):
        return ()
    if outcome == "not_reached":
        steps = _NOT_REACHED[turn % len(_NOT_REACHED)]
        chosen = sorted(rng.sample(days, len(steps)))
        return tuple(
            DemoAttempt(person, channel, end, moment(rng, day))
            for (channel, end), day in zip(steps, chosen, strict=True)
        )
    first = days[-2] if outcome == "invited" else rng.choice(days[:3])
    tried = [DemoAttempt(person, rng.choice(("text", "letter")), "sent", moment(rng, first))]
    if outcome == "declined":
        day = rng.choice(days[5:12])
        tried.append(DemoAttempt(person, "telephone", "declined", moment(rng, day)))
    for who, channel, at in heard:
        if channel not in _SPOKEN:
            continue
        rung = person if who == CHILD else who
        if rng.random() < 0.6:
            day = rng.choice(days[3:6])
            tried.append(DemoAttempt(rung, "telephone", "no_answer", moment(rng, day)))
        day = rng.choice(days[6:8])
        tried.append(DemoAttempt(rung, "telephone", "call_back", moment(rng, day)))
        tried.append(DemoAttempt(who, channel, "spoke", at))
    return tuple(sorted(tried, key=lambda attempt: attempt.at))


def minutes(
    rng: Random,
    tried: Sequence[DemoAttempt],
    heard: Sequence[tuple[WrittenAccount, datetime]],
    skill: float,
    is_current: bool,
) -> tuple[DemoMinutes, ...]:
    """The lead's minutes on one case.

    Args:
        rng: where chance comes from.
        tried: the attempts, in order.
        heard: each account with the time it was given.
        skill: 0 in the oldest round, 1 in the newest: the work took longer at first.
        is_current: whether an account without a code still waits for somebody to code it.
    """
    if not heard:
        return tuple(
            DemoMinutes("call" if a.channel == "telephone" else "invite", rng.randint(3, 8), a.at)
            for a in tried
        )
    spent: list[DemoMinutes] = []
    for number, (account, at) in enumerate(heard):
        besides = rng.randint(40, 45) + round(13 * (1 - skill))
        share = {"invite": 0.15, "call": 0.2, "write_up": 0.35, "code": 0.3}
        if account.read_back:
            share = share | {"write_up": 0.25, "read_back": 0.1}
        if number:
            besides //= 2
        if account.channel in _SPOKEN:
            words = sum(len(f.text.split()) for _, answer in account.answers for f in answer)
            spent.append(DemoMinutes("talk", 9 + words // _WORDS_A_MINUTE, at, account.id))
        left = besides
        for step, part in share.items():
            whole = left if step == list(share)[-1] else round(besides * part)
            left -= whole
            if step == "code" and is_current and not account.codes:
                continue
            spent.append(DemoMinutes(step, whole, at, account.id))
    return tuple(spent)
