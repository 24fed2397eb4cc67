"""What a text says: its template filled in from the guide, the statements and the settings. Pure.

The queue of real texts and the simulator both come through here, so they cannot say two things.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from family_voice.consent.statements import Purpose, statement
from family_voice.interviews.asking import QUIET_WINDOW
from family_voice.interviews.guide import Guide, guide_languages
from family_voice.interviews.state import State
from family_voice.language.catalogues import described
from family_voice.language.team import team_named
from family_voice.language.texts import offered
from family_voice.messages.templates import Template
from family_voice.messages.wording import compose
from family_voice.settings import Settings
from family_voice.sms.conversation import TEXT, Text

#: So long after we said that we will ring, what they text next is about that: when to, or on which
#: number.
ABOUT_THE_CALL: Final = timedelta(hours=1)


def says_again(text: Text, last: tuple[Template, datetime] | None, now: datetime) -> bool:
    """Whether a text would only say again what was said last, a moment ago.

    Who tells us something in many texts is not interrupted by an answer to each of them.
    """
    return last is not None and last[0] is text.template and now - last[1] < QUIET_WINDOW


def said_just_now(text: Text, last: tuple[Template, datetime] | None, now: datetime) -> bool:
    """Whether they have just heard that what they add is added; at the end, once is enough."""
    if text.template is Template.ADDED_LATE:
        return last is not None and last[0] is Template.ADDED_LATE
    return text.template is Template.ADDED and says_again(text, last, now)


def about_the_call(state: State, last: tuple[Template, datetime] | None, now: datetime) -> bool:
    """Whether their words are for who rings them, and answer no question: they have just asked for
    a call, and nothing was said since but that it comes.

    Args:
        state: where the conversation stands.
        last: what it said last, and when.
        now: when the words came.
    """
    if last is None or not (state.call_wanted and state.speaking_allowed) or state.silent(TEXT):
        return False
    said, at = last
    if said is Template.CALL_COMING:
        return now - at < ABOUT_THE_CALL
    return said is Template.CALL_NOTED and now - at < QUIET_WINDOW


def asking(settings: Settings, purpose: Purpose, audience: str, language: str) -> str:
    """A consent statement in its wording for a text, filled in."""
    return statement(purpose, audience, language).text_message.format(
        area=settings.area_name,
        team=team_named(settings.team_name),
        phone=settings.phone,
        roles="",
        emergency_phone=settings.emergency_phone,
    )


def with_more(text: Text, guide: Guide) -> Text:
    """Say under which question MORE brings more."""
    if text.template is not Template.QUESTION or text.prompt_id is None:
        return text
    heading = guide.heading_of(text.prompt_id)
    if text.prompt_id != heading.core.id or not heading.further:
        return text
    return replace(text, template=Template.OPEN_QUESTION)


def languages_on_offer(guide: Guide) -> tuple[str, ...]:
    """The languages that a guide is written in and families may choose today."""
    return tuple(each for each in guide_languages(guide.audience, guide.version) if offered(each))


def in_words(settings: Settings, text: Text, guide: Guide, link: str = "") -> str:
    """The words of one answer, in the language of the moment.

    Args:
        settings: who we are.
        text: which answer, as `with_more` gave it.
        guide: the conversation's, in its language.
        link: what `WEB_LINK` carries.
    """
    put = question = languages = ""
    if text.purpose is not None:
        put = asking(settings, Purpose(text.purpose), guide.audience, guide.language)
    if text.prompt_id is not None:
        question = guide.prompt(text.prompt_id).wording("text")
    if text.template in (Template.LANGUAGES, Template.ONE_LANGUAGE):
        languages = ", ".join(described(each).name for each in languages_on_offer(guide))
    return compose(
        text.template,
        settings,
        statement=put,
        question=question,
        link=link,
        day=text.day,
        languages=languages,
    )
