"""What a release cannot show, as far as its own list tells."""

from __future__ import annotations

from collections.abc import Iterator

from buffycoat.publish.counted import SIMULATED, setup_name
from buffycoat.publish.sealed import Contents
from buffycoat.publish.split_table import split_counts

__all__ = ["limits"]


def limits(contents: Contents, /) -> tuple[str, ...]:
    """Return what a user should know before a score on this release is believed, a sentence each.

    Raabin-WBC's Test-B is 93 % neutrophils, so that a constant answer scores 93 % there: such things are said here.
    """
    return tuple(_simulated(contents)) + tuple(_by_split(contents)) + tuple(_of_one_kind(contents))


def _simulated(contents: Contents) -> Iterator[str]:
    if contents.simulated:
        yield SIMULATED
    if any(contents.leaks.values()):
        yield "The split leaks: scores on its test sides may be too high."


def _by_split(contents: Contents) -> Iterator[str]:
    for split, counts in split_counts(contents).items():
        total = sum(counts.values())
        if total == 0:
            yield f"{split} has no cells."
            continue
        if absent := [name for name, count in counts.items() if count == 0]:
            yield f"{split} has no cells of: {', '.join(absent)}."
        most = max(sorted(counts), key=lambda name: counts[name])
        if split != "train" and len(counts) > 1 and 2 * counts[most] > total:
            yield (
                f"Always answering {most} is right for {100 * counts[most] / total:.1f} % of {split}: "
                "report balanced accuracy and sensitivity by class."
            )


def _of_one_kind(contents: Contents) -> Iterator[str]:
    unknown = sum(smear.person is None for smear in contents.smears)
    if contents.plan.unit != "smear":
        yield "Cells of one smear may be on two sides of the split: scores on its test sides may be too high."
    if unknown:
        yield (
            f"The person is not known for {unknown:,} of {len(contents.smears):,} smears: two smears may be of one "
            "person, on two sides of the split."
        )
    for what, found in (
        ("set-up", {setup_name(field) for field in contents.fields}),
        ("site", {smear.site for smear in contents.smears}),
        ("stain", {str(smear.stain) for smear in contents.smears}),
    ):
        if len(found) == 1:
            yield f"There is one {what} only ({found.pop()}): other ones may look different."
    if contents.query.standing:
        yield (
            f"Only cells that are {' or '.join(contents.query.standing)} have a class: they are easier to tell than "
            "the cells of a laboratory's day."
        )
