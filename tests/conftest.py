"""Where the real data sets are, on which database workspaces are, what the demo makes, and files that no program likes."""

from __future__ import annotations

import os
import shutil
import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import postgresql_server
import pytest
import s3_server
from PIL import Image

if TYPE_CHECKING:
    from buffycoat.workflows.workspace import Workspace

# The one place that names the folder of real data sets.
DATA = Path(os.environ.get("BUFFYCOAT_DATA", Path(__file__).parents[2] / "shared" / "data"))


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of real data sets; where there is none, tests that need it are reported as skipped with the setting."""
    if not DATA.is_dir():
        if "BUFFYCOAT_DATA" in os.environ:
            pytest.fail(f"BUFFYCOAT_DATA names no folder: {DATA}")
        pytest.skip(f"no real data at {DATA}: set BUFFYCOAT_DATA to the folder that holds it")
    return DATA


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=("sqlite", "postgresql"),
        default="sqlite",
        help="on what the workspaces of the tests have their rows; for postgresql a server is started",
    )


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Any]:
    """A PostgreSQL server of the tests' own; see ``postgresql_server.py``."""
    with postgresql_server.running() as server:
        yield server


@pytest.fixture(scope="session")
def on_postgresql(request: pytest.FixtureRequest) -> bool:
    """Whether workspaces have their rows on PostgreSQL."""
    return request.config.getoption("--database") == "postgresql"


@pytest.fixture(scope="session", autouse=True)
def _place_of_rows(request: pytest.FixtureRequest, on_postgresql: bool) -> Iterator[None]:
    """Give every workspace that a test makes a database on the server, where that was asked for."""
    with pytest.MonkeyPatch.context() as patch:
        if on_postgresql:
            from buffycoat.store import place

            patch.setattr(place, "given_address", request.getfixturevalue("postgresql").given)
        yield


@pytest.fixture(scope="session")
def database_url(request: pytest.FixtureRequest, on_postgresql: bool) -> Callable[[Path], str]:
    """The address of a database for a folder: a file in it, or one on the server."""
    if on_postgresql:
        return request.getfixturevalue("postgresql").of_folder
    return lambda folder: f"sqlite:///{folder / 'buffycoat.db'}"


@pytest.fixture(scope="session")
def database_copy(request: pytest.FixtureRequest, on_postgresql: bool) -> Callable[[Path, Path], str]:
    """Copy the database of one folder to another; gives its address."""
    if on_postgresql:
        return request.getfixturevalue("postgresql").copy
    return lambda source, target: f"sqlite:///{shutil.copy(source / 'buffycoat.db', target / 'buffycoat.db')}"


@pytest.fixture(scope="session")
def _s3() -> Iterator[Any]:
    with s3_server.running() as server:
        yield server


