"""The main job on real photographs and on files that no program likes."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from buffycoat.cli.app import app


def run(*arguments: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "buffycoat", *map(str, arguments)], capture_output=True, text=True, check=False, cwd=cwd
    )


def invoke(*arguments: str | Path):
    return CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=False)


@pytest.fixture(scope="session")
def bccd_workspace(data, tmp_path_factory):
    """Forty BCCD fields, taken the whole way by the command."""
    folder = tmp_path_factory.mktemp("bccd")
    source = folder / "photographs"
    source.mkdir()
    for path in sorted((data / "bccd" / "fields" / "images").glob("*.jpg"))[:40]:
        shutil.copy2(path, source)
    done = run("run", source, "-w", folder / "w", "--smear", "bccd", "--stain", "wright", "--json")
    assert done.returncode == 0, done.stderr
    return folder, json.loads(done.stdout)


def test_real_fields_become_cells_with_a_summary(bccd_workspace):
    folder, result = bccd_workspace
    (funnel,) = result["funnels"]
    assert funnel["photographs"] == 40
    assert 36 <= funnel["elements"] <= 50
    assert funnel["kept"] == funnel["elements"] - funnel["repeats"]
    page = (folder / "w" / "summary.html").read_text()
    assert "The funnel by smear" in page
    assert page.count("data:image/jpeg;base64,") >= 2
    assert "http" not in page.split("<body>")[1].replace("http-equiv", "")


def test_same_command_again_does_nothing_twice(bccd_workspace):
    folder, _ = bccd_workspace
    before = run("digest", "-w", folder / "w").stdout
    again = run("run", folder / "photographs", "-w", folder / "w", "--smear", "bccd", "--stain", "wright", "--json")
    result = json.loads(again.stdout)
    assert [tally["done"] for tally in result["tallies"]] == [0, 0, 0]
    assert [tally["before"] for tally in result["tallies"]] == [40, 40, 1]
    assert run("digest", "-w", folder / "w").stdout == before
    assert len(before.strip()) == 64


def test_zip_comes_to_the_same_cells_as_the_folder(bccd_workspace, tmp_path):
    folder, result = bccd_workspace
    archive = tmp_path / "photographs.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for path in sorted((folder / "photographs").iterdir()):
            file.write(path, path.name)
    done = run("run", archive, "-w", tmp_path / "w", "--smear", "bccd", "--stain", "wright", "--json")
    assert json.loads(done.stdout)["funnels"][0]["kept"] == result["funnels"][0]["kept"]
    assert run("digest", "-w", tmp_path / "w").stdout == run("digest", "-w", folder / "w").stdout


def test_each_bad_file_is_refused_by_its_code_and_the_rest_is_done(bad_files, expected_codes, tmp_path):
    done = run("run", bad_files, "-w", tmp_path / "w", "--json")
    assert done.returncode == 1, done.stderr
    result = json.loads(done.stdout)
    tally = result["tallies"][0]
    refused = {outcome["subject"]: outcome["code"] for outcome in tally["refused"]}
    assert refused == {name: code for name, code in expected_codes.items() if code}
    assert tally["done"] == sum(code is None for code in expected_codes.values())
    assert [name for name, _ in result["ingest"]["passed_over"]] == ["notes.txt", "round-and-round"]
    for name, code in refused.items():
        assert f"refused [{code}] {name}" in done.stderr
    assert str(tmp_path) not in done.stderr
    page = (tmp_path / "w" / "summary.html").read_text()
    assert "عکس لام ۱.jpg" not in page  # good files are not named, refused ones are
    assert "truncated.jpg" in page


def test_refused_file_is_taken_in_once_it_can_be_read(tmp_path, photograph):
    source = tmp_path / "p"
    source.mkdir()
    (source / "a.jpg").symlink_to(tmp_path / "late.jpg")
    assert run("ingest", source, "-w", tmp_path / "w").returncode == 1
    shutil.copy2(photograph, tmp_path / "late.jpg")
    assert run("ingest", source, "-w", tmp_path / "w").returncode == 0


def test_raabin_photograph_holds_its_labeled_neutrophil(photograph, tmp_path):
    done = run("run", photograph, "-w", tmp_path / "w", "--smear", "95-5-4-1", "--stain", "giemsa", "--json")
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["ingest"]["orientation_tags"] == 1
    import sqlite3

    with sqlite3.connect(tmp_path / "w" / "buffycoat.db") as connection:
        boxes = [json.loads(row[0]) for row in connection.execute("SELECT box FROM cell")]
        camera, turns, stripped = connection.execute(
            "SELECT camera, f.quarter_turns, stripped FROM capture JOIN field_of_view f ON f.capture_id = capture.id"
        ).fetchone()
    centers = [((box["left"] + box["right"]) / 2, (box["top"] + box["bottom"]) / 2) for box in boxes]
    assert any(2567 <= x < 3142 and 1171 <= y < 1746 for x, y in centers)
    assert all(460 <= box["right"] - box["left"] <= 720 for box in boxes)
    assert (camera, turns) == ("Samsung Galaxy S5", 0)
    assert "EXIF:Model" in stripped


def test_metadata_table_makes_many_smears(data, tmp_path):
    source = tmp_path / "p"
    source.mkdir()
    names = [path.name for path in sorted((data / "bccd" / "fields" / "images").glob("*.jpg"))[:4]]
    for name in names:
        shutil.copy2(data / "bccd" / "fields" / "images" / name, source)
    table = source / "metadata.csv"
    table.write_text("file,smear,stain\n" + "".join(f"{name},S-{n % 2},wright\n" for n, name in enumerate(names)))
    done = run("ingest", source, "-w", tmp_path / "w", "--metadata", table, "--json")
    assert done.returncode == 0, done.stderr
    from buffycoat.workflows.browse import list_funnels
    from buffycoat.workflows.workspace import open_workspace

    with open_workspace(tmp_path / "w") as workspace:
        assert [(f.smear.code, f.smear.stain, f.photographs) for f in list_funnels(workspace)] == [
            ("S-0", "wright", 2),
            ("S-1", "wright", 2),
        ]
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("file,smear,stain\n" + "".join(f"{name},S-0,gimsa\n" for name in names))
    refused = run("ingest", source, "-w", tmp_path / "w", "--metadata", wrong)
    assert refused.returncode == 2
    assert "error [invalid-metadata]" in refused.stderr
    assert "line 2" in refused.stderr


def test_smear_cannot_be_described_in_two_ways(tmp_path, data):
    one, two = sorted((data / "bccd" / "fields" / "images").glob("*.jpg"))[:2]
    assert run("ingest", one, "-w", tmp_path / "w", "--smear", "S-1", "--stain", "wright").returncode == 0
    again = run("ingest", two, "-w", tmp_path / "w", "--smear", "S-1", "--stain", "giemsa")
    assert again.returncode == 2
    assert "recorded differently" in again.stderr


def test_exact_repeat_is_named_and_harms_nothing(tmp_path, data):
    source = tmp_path / "p"
    source.mkdir()
    path = min((data / "bccd" / "fields" / "images").glob("*.jpg"))
    shutil.copy2(path, source / "a.jpg")
    shutil.copy2(path, source / "b.jpg")
    done = run("ingest", source, "-w", tmp_path / "w", "--json")
    assert done.returncode == 0
    (repeat,) = json.loads(done.stdout)["tally"]["repeats"]
    assert (repeat["subject"], repeat["code"]) == ("b.jpg", "exact-repeat")
    assert "a.jpg" in repeat["message"]


def test_crops_become_fields_of_one_cell_outside_field_statistics(tmp_path, data):
    source = data / "raabin_samples" / "leukopy_crops" / "basophil"
    done = run("run", source, "-w", tmp_path / "w", "--crops", "--smear", "crops", "--json")
    assert done.returncode == 0, done.stderr
    (funnel,) = json.loads(done.stdout)["funnels"]
    assert (funnel["photographs"], funnel["crop_only"], funnel["elements"]) == (0, 2, 2)


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["digest", "-w", "nowhere"], 7, "workspace-missing"),
        (["run", "nothing-there"], 2, "unreadable-file"),
        (["publish", "-w", "w", "--version", "../x"], 2, "invalid-metadata"),
        (["report", "-w", "w"], 3, "not-found"),
        (["label", "-w", "w", "--round", "none"], 3, "not-found"),
        (["label", "-w", "w", "--open-for", "a", "--open-for", "b"], 2, "too-few"),
    ],
)
def test_errors_have_their_exit_status_and_code(tmp_path, arguments, status, said):
    from buffycoat.workflows.workspace import open_workspace

    with open_workspace(tmp_path / "w", create=True):
        pass
    done = run(*arguments, cwd=tmp_path)
    assert done.returncode == status, done.stderr
    assert f"error [{said}]" in done.stderr
    assert done.stderr.count("\n") >= 2, "an error says what to do next"


def test_settings_come_from_flag_environment_file_default(tmp_path, monkeypatch):
    from buffycoat.errors import InvalidSetting
    from buffycoat.settings import read_settings

    (tmp_path / "buffycoat.toml").write_text("port = 7001\nmax_megapixels = 50\nhost = '127.0.0.2'\n")
    monkeypatch.setenv("BUFFYCOAT_PORT", "7002")
    settings, origins = read_settings(tmp_path, host="127.0.0.3")
    assert (settings.host, settings.port, settings.max_megapixels) == ("127.0.0.3", 7002, 50)
    said = {"host": "flag", "port": "environment", "max_megapixels": "buffycoat.toml"}
    assert origins == dict.fromkeys(type(settings).model_fields, "default") | said
    (tmp_path / "buffycoat.toml").write_text("prot = 1\n")
    with pytest.raises(InvalidSetting, match="prot"):
        read_settings(tmp_path)


def test_every_command_has_help():
    commands = [
        "run",
        "demo",
        "ingest",
        "orient",
        "detect",
        "clean",
        "label",
        "segment",
        "publish",
        "learn",
        "report",
        "serve",
        "digest",
        "config",
        "taxonomy",
    ]
    listed = invoke("--help").stdout
    for command in commands:
        assert command in listed
        assert invoke(command, "--help").exit_code == 0


def test_ctrl_c_ends_with_its_status_and_the_same_command_goes_on(data, tmp_path):
    import os
    import signal
    import time

    source = data / "bccd" / "fields" / "images"
    command = [sys.executable, "-m", "buffycoat", "run", str(source), "-w", str(tmp_path / "w"), "--smear", "S"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    objects = tmp_path / "w" / "objects"
    while process.poll() is None and not (objects.is_dir() and len(list(objects.iterdir())) > 3):
        time.sleep(0.05)
    os.kill(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "the same command again" in said
    assert "Traceback" not in said


def test_scale_is_measured_on_a_stage_micrometer(tmp_path, data):
    import numpy as np

    from buffycoat.imaging.codecs import encode_png
    from buffycoat.workflows.workspace import open_workspace

    ruler = np.full((600, 900, 3), 225, np.uint8)
    for line in range(20, 900, 40):
        ruler[150:450, line : line + 4] = 40
    (tmp_path / "ruler.png").write_bytes(encode_png(ruler))
    photograph = min((data / "bccd" / "fields" / "images").glob("*.jpg"))
    said = ["--micrometer", tmp_path / "ruler.png", "--division-um", "10", "--smear", "S"]
    done = run("ingest", photograph, "-w", tmp_path / "w", *said)
    assert done.returncode == 0, done.stderr
    from buffycoat.domain.smear import Capture

    with open_workspace(tmp_path / "w") as workspace, workspace.database.reading() as transaction:
        (capture,) = transaction.find(Capture)
    assert abs(capture.micrometres_per_pixel - 0.25) < 0.002
    assert capture.scale_source == "stage-micrometer"
    both = run("ingest", photograph, "-w", tmp_path / "w", *said, "--um-per-px", "0.3")
    assert both.returncode == 2
    assert "given twice" in both.stderr


def test_wrong_usage_is_said_plainly(tmp_path):
    done = run("run", cwd=tmp_path)
    assert done.returncode == 2
    assert "Missing argument" in done.stderr
    assert "Traceback" not in done.stderr


def test_smears_are_named_after_their_folders_dots_included(data, tmp_path):
    from buffycoat.workflows.browse import list_funnels
    from buffycoat.workflows.workspace import open_workspace

    paths = sorted((data / "bccd" / "fields" / "images").glob("*.jpg"))[:3]
    for path, name in zip(paths, ("95.5.4", "95.5.7"), strict=False):
        (tmp_path / name).mkdir()
        shutil.copy2(path, tmp_path / name)
        assert run("ingest", tmp_path / name, "-w", tmp_path / "w").returncode == 0
    shutil.copy2(paths[2], tmp_path / "S-9.jpg")
    assert run("ingest", tmp_path / "S-9.jpg", "-w", tmp_path / "w").returncode == 0
    with open_workspace(tmp_path / "w") as workspace:
        assert [funnel.smear.code for funnel in list_funnels(workspace)] == ["95.5.4", "95.5.7", "S-9"]


def test_source_that_is_not_there_leaves_no_workspace(tmp_path):
    done = run("run", tmp_path / "typo", "-w", tmp_path / "w")
    assert done.returncode == 2
    assert not (tmp_path / "w").exists()
    (tmp_path / "empty").mkdir()
    assert run("run", tmp_path / "empty", "-w", tmp_path / "w").returncode == 3


def test_segment_refuses_a_method_or_term_that_there_is_not(demo_workspace):
    for wrong, said in ((["--method", "foo"], "easy-gt"), (["--term", "foo"], "no term")):
        done = run("segment", "-w", demo_workspace, *wrong)
        assert done.returncode == 2
        assert said in done.stderr
