"""A smear that is withdrawn: nothing of it is left, everything else is, and the log holds."""

from __future__ import annotations

import itertools
import re
import shutil
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from buffycoat.domain.account import Person
from buffycoat.domain.audit import Action, FaultKind
from buffycoat.domain.cell import Cell
from buffycoat.domain.label import Label, Role
from buffycoat.domain.mask import Mask
from buffycoat.domain.release import Release
from buffycoat.domain.smear import FieldOfView, Sex, Smear
from buffycoat.domain.withdrawal import Reason, Withdrawal, WithdrawalPlan
from buffycoat.errors import Conflict, DigestMismatch, InputError, NotAllowed, NotFound, UnwritableFile
from buffycoat.label import items_of
from buffycoat.service import create_app
from buffycoat.service.guards import COOKIE
from buffycoat.store.answers import open_rounds
from buffycoat.store.queries import CellFilter, current_cells
from buffycoat.workflows import browse, people, reading
from buffycoat.workflows.audit import list_entries, verify_log
from buffycoat.workflows.cell_pictures import draw_picture, kept_picture
from buffycoat.workflows.demo import ABOUT
from buffycoat.workflows.detect import detect_cells
from buffycoat.workflows.ingest import IngestOptions, Record, ingest_photographs
from buffycoat.workflows.keeping import withdraw
from buffycoat.workflows.keeping.backup import back_up
from buffycoat.workflows.keeping.doctor import examine
from buffycoat.workflows.keeping.turns import together
from buffycoat.workflows.metadata import correct_metadata, write_metadata
from buffycoat.workflows.people import sessions
from buffycoat.workflows.publish import ReleaseWish, publish_release, reproduce_release
from buffycoat.workflows.segment import segment_cells
from buffycoat.workflows.workspace import Workspace

CODE = "DRAWN-A1"
MOMENTS = re.compile(rb"\b(19|20)\d\d-[01]\d-[0-3]\d([T ][0-2]\d:\d\d)?|\b(19|20)\d\d:[01]\d:[0-3]\d")


def smear_of(workspace: Workspace, code: str = CODE) -> Smear:
    with workspace.database.reading() as transaction:
        return transaction.find(Smear, code=code)[0]


def taken(workspace: Workspace, code: str = CODE, **more) -> WithdrawalPlan:
    given = {"by": people.curator_of(workspace, "ada"), "reason": Reason.CONSENT, "confirm": code} | more
    return withdraw.withdraw_smear(workspace, code, **given)


def cells_of(workspace: Workspace, smear_id: str) -> list[Cell]:
    with workspace.database.reading() as transaction:
        fields = {field.id for field in transaction.find(FieldOfView, smear_id=smear_id)}
        return [cell for cell in transaction.find(Cell) if cell.field_id in fields]


def held(workspace: Workspace) -> dict[str, bytes]:
    objects = workspace.folder / "objects"
    return {path.parent.name + path.name: path.read_bytes() for path in objects.glob("[0-9a-f][0-9a-f]/*")}


def test_a_dry_run_says_what_would_go_and_changes_nothing(demo: Workspace):
    before = held(demo), smear_of(demo)
    plan = withdraw.plan_withdrawal(demo, CODE)
    with demo.database.reading() as transaction:
        fields = transaction.find(FieldOfView, smear_id=smear_of(demo).id)
    cells = cells_of(demo, smear_of(demo).id)
    assert (plan.fields, plan.cells) == (len(fields), len(cells))
    pixels = {field.digest for field in fields} | {cell.crop for cell in cells}
    assert plan.objects == len(pixels) + plan.documents
    assert (plan.releases, plan.rounds, plan.done) == (("demo-1",), ("demo-reading",), False)
    assert set(plan.pages) == {"summary.html", "report-demo-1.html"}
    assert (held(demo), smear_of(demo)) == before


