"""The commands, and the one place where an error becomes an exit status."""

from __future__ import annotations

import json
import signal
import sys
from typing import Annotated

import typer

from buffycoat.cli.commands import (
    adapter,
    agree,
    audit,
    backup,
    capture,
    classify,
    clean,
    demo,
    detect,
    detectors,
    differential,
    doctor,
    errata,
    fetch,
    filters,
    import_set,
    ingest,
    inspect,
    jobs,
    label,
    learn,
    masks,
    metadata,
    migrate_to,
    objects,
    people,
    publish,
    repeats,
    report,
    restore,
    run,
    segment,
    serve,
    site,
    taxonomy,
    withdraw,
    work,
)
from buffycoat.cli.stop import INTERRUPTED, Stopped
from buffycoat.cli.visible import visible
from buffycoat.errors import BuffycoatError
from buffycoat.version import VERSION

__all__ = ["app", "main"]

app = typer.Typer(
    name="buffycoat",
    help="From photographs of blood smears to a white blood cell data set you can trust.",
    epilog="Exit status: 0 done, 1 done but some files were refused, 2 wrong input, 3 not found, 4 conflict, 5 not "
    "allowed, 6 broken promise of the data, 7 set-up, 130 interrupted. Not a medical device.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _say_version(value: bool) -> None:  # noqa: FBT001 (a flag's callback)
    if value:
        typer.echo(f"buffycoat {VERSION}")
        raise typer.Exit


@app.callback()
def root(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Run without a command to see the list of them."""


for module in (
    run,
    demo,
    fetch,
    import_set,
    ingest,
    capture,
    metadata,
    filters,
    detectors,
    detect,
    clean,
    repeats,
    label,
    agree,
    differential,
    segment,
    masks,
    classify,
    publish,
    site,
    errata,
    learn,
    report,
    serve,
    work,
    jobs,
    people,
    audit,
    backup,
    restore,
    doctor,
    withdraw,
    migrate_to,
    objects,
    inspect,
    taxonomy,
    adapter,
):
    module.register(app)


def main() -> None:
    """Run the command line and leave with its exit status."""
    signal.signal(signal.SIGINT, _stop)
    try:
        app()
    except BuffycoatError as error:
        if "--json" in sys.argv:  # a program reads on: give it an object, as it would have got for a result
            parts = {"message": error.what, "expected": error.expected, "found": error.found, "hint": error.hint}
            typer.echo(json.dumps({"error": {"code": error.code} | parts}, indent=1))
        _say(f"error [{error.code}]: {error}", *getattr(error, "__notes__", ()), error.hint)
        sys.exit(error.exit_status)
    except Stopped:
        _say("interrupted: the same command again finishes the work")
        sys.exit(INTERRUPTED)


def _stop(_signal: int, _frame: object) -> None:
    raise Stopped


def _say(first: str, *more: str) -> None:
    typer.echo(visible("\n  ".join([first, *filter(None, more)])), err=True)
