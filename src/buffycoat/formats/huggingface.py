"""Crops and their classes in the layout of Hugging Face: Parquet files by split, and the head of the card."""

from __future__ import annotations

import io
import itertools
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from buffycoat.domain.release import ReleaseAbout
from buffycoat.domain.value import Scalar, value
from buffycoat.errors import InputError, UnreadableFormat
from buffycoat.formats.columns import Column, Kind, check_columns, values_of
from buffycoat.formats.tables import arrow_field

__all__ = ["HubItem", "card_header", "hub_split", "read_hub", "write_hub"]

_DTYPES: Final = {Kind.TEXT: "string", Kind.INTEGER: "int64", Kind.NUMBER: "float64", Kind.BOOLEAN: "bool"}
_PICTURE: Final = pa.struct([pa.field("bytes", pa.binary()), pa.field("path", pa.string())])
_LICENSES: Final[Mapping[str, str]] = {
    **{
        name: name
        for name in (
            *("apache-2.0", "mit", "cc0-1.0", "cc-by-2.0", "cc-by-2.5", "cc-by-3.0", "cc-by-4.0", "cc-by-sa-3.0"),
            *("cc-by-sa-4.0", "cc-by-nc-3.0", "cc-by-nc-4.0", "cc-by-nd-4.0", "cc-by-nc-nd-3.0", "cc-by-nc-nd-4.0"),
            *("cc-by-nc-sa-3.0", "cc-by-nc-sa-4.0", "gpl-3.0", "odbl", "odc-by", "pddl", "etalab-2.0"),
            *("cdla-permissive-1.0", "cdla-permissive-2.0", "cdla-sharing-1.0"),
        )
    },
    "odbl-1.0": "odbl",
    "odc-by-1.0": "odc-by",
    "pddl-1.0": "pddl",
    "gpl-3.0-only": "gpl-3.0",
    "gpl-3.0-or-later": "gpl-3.0",
}
"""Identifiers of licenses as the hub spells them, by SPDX identifier in lower case."""
_SIZES: Final = ((10**3, "n<1K"), (10**4, "1K<n<10K"), (10**5, "10K<n<100K"), (10**6, "100K<n<1M"))


@value
class HubItem:
    """One crop: name and bytes of its file, its class (``None`` where it has none), and what else is known of it."""

    path: str
    picture: bytes
    label: str | None
    facts: Mapping[str, Scalar]


def hub_split(name: str) -> str:
    """Return the name of a split as the library ``datasets`` allows it: words and underscores, in lower case.

    Raises
    ------
    InputError
        Nothing is left of it, or it is ``all``, which means every split there.

    Examples
    --------
    >>> hub_split("train"), hub_split("test-A")
    ('train', 'test_a')
    """
    plain = re.sub(r"\W+", "_", name.casefold())
    if not plain.strip("_") or plain == "all":
        raise InputError(
            "no name for a split", expected="a word such as train or test-A, but not `all`", found=repr(name)
        )
    return plain


