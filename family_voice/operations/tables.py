"""Every table of every room, gathered for migrations."""

from __future__ import annotations

import family_voice.cases.models
import family_voice.consent.authority_models
import family_voice.consent.models
import family_voice.improvement.models
import family_voice.interviews.models
import family_voice.messages.models
import family_voice.operations.models
import family_voice.people.accounts
import family_voice.people.models
import family_voice.people.sign_in_models
import family_voice.safeguarding.models
import family_voice.security.models
import family_voice.sharing.models
import family_voice.themes.models  # noqa: F401
from family_voice.storage.base import Base

METADATA = Base.metadata
