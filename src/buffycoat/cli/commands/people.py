"""``buffycoat people``: accounts, roles, invitations and tokens. Whoever may write to the folder may do all of it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from buffycoat.cli.options import AsJson, WorkspaceFolder
from buffycoat.cli.output import say, show_result
from buffycoat.domain.account import PersonFacts, Scope, fold_handle
from buffycoat.domain.label import Role
from buffycoat.errors import InputError, NotFound
from buffycoat.workflows import people as rooms
from buffycoat.workflows.people import invitations, sessions
from buffycoat.workflows.workspace import Workspace, open_workspace

__all__ = ["register"]

Handle = Annotated[str, typer.Argument(metavar="HANDLE", help="What stands for the person everywhere.")]
WhichRole = Annotated[
    Role, typer.Option("--role", help="viewer, trainee, expert, adjudicator, curator or admin.", show_default=False)
]

commands = typer.Typer(no_args_is_help=True)


@commands.callback()
def people() -> None:
    """List the people of a workspace, make accounts, change roles, invite, and make tokens for programs."""


@commands.command("list")
def list_people(workspace: WorkspaceFolder = Path("workspace"), *, as_json: AsJson = False) -> None:
    """List everybody who has an account or reads in a round."""
    with open_workspace(workspace) as opened:
        found = rooms.list_people(opened)
    show_result(found, "\n".join([f"{len(found)} people", *map(_line, found)]), as_json=as_json)


def _line(facts: PersonFacts) -> str:
    if facts.since is None:
        state = "no account"
    elif not facts.active:
        state = "off"
    elif facts.person.simulated:
        state = "on, of the demo"
    else:
        state = "on" if facts.has_password else "on, no password yet"
    return f"  {facts.person.handle:20}  {facts.person.role:12}  {state}"


@commands.command()
def add(handle: Handle, workspace: WorkspaceFolder = Path("workspace"), *, role: WhichRole) -> None:
    """Make an account; the password is asked for, or read from standard input."""
    with open_workspace(workspace) as opened:
        made = rooms.add_person(opened, handle=handle, role=role, password=_read_password())
    say(f"{made.person.handle} may sign in as {made.person.role}")


@commands.command()
def invite(
    workspace: WorkspaceFolder = Path("workspace"),
    *,
    role: WhichRole,
    handle: Annotated[str | None, typer.Option(help="The only handle that it may be taken under.")] = None,
    as_json: AsJson = False,
) -> None:
    """Make a link for one account: seven days, one use. With the handle of an account, a way back in."""
    with open_workspace(workspace) as opened:
        made = invitations.invite(opened, role=role, handle=handle)
    text = (
        f"{made.path}\nappend this to the address of the studio; good once, until {made.expires_at:%Y-%m-%d %H:%M} UTC"
    )
    show_result(made, text, as_json=as_json)


@commands.command()
def role(
    handle: Handle, new: Annotated[Role, typer.Argument(metavar="ROLE")], workspace: WorkspaceFolder = Path("workspace")
) -> None:
    """Give a person another role."""
    with open_workspace(workspace) as opened:
        made = rooms.appoint(opened, _id(opened, handle), role=new)
    say(f"{made.person.handle} is {made.person.role}")


@commands.command()
def off(handle: Handle, workspace: WorkspaceFolder = Path("workspace")) -> None:
    """Switch an account off: the person is signed out everywhere, and tokens end."""
    with open_workspace(workspace) as opened:
        made = rooms.appoint(opened, _id(opened, handle), active=False)
    say(f"{made.person.handle} is off")


@commands.command()
def on(handle: Handle, workspace: WorkspaceFolder = Path("workspace")) -> None:
    """Switch an account on again."""
    with open_workspace(workspace) as opened:
        made = rooms.appoint(opened, _id(opened, handle), active=True)
    say(f"{made.person.handle} is on")


@commands.command()
def password(handle: Handle, workspace: WorkspaceFolder = Path("workspace")) -> None:
    """Give a person another password, asked for or read from standard input; sign-ins and tokens end."""
    with open_workspace(workspace) as opened:
        made = rooms.set_password(opened, _id(opened, handle), _read_password())
    say(f"{made.person.handle} has another password")


@commands.command()
def token(
    handle: Handle,
    workspace: WorkspaceFolder = Path("workspace"),
    *,
    name: Annotated[str, typer.Option(help="What it is for.", show_default=False)],
    scope: Annotated[
        Scope,
        typer.Option(help="read: look; label: answer in rounds too; all: what the person may; metrics: that alone."),
    ] = Scope.READ,
    days: Annotated[int, typer.Option(min=1, max=366, help="How long it holds.")] = 90,
    as_json: AsJson = False,
) -> None:
    """Make a token for a program of a person; it is told once."""
    with open_workspace(workspace) as opened:
        made = sessions.make_token(opened, _id(opened, handle), name=name, scope=scope, days=days)
    text = f"{made.token}\ngood until {made.expires_at:%Y-%m-%d}; send it as `Authorization: Bearer …`"
    show_result(made, text, as_json=as_json)


def _id(workspace: Workspace, handle: str) -> str:
    """Return who is meant.

    Raises
    ------
    NotFound
        Nobody has this handle.
    """
    found = rooms.list_people(workspace)
    exact = [facts for facts in found if facts.person.handle == handle]
    alike = exact or [facts for facts in found if fold_handle(facts.person.handle) == fold_handle(handle)]
    if not alike:
        raise NotFound("nobody has this handle", found=handle, hint="`buffycoat people list` names everybody")
    return alike[0].person.id


def _read_password() -> str:
    """Return a password that was typed without being shown, or the first line of standard input; never an argument.

    Raises
    ------
    InputError
        Standard input is empty.
    """
    if sys.stdin.isatty():
        return str(typer.prompt("password", hide_input=True, confirmation_prompt=True))
    given = sys.stdin.readline().rstrip("\r\n")
    if not given:
        raise InputError(
            "there is no password", expected="one line on standard input", hint="or run the command in a terminal"
        )
    return given


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(commands, name="people")
