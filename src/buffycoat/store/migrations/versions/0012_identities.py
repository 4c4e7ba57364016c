"""Who of an institution's own sign-in is who here."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for them."""
    op.create_table(
        "identity",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("expert_id", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["expert_id"], ["expert.id"], name="fk_identity_expert_id"),
        sa.PrimaryKeyConstraint("id", name="pk_identity"),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("identity")
