"""What others called their files commands no terminal."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from buffycoat.cli.visible import visible


@pytest.mark.parametrize("sign", ["\x1b", "\x00", "\x07", "\x08", "\r", "\x7f", "\x9b", "\u202e", "\u2066"])
def test_no_sign_that_commands_is_left(sign: str):
    assert sign not in visible(f"a{sign}b")
    assert visible(f"a{sign}b").startswith("a\\")


def test_words_of_any_script_stay():
    text = "گلبول سفید\u200cها: 7 µm\tφ\n🔬"
    assert visible(text) == text


def test_a_file_of_such_a_name_is_told_of_in_visible_signs(tmp_path: Path):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "\x1b[2J\u202egpj.jpg").write_bytes(b"no photograph")
    command = [
        sys.executable,
        "-m",
        "buffycoat",
        "ingest",
        "photos",
        "--workspace",
        "w",
        "--smear",
        "S-1",
        "--stain",
        "giemsa",
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "gpj.jpg" in done.stdout + done.stderr
    assert "\x1b" not in done.stdout + done.stderr
    assert "\u202e" not in done.stdout + done.stderr
