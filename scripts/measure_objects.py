"""Seconds for putting and reading crops in a folder and in a bucket of a local server, with copies near and without."""

from __future__ import annotations

import importlib.util
import os
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from buffycoat.store.object_place import KeptObjects, Standing, point_objects_to
from buffycoat.store.objects import Objects

SIZE = 10_000


def timed(what: str, do: Callable[[], Any]) -> Any:
    began = time.perf_counter()
    result = do()
    sys.stdout.write(f"{what:44} {time.perf_counter() - began:8.2f} s\n")
    return result


def server() -> Any:
    path = Path(__file__).parents[1] / "tests" / "s3_server.py"
    spec = importlib.util.spec_from_file_location("s3_server", path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{path.name} is missing")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.running()


def main() -> None:
    os.environ |= {"AWS_ACCESS_KEY_ID": "k", "AWS_SECRET_ACCESS_KEY": "s", "AWS_DEFAULT_REGION": "us-east-1"}
    drawn = random.Random(9)
    crops = [drawn.randbytes(SIZE) for _ in range(int(sys.argv[1]) if sys.argv[1:] else 1000)]
    with TemporaryDirectory() as folder, server() as running:
        place = Path(folder)
        disk = Objects(str(place / "disk"))
        names = timed("folder: put", lambda: [disk.put(crop) for crop in crops])
        timed("folder: read", lambda: [disk.get(name) for name in names])
        address = running.address()
        far = Objects(address)
        far.say_owner("w")
        timed("bucket: put", lambda: [far.put(crop) for crop in crops])
        timed("bucket: read one by one", lambda: [far.get(name) for name in names])
        timed("bucket: read sixteen at once", lambda: list(far.each(names)))
        point_objects_to(place, Standing(address=far.address, before=None, identity="w"))
        kept = KeptObjects(place)
        timed("bucket: read, kept near for the next", lambda: [kept.get(name) for name in names])
        timed("bucket: read again, from near", lambda: [kept.get(name) for name in names])


if __name__ == "__main__":
    main()
