"""On which days programs showed their tokens."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for them."""
    op.create_table(
        "token_use",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("token_id", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_token_use"),
    )
    op.create_index("ix_token_use_token_id", "token_use", ["token_id"])


def downgrade() -> None:
    """Go back."""
    op.drop_table("token_use")
