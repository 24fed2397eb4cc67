"""The access table's words: roles, what is done to what, and how a route is kept."""

from __future__ import annotations

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
    REVIEWER = "language_reviewer"


class Action(StrEnum):
    """What is done with a resource."""

    SEE = "see"
    CHANGE = "change"
    EXPORT = "export"


class Resource(StrEnum):
    """The kinds of thing that are guarded."""

    ROUND = "round"
    LEDGER = "ledger"
    CALLS = "whom to ring"
    INTERVIEW = "interview"
    INVITATION = "invitation"
    TEXT = "text conversation"
    CODING = "coding"
    CODEBOOK = "codebook"
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
    LANGUAGE = "language"
    WORDING = "wording"
    READER = "language reader"
    TRANSLATION = "translation"
    PLAN = "audit plan"


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
