"""Labels that people give in the gallery."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for them."""
    op.create_table(
        "gallery_label",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("cell_id", sa.String(), nullable=False),
        sa.Column("expert_id", sa.String(), nullable=False),
        sa.Column("taxonomy", sa.String(), nullable=False),
        sa.Column("term", sa.String(), nullable=False),
        sa.Column("given_at", sa.DateTime(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("look", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["cell_id"], ["cell.id"], name="fk_gallery_label_cell_id"),
        sa.ForeignKeyConstraint(["expert_id"], ["expert.id"], name="fk_gallery_label_expert_id"),
        sa.PrimaryKeyConstraint("id", name="pk_gallery_label"),
    )
    op.create_index("ix_gallery_label_cell_id", "gallery_label", ["cell_id"])
    op.create_index("ix_gallery_label_newest", "gallery_label", ["expert_id", "cell_id", "given_at", "event"])


def downgrade() -> None:
    """Go back."""
    op.drop_table("gallery_label")
