"""The tour and the pretend phone, as somebody from a council meets them."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from family_voice.demo import phones
from family_voice.interviews import doors, record
from family_voice.interviews.events import DECISIONS, Channel
from family_voice.interviews.state import Stage
from family_voice.messages import outbox
from family_voice.messages.arriving import last_conversation
from family_voice.messages.models import InboundMessage
from tests.demo.conftest import EVENING, Demo

PATH = re.compile(r'href="(/[^"#]*)"')
TOKEN = re.compile(r'name="csrf_token" value="([^"]*)"')
LAST = "/demo/phone/1"


def forms(page: str) -> list[dict[str, str]]:
    """The hidden fields of each form that signs somebody in."""
    found = re.findall(r'<form method="post" action="/demo/sign-in">.*?</form>', page, re.S)
    fields = [re.findall(r'name="(\w+)" value="([^"]*)"', form) for form in found]
    return [{name: unescape(value) for name, value in each} for each in fields]


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
    said = re.findall(r'<div class="fv-bubble__said">.*?<p[^>]*>(.*?)</p>', page, re.S)
    return [unescape(each) for each in said]


def test_the_front_page_leads_to_the_tour(demo: Demo) -> None:
    assert 'href="/demo"' in demo.client.get("/").text


def test_the_tour_has_ten_steps_and_every_link_works(demo: Demo) -> None:
    client = demo.client
    page = client.get("/demo").text
    tour = page[page.index('class="fv-tour"') : page.index('id="sign-ins"')]
    assert tour.count("<h3") == 10
    for path in set(PATH.findall(page)):
        assert client.get(path, follow_redirects=True).status_code == 200, path


def test_a_telephone_comes_first_on_a_telephone_and_nothing_frightens(demo: Demo) -> None:
    page = demo.client.get("/demo").text
    first, tour = page.index('class="fv-phone-first"'), page.index('class="fv-tour"')
    assert first < page.index(f'href="{LAST}"') < tour
    assert "would not start" not in page
    assert "your council writes down its lawful basis" in page
    screen = demo.client.get(LAST).text
    assert screen.index('class="fv-phone"') < screen.index("Nothing is sent anywhere.")


def test_every_sign_in_on_the_tour_works_and_leads_somewhere(demo: Demo) -> None:
    page = demo.client.get("/demo").text
    wanted = forms(page)
    assert {each["who"] for each in wanted} == {each.email for each in demo.handout.staff}
    ways = {each["to"] for each in wanted if "to" in each}
    assert ways == {"call", "coding", "costs", "linking", "pack", "plan", "quotes", "sample"}
    for each in wanted:
        client = demo.client
        token = TOKEN.findall(client.get("/demo").text)[0]
        answer = client.post(
            "/demo/sign-in", data=each | {"csrf_token": token}, follow_redirects=True
        )
        assert answer.status_code == 200
        name = next(s.name for s in demo.handout.staff if s.email == each["who"])
        assert name in answer.text
        leads = {"pack": "/panel/cases/", "call": "/talk/", "sample": "/sample"}
        assert leads.get(each.get("to", ""), "") in answer.request.path


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
    # Who hears from us for the first time reads first who we are.
    asked = text(client, LAST, "hello?")
    assert asked.startswith("This is the Family Voice team.")
    assert asked.endswith("Cannot find it? Text CALL, or ring 01632 960010.")
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
    return re.findall(r'name="say" value="([^"]*)"', page)


def test_a_phone_says_what_one_might_text_and_where_texts_have_stopped(demo: Demo) -> None:
    client, door = demo.client, demo.handout.families[-1]
    for words in (door.code_word or "", "AGREE"):
        text(client, LAST, words)
    assert chips(client.get(LAST).text) == ["AGREE", "NO"]
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
    # Texts may go again; before any question comes a fresh yes.
    assert "AGREE" in text(client, LAST, "START")
    assert chips(client.get(LAST).text) == ["AGREE", "NO"]
    text(client, LAST, "AGREE")
    assert "NEXT" in chips(client.get(LAST).text)


def press(client: FlaskClient, address: str, name: str, value: str, body: str = "") -> str:
    """Press one of the phone's buttons; returns the page it leads to."""
    page = client.get(address).text
    fields = {"csrf_token": TOKEN.findall(page)[0], "body": body, name: value}
    fields["text_id"] = re.findall(r'name="text_id" value="([^"]*)"', page)[0]
    answer = client.post(address, data=fields, follow_redirects=True)
    assert answer.status_code == 200
    return answer.text


def test_four_quiet_minutes_bring_the_next_question(demo: Demo) -> None:
    client, door = demo.client, demo.handout.families[-1]
    for words in (door.code_word or "", "AGREE", "AGREE", "she knows every bus"):
        text(client, LAST, words)
    assert "4 quiet minutes pass" in client.get(LAST).text
    page = press(client, LAST, "pass", "quiet")
    assert bubbles(page)[-1].startswith("What, if anything, is working well")
    # Nothing waits now: time passes and nothing is said.
    assert len(bubbles(press(client, LAST, "pass", "quiet"))) == len(bubbles(page))