def test_nothing_of_the_smear_is_left_and_all_else_is(demo: Workspace):
    smear, others = smear_of(demo), {}
    cells = cells_of(demo, smear.id)
    with demo.database.reading() as transaction:
        pixels = {field.digest for field in transaction.find(FieldOfView, smear_id=smear.id)} | {
            cell.crop for cell in cells
        }
        for cls in (Smear, FieldOfView, Cell, Mask, Label):
            others[cls] = {value.id: value for value in transaction.find(cls)}
    draw_picture(demo, cells[0].id, 96)
    before = held(demo)
    plan = taken(demo)
    assert plan.done
    gone = before.keys() - held(demo).keys()
    assert pixels <= gone
    assert len(gone) == plan.objects
    assert kept_picture(demo, cells[0].id, 96) is None
    assert not (demo.folder / "thumbnails.db").exists()
    assert not (demo.folder / "summary.html").exists()

    tomb = smear_of(demo, plan.code)
    assert tomb == Smear(
        id=smear.id, code=f"withdrawn-{smear.id[1:9]}", stain=smear.stain, site=smear.site, simulated=True
    )
    fields = {field.id for field in others[FieldOfView].values() if field.smear_id == smear.id}
    with demo.database.reading() as transaction:
        for field in transaction.find(FieldOfView):
            if field.id not in fields:
                assert field == others[FieldOfView][field.id]
                continue
            assert (field.digest, field.pixels, field.quality, field.origin, field.media_type) == (None,) * 5
            assert field.received == others[FieldOfView][field.id].received
        mine = {cell.id for cell in cells}
        for cell in transaction.find(Cell):
            before_it = others[Cell][cell.id]
            bare = replace(before_it, crop=None, sharpness=None, average_hash=None, perceptual_hash=None, origin=None)
            assert cell == (bare if cell.id in mine else before_it)
        for mask in transaction.find(Mask):
            before_it = others[Mask][mask.id]
            assert mask == (
                replace(before_it, run_lengths=(), failure="withdrawn") if mask.cell_id in mine else before_it
            )
        assert {label.id: label for label in transaction.find(Label)} == others[Label]
        shown = {cell.id for cell in current_cells(transaction, CellFilter())[1]}
        assert not shown & mine
        made = transaction.find(Withdrawal)[0]
    assert (made.smear_id, made.reason, made.releases) == (smear.id, Reason.CONSENT, ("demo-1",))


def test_no_byte_of_code_or_pseudonym_is_left_in_the_folder(demo: Workspace):
    smear = smear_of(demo)
    shutil.rmtree(demo.folder / "photographs")  # where they were taken in from
    taken(demo)
    demo.close()
    words = (smear.code.encode(), (smear.subject or "").encode())
    found = [
        path for path in demo.folder.rglob("*") if path.is_file() and any(word in path.read_bytes() for word in words)
    ]
    assert found == []


def test_the_log_holds_and_says_who_and_why_and_no_name(demo: Workspace, by_hand):
    taken(demo)
    verdict = verify_log(demo)
    assert verdict.fault is None
    line = list_entries(demo, None, actions=(Action.WITHDREW,), limit=5).lines[0]
    assert (line.person, line.subject_class) == ("ada", "withdrawal")
    rows = repr([by_hand(demo.folder, f"SELECT * FROM {table}") for table in ("withdrawal", "audit_entry")])  # noqa: S608 (names of our own tables)
    assert "consent-withdrawn" in rows
    assert CODE not in rows
    assert examine(demo.folder).weighs("fault", "unknown") == ()


def test_what_people_said_of_it_is_emptied_and_still_stands_in_the_log(
    demo: Workspace, rounds, people, tmp_path: Path, by_hand
):
    """Comments, corrected facts and drawn outlines are acts: their rows change, and only as the withdrawal says."""
    smear = smear_of(demo)
    table = tmp_path / "facts.csv"
    write_metadata(demo, table)
    lines = table.read_text().splitlines()
    column = lines[0].split(",").index("sex")
    rows = [line.split(",") for line in lines]
    for row in rows[1:]:
        if CODE in row:
            row[column] = "female"
    table.write_text("\n".join(map(",".join, rows)) + "\n")
    assert len(correct_metadata(demo, table)) == 1
    mine = {cell.id for cell in cells_of(demo, smear.id)}
    campaign = rounds.open(name="said", query="disputed")
    items = {item.item: item.cell_id for item in items_of(campaign, people["edna"].id)}
    sent = [rounds.given(item, comment="it is Mrs. Example's") for item in items]
    reading.take_answers(demo, campaign.id, people["edna"], sent)
    with demo.database.writing() as transaction:
        drawn = [mask for mask in transaction.find(Mask) if mask.cell_id in mine and mask.failure is None][:2]
        transaction.add([replace(mask, id=f"m{n}", expert_id=people["edna"].id) for n, mask in enumerate(drawn)])
    assert verify_log(demo).fault is None
    taken(demo)
    with demo.database.reading() as transaction:
        said = {label.cell_id: label.comment for label in transaction.find(Label, round_id=campaign.id)}
        (made,) = transaction.find(Withdrawal)
        assert transaction.get(Mask, "m0").run_lengths == ()
    assert {comment for cell, comment in said.items() if cell in mine} <= {""}
    assert {comment for cell, comment in said.items() if cell not in mine} == {"it is Mrs. Example's"}
    assert {key.split()[0] for key in made.rewritten} >= {"correction", "mask"}
    assert smear_of(demo, f"withdrawn-{smear.id[1:9]}").sex is Sex.UNKNOWN
    assert verify_log(demo).fault is None
    by_hand(demo.folder, "UPDATE mask SET failure = 'otherwise' WHERE id = 'm0'")
    assert verify_log(demo).fault.kind is FaultKind.VALUE_CHANGED


