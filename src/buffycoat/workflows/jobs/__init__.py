"""Long work in processes of its own: ordered, done by workers, followed, ended, and taken up again."""

from buffycoat.workflows.jobs.asking import cancel_job, get_job, job_log, list_jobs, list_kinds, start_job
from buffycoat.workflows.jobs.kinds import KINDS, Kind
from buffycoat.workflows.jobs.progress import JobProgress
from buffycoat.workflows.jobs.worker import LEASE, work_off

__all__ = [
    "KINDS",
    "LEASE",
    "JobProgress",
    "Kind",
    "cancel_job",
    "get_job",
    "job_log",
    "list_jobs",
    "list_kinds",
    "start_job",
    "work_off",
]
