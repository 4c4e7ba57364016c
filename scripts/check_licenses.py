"""Say whether all that is installed is under a license that we take: packages, what their wheels bundle, the front end.

It reads what lies on this machine and asks nobody. What it knows stands in ``requirements/licenses.toml``, why in decision 0005.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
KNOWN = ROOT / "requirements" / "licenses.toml"
NVIDIA = re.compile(r"nvidia-|cuda-")
LIBRARY = re.compile(r"(lib[^/]+?)(?:[-.][0-9a-f]{8,})*(?:[-.][0-9]+)*\.(?:so(?:[.0-9]*)|dylib|dll)$")
MODULE = re.compile(r"\.cpython-|\.abi3\.")
NEVER = re.compile(r"lib(x264|x265|kvazaar|postproc|fftw3|readline|gsl|mysqlclient)")
"""Libraries under the GPL that wheels like to bundle, whoever carries them."""


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def license_of(package: Distribution, words: Mapping[str, str]) -> str:
    """Return what a package says of its license, as SPDX writes it; ``""`` where it says nothing that we know."""
    told = package.metadata
    if expression := told.get("License-Expression"):
        return expression
    named = [each.rpartition(" :: ")[2] for each in told.get_all("Classifier") or () if each.startswith("License ::")]
    named = [each for each in named if each != "OSI Approved"]
    if named:
        return " AND ".join(words.get(each, each) for each in named)
    first = (told.get("License") or "").strip().partition("\n")[0]
    return words.get(first, first)


def is_allowed(expression: str, allowed: Iterable[str]) -> bool:
    """Say whether one of the alternatives of an expression is made of allowed licenses only."""
    known = frozenset(allowed)

    def holds(text: str) -> bool:
        text = text.strip()
        for word, judge in ((" OR ", any), (" AND ", all)):
            parts = _split(text, word)
            if len(parts) > 1:
                return judge(holds(part) for part in parts)
        if text.startswith("(") and text.endswith(")"):
            return holds(text[1:-1])
        return text in known

    return holds(expression)


def _split(text: str, word: str) -> list[str]:
    """Split where no parenthesis is open."""
    parts, depth, start = [], 0, 0
    for at, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if depth == 0 and text.startswith(word, at):
            parts.append(text[start:at])
            start = at + len(word)
    return [*parts, text[start:]]


def libraries_of(files: Iterable[str]) -> set[str]:
    """Return the names of the libraries among the files of a wheel, without their versions; no modules of Python."""
    found = set()
    for file in files:
        name = file.rpartition("/")[2]
        seen = None if MODULE.search(name) else LIBRARY.match(name)
        if seen:
            found.add(seen[1])
    return found


def judge_package(package: Distribution, known: Mapping[str, Any], base: frozenset[str]) -> Iterator[str]:
    """Say what is wrong with an installed package."""
    name = plain(package.metadata["Name"])
    listed = known["packages"].get(name)
    found = license_of(package, known["words"])
    if listed and listed.get("only") and name in base:
        yield f"{name} is for {listed['only']} only, and a user's environment has it"
    if NVIDIA.match(name):
        if name in base:
            yield f"{name} is under NVIDIA's own terms, and a user's environment has it"
        return  # only where somebody trains on a graphics card
    if not listed and not is_allowed(found, known["allowed"]):
        yield f"{name} is under {found or 'a license that it does not name'}"
    for library in sorted(libraries_of(str(file) for file in package.files or ())):
        if NEVER.match(library):
            yield f"{name} carries {library}, which is under the GPL"
        elif library not in known["bundled"].get(name, {}):
            yield f"{name} carries {library}, which nobody has looked at"


def judge_front_end(lock: Mapping[str, Any], allowed: Iterable[str]) -> Iterator[str]:
    """Say what is wrong with a package of the front end."""
    for place, package in lock["packages"].items():
        found = package.get("license", "")
        if place and not package.get("link") and not is_allowed(found, allowed):
            yield f"{place.removeprefix('node_modules/')} is under {found or 'a license that it does not name'}"


def base_names(text: str) -> frozenset[str]:
    return frozenset(plain(each) for each in re.findall(r"^([A-Za-z0-9._-]+)==", text, re.MULTILINE))


def main() -> int:
    known = tomllib.loads(KNOWN.read_text())
    base = base_names((ROOT / "requirements" / "base.txt").read_text())
    installed = {plain(each.metadata["Name"]): each for each in distributions()}
    wrong = [
        line
        for name in sorted(installed)
        if name != "buffycoat"
        for line in judge_package(installed[name], known, base)
    ]
    lock = json.loads((ROOT / "frontend" / "package-lock.json").read_text())
    wrong += judge_front_end(lock, known["allowed"])
    for line in wrong:
        sys.stderr.write(f"{line}\n")
    sys.stderr.write(
        "look at its license, then enter it in requirements/licenses.toml and in decision 0005\n" * bool(wrong)
    )
    sys.stdout.write(
        f"licenses: {len(installed)} packages, {len(lock['packages']) - 1} of the front end, {len(wrong)} to be looked at\n"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
