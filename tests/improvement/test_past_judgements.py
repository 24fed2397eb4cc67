"""Past years' judgements: kept as they stood, with what disagrees said and nothing put right."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from family_voice.improvement.commands import import_commands
from family_voice.improvement.past_judgements import (
    EXAMPLE,
    AlreadyIn,
    PastRefused,
    bring_in,
    every,
    known_scales,
    take_away,
)
from family_voice.improvement.past_table import Disagreement, Point, read_table
from family_voice.security.trail import Actor
from family_voice.settings import Settings
from family_voice.storage.locking import Missing
from tests.conftest import NOW, Database

AREA = "blackburn_with_darwen"
BY = Actor("operator")
HEADER = "meeting,focus,scale,1,2,3,4,cases\n"


def problems(text: str) -> list[tuple[int, str]]:
    read = read_table((HEADER + text).encode(), known_scales(AREA))
    assert not read.parts or not read.problems
    return [(each.line, each.column) for each in read.problems]


def test_the_published_table_disagrees_with_itself_and_stays_so(session: Session) -> None:
    bring_in(session, EXAMPLE.read_bytes(), "Until December 2024", AREA, BY, NOW)
    (table,) = every(session)
    (part,) = table.parts
    assert part.counts == {1: 3, 2: 11, 3: 5, 4: 2}
    assert part.total is not None
    assert dict(part.total.counts) == {1: 3, 2: 9, 3: 7, 4: 2}
    assert part.disagreements == (Disagreement(2, 9, 11), Disagreement(3, 7, 5))
    assert (part.total.cases, sum(part.counts.values())) == (21, 21)
    assert table.disagrees
    assert part.points[0] == Point(1, "Consistently positive experiences and outcomes")
    assert [each.month for each in part.meetings][:2] == [date(2023, 12, 1), date(2024, 1, 1)]


def test_the_same_file_twice_changes_nothing_and_a_meeting_is_there_once(session: Session) -> None:
    data = EXAMPLE.read_bytes()
    bring_in(session, data, "One", AREA, BY, NOW)
    before = every(session)
    with pytest.raises(AlreadyIn) as there:
        bring_in(session, data, "Another name", AREA, BY, NOW)
    assert there.value.table.number == 1
    with pytest.raises(PastRefused) as refused:
        bring_in(session, data + b"\n", "Two", AREA, BY, NOW)
    assert [each.line for each in refused.value.problems] == [2, 3, 4, 5, 6, 7, 8]
    assert every(session) == before
    take_away(session, 1, BY, NOW)
    assert every(session) == ()
    with pytest.raises(Missing):
        take_away(session, 1, BY, NOW)


def test_a_meeting_that_is_still_to_come_was_not_judged(session: Session) -> None:
    with pytest.raises(PastRefused) as refused:
        bring_in(session, EXAMPLE.read_bytes(), "", AREA, BY, datetime(2023, 12, 31, tzinfo=UTC))
    assert [each.line for each in refused.value.problems] == [3, 4, 5, 6, 7, 8]
    assert "still to come" in refused.value.problems[0].message
    assert every(session) == ()


def test_two_scales_stay_two(session: Session) -> None:
    text = HEADER + "May 2025,SEMH,three_point,1,1,1,,3\nDec 2024,SEMH,four_point,,2,,1,4\n"
    bring_in(session, text.encode(), "", AREA, BY, NOW)
    (table,) = every(session)
    assert {part.scale: part.counts for part in table.parts} == {
        "three_point": {1: 1, 2: 1, 3: 1}, "four_point": {1: 0, 2: 2, 3: 0, 4: 1},
    }  # fmt: skip
    (of_one,) = [part.disagreements for part in table.parts if part.disagreements]
    assert (of_one[0].point, of_one[0].stated, of_one[0].counted) == (None, 4, 3)
    assert of_one[0].meeting is not None


def test_every_problem_by_line_and_column() -> None:
    assert problems("Autumn,SEMH,four_point,1,,,,\n") == [(2, "meeting")]
    assert problems("May 2025,,three_point,1,,,1,\n") == [(2, "4"), (2, "focus")]
    assert problems("May 2025,SEMH,own_scale,one,-1,,,\n") == [(2, "1"), (2, "2")]
    assert problems("May 2025,SEMH,own_scale,,,,,3\n") == [(2, "")]
    assert problems("May 2025,SEMH,a,1,,,,\nTotal,,b,1,,,,\n") == [(3, "scale")]
    assert problems("May 2025,SEMH,a,1,,,,\nMay 2025,SEMH,a,2,,,,\n") == [(3, "")]
    assert problems("Total,,a,1,,,,\n") == [(2, "scale")]


@pytest.mark.parametrize(
    ("held", "month"),
    [
        ("December 2023", 12), ("Dec 2023", 12), ("12/2023", 12), ("2023-12", 12),
        ("05/12/2023", 12), ("2023-12-05", 12), ("5 May 2023", 5), ("3rd June 2023", 6),
        ("Ma 2023", 0), ("13/2023", 0), ("Ju 2023", 0), ("June 1823", 0),
    ],
)  # fmt: skip
def test_how_a_month_may_be_written(held: str, month: int) -> None:
    read = read_table((HEADER + f"{held},SEMH,a,1,,,,\n").encode(), {})
    found = [each.month for part in read.parts for each in part.meetings]
    assert found == ([date(2023, month, 1)] if month else [])


COUNTS = st.lists(st.tuples(*[st.integers(0, 9)] * 4), min_size=1, max_size=6)


@given(COUNTS, st.tuples(*[st.integers(0, 40)] * 4))
def test_a_total_disagrees_exactly_where_it_is_not_the_sum(
    lines: list[tuple[int, ...]], stated: tuple[int, ...]
) -> None:
    text = HEADER + "".join(
        f"0{place}/2024,focus,four_point,{','.join(map(str, line))},\n"
        for place, line in enumerate(lines, 1)
    )
    text += f"Total,,four_point,{','.join(map(str, stated))},\n"
    (part,) = read_table(text.encode(), known_scales(AREA)).parts
    sums = [sum(column) for column in zip(*lines, strict=True)]
    assert {each.point: (each.stated, each.counted) for each in part.disagreements} == {
        value: (said, counted)
        for value, said, counted in zip(range(1, 5), stated, sums, strict=True)
        if said != counted
    }


def test_the_command_says_where_totals_disagree(database: Database, settings: Settings) -> None:
    group = import_commands(lambda: (database.sessions, settings), lambda: NOW)

    def run(*arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(group, ["judgements", *arguments])
        return done.exit_code, done.output

    code, words = run(str(EXAMPLE))
    assert code == 0
    assert "point 2: the table says 9, its lines come to 11" in words
    assert run(str(EXAMPLE), "--json")[0] == 0
    code, words = run(str(EXAMPLE) + ".gone")
    assert (code, "Check that it is there" in words) == (1, True)
    assert run("--take-away", "7")[0] == 1
    assert run("--take-away", "1")[0] == 0
    assert run()[0] == 1
