"""What people do to boxes: drawn, moved, removed, accepted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for them."""
    op.create_table(
        "box_event",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("field_id", sa.String(), nullable=False),
        sa.Column("expert_id", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("place", sa.JSON(), nullable=True),
        sa.Column("cell_id", sa.String(), nullable=True),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("given_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["cell_id"], ["cell.id"], name="fk_box_event_cell_id"),
        sa.ForeignKeyConstraint(["expert_id"], ["expert.id"], name="fk_box_event_expert_id"),
        sa.ForeignKeyConstraint(["field_id"], ["field_of_view.id"], name="fk_box_event_field_id"),
        sa.PrimaryKeyConstraint("id", name="pk_box_event"),
    )
    op.create_index("ix_box_event_field_id", "box_event", ["field_id"])
    op.create_index("ix_box_event_cell_id", "box_event", ["cell_id"])
    op.create_index("ix_box_event_subject", "box_event", ["subject", "given_at", "event"])


def downgrade() -> None:
    """Go back."""
    op.drop_table("box_event")
