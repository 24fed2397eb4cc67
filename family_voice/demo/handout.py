"""What the demo hands out: sign-ins, families' doors, and the number to text. Made from the seed.

Nothing here is secret: every family is made up, and the demo listens on this computer only.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from random import Random
from typing import Any

from family_voice.interviews.doors import Secrets
from family_voice.security.tokens import ALPHABET, CODE_LENGTH, WORDS

PASSWORD_WORDS = 4


@dataclass(frozen=True)
class StaffSignIn:
    """One made-up member of staff and how they sign in."""

    role: str
    name: str
    job_title: str
    email: str
    password: str = field(repr=False)
    totp_secret: str = field(repr=False)


@dataclass(frozen=True)
class FamilyDoor:
    """One family's case, and the doors of whoever was asked first.

    The doors are None where nobody was invited; `code_word` also where there is no mobile.
    `return_word` is what they chose, if they have.
    """

    case: str
    round: str
    outcome: str
    name: str
    language: str
    phone: str | None = None
    link: str | None = None
    printed_code: str | None = None
    code_word: str | None = None
    return_word: str | None = None
    email: str | None = None


@dataclass(frozen=True)
class TextDoor:
    """The number that families text, and the token that signs the provider's requests, or that the
    provider shows."""

    number: str
    auth_token: str = field(repr=False)


@dataclass(frozen=True)
class Handout:
    """Everything the demo prints, the same for the same seed and framework.

    `relatives` are others of the last family, asked as well; `pictures` children who are asked in
    Easy Read, one who has not begun last; `strangers` numbers of nobody.
    """

    base_url: str
    seed: int
    framework: str
    staff: tuple[StaffSignIn, ...]
    families: tuple[FamilyDoor, ...]
    sms: TextDoor
    strangers: tuple[str, ...]
    relatives: tuple[FamilyDoor, ...] = ()
    pictures: tuple[FamilyDoor, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The one JSON document that `demo --json` prints."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Handout:
        """What `as_json` gave. Raises `KeyError` or `TypeError` for anything else."""
        return cls(
            base_url=data["base_url"],
            seed=data["seed"],
            framework=data["framework"],
            staff=tuple(StaffSignIn(**each) for each in data["staff"]),
            families=tuple(FamilyDoor(**each) for each in data["families"]),
            sms=TextDoor(**data["sms"]),
            strangers=tuple(data["strangers"]),
            relatives=tuple(FamilyDoor(**each) for each in data["relatives"]),
            pictures=tuple(FamilyDoor(**each) for each in data["pictures"]),
        )

    def at(self, base_url: str, sms: TextDoor) -> Handout:
        """The same handout, served from another address."""

        def moved(door: FamilyDoor) -> FamilyDoor:
            link = door.link and base_url + door.link.removeprefix(self.base_url)
            return replace(door, link=link)

        return replace(
            self,
            base_url=base_url,
            families=tuple(moved(door) for door in self.families),
            sms=sms,
            relatives=tuple(moved(door) for door in self.relatives),
            pictures=tuple(moved(door) for door in self.pictures),
        )

    @property
    def newest(self) -> tuple[FamilyDoor, ...]:
        """The families of the current round."""
        return tuple(door for door in self.families if door.round == self.families[-1].round)


def chance(seed: int, *what: str) -> Random:
    """Where the demo's made-up secrets come from: the same for a seed and a use."""
    return Random("/".join((str(seed), *what)))  # noqa: S311 (made up, printed and not secret)


def family_secrets(seed: int, who: str, code_word: str) -> Secrets:
    """A link's token and a printed code, in the forms that real ones have."""
    rng = chance(seed, "door", who)
    token = base64.urlsafe_b64encode(rng.randbytes(32)).decode().rstrip("=")
    letters = "".join(rng.choices(ALPHABET, k=CODE_LENGTH))
    code = "-".join(letters[start : start + 4] for start in range(0, CODE_LENGTH, 4))
    return Secrets(token, code, code_word)


def password(seed: int, who: str) -> str:
    """Four words that are easy to type."""
    return "-".join(chance(seed, "password", who).sample(WORDS, PASSWORD_WORDS))


def totp_secret(seed: int, who: str) -> str:
    """An authenticator's secret of 160 bits, in base 32."""
    return base64.b32encode(chance(seed, "totp", who).randbytes(20)).decode()


def return_word(seed: int, who: str) -> str:
    """A word that somebody chose to come back with."""
    return chance(seed, "return word", who).choice([w for w in WORDS if len(w) > 4])


def auth_token(seed: int) -> str:
    """What signs the text-message provider's requests in the demo."""
    return chance(seed, "auth token").randbytes(16).hex()
