"""``python -m bench [NAME…]``: run the benches and write ``bench/results/<name>-<date>.csv``."""

from __future__ import annotations

import csv
import importlib
import os
import platform
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench.timing import calibration_ms

BENCHES = (
    "hashes",
    "folder",
    "pairs",
    "detect",
    "megapixels",
    "network",
    "repeats",
    "overlaps",
    "segment",
    "easy_gt",
    "features",
    "database",
)
DATA = Path(os.environ.get("BUFFYCOAT_DATA", ""))


def main() -> None:
    if not os.environ.get("BUFFYCOAT_DATA"):
        sys.exit("set BUFFYCOAT_DATA to the folder of real data sets")
    chosen = sys.argv[1:] or list(BENCHES)
    for name in chosen:
        rows = importlib.import_module(f"bench.{name}").measure(DATA)
        about = {
            "date": f"{datetime.now(UTC):%Y-%m-%d}",
            "python": platform.python_version(),
            "numpy": version("numpy"),
            "opencv": version("opencv-python-headless"),
            "cores": os.cpu_count(),
            "jpeg_decode_ms": round(calibration_ms(DATA), 3),
        }
        path = Path(__file__).parent / "results" / f"{name}-{about['date']}.csv"
        with path.open("w", newline="") as file:
            writer = csv.DictWriter(file, fieldnames=["figure", "value", "unit", "peer", "peer_value", "note", *about])
            writer.writeheader()
            for row in rows:
                writer.writerow({**dict.fromkeys(writer.fieldnames, ""), **row, **about})
                print(name, *(f"{key}={value}" for key, value in row.items() if value != ""), sep="  ")


if __name__ == "__main__":
    main()
