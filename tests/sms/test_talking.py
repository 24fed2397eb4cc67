"""PAUSE, LANG, HELP, START after STOP, thirty quiet days, NEXT at night."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from gettext import NullTranslations
from pathlib import Path

import pytest

from family_voice.interviews import guide, record
from family_voice.interviews.events import NOTES, Channel, Opened
from family_voice.interviews.state import Stage
from family_voice.language import texts
from family_voice.language.catalogues import Catalogues, described
from family_voice.messages import thread
from family_voice.sms import commands
from family_voice.storage.engine import reading
from tests.sms.test_resting import next_morning, next_weekday_evening, office_hours
from tests.sms.town import Town

__all__ = ["office_hours"]

IMPORTANT, WORKING = "important.open", "working_well.open"


def said(town: Town) -> dict[str, list[str]]:
    """What stands, by the question it is under; the notes as well."""
    account = town.account(town.interview_id)
    return {answer.prompt_id: [p.text for p in answer.pieces] for answer in account.answers}


def later(town: Town, **how_long: float) -> list[str]:
    """What comes by itself when nobody texts for so long."""
    town.clock.on(**how_long)
    town.turn()
    return town.new()


def test_after_pause_nothing_is_asked_until_they_text(town: Town) -> None:
    town.begin()
    town.text("He likes the bus.")
    [waits] = town.text("Pause please")
    assert waits.startswith("That is fine. We wait")
    assert later(town, hours=3) == []
    [question] = town.text("NEXT")
    assert question.startswith("What, if anything, is working well")
    town.text("PAUSE")
    assert town.text("The school.") == []
    [question] = later(town, minutes=5)
    assert question.startswith("What, if anything, is different")
    assert said(town) == {IMPORTANT: ["He likes the bus."], WORKING: ["The school."]}


def test_next_after_a_pause_brings_the_question_again_and_skips_nothing(town: Town) -> None:
    town.begin()
    town.text("PAUSE")
    town.clock.on(days=3)
    assert "What is most important" in " ".join(town.text("next"))
    assert town.state(town.interview_id).skipped == frozenset()


@pytest.mark.parametrize("word", ["START", "unstop", "YES"])
def test_only_start_and_a_fresh_yes_let_the_questions_come_again(town: Town, word: str) -> None:
    town.begin()
    town.text("Before.")
    assert town.text("no more texts") == []
    assert town.text("While stopped.") == []
    assert town.text("AGREE") == []
    [again] = town.text(word)
    assert again.startswith("You texted START, so we ask again.")
    assert again.endswith("NO means: no more texts.")
    [still] = town.text("In between.")
    assert "AGREE or NO" in still
    assert "reply AGREE or NO" in " ".join(town.text("Yes"))
    assert later(town, hours=1) == []
    [question] = town.text("agree")
    assert question.startswith("What, if anything, is working well")
    assert said(town) == {IMPORTANT: ["Before."], NOTES: ["While stopped.", "AGREE", "In between."]}


def test_a_no_to_the_fresh_question_is_a_stop_again_and_erases_nothing(town: Town) -> None:
    town.begin()
    town.text("Before.")
    for words in ("STOP", "START", "NO", "NEXT", "Are you there?"):
        town.text(words)
    assert town.new() == []
    state = town.state(town.interview_id)
    assert state.texts_stopped
    assert state.speaking_allowed
    assert said(town) == {IMPORTANT: ["Before."], NOTES: ["Are you there?"]}


def test_help_is_ours_where_no_carrier_answers_it(town: Town) -> None:
    town.settings = replace(town.settings, twilio_help=False)
    town.begin()
    [words] = town.text("HELP please")
    for command in (
        "NEXT",
        "SKIP",
        "BACK",
        "MORE",
        "PAUSE",
        "CALL",
        "WEB",
        "LANG",
        "WRONG",
        "STOP",
    ):
        assert f"{command}: " in words


def test_closing_thanks_are_no_part_of_the_account(town: Town) -> None:
    town.begin()
    assert town.text("Thank you") == []  # an answer, while a question is open
    for _question in range(4):
        town.text("SKIP")
    [read_back] = town.text("SKIP")
    assert town.text("ok thanks 👍🏽") == [read_back]
    assert town.state(town.interview_id).stage is Stage.READING_BACK
    [quote] = town.text("RIGHT")
    assert "short pieces" in quote
    assert town.text("Thanks!") == ["Please reply AGREE or NO, so that we are sure what you mean."]
    for _decision in range(3):
        [last] = town.text("NO")
    assert last.startswith("Thank you. That is everything.")
    assert town.text("Thank you very much") == town.text("👍") == []
    assert said(town) == {IMPORTANT: ["Thank you"]}
    # With a word of their own beside it, all of it is kept.
    [kept] = town.text("Thanks, he starts on Monday")
    assert "kept that too" in kept
    assert said(town)[NOTES] == ["Thanks, he starts on Monday"]
    with reading(town.database.sessions) as session:
        ours = [line.body for line in thread.by_interview(session, town.interview_id)]
    assert "Thank you very much" in ours  # a person who looks still reads it


NOTED = "Thank you. We have passed that on to whoever rings you."


def test_what_they_text_after_call_is_for_who_rings_and_answers_no_question(town: Town) -> None:
    town.begin()
    town.text("CALL")
    assert town.text("after 5 please") == [NOTED]
    assert town.text("or on Tuesday") == []  # once is enough
    assert later(town, minutes=11) == []
    assert said(town) == {NOTES: ["after 5 please", "or on Tuesday"]}
    assert town.state(town.interview_id).on_phone == IMPORTANT
    # After that a text answers the question that their phone shows, as ever.
    assert town.text("He likes the bus.") == []
    [question] = town.text("NEXT")
    assert question.startswith("What, if anything, is working well")
    assert said(town)[IMPORTANT] == ["He likes the bus."]
    assert len(town.state(town.interview_id).flagged) == 2


def test_what_they_text_long_after_call_answers_the_question(town: Town) -> None:
    town.begin()
    town.text("CALL")
    later(town, minutes=61)
    assert town.text("He likes the bus.") == []
    assert said(town) == {IMPORTANT: ["He likes the bus."]}


def test_after_thirty_quiet_days_the_code_word_is_asked_for_again(town: Town) -> None:
    invited = town.invite()
    town.turn()
    for words in (invited.secrets.code_word or "", "AGREE", "AGREE", "Before."):
        town.text(words)
    town.interview_id = invited.interview_id
    later(town, minutes=5)
    town.clock.on(days=30)
    for words in ("Is it still on?", "NEXT"):
        assert "code word from our letter" in " ".join(town.text(words))
    assert said(town) == {IMPORTANT: ["Before."]}
    [question] = town.text(invited.secrets.code_word or "")
    assert question.startswith("What, if anything, is working well")
    # Nothing that came meanwhile is lost; it answers no question, and a person looks at it.
    assert said(town) == {IMPORTANT: ["Before."], NOTES: ["Is it still on?"]}
    assert len(town.state(town.interview_id).flagged) == 1


def test_what_comes_after_next_at_night_stays_with_the_question_on_their_phone(
    office_hours: Town,
) -> None:
    town = office_hours
    town.begin()
    next_weekday_evening(town)
    town.text("He likes the bus.")
    [here] = town.text("NEXT")
    assert "your text is here" in here
    for words in ("And the driver.", "NEXT", "SKIP"):
        assert town.text(words) == []
    next_morning(town)
    town.turn()
    assert town.new()[-1].startswith("What, if anything, is working")
    assert said(town) == {IMPORTANT: ["He likes the bus.", "And the driver."]}
    state = town.state(town.interview_id)
    assert len(state.flagged) == 1
    assert state.skipped == frozenset()
    assert state.on_phone == WORKING


def test_a_question_that_has_not_gone_by_the_evening_is_not_on_their_phone(
    office_hours: Town,
) -> None:
    town = office_hours
    town.begin()
    town.text("He likes the bus.")
    town.deliver(town.twilio.text("+447700900104", "NEXT"))  # and no worker runs before the evening
    next_weekday_evening(town)
    town.text("And the driver.")
    assert said(town) == {IMPORTANT: ["He likes the bus.", "And the driver."]}
    next_morning(town)
    town.turn()
    assert town.new()[-1].startswith("What, if anything, is working")


@pytest.fixture
def two_languages(town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The guides in English and in a Polish that was made up for this test."""
    for name in ("parent_carer", "young_person"):
        english = (guide.GUIDES / "en" / f"{name}.yaml").read_text(encoding="utf-8")
        for language, mark in (("en", ""), ("pl", "PL ")):
            words = english.replace("language: en", f"language: {language}")
            words = words.replace("text_message: ", f"text_message: {mark}")
            (tmp_path / language).mkdir(exist_ok=True)
            (tmp_path / language / f"{name}.yaml").write_text(words, encoding="utf-8")
    (tmp_path / "schema.json").write_bytes((guide.GUIDES / "schema.json").read_bytes())
    monkeypatch.setattr(guide, "GUIDES", tmp_path)
    guide._versions.cache_clear()
    called = {**commands.WORDS.languages, "polish": "pl"}
    monkeypatch.setattr(commands, "WORDS", replace(commands.WORDS, languages=called))
    assert town.client  # the application has put its own languages in place
    offering = Catalogues()
    offering.add(described("pl"), NullTranslations())  # its own sentences are in English still
    texts.install(offering)
    yield
    texts.install(Catalogues())
    guide._versions.cache_clear()


