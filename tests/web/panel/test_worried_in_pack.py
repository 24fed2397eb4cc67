"""From a family's words in the pack to a concern about them, by a panel member."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy import select

from family_voice.safeguarding import concerns
from family_voice.safeguarding.models import Concern
from family_voice.storage.engine import reading
from tests.conftest import Database
from tests.reports.panel_round import PanelRound

SignIn = Callable[[UUID], FlaskClient]


def test_a_panel_member_raises_one_about_words_in_the_pack(
    sign_in: SignIn, panel: PanelRound, database: Database
) -> None:
    member = sign_in(panel.member)
    page = member.get(f"/panel/cases/{panel.case}").text
    found = [unescape(each) for each in re.findall(r'fv-worried" href="([^"]+)"', page)]
    assert len(found) > 1
    form = member.get(found[-1]).text
    quoted = re.search(r'<blockquote class="fv-words"[^>]*>([^<]+)<', form)
    token = re.search(r'name="csrf_token" value="([^"]+)"', form)
    assert quoted
    assert token
    sent = member.post(found[-1], data={"csrf_token": token[1], "words": "This worries me."})
    assert sent.status_code == 302
    with reading(database.sessions) as session:
        kept = concerns.one(session, session.scalars(select(Concern.id)).one())
    assert kept.quoted == unescape(quoted[1])
    assert kept.interview_id is not None
    # Whoever has no seat there gets nothing by the same address.
    refused = sign_in(panel.outsider).get(found[-1])
    assert refused.status_code == 403
    assert quoted[1] not in refused.text
