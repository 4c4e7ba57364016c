"""What we install: its licenses are known, and its known faults are asked for."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import httpx
import pytest

ROOT = Path(__file__).parents[2]


def script(name: str) -> ModuleType:
    found = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


licenses, faults = script("check_licenses"), script("check_known_faults")
KNOWN = {"allowed": ["MIT", "Apache-2.0", "BSD-3-Clause"], "words": {"BSD License": "BSD-3-Clause"}, "packages": {"odd": {"license": "LGPL-3.0-only", "only": "extra"}}, "bundled": {"carrier": {"libknown": "MIT"}}}  # fmt: skip


def package(name: str, told: dict[str, list[str]], files: tuple[str, ...] = ()) -> SimpleNamespace:
    class Told(dict[str, list[str]]):
        def get(self, key, default=None):
            return self[key][0] if key in self else default

        def get_all(self, key):
            return dict.get(self, key)

        def __getitem__(self, key):
            return name if key == "Name" else dict.__getitem__(self, key)

    return SimpleNamespace(metadata=Told(told), files=files)


def test_all_that_is_installed_here_is_under_a_license_that_we_take():
    done = subprocess.run(
        [sys.executable, "scripts/check_licenses.py"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("told", "files", "wrong"),
    [
        ({"License-Expression": ["MIT"]}, (), []),
        ({"License-Expression": ["GPL-2.0-only OR (MIT AND Apache-2.0)"]}, (), []),
        ({"License-Expression": ["MIT AND GPL-2.0-only"]}, (), ["carrier is under MIT AND GPL-2.0-only"]),
        ({"Classifier": ["License :: OSI Approved :: BSD License"]}, (), []),
        ({"Classifier": ["License :: OSI Approved :: BSD License", "License :: OSI Approved :: GNU General Public License v3 (GPLv3)"]}, (), ["carrier is under BSD-3-Clause AND GNU General Public License v3 (GPLv3)"]),
        ({"License": ["AGPL\nand its text"]}, (), ["carrier is under AGPL"]),
        ({}, (), ["carrier is under a license that it does not name"]),
        ({"License-Expression": ["MIT"]}, ("carrier.libs/libknown-040039e1-0352e75f.so.5.0.0", "carrier/core.cpython-311-x86_64-linux-gnu.so"), []),
        ({"License-Expression": ["MIT"]}, ("carrier.libs/libnew-1a2b3c4d.so.1",), ["carrier carries libnew, which nobody has looked at"]),
        ({"License-Expression": ["MIT"]}, ("carrier.libs/libx265-1a2b3c4d.so.1",), ["carrier carries libx265, which is under the GPL"]),
    ],
)  # fmt: skip
def test_what_is_not_taken_is_named(told: dict[str, list[str]], files: tuple[str, ...], wrong: list[str]):
    assert list(licenses.judge_package(package("carrier", told, files), KNOWN, frozenset())) == wrong


def test_what_only_some_may_have_is_in_no_users_environment():
    odd, nvidia = package("odd", {}), package("nvidia-curand", {})
    assert list(licenses.judge_package(odd, KNOWN, frozenset())) == []
    assert list(licenses.judge_package(nvidia, KNOWN, frozenset())) == []
    both = frozenset({"odd", "nvidia-curand"})
    assert (
        len(list(licenses.judge_package(odd, KNOWN, both)))
        == len(list(licenses.judge_package(nvidia, KNOWN, both)))
        == 1
    )


def test_the_front_end_is_judged_too():
    lock = {
        "packages": {
            "": {},
            "node_modules/a": {"license": "(MIT OR CC0-1.0)"},
            "node_modules/@b/c": {"license": "GPL-3.0"},
        }
    }
    assert list(licenses.judge_front_end(lock, KNOWN["allowed"])) == ["@b/c is under GPL-3.0"]


def test_every_library_of_a_users_wheels_stands_in_the_decision():
    page = (ROOT / "docs" / "decisions" / "0005-licenses-of-what-we-install.md").read_text()
    for name in ("psycopg", "opencv-python-headless", "pi-heif", "libgfortran", "libquadmath", "libde265", "FFmpeg"):
        assert name in page


# ------------------------------------------------------------------ faults


def answering(answer: object, status: int = 200) -> httpx.Client:
    def respond(request: httpx.Request) -> httpx.Response:
        asked = json.loads(request.content)["queries"]
        return httpx.Response(status, json=answer(asked) if callable(answer) else answer)

    return httpx.Client(transport=httpx.MockTransport(respond))


def test_all_pins_are_asked_for():
    wanted = faults.pins("a==1.0 \\\n    --hash=sha256:00\nb[c]==2 ; python_version > '3'\n", json.dumps({"packages": {"": {}, "node_modules/x/node_modules/@y/z": {"version": "3"}}}))  # fmt: skip
    assert wanted == [("PyPI", "a", "1.0"), ("PyPI", "b", "2"), ("npm", "@y/z", "3")]


def test_a_known_fault_fails_and_one_that_was_looked_at_does_not(capsys, monkeypatch, tmp_path):
    def told(asked):
        return {"results": [{"vulns": [{"id": "X-1"}]} if each["package"]["name"] == "numpy" else {} for each in asked]}

    assert faults.main([], answering(told)) == 1
    said = capsys.readouterr()
    assert "PyPI numpy" in said.err
    assert ": X-1" in said.err
    accepted = tmp_path / "accepted.toml"
    accepted.write_text('[accepted]\nX-1 = "only where it flies"\n')
    monkeypatch.setattr(faults, "ACCEPTED", accepted)
    assert faults.main([], answering(told)) == 0


@pytest.mark.parametrize(("answer", "status"), [({}, 503), ({"results": []}, 200), ("words", 200)])
def test_whoever_cannot_ask_is_told_that_nobody_looked(capsys, answer: object, status: int):
    monkey = answering(answer, status)
    assert faults.main([], monkey) == 0
    assert "NOT LOOKED AT" in capsys.readouterr().out
    assert faults.main(["--strict"], answering(answer, status)) == 1
