"""The lead proposes quotes, writes down answers given on the phone, and tells what came of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from family_voice.consent.statements import Purpose
from family_voice.improvement import outcomes
from family_voice.interviews import doors, record
from family_voice.interviews.events import Channel
from family_voice.sharing import quotes
from family_voice.sharing.known_names import known_for
from family_voice.sharing.quotes import Answer, QuoteView
from family_voice.sharing.recognising import Question
from tests.conftest import Clock, Database
from tests.reports.panel_round import SECRET, PanelRound, say_no, sentence
from tests.web.panel.conftest import panel, sign_in

__all__ = ["panel", "sign_in"]

SHORT = "A friend, at last."
ON = "He has a friend now."
#: Nobody would know who said it.
NO = dict.fromkeys(Question, "no")


class Desk:
    """The lead at the pages of the mother's account."""

    def __init__(
        self, client: FlaskClient, database: Database, panel: PanelRound, clock: Clock
    ) -> None:
        self.client, self.database, self.panel, self.clock = client, database, panel, clock
        self.quotes = f"/staff/accounts/{panel.mother}/quotes"
        self.outcomes = f"/staff/accounts/{panel.mother}/outcomes"
        with database.sessions.begin() as session:
            record.decide(
                session, panel.mother, Purpose.QUOTE, True, channel=Channel.WEB, now=clock.present
            )
            self.sentence = sentence(session, panel.mother, ON).hex

    def post(self, page: str, to: str, **values: object) -> TestResponse:
        """Send a form of this page, with its hidden fields."""
        text = self.client.get(page).text
        form = next(
            each for each in re.findall(r"<form.*?</form>", text, re.S)
            if re.search(f'action="{to}(#how)?"', each)
        )  # fmt: skip
        hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
        prefix = next((n.rpartition("-")[0] + "-" for n, _v in hidden if "-" in n), "")
        data: dict[str, object] = {name: unescape(value) for name, value in hidden}
        data |= {f"{prefix}{name}": value for name, value in values.items()}
        return self.client.post(to, data=data)

    def ask(self, words: str = SHORT, **more: object) -> TestResponse:
        """Have it shown as it would leave, and then ask the family."""
        typed = {"words": words, "sentences": self.sentence}
        shown = self.post(self.quotes, self.quotes, **typed)
        seen = re.findall(r'name="seen" value="([^"]*)"', shown.text)
        return self.post(
            self.quotes, self.quotes, **typed, do="ask", seen=unescape("".join(seen)), **NO | more
        )

    def say(self, quote: UUID, **answer: object) -> TestResponse:
        return self.post(self.quotes, f"/staff/quotes/{quote}/answer", how="telephone", **answer)

    @property
    def all(self) -> list[QuoteView]:
        with self.database.sessions() as session:
            return quotes.of_account(session, self.panel.mother, self.clock.present)

    def told(self) -> list[tuple[str, str]]:
        with self.database.sessions() as session:
            found = outcomes.of_account(session, self.panel.mother, self.clock.present)
            return [(each.kind.value, each.words) for each in found]


@pytest.fixture
def desk(
    sign_in: Callable[[UUID], FlaskClient], database: Database, panel: PanelRound, clock: Clock
) -> Desk:
    return Desk(sign_in(panel.lead), database, panel, clock)


def test_a_quote_is_proposed_and_answered_on_the_phone(desk: Desk) -> None:
    page = desk.client.get(desk.quotes).text
    assert ON in page
    assert SECRET not in page
    assert desk.ask().status_code == 302
    [quote] = desk.all
    assert (quote.words, quote.answer) == (SHORT, Answer.WAITING)
    assert desk.say(quote.id, said="approved").status_code == 302
    [quote] = desk.all
    assert quote.answer is Answer.APPROVED
    assert quote.recorded_by == desk.panel.lead
    assert SHORT in desk.client.get("/staff/quotes").text
    away = f"/staff/quotes/{quote.id}/take-away"
    assert desk.post(desk.quotes, away).status_code == 302
    assert desk.all == []


def test_their_wording_from_the_phone_is_looked_at_once_more(desk: Desk) -> None:
    desk.ask()
    [quote] = desk.all
    assert desk.say(quote.id, said="edited", words=" ").status_code == 422
    desk.say(quote.id, said="edited", words="He found one.")
    assert "Please look" in desk.client.get("/staff/quotes").text
    assert "1 to look at" in desk.client.get("/staff/follow-ups").text
    looked = f"/staff/quotes/{quote.id}/looked-at"
    assert (
        "Say no or yes: Is there anything"
        in desk.post(desk.quotes, looked, **NO | {"rare": ""}).text
    )
    assert "cannot leave like this" in desk.post(desk.quotes, looked, **NO | {"rare": "yes"}).text
    assert not desk.all[0].agreed
    desk.post(desk.quotes, looked, **NO)
    [quote] = desk.all
    assert quote.agreed
    assert quote.words == "He found one."
    assert "to look at" not in desk.client.get("/staff/follow-ups").text


@pytest.mark.parametrize(
    ("words", "says"),
    [("x" * 300, "too long")],
)
def test_what_cannot_be_asked_comes_back(desk: Desk, words: str, says: str) -> None:
    answer = desk.ask(words)
    assert answer.status_code == 422
    assert says in answer.text
    assert unescape(answer.text).count(words) or not words
    assert desk.all == []


