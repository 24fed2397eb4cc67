"""Every table of every room, gathered for migrations."""

from __future__ import annotations

import family_voice.cases.audit_plan_models
import family_voice.cases.caseload_models
import family_voice.cases.final_models
import family_voice.cases.linking_models
import family_voice.cases.models
import family_voice.cases.sample_models
import family_voice.consent.authority_models
import family_voice.consent.models
import family_voice.improvement.models
import family_voice.improvement.outcome_models
import family_voice.improvement.past_judgement_models
import family_voice.interviews.models
import family_voice.messages.models
import family_voice.operations.models
import family_voice.people.accounts
import family_voice.people.models
import family_voice.people.sign_in_models
import family_voice.people.wording_models
import family_voice.safeguarding.models
import family_voice.security.models
import family_voice.sharing.exchange.models
import family_voice.sharing.models
import family_voice.themes.codebook_models
import family_voice.themes.memo_models
import family_voice.themes.models
import family_voice.themes.second_models
import family_voice.themes.suggestion_models  # noqa: F401
from family_voice.storage.base import Base

METADATA = Base.metadata
