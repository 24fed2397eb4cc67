"""At the edge: methods, addresses, forwarded headers; and looking only looks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask, request
from sqlalchemy import func, select

from family_voice.app import create_app
from family_voice.operations.tables import METADATA
from family_voice.settings import Settings
from tests.conftest import Clock
from tests.proofs.__main__ import fresh
from tests.proofs.hostile import World, the_world
from tests.proofs.proof import Place

#: What looking may write: that somebody looked, and that they are still here.
WRITTEN_BY_LOOKING = {"trail", "staff_session", "failed_attempt", "spent_challenge"}


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    with fresh("SQLite") as made:
        yield made


@pytest.fixture(scope="module")
def world(place: Place) -> Iterator[World]:
    with the_world(place) as made:
        yield made


def _everything(place: Place) -> dict[str, object]:
    """Every row of every table that looking may not touch, and how many there are of the others."""
    with place.sessions() as session:
        return {
            table.name: session.execute(select(table)).all()
            if table.name not in WRITTEN_BY_LOOKING
            else session.scalar(select(func.count()).select_from(table)) is not None
            for table in METADATA.sorted_tables
        }


def test_looking_changes_nothing(world: World, place: Place) -> None:
    """Every page is opened by everybody, with real rows in its address; only the trail grows.

    Following a link is the one exception: that somebody came by it is noted by the button after.
    """
    before = _everything(place)
    for rule in world.rules:
        if "GET" in (rule.methods or ()) and rule.endpoint not in {"static", "family.link"}:
            for row in world.ids[::7] if rule.arguments else [None]:
                values: dict[str, object] = {
                    name: row if "UUID" in type(rule._converters[name]).__name__ else 1
                    for name in rule.arguments
                }
                built = rule.build(values)
                assert built
                for client in world.people.values():
                    assert client.get(built[1]).status_code < 500
    assert _everything(place) == before


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "DEBUG", "PROPFIND"])
def test_strange_methods_are_refused(app: Flask, method: str) -> None:
    answer = app.test_client().open("/", method=method)
    assert answer.status_code in {400, 405}
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    "path",
    ["/.git/config", "/.env", "/static/", "/static/built/", "/static/../settings.py",
     "/static/%2e%2e/family_voice/settings.py", "/static//etc/passwd", "/family_voice/app.py",
     "/instance/family-voice.db", "/pyproject.toml", "/static/built/family.css.map"],
)  # fmt: skip
def test_nothing_but_built_files_is_served(app: Flask, path: str) -> None:
    assert app.test_client().get(path).status_code in {308, 404}


def test_encrypted_for_a_year_and_open_to_no_other_site(settings: Settings, clock: Clock) -> None:
    app = create_app(replace(settings, public_url="https://voice.council.example"), clock=clock)
    for path in ("/", "/code", "/nowhere", "/static/built/family.css", "/healthz"):
        answer = app.test_client().get(path, headers={"Origin": "https://evil.example"})
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
        assert not [name for name, _value in answer.headers if name.startswith("Access-Control")]
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    app.extensions["family_voice"].sessions.kw["bind"].dispose()


@pytest.mark.parametrize(("proxies", "seen"), [(0, "10.0.0.9"), (1, "192.0.2.7"), (2, "192.0.2.1")])
def test_forwarded_headers_count_only_as_far_as_proxies_are_trusted(
    settings: Settings, clock: Clock, monkeypatch: pytest.MonkeyPatch, proxies: int, seen: str
) -> None:
    app = create_app(replace(settings, trusted_proxies=proxies), clock=clock)
    found: list[str | None] = []
    app.before_request(lambda: found.append(request.remote_addr))
    app.test_client().get(
        "/healthz",
        headers={"X-Forwarded-For": "6.6.6.6, 192.0.2.1, 192.0.2.7", "X-Real-IP": "6.6.6.6"},
        environ_base={"REMOTE_ADDR": "10.0.0.9"},
    )
    assert found == [seen]
    app.extensions["family_voice"].sessions.kw["bind"].dispose()
