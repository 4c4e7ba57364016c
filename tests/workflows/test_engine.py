"""Long work on a Dask cluster keeps what this process keeps, whatever becomes of its workers."""

from __future__ import annotations

import json
import os
import pickle
import shutil
import signal
from collections.abc import Iterator
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

import dask_cluster
import pytest
from distributed import Client
from on_workers import count_up, die, large, look_at, opened, slow, watch

from buffycoat.domain.cell import Cell, CoveredField, Repeat
from buffycoat.domain.mask import Mask
from buffycoat.domain.run import Outcome
from buffycoat.domain.smear import FieldOfView
from buffycoat.errors import EngineDiffers, EngineUnreachable, InvalidSetting, NothingFound, WorkersKilled
from buffycoat.imaging.codecs import encode_jpeg
from buffycoat.samples import field
from buffycoat.settings import engine_for
from buffycoat.workflows.clean import clean_cells
from buffycoat.workflows.detect import detect_cells
from buffycoat.workflows.engine import SERIAL, Call, Shared, engine_at
from buffycoat.workflows.engine.cluster import Cluster, versions_here
from buffycoat.workflows.ingest import Record, ingest_photographs
from buffycoat.workflows.jobs import get_job, start_job, work_off
from buffycoat.workflows.runs import Progress
from buffycoat.workflows.segment import segment_cells
from buffycoat.workflows.suggesting import suggest_types
from buffycoat.workflows.workspace import Workspace, open_workspace

RECORD = Record(smear="s1", site="here", microscope="m")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of two workers."""
    folder = tmp_path_factory.mktemp("cluster")
    with dask_cluster.a_scheduler(folder) as (there, _), dask_cluster.workers(there, 2, folder / "workers"):
        with Client(there, set_as_default=False, timeout=60) as client:
            client.wait_for_workers(2, timeout=120)
        yield there


@pytest.fixture
def cluster(address: str) -> Iterator[Cluster]:
    engine = Cluster(address)
    yield engine
    engine.close()


# --------------------------------------------------------------- the work


@pytest.fixture(scope="module")
def photographs(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Drawn photographs that overlap, real ones, one of them twice, and one that is none."""
    folder = tmp_path_factory.mktemp("photographs")
    drawn = field()
    for name, part in (("a", drawn[:, :-80]), ("b", drawn[:, 80:])):
        (folder / f"drawn-{name}.jpg").write_bytes(encode_jpeg(part, quality=95))
    real = sorted((data / "bccd" / "fields" / "images").glob("*.jpg"))[:5]
    for path in real:
        shutil.copy(path, folder)
    shutil.copy(real[0], folder / "zz-again.jpg")
    (folder / "broken.jpg").write_bytes(real[1].read_bytes()[:2000])
    return folder


def kept(workspace: Workspace) -> dict[str, Any]:
    """All that the five rooms keep, without the moments."""
    with workspace.database.reading() as transaction:
        rows: dict[str, Any] = {
            kind.__name__: sorted((asdict(each) for each in transaction.find(kind)), key=lambda row: row["id"])
            for kind in (FieldOfView, Cell, Repeat, CoveredField, Mask, Outcome)
        }
    for row in rows["FieldOfView"]:
        del row["ingested_at"]
    said = {}
    for row in rows["Outcome"]:
        del row["finished_at"]
        if row["room"] == "classify":
            said[row["subject"]] = json.loads(row["message"])
            row["message"] = ""
    objects = sorted(path.name for path in (workspace.folder / "objects").rglob("*") if path.is_file())
    return {**rows, "said": said, "objects": objects}


def compare(there: dict[str, Any], here: dict[str, Any]) -> None:
    for name, rows in here.items():
        if name != "said":
            assert there[name] == rows, name
    assert there["said"].keys() == here["said"].keys()
    for cell, said in here["said"].items():
        assert there["said"][cell]["said"] == said["said"]
        assert there["said"][cell]["chances"] == pytest.approx(said["chances"], abs=1e-6)


