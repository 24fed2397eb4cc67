"""Two machines answering each other: when to fall silent. Pure.

A phone may answer by itself ("I am driving"), and each answer of ours would bring another of its
own. Nothing that is said is lost: only our answer is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from family_voice.messages.wording import Template

#: The same answer so often, so close together, is no conversation.
IN_A_ROW: Final = 6
WITHIN: Final = timedelta(hours=1)


def goes_round(
    answers: Sequence[Template], newest_sent: Sequence[tuple[Template, datetime]]
) -> bool:
    """Whether answering would only keep a loop going.

    Where a text moves nothing on, the answer to the next is the same again; where it moves
    something on, or a person sends something, another one comes between. Only for answers to words:
    a text that is a command comes from a person and is always answered.

    Args:
        answers: what would be sent now.
        newest_sent: the last texts to this phone and when each was put in line, newest first.

    Returns:
        True if the one answer is what was sent the last `IN_A_ROW` times, all within `WITHIN`.
    """
    last = newest_sent[:IN_A_ROW]
    if len(last) < IN_A_ROW or len(answers) != 1:
        return False
    same = all(template == answers[0] for template, _at in last)
    return same and last[0][1] - last[-1][1] <= WITHIN
