"""The errors of the conversation. None of them carries a word of what was said."""

from __future__ import annotations


class EngineError(Exception):
    """An event that cannot happen to this conversation. Nothing has changed."""


class NotNow(EngineError):
    """It could happen, but not at this point."""


class NotTheirs(EngineError):
    """Somebody else decides for them, or their own no goes before this yes."""


class UnknownPrompt(EngineError):
    """The guide has no such prompt."""


class UnknownHeading(EngineError):
    """The guide has no such heading."""


class UnknownPurpose(EngineError):
    """There is no such decision."""


class UnknownFragment(EngineError):
    """These words do not stand where the event says they do."""


class RepeatedFragment(EngineError):
    """These words are in the conversation already."""


class AlreadyBegun(Exception):
    """There is an interview by this name already; the page that began it was sent twice."""