def write_hub(
    items: Iterable[HubItem],
    count: int,
    *,
    split: str,
    classes: Sequence[str],
    columns: Sequence[Column],
    per_file: int = 1000,
) -> Iterator[tuple[str, bytes]]:
    """Yield the Parquet files of one split, one at a time.

    Columns: ``image`` (bytes and path of the picture's file), ``label`` (place in ``classes``), and ``columns``. The
    schema tells ``datasets`` which is which.

    Parameters
    ----------
    items : iterable of HubItem
        In the order of the release.
    count : int
        How many there are; it stands in the names of the files.
    split : str
        As the release calls it; see :func:`hub_split`.
    classes : sequence of str
        All classes of the release, the same for every split.
    columns : sequence of Column
        The facts that are written; none may be called ``image`` or ``label``.
    per_file : int
        Most items of a file.

    Yields
    ------
    tuple of str and bytes
        Path, such as ``"data/test_a-00000-of-00001.parquet"``, and content. A split of nothing has no file:
        ``datasets`` cannot read one of no rows.

    Raises
    ------
    InputError
        A class that is not in ``classes``; a fact that is not of its column's kind; more or fewer items than ``count``.

    Examples
    --------
    >>> item = HubItem(path="c1.png", picture=b"...", label="Band", facts={})
    >>> [path for path, _ in write_hub([item], 1, split="test-A", classes=["Band"], columns=[])]
    ['data/test_a-00000-of-00001.parquet']
    """
    schema = _schema(classes, columns)
    files = -(-count // per_file)
    start = f"data/{hub_split(split)}"
    waiting = iter(items)
    for number in range(files):
        most = min(per_file, count - number * per_file)
        batch = list(itertools.islice(waiting, most))
        if len(batch) < most:
            _refuse_length(split, count, str(number * per_file + len(batch)))
        yield f"{start}-{number:05d}-of-{files:05d}.parquet", _parquet(batch, classes, columns, schema)
    if next(waiting, None) is not None:
        _refuse_length(split, count, "more")


def read_hub(files: Iterable[tuple[str, bytes]], columns: Sequence[Column]) -> Iterator[HubItem]:
    """Yield the items of Parquet files: the inverse of :func:`write_hub`.

    Parameters
    ----------
    files : iterable of tuple of str and bytes
        Names, for errors, and contents.
    columns : sequence of Column
        The facts that are read.

    Yields
    ------
    HubItem
        In the order of the files.

    Raises
    ------
    UnreadableFormat
        With the file: no Parquet, no such columns, no list of classes, a label that is not in it.

    Examples
    --------
    >>> item = HubItem(path="c1.png", picture=b"...", label="Band", facts={})
    >>> list(read_hub(write_hub([item], 1, split="train", classes=["Band"], columns=[]), [])) == [item]
    True
    """
    for name, content in files:
        try:
            table = pq.read_table(io.BytesIO(content))
            info = json.loads((table.schema.metadata or {})[b"huggingface"])
            classes = info["info"]["features"]["label"]["names"]
            rows = table.select(["image", "label", *(column.name for column in columns)]).to_pylist()
        except (pa.ArrowException, OSError, ValueError, KeyError, TypeError) as error:
            first = str(error).split("\n", 1)[0]
            expected = "Parquet with image, label and the schema of Hugging Face"
            raise UnreadableFormat(f"{name} cannot be read", expected=expected, found=first) from error
        for number, row in enumerate(rows, start=1):
            picture, label = row.pop("image"), row.pop("label")
            if not isinstance(picture, dict) or None in (picture.get("bytes"), picture.get("path")):
                raise UnreadableFormat(
                    f"{name}, row {number}: no picture", expected="bytes and path", found=repr(picture)[:100]
                )
            if label is not None and not (isinstance(label, int) and 0 <= label < len(classes)):
                raise UnreadableFormat(
                    f"{name}, row {number}, label", expected=f"0 to {len(classes) - 1}", found=repr(label)
                )
            yield HubItem(
                path=picture["path"],
                picture=picture["bytes"],
                label=None if label is None else classes[label],
                facts=row,
            )


def card_header(about: ReleaseAbout, counts: Mapping[str, int], *, tags: Sequence[str] = ("biology", "medical")) -> str:
    """Return the head of ``README.md`` in YAML, from which the hub and ``datasets`` learn license, size and splits.

    A license that the hub does not know is ``other``, with its name.

    Parameters
    ----------
    about : ReleaseAbout
        Title and license are told.
    counts : mapping of str to int
        Items of each split, under the release's own names. A split of nothing is not told.
    tags : sequence of str
        Words under which the hub finds the set.

    Returns
    -------
    str
        From ``---`` to ``---``, with a line break at the end.

    Raises
    ------
    InputError
        Two splits that ``datasets`` would call by one name.

    Examples
    --------
    >>> print(card_header(ReleaseAbout(title="Ours", license="CC-BY-4.0"), {"train": 900, "test-A": 200}))
    ---
    pretty_name: "Ours"
    license: "cc-by-4.0"
    task_categories:
    - "image-classification"
    size_categories:
    - "1K<n<10K"
    tags:
    - "biology"
    - "medical"
    configs:
    - config_name: "default"
      data_files:
      - split: "train"
        path: "data/train-*"
      - split: "test_a"
        path: "data/test_a-*"
    ---
    <BLANKLINE>
    """
    names = [hub_split(split) for split in counts]
    if len(set(names)) < len(names):
        raise InputError("two splits of one name", expected="each once", found=", ".join(counts))
    known = _LICENSES.get(about.license.strip().casefold())
    license_name = about.license.strip() or "terms of use"
    total = sum(counts.values())
    size = next((word for most, word in _SIZES if total < most), "1M<n<10M")
    lines = ["---", f"pretty_name: {_yaml(about.title)}"]
    lines += [f"license: {_yaml(known or 'other')}"]
    lines += (
        [] if known else [f"license_name: {_yaml(re.sub(r'[^a-z0-9.]+', '-', license_name.casefold()).strip('-'))}"]
    )
    lines += ["task_categories:", f"- {_yaml('image-classification')}", "size_categories:", f"- {_yaml(size)}"]
    lines += ["tags:", *(f"- {_yaml(tag)}" for tag in tags)] if tags else []
    lines += ["configs:", f"- config_name: {_yaml('default')}", "  data_files:"]
    for name, count in zip(names, counts.values(), strict=True):
        if not count:
            continue
        lines += [f"  - split: {_yaml(name)}", f"    path: {_yaml(f'data/{name}-*')}"]
    return "\n".join([*lines, "---", ""])


def _refuse_length(split: str, count: int, found: str) -> None:
    raise InputError(f"split {split} is not as long as it was said", expected=f"{count} items", found=found)


def _schema(classes: Sequence[str], columns: Sequence[Column]) -> pa.Schema:
    check_columns([Column(name="image"), Column(name="label"), *columns])
    if not classes or len(set(classes)) < len(classes):
        raise InputError("no classes of a release", expected="one at least, each once", found=", ".join(classes))
    features: dict[str, Any] = {"image": {"_type": "Image"}, "label": {"names": list(classes), "_type": "ClassLabel"}}
    features |= {column.name: {"dtype": _DTYPES[column.kind], "_type": "Value"} for column in columns}
    fields = [pa.field("image", _PICTURE), pa.field("label", pa.int64()), *map(arrow_field, columns)]
    return pa.schema(fields, metadata={"huggingface": json.dumps({"info": {"features": features}})})


def _parquet(items: Sequence[HubItem], classes: Sequence[str], columns: Sequence[Column], schema: pa.Schema) -> bytes:
    places = {label: place for place, label in enumerate(classes)}
    labels = []
    for item in items:
        if item.label is not None and item.label not in places:
            raise InputError(
                f"{item.path} is of no class of the release", expected=", ".join(classes), found=item.label
            )
        labels.append(None if item.label is None else places[item.label])
    pictures = [{"bytes": item.picture, "path": item.path} for item in items]
    facts = [item.facts for item in items]
    lists = [pictures, labels, *(values_of(facts, column) for column in columns)]
    arrays = [pa.array(cells, type=field.type) for cells, field in zip(lists, schema, strict=True)]
    out = io.BytesIO()
    # Groups of 100 rows are what the hub's viewer reads at a time; pictures are compressed already.
    pq.write_table(pa.Table.from_arrays(arrays, schema=schema), out, row_group_size=100, compression="snappy")
    return out.getvalue()


def _yaml(text: str) -> str:
    """Return text in quotation marks, in which YAML reads nothing else."""
    return '"' + "".join(_escape(mark) for mark in text) + '"'


def _escape(mark: str) -> str:
    if mark in '"\\':
        return f"\\{mark}"
    if mark.isprintable():
        return mark
    return f"\\u{ord(mark):04x}" if ord(mark) < 0x10000 else f"\\U{ord(mark):08x}"
