"""What the lead's pages call things. The records keep ids; people read these."""

from __future__ import annotations

from family_voice.cases.inviting import Refusal
from family_voice.cases.ledger import Level3, Outcome, StoodDown, Talk
from family_voice.cases.next_steps import NextStep
from family_voice.cases.reaching import Channel, Step
from family_voice.cases.rounds import RoundProblem
from family_voice.consent.who import Obstacle
from family_voice.language.texts import lazy as _
from family_voice.messages.numbers import national
from family_voice.web.shared.voices import ABOVE

STATES = {
    Level3.NOT_STARTED: _("Not started"),
    Level3.INVITED: _("Invited"),
    Level3.IN_PROGRESS: _("In progress"),
    Level3.HEARD: _("Heard"),
    Level3.DECLINED: _("Said no"),
    Level3.NOT_REACHED: _("Not reached"),
    Level3.NOT_SAFE: _("Not safe to contact"),
    Level3.STOOD_DOWN: _("Stood down"),
}
NEXT_STEPS = {
    NextStep.NOTHING: _("Nothing more to do"),
    NextStep.RING_THEM: _("Ring them: they asked"),
    NextStep.RELEASE: _("Invitations are held: a sibling was stood down"),
    NextStep.ASK_WORKER: _("Ask the worker who else could speak"),
    NextStep.ASK_SOCIAL_WORKER: _("Ask the social worker whom to approach"),
    NextStep.JUDGE: _("Write down who decides"),
    NextStep.ASK_AFRESH: _("Ask the young person themself: they decide now"),
    NextStep.CONFIRM_SAFE: _("Ask the worker whether contact is safe"),
    NextStep.INVITE: _("Invite"),
    NextStep.WAIT: _("Give them a few days"),
    NextStep.TRY_AGAIN: _("Try again"),
    NextStep.CALL_BACK: _("Ring back"),
    NextStep.FIND_CONTACT: _("Find the right number or address"),
    NextStep.ANOTHER_WAY: _("Try another way"),
    NextStep.HELP_FINISH: _("Help them finish"),
    NextStep.READ_BACK: _("Read it back to them"),
    NextStep.CODE: _("Put codes on it"),
    NextStep.CHOOSE: _("Choose sentences for the pack"),
}
TALKS = {
    Talk.NONE: _("Has not spoken yet"),
    Talk.BEGUN: _("Has begun"),
    Talk.FINISHED: _("Has spoken"),
    Talk.DECLINED: _("Said no"),
}
SAFE = {
    "yes": _("Safe to contact"),
    "no": _("Not safe to contact"),
    "not_confirmed": _("Not confirmed"),
}
CHANNELS = {
    Channel.TELEPHONE: _("Telephone"),
    Channel.TEXT: _("Text message"),
    Channel.LETTER: _("Letter"),
    Channel.EMAIL: _("Email"),
    Channel.VIDEO: _("Video call"),
    Channel.FACE_TO_FACE: _("Face to face"),
    Channel.RELAY: _("Relay UK"),
    Channel.SIGNED: _("British Sign Language"),
    Channel.THROUGH_SOMEBODY: _("Through somebody they know"),
}
OUTCOMES = {
    Outcome.NO_ANSWER: _("No answer"),
    Outcome.MESSAGE_LEFT: _("Left a message"),
    Outcome.CALL_BACK: _("Asked us to ring back"),
    Outcome.WRONG_CONTACT: _("Wrong number or address"),
    Outcome.DECLINED: _("Said no"),
    Outcome.SPOKE: _("Spoke with them"),
    Outcome.SENT: _("Sent"),
}
STEPS = {
    Step.INVITE: _("Inviting"),
    Step.CALL: _("Trying to reach them"),
    Step.TALK: _("The talk itself"),
    Step.WRITE_UP: _("Writing up"),
    Step.READ_BACK: _("Reading back"),
    Step.CODE: _("Putting codes on it"),
    Step.OTHER: _("Anything else"),
}
STOOD_DOWN = {
    StoodDown.MOVED: _("They moved away"),
    StoodDown.DIED: _("The child or young person died"),
    StoodDown.DRAWN_IN_ERROR: _("The case was drawn in error"),
}
RELATIONSHIPS = {
    "mother": _("Mother"),
    "father": _("Father"),
    "parent": _("Parent"),
    "step_parent": _("Step-parent"),
    "grandparent": _("Grandparent"),
    "foster_carer": _("Foster carer"),
    "carer": _("Carer"),
    "guardian": _("Guardian"),
    "relative": _("Other relative"),
    "young_person": _("Young person"),
    "advocate": _("Advocate"),
    "social_worker": _("Social worker"),
}
ACCESS_NEEDS = {
    "interpreter": _("Interpreter"),
    "bsl": _("British Sign Language"),
    "relay": _("Relay UK"),
    "video": _("Video call"),
    "large_print": _("Large print"),
    "easy_read": _("Easy Read"),
}
CARE_STATUSES = {
    "none": _("None"),
    "child_in_need": _("Child in need"),
    "child_protection": _("Child protection plan"),
    "looked_after": _("Looked after"),
    "care_leaver": _("Care leaver"),
}
REFUSALS = {
    Refusal.STOOD_DOWN: _("This case was stood down, so nobody is invited."),
    Refusal.SIBLING_HELD: _(
        "A sibling's case was stood down. Invitations to this family are held until you release "
        "them on the case's page."
    ),
    Refusal.FROZEN: _("This round is closed. Links and codes no longer work."),
    Refusal.NOT_SAFE: _(
        "Somebody who knows has said that it is not safe to contact this person. Nothing can be "
        "sent. Ask the worker who else could speak."
    ),
    Refusal.NOT_CONFIRMED: _(
        "Nobody has confirmed yet that it is safe to contact this person. Ask the worker, then "
        "write down who confirmed it."
    ),
    Refusal.COURT_ORDER: _(
        "A court order forbids contact with this person. Do not write, text or ring."
    ),
    Refusal.NO_CONTACT: _("This person must not be contacted. Do not write, text or ring."),
    Refusal.NEEDS_SOCIAL_WORKER: _(
        "This child is looked after. Ask the social worker whom we may approach, and write it down "
        "under “Who decides” first."
    ),
    Refusal.NOT_TO_BE_APPROACHED: _(
        "This child is looked after, and the social worker has not said that we may approach this "
        "person."
    ),
    Refusal.OWN_NO: _(
        "They themselves have said no. That goes before anybody's yes. Somebody else may still "
        "tell us of what they live through themselves."
    ),
    Refusal.NOT_JUDGED: _(
        "Somebody who knows this child has to say first whether they understand enough to decide "
        "for themselves. Write it down under “Who decides”."
    ),
    Refusal.REPRESENTED: _(
        "Somebody else decides for them, so no link or text is sent. Talk with both, and write "
        "down on the call pad what was decided."
    ),
    Refusal.NO_EMAIL: _("We have no email address for this person."),
    Refusal.SAID_NO: _(
        "They said no, and are not asked again. If they come back to you, use the call pad."
    ),
    Refusal.TOLD_NO: _(
        "They told us no, and are not asked again. If that was a slip, or they came back to you, "
        "take that try back on the case's page first."
    ),
    Refusal.HAS_TOLD: _(
        "They have told us by themselves: somebody put that account on this case as theirs. So "
        "they are not invited any more."
    ),
    Refusal.NO_MOBILE: _("There is no mobile number, so no text can reach them."),
    Refusal.NO_SAFE_TIME: _(
        "There is no hour when a text is safe for everybody who has this number. Look at their "
        "safe hours, or reach them another way."
    ),
    Refusal.STOPPED_TEXTS: _(
        "This telephone asked for no more texts. Only their own START lifts that. Send a letter."
    ),
}
OBSTACLES = {each: REFUSALS[Refusal(each.value)] for each in Obstacle}
ROUND_PROBLEMS = {
    RoundProblem.UNKNOWN_AUDIT: _("Choose an audit from the list."),
    RoundProblem.TERM_MISSING: _("Give the term a name, such as Autumn 2026."),
    RoundProblem.TERM_TAKEN: _("There is a round with this name. Give this one another name."),
    RoundProblem.NO_THEME: _("Choose at least one theme, in any of the lists."),
    RoundProblem.UNKNOWN_THEME: _("Choose the themes from the lists."),
    RoundProblem.WRONG_NUMBER_OF_SESSIONS: _("Put the day of every session."),
    RoundProblem.NOT_IN_ORDER: _("The sessions must be in the order of their days."),
    RoundProblem.NOT_A_WORKING_DAY: _(
        "One of the days is a weekend or a bank holiday. Check both."
    ),
}


def year_group(stored: str) -> str:
    """A year group as people say it."""
    if not stored:
        return str(_("No year group"))
    named = {"-1": _("Nursery"), "0": _("Reception")}
    return str(named.get(stored) or _("Year %(number)s", number=stored))


LABELS = {
    "ABOVE": ABOVE,
    "STATES": STATES,
    "NEXT_STEPS": NEXT_STEPS,
    "TALKS": TALKS,
    "SAFE": SAFE,
    "CHANNELS": CHANNELS,
    "OUTCOMES": OUTCOMES,
    "STEPS": STEPS,
    "STOOD_DOWN": STOOD_DOWN,
    "RELATIONSHIPS": RELATIONSHIPS,
    "ACCESS_NEEDS": ACCESS_NEEDS,
    "CARE_STATUSES": CARE_STATUSES,
    "REFUSALS": REFUSALS,
    "OBSTACLES": OBSTACLES,
    "year_group": year_group,
    "national": national,
}
