"""The errors of a cluster that computes for us."""

from __future__ import annotations

from buffycoat.errors.kinds import InputError, SetupError

__all__ = ["EngineDiffers", "EngineUnreachable", "WorkersKilled"]


class EngineUnreachable(SetupError):
    """The scheduler of a cluster does not answer, or it has no workers."""

    code = "engine-unreachable"
    default_hint = (
        "check that the scheduler runs and that its port can be reached from here, then give the same command again: "
        "what was done stays; without --engine and BUFFYCOAT_ENGINE it is done on this machine"
    )


class EngineDiffers(SetupError):
    """A worker of a cluster has other versions than this process, so its results might be others."""

    code = "engine-differs"
    default_hint = "install the same versions there, from the same lock file or image, and start the workers anew"


class WorkersKilled(InputError):
    """Several workers died one after the other over the same photograph or cells."""

    code = "workers-killed"
    default_hint = (
        "it is the likeliest that memory ran out: start workers with more of it (`dask worker --memory-limit`), "
        "then give the same command again"
    )
