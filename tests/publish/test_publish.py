from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buffycoat.domain.release import ReleaseFile, SplitPlan
from buffycoat.domain.value import digest_of
from buffycoat.errors import DigestMismatch, NotFound, SplitLeak
from buffycoat.publish import (
    SPLITS,
    ReleaseItem,
    SplitSubject,
    check_leaks,
    count_items,
    labels_table,
    manifest_of,
    plan_splits,
    verify_folder,
)

SMEARS = st.lists(
    st.builds(
        SplitSubject,
        smear_id=st.uuids().map(str),
        setup=st.sampled_from(["A", "A", "A", "B", "C"]),
        subject=st.none() | st.sampled_from(["p1", "p2", "p3"]),
        cells=st.integers(1, 50),
    ),
    min_size=1,
    max_size=12,
    unique_by=lambda smear: smear.smear_id,
)


@given(SMEARS, st.integers(0, 5))
def test_no_person_is_ever_on_two_sides(smears, seed):
    plan = plan_splits(smears, seed=seed)
    assert set(plan.assignment) == {smear.smear_id for smear in smears}
    assert set(plan.assignment.values()) <= set(SPLITS)
    check_leaks(plan, subjects={s.smear_id: s.subject for s in smears}, groups=[], smear_of={})
    assert plan == plan_splits(list(reversed(smears)), seed=seed)


def test_another_set_up_is_test_b_and_a_person_on_both_goes_there():
    smears = [
        SplitSubject(smear_id="s1", setup="A", subject="p1", cells=30),
        SplitSubject(smear_id="s2", setup="A", subject="p2", cells=30),
        SplitSubject(smear_id="s3", setup="A", subject="p3", cells=30),
        SplitSubject(smear_id="s4", setup="B", subject="p3", cells=10),
    ]
    plan = plan_splits(smears)
    assert plan.assignment["s3"] == plan.assignment["s4"] == "test-B"
    assert sorted([plan.assignment["s1"], plan.assignment["s2"]]) == ["test-A", "train"]


def test_one_smear_at_home_is_all_train():
    plan = plan_splits([SplitSubject(smear_id="s1", setup="A", subject=None, cells=3)])
    assert dict(plan.assignment) == {"s1": "train"}


def test_leaks_are_refused():
    plan = SplitPlan(assignment={"s1": "train", "s2": "test-A"}, rule="by hand", seed=0)
    with pytest.raises(SplitLeak, match="person p1"):
        check_leaks(plan, subjects={"s1": "p1", "s2": "p1"}, groups=[], smear_of={})
    with pytest.raises(SplitLeak, match="repeats of cell c1"):
        check_leaks(plan, subjects={}, groups=[("c2", "c1")], smear_of={"c1": "s1", "c2": "s2"})


ITEM = ReleaseItem(
    path="train/monocyte/c1.png",
    split="train",
    label="monocyte",
    term="monocyte",
    cell_id="c1",
    field_id="f1",
    smear_id="s1",
    stain="giemsa",
    diagnosis="normal",
    site="somewhere, with a comma",
    microscope="Olympus CX18",
    camera="Samsung Galaxy S5",
    left=-3,
    top=0,
    right=10,
    bottom=13,
    sharpness=1.25,
    simulated=True,
)


def test_counts_hold_zeros_and_table_is_sorted():
    items = [replace(ITEM, path="train/monocyte/c2.png", cell_id="c2"), ITEM]
    assert count_items(items, ["basophil", "monocyte"]) == {
        "train": {"basophil": 0, "monocyte": 2},
        "test-A": {"basophil": 0, "monocyte": 0},
        "test-B": {"basophil": 0, "monocyte": 0},
    }
    lines = labels_table(items).decode().splitlines()
    assert len(lines) == 3
    assert lines[1].startswith("train/monocyte/c1.png,train,monocyte,")
    assert '"somewhere, with a comma"' in lines[1]


@pytest.fixture
def release(tmp_path):
    (tmp_path / "labels.csv").write_bytes(b"path\n")
    files = [ReleaseFile(path="labels.csv", digest=digest_of(b"path\n"), size_bytes=5)]
    (tmp_path / "manifest.json").write_bytes(manifest_of(files, {"version": "1"}))
    return tmp_path


def test_release_is_verified(release):
    assert verify_folder(release) == 1
    manifest = json.loads((release / "manifest.json").read_text())
    assert (manifest["kind"], manifest["format"], manifest["version"]) == ("buffycoat release", 1, "1")


def test_changed_missing_and_foreign_files_are_noticed(release):
    (release / "labels.csv").write_bytes(b"Path\n")
    with pytest.raises(DigestMismatch, match=r"labels\.csv"):
        verify_folder(release)
    (release / "labels.csv").unlink()
    with pytest.raises(NotFound, match="missing"):
        verify_folder(release)
    (release / "labels.csv").write_bytes(b"path\n")
    (release / "extra.txt").write_text("")
    with pytest.raises(DigestMismatch, match="not part"):
        verify_folder(release)
    (release / "manifest.json").unlink()
    with pytest.raises(NotFound, match="no release"):
        verify_folder(release)
