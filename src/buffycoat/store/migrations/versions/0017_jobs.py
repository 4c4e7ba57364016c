"""Jobs: what was ordered, what happened to it, and who works on it now."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for them."""
    op.create_table(
        "job_order",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.Column("by", sa.String(), nullable=True),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_job_order"),
    )
    op.create_table(
        "job_event",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("job_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("worker", sa.String(), nullable=True),
        sa.Column("by", sa.String(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["job_order.id"], name="fk_job_event_job_id"),
        sa.PrimaryKeyConstraint("id", name="pk_job_event"),
    )
    op.create_index("uq_job_event_number", "job_event", ["job_id", "number"], unique=True)
    op.create_table(
        "job_pulse",
        sa.Column("job_id", sa.String(), nullable=False),
        sa.Column("worker", sa.String(), nullable=False),
        sa.Column("lease_until", sa.DateTime(), nullable=False),
        sa.Column("room", sa.String(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["job_order.id"], name="fk_job_pulse_job_id"),
        sa.PrimaryKeyConstraint("job_id", name="pk_job_pulse"),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("job_pulse")
    op.drop_table("job_event")
    op.drop_table("job_order")
