"""What the pages of the codebook say: kinds of change, parts of a code, and what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from family_voice.interviews.guide import load_guide
from family_voice.language.texts import _, lazy, ngettext
from family_voice.themes.code_use import Use
from family_voice.themes.codebook import Code, Codebook
from family_voice.themes.codebook_changes import (
    BringBack,
    Change,
    Kind,
    Merge,
    Move,
    NameGroup,
    Reword,
    naming,
)
from family_voice.themes.codebook_differences import GROUP, STANDING, PartChanged
from family_voice.themes.codebook_wording import Problem


def headings() -> dict[str, str]:
    """The questions' headings by id, in the order in which they are asked."""
    return {each.id: each.title for each in load_guide("parent_carer", "en").headings}


DONE = {
    Kind.ADD: lazy("Added"),
    Kind.RENAME: lazy("Renamed"),
    Kind.REWORD: lazy("Reworded"),
    Kind.MOVE: lazy("Moved"),
    Kind.MERGE: lazy("Merged"),
    Kind.SPLIT: lazy("Split"),
    Kind.RETIRE: lazy("Retired"),
    Kind.BRING_BACK: lazy("Brought back"),
    Kind.NAME_GROUP: lazy("Group renamed"),
    Kind.UNDO: lazy("Taken back"),
}

DOING = {
    Kind.ADD: lazy("Add a code"),
    Kind.RENAME: lazy("Rename"),
    Kind.REWORD: lazy("Change the words"),
    Kind.MOVE: lazy("Move"),
    Kind.MERGE: lazy("Merge"),
    Kind.SPLIT: lazy("Split"),
    Kind.RETIRE: lazy("Retire"),
    Kind.BRING_BACK: lazy("Bring back"),
    Kind.NAME_GROUP: lazy("Rename a group"),
    Kind.UNDO: lazy("Take back a change"),
}

#: What the button says that does it.
DO_IT = {
    Kind.ADD: lazy("Add this code"),
    Kind.RENAME: lazy("Rename this code"),
    Kind.REWORD: lazy("Keep these words"),
    Kind.MOVE: lazy("Move this code"),
    Kind.MERGE: lazy("Merge these codes"),
    Kind.SPLIT: lazy("Split this code"),
    Kind.RETIRE: lazy("Retire this code"),
    Kind.BRING_BACK: lazy("Bring this code back"),
    Kind.NAME_GROUP: lazy("Rename this group"),
    Kind.UNDO: lazy("Take this change back"),
}

PART_NAMES = {
    "name": lazy("Name"),
    "definition": lazy("What it means"),
    "use_when": lazy("Use it when"),
    "not_when": lazy("Not when"),
    "examples": lazy("Two examples"),
    "headings": lazy("Usually met under"),
    "source": lazy("Where it comes from"),
    GROUP: lazy("Group"),
    STANDING: lazy("In use"),
}

_STANDING = {
    "retired": lazy("No longer offered"),
    "merged": lazy("Part of: %(names)s"),
    "split": lazy("Split into: %(names)s"),
}

PROBLEMS = {
    Problem.NAME: lazy("Begin the name with a capital letter."),
    Problem.NAME_TAKEN: lazy(
        "Another code or group has this name, or had it once. Choose another name, or bring that "
        "code back."
    ),
    Problem.TOO_SHORT: lazy("Say it in a whole sentence."),
    Problem.TOO_LONG: lazy("That is too long. Say it in one or two sentences."),
    Problem.EXAMPLES: lazy("Write two examples that are not the same."),
    Problem.HEADINGS: lazy("Choose at least one question under which it is usually met."),
    Problem.NO_SUCH_CODE: lazy("Choose a code."),
    Problem.NO_GROUP: lazy("Choose a group, or write the name of a new one."),
    Problem.NOT_OFFERED: lazy("This code is no longer offered. Bring it back first."),
    Problem.STILL_OFFERED: lazy("This code is offered already."),
    Problem.ITSELF: lazy("Choose another code than this one."),
    Problem.PARTS: lazy("A split needs at least two new codes."),
    Problem.LAST: lazy("This is the last code that is offered. Add another one first."),
    Problem.NOTHING: lazy("Nothing is changed yet. Change something first."),
    Problem.SINCE_CHANGED: lazy(
        "Somebody has changed the same code again since then. Take that later change back first."
    ),
}


def shown(changed: PartChanged) -> tuple[list[str], list[str]]:
    """What a part was and is, as a page shows it."""
    return _lines(changed.part, changed.was), _lines(changed.part, changed.now)


