"""From opening the pad to being ready to type, on the demo's largest case, in a real Chromium.

Ready is when a note's box has the focus. The demo is made afresh; its largest case is the
conversation of this term's that has the most pieces.
"""

from __future__ import annotations

from datetime import UTC, datetime
from statistics import median

from sqlalchemy import func, select

from benchmarks.demo_desk import demo_desk
from family_voice.cases.linking import case_of
from family_voice.cases.rounds import current_round
from family_voice.interviews.models import Fragment, Interview

TIMES, MOST = 21, 1000
READY = """addEventListener("focusin", (event) => {
  if (event.target.tagName === "TEXTAREA") window.ready ??= performance.now();
}, true);"""


def call_pad_table() -> tuple[list[str], list[list[str]]]:
    """The heads and the rows."""
    with demo_desk() as desk:
        with desk.sessions() as session:
            term = current_round(session, datetime.now(UTC).date())
            pieces = func.count(Fragment.id)
            interview_id, person_id, most = session.execute(
                select(Interview.id, Interview.participant_id, pieces)
                .join(Fragment, Fragment.interview_id == Interview.id)
                .where(Interview.participant_id.is_not(None))
                .where(Interview.round_id == (term.id if term else None))
                .group_by(Interview.id, Interview.participant_id)
                .order_by(pieces.desc())
                .limit(1)
            ).one()
            case_id = case_of(session, interview_id)
        desk.page.add_init_script(READY)
        took = []
        for _time in range(TIMES):
            path = f"/staff/case/{case_id}/talk/{person_id}/pad?by=telephone"
            desk.page.goto(desk.address + path)
            desk.page.wait_for_function("window.ready")
            took.append(float(desk.page.evaluate("window.ready")))
    slowest = sorted(took)[-1]
    row = [f"{most} pieces", f"{median(took):.0f}", f"{slowest:.0f}", str(MOST)]
    return ["", "median", "slowest", "at most"], [row]
