"""The pictures of Easy Read: a council's own where it has one of that name, else OpenMoji's."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from flask import Flask, url_for

from family_voice.web.services import settings
from family_voice.web.shared.pages import asset, fingerprint

#: What a council's own picture may be, as its file's name ends, and what it is sent as.
KINDS: Final = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webp": "image/webp",
    ".jpg": "image/jpeg",
}


def own_picture(name: str) -> Path | None:
    """The council's own picture of this name.

    Args:
        name: as a guide names it, such as `ear`.

    Returns:
        The file, or None where the council has none.
    """
    if not settings().pictures or not re.fullmatch(r"[a-z0-9-]+", name):
        return None
    folder = Path(settings().pictures)
    return next((file for kind in KINDS if (file := folder / f"{name}{kind}").is_file()), None)


def picture(name: str) -> str:
    """The address of a picture, for long caching."""
    own = own_picture(name)
    if own is None:
        return asset(f"built/pictures/{name}.svg")
    version = fingerprint(str(own), own.stat().st_mtime_ns)
    return url_for("public.own_picture", name=name, v=version)


def init_pictures(app: Flask) -> None:
    """Let templates put pictures on their pages."""
    app.jinja_env.globals.update(picture=picture)
