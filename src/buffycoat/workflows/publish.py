"""Agreed cells out: split, written, sealed."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from buffycoat.domain.label import Standing
from buffycoat.domain.release import Release, ReleaseFile, SplitPlan
from buffycoat.domain.smear import Capture, FieldOfView, Smear
from buffycoat.domain.taxonomy import RAABIN
from buffycoat.domain.value import derive_id, digest_of
from buffycoat.errors import AlreadyExists, DigestMismatch, InvalidMetadata, NotFound, TooFew
from buffycoat.publish import (
    ReleaseItem,
    SplitSubject,
    check_leaks,
    count_items,
    datasheet,
    labels_table,
    manifest_of,
    plan_splits,
    verify_folder,
)
from buffycoat.store.queries import CellFilter, current_cells, current_repeats
from buffycoat.workflows.label import consensus_by_cell
from buffycoat.workflows.runs import now, start_run
from buffycoat.workflows.workspace import Workspace

__all__ = ["publish_release", "release_folder", "verify_release"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Contents:
    items: list[ReleaseItem]
    crops: dict[str, str]
    plan: SplitPlan


def release_folder(workspace: Workspace, version: str) -> Path:
    """Return where a release lies."""
    if (
        not version
        or set(version) - set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_")
        or version[0] == "."
    ):
        raise InvalidMetadata(
            "this is no version of a release", expected="letters, digits, dots and dashes", found=version
        )
    return workspace.folder / "releases" / version


def verify_release(workspace: Workspace, version: str) -> int:
    """Check every file of a release; return how many there are."""
    return verify_folder(release_folder(workspace, version))


def publish_release(
    workspace: Workspace, *, version: str, license_name: str = "CC-BY-4.0", level: str = "five-class", seed: int = 0
) -> Release:
    """Seal the cells on which the experts of the closed rounds agree.

    The release is written aside and moved into place when it is whole; sealing it again is the same release.

    Raises
    ------
    TooFew
        No closed round has an agreed cell of this level.
    SplitLeak
        The split would put one person or cell on two sides.
    AlreadyExists
        The version is taken by other contents, or something else lies in its folder; neither is touched.
    """
    folder = release_folder(workspace, version)
    contents = _gather(workspace, level=level, seed=seed)
    classes = sorted(set(RAABIN.levels[level].values()))
    counts = count_items(contents.items, classes)
    simulated = any(item.simulated for item in contents.items)
    run = start_run(
        workspace,
        room="publish",
        function="publish.seal",
        parameters={"version": version, "license": license_name, "level": level},
        inputs=digest_of(labels_table(contents.items)),
        seed=seed,
    )
    pages = {
        "labels.csv": labels_table(contents.items),
        "README.md": datasheet(
            version=version,
            taxonomy=RAABIN.reference,
            level=level,
            license_name=license_name,
            counts=counts,
            plan=contents.plan,
            simulated=simulated,
        ),
        "splits.json": json.dumps(
            {"rule": contents.plan.rule, "seed": contents.plan.seed, "assignment": dict(contents.plan.assignment)},
            indent=1,
        ).encode(),
    }
    aside = folder.with_name(f".{version}.incoming")
    shutil.rmtree(aside, ignore_errors=True)
    files = [_write(aside, name, content) for name, content in pages.items()]
    files += [_write(aside, path, workspace.objects.get(digest)) for path, digest in contents.crops.items()]
    about = {
        "version": version,
        "taxonomy": RAABIN.reference,
        "level": level,
        "license": license_name,
        "simulated": simulated,
        "counts": counts,
    }
    manifest = manifest_of(files, about)
    (aside / "manifest.json").write_bytes(manifest)
    release = Release(
        id=derive_id("version", {"version": version, "manifest": digest_of(manifest)}),
        version=version,
        taxonomy=RAABIN.reference,
        level=level,
        license=license_name,
        counts=counts,
        splits=contents.plan,
        files=tuple(sorted(files, key=lambda file: file.path)),
        manifest=digest_of(manifest),
        simulated=simulated,
        sealed_at=now(),
        run_id=run.id,
    )
    try:
        with workspace.database.writing() as transaction:
            taken = transaction.find(Release, version=version)
            if taken and taken[0].id != release.id:
                raise AlreadyExists(f"release {version} is sealed with other contents", found=taken[0].manifest)
            if not folder.exists():
                aside.rename(folder)
            elif not _holds(folder, release):  # if it does, it was sealed before an interruption
                raise AlreadyExists(
                    "another release lies where this one belongs",
                    found=str(folder.relative_to(workspace.folder)),
                    hint="move it away, or choose another version",
                )
            transaction.add([release])
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return taken[0] if taken else release


def _holds(folder: Path, release: Release) -> bool:
    """Say whether exactly this release lies in a folder, every byte of it."""
    manifest = folder / "manifest.json"
    if not manifest.is_file() or digest_of(manifest.read_bytes()) != release.manifest:
        return False
    try:
        verify_folder(folder)
    except (NotFound, DigestMismatch):
        return False
    return True


def _gather(workspace: Workspace, *, level: str, seed: int) -> _Contents:
    consensus = consensus_by_cell(workspace)
    classes = {
        cell_id: found
        for cell_id, standing in consensus.items()
        if standing.standing in (Standing.AGREED, Standing.ADJUDICATED)
        and standing.term is not None
        and (found := RAABIN.roll_up(standing.term, level)) is not None
    }
    with workspace.database.reading() as transaction:
        cells = [cell for cell in current_cells(transaction, CellFilter(kept=True))[1] if cell.id in classes]
        fields = {field.id: field for field in transaction.find(FieldOfView)}
        smears = {smear.id: smear for smear in transaction.find(Smear)}
        captures = {capture.id: capture for capture in transaction.find(Capture)}
        repeats = current_repeats(transaction)
        everything = current_cells(transaction, CellFilter())[1]
    if not cells:
        raise TooFew("no closed round has a cell on which its experts agree", hint="label first: `buffycoat label`")
    setups = {cell.id: captures[fields[cell.field_id].capture_id] for cell in cells}
    smear_of = {cell.id: fields[cell.field_id].smear_id for cell in everything}
    subjects = [
        SplitSubject(
            smear_id=smear_id,
            setup=", ".join(sorted({f"{setups[c.id].microscope} / {setups[c.id].camera}" for c in members})),
            subject=smears[smear_id].subject,
            cells=len(members),
        )
        for smear_id in sorted({smear_of[cell.id] for cell in cells})
        if (members := [cell for cell in cells if smear_of[cell.id] == smear_id])
    ]
    plan = plan_splits(subjects, seed=seed)
    check_leaks(
        plan,
        subjects={smear.id: smear.subject for smear in smears.values()},
        groups=[(repeat.cell_id, repeat.kept_id) for repeat in repeats],
        smear_of=smear_of,
    )
    items, crops = [], {}
    for cell in cells:
        smear, capture = smears[smear_of[cell.id]], setups[cell.id]
        path = f"{plan.assignment[smear.id]}/{classes[cell.id]}/{cell.id}.png"
        crops[path] = cell.crop
        items.append(
            ReleaseItem(
                path=path,
                split=plan.assignment[smear.id],
                label=classes[cell.id],
                term=consensus[cell.id].term or "",
                cell_id=cell.id,
                field_id=cell.field_id,
                smear_id=smear.id,
                stain=smear.stain,
                diagnosis=smear.diagnosis,
                site=smear.site,
                microscope=capture.microscope,
                camera=capture.camera,
                left=cell.box.left,
                top=cell.box.top,
                right=cell.box.right,
                bottom=cell.box.bottom,
                sharpness=cell.sharpness,
                simulated=smear.simulated,
            )
        )
    return _Contents(items=items, crops=crops, plan=plan)


def _write(folder: Path, name: str, content: bytes) -> ReleaseFile:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return ReleaseFile(path=name, digest=digest_of(content), size_bytes=len(content))
