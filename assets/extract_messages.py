"""Read every sentence out of the code and the templates into the catalogues under translations/.

`family.pot` holds what a family may read and `staff.pot` the rest. Every language's `family.po` is
brought up to date with it: what is no longer said is dropped, what is new stands empty, nothing is
guessed. A folder without a `family.po`, such as a new `translations/so`, is given one.

Run `make messages`, which runs this. A test fails while the files are older than the sentences.
"""

from __future__ import annotations

import io
import os
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
TRANSLATIONS = ROOT / "translations"
FAMILY = TRANSLATIONS / "family.pot"
STAFF = TRANSLATIONS / "staff.pot"
FOLDERS = ("family_voice", "templates")
METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2")]
OPTIONS = {"**.html": {"trimmed": "true", "newstyle_gettext": "true"}}
KEYWORDS = {
    "_": None,
    "gettext": None,
    "lazy": None,
    "ngettext": (1, 2),
}
#: Where a sentence stands that a family may read, hear or be sent.
FOR_FAMILIES = (
    "templates/family/",
    "templates/email/",
    "templates/errors/",
    "templates/layout/family.html",
    "templates/layout/mark.html",
    "templates/layout/page.html",
    "templates/public/",
    "templates/shared/forms.html",
    "templates/shared/pieces.html",
    "templates/staff/letter",
    "family_voice/consent/",
    "family_voice/interviews/",
    "family_voice/language/",
    "family_voice/messages/",
    "family_voice/operations/receipts.py",
    "family_voice/reports/where_words_went.py",
    "family_voice/sms/",
    "family_voice/web/family/",
    "family_voice/web/public.py",
    "family_voice/web/shared/",
)
#: The office's own pages among them.
NOT_FOR_FAMILIES = ("templates/staff/letter_page.html", "family_voice/sms/simulator.py")

#: Babel's own rule for Arabic puts the numbers from 11 to 99 last but one with 100 to 102 (CLDR).
PLURALS = {
    "ar": "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : "
    "n%100>=11 ? 4 : 5);"
}


def for_families(place: str) -> bool:
    """Whether a family may read what stands at a place such as `templates/family/stop.html`."""
    return place.startswith(FOR_FAMILIES) and not place.startswith(NOT_FOR_FAMILIES)


def catalogues() -> tuple[Catalog, Catalog]:
    """What families may read, and the rest. A sentence that stands in both is in both."""
    family, staff = (Catalog(project="Family Voice", charset="utf-8") for _ in range(2))
    for folder in FOLDERS:
        for file, _line, message, comments, context in extract_from_dir(
            os.fspath(ROOT / folder),
            method_map=METHODS,
            options_map=OPTIONS,
            keywords=KEYWORDS,
            comment_tags=("Translators:",),
            directory_filter=lambda path: Path(path).name not in {"__pycache__", "built"},
        ):
            place = f"{folder}/{Path(file).as_posix()}"
            catalogue = family if for_families(place) else staff
            catalogue.add(message, None, [(place, 0)], auto_comments=comments, context=context)
    return family, staff


def written(catalogue: Catalog, *, header: bool = False) -> str:
    """A catalogue as gettext writes it: by file, with no line numbers."""
    text = io.BytesIO()
    write_po(
        text,
        catalogue,
        omit_header=not header,
        sort_by_file=True,
        width=0,
        include_lineno=False,
        ignore_obsolete=True,
    )
    return text.getvalue().decode("utf-8")


def brought_up_to_date(file: Path, family: Catalog) -> str:
    """A language's `family.po` with every sentence of today; its translations are kept."""
    code = file.parent.parent.name
    catalogue = Catalog(
        locale=code,
        project="Family Voice",
        version="0.1.0",
        charset="utf-8",
        fuzzy=False,
        header_comment=f"# What families read. Language: {code}",
        msgid_bugs_address="see README.md",
        last_translator="drafted; docs/decisions/languages.md says who reviews",
        language_team="none",
    )
    if code in PLURALS:
        catalogue.mime_headers = [("Plural-Forms", PLURALS[code])]
    if file.exists():
        with file.open("rb") as opened:
            catalogue = read_po(opened, locale=code, charset="utf-8", abort_invalid=True)
    catalogue.update(family, no_fuzzy_matching=True, update_creation_date=False)
    return written(catalogue, header=True)


def write_all() -> None:
    """Write both templates, and every language's catalogue."""
    family, staff = catalogues()
    FAMILY.write_text(written(family), encoding="utf-8")
    STAFF.write_text(written(staff), encoding="utf-8")
    for folder in sorted(path for path in TRANSLATIONS.iterdir() if path.is_dir()):
        file = folder / "LC_MESSAGES" / "family.po"
        file.parent.mkdir(exist_ok=True)
        file.write_text(brought_up_to_date(file, family), encoding="utf-8")
    print(f"Wrote {len(family)} sentences for families and {len(staff)} for staff.")


if __name__ == "__main__":
    write_all()
