"""A taxonomy as a drawing: a tree from left to right, with hotkeys, and with counts where there are any."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterable, Mapping
from html import escape

from buffycoat.domain.taxonomy import Taxonomy, Term, TermKind
from buffycoat.domain.value import value
from buffycoat.errors import InputError

__all__ = ["draw_taxonomy"]

_MARGIN, _ROW, _BOX, _GAP = 28, 44, 36, 44
_TOP, _APART, _LEGEND_ROW, _LINE = 92, 10, 24, 17
_BAR, _NUMBER, _PERCENT = 170, 76, 64
_LONGEST = 34
_INK, _QUIET, _LINES = "#1b2126", "#555f68", "#a9b2ba"
_SANS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', 'DejaVu Sans', sans-serif"
_MONO = "ui-monospace, Menlo, Consolas, 'Liberation Mono', 'DejaVu Sans Mono', monospace"

# Ink, paper and border of each kind, its sign around (0, 0), and what the legend says: never told apart by color alone.
_KINDS: Mapping[TermKind, tuple[str, str, str, str, str]] = {
    TermKind.ROOT: (
        "#1b2126",
        "#f1f3f5",
        "",
        '<circle r="4.5" fill="none" stroke="{}" stroke-width="2"/>',
        "all of it",
    ),
    TermKind.LEUKOCYTE: ("#5b3a94", "#f4effb", "", '<circle r="5.5" fill="{}"/>', "leukocyte"),
    TermKind.OTHER_CELL: (
        "#a5304a",
        "#fceff1",
        "",
        '<rect x="-5" y="-5" width="10" height="10" fill="{}"/>',
        "other cell",
    ),
    TermKind.REMNANT: (
        "#7a5a17",
        "#fbf5e6",
        "5 3",
        '<circle r="5" fill="none" stroke="{}" stroke-width="2" stroke-dasharray="3 2"/>',
        "remnant of a cell",
    ),
    TermKind.ARTIFACT: ("#4d5860", "#f0f2f3", "2 3", '<path d="M0-6 6 5H-6z" fill="{}"/>', "artifact"),
    TermKind.UNDECIDED: (
        "#14607d",
        "#e9f4f8",
        "",
        '<path d="M0-6.5 6.5 0 0 6.5-6.5 0z" fill="none" stroke="{}" stroke-width="2"/>',
        "undecided",
    ),
    TermKind.DEFECT: (
        "#8a4b00",
        "#fcf2e6",
        "9 3 2 3",
        '<path d="M-4.5-4.5 4.5 4.5M-4.5 4.5 4.5-4.5" stroke="{}" stroke-width="2.4"/>',
        "fault of box or picture",
    ),
}


@value
class _Node:
    """Where a term stands, and what is written beside its name."""

    term: Term
    depth: int
    y: float
    leaf: bool
    own: int
    total: int
    note: str


def draw_taxonomy(taxonomy: Taxonomy, counts: Mapping[str, int] | None = None, /) -> bytes:
    """Draw a taxonomy as SVG: real text on white paper, a description for who cannot see it, morphology on hovering.

    Parameters
    ----------
    taxonomy : Taxonomy
        The terms.
    counts : mapping of str to int, optional
        Cells by key of their term; a term that is not named has none. A term with others below it shows their sum, and
        apart how many answers stopped there.

    Returns
    -------
    bytes
        SVG in UTF-8. The same taxonomy and counts give the same bytes.

    Raises
    ------
    UnknownTerm
        A count of what is not in the taxonomy.
    InputError
        A count below 0.

    Examples
    --------
    >>> from buffycoat.domain.taxonomy import RAABIN
    >>> drawing = draw_taxonomy(RAABIN, {"monocyte": 874, "smudge": 2673}).decode()
    >>> "2,673" in drawing, "24.6 %" in drawing
    (True, True)
    """
    for key, count in (counts or {}).items():
        taxonomy.term(key)
        if count < 0:
            raise InputError(f"a count of {key!r} below 0", expected="0 or more", found=str(count))
    nodes = _placed(taxonomy, counts)
    lefts, widths = _columns(nodes.values())
    right = max(lefts[node.depth] + widths[node.depth] for node in nodes.values())
    width = max(right + (28 + _NUMBER + _PERCENT + 14 + _BAR if counts is not None else 0) + _MARGIN, 640)
    below = max(node.y for node in nodes.values()) + _ROW / 2 + 20
    kinds = list(dict.fromkeys(node.term.kind for node in nodes.values()))
    legend, legend_rows = _legend(kinds, below, width)
    notice = _wrapped(taxonomy.notice, width - 2 * _MARGIN, 12)
    foot = below + legend_rows * _LEGEND_ROW + 14
    height = foot + len(notice) * _LINE + _MARGIN
    largest = max((node.own for node in nodes.values() if node.leaf), default=0)
    total = nodes[taxonomy.root.key].total
    name = escape(taxonomy.name)
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" '
            f'height="{height:.0f}" role="img" aria-labelledby="{name}-title {name}-desc" font-family="{_SANS}" '
            f'fill="{_INK}">'
        ),
        f'<title id="{name}-title">{_said(f"Taxonomy {taxonomy.reference}")}</title>',
        f'<desc id="{name}-desc">{_said(_outline(nodes.values(), counted=counts is not None))}</desc>',
        '<rect width="100%" height="100%" fill="#ffffff"/>',
        f'<text x="{_MARGIN}" y="40" font-size="20" font-weight="600">{_said(taxonomy.reference)}</text>',
        f'<text x="{_MARGIN}" y="62" font-size="13" fill="{_QUIET}">{_said(_subtitle(taxonomy, counts, total))}</text>',
    ]
    if counts is not None:
        x = right + 28
        parts += [_heading(x + _NUMBER, "cells"), _heading(x + _NUMBER + _PERCENT, "share")]
    parts += [_branch(nodes, node, lefts, widths) for node in nodes.values() if not node.leaf]
    if counts is not None:
        parts += [
            _row(node, lefts[node.depth] + widths[node.depth], right + 28, largest, total)
            for node in nodes.values()
            if node.leaf
        ]
    parts += [_box(node, lefts[node.depth], widths[node.depth]) for node in nodes.values()]
    parts += legend
    parts += [
        f'<text x="{_MARGIN}" y="{foot + 14 + line * _LINE:.0f}" font-size="12" fill="{_QUIET}">{_said(words)}</text>'
        for line, words in enumerate(notice)
    ]
    return ("\n".join([*parts, "</svg>"]) + "\n").encode()


def _placed(taxonomy: Taxonomy, counts: Mapping[str, int] | None) -> dict[str, _Node]:
    """Return the nodes from top to bottom, parents before children: leaves a row each, others amid their children."""
    order: list[tuple[str, int]] = []
    waiting = [(taxonomy.root.key, 0)]
    while waiting:
        key, depth = waiting.pop()
        order.append((key, depth))
        waiting += [(child, depth + 1) for child in reversed(taxonomy.children(key))]
    leaves = [key for key, _ in order if not taxonomy.children(key)]
    y: dict[str, float] = {}
    at, above = float(_TOP), None
    for key in leaves:
        parent = taxonomy.term(key).parent
        at += _APART if above not in {None, parent} else 0.0
        y[key], at, above = at + _ROW / 2, at + _ROW, parent
    own = {key: (counts or {}).get(key, 0) for key, _ in order}
    total = dict(own)
    for key, _ in reversed(order):
        if children := taxonomy.children(key):
            y[key] = (y[children[0]] + y[children[-1]]) / 2
            total[key] += sum(total[child] for child in children)
    everything = total[taxonomy.root.key]
    placed = {}
    for key, depth in order:
        leaf = not taxonomy.children(key)
        note = key
        if counts is not None and not leaf:
            stopped = f" · {own[key]:,} stop here" if own[key] else ""
            note = f"{total[key]:,} · {_share(total[key], everything)}{stopped}"
        placed[key] = _Node(
            term=taxonomy.term(key), depth=depth, y=y[key], leaf=leaf, own=own[key], total=total[key], note=note
        )
    return placed


def _columns(nodes: Iterable[_Node]) -> tuple[list[float], list[float]]:
    """Return left edge and width of the boxes of each depth, as wide as their longest text."""
    widths: list[float] = []
    for node in nodes:
        name = _width(_short(node.term.name), 14) * (1.0 if node.leaf else 1.12)
        needed = max(name, _width(_short(node.note), 11, fixed=node.note == node.term.key))
        if node.depth == len(widths):
            widths.append(0)
        widths[node.depth] = max(widths[node.depth], needed + 34 + (30 if node.term.hotkey else 10))
    lefts = [float(_MARGIN)]
    for width in widths:
        lefts.append(lefts[-1] + width + _GAP)
    return lefts[:-1], widths


def _branch(nodes: Mapping[str, _Node], node: _Node, lefts: list[float], widths: list[float]) -> str:
    """Return the lines from a term to those below it."""
    start = lefts[node.depth] + widths[node.depth]
    end = lefts[node.depth + 1]
    middle = (start + end) / 2
    children = [child for child in nodes.values() if child.term.parent == node.term.key]
    paths = []
    for child in children:
        drop = child.y - node.y
        bend = min(9.0, abs(drop)) * (1 if drop > 0 else -1)
        if abs(drop) < 1:
            paths.append(f"M{start:.0f} {node.y:.1f}H{end:.0f}")
            continue
        paths.append(
            f"M{start:.0f} {node.y:.1f}H{middle - abs(bend):.1f}Q{middle:.1f} {node.y:.1f} {middle:.1f} "
            f"{node.y + bend:.1f}V{child.y - bend:.1f}Q{middle:.1f} {child.y:.1f} {middle + abs(bend):.1f} "
            f"{child.y:.1f}H{end:.0f}"
        )
    return f'<path d="{"".join(paths)}" fill="none" stroke="{_LINES}" stroke-width="1.5"/>'


def _box(node: _Node, left: float, width: float) -> str:
    """Return a term: sign of its kind, name, key or sum, and its hotkey as the cap of a key."""
    ink, paper, dashes, _, _ = _KINDS[node.term.kind]
    top = node.y - _BOX / 2
    border = f' stroke-dasharray="{dashes}"' if dashes else ""
    inner = not node.leaf
    font = f' font-family="{_MONO}"' if node.note == node.term.key else ""
    parts = [
        f"<g><title>{_said(_tooltip(node.term))}</title>",
        (
            f'<rect x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{_BOX}" rx="7" fill="{paper}" '
            f'stroke="{ink}" stroke-width="{1.6 if inner else 1.1}"{border}/>'
        ),
        _sign(node.term.kind, left + 16, node.y),
        (
            f'<text x="{left + 30:.1f}" y="{node.y - 3:.1f}" font-size="14" font-weight="{600 if inner else 400}">'
            f"{_said(_short(node.term.name))}</text>"
        ),
        (
            f'<text x="{left + 30:.1f}" y="{node.y + 12:.1f}" font-size="11" fill="{_QUIET}"{font}>'
            f"{_said(_short(node.note))}</text>"
        ),
    ]
    if node.term.hotkey:
        x = left + width - 28
        parts += [
            f'<rect x="{x:.1f}" y="{node.y - 10:.1f}" width="20" height="20" rx="4" fill="#ffffff" stroke="{_QUIET}"/>',
            f'<path d="M{x + 2:.1f} {node.y + 8:.1f}h16" stroke="{_QUIET}" stroke-width="1.6"/>',
            (
                f'<text x="{x + 10:.1f}" y="{node.y + 4.5:.1f}" font-size="13" font-weight="600" text-anchor="middle" '
                f'font-family="{_MONO}">{_said(node.term.hotkey)}</text>'
            ),
        ]
    return "\n".join([*parts, "</g>"])


def _row(node: _Node, edge: float, left: float, largest: int, total: int) -> str:
    """Return the count of a leaf: a thin line that leads to it, number, share and bar."""
    ink = _KINDS[node.term.kind][0]
    color = _INK if node.own else _QUIET
    number, percent = left + _NUMBER, left + _NUMBER + _PERCENT
    parts = [
        f'<path d="M{edge + 6:.1f} {node.y:.1f}H{left - 2:.1f}" stroke="#d8dde1" stroke-dasharray="1 4"/>',
        (
            f'<text x="{number:.1f}" y="{node.y + 4.5:.1f}" font-size="13" text-anchor="end" fill="{color}">'
            f"{node.own:,}</text>"
        ),
        (
            f'<text x="{percent:.1f}" y="{node.y + 4.5:.1f}" font-size="13" text-anchor="end" fill="{_QUIET}">'
            f"{_said(_share(node.own, total))}</text>"
        ),
    ]
    if node.own:
        length = max(_BAR * node.own / largest, 1.5)
        parts.append(
            f'<rect x="{percent + 14:.1f}" y="{node.y - 7:.1f}" width="{length:.1f}" height="14" rx="2" fill="{ink}" '
            f'fill-opacity=".78"/>'
        )
    return "\n".join(parts)


def _legend(kinds: list[TermKind], top: float, width: float) -> tuple[list[str], int]:
    """Return the signs with their meaning, and how many rows they take."""
    parts = []
    x, row = float(_MARGIN), 0
    entries = [(_sign(kind, 8, 0), _KINDS[kind][4]) for kind in kinds if kind is not TermKind.ROOT]
    cap = f'<rect x="0" y="-8" width="16" height="16" rx="3" fill="#ffffff" stroke="{_QUIET}"/>'
    for sign, words in [*entries, (cap, "the key that gives the answer")]:
        needed = 24 + _width(words, 12) + 26
        if x + needed > width - _MARGIN and x > _MARGIN:
            x, row = float(_MARGIN), row + 1
        parts.append(
            f'<g transform="translate({x:.1f} {top + row * _LEGEND_ROW + 10:.1f})">{sign}'
            f'<text x="24" y="4" font-size="12" fill="{_QUIET}">{_said(words)}</text></g>'
        )
        x += needed
    return parts, row + 1


def _sign(kind: TermKind, x: float, y: float) -> str:
    ink, _, _, sign, _ = _KINDS[kind]
    return f'<g transform="translate({x:.1f} {y:.1f})">{sign.format(ink)}</g>'


def _heading(x: float, words: str) -> str:
    return f'<text x="{x:.1f}" y="{_TOP - 4}" font-size="11" text-anchor="end" fill="{_QUIET}">{words}</text>'


def _subtitle(taxonomy: Taxonomy, counts: Mapping[str, int] | None, total: int) -> str:
    size = f"{len(taxonomy.terms)} terms" if counts is None else f"{total:,} cells, {len(taxonomy.terms)} terms"
    return " · ".join(filter(None, [taxonomy.title, size]))


def _tooltip(term: Term) -> str:
    told = [f"{term.name} ({term.key})", term.morphology]
    told += [f"also: {', '.join(term.aliases)}"] if term.aliases else []
    return "\n".join(filter(None, told))


def _outline(nodes: Iterable[_Node], *, counted: bool) -> str:
    """Return the tree in words, one term a line, indented by its depth."""
    lines = ["A tree of cell types, from the root on the left to the leaves on the right."]
    for node in nodes:
        told = [node.term.name, _KINDS[node.term.kind][4]]
        told += [f"key {node.term.hotkey}"] if node.term.hotkey else []
        told += [f"{node.total:,} cells"] if counted else []
        lines.append("  " * node.depth + ", ".join(told))
    return "\n".join(lines)


def _share(part: int, whole: int) -> str:
    if not whole:
        return "–"
    return "< 0.1 %" if 0 < part < whole / 2000 else f"{100 * part / whole:.1f} %"


def _short(words: str) -> str:
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"


def _wrapped(words: str, width: float, size: float) -> list[str]:
    return textwrap.wrap(words, max(int(width / (0.55 * size)), 20))


def _width(words: str, size: float, *, fixed: bool = False) -> float:
    """Return how wide words may come out, on the safe side: nobody knows the reader's font."""
    if fixed:
        return 0.62 * size * len(words)
    em = 0.0
    for character in words:
        if unicodedata.east_asian_width(character) in "WF":
            em += 1.0
        elif character in "ijlt.,:;'!|·( )":
            em += 0.36
        else:
            em += 0.9 if character in "mwMW%@" else 0.61
    return em * size


def _said(words: str) -> str:
    """Return words as XML may hold them."""
    kept = "".join(one for one in words if one in "\n\t" or unicodedata.category(one) not in {"Cc", "Cs", "Cn"})
    return escape(kept)