@pytest.mark.usefixtures("two_languages")
def test_lang_changes_the_language_of_the_questions(town: Town) -> None:
    town.begin()
    [which] = town.text("LANG")
    assert which.startswith("We can text you in these languages: English, Polski.")
    assert town.text("lang klingon") == [which]
    [question] = town.text("Lang Polish")
    assert question.startswith("PL What is most important")
    town.text("Autobus.")
    assert town.text("NEXT")[0].startswith("PL What, if anything")
    [question] = town.text("lang english")
    assert question.startswith("What, if anything")


def test_lang_with_one_language_says_how_to_talk_in_another(town: Town) -> None:
    town.begin()
    [one] = town.text("LANG")
    assert "only ask in English" in one
    assert "CALL" in one


@pytest.mark.usefixtures("two_languages")
def test_whoever_cannot_read_english_may_choose_before_the_code_word(town: Town) -> None:
    invited = town.invite()
    town.turn()
    town.new()
    [asked] = town.text("LANG POLISH")
    assert "code word" in asked
    for words in (invited.secrets.code_word or "", "AGREE"):
        town.text(words)
    assert town.text("AGREE")[-1].startswith("PL ")


def test_wrong_at_the_read_back_means_not_right(town: Town) -> None:
    town.begin()
    town.text("He likes the bus.")
    for _ in range(5):
        town.text("NEXT")
    [put_right] = town.text("Wrong")
    assert put_right.startswith("To put it right")
    assert not town.state(town.interview_id).wrong_number


