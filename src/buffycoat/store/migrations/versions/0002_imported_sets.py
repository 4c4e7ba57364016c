"""Imported sets: fields and cells without pixels, closed rounds, releases that can be made again, saved queries."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.types import TypeEngine

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_FIELD: dict[str, TypeEngine[Any]] = {
    "received": sa.String(),
    "digest": sa.String(),
    "pixels": sa.String(),
    "media_type": sa.String(),
    "quality": sa.JSON(),
    "width_px": sa.Integer(),
    "height_px": sa.Integer(),
}
_CELL: dict[str, TypeEngine[Any]] = {
    "crop": sa.String(),
    "sharpness": sa.Float(),
    "average_hash": sa.String(),
    "perceptual_hash": sa.String(),
}
_INDEXES = {
    "document": "ix_document_run_id",
    "outcome": "ix_outcome_run_id",
    "release": "ix_release_run_id",
    "round": "ix_round_run_id",
    "covered_field": "ix_covered_field_run_id",
    "scorecard": "ix_scorecard_run_id",
    "mask": "ix_mask_run_id",
    "repeat": "ix_repeat_run_id",
    "cell": "ix_cell_run_id",
    "field_of_view": "ix_field_of_view_run_id",
}


def upgrade() -> None:
    """Loosen what an imported set cannot say, and make room for what it brings."""
    for table, index in _INDEXES.items():
        op.drop_index(index, table)
    op.drop_index("ix_field_of_view_capture_id", "field_of_view")
    for index in ("ix_label_run_id", "ix_label_expert_id", "ix_label_round_id", "uq_label_first"):
        op.drop_index(index, "label")
    for name in ("label", "mask"):
        with op.batch_alter_table(name) as batch:
            batch.drop_constraint(f"uq_{name}_supersedes", type_="unique")
        given = sa.text("supersedes IS NOT NULL")
        op.create_index(
            f"uq_{name}_supersedes", name, ["supersedes"], unique=True, sqlite_where=given, postgresql_where=given
        )
    first = sa.text("supersedes IS NULL")
    op.create_index(
        "uq_label_first",
        "label",
        ["round_id", "cell_id", "expert_id", "purpose"],
        unique=True,
        sqlite_where=first,
        postgresql_where=first,
    )
    with op.batch_alter_table("field_of_view") as batch:
        for name, kind in _FIELD.items():
            batch.alter_column(name, existing_type=kind, nullable=True)
    with op.batch_alter_table("cell") as batch:
        for name, kind in _CELL.items():
            batch.alter_column(name, existing_type=kind, nullable=True)
        batch.add_column(sa.Column("origin", sa.String(), nullable=True))
    op.add_column("round", sa.Column("closed_at", sa.DateTime(), nullable=True))
    op.add_column("release", sa.Column("about", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("release", sa.Column("contents", sa.String(), nullable=True))
    op.add_column("release", sa.Column("formats", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("release", sa.Column("leaks", sa.JSON(), nullable=False, server_default="{}"))
    op.create_table(
        "taxonomy",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_taxonomy_run_id"),
        sa.PrimaryKeyConstraint("id", name="pk_taxonomy"),
    )
    op.create_table(
        "query",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("standing", sa.JSON(), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("smears", sa.JSON(), nullable=False),
        sa.Column("setups", sa.JSON(), nullable=False),
        sa.Column("kept", sa.Boolean(), nullable=True),
        sa.Column("with_masks", sa.Boolean(), nullable=True),
        sa.Column("with_pixels", sa.Boolean(), nullable=True),
        sa.Column("round", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_query"),
    )
    op.create_table(
        "correction",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("smear_id", sa.String(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_correction_run_id"),
        sa.ForeignKeyConstraint(["smear_id"], ["smear.id"], name="fk_correction_smear_id"),
        sa.PrimaryKeyConstraint("id", name="pk_correction"),
    )
    op.create_index("ix_correction_smear_id", "correction", ["smear_id"], unique=False)


def downgrade() -> None:
    """Go back, where no imported set is in the way."""
    for name in ("correction", "query", "taxonomy"):
        op.drop_table(name)
    with op.batch_alter_table("release") as batch:
        for name in ("leaks", "formats", "contents", "about"):
            batch.drop_column(name)
    with op.batch_alter_table("round") as batch:
        batch.drop_column("closed_at")
    with op.batch_alter_table("cell") as batch:
        batch.drop_column("origin")
        for name, kind in _CELL.items():
            batch.alter_column(name, existing_type=kind, nullable=False)
    with op.batch_alter_table("field_of_view") as batch:
        for name, kind in _FIELD.items():
            batch.alter_column(name, existing_type=kind, nullable=False)
    for name, index in _INDEXES.items():
        op.create_index(index, name, ["run_id"])
    op.create_index("ix_field_of_view_capture_id", "field_of_view", ["capture_id"])
    op.drop_index("uq_label_first", "label")
    for name in ("label", "mask"):
        op.drop_index(f"uq_{name}_supersedes", name)
        with op.batch_alter_table(name) as batch:
            batch.create_unique_constraint(f"uq_{name}_supersedes", ["supersedes"])
    for name in ("run_id", "expert_id", "round_id"):
        op.create_index(f"ix_label_{name}", "label", [name])
    first = sa.text("supersedes IS NULL")
    op.create_index(
        "uq_label_first",
        "label",
        ["cell_id", "expert_id", "round_id", "purpose"],
        unique=True,
        sqlite_where=first,
        postgresql_where=first,
    )
