from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from buffycoat.domain.account import (
    Appointment,
    Ended,
    Identity,
    Invitation,
    Password,
    Revocation,
    Scope,
    SignIn,
    Token,
    TokenUse,
)
from buffycoat.domain.audit import Showing, Suggestion
from buffycoat.domain.capturing import Arrival, CountingArea, Preset
from buffycoat.domain.cell import Cell, CoveredField, CrossRepeat, DuplicateEdge, Evidence, FoundBy, Repeat
from buffycoat.domain.erratum import Erratum, ErratumAnswer, ErratumState
from buffycoat.domain.geometry import Box
from buffycoat.domain.job import JobAct, JobEvent, JobOrder
from buffycoat.domain.label import Closing, Expert, HandIn, Label, Purpose, Role, Round
from buffycoat.domain.locating import BoxAct, BoxEvent
from buffycoat.domain.mask import Mask, MaskSelection, Part
from buffycoat.domain.release import Release, ReleaseFile, Scorecard, SplitPlan
from buffycoat.domain.ruling import RepeatRuling, Ruled
from buffycoat.domain.run import Document, Outcome, Run
from buffycoat.domain.smear import Capture, Exif, FieldOfView, Quality, ScaleSource, SetupCorrection, Smear
from buffycoat.domain.sorting import GalleryLabel
from buffycoat.domain.withdrawal import Reason, Withdrawal
from buffycoat.store import Database

MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.fixture(scope="session")
def database(database_url: Callable[[Path], str]) -> Callable[[Path], Database]:
    """Open the database of a folder, on whatever the tests run."""
    return lambda folder: Database(database_url(folder))


@pytest.fixture(scope="session")
def chain() -> list:
    """One value of every class that is stored, or two where one speaks of another."""
    box = Box(left=1, top=2, right=3, bottom=5)
    return [
        Run(
            id="r1",
            room="label",
            function="f",
            version="0",
            parameters={"side": None},
            inputs="",
            seed=None,
            started_at=MOMENT,
        ),
        Smear(id="s1", code="S-1"),
        Capture(id="k1", microscope="Olympus CX18"),
        FieldOfView(
            id="f1",
            smear_id="s1",
            capture_id="k1",
            received="a",
            digest="b",
            pixels="c",
            media_type="image/jpeg",
            quarter_turns=0,
            width_px=8,
            height_px=6,
            red_cell_diameter_px=None,
            quality=Quality(focus=1, brightness=0.5, clipped_dark=0, clipped_bright=0, cast_red=1, cast_blue=1),
            exif=Exif(make="SAMSUNG", orientation=6),
            icc_profile=None,
            stripped=("EXIF:Make",),
            origin="a.jpg",
            crop_only=False,
            ingested_at=MOMENT,
            run_id="r1",
        ),
        Cell(
            id="c1",
            field_id="f1",
            extent=box,
            box=box,
            score=0.5,
            found_by=FoundBy.COLOR_FILTER,
            crop="d",
            sharpness=2.5,
            average_hash="ff",
            perceptual_hash="0f",
            run_id="r1",
        ),
        Expert(id="e1", handle="a"),
        Round(
            id="o1", name="first", taxonomy="raabin@1", cells=("c1",), experts=("e1",), opened_at=MOMENT, run_id="r1"
        ),
        *others(box),
        *accounts(),
        Closing(id="h1", round_id="o1", by="e1", closed_at=MOMENT),
        HandIn(id="h2", round_id="o1", expert_id="e1", handed_at=MOMENT),
        Showing(
            id="y1",
            expert_id="e1",
            kind=Suggestion.PANEL,
            about="c1",
            shown="a",
            salt="b",
            count=1,
            source="r1",
            round_id="o1",
            shown_at=MOMENT,
        ),
        GalleryLabel(
            id="g1",
            cell_id="c1",
            expert_id="e1",
            taxonomy="raabin@1",
            term="monocyte",
            given_at=MOMENT,
            event="00000000-0000-4000-8000-000000000002",
        ),
        BoxEvent(
            id="b1",
            field_id="f1",
            expert_id="e1",
            subject="c1",
            act=BoxAct.MOVE,
            place=box,
            cell_id="c2",
            event="00000000-0000-4000-8000-000000000001",
            given_at=MOMENT,
        ),
    ]


def accounts() -> list:
    """What lets the expert sign in."""
    return [
        Appointment(id="a1", expert_id="e1", role=Role.CURATOR, active=True, by=None, made_at=MOMENT),
        Password(id="w1", expert_id="e1", hash="$argon2id$", made_at=MOMENT),
        SignIn(id="n1", expert_id="e1", digest="f", made_at=MOMENT, expires_at=MOMENT),
        Token(id="t1", expert_id="e1", name="t", scope=Scope.LABEL, digest="f", made_at=MOMENT, expires_at=MOMENT),
        TokenUse(id="tu1", token_id="t1", made_at=MOMENT),  # noqa: S106 (an id)
        Identity(id="y2", expert_id="e1", made_at=MOMENT),
        Invitation(id="i1", role=Role.EXPERT, handle=None, digest="f", by="e1", made_at=MOMENT, expires_at=MOMENT),
        Revocation(id="q1", subject="n1", reason=Ended.SIGNED_OUT, by="e1", made_at=MOMENT),
    ]


