"""What happens in an interview, written down: every channel goes through here.

Each function holds the interview's row, replays its events, lets the pure engine take one step,
and appends what happened. `(interview, seq)` is unique, so the loser of a race steps again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from family_voice.consent import authority
from family_voice.consent.decisions import How, standing
from family_voice.consent.decisions import decide as write_decision
from family_voice.consent.parts import origin_of, parts_of
from family_voice.consent.statements import Purpose, statement
from family_voice.interviews import words
from family_voice.interviews.agreed import leads_past
from family_voice.interviews.effects import Discard, Effect, Ignored
from family_voice.interviews.engine import step
from family_voice.interviews.errors import AlreadyBegun
from family_voice.interviews.events import Agreed, Channel, DecisionPut, Manner, Replaced, Said
from family_voice.interviews.events import Event as Happening
from family_voice.interviews.forgetting import forget_parts
from family_voice.interviews.guide import Guide, load_guide
from family_voice.interviews.log import append, counted, leads_to, pinned, replayed
from family_voice.interviews.models import Interview
from family_voice.interviews.state import State
from family_voice.interviews.voices import (
    hidden_speakers,
    manner_of,
    on_behalf,
    put_right_as,
)
from family_voice.people.facts import is_own_voice
from family_voice.people.models import Participant
from family_voice.security.sealing import KeyKind, new_key
from family_voice.storage.base import new_id
from family_voice.storage.locking import fetch, lock

HOW = {Channel.WEB: How.WEB, Channel.TEXT: How.TEXT, Channel.FORM: How.FORM}


@dataclass(frozen=True)
class Outcome:
    """Where the interview stands after something happened, and what is now to be done."""

    state: State
    effects: tuple[Effect, ...] = field(default=())

    @property
    def stored(self) -> bool:
        """Whether it was taken: from a stranger, or after a no, nothing is."""
        return not any(isinstance(effect, Discard | Ignored) for effect in self.effects)


def begin(
    session: Session,
    *,
    audience: str,
    language: str,
    now: datetime,
    participant_id: UUID | None = None,
    round_id: UUID | None = None,
    speaker: words.Speaker | None = None,
    interview_id: UUID | None = None,
) -> UUID:
    """Make an interview, with a key of its own and the newest guide pinned.

    Args:
        session: a writing session.
        audience: whose guide; one there is a guide for.
        language: the language to begin in.
        now: when.
        participant_id: who was invited; None for the open link or an unknown number.
        round_id: the round it belongs to, if that is known.
        speaker: what they told us of themselves where nobody was invited.
        interview_id: what it is to be known by, where the page chose that, so that sending it twice
            begins one.

    Returns:
        The interview's id.

    Raises:
        AlreadyBegun: if the page's choice is an interview already; nothing has changed.
    """
    interview_id = interview_id or new_id()
    try:
        with session.begin_nested():
            key_id = new_key(session, KeyKind.INTERVIEW, interview_id, now)
            interview = Interview(
                id=interview_id,
                participant_id=participant_id,
                round_id=round_id,
                key_id=key_id,
                guide_audience=audience,
                guide_version=load_guide(audience, language).version,
                language=language,
                made_at=now,
            )
            session.add(interview)
    except IntegrityError as problem:
        if session.get(Interview, interview_id) is None:
            raise
        raise AlreadyBegun from problem
    if speaker is not None:
        words.keep_speaker(session, interview, speaker)
    if is_own_voice(audience) and participant_id is not None:
        child_id = fetch(session, Participant, participant_id).child_id
        authority.speaks(session, interview_id, child_id, None)
    session.flush()
    return interview_id


def happen(
    session: Session,
    interview_id: UUID,
    event: Happening,
    now: datetime,
    recorded_by: UUID | None = None,
) -> Outcome:
    """Let something happen that brings no words with it.

    Args:
        session: a writing session.
        interview_id: where.
        event: what happened.
        now: when.
        recorded_by: the member of staff who noted it, if one did.

    Returns:
        The state afterwards and the effects.
    """
    return _step(session, lock(session, Interview, interview_id), event, now, recorded_by)


def say(
    session: Session,
    interview_id: UUID,
    text: str,
    *,
    channel: Channel,
    now: datetime,
    prompt_id: str | None = None,
    manner: Manner = Manner.OWN_WORDS,
    speaker: str = "self",
    segments: int = 1,
    recorded_by: UUID | None = None,
    fragment_id: UUID | None = None,
    visit_id: UUID | None = None,
) -> Outcome:
    """Add a piece of what was said, unless the engine says it must not be stored.

    Args:
        session: a writing session.
        interview_id: whose.
        text: the words exactly as they came.
        channel: how they came.
        now: when.
        prompt_id: which question they answer; None for the one being asked.
        manner: how their voice is known.
        speaker: who of those in the conversation said it.
        segments: how many parts a text message came in.
        recorded_by: the member of staff who wrote it down, if one did.
        fragment_id: what the piece is to be known by, where the page chose that, so that sending
            it twice is still one piece.
        visit_id: the visit on which it was seen, if it was.

    Returns:
        The outcome; `stored` says whether the words were kept.
    """
    interview = lock(session, Interview, interview_id)
    manner = manner_of(session, interview, manner, speaker)
    fragment_id = fragment_id or new_id()
    event = Said(channel, fragment_id, prompt_id, manner, segments)

    def keep() -> None:
        words.keep(
            session, interview, fragment_id, text, channel, manner, speaker, now, recorded_by,
            visit_id,
        )  # fmt: skip

    return _step(session, interview, event, now, recorded_by, keep)


def write(
    session: Session,
    interview_id: UUID,
    prompt_id: str,
    text: str,
    *,
    channel: Channel,
    now: datetime,
    manner: Manner = Manner.OWN_WORDS,
    speaker: str = "self",
    over: Sequence[UUID] | None = None,
    recorded_by: UUID | None = None,
    fragment_id: UUID | None = None,
    relabelled: bool = False,
) -> Outcome:
    """Let the whole answer to a prompt read as this text from now on: a form's way of speaking.

    What it replaces is kept in the log and stands no more. The same text again changes nothing;
    an empty text takes the answer away.

    Args:
        session: a writing session.
        interview_id: whose.
        prompt_id: which question, or `notes`.
        text: the whole answer.
        channel: how it came.
        now: when.
        manner: how their voice is known; see `voices.put_right_as`.
        speaker: who of those in the conversation said it.
        over: the fragments it takes the place of, where the writer saw only some of the answer;
            None for all that stand, empty to add to them.
        recorded_by: the member of staff who wrote it down, if one did.
        fragment_id: as for `say`.
        relabelled: whose words they are is another than before, so the same text is a change.

    Returns:
        The outcome.

    Raises:
        UnknownFragment: if one of `over` no longer stands there.
    """
    interview = lock(session, Interview, interview_id)
    manner = manner_of(session, interview, manner, speaker)
    state, _ = replayed(session, interview)
    there = state.answers.get(prompt_id, ()) if over is None else tuple(over)
    if not text.strip() and not there:
        return Outcome(state)
    wanted = text.strip()
    if there and not relabelled and wanted == words.joined(session, interview, there).strip():
        return Outcome(state)
    if not there:
        return say(
            session,
            interview_id,
            text,
            channel=channel,
            now=now,
            prompt_id=prompt_id,
            manner=manner,
            speaker=speaker,
            recorded_by=recorded_by,
            fragment_id=fragment_id,
        )
    manner, speaker, visit_id = put_right_as(
        session, interview, there, manner, speaker,
        by_family=recorded_by is None, relabelled=relabelled,
    )  # fmt: skip
    new = (fragment_id or new_id()) if text.strip() else None
    event = Replaced(channel, prompt_id, there, new, manner)

    def keep() -> None:
        if new is not None:
            words.keep(
                session, interview, new, text, channel, manner, speaker, now, recorded_by, visit_id
            )
            words.carry_marks(session, interview, there, new)

    return _step(session, interview, event, now, recorded_by, keep)


def decide(
    session: Session,
    interview_id: UUID,
    purpose: Purpose,
    yes: bool,
    *,
    channel: Channel,
    now: datetime,
    recorded_by: UUID | None = None,
) -> Outcome:
    """Write down one decision, with the very statement that was put to them.

    Args:
        session: a writing session.
        interview_id: whose decision.
        purpose: what was asked for.
        yes: what they said.
        channel: how; by telephone, video or face to face the statement was read out.
        now: when.
        recorded_by: the member of staff who asked, if one did.

    Returns:
        The outcome.

    Raises:
        NotTheirs: to a yes that somebody else has to give, or that their own no goes before.
    """
    interview = lock(session, Interview, interview_id)
    instead = on_behalf(session, interview, purpose, yes, recorded_by, now)
    shown = statement(purpose, interview.guide_audience, interview.language)
    how = HOW.get(channel, How.READ_OUT)
    outcome = _step(session, interview, Agreed(channel, purpose.value, yes), now, recorded_by)
    if outcome.stored:
        # What is decided about a part is decided about the account that it was cut out of.
        decided_for = origin_of(session, interview_id) or interview_id
        write_decision(session, decided_for, shown, yes, how, recorded_by, now, instead)
    return outcome


def hold(session: Session, interview_id: UUID) -> State:
    """Where an interview stands, held so that nothing else happens until the transaction ends."""
    return replayed(session, lock(session, Interview, interview_id))[0]


def state_of(session: Session, interview_id: UUID) -> State:
    """Where an interview stands by its log alone: its events replayed.

    Whoever shows, writes or sends anything asks `as_agreed` instead.
    """
    return replayed(session, fetch(session, Interview, interview_id))[0]


def as_agreed(session: Session, interview_id: UUID, now: datetime, *, held: bool = False) -> State:
    """Where an interview stands, as far as what they agreed to still counts.

    `now` is the moment of showing, writing or sending; `held` keeps it so until the transaction
    ends.
    """
    found = (lock if held else fetch)(session, Interview, interview_id)
    logged, _ = replayed(session, found)
    return counted(logged, standing(session, interview_id, now), now)


def guide_of(session: Session, interview_id: UUID) -> Guide:
    """The guide an interview pinned, in its language."""
    return pinned(fetch(session, Interview, interview_id))


def account(session: Session, interview_id: UUID) -> words.Account:
    """What was said and stands, in the guide's order, read with the interview's key."""
    interview = fetch(session, Interview, interview_id)
    (state, _), guide = replayed(session, interview), pinned(interview)
    return words.account(session, interview, state, guide, hidden_speakers(session, interview))


def about_permission(session: Session, interview_id: UUID) -> words.Account:
    """What was said about permission alone, which is no part of the account."""
    interview = fetch(session, Interview, interview_id)
    state, _ = replayed(session, interview)
    return words.about_permission(session, interview, state, hidden_speakers(session, interview))


def mark_for_workers(session: Session, interview_id: UUID, not_for_workers: set[UUID]) -> None:
    """Say which sentences are kept from the people who work with the family; all others are not."""
    interview = lock(session, Interview, interview_id)
    state, _ = replayed(session, interview)
    words.mark(session, interview, state.fragments, not_for_workers)
    if interview.first_sent_at is not None:
        for part_id in parts_of(session, interview_id):
            words.mark_alike(session, interview, fetch(session, Interview, part_id))


def _step(
    session: Session,
    interview: Interview,
    event: Happening,
    now: datetime,
    recorded_by: UUID | None,
    keep: Callable[[], None] = lambda: None,
) -> Outcome:
    logged, last = replayed(session, interview)
    before = counted(logged, standing(session, interview.id, now), now)
    state, effects = step(before, event, pinned(interview), now)
    outcome = Outcome(state, tuple(effects))
    # A decision that lapsed is put where the log by itself would go on.
    lapsed = before.stage is not logged.stage and not isinstance(event, DecisionPut)
    if not outcome.stored or leads_past(event, logged, before):
        # What is not kept may be answered by a decision, which has then been put.
        puts = lapsed if outcome.stored else state.put != before.put
        if puts and state.put is not None:
            append(session, interview.id, last + 1, DecisionPut(Channel.TEXT, state.put), None, now)
            session.flush()
        return outcome
    keep()
    append(session, interview.id, last + 1, event, recorded_by, now)
    if lapsed and state.put is not None:
        append(session, interview.id, last + 2, DecisionPut(Channel.TEXT, state.put), None, now)
    elif before == logged:
        leads_to(session, interview.id, state, last + 1)
    if interview.first_sent_at is not None and state.answers != before.answers:
        # What was cut out of it would still say what they have put right or taken away.
        forget_parts(session, interview.id, now)
    interview.language = state.language
    interview.sent_at = state.sent_at
    interview.first_sent_at = interview.first_sent_at or state.sent_at
    interview.read_back_at = state.read_back_at
    # The first asking counts: they have waited since then.
    interview.call_wanted_at = (interview.call_wanted_at or now) if state.call_wanted else None
    session.flush()
    return outcome
