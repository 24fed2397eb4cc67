"""The tour and the pretend phone, as somebody from a council meets them."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from family_voice.demo import phones
from family_voice.interviews import doors, record
from family_voice.interviews.events import DECISIONS, Channel
from family_voice.interviews.state import Stage
from family_voice.messages.arriving import last_conversation
from tests.demo.conftest import EVENING, Demo

PATH = re.compile(r'href="(/[^"#]*)"')
TOKEN = re.compile(r'name="csrf_token" value="([^"]*)"')
LAST = "/demo/phone/1"


def forms(page: str) -> list[dict[str, str]]:
    """The hidden fields of each form that signs somebody in."""
    found = []
    for form in re.findall(r'<form method="post" action="/demo/sign-in">.*?</form>', page, re.S):
        found.append(
            {
                name: unescape(value)
                for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', form)
            }
        )
    return found


def text(client: FlaskClient, address: str, body: str, text_id: str | None = None) -> str:
    """Send a text from a pretend phone; returns the page it leads to."""
    page = client.get(address).text
    given = text_id or re.findall(r'name="text_id" value="([^"]*)"', page)[0]
    token = TOKEN.findall(page)[0]
    answer = client.post(
        address,
        data={"body": body, "text_id": given, "csrf_token": token},
        follow_redirects=True,
    )
    assert answer.status_code == 200
    return bubbles(answer.text)[-1]


def bubbles(page: str) -> list[str]:
    return [unescape(each) for each in re.findall(r'<p dir="auto">(.*?)</p>', page, re.S)]


def test_the_front_page_leads_to_the_tour(demo: Demo) -> None:
    assert 'href="/demo"' in demo.client.get("/").text


def test_the_tour_has_six_steps_and_every_link_works(demo: Demo) -> None:
    client = demo.client
    page = client.get("/demo").text
    tour = page[page.index('class="fv-tour"') : page.index('id="sign-ins"')]
    assert tour.count("<h3") == 6
    for path in set(PATH.findall(page)):
        assert client.get(path, follow_redirects=True).status_code == 200, path


def test_every_sign_in_on_the_tour_works_and_leads_somewhere(demo: Demo) -> None:
    page = demo.client.get("/demo").text
    wanted = forms(page)
    assert {each["who"] for each in wanted} == {each.email for each in demo.handout.staff}
    ways = {each["to"] for each in wanted if "to" in each}
    assert ways == {"call", "pack"}
    for each in wanted:
        client = demo.client
        token = TOKEN.findall(client.get("/demo").text)[0]
        answer = client.post(
            "/demo/sign-in", data=each | {"csrf_token": token}, follow_redirects=True
        )
        assert answer.status_code == 200
        name = next(s.name for s in demo.handout.staff if s.email == each["who"])
        assert name in answer.text
        if each.get("to") == "pack":
            assert answer.request.path.startswith("/panel/cases/")
        if each.get("to") == "call":
            assert "/talk/" in answer.request.path


@pytest.mark.parametrize("who", ["real@council.gov.uk", "nul\x00@council.gov.uk", ""])
def test_only_made_up_staff_can_be_signed_in_as(demo: Demo, who: str) -> None:
    client = demo.client
    token = TOKEN.findall(client.get("/demo").text)[0]
    answer = client.post("/demo/sign-in", data={"who": who, "csrf_token": token})
    assert answer.status_code == 404


def test_links_of_the_current_round_open_and_earlier_ones_have_ended(demo: Demo) -> None:
    links = [door.link for door in demo.handout.newest if door.link]
    assert len(links) == 6
    for link in links:
        answer = demo.client.get(urlsplit(link).path, follow_redirects=True)
        assert answer.status_code == 200
    earlier = next(
        door.link for door in demo.handout.families if door.link not in links and door.link
    )
    assert demo.client.get(urlsplit(earlier).path).status_code == 404


def test_the_last_family_is_heard_on_the_pretend_phone(demo: Demo) -> None:
    client, door = demo.client, demo.handout.families[-1]
    with demo.sessions() as session:
        interview_id = doors.by_code(session, door.printed_code or "", EVENING)
        assert record.state_of(session, interview_id).stage is Stage.INVITED
    assert "code word" in text(client, LAST, "hello?")
    assert "AGREE" in text(client, LAST, door.code_word or "")
    assert "AGREE" in text(client, LAST, "AGREE")
    text(client, LAST, "AGREE")
    told = {
        "important.open": "she knows every bus",
        "working_well.open": "her TA",
        "difference.open": "she goes in now",
        "worries.open": "september",
        "next.open": "one name i can ring",
    }
    for words in told.values():
        text(client, LAST, words)
        text(client, LAST, "NEXT")
    text(client, LAST, "RIGHT")
    for answer in ("AGREE", "NO", "AGREE"):
        last = text(client, LAST, answer)
    assert "Thank you" in last
    with demo.sessions() as session:
        state = record.state_of(session, interview_id)
        account = record.account(session, interview_id)
    assert state.stage is Stage.SENT
    assert state.read_back_at
    assert [state.decisions[each] for each in DECISIONS] == [True, True, True, False, True]
    assert {answer.prompt_id: answer.text for answer in account.answers} == told
    assert {piece.channel for answer in account.answers for piece in answer.pieces} == {
        Channel.TEXT
    }


def chips(page: str) -> list[str]:
    return re.findall(r'class="fv-chip" type="submit">([^<]*)<', page)


def test_a_phone_says_what_one_might_text_and_where_texts_have_stopped(demo: Demo) -> None:
    client, door = demo.client, demo.handout.families[-1]
    for words in (door.code_word or "", "AGREE"):
        text(client, LAST, words)
    assert chips(client.get(LAST).text) == ["AGREE", "NO", "STOP"]
    text(client, LAST, "AGREE")
    assert {"NEXT", "SKIP"} <= set(chips(client.get(LAST).text))
    text(client, LAST, "she knows every bus")
    answering = chips(client.get(LAST).text)
    assert "NEXT" in answering
    assert "SKIP" not in answering
    assert "Stopped:" not in client.get(LAST).text
    text(client, LAST, "STOP")
    page = client.get(LAST).text
    assert "Stopped: no more texts go to this phone. Text START to begin again." in page
    assert chips(page) == ["START"]
    text(client, LAST, "START")
    assert "NEXT" in chips(client.get(LAST).text)


def test_sending_leads_to_the_newest_text(demo: Demo) -> None:
    client = demo.client
    page = client.get(LAST).text
    token = TOKEN.findall(page)[0]
    answer = client.post(LAST, data={"body": "hello?", "csrf_token": token})
    assert answer.location == f"{LAST}#newest"
    page = client.get(LAST).text
    newest = page.index('id="newest" tabindex="-1"')
    assert page.count('id="newest"') == 1
    assert bubbles(page[newest:]) == bubbles(page)[-1:]
    assert "nothing kept" in bubbles(page)[0]


def test_the_same_page_sent_twice_sends_one_text(demo: Demo) -> None:
    client, once = demo.client, "7c9e6679-7425-40de-944b-e07fc1f90ae7"
    text(client, LAST, "hello?", once)
    before = client.get(LAST).text
    text(client, LAST, "hello?", once)
    assert bubbles(client.get(LAST).text) == bubbles(before)


def test_an_empty_text_is_not_sent(demo: Demo) -> None:
    client = demo.client
    token = TOKEN.findall(client.get(LAST).text)[0]
    answer = client.post(LAST, data={"body": " ", "csrf_token": token})
    assert answer.status_code == 422
    assert "Write something first." in answer.text


def test_somebody_that_nobody_knows_may_text_too(demo: Demo) -> None:
    stranger = next(
        each
        for each in phones.every(demo.handout)
        if each.door is None and each.number == demo.handout.strangers[1]
    )
    client, address = demo.client, f"/demo/phone/{stranger.position}"
    assert "AGREE" in text(client, address, "hello, is this family voice?")
    text(client, address, "AGREE")
    with demo.sessions() as session:
        assert last_conversation(session, stranger.number)


@pytest.mark.parametrize("address", ["/demo/phone/0", "/demo/phone/99"])
def test_there_are_only_so_many_phones(demo: Demo, address: str) -> None:
    assert demo.client.get(address).status_code == 404


def test_a_no_makes_words_vanish_from_the_pack(demo: Demo) -> None:
    said = next(
        door
        for door in reversed(demo.handout.newest)
        if door.return_word and door.outcome == "heard"
    )
    lead = demo.client
    pack = sign_in(lead, demo, "pack")
    assert "gamechanger" in lead.get(pack).text
    family = demo.client
    family.get(urlsplit(said.link or "").path, follow_redirects=True)
    page = family.get("/your-choices").text
    token = TOKEN.findall(page)[0]
    page = family.post(
        "/your-choices",
        data={"csrf_token": token, "word": said.return_word, "return_word": said.return_word},
        follow_redirects=True,
    ).text
    token = TOKEN.findall(page)[0]
    saved = family.post(
        "/your-choices",
        data={"csrf_token": token, "talk": "yes", "check": "no"},
        follow_redirects=True,
    )
    assert saved.status_code == 200
    assert "gamechanger" not in lead.get(pack).text


def test_what_is_not_for_workers_stays_from_the_one_who_works_with_the_child(demo: Demo) -> None:
    chair, worker = demo.client, demo.client
    sign_in(chair, demo, who="send.lead")
    sign_in(worker, demo, who="front.line")
    packs = [path for path in PATH.findall(chair.get("/panel/").text) if "/panel/cases/" in path]
    assert any("His mum has bruises." in chair.get(path).text for path in packs)
    assert not any("bruises" in worker.get(path).text for path in packs)
    assert any("laminated timetable" in worker.get(path).text for path in packs)


def sign_in(client: FlaskClient, demo: Demo, to: str = "", who: str = "") -> str:
    """Become somebody, and go where a step of the tour leads; returns the address."""
    page = client.get("/demo").text
    fields = next(
        each for each in forms(page) if each.get("to", "") == to and each["who"].startswith(who)
    )
    answer = client.post("/demo/sign-in", data=fields, follow_redirects=True)
    return answer.request.path


def test_a_demo_without_families_says_so(demo: Demo) -> None:
    del demo.app.extensions["family_voice.demo"]
    for address in ("/demo", "/demo/phone"):
        assert "make run" in demo.client.get(address).text
    assert demo.client.get(LAST).status_code == 404
