"""``python -m bench [NAME…] [--OPTION…]``: run the benches and write ``bench/results/<name>-<date>.csv``.

An option is one of the bench's own, such as ``masks --test``; its name is in that of the file.
"""

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
    "masks",
    "masks_inputs",
    "easy_gt",
    "features",
    "database",
    "writes",
    "gallery_route",
    "site",
    "learn",
    "learn_networks",
    "cluster",
    "growth",
)
DATA = Path(os.environ.get("BUFFYCOAT_DATA", ""))


def main() -> None:
    if not os.environ.get("BUFFYCOAT_DATA"):
        sys.exit("set BUFFYCOAT_DATA to the folder of real data sets")
    options = [word[2:] for word in sys.argv[1:] if word.startswith("--")]
    chosen = [word for word in sys.argv[1:] if not word.startswith("--")] or list(BENCHES)
    for name in chosen:
        rows = importlib.import_module(f"bench.{name}").measure(DATA, **dict.fromkeys(options, True))
        about = {
            "date": f"{datetime.now(UTC):%Y-%m-%d}",
            "python": platform.python_version(),
            "numpy": version("numpy"),
            "opencv": version("opencv-python-headless"),
            "cores": os.cpu_count(),
            "jpeg_decode_ms": round(calibration_ms(DATA), 3),
        }
        path = Path(__file__).parent / "results" / f"{'-'.join([name, *options, str(about['date'])])}.csv"
        with path.open("w", newline="") as file:
            writer = csv.DictWriter(file, fieldnames=["figure", "value", "unit", "peer", "peer_value", "note", *about])
            writer.writeheader()
            for row in rows:
                writer.writerow({**dict.fromkeys(writer.fieldnames, ""), **row, **about})
                print(name, *(f"{key}={value}" for key, value in row.items() if value != ""), sep="  ")


if __name__ == "__main__":
    main()
