"""Rendering a page inside the frame that all audiences share."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, current_app, make_response, render_template, url_for
from flask_compress import Compress
from flask_wtf import FlaskForm
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader

# Where "Exit this page" goes: a page that anybody might have open.
EXIT_ADDRESS = "https://www.bbc.co.uk/weather"


def render(template: str, status: int | None = None, /, **context: object) -> Response:
    """Render a template.

    Args:
        template: its name under templates/.
        status: the response's status. By default 200, or 422 if a form in the context has errors:
            the request's database session then rolls back, so bad input changes nothing.
        context: what the template uses. Forms are found under any name.

    Returns:
        The response.
    """
    wrong = any(isinstance(value, FlaskForm) and value.errors for value in context.values())
    if status is None:
        status = 422 if wrong else 200
    return make_response(render_template(template, has_errors=wrong, **context), status)


@lru_cache(maxsize=256)
def fingerprint(file: str, changed: int) -> str:
    """What tells a file's content from another; `changed` is when it was written."""
    return hashlib.sha256(Path(file).read_bytes()).hexdigest()[:10]


def asset(name: str) -> str:
    """The address of a file in static/, with a fingerprint of its content for long caching.

    Raises:
        FileNotFoundError: there is no such file; the styles may not have been built.
    """
    file = Path(str(current_app.static_folder)) / name
    if not file.is_file():
        raise FileNotFoundError(
            f"static/{name} is missing. Run `python assets/build_styles.py` to build the styles."
        )
    return url_for("static", filename=name, v=fingerprint(str(file), file.stat().st_mtime_ns))


def init_pages(app: Flask, *, demo: bool = False) -> None:
    """Give an app's templates the GOV.UK macros, the frame and what the frame needs.

    The staff frame shows `navigation` (pairs of words and address), `signed_in_as` and
    `sign_out_address`, which a context processor of the signed-in audience supplies.

    Args:
        app: the front door.
        demo: whether every page says that every family here is made up.
    """
    macros = PackageLoader("govuk_frontend_jinja")
    own = [app.jinja_loader] if app.jinja_loader else []
    app.jinja_loader = ChoiceLoader([*own, PrefixLoader({"govuk_frontend_jinja": macros})])
    # A phone on a poor line: pages and styles travel compressed.
    app.config.setdefault("COMPRESS_ALGORITHM", ["br", "gzip"])
    app.config.setdefault("COMPRESS_ALGORITHM_STREAMING", ["br", "gzip"])
    app.config.setdefault("COMPRESS_BR_LEVEL", 5)
    Compress(app)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(asset=asset)

    @app.context_processor
    def frame() -> dict[str, object]:
        return {"demo": demo}
