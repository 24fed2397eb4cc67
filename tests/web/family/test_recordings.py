"""A council's own recordings of its questions stand on their pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from family_voice.settings import Settings
from tests.web.family.conftest import Household


@pytest.fixture
def heard(
    invite: Callable[..., Household], settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Household:
    """A parent, where the first question was read out in English."""
    folder = tmp_path_factory.mktemp("recordings")
    (folder / "en" / "parent_carer").mkdir(parents=True)
    (folder / "en" / "parent_carer" / "important.open.mp3").write_bytes(b"ID3 and so on")
    family = invite()
    services = family.app.extensions["family_voice"]
    family.app.extensions["family_voice"] = replace(
        services, settings=replace(settings, recordings=str(folder))
    )
    return family


def test_a_question_that_was_read_out_can_be_heard(heard: Household) -> None:
    page = heard.asked()
    assert '<audio controls preload="none" src="/recordings/en/parent_carer/important.open?v=' in (
        page.html
    )
    assert page.response is not None
    assert "media-src 'self'" in page.response.headers["Content-Security-Policy"]
    sent = page.client.get("/recordings/en/parent_carer/important.open?v=1")
    assert (sent.status_code, sent.mimetype) == (200, "audio/mpeg")
    assert "immutable" in sent.headers["Cache-Control"]


def test_a_question_that_was_not_has_nothing_to_press(heard: Household) -> None:
    assert "<audio" not in heard.asked().press(words="Trains.").html


@pytest.mark.parametrize(
    "nothing",
    ["en/parent_carer/working_well.open", "ur/parent_carer/important.open", "en/../settings",
     "en/parent_carer/important.open.mp3", "%2e%2e/parent_carer/important.open"],
)  # fmt: skip
def test_nothing_else_is_given_out(heard: Household, nothing: str) -> None:
    client = heard.app.test_client()
    assert client.get(f"/recordings/{nothing}").status_code == 404
