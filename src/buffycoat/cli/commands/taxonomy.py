"""``buffycoat taxonomy``: list its terms, show one, draw the tree, begin and check a file of one's own."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Annotated

import typer

from buffycoat.cli.options import AsJson
from buffycoat.cli.output import show_result
from buffycoat.domain.taxonomy import Taxonomy, Term
from buffycoat.workflows.taxonomy import copy_taxonomy, draw_tree, load_taxonomy
from buffycoat.workflows.workspace import open_workspace

__all__ = ["register"]

Which = Annotated[
    str | None, typer.Option("--taxonomy", help="raabin, icsh, or a TOML file of your own.", show_default="raabin")
]
_WIDTH = 100
_INDENT = 13

commands = typer.Typer()


@commands.callback(invoke_without_command=True)
def taxonomy(context: typer.Context, *, which: Which = None, as_json: AsJson = False) -> None:
    """List the terms of a taxonomy, with their keys and other spellings; or show, draw, copy or check one."""
    context.obj = (which, as_json)
    if context.invoked_subcommand is None:
        _list(load_taxonomy(which or "raabin"), as_json=as_json)


@commands.command("list")
def list_terms(context: typer.Context, *, which: Which = None, as_json: AsJson = False) -> None:
    """List the terms, their keys and other spellings, and the levels."""
    chosen, as_json = _chosen(context, which, as_json=as_json)
    _list(chosen, as_json=as_json)


@commands.command()
def show(
    context: typer.Context,
    word: Annotated[str, typer.Argument(metavar="TERM", help="Its key, its name, or a spelling of a file.")],
    *,
    which: Which = None,
    as_json: AsJson = False,
) -> None:
    """Show one term: how it looks, where it is raised or lowered, what it counts as, after whom."""
    chosen, as_json = _chosen(context, which, as_json=as_json)
    term = chosen.read(word)
    show_result(term, _told(chosen, term), as_json=as_json)


@commands.command()
def draw(
    context: typer.Context,
    *,
    out: Annotated[Path, typer.Option(help="The SVG to write.")] = Path("taxonomy.svg"),
    which: Which = None,
    workspace: Annotated[
        Path | None, typer.Option("--workspace", "-w", help="Count the labels of this workspace too.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Draw the tree as SVG, with the counts of a workspace's labels where one is named."""
    before, json_before = context.obj
    if workspace is None:
        drawn, counted = draw_tree(out, taxonomy=which or before)
    else:
        with open_workspace(workspace) as opened:
            drawn, counted = draw_tree(out, taxonomy=which or before, workspace=opened)
    cells = "" if counted is None else f", {counted:,} cells"
    text = f"wrote {out}: {drawn.reference}, {len(drawn.terms)} terms{cells}"
    result = {"out": str(out), "taxonomy": drawn.reference, "cells": counted}
    show_result(result, text, as_json=as_json or json_before)


@commands.command()
def copy(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="The TOML to write; it must not be there yet.")],
    *,
    which: Which = None,
    name: Annotated[str | None, typer.Option(help="Name of the copy; without it, the file's.")] = None,
    as_json: AsJson = False,
) -> None:
    """Write a taxonomy as a TOML file, to begin one of your own with."""
    chosen, as_json = _chosen(context, which, as_json=as_json)
    copied = copy_taxonomy(chosen, file, name=name or file.stem)
    text = f"wrote {file}: {copied.reference}, {len(copied.terms)} terms of {chosen.reference}"
    show_result(copied, text, as_json=as_json)


@commands.command()
def check(file: Annotated[Path, typer.Argument(help="A TOML file of your own.")], *, as_json: AsJson = False) -> None:
    """Read a taxonomy file, and say what is wrong with it, or what is in it."""
    found = load_taxonomy(file)
    leaves = len(found.levels["full"])
    text = (
        f"{file.name}: {found.reference}, {len(found.terms)} terms, {leaves} leaves; levels {', '.join(found.levels)}"
    )
    show_result(found, text, as_json=as_json)


def _chosen(context: typer.Context, which: str | None, *, as_json: bool) -> tuple[Taxonomy, bool]:
    """Options may stand before the sub-command or after it."""
    before, json_before = context.obj
    return load_taxonomy(which or before or "raabin"), as_json or json_before


def _list(chosen: Taxonomy, *, as_json: bool) -> None:
    longest = max(len(term.key) for term in chosen.terms)
    named = max(len(term.name) for term in chosen.terms)
    lines = [
        f"{term.key:{longest}}  {term.name:{named}}  key {term.hotkey or '-'}  {', '.join(term.aliases)}".rstrip()
        for term in chosen.terms
    ]
    levels = [f"level {level}: {', '.join(chosen.classes(level))}" for level in chosen.levels if level != "full"]
    show_result(chosen, "\n".join([chosen.reference, *lines, *levels]), as_json=as_json)


def _told(chosen: Taxonomy, term: Term) -> str:
    rows = [
        ("path", " > ".join(chosen.path(term.key))),
        ("kind", term.kind.value),
        ("hotkey", term.hotkey),
        ("in files", ", ".join(term.aliases)),
        ("ontology", term.ontology or ""),
        ("in raabin", term.maps_to or ""),
        ("counts as", "; ".join(f"{level}: {chosen.roll_up(term.key, level) or 'outside'}" for level in chosen.levels)),
        ("looks", term.morphology),
        ("raised in", "; ".join(term.raised_in)),
        ("lowered in", "; ".join(term.lowered_in)),
        *[("after", chosen.sources[source]) for source in term.sources],
        ("note", chosen.notice),
    ]
    lines = [f"{term.key}: {term.name}  ({chosen.reference})"]
    for name, told in rows:
        if told:
            lines += textwrap.wrap(
                told, _WIDTH, initial_indent=f"  {name:{_INDENT - 2}}", subsequent_indent=" " * _INDENT
            )
    return "\n".join(lines)


def register(app: typer.Typer) -> None:
    """Add the command with its sub-commands."""
    app.add_typer(commands, name="taxonomy")
