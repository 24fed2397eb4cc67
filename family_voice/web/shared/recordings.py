"""A council's own recordings of its questions, for whoever would rather listen than read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from flask import url_for

from family_voice.web.services import settings
from family_voice.web.shared.pages import fingerprint

#: What a recording may be, as its file's name ends, and what it is sent as.
KINDS: Final = {".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".ogg": "audio/ogg"}


def own_recording(language: str, audience: str, prompt_id: str) -> Path | None:
    """The council's recording of a question, `LANGUAGE/AUDIENCE/QUESTION.mp3` in its folder.

    Args:
        language: of the wording that is read out, such as `ur`.
        audience: whose wording, such as `parent_carer`.
        prompt_id: as the guide names it, such as `important.open`.

    Returns:
        The file, or None where there is none.
    """
    parts = (language, audience, prompt_id)
    if not settings().recordings or not all(
        re.fullmatch(r"[a-z0-9_]+(?:[.-][a-z0-9_]+)*", part) for part in parts
    ):
        return None
    folder = Path(settings().recordings) / language / audience
    return next((file for kind in KINDS if (file := folder / f"{prompt_id}{kind}").is_file()), None)


def recording(language: str, audience: str, prompt_id: str) -> str | None:
    """The address of a question's recording, for long caching; None where there is none."""
    own = own_recording(language, audience, prompt_id)
    if own is None:
        return None
    return url_for(
        "public.own_recording", language=language, audience=audience, prompt_id=prompt_id,
        v=fingerprint(str(own), own.stat().st_mtime_ns),
    )  # fmt: skip
