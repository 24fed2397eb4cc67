"""Read every sentence out of the code and the templates into translations/messages.pot.

Run `make messages`, which runs this. A test fails while the file is older than the sentences.
"""

from __future__ import annotations

import io
import os
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "translations" / "messages.pot"
FOLDERS = ("family_voice", "templates")
METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2")]
OPTIONS = {"**.html": {"trimmed": "true", "newstyle_gettext": "true"}}
KEYWORDS = {
    "_": None,
    "gettext": None,
    "lazy": None,
    "ngettext": (1, 2),
}


def extracted() -> str:
    """The catalogue of sentences as gettext writes it: by file, with no line numbers or dates."""
    catalogue = Catalog(project="Family Voice", charset="utf-8")
    for folder in FOLDERS:
        for file, _line, message, comments, context in extract_from_dir(
            os.fspath(ROOT / folder),
            method_map=METHODS,
            options_map=OPTIONS,
            keywords=KEYWORDS,
            comment_tags=("Translators:",),
            directory_filter=lambda path: Path(path).name not in {"__pycache__", "built"},
        ):
            place = (f"{folder}/{Path(file).as_posix()}", None)
            catalogue.add(message, None, [place], auto_comments=comments, context=context)
    text = io.BytesIO()
    write_po(text, catalogue, omit_header=True, sort_by_file=True, width=0, include_lineno=False)
    return text.getvalue().decode("utf-8")


if __name__ == "__main__":
    FILE.write_text(extracted(), encoding="utf-8")
    print(f"Wrote {FILE.relative_to(ROOT)}")
