"""An expert's word that the own reading of a round is done."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for it."""
    op.create_table(
        "hand_in",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("round_id", sa.String(), nullable=False),
        sa.Column("expert_id", sa.String(), nullable=False),
        sa.Column("handed_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name="fk_hand_in_round_id"),
        sa.ForeignKeyConstraint(["expert_id"], ["expert.id"], name="fk_hand_in_expert_id"),
        sa.PrimaryKeyConstraint("id", name="pk_hand_in"),
    )
    op.create_index("uq_hand_in_round_expert", "hand_in", ["round_id", "expert_id"], unique=True)


def downgrade() -> None:
    """Go back."""
    op.drop_table("hand_in")
