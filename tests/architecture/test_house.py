"""The rules of the house, as far as a machine can check them."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "buffycoat"
FORBIDDEN = {"utils", "util", "helpers", "helper", "common", "misc", "base", "core", "shared", "lib"}
ROOMS = ("ingest", "detect", "clean", "label", "segment", "publish", "learn", "report")


def sources() -> list[Path]:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    return [ROOT / name for name in tracked if re.search(r"\.(py|tsx?|css)$", name) and (ROOT / name).is_file()]


def test_no_file_has_more_than_400_lines():
    generated = {ROOT / "frontend/src/api/schema.d.ts"}
    long = {p.name: n for p in sources() if p not in generated and (n := len(p.read_text().splitlines())) > 400}
    assert long == {}


def test_no_room_or_file_is_a_drawer():
    named = [p for p in sources() if {part.split(".")[0] for part in p.relative_to(ROOT).parts} & FORBIDDEN]
    assert named == []


@pytest.mark.parametrize("room", ROOMS)
def test_one_word_in_five_places(room):
    assert (SOURCE / room / "__init__.py").is_file()
    assert (SOURCE / "workflows" / f"{room}.py").is_file()
    assert (SOURCE / "cli" / "commands" / f"{room}.py").is_file()
    assert (ROOT / "tests" / room).is_dir()
    assert list((ROOT / "docs" / "tutorial").glob(f"[1-8]-{room}.md"))


def test_contracts_hold():
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_public_face_is_what_it_promises():
    import buffycoat as bc

    promised = [
        "CellParts",
        "average_hash",
        "classes",
        "classify",
        "cohen_kappa",
        "crop",
        "extract_features",
        "find_cells",
        "group_duplicates",
        "perceptual_hash",
        "read_rgb",
        "segment_cell",
        "segment_nucleus",
        "segment_parts",
        "sharpness",
    ]
    assert set(promised) <= set(bc.__all__)
    assert bc.__all__ == sorted(bc.__all__)
    assert [name for name in bc.__all__ if getattr(bc, name) is None] == []
    assert set(dir(bc)) == set(bc.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        bc.nothing  # noqa: B018 (asking is the test)


def test_import_is_cheap_and_pulls_no_framework():
    heavy = "fastapi sqlalchemy onnxruntime torch sklearn cv2 scipy numpy PIL pydantic typer"
    program = f"""
import sys, time
before = time.perf_counter()
import buffycoat
seconds = time.perf_counter() - before
print(seconds, *sorted(set({heavy.split()!r}) & set(sys.modules)))
"""
    best = float("inf")
    for _ in range(3):
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
        seconds, *loaded = done.stdout.split()
        assert loaded == []
        best = min(best, float(seconds))
    assert best < 0.3


def test_version_and_requirements_are_said_the_same_everywhere():
    from buffycoat.version import VERSION

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["version"] == VERSION
    lines = (ROOT / "requirements" / "base.in").read_text().splitlines()
    assert [line for line in lines if line and not line.startswith("#")] == project["dependencies"]
    wanted = (ROOT / "requirements" / "dev.in").read_text().splitlines()
    assert set(project["optional-dependencies"]["torch"]) <= set(wanted)
    assert set(project["optional-dependencies"]["postgres"]) <= set(wanted)
    assert set(project["optional-dependencies"]["s3"]) <= set(wanted)
    assert f"## {VERSION}" in (ROOT / "CHANGELOG.md").read_text()


def test_nothing_private_is_tracked():
    """No absolute path of a machine, no host of a registry, no data."""
    hosts = "|".join(("python" + "hosted", "registry[.]npm", "pypi[.]" + "org", "deb[.]" + "debian"))
    paths = "|".join(("/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/[a-z]", "/Us" + "ers/[a-z]"))
    done = subprocess.run(
        ["git", "grep", "-nIE", f"({hosts}|{paths})", "--", "."], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stdout == ""
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    ours = ("segment/weights/segmenter.onnx", "learn/weights/classifier.onnx")  # see the cards beside them
    shipped = {f"src/buffycoat/{name}" for name in ours}
    data = [name for name in tracked if re.search(r"\.(jpe?g|bmp|heic|tiff?|db|onnx)$", name, re.IGNORECASE)]
    assert [name for name in data if name not in shipped] == []


def test_real_data_is_named_in_one_place():
    """The folder of real data is named in tests/conftest.py and nowhere else."""
    name = "shared" + "/data"
    spelled = 'shared" / "' + "data"
    done = subprocess.run(
        ["git", "grep", "-lE", f"{name}|{spelled}", "--", "."], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == ["tests/conftest.py"]


def test_every_error_is_documented_and_every_documented_code_exists():
    from buffycoat import errors

    codes = {cls.code for name in errors.__all__ if (cls := getattr(errors, name))}
    documented = set(re.findall(r"^## `([a-z-]+)`", (ROOT / "docs" / "errors.md").read_text(), re.MULTILINE))
    assert documented == codes


def test_every_term_and_value_is_in_the_glossary():
    from buffycoat.domain.taxonomy import RAABIN

    glossary = (ROOT / "docs" / "glossary.md").read_text()
    assert [term.key for term in RAABIN.terms if f"`{term.key}`" not in glossary] == []
    values = re.findall(
        r"^class (\w+)", "".join(p.read_text() for p in sorted((SOURCE / "domain").glob("*.py"))), re.MULTILINE
    )
    assert [name for name in values if f"`{name}`" not in glossary] == []


def test_ignored_lints_carry_their_reason():
    ignored = [
        f"{path.name}:{number}"
        for path in sources()
        if path.suffix == ".py"
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if re.search(r"# (noqa|type: ignore)", line)
        and not re.search(r"# (noqa: [A-Z]+[0-9]+(, [A-Z]+[0-9]+)*|type: ignore\[[a-z-, ]+\]) +\S+ \S+", line)
    ]
    assert ignored == []
