"""The audit log, chained and only added to, and who was shown which suggestion."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_REFUSED = "SELECT RAISE(ABORT, 'the audit log is only added to')"
_LATE = "NEW.seq <> (SELECT coalesce(max(seq) + 1, 0) FROM audit_entry)"
_TRIGGERS = (
    f"CREATE TRIGGER audit_entry_is_not_changed BEFORE UPDATE ON audit_entry BEGIN {_REFUSED}; END",
    f"CREATE TRIGGER audit_entry_is_not_removed BEFORE DELETE ON audit_entry BEGIN {_REFUSED}; END",
    # INSERT OR REPLACE removes without asking the trigger above.
    f"CREATE TRIGGER audit_entry_comes_last BEFORE INSERT ON audit_entry WHEN {_LATE} BEGIN {_REFUSED}; END",
)
# PostgreSQL keeps what a trigger does apart from when it does it.
_GUARD = f"""
CREATE FUNCTION audit_entry_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    RAISE EXCEPTION 'the audit log is only added to';
  ELSIF {_LATE} THEN
    RAISE EXCEPTION 'the audit log is only added to';
  END IF;
  RETURN NEW;
END $$
"""
_WHEN = "CREATE TRIGGER audit_entry_{} BEFORE {} ON audit_entry FOR EACH {} EXECUTE FUNCTION audit_entry_guard()"
_GUARDED = (
    _GUARD,
    _WHEN.format("is_not_changed", "UPDATE OR DELETE", "ROW"),
    _WHEN.format("is_not_emptied", "TRUNCATE", "STATEMENT"),
    _WHEN.format("comes_last", "INSERT", "ROW"),
)


def upgrade() -> None:
    """Make room for them; what is there already is entered by ``store.database`` in the same transaction."""
    op.create_table(
        "showing",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("expert_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("shown", sa.String(), nullable=False),
        sa.Column("salt", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("round_id", sa.String(), nullable=True),
        sa.Column("shown_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["expert_id"], ["expert.id"], name="fk_showing_expert_id"),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name="fk_showing_round_id"),
        sa.PrimaryKeyConstraint("id", name="pk_showing"),
    )
    op.create_table(
        "audit_entry",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("moment", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=True),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject_class", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("round_id", sa.String(), nullable=True),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("salt", sa.String(), nullable=False),
        sa.Column("previous", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_audit_entry"),
    )
    # Answers are by far the most, and are never looked for by their id.
    few = sa.text("subject_class <> 'label'")
    op.create_index("ix_audit_entry_subject", "audit_entry", ["subject", "seq"], sqlite_where=few, postgresql_where=few)
    for statement in _GUARDED if op.get_context().dialect.name == "postgresql" else _TRIGGERS:
        op.execute(statement)


def downgrade() -> None:
    """Go back."""
    op.drop_table("audit_entry")
    if op.get_context().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_entry_guard()")
    op.drop_table("showing")
