"""Draw docs/structure.svg from the real imports, and write docs/structure.md around it with the sizes of the largest files.

``python scripts/draw_structure.py`` writes both; ``--check`` says whether they are current.
"""

from __future__ import annotations

import sys
import tomllib
from html import escape
from pathlib import Path

import grimp

ROOT = Path(__file__).parents[1]
OUT = ROOT / "docs" / "structure.svg"
BOX_WIDTH, BOX_HEIGHT, GAP_X, GAP_Y, MARGIN = 104, 40, 16, 74, 24


def layers() -> list[list[str]]:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    listed = next(contract["layers"] for contract in contracts if contract["id"] == "one-way")
    return [[name.strip() for name in layer.split("|")] for layer in listed]


def draw() -> str:
    rows = layers()
    graph = grimp.build_graph("buffycoat")
    width = max(len(row) for row in rows) * (BOX_WIDTH + GAP_X) - GAP_X + 2 * MARGIN
    height = len(rows) * (BOX_HEIGHT + GAP_Y) - GAP_Y + 2 * MARGIN
    place: dict[str, tuple[float, float]] = {}
    for depth, row in enumerate(rows):
        left = (width - len(row) * (BOX_WIDTH + GAP_X) + GAP_X) / 2
        for index, name in enumerate(row):
            place[name] = (left + index * (BOX_WIDTH + GAP_X), MARGIN + depth * (BOX_HEIGHT + GAP_Y))
    arrows: dict[tuple[str, str], int] = {}
    for importer in sorted(graph.modules):
        for imported in graph.find_modules_directly_imported_by(importer):
            pair = (importer.split(".")[1:2] or [""])[0], (imported.split(".")[1:2] or [""])[0]
            if pair[0] != pair[1] and pair[0] in place and pair[1] in place:
                arrows[pair] = arrows.get(pair, 0) + 1
    upward = [pair for pair in arrows if place[pair[0]][1] >= place[pair[1]][1]]
    if upward:
        sys.exit(f"imports against the stream: {upward}")
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" font-family="sans-serif" role="img" '
        'aria-label="Packages of buffycoat in layers; every arrow points down">',
        '<rect width="100%" height="100%" fill="#ffffff"/>',
        '<defs><marker id="a" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto">'
        '<path d="M0 0 8 4 0 8z" fill="#5b6770"/></marker></defs>',
    ]
    for (importer, imported), count in sorted(arrows.items()):
        (x1, y1), (x2, y2) = place[importer], place[imported]
        start, end = (x1 + BOX_WIDTH / 2, y1 + BOX_HEIGHT), (x2 + BOX_WIDTH / 2, y2 - 2)
        middle = (start[1] + end[1]) / 2
        path = f"M{start[0]:.0f} {start[1]:.0f}C{start[0]:.0f} {middle:.0f} {end[0]:.0f} {middle:.0f} {end[0]:.0f} {end[1]:.0f}"
        lines.append(
            f'<path d="{path}" fill="none" stroke="#5b6770" stroke-opacity=".55" stroke-width="{min(0.6 + count / 8, 3):.2f}" '
            f'marker-end="url(#a)"><title>{importer} imports {imported}: {count}</title></path>'
        )
    for name, (x, y) in place.items():
        size = len(
            [
                module
                for module in graph.modules
                if module == f"buffycoat.{name}" or module.startswith(f"buffycoat.{name}.")
            ]
        )
        lines.append(
            f'<rect x="{x:.0f}" y="{y:.0f}" width="{BOX_WIDTH}" height="{BOX_HEIGHT}" rx="5" fill="#eef3f7" stroke="#29506d"/>'
            f'<text x="{x + BOX_WIDTH / 2:.0f}" y="{y + 18:.0f}" text-anchor="middle" font-size="14" fill="#10222f">{escape(name)}</text>'
            f'<text x="{x + BOX_WIDTH / 2:.0f}" y="{y + 33:.0f}" text-anchor="middle" font-size="10" fill="#43545f">'
            f"{size} {'file' if size == 1 else 'files'}</text>"
        )
    return "\n".join([*lines, "</svg>", ""])


def largest(count: int = 12) -> list[tuple[int, str]]:
    """Return the longest source files, Python and TypeScript, with their lines."""
    paths = [*(ROOT / "src").rglob("*.py"), *(ROOT / "frontend" / "src").rglob("*.ts*")]
    sizes = [
        (len(path.read_text().splitlines()), path.relative_to(ROOT).as_posix())
        for path in paths
        if path.name != "schema.d.ts"
    ]
    return sorted(sizes, key=lambda item: (-item[0], item[1]))[:count]


def page() -> str:
    rows = "\n".join(f"| `{name}` | {lines} |" for lines, name in largest())
    return f"""# Structure

Drawn from the real imports by `python scripts/draw_structure.py`; a test fails when this page is not current.

![Packages of buffycoat in layers; every arrow points down](structure.svg)

Data flows one way: an arrow means "imports", and every arrow points down. Rooms, the wide row, do not know each other;
`workflows` is the only place where they meet, and the shells above it only parse, call one workflow, and render.

## The largest files

| file | lines |
|---|---:|
{rows}

No file may have more than 400 lines.
"""


def main() -> None:
    made = {OUT: draw(), OUT.with_suffix(".md"): page()}
    if "--check" in sys.argv:
        stale = [path.name for path, text in made.items() if not path.is_file() or path.read_text() != text]
        sys.exit(f"not current: {', '.join(stale)}; run scripts/draw_structure.py" if stale else 0)
    for path, text in made.items():
        path.write_text(text)


if __name__ == "__main__":
    main()
