"""Signing anybody in by the demo's own button, without a password."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask, g
from flask.testing import FlaskClient

from family_voice.people.access import ROUTES, Door
from family_voice.people.accounts import StaffMember
from family_voice.storage.locking import fetch
from family_voice.web.services import db
from family_voice.web.staff.sign_in import sign_in_for_demo

Enter = Callable[[UUID], FlaskClient]


def by_the_demos_button(demo_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Enter:
    """Gives a browser in which somebody is signed in."""
    monkeypatch.setitem(ROUTES, "test_sign_in", Door.DEMO)

    def enter(staff_id: UUID) -> str:
        g.form_checked = True
        sign_in_for_demo(fetch(db(), StaffMember, staff_id))
        return "in"

    demo_app.add_url_rule("/test/sign-in/<uuid:staff_id>", "test_sign_in", enter, methods=["POST"])

    def browser(staff_id: UUID) -> FlaskClient:
        client = demo_app.test_client()
        assert client.post(f"/test/sign-in/{staff_id}").status_code == 200
        return client

    return browser
