"""What the page of one account to link shows: two records side by side, doubles, the history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from family_voice.cases import account_history, choosing, duplicates, linking, remarks
from family_voice.cases.account_history import Happened
from family_voice.cases.candidates import (
    Offer,
    OpenCase,
    cases_named,
    may_be,
    speaker_is,
    told_by,
)
from family_voice.cases.comparing import Level
from family_voice.cases.duplicates import Double
from family_voice.cases.linking import LinkDecision
from family_voice.cases.matching import reason_text
from family_voice.cases.permission import lead_may_read
from family_voice.cases.remarks import Said, Standing
from family_voice.consent import parts
from family_voice.interviews.parting import may_part
from family_voice.interviews.words import Speaker
from family_voice.language.formats import in_words
from family_voice.language.texts import _
from family_voice.messages.numbers import national
from family_voice.people.staff import names_of_staff
from family_voice.web.access import current_staff, seen
from family_voice.web.services import db, now
from family_voice.web.shared.fields import Option
from family_voice.web.staff.labels import RELATIONSHIPS

AGREES, NEARLY, DIFFERS = "agrees", "nearly", "differs"
_SIDES = {"same": AGREES, "different": DIFFERS}


@dataclass(frozen=True)
class Row:
    """One thing about a child: what they told us, what the case says, and whether it agrees."""

    label: str
    theirs: str
    ours: str
    mark: str = ""
    why: str = ""


@dataclass(frozen=True)
class Again:
    """An account that may be this one again, with what is alike and what is not in words."""

    double: Double
    alike: list[str]
    not_alike: list[str]


@dataclass(frozen=True)
class Line:
    """One line of the history in words."""

    words: str
    by: str
    line: Happened
    why: str = ""


@dataclass(frozen=True)
class Stands:
    """How an account of the list stands, in words; `yours`: it waits for who looks at the list."""

    words: str
    yours: bool = False


def beside(offer: Offer, who: Speaker) -> list[Row]:
    """What they told us beside what the case says; rows that neither fills in are left out."""
    child = offer.case.child
    born = child.date_of_birth.isoformat() if child.date_of_birth else ""
    rows = [
        _row(
            offer,
            _("Child or young person"),
            f"{who.child_first_name} {who.child_last_name}",
            child.name,
            "first_name", "last_name", "both_names",
        ),
        _row(
            offer, _("Date of birth"), who.child_date_of_birth, born,
            "date_of_birth", "birth_month",
        ),
        _row(offer, _("School or college"), who.school, child.school, "school"),
        _speaks(offer, who),
        _row(
            offer, _("Telephone"), national(who.phone), ", ".join(map(national, offer.case.phones)),
            "phone",
        ),
        _row(offer, _("Email"), who.email, ", ".join(offer.case.emails), "email"),
    ]  # fmt: skip
    return [row for row in rows if row.theirs or row.ours]


def _row(offer: Offer, label: str, theirs: str, ours: str, *fields: str) -> Row:
    codes = [
        (code, code.removeprefix(f"{field}_"))
        for field in fields
        for code in offer.reasons
        if code.startswith(f"{field}_")
    ]
    marks = {_SIDES.get(level, NEARLY) for _code, level in codes}
    mark = marks.pop() if len(marks) == 1 else NEARLY if marks else ""
    why = ", ".join(reason_text(code) for code, _level in codes)
    return Row(label, theirs.strip(), ours.strip(), mark, why)


def _speaks(offer: Offer, who: Speaker) -> Row:
    """Who spoke is no part of the score; it helps a person to decide."""
    mark, why = "", ""
    match speaker_is(offer.case, who):
        case Level.SAME:
            mark, why = AGREES, _("somebody of this name may speak")
        case Level.SIMILAR:
            mark, why = NEARLY, _("somebody of nearly this name may speak")
        case Level.DIFFERENT:
            mark, why = DIFFERS, _("nobody of this name is known")
    people = ", ".join(each.facts.name for each in offer.case.people)
    return Row(_("Who speaks"), who.name, people, mark, why)


def caution(offer: Offer, who: Speaker) -> str:
    """What to find out of who spoke before a likely case is taken for the right one; often nothing.

    The likelihood is of the child alone: somebody may know all about a child and not be who may
    speak for them.
    """
    known = speaker_is(offer.case, who)
    if known is Level.SAME:
        return ""
    child = offer.case.child.first_name
    if not who.name:
        return _(
            "We do not know who spoke, nor whether they may speak for %(child)s. Find out first.",
            child=child,
        )
    if known is Level.SIMILAR:
        return _(
            "Somebody of nearly this name may speak for %(child)s. Make sure that it is the same "
            "person.",
            child=child,
        )
    return _(
        "We do not know whether %(who)s may speak for %(child)s: they are not on record. Find out "
        "first.",
        who=who.name, child=child,
    )  # fmt: skip


def shown(interview_id: UUID, case_id: UUID | None, stands: Standing) -> dict[str, object]:
    """Everything of the page that hangs on what was said and decided before."""
    lines = account_history.history(db(), interview_id)
    me = current_staff().id
    cases = cases_named(db(), {each.case_id for each in lines if each.case_id})
    hidden = stands.first is not None and stands.first.by != me
    people = names_of_staff(db(), {each.by for each in lines if each.by})
    tellers = _tellers(each.remark.other_id for each in lines if each.remark)
    worded = [
        replace(
            _in_words(each, cases, tellers, people, hidden),
            why="" if hidden and _is_first(each) else _why(interview_id, each),
        )
        for each in lines
    ]
    newest = lines[-1] if lines and account_history.can_undo(lines[-1], me) else None
    aside = stands.set_aside
    origin = parts.origin_of(db(), interview_id)
    made = _parts(interview_id) if stands.parted else []
    return {
        "stands": stands,
        "lines": worded,
        "newest": worded[-1] if newest else None,
        "mine": stands.first is not None and stands.first.by == me,
        "refused_by": names_of_staff(db(), {each.by for each in stands.refused.values()}),
        "refused": cases_named(db(), stands.refused),
        "doubles": [] if aside else _doubles(interview_id),
        "kept": told_by(db(), stands.double_of) if stands.double_of else None,
        "origin": origin,
        "shared": parts.shared_agreed(db(), interview_id) if origin else None,
        "parts": made,
        "can_part": not aside and may_part(db(), interview_id),
        "case_id": case_id,
        "on_none": choosing.decided_last(db(), interview_id) is LinkDecision.NONE_OF_THESE,
    }


def _doubles(interview_id: UUID) -> list[Again]:
    found = []
    for each in duplicates.doubles(db(), interview_id, now()):
        seen("interview", each.interview_id, ["name"])
        alike = [_("the very same words")] if each.same_words else []
        alike += [_("the name of who spoke")] if each.same_name else []
        not_alike: list[str] = []
        for code in each.reasons:
            (not_alike if code.endswith("_different") else alike).append(reason_text(code))
        found.append(Again(each, alike, not_alike))
    return found


def _parts(interview_id: UUID) -> list[tuple[UUID, OpenCase | None, bool]]:
    """Every part, the case it stands on, and whether it waits for a second person."""
    made = {each: linking.case_of(db(), each) for each in parts.parts_of(db(), interview_id)}
    cases = cases_named(db(), {each for each in made.values() if each})
    return [
        (part, cases.get(case_id) if case_id else None,
         remarks.standing_of(db(), part).first is not None)
        for part, case_id in made.items()
    ]  # fmt: skip


def _tellers(interview_ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Who told us each of these accounts, where that may be read."""
    found = {}
    for each in filter(None, interview_ids):
        if lead_may_read(db(), each, now()):
            seen("interview", each, ["name"])
            who = told_by(db(), each)
            found[each] = f"{who.first_name} {who.last_name}".strip()
    return found


