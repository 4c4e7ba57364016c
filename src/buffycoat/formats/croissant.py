"""A release described for machines: Croissant 1.0 of MLCommons, with its vocabulary for responsible use."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import fields
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from typing import Any, Final
from urllib.parse import quote

from buffycoat.domain.release import ReleaseAbout, ReleaseFile
from buffycoat.domain.value import value
from buffycoat.errors import InputError
from buffycoat.formats.columns import Column, Kind, check_columns

__all__ = ["Edition", "FileGroup", "Statements", "croissant"]

_TYPES: Final = {Kind.TEXT: "sc:Text", Kind.INTEGER: "sc:Integer", Kind.NUMBER: "sc:Float", Kind.BOOLEAN: "sc:Boolean"}
_MEDIA: Final[Mapping[str, str]] = {
    ".bmp": "image/bmp",
    ".csv": "text/csv",
    ".html": "text/html",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".json": "application/json",
    ".md": "text/markdown",
    ".parquet": "application/x-parquet",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".tar": "application/x-tar",
    ".tex": "application/x-tex",
    ".toml": "application/toml",
    ".tsv": "text/tab-separated-values",
    ".txt": "text/plain",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xml": "application/xml",
    ".yaml": "application/yaml",
    ".zip": "application/zip",
}
_TABLES: Final = (".csv", ".tsv", ".parquet")
_ROWS_OF_PICTURES: Final = ("image/png", "image/jpeg")
_SEMANTIC: Final = re.compile(
    r"(0|[1-9]\d*)(\.(0|[1-9]\d*)(\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?)?)?", re.ASCII
)
_CONTEXT: Final[Mapping[str, Any]] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
"""The context that the specification prints; readers warn of any other."""


@value
class Edition:
    """Version, date (such as ``"2026-05-01"``) and address of a release, where there are any."""

    version: str
    published: str | None = None
    url: str | None = None


@value
class FileGroup:
    """Many files of one kind, told by a pattern from the release down, such as ``"crops/train/*.png"``."""

    id: str
    pattern: str
    description: str = ""


@value
class Statements:
    """What users must know to use the data responsibly: the RAI vocabulary of Croissant, in its order.

    An empty statement is left out.
    """

    data_collection: str = ""
    data_collection_type: tuple[str, ...] = ()
    data_collection_missing_data: str = ""
    data_collection_raw_data: str = ""
    data_preprocessing_protocol: tuple[str, ...] = ()
    data_annotation_protocol: tuple[str, ...] = ()
    data_annotation_platform: tuple[str, ...] = ()
    data_annotation_analysis: tuple[str, ...] = ()
    annotations_per_item: str = ""
    annotator_demographics: tuple[str, ...] = ()
    machine_annotation_tools: tuple[str, ...] = ()
    data_use_cases: tuple[str, ...] = ()
    data_biases: tuple[str, ...] = ()
    data_limitations: tuple[str, ...] = ()
    data_social_impact: str = ""
    personal_sensitive_information: tuple[str, ...] = ()
    data_release_maintenance_plan: str = ""


def croissant(
    about: ReleaseAbout,
    edition: Edition,
    *,
    files: Sequence[ReleaseFile],
    tables: Mapping[str, Sequence[Column]],
    groups: Sequence[FileGroup] = (),
    splits: Mapping[str, str] | None = None,
    statements: Statements | None = None,
) -> bytes:
    """Return ``croissant.json``.

    Each file is told with its digest and size, but for those of a group, whose digests are in ``manifest.json``. A
    table becomes a set of records of its stem, and a group of PNG or JPEG a set of records with ``image`` and ``path``.

    Readers that use pandas guess the types of a CSV table: text of digits may lose its zeros, and the apostrophe
    before text that looks like a formula stays. A Parquet table says its types.

    Parameters
    ----------
    about : ReleaseAbout
        Title, license (or terms of use), contributors, citation, description.
    edition : Edition
        A version such as ``"1.0"``; one that is no semantic version becomes ``0.0.0+version``, as readers demand one.
    files : sequence of ReleaseFile
        All files of the release but this one.
    tables : mapping of str to sequence of Column
        Path of each table that has records, CSV or Parquet, and its columns.
    groups : sequence of FileGroup
        Each must match a file.
    splits : mapping of str to str, optional
        Names of the splits, and what each is.
    statements : Statements, optional
        For responsible use.

    Returns
    -------
    bytes
        JSON-LD.

    Raises
    ------
    InputError
        A table that is not among the files or no table; a group without files; two things of one name.

    Examples
    --------
    >>> file = ReleaseFile(path="cells.csv", digest="ab" * 32, size_bytes=12)
    >>> columns = {"cells.csv": [Column(name="left", kind=Kind.INTEGER, unit="px")]}
    >>> made = croissant(ReleaseAbout(title="Ours"), Edition(version="1.0.0"), files=[file], tables=columns)
    >>> json.loads(made)["distribution"][0]["contentSize"]
    '12 B'
    """
    by_path = {file.path: file for file in files}
    grouped = {group.id: [path for path in by_path if fnmatchcase(path, group.pattern)] for group in groups}
    inside = {path for paths in grouped.values() for path in paths}
    single = [by_path[path] for path in sorted(set(by_path) - (inside - set(tables)))]
    records = [_table(path, columns, by_path) for path, columns in sorted(tables.items())]
    records += [
        _pictures(group, grouped[group.id])
        for group in groups
        if _media_of(group, grouped[group.id]) in _ROWS_OF_PICTURES
    ]
    records += [_splits(splits)] if splits else []
    names = [record["name"] for record in records] + [file.path for file in single] + [group.id for group in groups]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise InputError("two parts of a release have one name", expected="each once", found=", ".join(twice))
    document: dict[str, Any] = {
        "@context": dict(_CONTEXT),
        "@type": "sc:Dataset",
        "conformsTo": ["http://mlcommons.org/croissant/1.0", "http://mlcommons.org/croissant/RAI/1.0"],
        "name": about.title,
        "description": about.description,
        "version": edition.version if _SEMANTIC.fullmatch(edition.version) else f"0.0.0+{_plain(edition.version)}",
        "license": about.license or about.terms_of_use,
        "citeAs": about.citation,
        "datePublished": edition.published,
        "url": edition.url,
        "creator": [{"@type": "sc:Person", "name": name} for name in about.contributors],
        **_responsible(statements or Statements()),
        "distribution": [*map(_file, single), *(_group(group, grouped[group.id]) for group in groups)],
        "recordSet": records,
    }
    kept = {key: told for key, told in document.items() if told}
    return (json.dumps(kept, ensure_ascii=False, indent=1) + "\n").encode()


def _responsible(statements: Statements) -> dict[str, Any]:
    told = {}
    for field in fields(statements):
        first, *rest = field.name.split("_")
        statement = getattr(statements, field.name)
        told[f"rai:{first}{''.join(word.title() for word in rest)}"] = (
            list(statement) if isinstance(statement, tuple) else statement
        )
    return told


def _plain(version: str) -> str:
    return re.sub(r"[^0-9A-Za-z]+", "-", version).strip("-") or "0"


def _id(path: str) -> str:
    """Return a path as part of an address, which names must be."""
    return quote(path, safe="/-._~")


def _media(path: str) -> str:
    return _MEDIA.get(PurePosixPath(path).suffix.casefold(), "application/octet-stream")


def _file(file: ReleaseFile) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": _id(file.path),
        "name": file.path,
        "contentUrl": file.path,
        "contentSize": f"{file.size_bytes} B",
        "encodingFormat": _media(file.path),
        "sha256": file.digest,
    }


def _media_of(group: FileGroup, paths: Sequence[str]) -> str:
    kinds = sorted({_media(path) for path in paths})
    if len(kinds) != 1:
        found = ", ".join(kinds) or "no file"
        raise InputError(f"files of {group.pattern} are not of one kind", expected="one kind of file", found=found)
    return kinds[0]


def _group(group: FileGroup, paths: Sequence[str]) -> dict[str, Any]:
    return {
        "@type": "cr:FileSet",
        "@id": _id(group.id),
        "name": group.id,
        **({"description": group.description} if group.description else {}),
        "encodingFormat": _media_of(group, paths),
        "includes": group.pattern,
    }


def _table(path: str, columns: Sequence[Column], files: Mapping[str, ReleaseFile]) -> dict[str, Any]:
    check_columns(columns)
    if path not in files or not path.endswith(_TABLES):
        expected = f"a file of the release that ends in {', '.join(_TABLES)}"
        raise InputError("no table", expected=expected, found=path)
    name = _id(PurePosixPath(path).stem)
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": PurePosixPath(path).stem,
        "field": [_field(name, column, {"fileObject": {"@id": _id(path)}}) for column in columns],
    }


def _field(record: str, column: Column, source: Mapping[str, Any]) -> dict[str, Any]:
    told = ". ".join(
        part.strip().rstrip(".") for part in (column.description, f"Unit: {column.unit}" if column.unit else "") if part
    )
    return {
        "@type": "cr:Field",
        "@id": f"{record}/{_id(column.name)}",
        "name": column.name,
        **({"description": told} if told else {}),
        "dataType": _TYPES[column.kind],
        "source": {**source, "extract": {"column": column.name}},
    }


def _pictures(group: FileGroup, paths: Sequence[str]) -> dict[str, Any]:
    name = f"{_id(group.id)}-pictures"
    columns = (("image", "sc:ImageObject", "content"), ("path", "sc:Text", "fullpath"))
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": f"{group.id}-pictures",
        "description": f"{len(paths)} pictures; column `path` of the tables names them.",
        "field": [
            {
                "@type": "cr:Field",
                "@id": f"{name}/{column}",
                "name": column,
                "dataType": kind,
                "source": {"fileSet": {"@id": _id(group.id)}, "extract": {"fileProperty": extracted}},
            }
            for column, kind, extracted in columns
        ],
    }


def _splits(splits: Mapping[str, str]) -> dict[str, Any]:
    kinds = (("name", "sc:Text"), ("description", "sc:Text"))
    return {
        "@type": "cr:RecordSet",
        "@id": "splits",
        "name": "splits",
        "description": "The splits; column `split` of the tables names them.",
        "dataType": "cr:Split",
        "key": {"@id": "splits/name"},
        "field": [
            {"@type": "cr:Field", "@id": f"splits/{name}", "name": name, "dataType": kind} for name, kind in kinds
        ],
        "data": [{"splits/name": name, "splits/description": told} for name, told in splits.items()],
    }