@pytest.fixture(scope="module")
def here(photographs: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What this process keeps."""
    with open_workspace(tmp_path_factory.mktemp("here") / "w", create=True) as workspace:
        ingest_photographs(workspace, photographs, record=RECORD)
        detect_cells(workspace)
        clean_cells(workspace)
        segment_cells(workspace)
        suggest_types(workspace)
        found = kept(workspace)
    assert len(found["FieldOfView"]) == 7
    assert {row["code"] for row in found["Outcome"]} == {None, "exact-repeat", "unreadable-image"}
    assert len(found["Cell"]) > 10
    assert found["Repeat"]
    assert any(row["failure"] is None for row in found["Mask"])
    assert found["said"]
    return found


def test_a_cluster_keeps_what_this_process_keeps_though_a_worker_is_killed(
    cluster: Cluster, photographs: Path, here: dict[str, Any], tmp_path: Path
) -> None:
    with (
        open_workspace(tmp_path / "w", create=True, engine=cluster) as workspace,
        Client(cluster.address, set_as_default=False) as client,
    ):
        client.run(watch, str(tmp_path), str(photographs))
        first, other = client.run(os.getpid).items()

        def kill(step: Progress) -> None:
            if step.done == 2:
                os.kill(first[1], signal.SIGKILL)

        ingest_photographs(workspace, photographs, record=RECORD, progress=kill)
        before = cluster.tasks
        job = start_job(workspace, "detect")
        assert work_off(workspace, until_idle=True) == 1
        assert get_job(workspace, job.id).result["done"] == 7
        assert cluster.tasks > before
        clean_cells(workspace)
        segment_cells(workspace)
        suggest_types(workspace)
        compare(kept(workspace), here)

        told = client.run(opened, workers=[other[0]])
        assert told == {other[0]: []}, "a worker opened what is ours"
        seen = str(photographs / "broken.jpg")
        assert client.run(look_at, seen, workers=[other[0]]) == {other[0]: 2000}
        assert client.run(opened, workers=[other[0]]) == {other[0]: [seen]}, "it would not have been noted"


def test_what_is_shared_outlives_the_worker_that_has_it(cluster: Cluster) -> None:
    share, killed, products = Shared({"times": 3}), 0, []
    for said in cluster.run(Call(slow, (number, share)) for number in range(60)):
        product, pid = said.get()
        products.append(product)
        if len(products) == 10:
            killed = pid
            os.kill(pid, signal.SIGKILL)
    assert products == [3 * number for number in range(60)]
    assert killed


def test_answers_keep_their_order_their_errors_and_few_are_on_their_way(cluster: Cluster) -> None:
    begun = []

    def calls() -> Iterator[Call | None]:
        for number in range(3000):
            begun.append(number)
            yield None if number % 10 == 5 else Call(count_up, (number,))

    ahead, said = 0, []
    for answer in cluster.run(calls()):
        said.append(answer)
        ahead = max(ahead, len(begun) - len(said))
    assert [answer.value for answer in said] == [None if n % 10 == 5 or n == 7 else n for n in range(3000)]
    error = said[7].error
    assert isinstance(error, NothingFound)
    assert error.found == "7"
    assert cluster.most <= 6  # two a core, and two
    assert ahead < 600  # tasks of 64 calls at most


def test_large_arguments_are_held_back_by_their_bytes(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("buffycoat.workflows.engine.cluster._FLIGHT_BYTES", 3_000_000)
    assert list(cluster.map(large, (bytes(2_000_000) for _ in range(6)))) == [2_000_000] * 6
    assert cluster.most == 2


def test_what_kills_every_worker_is_refused_alone(cluster: Cluster) -> None:
    cluster._pace_s = 0.05  # five calls in the first task
    answers = list(cluster.run(Call(die, (number,)) for number in range(6)))
    assert [answer.value for answer in answers] == [0, 1, 2, None, 4, 5]
    assert isinstance(answers[3].error, WorkersKilled)


# --------------------------------------------------------------- failures


def test_the_setting_names_the_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert engine_for(tmp_path) is SERIAL
    monkeypatch.setenv("BUFFYCOAT_ENGINE", "tcp://there:8786")
    engine = engine_for(tmp_path)
    assert isinstance(engine, Cluster)
    assert engine.address == "tcp://there:8786"
    assert engine_for(tmp_path, "") is SERIAL


@pytest.mark.parametrize("address", ["localhost:8786", "http://host:1", "tcp://host", "tcp://me:secret@host:1"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(InvalidSetting):
        engine_at(address)


def test_no_scheduler_there_is_told_and_nothing_is_written(
    photographs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("buffycoat.workflows.engine.cluster._CONNECT_S", 0.5)
    with open_workspace(tmp_path / "w", create=True, engine=Cluster("tcp://127.0.0.1:9")) as workspace:
        with pytest.raises(EngineUnreachable, match=r"tcp://127\.0\.0\.1:9 does not answer"):
            ingest_photographs(workspace, photographs, record=RECORD)
        assert kept(workspace)["Outcome"] == []


def test_other_versions_are_told(address: str, tmp_path: Path) -> None:
    metadata = tmp_path / "elsewhere" / "buffycoat-9.9.9.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: buffycoat\nVersion: 9.9.9\n")
    path = os.pathsep.join([str(metadata.parent), dask_cluster.TESTS, os.environ.get("PYTHONPATH", "")])
    with dask_cluster.workers(address, 1, tmp_path / "strange", PYTHONPATH=path):
        with Client(address, set_as_default=False) as client:
            while "9.9.9" not in {each["buffycoat"] for each in client.run(versions_here).values()}:
                client.wait_for_workers(3, timeout=120)
        with pytest.raises(EngineDiffers) as told:
            list(Cluster(address).map(large, [b"1"]))
    assert told.value.expected == f"buffycoat {version('buffycoat')}"
    assert told.value.found == "buffycoat 9.9.9"


def test_no_workers_and_a_lost_scheduler_are_told(tmp_path: Path) -> None:
    with dask_cluster.a_scheduler(tmp_path) as (there, scheduler):
        with pytest.raises(EngineUnreachable, match="has no workers"):
            list(Cluster(there, patience_s=0.5).map(large, [b"1"]))
        with dask_cluster.workers(there, 1, tmp_path / "worker"):
            engine, answers, share = Cluster(there), [], Shared({"times": 1})
            with pytest.raises(EngineUnreachable, match="does not answer"):
                for said in engine.run(Call(slow, (number, share)) for number in range(2000)):
                    answers.append(said.get()[0])
                    if len(answers) == 5:
                        os.killpg(scheduler.pid, signal.SIGKILL)
            assert answers == list(range(len(answers)))
            assert 5 <= len(answers) < 2000


def test_values_go_to_workers_as_their_own_kind() -> None:
    error = NothingFound("nothing", expected="a cell", found="glass", hint="look")
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 (our own bytes)
    assert (again.what, again.expected, again.found, again.hint) == ("nothing", "a cell", "glass", "look")