def others(box: Box) -> list:
    """What stands on the least."""
    edge = DuplicateEdge(
        a="c1",
        b="c2",
        average_hash_distance=3,
        perceptual_hash_distance=4,
        correlation=0.97,
        evidence=Evidence.REGISTRATION,
        warp=(1.0, 0.0, 0.25, 0.0, 1.0, -0.5),
    )
    return [
        Document(id="d1", kind="summary", title="t", digest="e", media_type="text/html", made_at=MOMENT, run_id="r1"),
        Document(
            id="d2",
            kind="reference-intervals",
            title="t",
            digest="e",
            media_type="text/plain",
            made_at=MOMENT,
            run_id="r1",
        ),
        Cell(
            id="c2",
            field_id="f1",
            extent=box,
            box=box,
            score=None,
            found_by=FoundBy.EXPERT,
            crop="d",
            sharpness=1.5,
            average_hash="ff",
            perceptual_hash="0f",
            run_id="r1",
        ),
        Repeat(id="p1", smear_id="s1", cell_id="c2", kept_id="c1", edges=(edge,), run_id="r1"),
        CoveredField(id="v1", smear_id="s1", field_id="f1", covered_by="f1", run_id="r1"),
        SetupCorrection(id="sc1", fields=("f1",), capture_id="k1", made_at=MOMENT, run_id="r1"),
        CrossRepeat(id="z1", cell_id="c1", other_id="c2", edge=edge, run_id="r1"),
        RepeatRuling(
            id="g1",
            smear_id="s1",
            cell_id="c1",
            other_id="c2",
            ruled=Ruled.APART,
            by="a",
            reason="other nucleus",
            given_at=MOMENT,
            run_id="r1",
        ),
        Label(
            id="l0",
            cell_id="c2",
            expert_id="e1",
            round_id="o1",
            purpose=Purpose.READING,
            term="monocyte",
            given_at=MOMENT,
            seconds=None,
            comment="",
            supersedes=None,
            run_id="r1",
        ),
        Mask(
            id="m1",
            cell_id="c1",
            part=Part.NUCLEUS,
            height_px=2,
            width_px=2,
            run_lengths=(1, 3),
            method="best",
            failure=None,
            supersedes=None,
            run_id="r1",
            expert_id="e1",
        ),
        MaskSelection(
            id="s2",
            name="few",
            taxonomy="raabin@1",
            level="five-class",
            quotas={"monocyte": 2},
            whole_only=("basophil",),
            seed=3,
            cells=("c1",),
            terms=("monocyte",),
            made_at=MOMENT,
            run_id="r1",
        ),
        Release(
            id="x1",
            version="1",
            taxonomy="raabin@1",
            level="five-class",
            license="CC-BY-4.0",
            counts={"train": {"monocyte": 1}},
            splits=SplitPlan(assignment={"s1": "train"}, rule="by hand", seed=0),
            files=(ReleaseFile(path="labels.csv", digest="a", size_bytes=1),),
            manifest="b",
            simulated=True,
            sealed_at=MOMENT,
            run_id="r1",
        ),
        Scorecard(
            id="y1",
            release_id="x1",
            recipe="features-svm",
            split="test-A",
            terms=("monocyte",),
            confusion=((1,),),
            accuracy=1.0,
            balanced_accuracy=1.0,
            interval=(0.5, 1.0),
            baseline=None,
            per_term={"monocyte": {"f1": None}},
            run_id="r1",
        ),
        Withdrawal(
            id="w1",
            smear_id="s1",
            expert_id="e1",
            reason=Reason.CONSENT,
            fields=1,
            cells=2,
            masks=0,
            removed=("a", "b"),
            shared=1,
            rewritten={"label l1": ("a", "b")},
            releases=("1",),
            withdrawn_at=MOMENT,
        ),
        Erratum(
            id="z1",
            release_id="x1",
            cell_id="c1",
            told_as="c9",
            label="monocyte",
            term="monocyte",
            proposed="basophil",
            why="granules",
            reporter="",
            by="e1",
            received_at=MOMENT,
        ),
        ErratumAnswer(id="z2", erratum_id="z1", state=ErratumState.ACCEPTED, reason="", by="e1", given_at=MOMENT),
        Outcome(
            id="u1",
            run_id="r1",
            room="detect",
            subject="f1",
            produced=None,
            code=None,
            message="2 cells",
            finished_at=MOMENT,
        ),
        Preset(
            id="ps1",
            name="CX18 and phone",
            microscope="Olympus CX18",
            objective_magnification=100.0,
            camera=None,
            adapter="printed",
            micrometres_per_pixel=0.1,
            scale_source=ScaleSource.MICROMETER,
            quarter_turns=1,
            expert_id="e1",
            made_at=MOMENT,
        ),
        Arrival(
            id="ar1",
            field_id="f1",
            expert_id="e1",
            preset_id="ps1",
            in_counting_area=CountingArea.YES,
            taken_on="2026-01-02",
            white_cells=3,
            size_bytes=4_000_000,
            sent=True,
            arrived_at=MOMENT,
        ),
        JobOrder(id="j1", kind="detect", parameters={"side": 64, "again": False}, by="e1", asked_at=MOMENT),
        JobEvent(id="je1", job_id="j1", number=1, act=JobAct.BEGUN, worker="w:1", at=MOMENT),
        JobEvent(id="je2", job_id="j1", number=2, act=JobAct.STOP_ASKED, by="e1", text="enough", at=MOMENT),
    ]