def test_a_tombstone_that_nobody_entered_excuses_nothing(demo: Workspace, by_hand):
    taken(demo)
    by_hand(demo.folder, 'UPDATE withdrawal SET rewritten = \'{"label l": ["a", "b"]}\'')
    assert verify_log(demo).fault.kind is FaultKind.VALUE_CHANGED


def test_an_object_that_another_smear_holds_too_stays(demo: Workspace):
    mine = cells_of(demo, smear_of(demo).id)[0]
    other = cells_of(demo, smear_of(demo, "DRAWN-A2").id)[0]
    with demo.database.writing() as transaction:
        transaction.add([replace(other, id="c1", crop=mine.crop)])
    assert withdraw.plan_withdrawal(demo, CODE).shared == 1
    assert taken(demo).shared == 1
    assert demo.objects.has(mine.crop)


def test_an_interruption_is_finished_by_the_same_command(demo: Workspace, monkeypatch):
    removed = []

    def refuse(digest: str) -> bool:
        removed.append(digest)
        if len(removed) == 5:
            raise OSError(30, "Read-only file system")
        return type(demo.objects).remove(demo.objects, digest)

    with monkeypatch.context() as patched:
        patched.setattr(demo.objects, "remove", refuse)
        with pytest.raises(UnwritableFile, match="Read-only"):
            taken(demo)
    left = examine(demo.folder, fast=True).weighs("fault")
    assert {fault.what for fault in left} == {"withdrawn pixels are still here"}
    assert withdraw.plan_withdrawal(demo, CODE).done
    again = taken(demo, by=people.curator_of(demo, "carla"), reason=Reason.MIXED_UP)
    assert again.left == again.objects - 4
    assert examine(demo.folder, fast=True).weighs("fault") == ()
    with demo.database.reading() as transaction:
        assert [made.reason for made in transaction.find(Withdrawal)] == [Reason.CONSENT]


def test_it_does_not_come_back(demo: Workspace, tmp_path: Path):
    source = demo.folder / "photographs" / CODE
    taken(demo)
    options = IngestOptions(simulated=True)
    record = Record(smear=CODE, site="drawn by buffycoat")
    with pytest.raises(Conflict, match="was withdrawn"):
        ingest_photographs(demo, source, record=record, options=options)
    tally = ingest_photographs(demo, source, record=Record(smear="S-other"), options=options).tally
    assert tally.done == 0
    assert {outcome.code for outcome in tally.refused} == {"conflict"}
    assert all("was withdrawn" in outcome.message for outcome in tally.refused)
    detect_cells(demo)
    segment_cells(demo)
    release = publish_release(demo, version="demo-2", wish=ReleaseWish(about=ABOUT))
    held_by = withdraw.plan_withdrawal(demo, "DRAWN-A2").releases
    assert held_by == ("demo-2", "demo-1")
    assert withdraw.plan_withdrawal(demo, CODE).releases == ("demo-1",)
    assert sum(map(sum, (counts.values() for counts in release.counts.values()))) > 0
    with pytest.raises((NotFound, DigestMismatch)):
        reproduce_release(demo, "demo-1")


def test_the_next_backup_into_the_same_folder_holds_nothing_of_it(demo: Workspace, tmp_path: Path):
    back_up(demo.folder, tmp_path / "b")
    pixels = {cell.crop for cell in cells_of(demo, smear_of(demo).id)}
    copies = {path.parent.name + path.name for path in (tmp_path / "b" / "objects").glob("*/*")}
    assert pixels <= copies
    for version in taken(demo).releases:  # what the command asks for
        shutil.rmtree(demo.folder / "releases" / version)
    back_up(demo.folder, tmp_path / "b")
    assert examine(demo.folder, fast=True).weighs("fault") == ()
    assert not pixels & {path.parent.name + path.name for path in (tmp_path / "b" / "objects").glob("*/*")}


