"""What the team calls itself in the language of the moment."""

from __future__ import annotations

from family_voice.language.texts import gettext as _


def team_named(name: str) -> str:
    """The name that the operator gave, as it is; the one that nobody set, in their language."""
    ours = _("the Family Voice team")
    return ours if name == "the Family Voice team" else name
