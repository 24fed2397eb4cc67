"""The operator's command `words check`: is there anything to mend in a language's wording?"""

from __future__ import annotations

from collections.abc import Iterator

import click
import yaml

from family_voice.interviews.guide import GuideInvalid, read_guide
from family_voice.language import texts
from family_voice.language.catalogues import ENGLISH, BadCatalogue, Catalogues
from family_voice.language.wording_files import texts_in
from family_voice.language.wordings import Part, Problem, Wording, Wrong, problems
from family_voice.settings import asset_folder
from family_voice.sms import commands
from family_voice.sms.wordings import data_files, every_wording, plural_of, read_data

_SAYS = {
    Wrong.BLANK: "it is missing or blank.",
    Wrong.PARTS: "it needs {about} parts.",
    Wrong.VALUE_LOST: "put back {about}, which the program fills in.",
    Wrong.VALUE_STRANGE: "take out {about}: the program has nothing to fill in.",
    Wrong.MARKS: "keep the marks between < and > as they are in English.",
    Wrong.PERCENT: "write a per cent sign as %%.",
    Wrong.NO_FILE: "there is no such file yet.",
}
_SHORT = 60


def words_commands() -> click.Group:
    """The group `words`."""

    @click.group("words")
    def group() -> None:
        """What families read, in every language."""

    @group.command("check")
    @click.option("--language", "code", help="Only this one, such as ur.")
    def check(code: str | None) -> None:
        """Say what is missing, blank, incomplete or cannot be filled in, language by language."""
        try:
            texts.install(Catalogues(asset_folder("translations")))
            codes = [each.code for each in texts.worded() if each is not ENGLISH]
            if code is not None and code not in codes:
                known = ", ".join(codes) or "none"
                raise click.ClickException(f"There is no wording in {code}. There is: {known}.")
            wrong = 0
            for each in [code] if code else codes:
                found = list(to_mend(each))
                wrong += len(found)
                click.echo(f"{each}: {len(every_wording(each))} wordings, {len(found)} to mend.")
                for line in found:
                    click.echo(f"  {line}", err=True)
        except BadCatalogue as bad:
            raise click.ClickException(str(bad)) from bad
        if wrong:
            raise click.ClickException(f"Mend what is named above ({wrong}) and check again.")

    return group


def to_mend(language: str) -> Iterator[str]:
    """Everything to mend in a language, a line each."""
    for wording in every_wording(language):
        for problem in problems(wording, wording.own, plural_of(language)):
            yield f"{_named(wording)}: {_said(problem)}"
    for part, english, own in data_files(language):
        if not own.is_file():
            yield f"{own.parent.name}/{own.name}: there is no such file yet."
            continue
        try:
            content, ours = read_data(own), read_data(english)
            if part is Part.GUIDE:
                read_guide(own)
        except (yaml.YAMLError, GuideInvalid) as bad:
            yield str(bad)
            continue
        if content.get("language") != language:
            yield f"{own.parent.name}/{own.name}: its language must be {language}."
        if content.get("version") != ours.get("version"):
            yield f"{own.parent.name}/{own.name}: its version must be {ours.get('version')}."
        for key in sorted(texts_in(content).keys() - texts_in(ours).keys()):
            yield f"{own.parent.name}/{own.name} {key}: English has no such text."
    try:
        commands.load()
    except commands.BadWords as bad:
        yield str(bad)


def _named(wording: Wording) -> str:
    if wording.part is not Part.CATALOGUE:
        return f"{wording.part.value} {wording.key}"
    text = wording.english[0]
    return f"“{text if len(text) <= _SHORT else text[:_SHORT] + '…'}”"


def _said(problem: Problem) -> str:
    return _SAYS[problem.wrong].format(about=problem.about)
