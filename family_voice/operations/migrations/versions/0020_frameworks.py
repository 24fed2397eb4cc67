"""Which of its framework's audits a round is, as whom somebody sits, and room for longer ids."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

# Until now there was one framework, with one audit.
ONLY_AUDIT = "multi_agency"


def upgrade() -> None:
    with op.batch_alter_table("round") as round_:
        round_.alter_column("framework_version", existing_type=sa.String(20), type_=sa.String(40))
        # The default fills in the rounds there are; a round opened from now on says which it is.
        round_.add_column(
            sa.Column("audit", sa.String(40), nullable=False, server_default=ONLY_AUDIT)
        )
        round_.add_column(
            sa.Column("fingerprint", sa.String(64), nullable=False, server_default="")
        )
    with op.batch_alter_table("round") as round_:
        round_.alter_column("audit", existing_type=sa.String(40), server_default=None)
        round_.alter_column("fingerprint", existing_type=sa.String(64), server_default=None)
    with op.batch_alter_table("panel_seat") as seat:
        seat.add_column(sa.Column("role", sa.String(40), nullable=False, server_default=""))
    with op.batch_alter_table("panel_seat") as seat:
        seat.alter_column("role", existing_type=sa.String(40), server_default=None)
    _widen("case", "plan_type", 16, 40)
    _widen("pack_sentence", "question", 24, 81)
    _widen("professional_view", "question", 24, 40)


def _widen(table: str, column: str, was: int, length: int) -> None:
    with op.batch_alter_table(table) as altered:
        altered.alter_column(column, existing_type=sa.String(was), type_=sa.String(length))
