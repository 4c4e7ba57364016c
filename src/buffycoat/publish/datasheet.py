"""The page that a release brings along."""

from __future__ import annotations

from collections.abc import Mapping

from buffycoat.domain.release import SplitPlan

__all__ = ["datasheet"]


def datasheet(
    *,
    version: str,
    taxonomy: str,
    level: str,
    license_name: str,
    counts: Mapping[str, Mapping[str, int]],
    plan: SplitPlan,
    simulated: bool,
) -> bytes:
    """Return ``README.md``: what is in the release, how it was split, and what it must not be used for."""
    classes = list(next(iter(counts.values())))
    lines = [f"# Release {version}", ""]
    if simulated:
        lines += ["**Simulated: drawn smears and simulated experts. Not for research on blood.**", ""]
    lines += [
        f"Classes: level `{level}` of taxonomy `{taxonomy}`. A cell is here when both experts gave the same label.",
        f"License: {license_name}.",
        "",
        "| class | " + " | ".join(counts) + " |",
        "|---|" + "---:|" * len(counts),
    ]
    lines += [f"| {name} | " + " | ".join(str(counts[split][name]) for split in counts) + " |" for name in classes]
    lines += [
        "| **all** | " + " | ".join(f"**{sum(counts[split].values())}**" for split in counts) + " |",
        "",
        f"Split: {plan.rule} (seed {plan.seed}).",
        "",
        "`labels.csv` has a row a cell, `manifest.json` the SHA-256 of each file.",
        "`buffycoat publish --verify` checks them.",
        "",
        "Not a medical device: for research and teaching.",
        "",
    ]
    return "\n".join(lines).encode()
