"""Texts of ours that another program gave new names (GUIDs), known again by their words.

Whoever imports our file elsewhere and exports it anew may have other GUIDs on the very same texts.
Were they not known as ours, what their families decided would not hold for the copy, and codes put
on there would never come back. So each text of a file that is none of ours by its GUID is held
beside our answers as they stand: with names, or with any words where a placeholder may stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.interviews.models import Interview
from family_voice.interviews.record import account
from family_voice.security.sealing import Erased
from family_voice.sharing.exchange.answers import laid_out_of
from family_voice.sharing.exchange.project import Project, guid

#: Letters that have to be the same: "Yes, [child] does." is nobody's alone.
ENOUGH: Final = 20
_PLACEHOLDER: Final = re.compile(r"\[[^\[\]\n]{1,40}\]")


def known_again(session: Session, project: Project) -> tuple[Project, int]:
    """A project with those of its texts under our names that are answers of ours.

    Texts that read like several answers of ours, or are too short to be sure, stay as they are.

    Args:
        session: any session; opens the words of our accounts if the file has texts of others.

    Returns:
        The project, and how many texts were known by their words alone.
    """
    parts = {each.id: _parts(each.text) for each in project.sources}
    strange = {each: told for each, told in parts.items() if sum(map(len, told)) >= ENOUGH}
    if not strange:
        return project, 0
    whole = {told[0]: each for each, told in strange.items() if len(told) == 1}
    cleared = {each: told for each, told in strange.items() if len(told) > 1}
    meant: dict[UUID, set[UUID]] = {}
    for ours, text in _answers(session):
        if ours in parts:
            continue  # the file has this answer under its own name
        found = [each for each, told in cleared.items() if reads_like(told, text)]
        for each in [*found, *([whole[text]] if text in whole else [])]:
            meant.setdefault(each, set()).add(ours)
    sure = {each: next(iter(ours)) for each, ours in meant.items() if len(ours) == 1}
    once = {each: ours for each, ours in sure.items() if list(sure.values()).count(ours) == 1}
    return _renamed(project, once) if once else project, len(once)


def reads_like(parts: tuple[str, ...], text: str) -> bool:
    """Whether a text is these stretches, two or more, with some words in between. Pure."""
    first, *between, last = parts
    if not text.startswith(first):
        return False
    at = len(first)
    for part in between:
        found = text.find(part, at + 1)
        if found < 0:
            return False
        at = found + len(part)
    return text.endswith(last) and len(text) - len(last) > at


def _parts(text: str) -> tuple[str, ...]:
    return tuple(_PLACEHOLDER.split(_one_line(text)))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _answers(session: Session) -> Iterator[tuple[UUID, str]]:
    """Every answer of ours as it would leave with its names, whoever may read it now."""
    for interview_id in session.scalars(select(Interview.id).order_by(Interview.made_at)).all():
        try:
            told = account(session, interview_id)
        except Erased:
            continue
        for answer in told.answers:
            laid = laid_out_of(answer, None)
            if laid is not None:
                yield guid("answer", interview_id, answer.prompt_id), _one_line(laid.text)


def _renamed(project: Project, names: Mapping[UUID, UUID]) -> Project:
    return replace(
        project,
        sources=tuple(replace(each, id=names.get(each.id, each.id)) for each in project.sources),
        cases=tuple(
            replace(case, sources=tuple(names.get(each, each) for each in case.sources))
            for case in project.cases
        ),
    )
