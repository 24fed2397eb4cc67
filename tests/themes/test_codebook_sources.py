"""Everything that the five frameworks ask or found, and a family can speak of, has its code.

One line for each thing that a framework says, in our words; the codes that meet it name that
framework as where they come from. What no family can speak of is not here: whether data systems
are in place, how many are counted, what contracts say.
"""

from __future__ import annotations

import pytest

from family_voice.themes.codebook import load_codebook

BOOK = load_codebook()
BLACKBURN, AUDITS, CAMBRIDGE, SHEFFIELD, OFSTED = SOURCES = (
    "Blackburn with Darwen framework",
    "Blackburn with Darwen audits",
    "Cambridgeshire and Peterborough",
    "Sheffield",
    "Ofsted-scale council",
)

#: 000, Appendix B: the prompts of the conversation, in their order.
PROMPTS = {
    "views and interests shared and acted on": ("listened_to", "childs_voice", "strengths"),
    "aspirations shared and acted on": ("hopes",),
    "strengths and needs identified": ("strengths", "needs_found"),
    "well communicated": ("answers",),
    "the right support at the right time": ("right_time", "waiting"),
    "better off": ("rest_of_family",),
    "progress made, goals updated": ("learning",),
    "ready for next steps": ("adulthood", "moving_on"),
    "taking part in the community": ("friends",),
    "happy with, proud of": ("proud",),
    "done differently": ("what_would_have_helped", "change_services"),
    "what else could have helped": ("what_would_have_helped",),
    "what happens next: what, why, when, how": ("change_child",),
    "level 4: those involved are involved enough": ("passed_on",),
    "compliments and complaints": ("having_to_push",),
    "training that professionals need": ("staff_know_how",),
    "themes: placement": ("in_school",),
}
#: 001: the key themes that arose, and what was hard.
THEMES = {
    "lived experience counts equally": ("everyday_life",),
    "trauma or an underlying need": ("behind_behaviour",),
    "history tracked back; chronologies": ("whole_story",),
    "many changes of professional": ("same_person",),
    "everybody invited to the review": ("everyone_at_review",),
    "holistic plans": ("health_and_care",),
    "steady communication at SEN Support": ("told_support",),
    "information shared between schools and organisations": ("sharing_information",),
    "range and creativity of approach": ("fits_the_child",),
    "family shapes the provision": ("shaped_together",),
    "next steps and preparation for adulthood": ("adulthood",),
    "records that say the right need": ("plan_right",),
    "the view of the child": ("childs_voice",),
    "question 4, for one and for the system": ("change_child", "change_services"),
    "trust, respect, ambition, kindness": ("trust", "believed", "expecting_enough"),
}
#: 002, Appendix 1: the indicators of success, in their order, and its vision and purpose.
INDICATORS = {
    "confidence at transition points": ("moving_on",),
    "timely identification, satisfaction with it": ("needs_found",),
    "local mainstream school": ("in_school",),
    "everyone knows the local offer": ("where_to_turn",),
    "fewer exclusions; attendance": ("in_school",),
    "confidence in the system": ("trust",),
    "services reflect what users said": ("change_services",),
    "less conflict": ("having_to_push",),
    "joined-up assessments": ("sharing_information",),
    "a positive experience": ("proud",),
    "practitioners confident and trained": ("staff_know_how",),
    "progress at SEN Support": ("learning",),
    "holistic packages, families flourish": ("health_and_care", "rest_of_family"),
    "needs met locally, travel": ("near_home",),
    "timeliness": ("waiting", "promised_happens"),
    "creative and flexible packages": ("fits_the_child",),
    "decisions that follow from needs": ("decisions",),
    "personal budgets, choice and control": ("choice",),
    "planning for adult life, work": ("adulthood",),
    "mental health; happy, healthy, safe": ("well_and_safe",),
    "equality, diversity, respect": ("treated_fairly",),
    "everybody's business": ("passed_on",),
    "lived experience in view": ("everyday_life",),
}
#: 003: what advice should be like, and the themes of its audits.
ADVICE = {
    "plain English": ("plain_words",),
    "important to and for the child": ("everyday_life", "fits_the_child"),
    "what is working, what is not, what needs to change": ("what_would_have_helped",),
    "specified and quantified": ("plan_right", "promised_happens"),
    "education, health and care in one plan": ("health_and_care",),
    "collaboration with families": ("shaped_together",),
    "aspiration": ("expecting_enough", "hopes"),
    "statutory time scales": ("waiting",),
}
#: 004: what is judged.
JUDGED = {
    "the child's journey": ("whole_story",),
    "strengths and needs": ("strengths", "needs_found"),
    "quality of outcomes": ("plan_right", "learning"),
    "provision appropriate": ("right_time",),
    "the child's voice and aspirations": ("childs_voice", "hopes"),
    "the parents' views": ("listened_to",),
}
MET = [
    (source, item, code)
    for source, items in (
        (BLACKBURN, PROMPTS),
        (AUDITS, THEMES),
        (CAMBRIDGE, INDICATORS),
        (SHEFFIELD, ADVICE),
        (OFSTED, JUDGED),
    )
    for item, codes in items.items()
    for code in codes
]


def test_whatever_a_framework_asks_some_code_meets_and_says_so() -> None:
    unmet = [
        (source, item, code)
        for source, item, code in MET
        if code not in BOOK.codes or source not in BOOK.code(code).source
    ]
    assert unmet == []


def test_every_code_is_met_by_something_that_a_framework_says() -> None:
    asked = {code for _source, _item, code in MET}
    assert set(BOOK.codes) == asked


@pytest.mark.parametrize("source", SOURCES)
def test_a_code_names_no_framework_that_asks_nothing_like_it(source: str) -> None:
    naming = {code.id for code in BOOK.codes.values() if source in code.source}
    assert naming == {code for framework, _item, code in MET if framework == source}
