"""The guides: every framework prompt has its question, and broken files are named."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from family_voice.interviews import guide as guides
from family_voice.interviews.guide import GuideInvalid, GuideNotFound, load_guide, read_guide
from family_voice.language import gsm7

AUDIENCES = ("parent_carer", "young_person", "child", "advocate")
CORE = ("important.open", "working_well.open", "difference.open", "worries.open", "next.open")
FRAMEWORK = {
    "appendix_b.important_to_share",
    "key_question.working_well",
    "key_question.difference",
    "key_question.worries",
    "key_question.next",
    "appendix_b.views_acted_on",
    "appendix_b.strengths_and_needs",
    "appendix_b.right_support_right_time",
    "appendix_b.better_off",
    "appendix_b.progress_and_goals",
    "appendix_b.next_steps_and_community",
    "appendix_b.happy_or_proud",
    "appendix_b.done_differently",
    "appendix_b.could_have_helped",
    "appendix_b.what_why_when_how",
}
FILES = sorted(guides.GUIDES.glob("*/*.yaml"))


@pytest.mark.parametrize("audience", AUDIENCES)
def test_five_open_questions_and_ten_more(audience: str) -> None:
    guide = load_guide(audience, "en")
    assert guide.path() == CORE
    assert [len(heading.further) for heading in guide.headings] == [0, 3, 4, 2, 1]
    stands_for = [prompt.framework_prompt for prompt in guide.prompts.values()]
    assert sorted(stands_for) == sorted(FRAMEWORK)


def test_every_audience_answers_the_same_prompts() -> None:
    first, second, *others = (load_guide(audience, "en") for audience in AUDIENCES)
    asked = [(p.id, p.framework_prompt, p.core) for p in first.prompts.values()]
    for guide in (second, *others):
        assert [(p.id, p.framework_prompt, p.core) for p in guide.prompts.values()] == asked
    assert first.prompt("next.open").text == second.prompt("next.open").text
    assert first.prompt("worries.open").text != second.prompt("worries.open").text


def _meant(guide: guides.Guide) -> object:
    """All of a guide that is not its words: a picture shows the same in every language."""
    cards = [(c.id, c.picture) for c in (*guide.choices, *guide.zones)]
    return (
        guide.easy_read,
        cards,
        [
            (p.id, p.framework_prompt, p.kind, p.picture, [(c.id, c.picture) for c in p.statements])
            for p in guide.prompts.values()
        ],
    )


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_guide_reads_and_matches_its_english(path: Path) -> None:
    guide = read_guide(path)
    english = load_guide(guide.audience, "en", guide.version)
    assert _meant(guide) == _meant(english)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_nothing_in_a_guide_hurts_or_talks_like_an_office(path: Path) -> None:
    words = path.read_text(encoding="utf-8").split("headings:", 1)[1]
    spoken = " ".join(re.findall(r"(?:text|hint|text_message|title): (.*)", words)).lower()
    for word in (
        "progress",
        "better off",
        "audit",
        "case",
        "panel",
        "sample",
        "cohort",
        "purpose",
        "provision",
        "outcome",
        "fail",
    ):
        assert not re.search(rf"\b{word}", spoken), word


@pytest.mark.parametrize("audience", AUDIENCES)
def test_what_goes_by_text_fits_a_text(audience: str) -> None:
    for prompt in load_guide(audience, "en").prompts.values():
        assert prompt.wording("text") == prompt.text_message
        assert prompt.wording("web") == prompt.text
        assert len(prompt.text_message) <= 300
        assert gsm7.fits(prompt.text_message)


def test_a_language_nobody_wrote_is_english_and_says_so() -> None:
    assert load_guide("parent_carer", "cy").language == "en"
    assert load_guide("parent_carer", "en-GB").language == "en"
    assert "cy" not in guides.guide_languages("parent_carer")


def test_unknown_guides_are_not_found() -> None:
    for wanted in (("uncle", "en", None), ("parent_carer", "en", 99), ("..", "..", None)):
        with pytest.raises(GuideNotFound):
            load_guide(*wanted)


def test_older_versions_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    english = tmp_path / "en"
    english.mkdir()
    (tmp_path / "schema.json").write_text((guides.GUIDES / "schema.json").read_text())
    old = (guides.GUIDES / "en" / "parent_carer.yaml").read_text()
    (english / "parent_carer.v1.yaml").write_text(old)
    (english / "parent_carer.yaml").write_text(old.replace("version: 1", "version: 2"))
    monkeypatch.setattr(guides, "GUIDES", tmp_path)
    guides._versions.cache_clear()
    try:
        assert load_guide("parent_carer", "en").version == 2
        assert load_guide("parent_carer", "en", 1).version == 1
        (english / "parent_carer.yaml").write_text(old)
        guides._versions.cache_clear()
        with pytest.raises(GuideInvalid, match="already in another file"):
            load_guide("parent_carer", "en")
    finally:
        guides._versions.cache_clear()


def _broken(change: Callable[[Any], object]) -> str:
    data = yaml.safe_load((guides.GUIDES / "en" / "parent_carer.yaml").read_text())
    change(data)
    return yaml.safe_dump(data)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda d: d.pop("version"), "the top of the file: 'version'"),
        (lambda d: d["headings"][1]["prompts"][2].pop("text"), "headings.1.prompts.2: 'text'"),
        (lambda d: d["headings"][0]["prompts"][0].update(colour="red"), "headings.0.prompts.0"),
        (lambda d: d["headings"][1]["prompts"][1].update(core=True), "working_well: its first"),
        (lambda d: d["headings"][0]["prompts"][0].update(core=False), "important: its first"),
        (
            lambda d: d["headings"][1]["prompts"][1].update(id="working_well.open"),
            "working_well.open: this id is used twice",
        ),
        (lambda d: d["headings"][1]["prompts"][1].update(id="next.views"), "must begin with"),
        (
            lambda d: d["headings"][0]["prompts"][0].update(text_message="How are you now? 😀"),
            "cannot carry '😀'",
        ),
    ],
)
def test_a_mistake_is_named_by_file_and_place(
    tmp_path: Path, change: Callable[[Any], object], place: str
) -> None:
    path = tmp_path / "mistake.yaml"
    path.write_text(_broken(change), encoding="utf-8")
    with pytest.raises(GuideInvalid) as told:
        read_guide(path)
    assert str(path) in str(told.value)
    assert place in str(told.value)


def _broken_child(change: Callable[[Any], object]) -> str:
    data = yaml.safe_load((guides.GUIDES / "en" / "child.yaml").read_text())
    change(data)
    return yaml.safe_dump(data)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda d: d["headings"][0]["prompts"][0].pop("picture"), "needs a picture"),
        (lambda d: d.pop("choices"), "no choices to choose from"),
        (lambda d: d.pop("zones"), "no zones to sort into"),
        (lambda d: d.pop("skip"), "say what else one may do"),
        (lambda d: d["choices"].pop(), "choices"),
        (lambda d: d["zones"][1].update(words="Yes"), "zones: two cards"),
        (lambda d: d["headings"][1]["prompts"][0].pop("statements"), "only a sort"),
        (lambda d: d["headings"][1]["prompts"][0].update(kind="choice"), "only a sort"),
    ],
)
def test_what_cannot_be_pointed_at_is_named(
    tmp_path: Path, change: Callable[[Any], object], place: str
) -> None:
    path = tmp_path / "mistake.yaml"
    path.write_text(_broken_child(change), encoding="utf-8")
    with pytest.raises(GuideInvalid, match=re.escape(place)):
        read_guide(path)


def test_easy_read_sentences_are_short_and_have_one_idea() -> None:
    guide = load_guide("child", "en")
    spoken = [(p.id, said) for p in guide.prompts.values() for said in (p.text, p.hint)]
    cards = [c for p in guide.prompts.values() for c in p.statements]
    spoken += [(card.id, card.words) for card in (*cards, *guide.choices, *guide.zones)]
    for place, said in spoken:
        sentences = [each for each in re.split(r"(?<=[.?!])\s+", said) if each]
        assert len(sentences) <= 2, place
        assert all(len(each.split()) <= 15 for each in sentences), place


def test_what_is_not_yaml_is_named(tmp_path: Path) -> None:
    path = tmp_path / "mistake.yaml"
    path.write_text("headings: [", encoding="utf-8")
    with pytest.raises(GuideInvalid, match=r"mistake\.yaml: this is not YAML"):
        read_guide(path)
