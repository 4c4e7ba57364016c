"""An experiment from cells to results: read, parted, trained, asked, kept."""

from buffycoat.workflows.learning.experiment import run_experiment
from buffycoat.workflows.learning.job import EpochDone, LearnJob, StandIn, typed_command
from buffycoat.workflows.learning.unseen import METHODS, PROTOCOLS, UnseenJob, means, run_unseen

__all__ = [
    "METHODS",
    "PROTOCOLS",
    "EpochDone",
    "LearnJob",
    "StandIn",
    "UnseenJob",
    "means",
    "run_experiment",
    "run_unseen",
    "typed_command",
]