def _is_first(line: Happened) -> bool:
    return line.remark is not None and line.remark.said is Said.FIRST


def _why(interview_id: UUID, line: Happened) -> str:
    """The reason that was given, in the words it was given in."""
    if line.step is not None:
        return linking.why_of(db(), interview_id, line.step)
    return remarks.why_of(db(), interview_id, line.remark) if line.remark is not None else ""


def _whose(participant_id: UUID | None, case: OpenCase | None) -> str:
    """Who of a case's people somebody said it is; empty where nobody did."""
    people = case.people if case is not None else ()
    return next((each.facts.name for each in people if each.id == participant_id), "")


def told_by_listed(interview_id: UUID, case: OpenCase) -> str:
    """Whose account it counts as, of the people of the case that it stands on; often empty."""
    since = linking.linked_since(db(), [case.id]).get(case.id, {}).get(interview_id)
    return _whose(since.said_to_be, case) if since is not None else ""


def people_to_choose(interview_id: UUID, case: OpenCase) -> list[Option]:
    """The people of a case whose account it may be."""
    return [
        Option(str(each.id), f"{each.facts.name}, {RELATIONSHIPS[each.facts.relationship]}")
        for each in may_be(db(), interview_id, case)
    ]


def _in_words(
    line: Happened,
    cases: Mapping[UUID, OpenCase],
    tellers: Mapping[UUID, str],
    people: Mapping[UUID, str],
    hidden: bool,
) -> Line:
    named = cases.get(line.case_id) if line.case_id else None
    case = named.child.reference if named else ""
    by = people.get(line.by, "") if line.by else ""
    if line.step is not None:
        told = _whose(line.step.participant_id, named)
        words = {
            LinkDecision.LINKED: _("put on case %(case)s, as told by %(who)s", case=case, who=told)
            if told
            else _("put on case %(case)s", case=case),
            LinkDecision.UNLINKED: _("taken off case %(case)s", case=case),
            LinkDecision.NONE_OF_THESE: _("none of the cases fits"),
            LinkDecision.OPEN_AGAIN: _("to be looked at again"),
        }[line.step.decision]
        return Line(words, by, line)
    assert line.remark is not None
    if hidden and _is_first(line):
        return Line(_("chose a case, which you see when you have chosen"), by, line)
    other = tellers.get(line.remark.other_id, "") if line.remark.other_id else ""
    other = _("the account of %(who)s", who=other) if other else _("another account")
    words = {
        Said.NOT_THIS: _("not case %(case)s", case=case),
        Said.MAYBE: _("it may be case %(case)s after all", case=case),
        Said.FIRST: _("chose case %(case)s, and another person looks as well", case=case),
        Said.SECOND: _("looked as well, and chose case %(case)s too", case=case),
        Said.DIFFERS: _("looked as well, and said something else"),
        Said.TOOK_BACK: _("took their choice back"),
        Said.SAME: _("set aside: the same as %(other)s", other=other),
        Said.NOT_SAME: _("not the same as %(other)s", other=other),
        Said.UNSAID: _("whether it is the same as %(other)s is open again", other=other),
        Said.PARTED: _("cut into parts, one for each child"),
        Said.WHOLE: _("one account again"),
    }[line.remark.said]
    return Line(words, by, line)


