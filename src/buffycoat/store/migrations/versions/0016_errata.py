"""Reports of wrong labels, and what curators made of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for them."""
    op.create_table(
        "erratum",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("release_id", sa.String(), nullable=False),
        sa.Column("cell_id", sa.String(), nullable=False),
        sa.Column("told_as", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=True),
        sa.Column("term", sa.String(), nullable=True),
        sa.Column("proposed", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("reporter", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("received_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name="fk_erratum_release_id"),
        sa.ForeignKeyConstraint(["cell_id"], ["cell.id"], name="fk_erratum_cell_id"),
        sa.PrimaryKeyConstraint("id", name="pk_erratum"),
    )
    op.create_index("ix_erratum_release_id", "erratum", ["release_id"])
    op.create_index("ix_erratum_cell_id", "erratum", ["cell_id"])
    op.create_table(
        "erratum_answer",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("erratum_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("given_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["erratum_id"], ["erratum.id"], name="fk_erratum_answer_erratum_id"),
        sa.PrimaryKeyConstraint("id", name="pk_erratum_answer"),
    )
    op.create_index("ix_erratum_answer_erratum_id", "erratum_answer", ["erratum_id"])


def downgrade() -> None:
    """Go back."""
    op.drop_table("erratum_answer")
    op.drop_table("erratum")