def test_a_wording_begins_with_what_is_ticked_and_says_what_is_not_theirs(desk: Desk) -> None:
    page = desk.ask("")
    assert page.status_code == 200
    with desk.database.sessions() as session:
        said = quotes.quotable(session, desk.panel.mother)[UUID(str(desk.sentence))]
    assert f">{said}</textarea>" in unescape(page.text).replace("\n", "").replace("\r", "")
    assert desk.all == []  # it is shown, and nobody is asked
    typed = {"words": f"{said} Marvellous!", "sentences": desk.sentence}
    page = desk.post(desk.quotes, desk.quotes, **typed)
    assert "Not in the sentences you ticked" in page.text
    assert "Marvellous</strong>" in page.text
    short = {"words": " ".join(said.split()[:2]), "sentences": desk.sentence}
    assert "some are left out" in desk.post(desk.quotes, desk.quotes, **short).text


def test_the_lead_sees_every_replacement_and_decides_about_each(
    desk: Desk, database: Database
) -> None:
    with database.sessions() as session:
        name = known_for(session, desk.panel.mother).child[0].split()[0]
    words = f"{name} has a friend at the stables."
    typed = {"words": words, "sentences": desk.sentence}
    page = desk.post(desk.quotes, desk.quotes, **typed).text
    assert f"<del>{name}</del>" in page
    assert f'value="leave:{name}"' in page
    assert words in page  # nothing typed is lost
    # Pressed without having been shown, it is shown first.
    assert (
        "Look at it again"
        in desk.post(desk.quotes, desk.quotes, **typed, do="ask", seen=words, **NO).text
    )
    page = desk.post(desk.quotes, desk.quotes, **typed, do="take", name="the stables").text
    assert "<del>the stables</del>" in page
    page = desk.post(desk.quotes, desk.quotes, **typed, do=f"leave:{name}").text
    assert f"<del>{name}</del>" not in page
    assert desk.all == []
    # What was decided is remembered for the whole case, and undone where all of it stands.
    both = [f"/staff/accounts/{each}/names" for each in (desk.panel.mother, desk.panel.child)]
    for address in both:
        assert f'value="rules:{name}"' in desk.client.get(address).text
    token = re.findall(r'name="csrf_token" value="([^"]+)"', desk.client.get(both[1]).text)[0]
    desk.client.post(both[1], data={"csrf_token": token, "do": f"rules:{name}"})
    assert desk.ask(words).status_code == 302
    [quote] = desk.all
    assert name not in quote.words
    assert "stables" not in quote.words
    assert quote.words.endswith(".")
    assert not quote.to_look_at


def test_why_nobody_may_ask(desk: Desk, database: Database) -> None:
    child = f"/staff/accounts/{desk.panel.child}/quotes"
    assert "have not been asked yet" in desk.client.get(child).text
    with database.sessions.begin() as session:
        say_no(session, desk.panel.mother, desk.clock.present, Purpose.QUOTE)
    page = desk.client.get(desk.quotes).text
    assert "They have said that we may not quote them." in page
    assert ON not in page
    with database.sessions.begin() as session:
        say_no(session, desk.panel.mother, desk.clock.present, Purpose.TALK)
    for address in (desk.quotes, desk.outcomes):
        assert desk.client.get(address).status_code == 403


def test_what_came_of_it_is_written_changed_and_taken_away(desk: Desk) -> None:
    to = desk.outcomes
    bare = desk.post(to, to, kind="cannot", words="A taxi.")
    assert bare.status_code == 422
    assert "a bare no is no answer" in bare.text
    assert desk.post(to, to, kind="decided", words="A ramp.").status_code == 302
    assert desk.told() == [("decided", "A ramp.")]
    [one] = re.findall(r'action="(/staff/outcomes/[0-9a-f-]{36})"', desk.client.get(to).text)
    desk.post(to, one, kind="done", words="The ramp is there.")
    assert desk.told() == [("done", "The ramp is there.")]
    late = desk.post(to, one, kind="done", words="Mine.", version="1")
    assert late.status_code == 422
    assert "Somebody changed it meanwhile" in late.text
    assert "Mine." in late.text
    assert desk.told() == [("done", "The ramp is there.")]
    desk.post(to, f"{one}/take-away")
    assert desk.told() == []


def test_after_the_round_a_new_code_leads_to_it(desk: Desk, database: Database) -> None:
    """The round's own link has ended by the time most of it happens."""
    to = f"{desk.outcomes}/code"
    made = desk.post(desk.outcomes, to)
    [code] = re.findall(r'class="fv-secret" dir="ltr">([^<]+)<', made.text)
    with database.sessions() as session:
        assert doors.by_code(session, code, desk.clock.present) == desk.panel.mother
    assert to not in desk.client.get(desk.outcomes).text
    assert "no return word yet" in desk.client.get(desk.outcomes).text


def test_another_of_the_case_is_told_only_where_it_is_ticked(
    desk: Desk, database: Database
) -> None:
    to = desk.outcomes
    desk.post(to, to, kind="done", words="For her alone.")
    desk.post(to, to, kind="done", words="For both.", others=str(desk.panel.child))
    with database.sessions() as session:
        theirs = outcomes.of_account(session, desk.panel.child, desk.clock.present)
    assert [each.words for each in theirs] == ["For both."]
    assert len(desk.told()) == 2
