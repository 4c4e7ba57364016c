"""The command line: parse, one call of a workflow, print."""

from buffycoat.cli.app import main

__all__ = ["main"]
