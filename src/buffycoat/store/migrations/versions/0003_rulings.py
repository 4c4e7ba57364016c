"""Repeats that people rule on, repeats across smears, and who else found a cell."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for them."""
    op.add_column("cell", sa.Column("agreed", sa.JSON(), nullable=False, server_default="[]"))
    op.create_table(
        "cross_repeat",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("cell_id", sa.String(), nullable=False),
        sa.Column("other_id", sa.String(), nullable=False),
        sa.Column("edge", sa.JSON(), nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        *_references("cross_repeat", cell_id="cell", other_id="cell", run_id="run"),
        sa.PrimaryKeyConstraint("id", name="pk_cross_repeat"),
    )
    op.create_table(
        "repeat_ruling",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("smear_id", sa.String(), nullable=False),
        sa.Column("cell_id", sa.String(), nullable=False),
        sa.Column("other_id", sa.String(), nullable=False),
        sa.Column("ruled", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("given_at", sa.DateTime(), nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        *_references("repeat_ruling", smear_id="smear", cell_id="cell", other_id="cell", run_id="run"),
        sa.PrimaryKeyConstraint("id", name="pk_repeat_ruling"),
    )
    for table, columns in (
        ("cross_repeat", ("cell_id", "other_id")),
        ("repeat_ruling", ("cell_id", "other_id", "smear_id")),
    ):
        for column in columns:
            op.create_index(f"ix_{table}_{column}", table, [column], unique=False)


def _references(table: str, **targets: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{table}_{column}")
        for column, target in targets.items()
    ]


def downgrade() -> None:
    """Go back."""
    for table in ("repeat_ruling", "cross_repeat"):
        op.drop_table(table)
    with op.batch_alter_table("cell") as batch:
        batch.drop_column("agreed")
