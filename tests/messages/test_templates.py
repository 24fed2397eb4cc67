"""Every text that may go out, in every language: within its parts, nothing of a family in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from family_voice.consent.statements import LATER, Purpose
from family_voice.interviews.guide import Guide, guide_audiences, guide_languages, load_guide
from family_voice.language import texts
from family_voice.language.catalogues import Catalogues
from family_voice.language.texts import languages, speaking
from family_voice.messages import segments
from family_voice.messages.templates import (
    DAY_NOTE_LIMIT,
    DECISIONS,
    PROMPTS,
    READY,
    SEGMENT_LIMITS,
    TO_STAFF,
    Template,
    parts_over,
)
from family_voice.messages.wording import compose, day_note
from family_voice.settings import Settings, asset_folder
from family_voice.sms.conversation import Text
from family_voice.sms.saying import asking, in_words

#: As long as a council's own are likely to be.
SETTINGS = Settings(
    database_url="sqlite://",
    secret_key="x" * 32,
    master_keys={1: bytes(32)},
    public_url="https://familyvoice.blackburn.gov.uk",
    area_name="Blackburn with Darwen",
    team_name="the Family Voice team",
    phone="01254 585 585",
    emergency_phone="01254 587 547",
)
LINK = f"{SETTINGS.public_url}/i/{'a' * 43}"
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
GUIDES = [
    load_guide(audience, language)
    for audience in guide_audiences()
    for language in guide_languages(audience)
]


@pytest.fixture(autouse=True)
def every_language() -> Iterator[None]:
    """The texts' own translations, and not English around a translated question."""
    texts.install(Catalogues(asset_folder("translations")))
    assert len(languages()) > 1
    yield
    texts.install(Catalogues())


def every(template: Template, guide: Guide) -> Iterator[str]:
    """A template's words with everything that may ever be put into it."""
    match template:
        case Template.FIRST_QUESTION | Template.QUESTION | Template.OPEN_QUESTION:
            for prompt in guide.prompts:
                yield in_words(SETTINGS, Text(template, prompt_id=prompt), guide)
        case template if template in DECISIONS:
            asked = {
                Template.AGREE_AGAIN: [Purpose.TALK],
                Template.NOT_KEPT: [Purpose.TALK],
                Template.SENT: LATER,
                Template.ADDED_DECISION: LATER,
            }
            for purpose in asked.get(template, Purpose):
                yield in_words(SETTINGS, Text(template, purpose=purpose), guide)
        case Template.LANGUAGES | Template.ONE_LANGUAGE:
            yield in_words(SETTINGS, Text(template), guide)
        case _:
            talk = asking(SETTINGS, Purpose.TALK, guide.audience, guide.language)
            day, number = "Wednesday, 30 September 2026", "1234-5678-9012"
            yield compose(
                template, SETTINGS, statement=talk, link=LINK, day=day, number=number,
                reads_next=MONDAY,
            )  # fmt: skip


@pytest.mark.parametrize("template", Template)
def test_no_text_takes_more_parts_than_it_may(template: Template) -> None:
    for guide in GUIDES:
        with speaking(guide.language):
            for words in every(template, guide):
                if template is Template.INVITATION:
                    words, note = words.split("\n", 1)
                    assert parts_over(segments.count(note), DAY_NOTE_LIMIT) == 0
                assert parts_over(segments.count(words), SEGMENT_LIMITS[template]) == 0, (
                    words,
                    len(words),
                )


def test_the_days_note_keeps_to_its_parts() -> None:
    for language in languages():
        with speaking(language.code):
            for reads_next in (None, MONDAY):
                note = segments.count(day_note(SETTINGS, reads_next))
                assert parts_over(note, DAY_NOTE_LIMIT) == 0


@pytest.mark.parametrize("template", [each for each in Template if each not in TO_STAFF])
def test_nothing_that_was_said_is_quoted(template: Template) -> None:
    """What a caller puts in where a template has no place for it does not go out."""
    takes = {"statement": DECISIONS | {Template.UNKNOWN_NUMBER},
             "question": PROMPTS, "link": {Template.INVITATION, Template.WEB_LINK},
             "day": {Template.DELETE_WAITS}, "number": {Template.DELETED},
             "languages": {Template.LANGUAGES, Template.ONE_LANGUAGE}}  # fmt: skip
    for name, templates in takes.items():
        given: dict[str, Any] = {name: "Robin"}
        words = compose(template, SETTINGS, **given)
        assert ("Robin" in words) <= (template in templates)


@pytest.mark.parametrize("template", sorted(READY))
def test_a_persons_ready_sentence_says_nothing_of_why(template: Template) -> None:
    words = compose(template, SETTINGS, statement="Robin", question="Robin", day="Robin")
    assert "Robin" not in words
    assert not re.search(r"worr|danger|concern|child|school|safe", words, re.IGNORECASE)
