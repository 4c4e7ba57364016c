"""Several processes that train one network, as torch's own launcher starts them."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, TypeVar

import torch
from torch import distributed

__all__ = ["Processes", "hardware_of", "joined", "rank_of"]

T = TypeVar("T")
_PATIENCE: Final = timedelta(hours=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Processes:
    """Which process this is, of how many, and where it computes: ``"cpu"`` or ``"cuda:0"``."""

    rank: int = 0
    world: int = 1
    device: str = "cpu"

    def wait(self) -> None:
        """Wait until all processes are here."""
        if self.world > 1:
            distributed.barrier()

    def gathered(self, mine: Any) -> list[Any]:
        """Return what each process has, in order of rank, to all of them."""
        if self.world == 1:
            return [mine]
        found: list[Any] = [None] * self.world
        distributed.all_gather_object(found, mine)
        return found

    def told(self, mine: T) -> T:
        """Return what the first process has to all of them."""
        if self.world == 1:
            return mine
        box = [mine]
        distributed.broadcast_object_list(box, src=0)
        return box[0]


def hardware_of(processes: Processes, threads: int) -> str:
    """Return what computes, in words: ``"4 threads, x86_64"`` or the name of the GPU."""
    many = f"{processes.world} x " if processes.world > 1 else ""
    if processes.device.startswith("cuda"):
        return many + torch.cuda.get_device_name(processes.device)
    return f"{many}{threads} thread{'s' if threads > 1 else ''}, {platform.machine()}"


def rank_of(environment: Mapping[str, str] = os.environ) -> int:
    """Return the rank that torch's launcher gave this process, 0 without it.

    Examples
    --------
    >>> rank_of({}), rank_of({"RANK": "1", "WORLD_SIZE": "2"})
    (0, 1)
    """
    return int(environment.get("RANK", "0")) if int(environment.get("WORLD_SIZE", "1")) > 1 else 0


@contextmanager
def joined(device: str = "auto", environment: Mapping[str, str] = os.environ) -> Iterator[Processes]:
    """Join the processes that torch's launcher started; alone without it.

    Parameters
    ----------
    device : str
        ``"auto"`` (a GPU where there is one), ``"cpu"``, ``"cuda"`` or ``"cuda:1"``. Under the launcher each process
        takes the GPU of its local rank.
    environment : mapping of str to str
        As the launcher sets it: ``RANK``, ``WORLD_SIZE``, ``LOCAL_RANK``, ``MASTER_ADDR`` and ``MASTER_PORT``.
    """
    world = int(environment.get("WORLD_SIZE", "1"))
    chosen = ("cuda" if torch.cuda.is_available() else "cpu") if device == "auto" else device
    if world == 1:
        yield Processes(device=chosen)
        return
    if chosen.startswith("cuda"):
        chosen = f"cuda:{environment.get('LOCAL_RANK', '0')}"
        torch.cuda.set_device(chosen)
    backend = "nccl" if chosen.startswith("cuda") else "gloo"
    distributed.init_process_group(backend, timeout=_PATIENCE)
    try:
        yield Processes(rank=distributed.get_rank(), world=distributed.get_world_size(), device=chosen)
    finally:
        distributed.destroy_process_group()
