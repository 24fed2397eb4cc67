"""The allow-list: every text that may go out, by name, and what holds for each. Pure.

The words are in `wording`.
"""

from __future__ import annotations

from enum import StrEnum
from math import ceil
from typing import Final

from family_voice.messages.segments import EACH_GSM_7, EACH_UCS_2, Segments


class Template(StrEnum):
    """The templates by name, as the outbox keeps them."""

    INVITATION = "invitation"
    CODE_WORD = "code_word"
    DECISION = "decision"
    AGREE_OR_NO = "agree_or_no"
    AGREE_AGAIN = "agree_again"
    NOT_KEPT = "not_kept"
    ASKED_AGAIN = "asked_again"
    FIRST_QUESTION = "first_question"
    QUESTION = "question"
    OPEN_QUESTION = "open_question"
    MORE_ADDED = "more_added"
    NO_MORE = "no_more"
    AT_START = "at_start"
    WEB_LINK = "web_link"
    CALL_COMING = "call_coming"
    CALL_NOTED = "call_noted"
    PAUSED = "paused"
    LANGUAGES = "languages"
    ONE_LANGUAGE = "one_language"
    READ_BACK = "read_back"
    CORRECT_IT = "correct_it"
    ADDED = "added"
    ADDED_DECISION = "added_decision"
    ADDED_LATE = "added_late"
    MUTED = "muted"
    SENT = "sent"
    ALREADY_SENT = "already_sent"
    THANKS = "thanks"
    DECLINED = "declined"
    DECLINED_HEARD = "declined_heard"
    HELP = "help"
    NOT_NOW = "not_now"
    NO_PICTURES = "no_pictures"
    UNKNOWN_NUMBER = "unknown_number"
    WRONG_NUMBER = "wrong_number"
    EXPIRED = "expired"
    WHICH_TALK = "which_talk"
    NAME_THIS_TALK = "name_this_talk"
    TALK_NAMED = "talk_named"
    DELETE_HOW = "delete_how"
    DELETE_WAITS = "delete_waits"
    DELETE_CALLED_OFF = "delete_called_off"
    DELETED = "deleted"
    RESTING = "resting"
    PERSON_HERE = "person_here"
    PERSON_RINGS = "person_rings"
    PERSON_THANKS = "person_thanks"
    STAFF_WAITING = "staff_waiting"
    STAFF_DUTY_TEAM = "staff_duty_team"


#: What asks somebody to tell us things: it goes out only while somebody is there to read them.
PROMPTS: Final = frozenset(
    {
        Template.INVITATION,
        Template.FIRST_QUESTION,
        Template.QUESTION,
        Template.OPEN_QUESTION,
    }
)
#: To staff on the concern rota, at any hour.
TO_STAFF: Final = frozenset({Template.STAFF_WAITING, Template.STAFF_DUTY_TEAM})
#: What a person who has taken over may send, and nothing in words of their own.
READY: Final = (Template.PERSON_HERE, Template.PERSON_RINGS, Template.PERSON_THANKS)

#: What asks for a decision.
DECISIONS: Final = frozenset(
    {
        Template.DECISION,
        Template.AGREE_AGAIN,
        Template.NOT_KEPT,
        Template.ASKED_AGAIN,
        Template.ADDED_DECISION,
        Template.SENT,
    }
)
#: What the program may still say while it is silent by itself.
WHEN_MUTED: Final = frozenset({Template.MUTED, Template.CALL_COMING})

#: The most parts a text may take in the cheaper alphabet, without the day's note. What carries a
#: consent statement, a question, a link or several ways to go on takes more than one.
SEGMENT_LIMITS: Final = {
    **dict.fromkeys(Template, 1),
    **dict.fromkeys(
        (
            Template.DECISION,
            Template.AGREE_AGAIN,
            Template.NOT_KEPT,
            Template.ASKED_AGAIN,
            Template.ADDED_DECISION,
            Template.SENT,
            Template.FIRST_QUESTION,
            Template.OPEN_QUESTION,
            Template.WEB_LINK,
            Template.HELP,
            Template.RESTING,
            Template.EXPIRED,
            Template.NAME_THIS_TALK,
            Template.DELETE_HOW,
            Template.DELETE_WAITS,
            Template.DELETED,
            Template.STAFF_DUTY_TEAM,
        ),
        2,
    ),
    Template.INVITATION: 3,
    Template.UNKNOWN_NUMBER: 3,
}
#: The most parts the day's note may add.
DAY_NOTE_LIMIT: Final = 2


def parts_over(found: Segments, limit: int) -> int:
    """How many parts a text takes more than it may.

    Urdu, Arabic and Polish go in the dearer alphabet, where a part holds fewer letters: there as
    many parts are allowed as hold the same number of letters.
    """
    dearer = found.encoding != "GSM-7"
    allowed = ceil(limit * EACH_GSM_7 / EACH_UCS_2) if dearer else limit
    return max(0, found.parts - allowed)
