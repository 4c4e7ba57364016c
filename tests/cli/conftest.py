"""The command line run in this process, as a shell would run it."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from buffycoat.cli.app import main


@dataclass(frozen=True)
class Done:
    """What a command left: its exit status, and what it printed."""

    status: int
    out: str
    err: str

    @property
    def result(self):
        assert self.status == 0, self.err
        return json.loads(self.out)


@pytest.fixture
def command(monkeypatch, capsys) -> Callable[..., Done]:
    """Run the command line as a shell would, in this process."""
    monkeypatch.delenv("BUFFYCOAT_HANDLE", raising=False)

    def run(*arguments: str | Path) -> Done:
        monkeypatch.setattr(sys, "argv", ["buffycoat", *map(str, arguments)])
        handler = signal.getsignal(signal.SIGINT)
        try:
            with pytest.raises(SystemExit) as left:
                main()
        finally:
            signal.signal(signal.SIGINT, handler)
        printed = capsys.readouterr()
        return Done(status=int(left.value.code or 0), out=printed.out, err=printed.err)

    return run
