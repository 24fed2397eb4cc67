"""Secrets that people carry: links, printed codes, code words and return words."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
from importlib import resources

# Crockford's base 32: no I, L, O or U, so that a printed code cannot be misread.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V"})
CODE_LENGTH = 12
RETURN_WORD_SHORTEST, RETURN_WORD_LONGEST = 4, 64

WORDS = tuple(resources.files(__package__).joinpath("code_words.txt").read_text().split())


#: How many characters `new_token` has, each plain to a telephone.
TOKEN_LENGTH = 43


def new_token() -> str:
    """A link's secret: 256 random bits."""
    return secrets.token_urlsafe(32)


def new_printed_code() -> str:
    """A code to print in a letter: 60 random bits as three groups of four."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    return "-".join(letters[start : start + 4] for start in range(0, CODE_LENGTH, 4))


def read_printed_code(typed: str) -> str | None:
    """What somebody typed, as the printed code it means.

    Args:
        typed: in any case, with or without spaces and dashes; I and L are read as 1, O as 0.

    Returns:
        The code in its printed form, or None if it cannot be one.
    """
    kept = unicodedata.normalize("NFKC", typed).upper().translate(MISREAD)
    letters = "".join(letter for letter in kept if letter.isalnum())
    if len(letters) != CODE_LENGTH or any(letter not in ALPHABET for letter in letters):
        return None
    return "-".join(letters[start : start + 4] for start in range(0, CODE_LENGTH, 4))


def new_code_word() -> str:
    """Two plain words for the text-message door. Short: it works only from one telephone."""
    return f"{secrets.choice(WORDS)} {secrets.choice(WORDS)}"


def normal_word(typed: str) -> str:
    """A code word or return word as compared: case and spacing do not count."""
    return " ".join(unicodedata.normalize("NFKC", typed).casefold().replace("-", " ").split())


def hash_return_word(word: str) -> str:
    """A slow salted hash (scrypt, RFC 7914) of a return word, for storing."""
    salt = secrets.token_bytes(16)
    return f"{salt.hex()}:{_scrypt(word, salt).hex()}"


def return_word_matches(word: str, stored: str) -> bool:
    """Whether this is the return word; takes the same time either way."""
    salt, _, digest = stored.partition(":")
    return hmac.compare_digest(_scrypt(word, bytes.fromhex(salt)), bytes.fromhex(digest))


def _scrypt(word: str, salt: bytes) -> bytes:
    return hashlib.scrypt(normal_word(word).encode(), salt=salt, n=2**14, r=8, p=1, dklen=32)
