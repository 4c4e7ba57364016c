"""Whether a round shows decided cells beside its own, and when an answer was received."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for them."""
    op.add_column("round", sa.Column("examples", sa.Boolean(), nullable=False, server_default="0"))
    op.add_column("label", sa.Column("received_at", sa.DateTime(), nullable=True))


def downgrade() -> None:
    """Go back."""
    for table, column in (("label", "received_at"), ("round", "examples")):
        with op.batch_alter_table(table) as batch:
            batch.drop_column(column)
