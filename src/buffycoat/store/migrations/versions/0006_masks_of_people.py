"""Who drew a mask, and the cells that are chosen to have theirs drawn."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for them."""
    # Said plainly: a column with a reference is added in place, where Alembic would make the whole table anew.
    op.execute("ALTER TABLE mask ADD COLUMN expert_id VARCHAR CONSTRAINT fk_mask_expert_id REFERENCES expert (id)")
    op.create_table(
        "mask_selection",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("taxonomy", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("quotas", sa.JSON(), nullable=False),
        sa.Column("whole_only", sa.JSON(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_mask_selection_run_id"),
        sa.PrimaryKeyConstraint("id", name="pk_mask_selection"),
    )
    op.create_index("uq_mask_selection_name", "mask_selection", ["name"], unique=True)


def downgrade() -> None:
    """Go back."""
    op.drop_table("mask_selection")
    with op.batch_alter_table("mask") as batch:
        batch.drop_constraint("fk_mask_expert_id", type_="foreignkey")
        batch.drop_column("expert_id")
