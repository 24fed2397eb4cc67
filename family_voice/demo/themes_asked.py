"""What the forum asked of the codebook, and how the lead changed it. All of it is made up."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from family_voice.themes.codebook_changes import Add, Reword
from family_voice.themes.codebook_changing import change
from family_voice.themes.codebook_notes import note
from family_voice.themes.codebook_requests import Outcome, answer, ask
from family_voice.themes.codebook_wording import Wording
from family_voice.themes.codebooks import current

ASKED, MET, WAITING = timedelta(days=21), timedelta(days=14), timedelta(days=3)

SIBLINGS = Wording(
    name="Brothers and sisters",
    definition="What it means for the other children at home, and what they do.",
    use_when="A brother or sister helps, misses out, is worried about or is asked.",
    not_when='It is about the parents or the whole household. Use "The rest of the family".',
    examples=(
        "His sister learned the signs before any of us did.",
        "Nobody has asked her brother how it is for him.",
    ),
    headings=("difference", "worries"),
    source="Our forum, this term",
)
WHY_SIBLINGS = "The forum told us that brothers and sisters get lost under the rest of the family."
WITHOUT_THEM = "Rest, work, money or health of the grown-ups at home comes up."
WHY_REWORDED = "Brothers and sisters have a code of their own now."
ASKS_FOR_SIBLINGS = "Our other children carry so much. Where does that go? Please give it a name."
ANSWERED = "You were right: there is a code for it from today. Thank you for telling us."
ASKS_FOR_WORDS = "“Having to push” sounds as if we liked it. At our coffee mornings we say chasing."
NOTED = "We agreed: from six weeks on it is a wait, before that it is an answer that is on its way."


def change_with_the_forum(session: Session, lead: UUID, forum: UUID, now: datetime) -> None:
    """A request that changed the codebook, one that waits, and a note of how a code is read.

    Args:
        session: a writing session.
        lead: who changes and answers.
        forum: who asks.
        now: the present.
    """
    request = ask(session, "rest_of_family", ASKS_FOR_SIBLINGS, forum, now - ASKED)
    met, seen = now - MET, current(session).version
    book = change(session, Add(SIBLINGS, "life_now"), seen, WHY_SIBLINGS, lead, met)
    answer(session, request, Outcome.CHANGED, ANSWERED, lead, met, book.version)
    old = Wording.of(current(session).code("rest_of_family"))
    narrower = Reword("rest_of_family", replace(old, use_when=WITHOUT_THEM))
    change(session, narrower, book.version, WHY_REWORDED, lead, met)
    note(session, "waiting", NOTED, lead, met)
    ask(session, "having_to_push", ASKS_FOR_WORDS, forum, now - WAITING)
