"""A closing "thanks" or thumbs up: not part of an account that the family then has to check. Pure.

It stands in the thread like every text; it is only not added to what they told us. While a question
is open it may be an answer, and so is one.
"""

from __future__ import annotations

from datetime import datetime

from family_voice.interviews.state import Stage, State
from family_voice.messages.templates import Template
from family_voice.sms import commands
from family_voice.sms.conversation import TEXT, Text, decision_asked, to_read_back
from family_voice.sms.saying import about_the_call


def answers(
    body: str, state: State, last: tuple[Template, datetime] | None, now: datetime
) -> tuple[Text, ...] | None:
    """What answers a text that is only a courtesy, where no question is open.

    Args:
        body: the text.
        state: where the conversation stands.
        last: what it said last, and when.
        now: when the text came.

    Returns:
        The answers, often none; None where the text is words of theirs.
    """
    if state.silent(TEXT) or not commands.is_courtesy(body):
        return None
    if about_the_call(state, last, now):
        return ()
    if state.stage not in (Stage.READING_BACK, Stage.SENT) or state.agree_again:
        return None
    if decision_asked(state) is not None:
        return (Text(Template.AGREE_OR_NO),)
    if state.stage is Stage.READING_BACK:
        return (Text(Template.READ_BACK),) if to_read_back(state) else None
    return ()