def test_after_quiet_minutes_an_answer_and_its_next_go_to_the_new_question(demo: Demo) -> None:
    client, door = demo.client, demo.handout.families[-1]
    for words in (door.code_word or "", "AGREE", "AGREE", "she knows every bus"):
        text(client, LAST, words)
    page = press(client, LAST, "pass", "quiet")
    assert chips(page)[:2] == ["SKIP", "MORE"]
    page = press(client, LAST, "say", "NEXT", body="her TA")
    assert bubbles(page)[-1].startswith("What, if anything, is different")
    with demo.sessions() as session:
        interview_id = doors.by_code(session, door.printed_code or "", EVENING)
        account = record.account(session, interview_id)
    assert [answer.text for answer in account.answers] == ["she knows every bus", "her TA"]


def test_at_night_what_waits_for_the_morning_goes_when_the_night_has_passed(demo: Demo) -> None:
    client, door = demo.client, demo.handout.families[-1]
    for words in (door.code_word or "", "AGREE", "AGREE", "she knows every bus"):
        text(client, LAST, words)
    assert "The night passes" not in client.get(LAST).text
    shift(demo, timedelta(minutes=10))
    page = press(client, LAST, "pass", "quiet")
    assert not any("working well" in each for each in bubbles(page))
    assert "The next text waits until 22 November 2026, 09:00" in page
    # The hours of the day stay where they are.
    assert "22 November 2026, 09:00" in press(client, LAST, "pass", "quiet")
    page = press(client, LAST, "pass", "night")
    assert bubbles(page)[-1].startswith("What, if anything, is working well")
    assert "The next text waits until" not in page
    text(client, LAST, "her TA")
    assert bubbles(press(client, LAST, "say", "NEXT"))[-1].startswith("What")


def shift(demo: Demo, how_long: timedelta) -> None:
    """So long ago was the last text of theirs, while the quiet window is still open."""
    with demo.sessions.begin() as session:
        index = outbox.phone_index(session, phones.every(demo.handout)[0].number)
        for came in session.scalars(
            select(InboundMessage).where(InboundMessage.phone_index == index)
        ):
            came.arrived_at -= how_long


def test_links_can_be_followed_on_the_pretend_phone_alone(demo: Demo) -> None:
    client, door = demo.client, demo.handout.families[-1]
    for words in (door.code_word or "", "AGREE", "AGREE", "see http://example.org/x"):
        text(client, LAST, words)
    page = press(client, LAST, "say", "WEB")
    found = re.findall(r'href="(http://localhost/i/[^"]+)"', page)
    assert len(found) == 1
    assert 'href="http://example.org' not in page
    assert client.get(urlsplit(found[0]).path, follow_redirects=True).status_code == 200


def test_a_phone_says_that_the_program_waits_for_a_person(demo: Demo) -> None:
    client, door = demo.client, demo.handout.families[-1]
    for words in (door.code_word or "", "AGREE", *["I am driving"] * 3):
        page = client.get(LAST).text
        assert "The program waits for a person now" not in page
        token, once = TOKEN.findall(page)[0], re.findall(r'name="text_id" value="([^"]*)"', page)
        client.post(LAST, data={"body": words, "text_id": once[0], "csrf_token": token})
    page = client.get(LAST).text
    assert "The program waits for a person now" in page
    assert chips(page) == []


def test_each_phone_says_what_to_try_on_it(demo: Demo) -> None:
    page = demo.client.get("/demo/phone").text
    at = 0
    for said in ("to finish a conversation", "to stop", "by the web", "ask for a call"):
        at = page.index(said, at)
    assert re.search(r"07700 \d{6}", page)


def test_what_stands_in_the_box_goes_before_the_word_that_is_pressed(demo: Demo) -> None:
    client, door = demo.client, demo.handout.families[-1]
    for words in (door.code_word or "", "AGREE", "AGREE"):
        text(client, LAST, words)
    page = press(client, LAST, "say", "NEXT", body="she knows every bus")
    assert bubbles(page)[-1].startswith("What, if anything, is working well")
    with demo.sessions() as session:
        interview_id = doors.by_code(session, door.printed_code or "", EVENING)
        account = record.account(session, interview_id)
    assert [answer.text for answer in account.answers] == ["she knows every bus"]


def test_others_of_the_last_family_have_a_phone_to_begin_on(demo: Demo) -> None:
    unbegun = phones.every(demo.handout)[:4]
    assert [each.door for each in unbegun] == [demo.handout.newest[-1], *demo.handout.relatives]
    for each in unbegun:
        assert each.door
        address = f"/demo/phone/{each.position}"
        assert "AGREE" in text(demo.client, address, each.door.code_word or "")


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
        if door.return_word and door.outcome == "heard" and door.language == "en"
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