def to_choose_from(cases: Iterable[OpenCase]) -> list[Option]:
    """Cases as a list to choose from names them."""
    return [Option(str(each.id), f"{each.child.reference}, {each.child.name}") for each in cases]


def next_to_link(interview_id: UUID) -> UUID | None:
    """Another account that waits to be linked, if there is one."""
    others = (each for each in linking.unlinked(db()) if each != interview_id)
    return next((each for each in others if lead_may_read(db(), each, now())), None)


def where_it_stands(interview_id: UUID) -> Stands:
    """How an account of the list stands: what it waits for, or what was decided so far."""
    stands = remarks.standing_of(db(), interview_id)
    if stands.first is not None:
        if stands.first.by != current_staff().id:
            return Stands(_("Waits for you to look as well"), yours=True)
        return Stands(_("Waits for somebody else to look as well"))
    lines = account_history.history(db(), interview_id)
    if not lines:
        return Stands(_("Not looked at yet"))
    decided = choosing.decided_last(db(), interview_id)
    said = []
    if lines[-1].remark is not None and lines[-1].remark.said is Said.DIFFERS:
        said.append(_("Two people chose differently"))
    if decided is LinkDecision.NONE_OF_THESE:
        said.append(_("None of the cases fits"))
    elif decided is LinkDecision.UNLINKED:
        said.append(_("Taken off a case"))
    ruled_out = cases_named(db(), stands.refused).values()
    if ruled_out:
        names = in_words(sorted(each.child.reference for each in ruled_out))
        said.append(_("Ruled out: %(cases)s", cases=names))
    return Stands(". ".join(said) or _("Looked at, and nothing is decided"))
