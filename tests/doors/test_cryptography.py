"""Which ciphers, hashes and sources of chance there are; that nothing else is a decision, too."""

from __future__ import annotations

import ast
import re
import tomllib
from base64 import b32decode, urlsafe_b64decode
from importlib.metadata import version

import pytest
from flask import Flask
from packaging.requirements import Requirement
from passlib.context import CryptContext
from sqlalchemy.orm import Session

from family_voice.people.accounts import PASSWORDS
from family_voice.people.staff import add_staff
from family_voice.security.tokens import hash_return_word
from tests.conftest import NOW
from tests.doors.test_safe_code import PACKAGE, ROOT, calls, modules

ALLOWED = {
    "cryptography.exceptions": {"InvalidTag"},
    "cryptography.hazmat.primitives.ciphers.aead": {"AESGCM"},
    "cryptography.hazmat.primitives.hashes": {"SHA256"},
    "cryptography.hazmat.primitives.kdf.hkdf": {"HKDF"},
}
HASHES = {"sha256", "scrypt"}
#: Made-up families are made by chance that can be made again, and the pairs that a match of files
#: is measured by are picked so that the same files give the same scores. Nothing secret ever is.
REPEATABLE = ("demo/", "cases/caseload_examples.py", "cases/match_files.py")
#: They reckon with arrays and draw nothing at all: what is learned from the same texts is the same.
RECKONING = {
    f"themes/{each}.py"
    for each in (
        "calibration", "embeddings", "evaluation", "features", "kept_model", "learning", "prior",
        "reasons", "ridge", "views",
    )
}  # fmt: skip


def test_only_these_ciphers_and_hashes_are_used() -> None:
    wrong = []
    for where, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                names = {each.name for each in node.names}
                if node.module.startswith("cryptography"):
                    wrong += [
                        f"{where}: {each}" for each in names - ALLOWED.get(node.module, set())
                    ]
                if node.module == "hashlib":
                    wrong += [f"{where}: {each}" for each in names - HASHES]
            if isinstance(node, ast.Import):
                wrong += [
                    f"{where}: {each.name}"
                    for each in node.names
                    if each.name.startswith(("cryptography", "Crypto", "nacl"))
                ]
    wrong += [
        f"{where}: {name}"
        for where, _node, name in calls()
        if name.startswith("hashlib.") and name.split("(")[0].split(".")[1] not in HASHES
    ]
    assert wrong == []


def test_chance_comes_from_the_system() -> None:
    guessable = re.compile(
        r"^\s*(?:import random\b|from random import|import numpy\.random|from numpy import random)"
        r"|\bnp\.random\b|\bnumpy\.random\b|\bdefault_rng\b",
        re.M,
    )
    arrays = re.compile(r"^\s*(?:import numpy|from numpy)\b", re.M)
    texts = {
        path.relative_to(PACKAGE).as_posix(): path.read_text("utf-8")
        for path in PACKAGE.rglob("*.py")
        if not path.relative_to(PACKAGE).as_posix().startswith(REPEATABLE)
    }
    assert [name for name, text in texts.items() if guessable.search(text)] == []
    assert {name for name, text in texts.items() if arrays.search(text)} == RECKONING


def test_seeds_and_first_passwords_are_long_and_never_the_same(session: Session) -> None:
    made = [
        add_staff(session, email=f"a{number}@b.example", roles=[], now=NOW) for number in range(20)
    ]
    assert len({each.totp_secret for each in made}) == len({each.password for each in made}) == 20
    for each in made:
        padded = each.totp_secret + "=" * (-len(each.totp_secret) % 8)
        assert len(b32decode(padded)) * 8 >= 128
        assert len(each.password) >= 12


def test_what_people_choose_is_hashed_slowly() -> None:
    """By what the program is made with: the tests alone turn the cost down."""
    as_made = CryptContext(schemes=list(PASSWORDS.schemes())).hash("otter bicycle lamp forty")
    found = re.match(r"\$argon2id\$v=19\$m=(\d+),t=(\d+),p=\d+\$", as_made)
    assert found, as_made
    # OWASP's least for Argon2id: 19 MiB and two passes.
    assert int(found[1]) >= 19 * 1024
    assert int(found[2]) >= 2
    tokens = (PACKAGE / "security" / "tokens.py").read_text("utf-8")
    assert "n=2**14, r=8" in tokens
    salt, digest = hash_return_word("blue kettle").split(":")
    assert (len(salt), len(digest)) == (32, 64)


def test_a_sitting_is_signed_by_256_bits(app: Flask) -> None:
    client = app.test_client()
    client.get("/staff/sign-in")
    cookie = client.get_cookie("session")
    assert cookie
    signature = cookie.value.rpartition(".")[2]
    assert len(urlsafe_b64decode(signature + "==")) == 32
    # One letter of it or of what is signed changed, and it is nobody's sitting.
    other = "A" if cookie.value[1] != "A" else "B"
    for forged in (cookie.value[0] + other + cookie.value[2:], cookie.value[:-4] + "AAAA"):
        client.set_cookie("session", forged)
        with client.session_transaction() as read:
            assert dict(read) == {}


def test_the_process_logs_to_its_own_stream_only() -> None:
    elsewhere = re.compile(
        r"FileHandler|SysLogHandler|SocketHandler|HTTPHandler|SMTPHandler|basicConfig|dictConfig"
    )
    assert [path for path in PACKAGE.rglob("*.py") if elsewhere.search(path.read_text())] == []


@pytest.mark.parametrize("part", ["dependencies", "dev"])
def test_what_is_installed_is_what_was_chosen(part: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = project.get(part) or project["optional-dependencies"][part]
    wrong = []
    for each in map(Requirement, wanted):
        if not each.specifier.contains(version(each.name), prereleases=True):
            wrong.append(f"{each.name} {version(each.name)} is not {each.specifier}")
    assert wrong == []
