"""Lists of photographs that a person names, and what is said of those that cannot be read."""

from __future__ import annotations

import pytest

from buffycoat.errors import TooFew, UnreadableFile, UnreadableFormat
from buffycoat.workflows.boxed import listed_names


def test_a_list_is_read_with_a_mark_at_its_begin_and_empty_lines(tmp_path):
    (tmp_path / "list.txt").write_bytes("\ufeffone\r\n\r\n two \n".encode())
    assert listed_names(tmp_path / "list.txt") == {"one", "two"}


def test_a_list_that_is_not_there_no_text_or_empty_is_refused(tmp_path):
    with pytest.raises(UnreadableFile):
        listed_names(tmp_path / "absent.txt")
    with pytest.raises(UnreadableFile):
        listed_names(tmp_path)
    (tmp_path / "random.txt").write_bytes(b"\xff\xfe\xe6\x00")
    with pytest.raises(UnreadableFormat):
        listed_names(tmp_path / "random.txt")
    (tmp_path / "empty.txt").write_bytes(b"\n")
    with pytest.raises(TooFew):
        listed_names(tmp_path / "empty.txt")
