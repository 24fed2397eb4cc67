"""Room in the caseload for a plan type's id as long as a framework may give it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    with op.batch_alter_table("caseload_entry") as entry:
        entry.alter_column("plan_type", existing_type=sa.String(16), type_=sa.String(40))
