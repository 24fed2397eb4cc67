"""`family-voice demo`: one document, the same for a seed, on this computer and nowhere else."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import text
from twilio.request_validator import RequestValidator

from family_voice import cli
from family_voice.app import create_app
from family_voice.demo import instance
from family_voice.operations.migrations import upgrade
from family_voice.people.access import Role
from family_voice.people.staff import add_staff, find_staff
from family_voice.security.keyring import Keyring
from family_voice.security.tokens import read_printed_code
from family_voice.settings import Settings, SettingsError
from family_voice.storage.engine import make_engine, make_sessions
from tests.conftest import KEYS, NOW

ROOT = Path(__file__).resolve().parents[2]
CONTRACT = {"base_url", "staff", "families", "sms"}


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test has an instance folder of its own, and no settings."""
    monkeypatch.chdir(tmp_path)
    for name in ("DATABASE_URL", "SMS", "TWILIO_AUTH_TOKEN", "TWILIO_API_URL"):
        monkeypatch.delenv(f"FAMILY_VOICE_{name}", raising=False)


def run(*args: str) -> Result:
    return CliRunner().invoke(cli.main, ["demo", *args])


def document(*args: str) -> dict[str, Any]:
    result = run("--json", "--no-serve", *args)
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_the_document(tmp_path: Path) -> None:
    found = document("--seed", "7", "--families", "60")
    assert set(found) >= CONTRACT
    assert found["base_url"] == "http://127.0.0.1:8000"
    assert {each["role"] for each in found["staff"]} == {role.value for role in Role}
    for each in found["staff"]:
        assert set(each) >= {"role", "email", "password", "totp_secret"}
        assert len(base64.b32decode(each["totp_secret"])) == 20
    families = found["families"]
    assert len(families) == len({each["case"] for each in families}) == 60
    assert {"ur", "en"} <= {each["language"] for each in families}
    last = families[-1]
    assert last["outcome"] == "invited"
    assert last["link"].startswith("http://127.0.0.1:8000/i/")
    assert read_printed_code(last["printed_code"]) == last["printed_code"]
    assert len(last["code_word"].split()) == 2
    assert last["phone"].startswith("+447700900")
    for what in ("link", "printed_code", "code_word"):
        given = [each[what] for each in families if each[what]]
        assert len(given) == len(set(given))
    assert set(found["sms"]) == {"number", "auth_token"}


def test_the_same_seed_prints_the_same_and_another_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    once = document("--seed", "7", "--families", "6")
    (tmp_path / "another").mkdir()
    monkeypatch.chdir(tmp_path / "another")
    assert document("--seed", "7", "--families", "6") == once
    other = document("--seed", "8", "--families", "6")
    assert other["staff"] != once["staff"]
    assert other["families"] != once["families"]
    assert other["sms"]["auth_token"] != once["sms"]["auth_token"]


def test_starting_again_puts_back_the_demo_as_it_was_made(tmp_path: Path) -> None:
    once = document("--seed", "7", "--families", "2")
    engine = make_engine(f"sqlite:///{tmp_path}/instance/demo.db")
    with engine.begin() as connection:
        connection.execute(text("UPDATE round SET term = 'changed'"))
    engine.dispose()
    again = run("--json", "--no-serve", "--seed", "7", "--families", "2")
    assert "Round" not in again.stderr
    assert json.loads(again.stdout) == once
    with engine.connect() as connection:
        assert connection.execute(text("SELECT term FROM round")).scalar_one() != "changed"
    engine.dispose()
    fresh = run("--json", "--no-serve", "--seed", "8", "--families", "2")
    assert "Round" in fresh.stderr


def test_keeping_what_is_there_changes_only_the_address() -> None:
    once = document("--seed", "7", "--families", "2")
    again = document("--keep", "--port", "9123")
    assert again["base_url"] == "http://127.0.0.1:9123"
    assert again["staff"] == once["staff"]
    moved = once["families"][-1]["link"].replace(":8000/", ":9123/")
    assert again["families"][-1]["link"] == moved


def test_a_second_demo_is_not_made_over_the_first_that_runs(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/instance/demo.db"
    with instance.alone(instance.Kept.beside(url)):
        result = run("--no-serve")
    assert result.exit_code != 0
    assert "runs already" in result.stderr
    assert not Path(tmp_path, "instance", "demo.db").exists()


def test_there_must_be_something_to_keep() -> None:
    result = run("--keep", "--no-serve")
    assert result.exit_code != 0
    assert "without --keep" in result.stderr


def test_a_database_that_is_not_the_demos_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path}/real.db"
    upgrade(url)
    sessions = make_sessions(make_engine(url), keyring=Keyring(KEYS))
    with sessions.begin() as session:
        add_staff(session, email="lee@council.gov.uk", roles=[Role.LEAD], now=NOW)
    monkeypatch.setenv("FAMILY_VOICE_DATABASE_URL", url)
    for args in ((), ("--keep",)):
        result = run("--no-serve", "--json", *args)
        assert result.exit_code != 0
        assert result.stdout == ""
        assert "not the demo's" in result.stderr
        assert len(result.stderr.strip().splitlines()) == 1
    with sessions() as session:
        assert find_staff(session, "lee@council.gov.uk")


def test_somebody_elses_tables_are_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path}/other.db"
    with make_engine(url).begin() as connection:
        connection.exec_driver_sql("CREATE TABLE payroll (name TEXT)")
        connection.exec_driver_sql("INSERT INTO payroll VALUES ('Lee')")
    monkeypatch.setenv("FAMILY_VOICE_DATABASE_URL", url)
    assert run("--no-serve").exit_code != 0
    with make_engine(url).begin() as connection:
        assert connection.exec_driver_sql("SELECT name FROM payroll").scalar() == "Lee"