def test_who_may_and_what_must_be_said(demo: Workspace):
    assert people.curator_of(demo, "carla").role is Role.CURATOR
    for handle, error in (("edna", NotAllowed), ("nobody", NotFound)):
        with pytest.raises(error):
            people.curator_of(demo, handle)
    (ada,) = (facts.person for facts in people.list_people(demo) if facts.person.handle == "carla")
    people.appoint(demo, ada.id, active=False)
    with pytest.raises(NotAllowed, match="off"):
        people.curator_of(demo, "carla")
    for confirm in ("", "yes", "DRAWN-A2"):
        with pytest.raises(InputError, match="not the code"):
            taken(demo, confirm=confirm)
    with pytest.raises(NotFound):
        taken(demo, "DRAWN-Z9")
    with together(demo.folder), pytest.raises(Conflict, match="backup"):
        taken(demo)
    assert smear_of(demo).code == CODE


# --------------------------------------------------------------- the studio


def test_the_studio_shows_it_as_withdrawn_and_no_page_of_it_breaks(demo: Workspace, people: dict[str, Person]):
    """Every page that looks is opened with every id of the smear, by an admin: found, not found, and never an error."""
    smear = smear_of(demo)
    cells = cells_of(demo, smear.id)
    fields, mine = sorted({cell.field_id for cell in cells}), {cell.id for cell in cells}
    with demo.database.reading() as transaction:
        documents = [document.id for document in browse.list_documents(demo)]
        (campaign,) = open_rounds(transaction)
        assert transaction.find(Release)
    plan = taken(demo)
    app = create_app(demo)
    page = app.openapi()
    known = {
        "smear_id": [smear.id], "field_id": fields[:2], "cell_id": [cell.id for cell in cells[:3]], "document_id": documents,
        "other_id": [cells[-1].id], "round_id": [campaign.id],
            "item": [item.item for item in items_of(campaign, people["edna"].id) if item.cell_id in mine],
    }  # fmt: skip
    assert known["item"]
    seen = 0
    with TestClient(app, base_url="http://localhost", client=("127.0.0.1", 1), raise_server_exceptions=False) as client:
        paths = [path for path, methods in page["paths"].items() if "get" in methods]
        for handle, path in itertools.product(("ada", "edna"), paths):
            client.cookies.set(COOKIE, sessions.sign_in_demo(demo, handle).secret)
            names = re.findall(r"{(\w+)}", path)
            for at in range(3):
                asked = path
                for name in names:
                    ids = known.get(name) or ["x"]
                    asked = asked.replace(f"{{{name}}}", ids[min(at, len(ids) - 1)])
                answer = client.get(asked)
                assert answer.status_code < 500, (asked, answer.text)
                assert CODE not in answer.text, asked
                seen += 1
        assert seen > 100
        funnels = client.get("/api/smears").json()
        (tomb,) = [funnel for funnel in funnels if funnel["smear"]["id"] == smear.id]
        assert (tomb["smear"]["code"], tomb["photographs"], tomb["elements"], tomb["kept"]) == (plan.code, 0, 0, 0)
        assert client.get(f"/api/smears/{smear.id}/fields").json()["total"] == 0
        assert client.get(f"/api/fields/{fields[0]}/picture").status_code == 404
        assert client.get(f"/api/cells/{cells[0].id}/picture?side=96").status_code == 404


def test_a_picture_does_not_come_from_the_memory_of_another_process(demo: Workspace):
    from buffycoat.store.thumbnails import Thumbnails

    cell = cells_of(demo, smear_of(demo).id)[0]
    draw_picture(demo, cell.id, 96)
    serving = Thumbnails(demo.folder / "thumbnails.db")
    with closing(serving):
        assert serving.get(f"{cell.id}-96") is not None
        assert serving.get(f"{cell.id}-96") is not None  # from memory
        taken(demo)
        assert serving.get(f"{cell.id}-96") is None
        serving.put("c1-96", b"another")
        assert serving.get("c1-96") == b"another"


# ------------------------------------------------------------ what goes out


def test_no_moment_and_no_age_goes_out_with_a_release(demo: Workspace):
    """When a photograph was taken in, sealed or named, and how old somebody is, is in no file of a release."""
    folder = demo.folder / "releases" / "demo-1"
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix not in (".jpg", ".png"):
            assert not MOMENTS.search(path.read_bytes()), path.name
