"""What is recorded goes out to a spreadsheet, is corrected by a person, and comes back."""

from __future__ import annotations

import shutil

import pytest
from openpyxl import load_workbook

from buffycoat.domain.smear import Correction, Smear
from buffycoat.errors import AlreadyExists, InvalidMetadata
from buffycoat.store.queries import smears_now
from buffycoat.workflows.metadata import correct_metadata, write_metadata
from buffycoat.workflows.workspace import open_workspace


@pytest.fixture
def demo_copy(demo_workspace, tmp_path):
    shutil.copytree(demo_workspace, tmp_path / "demo")
    with open_workspace(tmp_path / "demo") as opened:
        yield opened


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_table_that_comes_back_as_it_went_corrects_nothing(demo_copy, tmp_path, ending):
    assert write_metadata(demo_copy, tmp_path / f"table.{ending}") == 46
    assert correct_metadata(demo_copy, tmp_path / f"table.{ending}") == ()
    with pytest.raises(AlreadyExists):
        write_metadata(demo_copy, tmp_path / f"table.{ending}")


def change(path, column, word, row=2):
    book = load_workbook(path)
    sheet = book.active
    [place] = [cell.column for cell in sheet[1] if cell.value == column]
    code = sheet.cell(row, next(cell.column for cell in sheet[1] if cell.value == "smear")).value
    sheet.cell(row, place).value = word
    book.save(path)
    return code


def test_one_changed_cell_is_one_correction_and_the_record_stays(demo_copy, tmp_path):
    table = tmp_path / "table.xlsx"
    write_metadata(demo_copy, table)
    code = change(table, "sex", "female")
    [correction] = correct_metadata(demo_copy, table)
    assert correction.facts == {"sex": "female"}
    with demo_copy.database.reading() as transaction:
        [recorded] = transaction.find(Smear, code=code)
        assert (recorded.sex, smears_now(transaction)[recorded.id].sex) == ("unknown", "female")
    again = tmp_path / "again.xlsx"
    write_metadata(demo_copy, again)
    change(again, "sex", "male")
    correct_metadata(demo_copy, again)
    with demo_copy.database.reading() as transaction:
        assert smears_now(transaction)[recorded.id].sex == "male"
        assert transaction.count(Correction) == 2


def test_set_ups_and_codes_are_not_corrected_here(demo_copy, tmp_path):
    table = tmp_path / "table.xlsx"
    write_metadata(demo_copy, table)
    change(table, "microscope", "another")
    with pytest.raises(InvalidMetadata, match="microscope"):
        correct_metadata(demo_copy, table)
    with demo_copy.database.reading() as transaction:
        assert transaction.count(Correction) == 0


def test_other_endings_are_refused(demo_copy, tmp_path):
    with pytest.raises(InvalidMetadata, match="csv"):
        write_metadata(demo_copy, tmp_path / "table.ods")


def test_the_same_table_a_second_time_changes_nothing(demo_copy, tmp_path):
    table = tmp_path / "table.xlsx"
    write_metadata(demo_copy, table)
    change(table, "sex", "female")
    assert len(correct_metadata(demo_copy, table)) == 1
    assert correct_metadata(demo_copy, table) == ()
