"""Replaying the coder's log: what stands is what an ordinary editor with undo would show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from family_voice.themes.coding_log import (
    Action,
    Coded,
    Command,
    Unit,
    replay,
    to_redo,
    to_undo,
)

AMINA, BO = UUID(int=1), UUID(int=2)
ANSWERS = (Unit("important.open"), Unit("worries.open"))
SENTENCES = tuple(Unit(a.prompt_id, UUID(int=n)) for n, a in enumerate((*ANSWERS, *ANSWERS), 10))
UNITS = (*ANSWERS, *SENTENCES)
CODES = ("waiting", "listened_to", "promised_happens")

changes = st.tuples(
    st.sampled_from([Action.PUT, Action.TAKE_OFF, Action.NONE_APPLY]),
    st.sampled_from(UNITS),
    st.sampled_from(CODES),
)
presses = st.lists(st.one_of(changes, st.sampled_from([Action.UNDO, Action.REDO])), max_size=40)
Press = tuple[Action, Unit, str] | Action
Page = tuple[frozenset[tuple[Unit, str]], frozenset[Unit]]


@dataclass
class Editor:
    """An editor as anybody would write it: whole pages on a pile, and a pile of undone ones."""

    page: Page = (frozenset(), frozenset())
    undone: list[Page] = field(default_factory=list)
    done: list[Page] = field(default_factory=list)

    def press(self, press: Press) -> None:
        if press is Action.UNDO:
            if self.done:
                self.undone.append(self.page)
                self.page = self.done.pop()
        elif press is Action.REDO:
            if self.undone:
                self.done.append(self.page)
                self.page = self.undone.pop()
        else:
            assert isinstance(press, tuple)
            after = self.changed(*press)
            if after != self.page:
                self.done.append(self.page)
                self.page, self.undone = after, []

    def changed(self, action: Action, unit: Unit, code: str) -> Page:
        codes, nothing = self.page
        if action is Action.PUT:
            over = {unit, Unit(unit.prompt_id)}
            return codes | {(unit, code)}, frozenset(u for u in nothing if u not in over)
        if action is Action.TAKE_OFF:
            return codes - {(unit, code)}, nothing
        whole = unit.sentence_id is None

        def under(other: Unit) -> bool:
            return other == unit or (whole and other.prompt_id == unit.prompt_id)

        return (
            frozenset(each for each in codes if not under(each[0])),
            frozenset(each for each in nothing if not under(each)) | {unit},
        )


def pressed(commands: Sequence[Command], press: Press, by: UUID) -> list[Command]:
    """The log after a press, kept as the use cases keep it."""
    target = None
    if press is Action.UNDO:
        target = to_undo(commands, by)
    elif press is Action.REDO:
        target = to_redo(commands, by)
    if isinstance(press, tuple):
        action, unit, code = press
        named = code if action is not Action.NONE_APPLY else None
        after = [*commands, Command(uuid4(), action, unit, named, None, by)]
        return after if replay(after) != replay(commands) else list(commands)
    if target is None:
        return list(commands)
    return [*commands, Command(uuid4(), press, None, None, target, by)]


def shown(coded: Coded) -> tuple[frozenset[tuple[Unit, str]], frozenset[Unit]]:
    return frozenset((c.unit, c.code) for c in coded.codings), coded.none_apply


@given(presses)
def test_the_log_shows_what_an_editor_would(all_presses: list[Press]) -> None:
    editor, commands = Editor(), list[Command]()
    for press in all_presses:
        editor.press(press)
        commands = pressed(commands, press, AMINA)
        assert shown(replay(commands)) == editor.page
        assert (to_undo(commands, AMINA) is not None) == bool(editor.done)
        assert (to_redo(commands, AMINA) is not None) == bool(editor.undone)


@given(presses, changes)
def test_undo_is_the_page_before_and_redo_the_page_after(
    all_presses: list[Press], change: tuple[Action, Unit, str]
) -> None:
    before: list[Command] = []
    for press in all_presses:
        before = pressed(before, press, AMINA)
    after = pressed(before, change, AMINA)
    if after == before:
        return
    undone = pressed(after, Action.UNDO, AMINA)
    # In order too: what was put first is named first.
    assert replay(undone) == replay(before)
    assert replay(pressed(undone, Action.REDO, AMINA)) == replay(after)


@given(
    st.lists(
        st.tuples(
            st.sampled_from([AMINA, BO]),
            st.one_of(changes, st.sampled_from([Action.UNDO, Action.REDO])),
        ),
        max_size=40,
    )
)
def test_whatever_two_people_do_the_page_makes_sense(all_presses: list[tuple[UUID, Press]]) -> None:
    commands: list[Command] = []
    for by, press in all_presses:
        target = to_undo(commands, by) if press is Action.UNDO else None
        assert target is None or {c.id: c.by for c in commands}[target] == by
        longer = pressed(commands, press, by)
        assert longer[: len(commands)] == commands
        commands = longer
        coded = replay(commands)
        pairs = [(coding.unit, coding.code) for coding in coded.codings]
        assert len(pairs) == len(set(pairs))
        for unit in coded.none_apply:
            assert not coded.codes_on(unit)
            if unit in ANSWERS:
                assert not any(coding.unit.prompt_id == unit.prompt_id for coding in coded.codings)


def test_nothing_applies_is_a_decision_and_a_code_takes_it_back() -> None:
    answer, sentence = ANSWERS[0], SENTENCES[0]
    commands = pressed([], (Action.NONE_APPLY, answer, ""), AMINA)
    assert replay(commands).is_decided(answer)
    assert replay(commands).is_answered_for(answer.prompt_id)
    commands = pressed(commands, (Action.PUT, sentence, "waiting"), AMINA)
    coded = replay(commands)
    assert not coded.is_decided(answer)
    assert coded.codes_on(sentence) == ("waiting",)
    assert coded.is_answered_for(answer.prompt_id)
    assert not coded.is_answered_for(ANSWERS[1].prompt_id)


def test_a_fresh_code_leaves_nothing_to_redo() -> None:
    commands: list[Command] = []
    for press in (
        (Action.PUT, ANSWERS[0], "waiting"),
        Action.UNDO,
        (Action.PUT, ANSWERS[0], "promised_happens"),
    ):
        commands = pressed(commands, press, AMINA)
    assert to_redo(commands, AMINA) is None
    assert replay(commands).codes == {"promised_happens"}


def test_undo_leaves_what_somebody_else_did() -> None:
    commands = pressed([], (Action.PUT, ANSWERS[0], "waiting"), AMINA)
    commands = pressed(commands, (Action.PUT, ANSWERS[0], "promised_happens"), BO)
    commands = pressed(commands, Action.UNDO, AMINA)
    assert replay(commands).codes == {"promised_happens"}
    assert to_undo(commands, AMINA) is None
