"""Reports of wrong labels as strangers send them."""

from __future__ import annotations

import json
from email.message import EmailMessage

import pytest

from buffycoat.errors import UnreadableFormat
from buffycoat.formats.erratum_file import KIND, LONGEST_WHY, MOST_REPORTS, read_errata


def report(**facts) -> dict:
    plain = {"kind": KIND, "format": 1, "release": "1", "manifest": "ab", "cell_id": "c1", "label": "basophil"}
    return {**plain, "term": "basophil", "proposed": "monocyte", "why": "", "name": "", **facts}


def read(held: object) -> tuple:
    return read_errata(held if isinstance(held, bytes) else json.dumps(held).encode(), name="e.json")


def test_one_report_and_a_list_of_them():
    assert [each.proposed for each in read(report())] == ["monocyte"]
    both = read([report(), report(cell_id="c2", label=None, term=None, why="هسته تاخورده")])
    assert [(each.cell_id, each.label, each.why) for each in both] == [
        ("c1", "basophil", ""),
        ("c2", None, "هسته تاخورده"),
    ]


@pytest.mark.parametrize("kind", ["plain", "base64", "attached"])
def test_mail_around_a_report(kind):
    text = f"Hello,\n\n{json.dumps(report(why='folded'), indent=1)}\n\nYours {{truly}}\n"
    mail = EmailMessage()
    mail["Subject"], mail["From"] = "a wrong label", "reader@example.org"
    if kind == "attached":
        mail.set_content("see the file")
        mail.add_attachment(json.dumps(report(why="folded")).encode(), maintype="application", subtype="json")
    else:
        mail.set_content(text, cte="base64" if kind == "base64" else "8bit")
    assert [each.why for each in read(bytes(mail))] == ["folded"]


def test_line_that_a_mail_program_broke_is_read():
    text = json.dumps(report(why="folded nucleus")).replace("folded ", "folded\n")
    assert read(text.encode())[0].why == "folded\nnucleus"


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"format": 2}, "of another format: expected 1, found 2"),
        ({"why": 3}, "no text as 'why'"),
        ({"label": 3}, "neither text nor null as 'label'"),
        ({"why": "x" * (LONGEST_WHY + 1)}, "'why' is too long"),
        ({"cell_id": "c" * 201}, "'cell_id' is too long"),
        ({"name": "n" * 201}, "'name' is too long"),
    ],
)
def test_report_that_does_not_fit_is_told_and_the_next_is_read(facts, said):
    wrong, right = read([report(**facts), report()])
    assert isinstance(wrong, UnreadableFormat)
    assert said in str(wrong)
    assert "report 1" in str(wrong)
    assert right.cell_id == "c1"


def test_report_without_a_key_is_told():
    held = report()
    del held["term"]
    assert "'term'" in str(read(held)[0])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\xff\xfe{", "encoding"),
        (b"no report", "holds no report"),
        (b'{"kind": "something else"}', "holds no report"),
        (b"{" * 100_000, "holds no report"),
        (b'{"a":' * 100_000, "holds no report"),
        (b"x" * (1024 * 1024 + 1), "too large"),
        (json.dumps([report()] * (MOST_REPORTS + 1)).encode(), "too many reports"),
    ],
)
def test_file_without_reports_is_refused(content, said):
    with pytest.raises(UnreadableFormat, match=said):
        read(content)
