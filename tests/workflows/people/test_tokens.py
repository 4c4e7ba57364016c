"""On which days tokens were used."""

from __future__ import annotations

from buffycoat.domain.account import Scope, TokenUse
from buffycoat.workflows.people import sessions, tokens
from buffycoat.workflows.workspace import Workspace


def uses_of(workspace: Workspace) -> list[TokenUse]:
    with workspace.database.reading() as transaction:
        return transaction.find(TokenUse)


def test_the_first_use_of_each_day_is_kept_and_the_last_is_told(workspace: Workspace, clock, person):
    edna = person(workspace, "edna")
    one = sessions.make_token(workspace, edna.id, name="one", scope=Scope.READ, days=90)
    sessions.make_token(workspace, edna.id, name="two", scope=Scope.READ, days=90)
    uses = tokens.Uses()
    assert not uses.is_kept(one.id)
    first = clock()
    uses.keep(workspace, one.id)
    assert uses.is_kept(one.id)
    clock.pass_by(hours=1)
    tokens.Uses().keep(workspace, one.id)  # another process, on the same day
    assert [use.made_at for use in uses_of(workspace)] == [first]
    clock.pass_by(days=2)
    assert not uses.is_kept(one.id), "another day"
    uses.keep(workspace, one.id)
    listed = {token.name: token for token in sessions.list_tokens(workspace, edna.id)}
    assert (listed["one"].used_at, listed["two"].used_at) == (clock(), None)
    assert listed["one"].token is None
