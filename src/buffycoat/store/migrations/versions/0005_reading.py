"""Reading rounds: what a round is for, answers as events, and the end of a round."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_ROUND: tuple[sa.Column[Any], ...] = (
    sa.Column("mode", sa.String(), nullable=False, server_default="blind"),
    sa.Column("level", sa.String(), nullable=False, server_default="full"),
    sa.Column("repeat_share", sa.Float(), nullable=False, server_default="0"),
    sa.Column("gold", sa.JSON(), nullable=False, server_default="[]"),
    sa.Column("secret", sa.String(), nullable=False, server_default=""),
)
_LABEL: tuple[sa.Column[Any], ...] = (
    sa.Column("event", sa.String(), nullable=True),
    sa.Column("withdrawn", sa.Boolean(), nullable=False, server_default="0"),
    sa.Column("look", sa.String(), nullable=False, server_default="single"),
    sa.Column("turned", sa.Integer(), nullable=False, server_default="0"),
)
# A round was closed once every expert had read every cell of it.
_CLOSE = """
INSERT INTO closing (id, round_id, by, closed_at)
SELECT 'c' || substr(id, 2), id, NULL, coalesce((SELECT max(given_at) FROM label WHERE round_id = round.id), opened_at)
FROM round
WHERE closed_at IS NULL
  AND json_array_length(cells) * json_array_length(experts) = (
    SELECT count(*) FROM (
      SELECT DISTINCT cell_id, expert_id FROM label
      WHERE round_id = round.id AND purpose = 'reading'
        AND cell_id IN (SELECT value FROM json_each(round.cells))
        AND expert_id IN (SELECT value FROM json_each(round.experts))
    ) AS answered
  )
"""
# PostgreSQL names the same functions otherwise.
_LISTS = {"json_each(": "json_array_elements_text("}
# What people answered are events from now on; what came with a set stays as it is.
_EVENTS = "UPDATE label SET event = id WHERE round_id IN (SELECT id FROM round WHERE closed_at IS NULL)"


def upgrade() -> None:
    """Make room for them."""
    op.create_table(
        "closing",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("round_id", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=True),
        sa.Column("closed_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name="fk_closing_round_id"),
        sa.PrimaryKeyConstraint("id", name="pk_closing"),
    )
    op.create_index("uq_closing_round", "closing", ["round_id"], unique=True)
    for table, columns in (("round", _ROUND), ("label", _LABEL)):
        for column in columns:
            op.add_column(table, column)
    op.drop_index("uq_label_first", "label")
    op.execute(_EVENTS)
    close = _CLOSE
    if op.get_context().dialect.name == "postgresql":
        for one, other in _LISTS.items():
            close = close.replace(one, other)
    op.execute(close)
    _first("supersedes IS NULL AND event IS NULL")
    imported = sa.text("event IS NULL")
    op.create_index("ix_label_imported", "label", ["round_id"], sqlite_where=imported, postgresql_where=imported)
    given = sa.text("event IS NOT NULL")
    place = ["round_id", "expert_id", "cell_id", "purpose", "given_at", "event"]
    op.create_index("ix_label_event", "label", place, sqlite_where=given, postgresql_where=given)


def _first(where: str) -> None:
    first = sa.text(where)
    columns = ["round_id", "cell_id", "expert_id", "purpose"]
    op.create_index("uq_label_first", "label", columns, unique=True, sqlite_where=first, postgresql_where=first)


def downgrade() -> None:
    """Go back, where no expert answered a cell twice."""
    op.drop_index("ix_label_event", "label")
    op.drop_index("ix_label_imported", "label")
    op.drop_index("uq_label_first", "label")
    for table, columns in (("label", _LABEL), ("round", _ROUND)):
        with op.batch_alter_table(table) as batch:
            for column in columns:
                batch.drop_column(column.name)
    _first("supersedes IS NULL")
    op.drop_table("closing")