@pytest.fixture
def s3(_s3: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A server that speaks S3, without faults yet; see ``s3_server.py``. The pauses between tries are short."""
    from buffycoat.store import objects

    for name, said in (("ACCESS_KEY_ID", "k"), ("SECRET_ACCESS_KEY", "s"), ("DEFAULT_REGION", "us-east-1")):
        monkeypatch.setenv(f"AWS_{name}", said)
    for name, said in (("pauses", (0.01, 0.02)), ("patience_s", 5.0)):
        monkeypatch.setitem(objects.Objects.__init__.__kwdefaults__, name, said)
    _s3.faults.calm()
    yield _s3
    _s3.faults.calm()


@pytest.fixture(scope="session")
def demo_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a finished demo; read it, do not write to it."""
    from buffycoat.workflows.demo import run_demo
    from buffycoat.workflows.workspace import open_workspace

    folder = tmp_path_factory.mktemp("demo") / "demo-workspace"
    with open_workspace(folder, create=True) as workspace:
        run_demo(workspace)
    return folder


@pytest.fixture(scope="session")
def raabin_labels(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A workspace with all label files of Raabin's first microscope; read it, do not write to it."""
    from buffycoat.workflows.importing.sets import import_set
    from buffycoat.workflows.workspace import open_workspace

    folder = tmp_path_factory.mktemp("raabin")
    with open_workspace(folder / "workspace", create=True) as workspace:
        archive = data / "raabin_json" / "first_microscope_jsons.zip"
        workspace.summary = import_set(workspace, archive, name="raabin")
        yield workspace


@pytest.fixture(scope="session")
def photograph(data: Path) -> Path:
    """The 5312 x 2988 Raabin photograph."""
    path = data / "raabin_samples" / "full_field" / "images" / "20160720_232423.jpg"
    assert path.is_file()
    return path


def _chunk(kind: bytes, payload: bytes) -> bytes:
    return struct.pack(">I", len(payload)) + kind + payload + struct.pack(">I", zlib.crc32(kind + payload))


def _bomb() -> bytes:
    """A PNG that says it is 30,000 x 30,000: 2.7 GB once decoded, 40 kB on disk."""
    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    packed = zlib.compress(bytes(30_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")


# What each file of the folder must come to: a code, or None where it is good.
BAD_FILES = {
    "alpha-opaque.png": None,
    "alpha-transparent.png": "unsupported-image",
    "animated.gif": "unsupported-image",
    "bomb.png": "image-too-large",
    "broken-link.jpg": "unreadable-file",
    "cmyk.jpg": "unsupported-image",
    "empty.jpg": "unreadable-image",
    "fifo.jpg": "unreadable-file",
    "loop.jpg": "unreadable-file",
    "sixteen-bit.tiff": "unsupported-image",
    "text.jpg": "unreadable-image",
    "truncated.jpg": "unreadable-image",
    "عکس لام ۱.jpg": None,
    "🩸 smear.png": None,
}


@pytest.fixture
def bad_files(tmp_path: Path) -> Iterator[Path]:
    """A folder of files that no program likes, and some good ones among them; see ``BAD_FILES``."""
    folder = tmp_path / "bad-files"
    folder.mkdir()
    rng = np.random.default_rng(5)

    def noise() -> Image.Image:
        return Image.fromarray(rng.integers(0, 256, (96, 128, 3), dtype=np.uint8))

    picture = noise()
    noise().save(folder / "عکس لام ۱.jpg", quality=95)
    noise().save(folder / "🩸 smear.png")
    alpha = noise().convert("RGBA")
    alpha.save(folder / "alpha-opaque.png")
    alpha.putpixel((3, 3), (1, 2, 3, 0))
    alpha.save(folder / "alpha-transparent.png")
    picture.convert("P").save(folder / "animated.gif", save_all=True, append_images=[noise().convert("P")])
    (folder / "bomb.png").write_bytes(_bomb())
    (folder / "broken-link.jpg").symlink_to(folder / "nowhere.jpg")
    picture.convert("CMYK").save(folder / "cmyk.jpg")
    (folder / "empty.jpg").write_bytes(b"")
    os.mkfifo(folder / "fifo.jpg")
    (folder / "loop.jpg").symlink_to(folder / "loop.jpg")
    (folder / "round-and-round").symlink_to(folder, target_is_directory=True)
    Image.fromarray(rng.integers(0, 65536, (8, 8), dtype=np.uint16)).save(folder / "sixteen-bit.tiff")
    (folder / "text.jpg").write_text("This is no picture.")
    picture.save(folder / "whole.jpg", quality=95)
    (folder / "truncated.jpg").write_bytes((folder / "whole.jpg").read_bytes()[:-600])
    (folder / "whole.jpg").unlink()
    (folder / "notes.txt").write_text("not a photograph")
    yield folder
    (folder / "fifo.jpg").unlink()


@pytest.fixture(scope="session")
def expected_codes() -> dict[str, str | None]:
    """The code that each of ``bad_files`` must come to."""
    return BAD_FILES
