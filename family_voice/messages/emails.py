"""The words of every email that may go out, and how one looks: as words alone and as a page.

As with texts, none has a place for a child's name, a need, a school or anything somebody told us,
because nobody knows who else reads there. What is put in comes from the settings, or is a link, a
code word or a day of ours.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from family_voice.language.formats import long_date
from family_voice.language.team import team_named
from family_voice.language.texts import _, speaking
from family_voice.messages.interpreter import InLanguage, offer_of_interpreter
from family_voice.messages.numbers import national
from family_voice.settings import Settings, asset_folder


class EmailKind(StrEnum):
    """The emails by name, as the outbox keeps them."""

    INVITATION = "invitation"
    CARRY_ON = "carry_on"
    READY = "ready"


#: What asks somebody to talk with us.
ASKS: Final = frozenset({EmailKind.INVITATION, EmailKind.CARRY_ON})


@dataclass(frozen=True)
class Email:
    """One email in clear: what stands before the link, the link, and what stands after it."""

    language: str
    direction: str
    subject: str
    before: tuple[str, ...]
    press: str
    link: str
    after: tuple[str, ...]
    interpreter: tuple[InLanguage, ...] = ()

    def as_words(self) -> str:
        """The email without any page: what a plain mail program shows, and a screen reader."""
        lines = (
            *self.before,
            f"{self.press}:\n{self.link}",
            *self.after,
            *(each.words for each in self.interpreter),
        )
        return "\n\n".join(lines) + "\n"

    def as_page(self) -> str:
        """The email as a small page: no picture, nothing fetched, nothing that counts readers."""
        return _templates().get_template("email/message.html").render(email=self)

    def sealed_form(self) -> str:
        """What is sealed until it goes."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_sealed_form(cls, text: str) -> Email:
        """What `sealed_form` gave."""
        data: dict[str, Any] = json.loads(text)
        data["before"], data["after"] = tuple(data["before"]), tuple(data["after"])
        data["interpreter"] = tuple(InLanguage(**each) for each in data["interpreter"])
        return cls(**data)


def compose(
    kind: EmailKind,
    settings: Settings,
    language: str,
    *,
    link: str,
    until: date,
    code_word: str = "",
) -> Email:
    """The words of an email.

    Args:
        kind: which.
        settings: who we are and how to ring us.
        language: theirs; English where it has no wording.
        link: their own link.
        until: the last day it works.
        code_word: with which they can answer by text; empty where none was made.

    Returns:
        The email, with the offer of an interpreter in every language there is.
    """
    with speaking(language) as spoken:
        subject, before, press, after = _words(kind, settings, long_date(until), code_word)
    return Email(
        spoken.code,
        spoken.direction,
        subject,
        tuple(before),
        press,
        link,
        tuple(after),
        offer_of_interpreter(settings.phone),
    )


def _words(
    kind: EmailKind, settings: Settings, until: str, code_word: str
) -> tuple[str, list[str], str, list[str]]:
    """What it is about, what stands before the link, on the link, and after it."""
    team, phone = team_named(settings.team_name), settings.phone
    whose_only = _(
        "The link is for you alone, until %(day)s. It does not show what you have told us.",
        day=until,
    )
    match kind:
        case EmailKind.INVITATION:
            subject = _("We would like to hear from you")
            before = [
                _("Hello, this is %(team)s in %(area)s.", team=team, area=settings.area_name),
                _(
                    "We would like to hear from you, if you want to talk with us. You choose. Say "
                    "as much or as little as you like. If you say no, nothing changes for you."
                ),
            ]
            press = _("Open your own link")
            after = [whose_only, _("You would rather talk? Ring us on %(phone)s.", phone=phone)]
            if code_word:
                after.append(
                    _(
                        "Or text these words to %(number)s from your own phone: %(words)s",
                        number=national(settings.sms_number),
                        words=code_word,
                    )
                )
            after.append(
                _(
                    "You do not want this? Open the link and say no, or ring us. Then we do not "
                    "write to you again."
                )
            )
        case EmailKind.CARRY_ON:
            subject = _("Your link to carry on")
            before = [
                _("Hello, this is %(team)s.", team=team),
                _("You can carry on where you stopped. Any phone or computer will do."),
            ]
            press = _("Carry on")
            after = [
                whose_only,
                _("It opens once. If you stop again, we can send another one."),
                _("You would rather talk? Ring us on %(phone)s.", phone=phone),
                _("You did not ask for this? Then you need do nothing."),
            ]
        case EmailKind.READY:
            subject = _("There is something for you to read")
            before = [
                _("Hello, this is %(team)s.", team=team),
                _("You asked to hear what came of what you told us. You can read it now."),
            ]
            press = _("Read it")
            after = [
                whose_only,
                _("You need the return word that you chose. Forgotten it? We will help you."),
                _("You would rather hear it from us? Ring %(phone)s.", phone=phone),
                _("You do not want emails from us? Ring us, and we stop."),
            ]
    after.append(
        _(
            "Nobody reads answers to this email straight away. In danger? Ring 999. Worried about "
            "a child now? Ring %(emergency)s.",
            emergency=settings.emergency_phone,
        )
    )
    return subject, before, press, after


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(asset_folder("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
