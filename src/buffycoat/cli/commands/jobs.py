"""``buffycoat jobs``: long work that workers do, started, followed and ended."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from buffycoat.cli.options import AsJson, WorkspaceFolder
from buffycoat.cli.output import show_result
from buffycoat.domain.job import Job, JobAct, JobEvent, JobState
from buffycoat.domain.value import value
from buffycoat.errors import InputError
from buffycoat.workflows import jobs as rooms
from buffycoat.workflows.workspace import open_workspace

__all__ = ["register"]

commands = typer.Typer(no_args_is_help=True)
JobId = Annotated[str, typer.Argument(metavar="JOB", help="Its id, as `buffycoat jobs list` gives it.")]


@value
class JobStory:
    """A job with its log."""

    job: Job
    log: tuple[JobEvent, ...]


@commands.callback()
def jobs() -> None:
    """Start, follow and end long work that `buffycoat work`, or the studio, does in processes of its own."""


@commands.command("list")
def list_(
    workspace: WorkspaceFolder = Path("workspace"),
    *,
    limit: Annotated[int, typer.Option(min=1, max=500, help="How many at most.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List jobs, the newest first."""
    with open_workspace(workspace) as opened:
        page = rooms.list_jobs(opened, limit=limit)
    lines = [f"{page.total} jobs, {page.open} of them wait or run", *(f"  {_line(job)}" for job in page.jobs)]
    show_result(page, "\n".join(lines), as_json=as_json)


@commands.command()
def show(job: JobId, workspace: WorkspaceFolder = Path("workspace"), *, as_json: AsJson = False) -> None:
    """Show one job with its log."""
    with open_workspace(workspace) as opened:
        story = JobStory(job=rooms.get_job(opened, job), log=rooms.job_log(opened, job))
    show_result(story, "\n".join(_story(story)), as_json=as_json)


@commands.command()
def cancel(job: JobId, workspace: WorkspaceFolder = Path("workspace"), *, as_json: AsJson = False) -> None:
    """End a job: at once where nobody works on it, else with the next step. What was done stays."""
    with open_workspace(workspace) as opened:
        stopped = rooms.cancel_job(opened, job)
    show_result(stopped, _line(stopped), as_json=as_json)


@commands.command()
def start(
    kind: Annotated[str, typer.Argument(help="What is to be done; a wrong word names all of them.")],
    told: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="NAME=VALUE", help="What the work is told; what is left out is usual.", show_default=False
        ),
    ] = None,
    workspace: WorkspaceFolder = Path("workspace"),
    *,
    as_json: AsJson = False,
) -> None:
    """Start a job: a worker takes it up. The same that still waits is not started twice."""
    with open_workspace(workspace) as opened:
        job = rooms.start_job(opened, kind, _parameters(told or ()))
    show_result(job, f"{_line(job)}\nit waits for a worker: `buffycoat work`, or the studio", as_json=as_json)


def _parameters(told: Sequence[str]) -> dict[str, Any]:
    """Return parameters as they were written: JSON where it is some, else a word."""
    parameters: dict[str, Any] = {}
    for each in told:
        name, equals, text = each.partition("=")
        if not equals or not name:
            raise InputError("a parameter has a name and a value", expected="NAME=VALUE", found=each)
        try:
            parameters[name] = orjson.loads(text)
        except orjson.JSONDecodeError:
            parameters[name] = text
    return parameters


def _line(job: Job) -> str:
    far = f" {job.room} {job.done} of {job.total}" if job.state is JobState.RUNNING and job.room else ""
    ending = ", is ending" if job.stopping else ""
    who = f", by {job.handle}" if job.handle else ""
    return f"{job.id}  {job.kind:8} {job.state}{far}{ending}, asked for {job.asked_at:%Y-%m-%d %H:%M:%S} UTC{who}"


def _story(story: JobStory) -> list[str]:
    job = story.job
    lines = [_line(job)]
    lines += [f"  {name} = {value}" for name, value in job.parameters.items() if value is not None]
    for event in story.log:
        what = event.text if event.act is JobAct.SAID else f"{event.act}: {event.text}".rstrip(": ")
        lines.append(f"  {event.at:%H:%M:%S} {what}{f' ({event.worker})' if event.act is JobAct.BEGUN else ''}")
    if job.result is not None:
        lines.append(f"  result {orjson.dumps(job.result).decode()}")
    if job.problem is not None:
        parts = ((name, getattr(job.problem, name)) for name in ("what", "expected", "found", "hint"))
        lines += [f"  {name:9}{text}" for name, text in parts if text]
    return lines


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(commands, name="jobs")
