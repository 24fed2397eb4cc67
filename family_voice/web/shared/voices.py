"""How pages call whose words a piece is in, and who helped. The records keep ids."""

from __future__ import annotations

from family_voice.interviews.events import Manner
from family_voice.interviews.manners import Helper
from family_voice.language.texts import lazy as _

#: Inside a sentence, after who spoke and how.
MANNERS = {
    Manner.OWN_WORDS: _("own words"),
    Manner.CHOSE: _("chosen from pictures and words"),
    Manner.SUMMARY: _("a summary that was written down for them"),
    Manner.OBSERVED: _("what was seen, written down"),
    Manner.THROUGH_PARENT: _("what the child thinks, as a parent tells it"),
    Manner.SPOKEN_FOR: _("an advocate's words for them"),
    Manner.PROFESSIONAL: _("a professional's words"),
}
#: Above an answer, where it is not all in their own words.
ABOVE = {
    Manner.OWN_WORDS: _("In their own words"),
    Manner.CHOSE: _("Chosen from pictures and words"),
    Manner.SUMMARY: _("Summed up by us"),
    Manner.OBSERVED: _("What was seen, not what the child said"),
    Manner.THROUGH_PARENT: _("What the child thinks, as a parent tells it"),
    Manner.SPOKEN_FOR: _("An advocate speaks for them"),
    Manner.PROFESSIONAL: _("A professional's words, not the family's"),
}
#: Who helped; nothing is said where nobody did, or nobody was asked.
HELPERS = {
    Helper.PARENT: _("with help from a parent"),
    Helper.SCHOOL: _("with help from school"),
    Helper.INTERPRETER: _("through an interpreter"),
    Helper.ADVOCATE: _("with help from an advocate"),
    Helper.OTHER: _("with help from somebody"),
}
