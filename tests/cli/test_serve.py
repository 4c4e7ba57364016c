"""Who is let in by ``buffycoat serve``: guests at this machine only, unless the setting says otherwise."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
import uvicorn

from buffycoat.workflows.workspace import open_workspace


@pytest.mark.parametrize(
    ("host", "setting", "guests"),
    [
        ("127.0.0.1", None, True),
        ("localhost", "auto", True),
        ("127.0.0.1", "no", False),
        ("0.0.0.0", None, False),  # noqa: S104 (what is tested is who is let in there)
        ("0.0.0.0", "yes", True),  # noqa: S104 (what is tested is who is let in there)
    ],
)
def test_guests_look_where_the_setting_lets_them(
    command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, host: str, setting: str | None, guests: bool
):
    with open_workspace(tmp_path, create=True):
        pass
    if setting is not None:
        (tmp_path / "buffycoat.toml").write_text(f'guests = "{setting}"\n')
    served: list[uvicorn.Server] = []
    options: list[int] = []

    def run(server: uvicorn.Server, sockets: list[socket.socket]) -> None:
        served.append(server)
        options.append(sockets[0].getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

    monkeypatch.setattr(uvicorn.Server, "run", run)
    done = command("serve", "--workspace", tmp_path, "--host", host, "--port", "0")
    assert done.status == 0, done.err
    assert served[0].config.app.state.guests is guests
    assert served[0].config.access_log is False, "the address of an invitation is the invitation"
    assert options[0] != 0, "an answer would wait 40 ms for the browser to acknowledge its headers"
    assert ("nobody can sign in yet" in done.out) is not guests


def test_a_setting_that_does_not_exist_is_refused(command, tmp_path: Path):
    with open_workspace(tmp_path, create=True):
        pass
    (tmp_path / "buffycoat.toml").write_text('guests = "some"\n')
    done = command("serve", "--workspace", tmp_path, "--port", "0")
    assert (done.status, "guests" in done.err) == (7, True)
