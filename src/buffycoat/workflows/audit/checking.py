"""Checking the audit log, and passing it on so that others can check it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson

from buffycoat.domain.account import Person
from buffycoat.domain.audit import Action, Entry, Fault, FaultKind, Verdict
from buffycoat.domain.value import Digest
from buffycoat.errors import InputError, UnreadableFile
from buffycoat.store.chain import content_digest
from buffycoat.store.chain_check import Link, Walked, check_values, entries_in_order, link_of, walk
from buffycoat.store.entries import head_of
from buffycoat.workflows.audit.sight import sight_of
from buffycoat.workflows.workspace import Workspace

__all__ = ["FORMAT", "export_log", "verify_file", "verify_log"]

FORMAT = "buffycoat-audit-1"
_SAID = {
    "action": "action",
    "class": "subject_class",
    "moment": "moment",
    "person": "person",
    "round": "round_id",
    "salt": "salt",
    "subject": "subject",
    "value": "value",
}
"""What an entry says, as exports name it, and the fields that hold it."""


def verify_log(workspace: Workspace, person: Person | None = None, *, expect: Digest | None = None) -> Verdict:
    """Follow the log of a workspace, and compare what it says with what the tables hold.

    Parameters
    ----------
    workspace
        Where.
    person : Person, optional
        Who asks: whoever reads in an open round is told of the log up to its opening only.
    expect : Digest, optional
        The head as it was noted before: it must be the digest of some entry.
    """
    with workspace.database.reading() as transaction:
        sight = sight_of(transaction, person)
        walked = walk(map(link_of, entries_in_order(transaction, sight.until)), expect)
        if walked.fault is not None:
            entry = next((each for each in entries_in_order(transaction) if each.seq == walked.fault.seq), None)
            walked = walked._replace(fault=_about(walked.fault, entry))
        values, fault = (0, None) if walked.fault is not None else check_values(transaction, sight.until)
        return _verdict(walked, values, fault, expect, None if sight.held_by is None else sight.held_by.name)


def _about(fault: Fault, entry: Entry | None) -> Fault:
    if entry is None or fault.kind is FaultKind.MISSING:
        return fault
    return replace(fault, subject_class=entry.subject_class, subject=entry.subject)


def _verdict(
    walked: Walked, values: int, fault: Fault | None, expect: Digest | None, held_by: str | None = None
) -> Verdict:
    first = walked.fault or fault
    if first is None and expect is not None and walked.met is None:
        first = Fault(kind=FaultKind.HEAD_UNKNOWN, seq=None)
    return Verdict(
        entries=walked.entries, head=walked.head, values=values, fault=first, noted_at=walked.met, held_by=held_by
    )


# ------------------------------------------------------------------- export


def export_log(workspace: Workspace, person: Person | None = None) -> Iterator[bytes]:
    """Give the log as lines of JSON: what it is and its head first, then an entry each, from the first on.

    Entries of open rounds are sealed: the digest of what they say stands for it. Exported again when the round is
    closed, they say it, and the digests are the same.
    """
    with workspace.database.reading() as transaction:
        sight = sight_of(transaction, person)
        entries, head = head_of(transaction, sight.until)
        yield _as_line({"format": FORMAT, "entries": entries, "head": head})
        for entry in entries_in_order(transaction, sight.until):
            link = link_of(entry)
            line: dict[str, Any] = {
                "seq": entry.seq,
                "previous": entry.previous,
                "content": link.content,
                "digest": entry.digest,
            }
            if not sight.hides(entry):
                line["says"] = {name: getattr(entry, field) for name, field in _SAID.items()}
            yield _as_line(line)


def _as_line(line: dict[str, Any]) -> bytes:
    return orjson.dumps(line) + b"\n"


def verify_file(path: Path, *, expect: Digest | None = None) -> Verdict:
    """Follow an exported log; nothing but the file is needed.

    Raises
    ------
    UnreadableFile
        It cannot be read.
    InputError
        It is no exported log, or a line of it is none.
    """
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise UnreadableFile(f"{path.name} cannot be read", found=error.strerror or "") from error
    title = _read(path, lines[0] if lines else b"", 1)
    if title.get("format") != FORMAT:
        raise InputError(f"{path.name} is no exported log", expected=FORMAT, found=repr(title.get("format"))[:80])
    links, untrue = list[Link](), None
    for number, text in enumerate(lines[1:], start=2):
        line = _read(path, text, number)
        try:
            link = Link(*(line[name] for name in ("seq", "content", "previous", "digest")))
            says = line.get("says")
            if untrue is None and says is not None and _content_of(says) != link.content:
                untrue = Fault(
                    kind=FaultKind.CHANGED, seq=link.seq, subject_class=says["class"], subject=says["subject"]
                )
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(f"{path.name}, line {number} is no entry", found=str(error)) from error
        links.append(link)
    walked = walk(links, expect)
    if untrue is not None and (walked.fault is None or (untrue.seq or 0) <= (walked.fault.seq or 0)):
        walked = walked._replace(fault=untrue)
    if walked.fault is None and (walked.entries, walked.head) != (title.get("entries"), title.get("head")):
        walked = walked._replace(fault=Fault(kind=FaultKind.MISSING, seq=walked.entries))
    return _verdict(walked, 0, None, expect)


def _content_of(says: dict[str, Any]) -> Digest:
    held = {field: says[name] for name, field in _SAID.items()}
    return content_digest(Entry(**{**held, "action": Action(held["action"])}, seq=0, previous="", digest=""))


def _read(path: Path, text: bytes, number: int) -> dict[str, Any]:
    try:
        read = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise InputError(f"{path.name}, line {number} is no JSON", found=str(error)) from error
    if not isinstance(read, dict):
        raise InputError(f"{path.name}, line {number} is no entry", expected="an object", found=type(read).__name__)
    return read
