"""The product without the extra `cad`: everything imports, the list is told, and the command says what to install."""

from __future__ import annotations

import json
import signal
import subprocess
import sys

import pytest

from buffycoat.adapter.cad import load_cad
from buffycoat.cli.app import main


@pytest.fixture
def command(monkeypatch, capsys, tmp_path):
    """Run the command in an empty folder, build123d not being there."""
    monkeypatch.setitem(sys.modules, "build123d", None)
    monkeypatch.chdir(tmp_path)
    load_cad.cache_clear()

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["buffycoat", "adapter", *arguments])
        handler = signal.getsignal(signal.SIGINT)
        try:
            with pytest.raises(SystemExit) as left:
                main()
        finally:
            signal.signal(signal.SIGINT, handler)
        told = capsys.readouterr()
        return int(left.value.code or 0), told.out, told.err

    yield run
    load_cad.cache_clear()


def test_every_module_imports():
    program = (
        "import sys; sys.modules['build123d'] = None\n"
        "import pkgutil, importlib, buffycoat.adapter as room\n"
        "for one in pkgutil.iter_modules(room.__path__): importlib.import_module(f'buffycoat.adapter.{one.name}')\n"
        "import buffycoat.cli.app\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_list_is_told(command):
    status, out, _ = command("--list")
    assert status == 0
    assert "samsung-galaxy-s5" in out
    assert "zeiss-primo-star" in out
    assert "lens ~36.2 mm" in out
    assert "~34 mm, eye point ~15 mm" in out


def test_the_list_as_json(command):
    told = json.loads(command("--list", "--json")[1])
    assert next(phone for phone in told["phones"] if phone["key"] == "lg-g3")["width"] == 74.6


def test_building_says_what_to_install(command, tmp_path):
    status, _, said = command("--phone", "lg-g3", "--ocular", "olympus-cx18", "--out", "parts")
    assert status == 7
    assert "missing-extra" in said
    assert "pip install 'buffycoat[cad]'" in said
    assert not (tmp_path / "parts").exists()


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        ((), 2, "the phone is missing"),
        (("--phone", "lg-g3"), 2, "the ocular is missing"),
        (("--phone", "nokia-3310", "--ocular", "olympus-cx18"), 3, "no phone 'nokia-3310'"),
        (("--phone", "lg-g3", "--numbers", "own.toml"), 2, "own.toml: ocular.diameter is no number"),
        (("--phone", "lg-g3", "--numbers", "low.toml"), 2, "expected an eye relief of 8.5 mm or more, found 6 mm"),
        (("--phone", "lg-g3", "--numbers", "wide.toml"), 2, "expected 22 to 45 mm, found 50 mm"),
        (("--phone", "lg-g3", "--ocular", "olympus-cx18", "--numbers", "low.toml"), 2, "the ocular is given twice"),
        (("--phone", "lg-g3", "--numbers", "nowhere.toml"), 2, "nowhere.toml cannot be read"),
        (("--phone", "lg-g3", "--numbers", "."), 2, ". cannot be read"),
        (("--measure", "nowhere"), 2, "nowhere/clamp.stl cannot be read"),
        (("--phone", "lg-g3", "--numbers", "bytes.toml"), 2, "bytes.toml is no text"),
    ],
)
def test_wrong_numbers_are_told_before_the_extra_is_asked_for(command, arguments, status, said, tmp_path):
    (tmp_path / "own.toml").write_text('[ocular]\ndiameter = "x"\neye_relief = 15\n')
    (tmp_path / "low.toml").write_text("[ocular]\ndiameter = 30\neye_relief = 6\n")
    (tmp_path / "wide.toml").write_text("[ocular]\ndiameter = 50\neye_relief = 15\n")
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe\x00")
    left, _, told = command(*arguments)
    assert left == status, told
    assert said in told
