"""What people say otherwise of the set-ups of photographs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for it."""
    op.create_table(
        "setup_correction",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("capture_id", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["capture_id"], ["capture.id"], name="fk_setup_correction_capture_id"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_setup_correction_run_id"),
        sa.PrimaryKeyConstraint("id", name="pk_setup_correction"),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("setup_correction")
