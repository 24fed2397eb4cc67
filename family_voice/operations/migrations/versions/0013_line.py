"""What is in line is found without reading what went before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

QUEUED = "state = 'queued'"
WAITING = "state IN ('queued', 'sending', 'unknown')"


def upgrade() -> None:
    for name, columns, which in (
        ("ix_outbound_message_in_line", ["phone_index", "number"], WAITING),
        ("ix_outbound_message_due", ["due_at", "number", "id"], QUEUED),
        ("ix_outbound_message_template", ["template", "due_at"], QUEUED),
    ):
        op.create_index(
            name,
            "outbound_message",
            columns,
            unique=False,
            sqlite_where=sa.text(which),
            postgresql_where=sa.text(which),
        )
    op.create_index(
        op.f("ix_outbound_message_again_at"), "outbound_message", ["again_at"], unique=False
    )
