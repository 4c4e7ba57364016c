"""The command and its files: of an experiment's folder, and of a release that an experiment lies beside."""

from __future__ import annotations

import json
import signal
import sys
from datetime import UTC, datetime

import pytest

from buffycoat.cli.app import main
from buffycoat.domain.experiment import TEST_A, TEST_B
from buffycoat.domain.release import Release, SplitPlan
from buffycoat.errors import NotFound, UnwritableFile
from buffycoat.formats.experiment_folder import write_experiment
from buffycoat.report import render_experiment
from buffycoat.workflows.report import experiment_folder_of, report_experiment, report_release
from buffycoat.workflows.runs import start_run
from buffycoat.workflows.workspace import open_workspace


@pytest.fixture(scope="module")
def folder(drawn, hand, tmp_path_factory):
    experiment = drawn()
    pictures = {(TEST_B, cell): hand.jpeg(90) for cell in experiment.set_named(TEST_B).cells}
    made = tmp_path_factory.mktemp("experiment")
    write_experiment(made, experiment, pictures=pictures)
    return made


@pytest.fixture(scope="module")
def small(hand):
    runs = [hand.make_run("vgg16", {TEST_A: "nnll", TEST_B: "nlll"})]
    return hand.make([hand.make_set(TEST_A, "nnll"), hand.make_set(TEST_B, "nnll")], runs)


@pytest.fixture
def command(monkeypatch, capsys):
    """Run the command line in this process, and return what it prints."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["buffycoat", *map(str, arguments)])
        handler = signal.getsignal(signal.SIGINT)
        try:
            with pytest.raises(SystemExit) as left:
                main()
        finally:
            signal.signal(signal.SIGINT, handler)
        printed = capsys.readouterr()
        assert not left.value.code, printed.err
        return printed.out

    return run


def test_the_command_writes_the_page_and_the_tables_and_prints_the_verdict(command, folder, tmp_path):
    out, tables = tmp_path / "deep" / "report.html", tmp_path / "tables"
    printed = command("report", folder, "--out", out, "--tables", tables)
    assert out.read_bytes().startswith(b"<!doctype html>")
    assert b"data:image/jpeg;base64," in out.read_bytes()
    assert sorted(path.name for path in tables.iterdir()) == sorted(
        f"table-{name}.{end}" for name in ("7", "8", "9", "9-restricted") for end in ("csv", "tex")
    )
    assert printed.splitlines()[0] == f"wrote {out}"
    assert "Best on test-B: VGG16" in printed
    assert "the paper's claim 3a: held by balanced accuracy" in printed


def test_as_json_it_is_one_object(command, folder, tmp_path):
    out = tmp_path / "report.html"
    told = json.loads(command("report", folder, "--out", out, "--json"))
    assert told["path"] == str(out)
    assert [claim[0] for claim in told["claims"]] == ["1", "2", "3a", "3b", "4"]


def test_the_page_is_the_same_from_the_folder_as_from_the_value(small, tmp_path):
    write_experiment(tmp_path / "e", small)
    report_experiment(tmp_path / "e", tmp_path / "one.html")
    assert (tmp_path / "one.html").read_bytes() == render_experiment(small)


def test_a_folder_without_an_experiment_and_a_file_that_cannot_be_written_are_named(small, tmp_path):
    with pytest.raises(NotFound, match="no experiment is in this folder"):
        report_experiment(tmp_path, tmp_path / "report.html")
    write_experiment(tmp_path / "e", small)
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    with pytest.raises(UnwritableFile, match="the report cannot be written"):
        report_experiment(tmp_path / "e", tmp_path / "taken" / "report.html")


def release(run_id: str) -> Release:
    return Release(
        id="r1",
        version="1",
        taxonomy="raabin-2",
        level="five-class",
        license="CC0",
        counts={},
        splits=SplitPlan(assignment={}, rule="drawn", seed=0),
        files=(),
        manifest="ab" * 32,
        simulated=True,
        sealed_at=datetime(2026, 1, 1, tzinfo=UTC),
        run_id=run_id,
    )


def test_a_release_with_an_experiment_beside_it_is_told_wholly(small, tmp_path):
    with open_workspace(tmp_path / "workspace", create=True) as workspace:
        run = start_run(workspace, room="publish", function="publish.seal", parameters={}, inputs="ab" * 32)
        with workspace.database.writing() as transaction:
            transaction.add([release(run.id)])
        with pytest.raises(NotFound, match="nothing was learned"):
            report_release(workspace, version="1")
        write_experiment(experiment_folder_of(workspace, "1"), small)
        document, path = report_release(workspace, version="1")
        text = path.read_text(encoding="utf-8")
    assert document.kind == "experiment"
    assert "The paper’s claims on test-A and test-B" in text
    assert "agreement is not told yet" in text
    assert "nobody has drawn masks here" in text
