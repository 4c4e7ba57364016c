"""Reports of wrong labels: checked against the release, answered, their cells read again; no label changes by them."""

from __future__ import annotations

import csv
import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from buffycoat.domain.account import Person
from buffycoat.domain.audit import Action
from buffycoat.domain.cell import Cell
from buffycoat.domain.erratum import AgainWish, ErratumGiven, ErratumReceipt, ErratumState
from buffycoat.domain.label import Label, Role
from buffycoat.domain.reading import Given, RoundWish
from buffycoat.domain.smear import Smear
from buffycoat.domain.value import digest_of
from buffycoat.domain.withdrawal import Reason
from buffycoat.errors import Conflict, InputError, NotAllowed, NotFound, TooFew
from buffycoat.formats.erratum_file import KIND
from buffycoat.label import items_of
from buffycoat.store.answers import rounds_of
from buffycoat.store.queries import cells_with_smears
from buffycoat.workflows import errata, people, reading
from buffycoat.workflows.audit import list_entries, verify_log
from buffycoat.workflows.consensus import held_cells
from buffycoat.workflows.demo import ABOUT
from buffycoat.workflows.keeping.withdraw import withdraw_smear
from buffycoat.workflows.publish import ReleaseWish, publish_release
from buffycoat.workflows.releasing.hidden_ids import inward_ids, outward_ids
from buffycoat.workflows.workspace import Workspace, open_workspace

ACCEPT, DECLINE = ErratumGiven(state=ErratumState.ACCEPTED), ErratumGiven(state=ErratumState.DECLINED, reason="seen")


@pytest.fixture
def workspace(demo_workspace, tmp_path):
    shutil.copytree(demo_workspace, tmp_path / "w")
    with open_workspace(tmp_path / "w") as opened:
        yield opened


@pytest.fixture
def known(workspace) -> dict[str, Person]:
    return {person.handle: person for person in people.demo_people(workspace)}


@pytest.fixture
def rows(workspace) -> list[dict[str, str]]:
    """Of cells that nobody reads now; a drawn release is sealed under the workspace's own ids, or hidden ones."""
    table = workspace.folder / "releases" / "demo-1" / "labels.csv"
    found = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    with workspace.database.reading() as transaction:
        held, keys = held_cells(transaction), transaction.ids(Cell)
    inward = inward_ids(workspace, keys)
    assert inward.keys() >= {row["cell_id"] for row in found}
    return [row for row in found if inward[row["cell_id"]] not in held]


def report(workspace: Workspace, row: dict[str, str], **facts) -> dict:
    manifest = digest_of((workspace.folder / "releases" / "demo-1" / "manifest.json").read_bytes())
    plain = {"kind": KIND, "format": 1, "release": "demo-1", "manifest": manifest, "cell_id": row["cell_id"]}
    proposed = "monocyte" if row["label"] != "monocyte" else "basophil"
    said = {"label": row["label"], "term": row["term"], "proposed": proposed, "why": "folded nucleus", "name": "R."}
    return {**plain, **said, **facts}


def taken(workspace: Workspace, person: Person, *reports: dict) -> tuple[ErratumReceipt, ...]:
    return errata.import_errata(workspace, [("e.json", json.dumps(reports).encode())], person)


def labels(workspace: Workspace) -> list[Label]:
    with workspace.database.reading() as transaction:
        return transaction.find(Label)


def read_all(workspace: Workspace, round_name: str, person: Person, term: str) -> None:
    with workspace.database.reading() as transaction:
        campaign = next(each for each in rounds_of(transaction) if each.name == round_name)
    given = [
        Given(event=str(uuid4()), item=item.item, term=term, given_at=datetime.now(UTC).isoformat(), comment="")
        for item in items_of(campaign, person.id)
    ]
    assert {str(each.state) for each in reading.take_answers(workspace, campaign.id, person, given)} == {"kept"}


def test_report_is_taken_in_once_and_changes_no_label(workspace, known, rows):
    before = labels(workspace)
    first = taken(workspace, known["carla"], report(workspace, rows[0]))
    again = taken(workspace, known["ada"], report(workspace, rows[0], why=" folded nucleus\n"))
    assert [str(each.state) for each in (*first, *again)] == ["kept", "known"]
    assert first[0].erratum == again[0].erratum
    (view,) = errata.list_errata(workspace)
    assert (view.state, view.release, view.erratum.why, view.held) == (
        ErratumState.NEW,
        "demo-1",
        "folded nucleus",
        False,
    )
    assert (view.erratum.label, view.now) == (rows[0]["label"], rows[0]["term"])
    assert labels(workspace) == before
    assert Action.RECEIVED in {line.action for line in list_entries(workspace, known["ada"]).lines}
    assert verify_log(workspace).fault is None


def test_each_report_that_does_not_fit_says_why_and_the_others_are_taken(workspace, known, rows):
    plain = report(workspace, rows[0])
    wrong = [
        (plain | {"release": "no-such"}, "sealed no such release: expected demo-1, found no-such"),
        (plain | {"manifest": "ab"}, "of another release demo-1"),
        (plain | {"cell_id": "c" + 24 * "0"}, "has no such cell"),
        (plain | {"label": "eosinophil"}, "claims another label than the release has"),
        (plain | {"proposed": plain["label"]}, "proposes no other class"),
        (plain | {"proposed": "dragon"}, "not-a-leukocyte"),
    ]
    receipts = taken(workspace, known["carla"], *[held for held, _ in wrong], plain)
    assert [str(each.state) for each in receipts] == ["refused"] * len(wrong) + ["kept"]
    for receipt, (_, said) in zip(receipts, wrong, strict=False):
        assert said in receipt.detail, receipt
    assert len(errata.list_errata(workspace)) == 1
    (nothing,) = errata.import_errata(workspace, [("mail.txt", b"no report in it")], known["carla"])
    assert (nothing.place, str(nothing.state), nothing.code) == (0, "refused", "unreadable-format")


