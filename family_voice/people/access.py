"""Who may do what: one table of roles and one of routes.

The room that owns a resource supplies the rule for one row of it (a panel member sees the cases of
their own session); this module only says which kinds of thing a role may touch at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a member of staff is here for."""

    LEAD = "coproduction_lead"
    SEND_LEAD = "send_lead"
    PANEL = "panel_member"
    FORUM = "forum_member"
    BOARD = "board_reader"
    DPO = "data_protection_officer"
    ADMIN = "administrator"


class Action(StrEnum):
    """What is done with a resource."""

    SEE = "see"
    CHANGE = "change"
    EXPORT = "export"


class Resource(StrEnum):
    """The kinds of thing that are guarded."""

    ROUND = "round"
    LEDGER = "ledger"
    INTERVIEW = "interview"
    INVITATION = "invitation"
    CODING = "coding"
    LINK = "link"
    PACK = "pack"
    VIEW = "professional view"
    CONCERN = "concern"
    FORUM_PAGE = "forum page"
    BOARD_PAGE = "board page"
    STAFF = "staff"
    TRAIL = "trail"
    RETENTION = "retention"
    AGREEMENT = "sharing agreement"
    AGREED = "what was agreed"


class Door(StrEnum):
    """How a route that needs no staff role is kept."""

    PUBLIC = "public"
    FAMILY = "family"
    WEBHOOK = "webhook"
    SIGN_IN = "sign in"
    STAFF = "any member of staff"
    DEMO = "demo only"


@dataclass(frozen=True)
class Needs:
    """A route for those whose role may do this to such a thing."""

    action: Action
    resource: Resource


_LEAD_ROOMS = (
    Resource.ROUND,
    Resource.LEDGER,
    Resource.INTERVIEW,
    Resource.INVITATION,
    Resource.CODING,
    Resource.LINK,
    Resource.PACK,
    Resource.CONCERN,
)

PERMISSIONS: frozenset[tuple[Role, Action, Resource]] = frozenset(
    {(Role.LEAD, action, resource) for action in Action for resource in _LEAD_ROOMS}
    | {
        (Role.LEAD, Action.SEE, Resource.FORUM_PAGE),
        (Role.LEAD, Action.SEE, Resource.BOARD_PAGE),
        (Role.SEND_LEAD, Action.SEE, Resource.PACK),
        (Role.SEND_LEAD, Action.EXPORT, Resource.PACK),
        (Role.SEND_LEAD, Action.CHANGE, Resource.VIEW),
        (Role.SEND_LEAD, Action.SEE, Resource.CONCERN),
        (Role.SEND_LEAD, Action.CHANGE, Resource.CONCERN),
        (Role.SEND_LEAD, Action.SEE, Resource.BOARD_PAGE),
        (Role.PANEL, Action.SEE, Resource.PACK),
        (Role.PANEL, Action.EXPORT, Resource.PACK),
        (Role.PANEL, Action.CHANGE, Resource.VIEW),
        (Role.FORUM, Action.SEE, Resource.FORUM_PAGE),
        (Role.BOARD, Action.SEE, Resource.BOARD_PAGE),
        (Role.SEND_LEAD, Action.SEE, Resource.AGREEMENT),
        (Role.SEND_LEAD, Action.CHANGE, Resource.AGREEMENT),
        (Role.DPO, Action.SEE, Resource.AGREEMENT),
        (Role.DPO, Action.CHANGE, Resource.AGREEMENT),
        (Role.DPO, Action.SEE, Resource.STAFF),
        (Role.DPO, Action.SEE, Resource.TRAIL),
        (Role.DPO, Action.SEE, Resource.AGREED),
        (Role.LEAD, Action.SEE, Resource.AGREED),
        (Role.DPO, Action.SEE, Resource.RETENTION),
        (Role.DPO, Action.CHANGE, Resource.RETENTION),
        (Role.ADMIN, Action.SEE, Resource.STAFF),
        (Role.ADMIN, Action.CHANGE, Resource.STAFF),
    }
)


def may(roles: Iterable[Role], action: Action, resource: Resource) -> bool:
    """Whether any of the roles may do this to such a thing."""
    return any((role, action, resource) in PERMISSIONS for role in roles)


