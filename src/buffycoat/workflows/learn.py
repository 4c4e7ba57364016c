"""A release to scores."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from buffycoat.domain.release import Release, Scorecard
from buffycoat.domain.value import derive_id, digest_of
from buffycoat.errors import DigestMismatch, NotFound, NothingFound, TooFew
from buffycoat.imaging.codecs import decode_rgb
from buffycoat.learn import evaluate, fit_constant, fit_svm
from buffycoat.publish import SPLITS
from buffycoat.segment import FEATURE_NAMES, extract_features
from buffycoat.workflows.learning.of_release import Answer, keep_release_experiment, scores_by_class
from buffycoat.workflows.publish import release_folder
from buffycoat.workflows.runs import Progress, ShowProgress, no_progress, start_run
from buffycoat.workflows.workspace import Workspace

__all__ = ["LearnSummary", "learn_release"]

_RECIPE = "features-svm"


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnSummary:
    """What came of training: a scorecard a test split, the cells without a nucleus, and what the split leaks."""

    scorecards: tuple[Scorecard, ...]
    trained_on: int
    without_nucleus: int
    leaks: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """A cell of the release with its features; ``None`` where no nucleus was found."""

    path: str
    split: str
    label: str
    smear_id: str
    features: NDArray[np.float64] | None


def learn_release(
    workspace: Workspace, *, version: str, seed: int = 0, progress: ShowProgress = no_progress
) -> LearnSummary:
    """Train the feature-based classifier on a release's train split, and score it on test-A and test-B.

    It reads the release's own files, as anybody would who downloads it, and checks each against its digest. Nothing is
    chosen by looking at a test split. What was said of every cell is kept in the folder ``experiments`` of the
    workspace, for the report.

    Raises
    ------
    NotFound
        No release has this version.
    TooFew
        The train split has cells of fewer than two classes.
    """
    with workspace.database.reading() as transaction:
        releases = transaction.find(Release, version=version)
    if not releases:
        raise NotFound("no release has this version", found=version, hint="seal one with `buffycoat publish`")
    release = releases[0]
    rows = _measure(release, release_folder(workspace, version), progress)
    run = start_run(
        workspace,
        room="learn",
        function="learn.fit_svm",
        parameters={"recipe": _RECIPE},
        inputs=release.manifest,
        seed=seed,
    )
    train = [row for row in rows if row.split == "train" and row.features is not None]
    if not train:
        raise TooFew("the train split has no cell with a nucleus", expected="at least 2 classes", found="0 cells")
    classifier = fit_svm(_stack(train), [row.label for row in train])
    constant = fit_constant([row.label for row in rows if row.split == "train"])
    terms = sorted({name for counts in release.counts.values() for name in counts})
    scorecards = []
    answers: dict[str, Answer | None] = dict.fromkeys(row.path for row in rows if row.split != SPLITS[0])
    for split in SPLITS[1:]:
        judged = [row for row in rows if row.split == split]
        seen = [row for row in judged if row.features is not None]
        said = zip(classifier.predict(_stack(seen)), scores_by_class(classifier, _stack(seen), terms), strict=True)
        answers |= {row.path: answer for row, answer in zip(seen, said, strict=True)}
        score = evaluate(
            [row.label for row in judged],
            [None if (answer := answers[row.path]) is None else answer[0] for row in judged],
            terms=terms,
            groups=[row.smear_id for row in judged],
            baseline=constant.term,
            seed=seed,
        )
        scorecards.append(
            Scorecard(
                id=derive_id("scorecard", {"run": run.id, "split": split}),
                release_id=release.id,
                recipe=_RECIPE,
                split=split,
                terms=score.terms,
                confusion=score.confusion,
                accuracy=score.accuracy,
                balanced_accuracy=score.balanced_accuracy,
                interval=score.interval,
                baseline=score.baseline,
                per_term=score.per_term,
                run_id=run.id,
            )
        )
    with workspace.database.writing() as transaction:
        transaction.add(scorecards)
    keep_release_experiment(
        workspace.folder / "experiments" / version,
        release_folder(workspace, version),
        recipe=_RECIPE,
        answers=answers,
        constant=constant.term,
        classes=terms,
        split=f"{release.splits.rule} (seed {release.splits.seed})",
        seed=seed,
    )
    return LearnSummary(
        scorecards=tuple(scorecards),
        trained_on=len(train),
        without_nucleus=sum(row.features is None for row in rows),
        leaks=release.leaks,
    )


def _stack(rows: Sequence[_Row]) -> NDArray[np.float64]:
    features = [row.features for row in rows if row.features is not None]
    return np.stack(features) if features else np.empty((0, len(FEATURE_NAMES)))


def _measure(release: Release, folder: Path, progress: ShowProgress) -> list[_Row]:
    digests = {file.path: file.digest for file in release.files}
    table = _checked(folder, "labels.csv", digests).decode()
    listed = [row for row in csv.DictReader(io.StringIO(table)) if row["path"]]
    rows = []
    for position, item in enumerate(listed, start=1):
        crop = decode_rgb(_checked(folder, item["path"], digests), name=item["path"])
        try:
            features = extract_features(crop)
        except NothingFound:
            features = None
        rows.append(
            _Row(
                path=item["path"],
                split=item["split"],
                label=item["label"],
                smear_id=item["smear_id"],
                features=features,
            )
        )
        progress(Progress(room="learn", done=position, total=len(listed)))
    return rows


def _checked(folder: Path, name: str, digests: dict[str, str]) -> bytes:
    path = folder / name
    if not path.is_file():
        raise NotFound("a file of the release is missing", found=name)
    content = path.read_bytes()
    if (found := digest_of(content)) != digests.get(name):
        raise DigestMismatch(
            f"{name} was changed after the release was sealed", expected=digests.get(name, ""), found=found
        )
    return content