def test_ids_that_were_hidden_lead_back_to_the_cell(workspace):
    """Drawn smears have one secret for everybody, a real workspace its own, and old releases none."""
    (workspace.folder / "release.secret").write_bytes(b"of this workspace")
    keys = ["c" + 24 * "1", "c" + 24 * "2"]
    outward = {name: key for key in keys for name in outward_ids(workspace, key)}
    assert len(outward) == 6
    assert inward_ids(workspace, keys) == outward


def test_answers_are_added_and_the_newest_holds(workspace, known, rows):
    (receipt,) = taken(workspace, known["carla"], report(workspace, rows[0]))
    assert errata.answer_erratum(workspace, receipt.erratum, DECLINE, known["carla"]).reason == "seen"
    view = errata.answer_erratum(workspace, receipt.erratum, ACCEPT, known["ada"])
    assert (view.state, view.answered_by, view.reason) == (ErratumState.ACCEPTED, "ada", "")
    back = errata.answer_erratum(workspace, receipt.erratum, ErratumGiven(state=ErratumState.NEW), known["ada"])
    assert back.state is ErratumState.NEW
    with pytest.raises(InputError, match="say why"):
        errata.answer_erratum(
            workspace, receipt.erratum, ErratumGiven(state=ErratumState.DECLINED, reason=" "), known["ada"]
        )
    with pytest.raises(NotFound):
        errata.answer_erratum(workspace, "e0", ACCEPT, known["ada"])


def test_accepted_cells_are_read_again_blindly_and_the_next_release_tells(workspace, known, rows):
    carla, emil, edna = known["carla"], known["emil"], known["edna"]
    reports = [report(workspace, row) for row in rows[:3]]
    first, second, third = (each.erratum for each in taken(workspace, carla, *reports))
    errata.answer_erratum(workspace, first, replace(ACCEPT, reason="a plain monocyte"), carla)
    errata.answer_erratum(workspace, second, DECLINE, carla)
    with pytest.raises(InputError, match="blindly"):
        errata.read_again(workspace, AgainWish(name="again", experts=(carla.id, emil.id)), carla)
    opened = errata.read_again(workspace, AgainWish(name="again", experts=(emil.id, edna.id)), carla)
    assert opened.cells == 1
    with workspace.database.reading() as transaction:
        campaign = next(each for each in rounds_of(transaction) if each.name == "again")
    shown = {view.erratum.id: view for view in errata.list_errata(workspace)}
    assert campaign.cells == (shown[first].erratum.cell_id,)
    # Nothing that says a class is told while it is read, and nobody answers meanwhile.
    held = shown[first]
    assert (held.held, held.erratum.label, held.erratum.proposed, held.erratum.why, held.now) == (
        True,
        None,
        "",
        "",
        None,
    )
    assert not shown[second].held
    with pytest.raises(Conflict):
        errata.answer_erratum(workspace, first, DECLINE, carla)
    with pytest.raises(TooFew):
        errata.read_again(workspace, AgainWish(name="more", experts=(emil.id, edna.id)), carla)
    proposed = reports[0]["proposed"]
    for reader in (emil, edna):
        read_all(workspace, "again", reader, proposed)
    reading.close_reading(workspace, campaign.id, carla)
    view = next(view for view in errata.list_errata(workspace) if view.erratum.id == first)
    assert (view.now, view.read_again, view.newest) == (proposed, "again", None)
    publish_release(workspace, version="demo-2", wish=ReleaseWish(about=ABOUT))
    after = {each.erratum.id: each for each in errata.list_errata(workspace)}
    assert (after[first].newest, after[first].newest_label) == ("demo-2", proposed)
    assert after[third].newest_label == reports[2]["label"]
    with pytest.raises(TooFew):
        errata.read_again(workspace, AgainWish(name="more", experts=(emil.id, edna.id)), carla)


def test_only_cells_that_can_be_read_are_asked_for(workspace, known):
    with pytest.raises(InputError, match="cannot be read"):
        reading.open_reading(workspace, RoundWish(name="n", experts=(known["emil"].id,), cells=("c0",)), known["carla"])


def test_words_of_strangers_go_with_a_withdrawn_smear(workspace, known, rows):
    (receipt,) = taken(workspace, known["carla"], report(workspace, rows[0]))
    errata.answer_erratum(workspace, receipt.erratum, replace(ACCEPT, reason="as she says"), known["carla"])
    with workspace.database.reading() as transaction:
        cell = errata.list_errata(workspace)[0].erratum.cell_id
        (_, smear_id) = cells_with_smears(transaction, [cell])[cell]
        code = transaction.get(Smear, smear_id).code
    withdraw_smear(workspace, code, by=known["ada"], reason=Reason.CONSENT, confirm=code)
    (view,) = errata.list_errata(workspace)
    assert (view.erratum.why, view.erratum.reporter, view.reason) == ("", "", "")
    assert verify_log(workspace).fault is None


def test_curators_and_admins_only(workspace):
    assert people.curator_of(workspace, "carla").role is Role.CURATOR
    with pytest.raises(NotAllowed):
        people.curator_of(workspace, "emil")
    with pytest.raises(NotFound):
        errata.ids_of(workspace, ["emil", "nobody"])
