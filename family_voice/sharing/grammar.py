"""Whether a word that is a name as well as a word is a name where it stands. Pure.

"Will will ring Hope, I hope": capitals tell in writing, and the words around in a text message.
Where nothing tells, the answer is None and the caller decides what it would rather have wrong.
"""

from __future__ import annotations

from typing import Final

from family_voice.sharing.vocabulary import everyday, kinds
from family_voice.sharing.words_in import Reading, listed

#: What never goes on with a name.
NO_SURNAME: Final = listed(
    """and or but who said is was has had will would can could did does do told came went the a
    an that this so if when then as at in on to for from with about never always still just
    also says rang phoned called asked again really gave made took he she they it we i you me
    him her them his our my their not"""
)
DETERMINERS: Final = listed(
    """the a an this that these those my our your his her their its any some no every each much
    more most less little such good bad great full first last next own what which new high low
    only same other another real full-time one two three four top early late past"""
)
_SUBJECTS: Final = listed(
    """i we you they he she it who that this there which and everyone nobody someone anyone
    people school teachers mum dad parents kids children"""
)
#: Words that are never short for a name, as "you" is not for Yousef.
NO_SHORT_NAME: Final = _SUBJECTS | DETERMINERS
VERBS_FOLLOW: Final = listed(
    """i we you they he she it who to can could would will shall should may might must do does
    did don't dont didn't didnt doesn't doesnt not never always just really only also please
    pls can't cant won't wont let's lets i'd we'd i'll we'll you'll they'll he'll she'll it'll
    cannot still often sometimes so"""
)
_OBJECTS: Final = listed(
    """the a an this that these those my our your his her their its it him them us me you u ur
    all any some every no one what how something everything anything"""
)
_DONE_TO: Final = listed("him them me us my his the a")
_FINITE: Final = listed(
    """is was isn't isnt wasn't wasnt has had hasn't hasnt hadn't hadnt does did doesn't doesnt
    didn't didnt can can't cant could couldn't couldnt would wouldn't wouldnt will won't wont
    should shouldn't shouldnt said says told went goes came comes got gets gave gives left
    loves likes hates wants needs feels felt keeps kept thinks thought knows knew seems might
    must used spoke rang phoned made makes took takes never always also just still cries cried
    ran runs broke fell struggles struggled settled started starts stopped refuses refused
    asked asks turned moved sat sits slept sleeps eats ate screams screamed hit hits hurt
    became becomes brought met saw sees and&i aint ain't gonna wanted loved helped helps works
    worked deserves deserved finds found bit bites lives lived enjoys enjoyed"""
)
_TAKES_A_PERSON: Final = listed(
    """with for from to by about told tell telling ask asked asking rang ring phoned phone call
    called calling text texted emailed email see saw seen seeing love loves loved miss thank
    thanks cheers meet met visit help helped helping support supported like named when if
    because cos coz that while and where until since than watched watching let makes made make
    gave give lets getting get got hear heard know knows dear hi hello hey bring brought
    bringing take took taking left hug pick picked collect collected put send sent excluded
    bullied hit poor bless without between towards around behind near beside including both"""
)
_SEASONS: Final = listed(
    """january february march april may june july august september october november december
    spring summer autumn winter monday tuesday wednesday thursday friday saturday sunday
    christmas easter"""
)
_IN_A_SEASON: Final = listed(
    """in for over by since until till during after before from last next this every all through
    mid late early of between around about to and or back"""
)
ONLY_PEOPLE: Final = listed(
    """loves likes hates wants said says told thinks feels struggles struggled cries cried
    refuses refused enjoys enjoyed screams screamed eats sleeps spoke rang phoned knows hated
    loved wanted texted emailed"""
)
_SPOKEN_TO: Final = listed(
    """said say spoke speak spoken speaking talk talked talking listen listened gave give given
    wrote sent explain explained complain complained reported thanks back next according rude
    nice kind mean"""
)
#: "can rob ring me", "wot time is will coming": a question in a text message.
_ASKING: Final = listed("can could cud pls please plz")
_ASKING_FIRST: Final = listed("is was has does did will would shall may")
_QUESTION: Final = listed("what wot wat when wen why y how where wher who time")
_ASKED_FOR: Final = listed(
    """ring call phone send come coming cumin text speak see help have get give do be tell bring
    email let pick make meet pls please plz still not back in off going about able ok free"""
)
_MODALS: Final = frozenset(("will", "may", "can"))
_BASE_AFTER_MODAL: Final = listed(
    """be have not never always still get go do need also only just probably ever n't make take"""
)


