"""What tests have done by the workers of a cluster, which import it by this name."""

from __future__ import annotations

import os
import signal
import sys
import time
from typing import Any

from buffycoat.errors import NothingFound
from buffycoat.workflows.engine import Shared

_OPENED: list[str] = []


def watch(*folders: str) -> None:
    """Note each file below some folders that is opened in this process from now on."""

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event in ("open", "sqlite3.connect", "os.listdir") and str(arguments[0]).startswith(folders):
            _OPENED.append(str(arguments[0]))

    sys.addaudithook(hook)


def opened() -> list[str]:
    return list(_OPENED)


def look_at(path: str) -> int:
    with open(path, "rb") as file:  # noqa: PTH123 (what is told of it is what is tested)
        return len(file.read())


def slow(number: int, share: Shared[dict[str, int]]) -> tuple[int, int]:
    time.sleep(0.05)
    return number * share.value["times"], os.getpid()


def count_up(number: int) -> int:
    if number == 7:
        raise NothingFound("seven shows nothing", found="7")
    return number


def large(content: bytes) -> int:
    return len(content)


def die(number: int) -> int:
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number
