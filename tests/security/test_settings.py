"""Settings that cannot be used are all named at once, and secrets are never printed."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from family_voice.settings import Settings, SettingsError

KEY = base64.b64encode(bytes(32)).decode()
OTHER = base64.b64encode(bytes(range(32))).decode()
GOOD = {
    "FAMILY_VOICE_SECRET_KEY": "s" * 40,
    "FAMILY_VOICE_MASTER_KEYS": f"1:{KEY}",
    "FAMILY_VOICE_PUBLIC_URL": "https://voice.council.example/",
    "FAMILY_VOICE_SMS": "console",
    "FAMILY_VOICE_PHONE": "01632 960000",
    "FAMILY_VOICE_EMERGENCY_PHONE": "01632 960999",
    "FAMILY_VOICE_DATABASE_URL": "sqlite:///x.db",
}

SOME_ID = "f33517ff-2a88-4f6e-b855-c550268ce08a"
NOTIFY = {
    "SMS": "notify",
    "SMS_NUMBER": "07700 900900",
    "NOTIFY_API_KEY": f"hush-{SOME_ID}-{SOME_ID}",
    "NOTIFY_TEMPLATE_ID": SOME_ID,
    "NOTIFY_BEARER_TOKENS": f"{'t' * 32}  {'u' * 32}",
}


def problems(**changes: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        Settings.from_environ(GOOD | {f"FAMILY_VOICE_{k}": v for k, v in changes.items()})
    return caught.value.problems


def test_good_settings() -> None:
    settings = Settings.from_environ(GOOD)
    assert settings.public_url == "https://voice.council.example"
    assert settings.master_keys == {1: bytes(32)}


def test_every_missing_setting_is_named_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_environ({})
    named = " ".join(caught.value.problems)
    for name in GOOD.keys() - {"FAMILY_VOICE_SMS", "FAMILY_VOICE_DATABASE_URL"}:
        assert name in named
    assert "FAMILY_VOICE_TWILIO_AUTH_TOKEN" in named


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short"),
        ("MASTER_KEYS", "1:short"),
        ("MASTER_KEYS", f"one:{KEY}"),
        ("MASTER_KEYS", KEY),
        ("PUBLIC_URL", "ftp://x"),
        ("PUBLIC_URL", "voice.council.example"),
        ("SMS", "pigeon"),
        ("TRUSTED_PROXIES", "all"),
        ("TRUSTED_PROXIES", "-1"),
        ("TWILIO_HELP", "maybe"),
        ("SEGMENT_BUDGET", "lots"),
        ("SEGMENT_BUDGET", "3"),
        ("NOTIFY_API_KEY", "f33517ff-2a88-4f6e-b855-c550268ce08a"),
        ("NOTIFY_TEMPLATE_ID", "our-template"),
        ("NOTIFY_SENDER_ID", "07700900900"),
        ("NOTIFY_BEARER_TOKENS", "too-short"),
        ("NOTIFY_BEARER_TOKENS", " ".join(["t" * 32] * 3)),
    ],
)
def test_each_mistake_is_one_sentence_that_names_the_setting(name: str, value: str) -> None:
    found = problems(**{name: value})
    assert len(found) == 1
    assert f"FAMILY_VOICE_{name}" in found[0]
    assert value == KEY or value not in found[0] or name == "SMS"


@pytest.mark.parametrize("address", ["http://voice.council.example", "http://10.0.0.1", "https://"])
def test_families_are_reached_by_https_only(address: str) -> None:
    assert problems(PUBLIC_URL=address)
    assert Settings.from_environ(GOOD | {"FAMILY_VOICE_PUBLIC_URL": "http://127.0.0.1:8000"})


@pytest.mark.parametrize("name", ["TWILIO_API_URL", "NOTIFY_API_URL", "OIDC_ISSUER"])
def test_other_services_are_reached_by_https_only(name: str) -> None:
    client = {"OIDC_CLIENT_ID": "x", "OIDC_CLIENT_SECRET": "y"}
    assert problems(**client, **{name: "http://elsewhere.example"})
    good = {f"FAMILY_VOICE_{key}": value for key, value in client.items()}
    assert Settings.from_environ(
        GOOD | good | {f"FAMILY_VOICE_{name}": "https://elsewhere.example"}
    )


def test_secrets_are_not_in_what_is_printed() -> None:
    hushed = {f"FAMILY_VOICE_{name}": value for name, value in NOTIFY.items()}
    hushed["FAMILY_VOICE_TWILIO_AUTH_TOKEN"] = "hush-hush"
    shown = repr(Settings.from_environ(GOOD | hushed))
    for secret in ("s" * 40, "hush", "t" * 32, repr(bytes(32))):
        assert secret not in shown


def test_no_setting_makes_a_demo(tmp_path: Path) -> None:
    assert not [name for name in Settings.__dataclass_fields__ if "demo" in name]


@pytest.mark.parametrize("name", sorted(NOTIFY.keys() - {"SMS"}))
def test_notify_is_set_up_whole_or_what_is_missing_is_named(name: str) -> None:
    whole = GOOD | {f"FAMILY_VOICE_{key}": value for key, value in NOTIFY.items()}
    settings = Settings.from_environ(whole)
    assert settings.notify_bearer_tokens == ("t" * 32, "u" * 32)
    [sentence] = problems(**(NOTIFY | {name: ""}))
    assert f"FAMILY_VOICE_{name}" in sentence


@pytest.mark.parametrize(
    ("chosen", "answers"),
    [
        ({"SMS": "console"}, False),
        (NOTIFY, False),
        ({"SMS": "twilio"}, True),
        ({"SMS": "twilio", "TWILIO_HELP": "off"}, False),
    ],
)
def test_help_is_answered_once(chosen: dict[str, str], answers: bool) -> None:
    """By the carrier where it does, and else by us."""
    account = {"SMS_NUMBER": "x", "TWILIO_ACCOUNT_SID": "y", "TWILIO_AUTH_TOKEN": "z"}
    given = {f"FAMILY_VOICE_{key}": value for key, value in (account | chosen).items()}
    assert Settings.from_environ(GOOD | given).carrier_answers_help is answers


@pytest.mark.parametrize("keys", [f"1:{KEY},1:{OTHER}", f"1:{KEY},2:{KEY}"])
def test_two_master_keys_are_two(keys: str) -> None:
    [sentence] = problems(MASTER_KEYS=keys)
    assert "of its own" in sentence


def test_the_councils_sign_in_is_whole_or_not_there() -> None:
    assert Settings.from_environ(GOOD).oidc_issuer == ""
    said = " ".join(problems(OIDC_ISSUER="http://login.example"))
    for name in ("OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET", "OIDC_ISSUER must begin with https"):
        assert name in said
    whole = {"OIDC_ISSUER": "https://login.example", "OIDC_CLIENT_ID": "a",
             "OIDC_CLIENT_SECRET": "hush", "OIDC_STRONG_ACR": "one two"}  # fmt: skip
    settings = Settings.from_environ(GOOD | {f"FAMILY_VOICE_{k}": v for k, v in whole.items()})
    assert settings.oidc_strong_acr == ("one", "two")
    assert "hush" not in repr(settings)