def reads_as_name(reading: Reading, at: int) -> bool | None:
    """Whether the word at a place, which is a word as well as a name, is a name there.

    Args:
        reading: the words.
        at: which.

    Returns:
        True or False where something tells, None where nothing does.
    """
    word = reading.words[at]
    before, after = reading.before(at), reading.after(at)
    what = kinds(word.small)
    verb = "verb" in what or "aux" in what
    if reading.named_by_capital(at):
        if word.small not in _SEASONS or _thanked(reading, at):
            return True
        return False if before in _IN_A_SEASON else True if _acts(reading, at) else None
    articled = before in DETERMINERS - {"my", "our", "that"}  # "a friend told me"
    if after in ONLY_PEOPLE and not articled and not (verb and before in VERBS_FOLLOW):
        return True
    if (after == "who" and before not in DETERMINERS) or _thanked(reading, at):
        return True
    if word.small in _SEASONS and before in _IN_A_SEASON | DETERMINERS:
        return False
    if at and reading.words[at - 1].owns and not word.apart:
        return False  # "everyone's beck"
    if before == "that" and reading.before(at, 2) and _acts(reading, at):
        return True  # "said that poppy sees it", not "that poppy is red"
    if word.owns:
        return before not in DETERMINERS
    if before == "to" and reading.before(at, 2) in _SPOKEN_TO:
        return True
    if after in _ASKED_FOR and _asks(reading, at, before):
        return True
    if verb and _as_verb(reading, at, before, after):
        return False
    if after == "of" or before in DETERMINERS:
        return before in ("my", "our") and _acts(reading, at) and not verb
    if word.small in _MODALS:
        return _modal_as_name(reading, at, before, after)
    if before in everyday().roles and not word.apart and not verb:
        return True
    if _acts(reading, at) or (
        after == "and" and reading.after(at, 2) in ("i", "me", "his", "her", "my")
    ):
        return None if word.small in _SEASONS and before == "" else True
    if before == "and" and reading.before(at, 2) in ("me", "i", "him", "her", "mum", "dad", "both"):
        return True
    if before in _TAKES_A_PERSON:
        return (
            None
            if before in ("with", "for", "like", "get", "got", "give", "gave", "without", "and")
            else True
        )
    if word.first and after == "" and at + 1 < len(reading.words):
        return True  # "Grace, who is nine"
    return None


def _as_verb(reading: Reading, at: int, before: str, after: str) -> bool:
    """Whether it does something there: "i hope", "to mark her work", "Will you ring"."""
    small = reading.words[at].small
    if before in VERBS_FOLLOW:
        # "spoke to will about it", "we told him so mark rang"
        if before == "to":
            return small not in _MODALS and (after in _OBJECTS or after in ("for", "so"))
        return not (before in ("so", "just", "only", "also") and _acts(reading, at))
    if after in _OBJECTS and after != "one":
        return small not in _MODALS or not before or before in _SUBJECTS
    return after in (
        "to",
        "for",
        "so",
        "that",
        "he",
        "she",
        "they",
        "we",
        "i",
        "you",
        "there",
    ) and (not before or before in _SUBJECTS)


def _modal_as_name(reading: Reading, at: int, before: str, after: str) -> bool | None:
    if after in (
        "i",
        "we",
        "you",
        "u",
        "he",
        "she",
        "they",
        "it",
        "there",
        "the",
        "this",
        "that",
        "my",
        "his",
        "her",
    ):
        return False
    if after in _BASE_AFTER_MODAL:
        return False
    if _acts(reading, at):
        return True
    if (
        "verb" in kinds(after)
        and "finite" not in kinds(after)
        and before
        and before not in _TAKES_A_PERSON
    ):
        return False
    if before in _TAKES_A_PERSON or before in everyday().roles:
        return "verb" not in kinds(after) or after in _FINITE or "finite" in kinds(after)
    return True if not before and after and "verb" not in kinds(after) else None


def _acts(reading: Reading, at: int) -> bool:
    """Whether what follows is what somebody does or did."""
    after = reading.after(at)
    if after and any(each.isdigit() for each in reading.words[at + 1].gap):
        return False  # "page 7 is missing"
    if after in _FINITE or ("'" in after and after.endswith("n't")):
        return True
    found = kinds(after)
    if "finite" not in found:
        return False
    # "guy drives him": what could be a thing too is done to somebody.
    return "noun" not in found or after.endswith("ed") or reading.after(at, 2) in _DONE_TO


def _asks(reading: Reading, at: int, before: str) -> bool:
    """Whether the words before begin a question or a wish: "can …", "wot time is …"."""
    if before in _ASKING_FIRST:
        earlier = reading.before(at, 2)
        return (
            (not earlier or earlier in _QUESTION)
            and reading.words[at].small not in _MODALS | {"there"}
        ) or (earlier in _QUESTION and reading.words[at].small == "will" and before != "will")
    return before in _ASKING


def acts(reading: Reading, at: int) -> bool:
    """Whether what follows the word is what somebody does or did: "zofia loves", "zofia was"."""
    return _acts(reading, at)


def _thanked(reading: Reading, at: int) -> bool:
    """ "thank you to bill", "thanks to summer"."""
    thanks = (reading.before(at, 3), reading.before(at, 2)) == ("thank", "you")
    return reading.before(at) == "to" and (thanks or reading.before(at, 2) == "thanks")


#: What a sentence, or a part of one, begins with ("" is its beginning), and what brings one in.
_OPENS: Final = listed(
    """and but so when if because cos coz then that while since said says think thinks thought
    know knows knew hope hoped told"""
) | {""}


def stands_bare(reading: Reading, at: int) -> bool:
    """Whether a thing would need "the" or "my" where this word has none, and a name does not.

    "Bell never rang", "cross with page", "it was friend who wrote", "did short come": for a word
    that somebody known is called; of another word it says too little.
    """
    before, after = reading.before(at), reading.after(at)
    if len(reading.words) == 1 or _thanked(reading, at):
        return True
    beside = reading.words[at + 1].gap if at + 1 < len(reading.words) else ""
    if any(each.isdigit() for each in beside):
        return False
    if after == "who":
        return before not in DETERMINERS
    if before in _OPENS and _acts(reading, at):
        return True
    if after in _ASKED_FOR and _asks(reading, at, before):
        return True
    if before in ("with", "for"):
        return not after or after in NO_SURNAME or _acts(reading, at)
    return at == 0 and beside.strip() == ","