def _lines(part: str, texts: Sequence[str]) -> list[str]:
    if part == "headings":
        return [headings().get(text, text) for text in texts]
    if part != STANDING:
        return list(texts)
    if not texts:
        return [_("Offered")]
    words = str(_STANDING[texts[0]])
    return [words % {"names": ", ".join(texts[1:])} if len(texts) > 1 else words]


def use_in_words(use: Use) -> str:
    """How often a code is used."""
    if not use.codings:
        return _("Not used yet")
    accounts = ngettext("%(num)d account", "%(num)d accounts", use.accounts)
    return ngettext(
        "Used %(num)d time, in %(accounts)s",
        "Used %(num)d times, in %(accounts)s",
        use.codings,
        accounts=accounts,
    )


_OF_ONE_IN_USE = (Kind.REWORD, Kind.MOVE, Kind.MERGE, Kind.SPLIT, Kind.RETIRE)


def touches(made: Change, book: Codebook, new: Codebook, use: Use, requests: int) -> list[str]:
    """What a change touches, in sentences, before it is made.

    Args:
        made: the change.
        book: the codebook now.
        new: as it would be.
        use: how often what it is about is used now.
        requests: how many requests about it wait for an answer.
    """
    said = [f"{use_in_words(use)}."] if made.kind in _OF_ONE_IN_USE else []
    code = book.codes.get(getattr(made, "code", ""))
    said += _of_codings(made, book, use)
    if code is not None:
        said += _of_notes(made, book, code)
        if requests:
            said.append(
                ngettext(
                    "%(num)d request of the forum about it waits for an answer.",
                    "%(num)d requests of the forum about it wait for an answer.",
                    requests,
                )
            )
    said += _of_offers(book, new)
    if not isinstance(made, Move | NameGroup):
        said.append(_("Numbers that are published already stay as they are."))
    return said


def _of_codings(made: Change, book: Codebook, use: Use) -> list[str]:
    if made.kind is Kind.ADD:
        return [_("What is coded already stays as it is.")]
    if made.kind is Kind.REWORD and use.codings:
        return [
            _(
                "What is coded stays under it. If it means something else from now on, split or "
                "retire it instead: then people look at the old codings again."
            )
        ]
    if isinstance(made, Merge):
        into = book.codes[made.into].name
        return [
            _(
                "All of it counts as “%(name)s” from now on, in every account. How each was coded "
                "stays on record, so the code can be brought back.",
                name=into,
            ),
            _(
                "New published numbers may leave “%(name)s” out for some terms, so that nobody "
                "can work out how few were added.",
                name=into,
            ),
        ]
    if isinstance(made, BringBack):
        became = book.now(made.code)
        if became.id == made.code:
            return [_("What was coded with it stays under it.")]
        return [
            _(
                "What was coded with it counts for it again, and no longer for “%(name)s”.",
                name=became.name,
            )
        ]
    if made.kind is Kind.UNDO:
        return [_("Codings stay as they were put. Where one was merged, it counts apart again.")]
    if made.kind in (Kind.SPLIT, Kind.RETIRE) and use.codings:
        return [
            _(
                "What is coded stays and is listed under “To look at again”, for a person to say "
                "what it is now. Until then it is not in new published numbers."
            )
        ]
    if made.kind in (Kind.MOVE, Kind.NAME_GROUP):
        return [_("No coding changes.")]
    return []


def _of_notes(made: Change, book: Codebook, code: Code) -> list[str]:
    names = _quoted(each.name for each in naming(book, code.name) if each.id != code.id)
    if not names:
        return []
    if isinstance(made, Reword):
        if not made.renames(book):
            return []
        return [_("These codes send people to it, and get the new name: %(names)s.", names=names)]
    if made.kind in (Kind.MERGE, Kind.SPLIT, Kind.RETIRE):
        return [_("These codes send people to it. Reword them next: %(names)s.", names=names)]
    return []


def _of_offers(book: Codebook, new: Codebook) -> list[str]:
    """Which other codes a question offers at once that it did not, and which no longer."""
    said = []
    for heading, title in headings().items():
        was = {code.id: code.name for code in book.codes_for(heading)}
        now = {code.id: code.name for code in new.codes_for(heading)}
        came = _quoted(name for code, name in now.items() if code not in was)
        went = _quoted(n for code, n in was.items() if code not in now and code in new.offered)
        if came:
            said.append(_("“%(title)s” offers from now on: %(names)s.", title=title, names=came))
        if went:
            said.append(
                _(
                    "“%(title)s” has no more room among the first for: %(names)s. It is found with "
                    "the search.",
                    title=title,
                    names=went,
                )
            )
    return said


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)
