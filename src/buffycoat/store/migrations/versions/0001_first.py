"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "capture",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("microscope", sa.String(), nullable=False),
        sa.Column("objective_magnification", sa.Float(), nullable=True),
        sa.Column("camera", sa.String(), nullable=False),
        sa.Column("micrometres_per_pixel", sa.Float(), nullable=True),
        sa.Column("scale_source", sa.String(), nullable=False),
        sa.Column("quarter_turns", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_capture"),
    )
    op.create_table(
        "expert",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("handle", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_expert"),
    )
    op.create_index("uq_expert_handle", "expert", ["handle"], unique=True)
    op.create_table(
        "run",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("room", sa.String(), nullable=False),
        sa.Column("function", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.Column("inputs", sa.String(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=True),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_run"),
    )
    op.create_table(
        "smear",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("stain", sa.String(), nullable=False),
        sa.Column("diagnosis", sa.String(), nullable=False),
        sa.Column("site", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=True),
        sa.Column("sex", sa.String(), nullable=False),
        sa.Column("age_band", sa.String(), nullable=False),
        sa.Column("ethics_reference", sa.String(), nullable=True),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_smear"),
    )
    op.create_index("uq_smear_site_code", "smear", ["site", "code"], unique=True)
    op.create_table(
        "document",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_document_run_id"),
        sa.PrimaryKeyConstraint("id", name="pk_document"),
    )
    op.create_index("ix_document_run_id", "document", ["run_id"], unique=False)
    op.create_table(
        "field_of_view",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("smear_id", sa.String(), nullable=False),
        sa.Column("capture_id", sa.String(), nullable=False),
        sa.Column("received", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("pixels", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("quarter_turns", sa.Integer(), nullable=False),
        sa.Column("width_px", sa.Integer(), nullable=False),
        sa.Column("height_px", sa.Integer(), nullable=False),
        sa.Column("red_cell_diameter_px", sa.Float(), nullable=True),
        sa.Column("quality", sa.JSON(), nullable=False),
        sa.Column("exif", sa.JSON(), nullable=False),
        sa.Column("icc_profile", sa.String(), nullable=True),
        sa.Column("stripped", sa.JSON(), nullable=False),
        sa.Column("origin", sa.String(), nullable=True),
        sa.Column("crop_only", sa.Boolean(), nullable=False),
        sa.Column("ingested_at", sa.DateTime(), nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["capture_id"], ["capture.id"], name="fk_field_of_view_capture_id"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_field_of_view_run_id"),
        sa.ForeignKeyConstraint(["smear_id"], ["smear.id"], name="fk_field_of_view_smear_id"),
        sa.PrimaryKeyConstraint("id", name="pk_field_of_view"),
    )
    op.create_index("ix_field_of_view_capture_id", "field_of_view", ["capture_id"], unique=False)
    op.create_index("ix_field_of_view_run_id", "field_of_view", ["run_id"], unique=False)
    op.create_index("ix_field_of_view_smear_id", "field_of_view", ["smear_id"], unique=False)
    op.create_index("uq_field_of_view_received", "field_of_view", ["received"], unique=True)
    op.create_table(
        "outcome",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("room", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("produced", sa.String(), nullable=True),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("finished_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_outcome_run_id"),
        sa.PrimaryKeyConstraint("id", name="pk_outcome"),
    )
    op.create_index("ix_outcome_run_id", "outcome", ["run_id"], unique=False)
    op.create_index("ix_outcome_subject", "outcome", ["room", "subject"], unique=False)
    op.create_table(
        "release",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("taxonomy", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("license", sa.String(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("splits", sa.JSON(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("manifest", sa.String(), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(), nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_release_run_id"),
        sa.PrimaryKeyConstraint("id", name="pk_release"),
    )
    op.create_index("ix_release_run_id", "release", ["run_id"], unique=False)
    op.create_index("uq_release_version", "release", ["version"], unique=True)
    op.create_table(
        "round",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("taxonomy", sa.String(), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.Column("experts", sa.JSON(), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_round_run_id"),
        sa.PrimaryKeyConstraint("id", name="pk_round"),
    )
    op.create_index("ix_round_run_id", "round", ["run_id"], unique=False)
    op.create_index("uq_round_name", "round", ["name"], unique=True)
    op.create_table(
        "cell",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("extent", sa.JSON(), nullable=False),
        sa.Column("box", sa.JSON(), nullable=False),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("found_by", sa.String(), nullable=False),
        sa.Column("field_id", sa.String(), nullable=False),
        sa.Column("crop", sa.String(), nullable=False),
        sa.Column("sharpness", sa.Float(), nullable=False),
        sa.Column("average_hash", sa.String(), nullable=False),
        sa.Column("perceptual_hash", sa.String(), nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["field_id"], ["field_of_view.id"], name="fk_cell_field_id"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_cell_run_id"),
        sa.PrimaryKeyConstraint("id", name="pk_cell"),
    )
    op.create_index("ix_cell_field_id", "cell", ["field_id"], unique=False)
    op.create_index("ix_cell_run_id", "cell", ["run_id"], unique=False)
    op.create_table(
        "covered_field",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("smear_id", sa.String(), nullable=False),
        sa.Column("field_id", sa.String(), nullable=False),
        sa.Column("covered_by", sa.String(), nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["covered_by"], ["field_of_view.id"], name="fk_covered_field_covered_by"),
        sa.ForeignKeyConstraint(["field_id"], ["field_of_view.id"], name="fk_covered_field_field_id"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_covered_field_run_id"),
        sa.ForeignKeyConstraint(["smear_id"], ["smear.id"], name="fk_covered_field_smear_id"),
        sa.PrimaryKeyConstraint("id", name="pk_covered_field"),
    )
    op.create_index("ix_covered_field_covered_by", "covered_field", ["covered_by"], unique=False)
    op.create_index("ix_covered_field_field_id", "covered_field", ["field_id"], unique=False)
    op.create_index("ix_covered_field_run_id", "covered_field", ["run_id"], unique=False)
    op.create_index("ix_covered_field_smear_id", "covered_field", ["smear_id"], unique=False)
    op.create_table(
        "scorecard",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("release_id", sa.String(), nullable=False),
        sa.Column("recipe", sa.String(), nullable=False),
        sa.Column("split", sa.String(), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("confusion", sa.JSON(), nullable=False),
        sa.Column("accuracy", sa.Float(), nullable=True),
        sa.Column("balanced_accuracy", sa.Float(), nullable=True),
        sa.Column("interval", sa.JSON(), nullable=True),
        sa.Column("baseline", sa.Float(), nullable=True),
        sa.Column("per_term", sa.JSON(), nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name="fk_scorecard_release_id"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_scorecard_run_id"),
        sa.PrimaryKeyConstraint("id", name="pk_scorecard"),
    )
    op.create_index("ix_scorecard_release_id", "scorecard", ["release_id"], unique=False)
    op.create_index("ix_scorecard_run_id", "scorecard", ["run_id"], unique=False)
    op.create_table(
        "label",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("cell_id", sa.String(), nullable=False),
        sa.Column("expert_id", sa.String(), nullable=False),
        sa.Column("round_id", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("term", sa.String(), nullable=False),
        sa.Column("given_at", sa.DateTime(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=True),
        sa.Column("comment", sa.String(), nullable=False),
        sa.Column("supersedes", sa.String(), nullable=True),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["cell_id"], ["cell.id"], name="fk_label_cell_id"),
        sa.ForeignKeyConstraint(["expert_id"], ["expert.id"], name="fk_label_expert_id"),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name="fk_label_round_id"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_label_run_id"),
        sa.ForeignKeyConstraint(["supersedes"], ["label.id"], name="fk_label_supersedes"),
        sa.PrimaryKeyConstraint("id", name="pk_label"),
        sa.UniqueConstraint("supersedes", name="uq_label_supersedes"),
    )
    op.create_index("ix_label_cell_id", "label", ["cell_id"], unique=False)
    op.create_index("ix_label_expert_id", "label", ["expert_id"], unique=False)
    op.create_index("ix_label_round_id", "label", ["round_id"], unique=False)
    op.create_index("ix_label_run_id", "label", ["run_id"], unique=False)
    op.create_index(
        "uq_label_first",
        "label",
        ["cell_id", "expert_id", "round_id", "purpose"],
        unique=True,
        sqlite_where=sa.text("supersedes IS NULL"),
        postgresql_where=sa.text("supersedes IS NULL"),
    )
    op.create_table(
        "mask",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("cell_id", sa.String(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("height_px", sa.Integer(), nullable=False),
        sa.Column("width_px", sa.Integer(), nullable=False),
        sa.Column("run_lengths", sa.JSON(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("failure", sa.String(), nullable=True),
        sa.Column("supersedes", sa.String(), nullable=True),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["cell_id"], ["cell.id"], name="fk_mask_cell_id"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_mask_run_id"),
        sa.ForeignKeyConstraint(["supersedes"], ["mask.id"], name="fk_mask_supersedes"),
        sa.PrimaryKeyConstraint("id", name="pk_mask"),
        sa.UniqueConstraint("supersedes", name="uq_mask_supersedes"),
    )
    op.create_index("ix_mask_cell_id", "mask", ["cell_id"], unique=False)
    op.create_index("ix_mask_run_id", "mask", ["run_id"], unique=False)
    op.create_table(
        "repeat",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("smear_id", sa.String(), nullable=False),
        sa.Column("cell_id", sa.String(), nullable=False),
        sa.Column("kept_id", sa.String(), nullable=False),
        sa.Column("edges", sa.JSON(), nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["cell_id"], ["cell.id"], name="fk_repeat_cell_id"),
        sa.ForeignKeyConstraint(["kept_id"], ["cell.id"], name="fk_repeat_kept_id"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_repeat_run_id"),
        sa.ForeignKeyConstraint(["smear_id"], ["smear.id"], name="fk_repeat_smear_id"),
        sa.PrimaryKeyConstraint("id", name="pk_repeat"),
    )
    op.create_index("ix_repeat_cell_id", "repeat", ["cell_id"], unique=False)
    op.create_index("ix_repeat_kept_id", "repeat", ["kept_id"], unique=False)
    op.create_index("ix_repeat_run_id", "repeat", ["run_id"], unique=False)
    op.create_index("ix_repeat_smear_id", "repeat", ["smear_id"], unique=False)
    op.create_index("uq_repeat_cell_run", "repeat", ["cell_id", "run_id"], unique=True)


def downgrade() -> None:
    """Remove them."""
    for table in (
        "repeat",
        "mask",
        "label",
        "scorecard",
        "covered_field",
        "cell",
        "round",
        "release",
        "outcome",
        "field_of_view",
        "document",
        "smear",
        "run",
        "expert",
        "capture",
    ):
        op.drop_table(table)