def test_a_next_that_crosses_the_next_question_leaves_nothing_out(town: Town) -> None:
    town.begin()
    town.text("He likes the bus.")
    [question] = later(town, minutes=4, seconds=1)
    assert question.startswith("What, if anything, is working well")
    town.clock.on(seconds=5)
    assert town.text("NEXT") == []  # it was for the answer that silence had just closed
    assert town.state(town.interview_id).skipped == frozenset()
    town.text("The school.")
    assert said(town) == {IMPORTANT: ["He likes the bus."], WORKING: ["The school."]}
    town.text("NEXT")
    later(town, minutes=3)
    assert town.text("NEXT")[0].startswith("What, if anything, worries")


def test_a_next_that_crosses_the_read_back_sends_nothing(town: Town) -> None:
    town.begin()
    for words in (*["SKIP"] * 4, "Only this."):
        town.text(words)
    assert "That was the last question" in later(town, minutes=4, seconds=1)[0]
    assert town.text("NEXT") == []
    assert town.state(town.interview_id).sent_at is None


@pytest.mark.parametrize("elsewhere", [Channel.WEB, Channel.TELEPHONE])
def test_who_goes_on_elsewhere_is_not_asked_by_text_meanwhile(
    town: Town, elsewhere: Channel
) -> None:
    town.begin()
    town.text("He likes the bus.")
    town.clock.on(minutes=2)
    with town.database.sessions.begin() as session:  # by the link they had, or because we rang
        record.happen(session, town.interview_id, Opened(elsewhere), town.clock())
    assert later(town, minutes=30) == []
    with town.database.sessions.begin() as session:
        record.write(
            session, town.interview_id, WORKING, "The school.", channel=elsewhere, now=town.clock()
        )
    [question] = town.text("NEXT")  # and back again
    assert question.startswith("What, if anything, is different")
    assert said(town) == {IMPORTANT: ["He likes the bus."], WORKING: ["The school."]}


def test_a_sentence_at_the_second_decision_hears_why_it_is_asked_again(town: Town) -> None:
    invited = town.invite()
    town.turn()
    for words in (invited.secrets.code_word or "", "AGREE"):
        town.text(words)
    [again] = town.text("Yes, that is fine by me")
    assert again.startswith("Please reply AGREE or NO, so that we are sure what you mean. May the")
    assert town.state(invited.interview_id).decisions == {"talk": True}
    town.text("yes I agree")
    assert town.state(invited.interview_id).decisions == {"talk": True, "check": True}
    town.text("She likes the bus.")
    [second] = town.text("Done")
    assert "working well" in second
