"""The coding page: its forms, and how an account laid out for coding is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Response, request, session

from family_voice.cases import linking
from family_voice.cases.candidates import cases_named, told_by
from family_voice.cases.reaching import MOST_MINUTES
from family_voice.cases.reading import round_id_of
from family_voice.cases.sittings import who_was_there
from family_voice.language.texts import lazy
from family_voice.people.staff import names_of_staff
from family_voice.themes import coding
from family_voice.themes.codebooks import current
from family_voice.themes.coding import Unit
from family_voice.themes.memos import LONGEST_MEMO
from family_voice.themes.workbench import Bench, bench
from family_voice.web.access import current_staff, seen
from family_voice.web.services import db, now
from family_voice.web.shared.fields import Line, Needed, Words
from family_voice.web.shared.forms import Form, number_in
from family_voice.web.staff.case import Minutes
from family_voice.web.staff.desk import page
from family_voice.web.staff.suggestions import asked

# A sitting longer than this was left open, not worked at.
LONGEST_SITTING = 4 * 60 * 60
SITTING = "coding"
#: What static/coding.js sends with a press: it wants the bench alone and no new page.
BY_SCRIPT = "X-Coding"


class PressForm(Form):
    """One press: on which answer or sentence, and what."""

    prompt = Line("")
    sentence = Line("")
    put = Line("")
    take_off = Line("")
    none = Line("")
    add = Line("")
    more = Line("")
    undo = Line("")
    redo = Line("")


class MemoForm(Form):
    """A memo to keep, or one to take away. `about` is a sentence and a code, each if any."""

    prompt = Line("")
    about = Line("")
    text = Words(lazy("Memo"), longest=LONGEST_MEMO)
    remove = Line("")


class DoneForm(Form):
    """The coder is done."""

    took = Minutes(
        lazy("How many minutes did it take you?"),
        [Needed(lazy("Put how many minutes it took, if only 1."))],
    )


@dataclass(frozen=True)
class Forms:
    """What was sent, where it has to be shown again."""

    press: PressForm | None = None
    memo: MemoForm | None = None
    done: DoneForm | None = None

    @property
    def are_wrong(self) -> bool:
        """Whether something in one of them has to be put right."""
        return any(form and form.errors for form in (self.press, self.memo, self.done))


def by_script() -> bool:
    """Whether static/coding.js asks."""
    return BY_SCRIPT in request.headers


def laid_out(interview_id: UUID) -> Bench:
    """The account as the one who asks may read it. Raises as `workbench.bench` does."""
    return bench(db(), interview_id, current_staff().id, now())


def shown(
    found: Bench, number: int | None, sentence_id: UUID | None, forms: Forms, said: str = ""
) -> Response:
    """The bench again, in answer to something that was sent.

    Args:
        found: the account laid out.
        number: the answer that is open.
        sentence_id: the sentence of it that the codes are about, if any.
        forms: what was sent and has to be put right.
        said: what happened, in a sentence.
    """
    if forms.are_wrong:
        # A page that is shown again because something was wrong shows the words again.
        seen("interview", found.interview_id, ["answers", "codes"])
    return bench_page(found, number, sentence_id, forms, said)


def bench_page(
    found: Bench,
    number: int | None,
    sentence_id: UUID | None,
    forms: Forms = Forms(),
    said: str = "",
) -> Response:
    """The whole page, or for the script what stands on it."""
    interview_id = found.interview_id
    case_id = linking.case_of(db(), interview_id)
    can_undo, can_redo = coding.can_undo_and_redo(db(), interview_id, current_staff().id)
    return page(
        "coding/_bench.html" if by_script() else "coding/account.html",
        bench=found,
        book=current(db()),
        by_script=by_script(),
        open_answer=number or 1,
        sentence_id=sentence_id,
        said=said,
        asked=asked(found),
        who=told_by(db(), interview_id),
        there=who_was_there(db(), [interview_id])[interview_id],
        case=cases_named(db(), [case_id])[case_id] if case_id else None,
        round_id=round_id_of(db(), case_id) if case_id else None,
        can_undo=can_undo,
        can_redo=can_redo,
        writers=names_of_staff(db(), {memo.by for memo in found.every_memo}),
        me=current_staff().id,
        press_form=forms.press or PressForm(formdata=None),
        memo_form=forms.memo or MemoForm(formdata=None, prefix="memo"),
        done_form=forms.done
        or DoneForm(formdata=None, prefix="done", data={"took": _elapsed(interview_id)}),
    )


def number_of(found: Bench, text: str) -> int | None:
    """The answer that a query names, else the first that waits."""
    number = number_in(text) or 0
    return number if 1 <= number <= len(found.answers) else found.first_undecided


def unit_of(prompt: str, sentence: str) -> Unit:
    """The answer or sentence that a form names."""
    return Unit(prompt, sentence_of(sentence))


def sentence_of(text: str) -> UUID | None:
    """The sentence that a query or a form names, if any."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return UUID(int=0)  # no sentence has it, so it is refused as one that does not stand


def _elapsed(interview_id: UUID) -> str:
    """Minutes since this account was opened in this browser, rounded up."""
    moment = int(now().timestamp())
    kept: Any = session.get(SITTING)
    account_id = str(interview_id)
    if not kept or kept[0] != account_id or moment - kept[1] > LONGEST_SITTING:
        kept = session[SITTING] = [account_id, moment]
    return str(min(MOST_MINUTES, max(1, -(-(moment - kept[1]) // 60))))
