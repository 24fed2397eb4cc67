"""What holds in every conversation, whatever happens in whatever order and by whatever channel."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from family_voice.interviews import events as e
from family_voice.interviews.effects import (
    Ask,
    AskDecision,
    Discard,
    Effect,
    Ignored,
    Remark,
    Say,
)
from family_voice.interviews.engine import begin, step
from family_voice.interviews.errors import EngineError
from family_voice.interviews.events import NOTES, Channel, event_from_json, event_to_json
from family_voice.interviews.guide import load_guide
from family_voice.interviews.replaying import replay
from family_voice.interviews.state import Stage, State
from tests.conftest import EXAMPLES

GUIDE = load_guide("parent_carer", "en")
PROMPTS = tuple(GUIDE.prompts)
START = datetime(2026, 1, 12, 9, tzinfo=UTC)
TEXT = Channel.TEXT

channels = st.sampled_from(Channel) | st.just(TEXT)
places = st.sampled_from((*PROMPTS, NOTES))
fragments = st.integers(0, 40).map(lambda n: UUID(int=n))
maybe_prompt = st.none() | st.sampled_from(PROMPTS)
purposes = st.sampled_from(e.DECISIONS)


def plain(kind: type) -> st.SearchStrategy[e.Event]:
    return st.builds(kind, channels)


happenings = st.one_of(
    st.builds(e.Agreed, channels, purposes, st.booleans() | st.just(True)),
    st.builds(e.Agreed, channels, st.sampled_from(e.FIRST_DECISIONS), st.just(True)),
    st.builds(e.Said, channels, fragments, st.none() | places, st.sampled_from(e.Manner),
              st.integers(1, 3)),
    st.builds(e.Said, st.just(TEXT), fragments),
    st.builds(e.Said, channels, fragments, st.sampled_from(PROMPTS)),
    st.builds(e.Replaced, channels, places, st.lists(fragments, max_size=2).map(tuple),
              st.none() | fragments),
    st.builds(e.Moved, channels, fragments, places),
    st.builds(e.Next, channels, maybe_prompt),
    st.builds(e.Next, st.just(TEXT)),
    st.builds(e.Skipped, channels, maybe_prompt),
    st.builds(e.MoreWanted, channels, st.none() | st.sampled_from([h.id for h in GUIDE.headings])),
    st.builds(e.ChangedLanguage, channels, st.sampled_from(["en", "ur", "pl"])),
    st.builds(e.ChangedChannel, channels, channels),
    st.builds(e.ReadBack, channels, st.booleans()),
    st.just(e.TimedOut(TEXT)),
    st.sampled_from(
        [e.Opened, e.Recognised, e.WentBack, e.AskedForCall, e.Stopped, e.Resumed,
         e.HandedToPerson, e.GivenBack, e.Finished, e.Reopened, e.Withdrawn, e.Restarted,
         e.Paused]
    ).flatmap(plain),
    st.sampled_from([e.Rested(TEXT), e.WrongNumber(TEXT), e.Restarted(TEXT), e.Paused(TEXT)]),
)  # fmt: skip
gaps = st.sampled_from([0, 5, 60, 119, 121, 240, 601, 4000]).map(lambda s: timedelta(seconds=s))
begun: list[e.Event] = [
    e.Recognised(TEXT),
    e.Agreed(TEXT, e.TALK, True),
    e.Agreed(TEXT, e.CHECK, True),
]
Log = list[tuple[e.Event, datetime]]


@st.composite
def stories(draw: st.DrawFn) -> Log:
    """A log of events: mostly what could really come next, and now and then anything at all."""
    log: Log = []
    state, now = begin(), START
    opening = draw(st.sampled_from([[], begun, begun]))
    moves = draw(st.lists(st.sampled_from(MOVES), max_size=40))
    for number in range(len(opening) + len(moves)):
        if number < len(opening):
            event = opening[number]
        else:
            now += draw(gaps)
            event = draw(likely(moves[number - len(opening)], state, number))
            if isinstance(event, e.TimedOut) and state.quiet_until and draw(st.booleans()):
                now = max(now, state.quiet_until)
        log.append((event, now))
        with contextlib.suppress(EngineError):
            state, _ = step(state, event, GUIDE, now)
    return log


MOVES = ["text"] * 5 + ["say"] * 2 + ["next", "wait", "wait", "replace", "move", "end", "any"]


def likely(move: str, state: State, number: int) -> st.SearchStrategy[e.Event]:
    """An event of this sort that fits the conversation; fresh words get a fresh id."""
    fresh = UUID(int=1000 + number)
    standing = st.sampled_from(state.fragments) if state.fragments else fragments
    match move:
        case "text":
            return st.builds(e.Said, st.just(TEXT), st.just(fresh), segments=st.integers(1, 2))
        case "say":
            return st.builds(e.Said, channels, st.just(fresh), st.none() | places)
        case "next":
            return st.builds(e.Next, channels) | st.builds(e.WentBack, st.just(TEXT))
        case "wait":
            return st.just(e.TimedOut(TEXT))
        case "move":
            return st.builds(e.Moved, channels, standing, places)
        case "replace" if state.answers:
            place = st.sampled_from(sorted(state.answers))
            return place.flatmap(
                lambda at: st.builds(
                    e.Replaced,
                    channels,
                    st.just(at),
                    st.lists(st.sampled_from(state.answers[at]), min_size=1).map(tuple),
                    st.sampled_from([None, fresh]),
                )
            )
        case "end":
            return st.sampled_from(
                [e.Finished(TEXT), e.ReadBack(Channel.WEB, True), e.Agreed(TEXT, e.TALK, False),
                 e.Agreed(TEXT, e.TALK, True), e.Agreed(TEXT, "count", True), e.Stopped(TEXT),
                 e.Resumed(TEXT), e.HandedToPerson(TEXT), e.GivenBack(TEXT), e.Reopened(TEXT),
                 e.Restarted(TEXT), e.Paused(TEXT), e.Rested(TEXT), e.WrongNumber(TEXT)]
            )  # fmt: skip
    return happenings


def tell(log: Log) -> Iterator[tuple[State, e.Event, datetime, State, tuple[Effect, ...]]]:
    """Each step taken: before, event, now, after, effects. What is refused must change nothing."""
    state = begin()
    for event, now in log:
        try:
            after, effects = step(state, event, GUIDE, now)
        except EngineError:
            continue
        yield state, event, now, after, effects
        state = after


@given(stories())
def test_replaying_the_log_gives_the_same_state(story: Log) -> None:
    taken, state = [], begin()
    for _, event, now, after, _ in tell(story):
        taken.append((event, now))
        state = after
    assert replay(taken, GUIDE) == state
    stored = [(json.loads(json.dumps(event_to_json(event))), at) for event, at in taken]
    assert replay([(event_from_json(data), at) for data, at in stored], GUIDE) == state


@given(happenings)
def test_every_event_survives_being_stored(event: e.Event) -> None:
    data = json.loads(json.dumps(event_to_json(event)))
    assert event_from_json(data) == event
    assert type(event_from_json(data)) is type(event)


@settings(max_examples=400 * EXAMPLES)
@given(stories())
def test_no_words_are_lost_or_put_with_the_wrong_question(story: Log) -> None:
    """An oracle that sees only what goes in and out: it follows the question on their telephone."""
    expected: dict[str, list[UUID]] = {}
    on_phone: str | None = None
    shown_before: str | None = None
    closed: tuple[str, datetime] | None = None
    for before, event, now, after, effects in tell(story):
        asked = [x.prompt_id for x in effects if isinstance(x, Ask) and x.channel is TEXT]
        if isinstance(event, e.Said) and Discard(event.fragment_id) not in effects:
            silent = before.silent(TEXT) or before.agree_again
            if event.channel is not TEXT:
                place = event.prompt_id or (
                    NOTES if before.stage is Stage.DECIDING else before.current or NOTES
                )
            elif before.stage is Stage.SENT:
                place = NOTES
            elif event.prompt_id is not None:
                place = event.prompt_id
            elif before.agree_again:
                place = NOTES
            elif closed is not None and now <= closed[1] + timedelta(minutes=2):
                place = closed[0]
                assert event.fragment_id in after.flagged
            elif before.stage is Stage.DECIDING or silent:
                place = NOTES
            else:
                place = on_phone or NOTES
            expected.setdefault(place, []).append(event.fragment_id)
        if isinstance(event, e.Moved) and Ignored() not in effects:
            was = next(answer for answer in expected.values() if event.fragment_id in answer)
            if was is not expected.setdefault(event.prompt_id, []):
                was.remove(event.fragment_id)
                expected[event.prompt_id].append(event.fragment_id)
        if isinstance(event, e.Replaced) and Ignored() not in effects:
            answer = expected[event.prompt_id]
            at = min(answer.index(old) for old in event.old)
            answer[:] = [fragment for fragment in answer if fragment not in event.old]
            if event.new is not None:
                answer.insert(at, event.new)
        if isinstance(event, e.TimedOut) and after.late not in (None, before.late):
            assert on_phone is not None
            closed = (on_phone, now)
        elif after.late is None:
            closed = None
        if asked:
            on_phone, shown_before = asked[-1], on_phone
        elif isinstance(event, e.Rested) and after.waiting != before.waiting:
            on_phone = shown_before  # the question did not go
        elif after.on_phone is None:
            on_phone = None
        expected = {place: answer for place, answer in expected.items() if answer}
        assert {place: list(answer) for place, answer in after.answers.items()} == expected
        assert len(after.fragments) == len(set(after.fragments))
        assert set(after.answers) <= {*PROMPTS, NOTES}


def stored(state: State) -> object:
    return (state.answers, state.decisions, state.skipped, state.opened, state.flagged)


@given(stories())
def test_before_a_yes_and_after_a_no_nothing_is_stored(story: Log) -> None:
    for before, event, _, after, effects in tell(story):
        allowed = before.decisions.get(e.TALK) is True and before.stage is not Stage.WITHDRAWN
        if allowed or (isinstance(event, e.Agreed) and event.purpose == e.TALK):
            continue
        assert stored(after) == stored(before)
        if isinstance(event, e.Said):
            assert Discard(event.fragment_id) in effects
        if isinstance(event, e.Said | e.Replaced | e.Moved):
            assert Ignored() in effects
        assert not any(isinstance(effect, Ask) for effect in effects)


@given(st.lists(happenings, max_size=12))
def test_by_text_nothing_but_an_answer_leads_on_from_the_second_decision(
    after: list[e.Event],
) -> None:
    opening = (e.Recognised(TEXT), e.Agreed(TEXT, e.TALK, True))
    for before, event, _, state, effects in tell([(each, START) for each in (*opening, *after)]):
        if before.stage is not Stage.DECIDING or event.channel is not TEXT:
            continue
        if state.stage not in (Stage.DECIDING, Stage.WITHDRAWN):
            assert isinstance(event, e.Agreed)
        if isinstance(event, e.Next | e.Skipped | e.Said) and not before.silent(TEXT):
            assert AskDecision(before.open_decision or e.TALK, TEXT) in effects


@given(stories())
def test_nobody_is_asked_twice(story: Log) -> None:
    going_over = e.WentBack | e.ChangedLanguage
    for before, event, _, after, effects in tell(story):
        for effect in effects:
            if isinstance(effect, Ask) and not isinstance(event, going_over):
                # What waits was never on their telephone, whatever they said meanwhile.
                waited = effect.channel is TEXT and effect.prompt_id == before.waiting
                assert waited or not after.done(effect.prompt_id)
                assert effect.prompt_id in after.path(GUIDE)


@given(stories())
def test_nothing_is_said_by_text_to_a_stranger_or_after_stop(story: Log) -> None:
    for before, event, _, after, effects in tell(story):
        to_phone = [x for x in effects if getattr(x, "channel", None) is TEXT]
        if after.texts_stopped or after.with_person:
            assert to_phone == []
        if after.wrong_number:
            assert to_phone in ([], [Say(Remark.WRONG_NUMBER, TEXT)])
        if TEXT not in after.recognised:
            assert not any(isinstance(x, Ask) for x in to_phone)
        if TEXT not in before.recognised and event.channel is TEXT:
            assert after.answers == before.answers


@given(stories())
def test_after_stop_only_start_and_a_fresh_yes_bring_questions_by_text(story: Log) -> None:
    """Followed from outside: the older `Resumed` lifts a stop only in logs of before."""
    may_ask = True
    for before, event, _, after, effects in tell(story):
        if isinstance(event, e.Stopped):
            may_ask = False
        elif isinstance(event, e.Resumed) and event.channel is TEXT and not before.agree_again:
            may_ask = True
        elif isinstance(event, e.Agreed) and event.purpose == e.TALK and not after.texts_stopped:
            may_ask = may_ask or event.yes
        if not may_ask:
            assert not any(isinstance(x, Ask) and x.channel is TEXT for x in effects)


@given(stories())
def test_a_pause_is_kept_until_they_speak(story: Log) -> None:
    for before, event, _, _, effects in tell(story):
        if before.paused and isinstance(event, e.TimedOut | e.GivenBack | e.Rested):
            assert not any(getattr(x, "channel", None) is TEXT for x in effects)


@given(stories())
def test_the_state_is_never_corrupt(story: Log) -> None:
    for _, _, _, after, _ in tell(story):
        assert after.current is None or after.current in GUIDE.prompts
        assert after.flagged <= set(after.fragments)
        assert not after.removed & set(after.fragments)
        assert not any(after.answered(prompt) for prompt in after.skipped)
        assert (after.stage is Stage.SENT) <= (after.sent_at is not None)
        assert set(after.left(GUIDE)) <= set(after.path(GUIDE))
        assert (after.stage is Stage.DECLINED) <= (after.decisions.get(e.TALK) is False)


@given(st.lists(st.sampled_from(["say", "next", "skip", "wait"]), min_size=60, max_size=60))
def test_by_text_answering_comes_to_an_end(moves: list[str]) -> None:
    """Whoever finishes each question, in whatever way, comes to the end and is heard."""
    log: Log = [(event, START) for event in begun]
    now, said = START, 0
    for move in moves:
        now += timedelta(minutes=5)
        log.append((e.Said(TEXT, UUID(int=said)), now))
        said += 1
        if move == "wait":
            now += timedelta(hours=2)
            log.append((e.TimedOut(TEXT), now))
        elif move != "say":
            log.append((e.Next(TEXT) if move == "next" else e.Skipped(TEXT), now))
    log.append((e.Next(TEXT), now))
    state = replay(log, GUIDE)
    assert len(state.fragments) == said
    done = sum(move != "say" for move in moves) + 1
    assert len(state.left(GUIDE)) == max(0, 5 - done)
    assert (state.stage is Stage.SENT) == (done >= 6)
