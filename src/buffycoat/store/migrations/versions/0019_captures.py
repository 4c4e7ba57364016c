"""Set-ups with a name, and photographs that devices send."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for them."""
    op.create_table(
        "preset",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("microscope", sa.String(), nullable=False),
        sa.Column("objective_magnification", sa.Float(), nullable=True),
        sa.Column("camera", sa.String(), nullable=True),
        sa.Column("adapter", sa.String(), nullable=False),
        sa.Column("micrometres_per_pixel", sa.Float(), nullable=True),
        sa.Column("scale_source", sa.String(), nullable=False),
        sa.Column("quarter_turns", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("expert_id", sa.String(), nullable=True),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["expert_id"], ["expert.id"], name="fk_preset_expert_id"),
        sa.PrimaryKeyConstraint("id", name="pk_preset"),
    )
    op.create_index("uq_preset_name", "preset", ["name"], unique=True)
    op.create_table(
        "arrival",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("field_id", sa.String(), nullable=False),
        sa.Column("expert_id", sa.String(), nullable=True),
        sa.Column("preset_id", sa.String(), nullable=True),
        sa.Column("in_counting_area", sa.String(), nullable=False),
        sa.Column("taken_on", sa.String(), nullable=True),
        sa.Column("white_cells", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=True),
        sa.Column("size_bytes", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=True),
        sa.Column("sent", sa.Boolean(), nullable=False),
        sa.Column("arrived_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["field_id"], ["field_of_view.id"], name="fk_arrival_field_id"),
        sa.ForeignKeyConstraint(["expert_id"], ["expert.id"], name="fk_arrival_expert_id"),
        sa.ForeignKeyConstraint(["preset_id"], ["preset.id"], name="fk_arrival_preset_id"),
        sa.PrimaryKeyConstraint("id", name="pk_arrival"),
    )
    op.create_index("ix_arrival_field_id", "arrival", ["field_id"])


def downgrade() -> None:
    """Go back."""
    op.drop_table("arrival")
    op.drop_table("preset")