ROUTES: Mapping[str, Door | Needs] = {
    "static": Door.PUBLIC,
    "public.home": Door.PUBLIC,
    "public.healthz": Door.PUBLIC,
    "public.readyz": Door.PUBLIC,
    "public.security_txt": Door.PUBLIC,
    "public.accessibility": Door.PUBLIC,
    "public.privacy": Door.PUBLIC,
    "family.link": Door.PUBLIC,
    "family.code": Door.PUBLIC,
    "family.share": Door.PUBLIC,
    "family.leave": Door.PUBLIC,
    "family.left": Door.PUBLIC,
    "family.quick_exit": Door.PUBLIC,
    "family.welcome": Door.FAMILY,
    "family.ring_me": Door.FAMILY,
    "family.permission": Door.FAMILY,
    "family.about_you": Door.FAMILY,
    "family.no_thanks": Door.FAMILY,
    "family.question_here": Door.FAMILY,
    "family.question": Door.FAMILY,
    "family.check_answers": Door.FAMILY,
    "family.return_word": Door.FAMILY,
    "family.stop": Door.FAMILY,
    "family.sent": Door.FAMILY,
    "family.last_questions": Door.FAMILY,
    "family.your_words": Door.FAMILY,
    "family.your_choices": Door.FAMILY,
    "family.take_back": Door.FAMILY,
    "family.take_back_sure": Door.FAMILY,
    "family.taken_back": Door.FAMILY,
    "family.keep": Door.FAMILY,
    "call_pad.start": Needs(Action.CHANGE, Resource.INTERVIEW),
    "call_pad.permission": Needs(Action.CHANGE, Resource.INTERVIEW),
    "call_pad.pad": Needs(Action.CHANGE, Resource.INTERVIEW),
    "call_pad.keep_note": Needs(Action.CHANGE, Resource.INTERVIEW),
    "call_pad.ending": Needs(Action.CHANGE, Resource.INTERVIEW),
    "call_pad.done": Needs(Action.CHANGE, Resource.INTERVIEW),
    "call_pad.return_word": Needs(Action.CHANGE, Resource.INTERVIEW),
    "call_pad.needs_doing": Needs(Action.CHANGE, Resource.INTERVIEW),
    "call_pad.complaint": Needs(Action.CHANGE, Resource.INTERVIEW),
    "call_pad.reply": Needs(Action.CHANGE, Resource.INTERVIEW),
    "call_pad.follow_ups": Needs(Action.SEE, Resource.INTERVIEW),
    "call_pad.follow_ups_of": Needs(Action.SEE, Resource.INTERVIEW),
    "concerns.raise_one": Door.STAFF,
    "concerns.raised": Door.STAFF,
    "concerns.every": Needs(Action.SEE, Resource.CONCERN),
    "concerns.one": Needs(Action.CHANGE, Resource.CONCERN),
    "concerns.acknowledge": Needs(Action.CHANGE, Resource.CONCERN),
    "rota.week": Needs(Action.SEE, Resource.CONCERN),
    "rota.add": Needs(Action.CHANGE, Resource.CONCERN),
    "rota.number": Needs(Action.CHANGE, Resource.CONCERN),
    "rota.off": Needs(Action.CHANGE, Resource.CONCERN),
    "demo.start": Door.DEMO,
    "demo.sign_in": Door.DEMO,
    "demo.phone": Door.DEMO,
    "demo.thread": Door.DEMO,
    "sms.inbound": Door.WEBHOOK,
    "sms.status": Door.WEBHOOK,
    "coding.to_code": Needs(Action.SEE, Resource.CODING),
    "coding.account": Needs(Action.SEE, Resource.CODING),
    "coding.press": Needs(Action.CHANGE, Resource.CODING),
    "coding.done": Needs(Action.CHANGE, Resource.CODING),
    "linking.unlinked": Needs(Action.SEE, Resource.LINK),
    "linking.account": Needs(Action.SEE, Resource.LINK),
    "linking.link": Needs(Action.CHANGE, Resource.LINK),
    "linking.none_of_these": Needs(Action.CHANGE, Resource.LINK),
    "linking.unlink": Needs(Action.CHANGE, Resource.LINK),
    "linking.rung": Needs(Action.CHANGE, Resource.LINK),
    "asked.evidence": Needs(Action.SEE, Resource.AGREED),
    "looking.pieces": Needs(Action.CHANGE, Resource.INTERVIEW),
    "pack_choice.sentences": Needs(Action.CHANGE, Resource.PACK),
    "sign_in.sign_in": Door.SIGN_IN,
    "sign_in.code": Door.SIGN_IN,
    "sign_in.sign_out": Door.SIGN_IN,
    "passkeys.sign_in_options": Door.SIGN_IN,
    "passkeys.enter": Door.SIGN_IN,
    "passkeys.options": Door.STAFF,
    "passkeys.add": Door.STAFF,
    "passkeys.remove": Door.STAFF,
    "council_account.start": Door.SIGN_IN,
    "council_account.back": Door.SIGN_IN,
    "council_account.connect_mine": Door.STAFF,
    "council_account.disconnect_mine": Door.STAFF,
    "own_account.places": Door.STAFF,
    "own_account.end": Door.STAFF,
    "own_account.end_all": Door.STAFF,
    "own_account.ways": Door.STAFF,
    "own_account.again": Door.STAFF,
    "sign_in.start": Door.STAFF,
    "sign_in.password": Door.STAFF,
    "staff.this_term": Needs(Action.SEE, Resource.LEDGER),
    "staff.ledger": Needs(Action.SEE, Resource.LEDGER),
    "staff.case": Needs(Action.SEE, Resource.LEDGER),
    "staff.add_attempt": Needs(Action.CHANGE, Resource.LEDGER),
    "staff.take_back_attempt": Needs(Action.CHANGE, Resource.LEDGER),
    "staff.add_minutes": Needs(Action.CHANGE, Resource.LEDGER),
    "staff.tried_enough": Needs(Action.CHANGE, Resource.LEDGER),
    "staff.stand_down": Needs(Action.CHANGE, Resource.LEDGER),
    "staff.put_back": Needs(Action.CHANGE, Resource.LEDGER),
    "staff.release": Needs(Action.CHANGE, Resource.LEDGER),
    "staff.edit_person": Needs(Action.CHANGE, Resource.LEDGER),
    "staff.invite_person": Needs(Action.CHANGE, Resource.INVITATION),
    "who_decides.person": Needs(Action.CHANGE, Resource.LEDGER),
    "who_decides.approach": Needs(Action.CHANGE, Resource.LEDGER),
    "who_decides.judge": Needs(Action.CHANGE, Resource.LEDGER),
    "who_decides.own_no": Needs(Action.CHANGE, Resource.LEDGER),
    "who_decides.no_contact": Needs(Action.CHANGE, Resource.LEDGER),
    "who_decides.contact_again": Needs(Action.CHANGE, Resource.LEDGER),
    "staff.rounds": Needs(Action.SEE, Resource.ROUND),
    "staff.round_opened": Needs(Action.SEE, Resource.ROUND),
    "staff.caseload_example": Needs(Action.SEE, Resource.ROUND),
    "staff.new_round": Needs(Action.CHANGE, Resource.ROUND),
    "staff.add_cases": Needs(Action.CHANGE, Resource.ROUND),
    "panel.home": Needs(Action.SEE, Resource.PACK),
    "panel.earlier": Needs(Action.SEE, Resource.PACK),
    "panel.pack": Needs(Action.SEE, Resource.PACK),
    "panel.views": Needs(Action.CHANGE, Resource.VIEW),
    "panel.copies": Needs(Action.EXPORT, Resource.PACK),
    "panel.copy": Needs(Action.EXPORT, Resource.PACK),
    "panel.copy_destroyed": Needs(Action.EXPORT, Resource.PACK),
    "panel_seats.seats": Needs(Action.CHANGE, Resource.ROUND),
    "panel_seats.seat": Needs(Action.CHANGE, Resource.ROUND),
    "accounts.every": Needs(Action.SEE, Resource.STAFF),
    "accounts.new": Needs(Action.CHANGE, Resource.STAFF),
    "accounts.one": Needs(Action.CHANGE, Resource.STAFF),
    "accounts.act": Needs(Action.CHANGE, Resource.STAFF),
    "agreements.every": Needs(Action.SEE, Resource.AGREEMENT),
    "agreements.new": Needs(Action.CHANGE, Resource.AGREEMENT),
    "agreements.end": Needs(Action.CHANGE, Resource.AGREEMENT),
    "kept.home": Needs(Action.SEE, Resource.RETENTION),
    "kept.lift": Needs(Action.CHANGE, Resource.RETENTION),
    "withdrawals.every": Needs(Action.SEE, Resource.INTERVIEW),
    "withdrawals.receipt": Needs(Action.SEE, Resource.INTERVIEW),
    "withdrawals.record": Needs(Action.CHANGE, Resource.INTERVIEW),
    "withdrawals.keep": Needs(Action.CHANGE, Resource.INTERVIEW),
    "dpo.home": Needs(Action.SEE, Resource.TRAIL),
    "dpo.who_has_seen": Needs(Action.SEE, Resource.TRAIL),
    "dpo.signing_in": Needs(Action.SEE, Resource.TRAIL),
    "dpo.trail": Needs(Action.SEE, Resource.TRAIL),
    "forum.home": Needs(Action.SEE, Resource.FORUM_PAGE),
    "board.home": Needs(Action.SEE, Resource.BOARD_PAGE),
    "releases.release": Needs(Action.CHANGE, Resource.ROUND),
}
