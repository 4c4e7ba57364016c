"""The wheel, front end included, installed in a clean environment: the demo runs from it and the studio answers."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import urllib.request
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UV = ROOT / ".uv" / "bin" / "uv"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    assert (ROOT / "src/buffycoat/service/static/index.html").is_file(), "build the front end first: make frontend"
    out = tmp_path_factory.mktemp("dist")
    command = [UV, "build", "--quiet", "--no-build-isolation", "--python", sys.executable, "--wheel", "--out-dir", out]
    subprocess.run([str(part) for part in command], cwd=ROOT, check=True)
    return next(out.glob("*.whl"))


def test_wheel_is_pure_and_holds_front_end_license_and_migrations(wheel):
    assert wheel.name == "buffycoat-0.1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        metadata = archive.read(next(name for name in names if name.endswith("METADATA"))).decode()
    assert "buffycoat/service/static/index.html" in names
    assert {f"buffycoat/publish/site_static/site.{kind}" for kind in ("js", "css", "woff2")} <= set(names)
    assert any(re.match(r"buffycoat/service/static/assets/.*\.js$", name) for name in names)
    assert "buffycoat/store/migrations/versions/0001_first.py" in names
    assert "buffycoat/report/templates/page.html.j2" in names
    assert "buffycoat/py.typed" in names
    assert "License-Expression: Apache-2.0" in metadata
    assert not any(name.startswith(("tests/", "docs/")) for name in names)


def test_demo_runs_from_the_wheel_without_torch(wheel, tmp_path):
    environment = tmp_path / "venv"
    python = environment / "bin" / "python"
    subprocess.run([str(UV), "venv", "--quiet", "--python", sys.executable, str(environment)], check=True)
    pins = str(ROOT / "requirements" / "base.txt")
    subprocess.run([str(UV), "pip", "install", "--quiet", "--python", str(python), "-r", pins], check=True)
    subprocess.run([str(UV), "pip", "install", "--quiet", "--python", str(python), "--no-deps", str(wheel)], check=True)
    clean = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    command = [str(environment / "bin" / "buffycoat"), "demo", "demo", "--no-serve"]
    done = subprocess.run(command, cwd=tmp_path, env=clean, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    rooms = [line.split()[0] for line in done.stdout.splitlines()[1:9]]
    assert rooms == ["ingest", "detect", "clean", "label", "segment", "publish", "learn", "report"]
    assert "imulated" in done.stdout.splitlines()[0]
    assert subprocess.run([str(python), "-c", "import torch"], capture_output=True, check=False).returncode == 1

    server = subprocess.Popen(
        [str(environment / "bin" / "buffycoat"), "serve", "-w", "demo", "--port", "0"],
        cwd=tmp_path,
        env={**clean, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None
        address = re.search(r"http://\S+", server.stdout.readline())
        assert address is not None
        # The socket listens before the line is printed, so the first request waits and is answered.
        page = urllib.request.urlopen(address[0], timeout=30).read().decode()
        smears = json.load(urllib.request.urlopen(f"{address[0]}/api/smears", timeout=30))
    finally:
        server.terminate()
        server.wait(timeout=20)
        if server.stdout is not None:
            server.stdout.close()
    assert '<div id="root">' in page
    assert len(smears) == 5
