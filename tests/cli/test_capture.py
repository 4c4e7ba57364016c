"""``buffycoat capture`` and ``buffycoat labels``, and certificates that ``buffycoat serve`` refuses."""

from __future__ import annotations

from pathlib import Path

from gps_photographs import photograph

from buffycoat.workflows.workspace import open_workspace


def test_folder_is_taken_in_and_labels_are_written(command, tmp_path: Path):
    (tmp_path / "camera").mkdir()
    (tmp_path / "camera" / "a.jpg").write_bytes(photograph(1))
    (tmp_path / "camera" / "b.jpg").write_bytes(b"\xff\xd8\xff broken")
    asked = ("capture", "--watch", tmp_path / "camera", "--smear", "S-1", "--once", "--settle", "0")
    done = command(*asked, "--workspace", tmp_path / "lab")
    assert (done.status, "a.jpg: taken in, 2 white cells seen" in done.out) == (1, True), done.err
    assert "refused [unreadable-image] b.jpg" in done.err
    written = command("labels", "S-1", "S-2", "--out", tmp_path / "labels.html")
    assert (written.status, (tmp_path / "labels.html").read_text().count("<svg")) == (0, 2)
    assert command("labels", "Jane Doe", "--out", tmp_path / "no.html").status == 2


def test_certificates_that_cannot_be_used_are_refused(command, tmp_path: Path):
    with open_workspace(tmp_path / "lab", create=True):
        pass
    asked = ("serve", "--workspace", tmp_path / "lab", "--port", "0", "--tls-cert", tmp_path / "none.crt")
    assert command(*asked).status == 7
    done = command(*asked, "--tls-key", tmp_path / "none.key")
    assert (done.status, "invalid-certificate" in done.err) == (7, True)
