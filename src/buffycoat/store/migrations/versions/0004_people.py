"""People who sign in: roles, passwords, sign-ins, tokens, invitations, and what ends them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for them."""
    _table(
        "appointment",
        _text("role"),
        sa.Column("active", sa.Boolean(), nullable=False),
        _text("by", nullable=True),
        _moment("made_at"),
    )
    _table("password", _text("hash"), _moment("made_at"))
    _table("sign_in", _text("digest"), _moment("made_at"), _moment("expires_at"))
    _table("token", _text("name"), _text("scope"), _text("digest"), _moment("made_at"), _moment("expires_at"))
    op.create_table(
        "invitation",
        _text("id"),
        _text("role"),
        _text("handle", nullable=True),
        _text("digest"),
        _text("by", nullable=True),
        _moment("made_at"),
        _moment("expires_at"),
        sa.PrimaryKeyConstraint("id", name="pk_invitation"),
    )
    op.create_table(
        "revocation",
        _text("id"),
        _text("subject"),
        _text("reason"),
        _text("by", nullable=True),
        _moment("made_at"),
        sa.PrimaryKeyConstraint("id", name="pk_revocation"),
    )


def _table(name: str, *columns: sa.Column[Any]) -> None:
    """Make a table of what belongs to one expert."""
    op.create_table(
        name,
        _text("id"),
        _text("expert_id"),
        *columns,
        sa.ForeignKeyConstraint(["expert_id"], ["expert.id"], name=f"fk_{name}_expert_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
    )
    op.create_index(f"ix_{name}_expert_id", name, ["expert_id"], unique=False)


def _text(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(), nullable=nullable)


def _moment(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(), nullable=False)


def downgrade() -> None:
    """Go back."""
    for table in ("revocation", "invitation", "token", "sign_in", "password", "appointment"):
        op.drop_table(table)
