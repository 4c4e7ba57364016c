"""Where the rows of a workspace are: in its folder, or in a database that its folder names."""

from __future__ import annotations

import json
import os
from pathlib import Path

from buffycoat.domain.value import value
from buffycoat.errors import InvalidSetting, StoreUnreachable, UnreadableFile
from buffycoat.store.addresses import shown, url_of
from buffycoat.store.database import Database

__all__ = ["FILE", "POINTER", "Place", "given_address", "identity_of", "open_there", "place_of", "point_to"]

FILE = "buffycoat.db"
"""The database of a workspace that has it in its folder."""
POINTER = "buffycoat-database.json"
"""What says, in the folder of a workspace, where its rows are instead."""
_SETTING = "BUFFYCOAT_DATABASE"


@value
class Place:
    """Where rows are.

    ``identity``: of the workspace that must be there; ``None`` where nothing says so. ``there``: whether there is a
    workspace at all, or one is to be made.
    """

    address: str
    identity: str | None
    there: bool


def given_address(folder: Path) -> str | None:  # noqa: ARG001 (a deployment may answer by folder)
    """Return the address that the surroundings give: ``BUFFYCOAT_DATABASE``, or the file ``BUFFYCOAT_DATABASE_FILE``.

    Raises
    ------
    UnreadableFile
        The file of the address cannot be read.
    """
    file = os.environ.get(f"{_SETTING}_FILE")
    if file is None:
        return os.environ.get(_SETTING) or None
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFile("the file of the database's address cannot be read", found=Path(file).name) from error


def place_of(folder: Path) -> Place:
    """Return where the rows of the workspace in a folder are.

    Raises
    ------
    InvalidSetting
        The rows are in the folder, and another database was given.
    StoreUnreachable
        What the folder says of its database cannot be read.
    """
    given = given_address(folder)
    pointer = folder / POINTER
    if pointer.is_file():
        try:
            said = json.loads(pointer.read_text(encoding="utf-8"))
            address, identity = str(said["address"]), str(said["workspace"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise StoreUnreachable(
                f"{POINTER} does not say where the rows are",
                expected='{"address": …, "workspace": …}',
                found=str(error),
            ) from error
        return Place(address=given or address, identity=identity, there=True)
    file = folder / FILE
    inside = f"sqlite:///{file}"
    if given is None or given == inside:
        return Place(address=inside, identity=None, there=file.is_file())
    if file.is_file():
        raise InvalidSetting(
            f"this workspace has its rows in its folder, and {_SETTING} names another database",
            expected=f"a workspace with {POINTER}",
            found=shown(url_of(given)),
            hint="move it: `buffycoat migrate-to ADDRESS`; or take the setting away",
        )
    return Place(address=given, identity=None, there=False)


def open_there(folder: Path, place: Place) -> Database:
    """Open the database of a workspace; where it is new and elsewhere, the folder says so from now on.

    Raises
    ------
    StoreUnreachable
        It cannot be opened, or holds another workspace.
    """
    database = Database(place.address)
    if place.address.startswith("sqlite"):
        return database
    try:
        identity = _checked(database, place)
        if not place.there:
            point_to(folder, place.address, identity)
    except BaseException:
        database.close()
        raise
    return database


def _checked(database: Database, place: Place) -> str:
    identity, entries = identity_of(database)
    if place.there and identity != place.identity:
        raise StoreUnreachable(
            "this database holds another workspace than the folder",
            expected=f"the one that began as {place.identity}",
            found=identity,
            hint=f"check {_SETTING} and {POINTER}",
        )
    if not place.there and entries > 1:
        raise StoreUnreachable(
            "this database holds a workspace already, whose folder is another",
            expected="an empty database",
            found=shown(url_of(place.address)),
            hint=f"name the folder in which its {POINTER} is, or another database",
        )
    return identity


def identity_of(database: Database) -> tuple[str, int]:
    """Return by what a workspace is known, and how many entries its audit log has: how the log began is drawn once."""
    with database.reading() as transaction:
        first = transaction.connection.exec_driver_sql("SELECT subject FROM audit_entry WHERE seq = 0").scalar()
        last = transaction.connection.exec_driver_sql("SELECT max(seq) FROM audit_entry").scalar()
    return first or "", -1 if last is None else int(last) + 1


def point_to(folder: Path, address: str, identity: str) -> None:
    """Write into the folder of a workspace where its rows are; a password is left out."""
    aside = folder / f"{POINTER}.new"
    aside.write_text(json.dumps({"address": shown(url_of(address)), "workspace": identity}, indent=1) + "\n")
    aside.replace(folder / POINTER)
