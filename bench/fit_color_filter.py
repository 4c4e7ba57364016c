"""Fit the color filter that ``find_cells`` uses, and say how it does on microscopes that it was not fitted on.

    python -m bench.fit_color_filter DATA

``DATA`` is the folder of real data sets: crops of Raabin-WBC and of Barcelona with the boxes of TXL-PBC, every second
field of BCCD with its boxes. The other fields of BCCD are for the report.
"""

from __future__ import annotations

import sys
from pathlib import Path

from bench.detect import by_filter, fitted, scored
from bench.detection_sets import Example, barcelona_crops, bccd_fields, raabin_crops, red_cells_of
from buffycoat.detect import ColorFilter


def report(name: str, examples: list[Example], color_filter: ColorFilter, red_cell_px: float) -> None:
    """Print how many boxes are found at IoU 0.5, each by one detection, and how well they fit."""
    boxes, centers = scored(examples, by_filter(examples, red_cell_px, color_filter), {})
    print(
        f"{name:32} {boxes.true_count:4} boxes: recall {boxes.recall:.3f}, precision {boxes.precision:.3f}, "
        f"centers {centers.recall:.3f}, mean IoU {boxes.mean_iou:.3f}"
    )


def main(data: Path) -> None:
    bccd = bccd_fields(data)
    sources = {"raabin": raabin_crops(data), "barcelona": barcelona_crops(data), "bccd": bccd[::2]}
    scales = {name: red_cells_of(examples[::3]) for name, examples in sources.items()}
    print("red cells in pixels:", {name: round(diameter, 1) for name, diameter in scales.items()})
    rows = [(name, each, scales[name]) for name, examples in sources.items() for each in examples]
    for left_out, examples in sources.items():
        others = fitted([row for row in rows if row[0] != left_out])
        report(f"{left_out}, fitted on the others", examples, others, scales[left_out])
    final = fitted(rows)
    for name in ("raabin", "barcelona"):
        report(f"{name}, fitted on it too", sources[name], final, scales[name])
    report("bccd, the other half", bccd[1::2], final, scales["bccd"])
    print(final.to_json())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