@pytest.mark.parametrize("families", ["0", "67"])
def test_families_that_nobody_wrote(families: str) -> None:
    result = run("--no-serve", "--families", families)
    assert result.exit_code != 0
    assert "1 to 66" in result.stderr


@pytest.mark.parametrize("provider", ["twilio", "notify"])
def test_real_texts_are_never_sent(monkeypatch: pytest.MonkeyPatch, provider: str) -> None:
    monkeypatch.setenv("FAMILY_VOICE_SMS", provider)
    result = run("--no-serve")
    assert result.exit_code != 0
    assert f"FAMILY_VOICE_{provider.upper()}_API_URL to a stand-in" in result.stderr


def test_it_listens_to_this_computer_only() -> None:
    with cli._listen(0) as listening:
        host, port = listening.getsockname()
        assert host == "127.0.0.1"
        result = run("--port", str(port))
        assert result.exit_code != 0
        assert "--port" in result.stderr


def test_it_serves_with_signed_webhooks(tmp_path: Path) -> None:
    """The whole command, as `make run` starts it."""
    command = "import sys; from family_voice.cli import main; main(sys.argv[1:])"
    args = ["demo", "--json", "--families", "1", "--port", "0"]
    with subprocess.Popen(
        [sys.executable, "-c", command, *args],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout
            found = json.loads(_one_document(process.stdout))
            base = found["base_url"]
            for path in ("/demo", "/demo/phone/1", "/readyz"):
                with urllib.request.urlopen(base + path, timeout=20) as answer:
                    assert answer.status == 200
            text = {"MessageSid": "SM1", "From": found["families"][-1]["phone"], "Body": "hello?"}
            assert _post(base, text, found["sms"]["auth_token"]) == 200
            assert _post(base, text, "not the token") == 403
        finally:
            process.terminate()


def _one_document(lines: Any) -> str:
    read = ""
    for line in lines:
        read += line
        if line == "}\n":
            break
    return read


def _post(base: str, text: dict[str, str], token: str) -> int:
    address = f"{base}/sms/inbound"
    signature = RequestValidator(token).compute_signature(address, text)
    request = urllib.request.Request(
        address,
        urllib.parse.urlencode(text).encode(),
        {"X-Twilio-Signature": signature},
    )
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refusal:
        return refusal.code


def demo_routes(app: Flask) -> list[str]:
    return [rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/demo")]


REAL = {
    "SECRET_KEY": "a real installation's key, long enough",
    "MASTER_KEYS": "1:" + base64.b64encode(bytes(32)).decode(),
    "PUBLIC_URL": "https://voice.example.gov.uk",
    "SMS_NUMBER": "+441632960000",
    "TWILIO_ACCOUNT_SID": "AC1",
    "TWILIO_AUTH_TOKEN": "token",
    "PHONE": "01632 960000",
    "EMERGENCY_PHONE": "01632 960999",
    "LAWFUL_BASIS": "public task",
    "LAWFUL_BASIS_REFERENCE": "R1",
    "DPIA_REFERENCE": "D1",
    "DPIA_DATE": "2026-09-01",
}
WORDS = ("demo", "1", "true", "yes", "on", "console", "development", "http://demo/demo")


def taken(environ: dict[str, str]) -> Settings:
    return Settings.from_environ({f"FAMILY_VOICE_{key}": value for key, value in environ.items()})


def is_taken(environ: dict[str, str]) -> bool:
    try:
        taken(environ)
    except SettingsError:
        return False
    return True


def test_no_setting_switches_the_demo_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path}/real.db"
    upgrade(url)
    names = [each.name.upper() for each in fields(Settings) if each.name != "database_url"]
    names += ["DEMO", "IS_DEMO", "ENV", "DEBUG", "MODE"]
    for word in WORDS:
        environ = {**REAL, "DATABASE_URL": url}
        for name in names:
            if is_taken({**environ, name: word}):
                environ[name] = word
        assert word in environ.values()
        assert demo_routes(create_app(taken(environ))) == []
    for key, value in {**REAL, "DATABASE_URL": url}.items():
        monkeypatch.setenv(f"FAMILY_VOICE_{key}", value)
    served: list[Flask] = []
    monkeypatch.setattr("waitress.serve", lambda app, **_how: served.append(app))
    somebody = "lee@council.example"
    for words in (
        ["user", "add", somebody, "--role", "coproduction_lead"],
        ["rota", "add", somebody, "--mobile", "07700 900123"],
    ):
        assert CliRunner().invoke(cli.main, words).exit_code == 0
    result = CliRunner().invoke(cli.main, ["serve"])
    assert result.exit_code == 0, result.output
    assert demo_routes(served[0]) == []
    assert served[0].test_client().get("/demo").status_code == 404


def test_serve_refuses_the_demos_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path}/demo.db"
    monkeypatch.setenv("FAMILY_VOICE_DATABASE_URL", url)
    document("--families", "1")
    for key, value in REAL.items():
        monkeypatch.setenv(f"FAMILY_VOICE_{key}", value)
    result = CliRunner().invoke(cli.main, ["serve"])
    assert result.exit_code != 0
    assert "demo" in result.stderr


def test_a_new_demo_begins_without_the_evidence_of_the_last(tmp_path: Path) -> None:
    run("--no-serve", "--families", "1")
    (evidence,) = {each.parent / f"{each.stem}.evidence" for each in tmp_path.rglob("*.json")}
    evidence.mkdir(exist_ok=True)
    (evidence / "erasures.jsonl").write_text("of another demo")
    run("--no-serve", "--families", "1")
    assert not evidence.exists()
