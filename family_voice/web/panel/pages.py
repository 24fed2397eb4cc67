"""The panel's pages, put together: what the front door registers."""

from __future__ import annotations

from family_voice.web.panel import copies, pack, profile, views
from family_voice.web.panel.door import blueprint

__all__ = ["blueprint", "copies", "pack", "profile", "views"]
