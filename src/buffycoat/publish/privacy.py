"""The gate before a release: what could name a person is found and named, and nothing leaves until it is dealt with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any, Final

from buffycoat.domain.geometry import Box
from buffycoat.domain.smear import AgeBand, Diagnosis, Sex
from buffycoat.domain.value import Digest, value
from buffycoat.errors import InputError, PrivacyBreach
from buffycoat.imaging.codecs import decode_rgb
from buffycoat.imaging.writing import find_writing
from buffycoat.publish.private_parts import POSITION, private_parts
from buffycoat.publish.private_text import Place, Suspicion, suspicions
from buffycoat.publish.sealed import Contents, SealedCell, SealedRepeat
from buffycoat.publish.small_groups import facts_to_withhold, small_groups

__all__ = ["WITHHOLDABLE", "PrivacyFinding", "PrivacyKind", "privacy_findings", "refuse_private", "withhold"]

_NOTHING: Final[dict[str, Any]] = {
    "sex": Sex.UNKNOWN,
    "age_band": AgeBand.UNKNOWN,
    "site": "unknown",
    "diagnosis": Diagnosis.UNKNOWN,
    "ethics_reference": None,
}
WITHHOLDABLE: Final = tuple(_NOTHING)
"""Facts of smears that can be left out of a release."""

_EXAMPLES: Final = 5
_QUOTED: Final = 80


class PrivacyKind(StrEnum):
    """What was found, in the order of what it can do."""

    POSITION = "position"
    METADATA = "metadata"
    WRITING = "writing"
    NAME = "name"
    TEXT = "text"
    DATE = "date"
    SMALL_GROUP = "small group"


@value
class PrivacyFinding:
    """Something that could name a person: where it is, what was found, what to do about it.

    ``id`` is that of a field, cell or smear, where there is one; ``box`` lies in the stored pixels of the photograph or
    crop. What stands beside a picture in its file is named and never quoted.
    """

    kind: PrivacyKind
    where: str
    found: str
    advice: str
    id: str | None = None
    box: Box | None = None


@value
class _Picture:
    """A file that would leave, and the one field or cell it is told by. A drawn one shows nobody's smear."""

    id: str
    what: str
    digest: Digest
    drawn: bool


def privacy_findings(
    contents: Contents,
    *,
    photographs: Callable[[Digest], bytes],
    minimum: int = 5,
    reviewed: frozenset[str] = frozenset(),
    progress: Callable[[int, int], object] | None = None,
) -> tuple[PrivacyFinding, ...]:
    """Look through everything that a release would say and show for what could name a person.

    Parameters
    ----------
    contents : Contents
        What would be published.
    photographs : callable
        Gives the bytes of a photograph or crop by its digest.
    minimum : int
        Fewest people who may share a combination of published facts.
    reviewed : frozenset of str
        Ids of fields and cells in which a person has looked for writing: their pixels are not searched.
    progress : callable, optional
        Called with the number of pictures that are done, and of all.

    Returns
    -------
    tuple of PrivacyFinding
        By kind; empty where nothing was found, which does not prove that there is nothing. Smears that buffycoat drew
        show nobody: neither groups of them nor writing in them are looked for.

    Raises
    ------
    InputError
        A minimum below one.
    UnreadableImage
        A photograph that is damaged.
    """
    if minimum < 1:
        raise InputError("no number of people", expected="1 or more", found=str(minimum))
    found = [*_in_text(contents), *_in_groups(contents, minimum)]
    pictures = _pictures(contents)
    for done, picture in enumerate(pictures, start=1):
        found += _in_picture(picture, photographs(picture.digest), reviewed)
        if progress is not None:
            progress(done, len(pictures))
    order = list(PrivacyKind)
    return tuple(sorted(found, key=lambda finding: order.index(finding.kind)))


def refuse_private(findings: Sequence[PrivacyFinding], /) -> None:
    """Refuse a release in which anything was found.

    Raises
    ------
    PrivacyBreach
        With counts by kind, and of each kind the first examples with what to do.

    Examples
    --------
    >>> refuse_private([])
    """
    if not findings:
        return
    counts = Counter(finding.kind for finding in findings)
    first = [finding for kind in counts for finding in _first(findings, kind, max(1, _EXAMPLES // len(counts)))]
    listed = "; ".join(f"{finding.where}: {finding.found}" for finding in first)
    more = len(findings) - len(first)
    raise PrivacyBreach(
        f"{len(findings)} {'thing' if len(findings) == 1 else 'things'} could name a person: "
        + ", ".join(f"{count} {kind}" for kind, count in counts.items()),
        expected="nothing that names a person",
        found=listed + (f"; and {more} more" if more else ""),
        hint="; ".join(dict.fromkeys(finding.advice for finding in first)),
    )


def _first(findings: Sequence[PrivacyFinding], kind: PrivacyKind, count: int) -> list[PrivacyFinding]:
    return [finding for finding in findings if finding.kind is kind][:count]


def withhold(contents: Contents, names: Sequence[str]) -> Contents:
    """Leave facts out of every smear, and say so.

    Parameters
    ----------
    contents : Contents
        What would be published.
    names : sequence of str
        Of ``sex``, ``age_band``, ``site``, ``diagnosis`` and ``ethics_reference``.

    Returns
    -------
    Contents
        With these facts unknown, and listed in ``withheld``.

    Raises
    ------
    InputError
        A name that is no such fact.
    """
    if wrong := [name for name in names if name not in _NOTHING]:
        raise InputError("no fact that can be withheld", expected=", ".join(_NOTHING), found=", ".join(wrong))
    left_out = {name: _NOTHING[name] for name in names}
    return replace(
        contents,
        smears=tuple(replace(smear, **left_out) for smear in contents.smears),
        withheld=tuple(dict.fromkeys([*contents.withheld, *names])),
    )


def _pictures(contents: Contents) -> list[_Picture]:
    """Return each file once: photographs, and the crops whose photograph does not leave with them."""
    simulated = {smear.smear_id for smear in contents.smears if smear.simulated}
    drawn = {field.field_id for field in contents.fields if field.smear_id in simulated}
    shown = {field.field_id for field in contents.fields if field.photograph is not None}
    found: dict[Digest, _Picture] = {}
    for field in contents.fields:
        if field.photograph is not None:
            found.setdefault(
                field.photograph,
                _Picture(id=field.field_id, what="photograph", digest=field.photograph, drawn=field.field_id in drawn),
            )
    for repeat in contents.repeats:  # a figure shows it beside the one that is kept
        if repeat.photograph is not None:
            picture = _Picture(
                id=repeat.field_id, what="photograph", digest=repeat.photograph, drawn=contents.simulated
            )
            found.setdefault(repeat.photograph, picture)
            shown.add(repeat.field_id)
    cells: list[SealedCell | SealedRepeat] = [*contents.cells, *contents.repeats]
    for cell in cells:
        if cell.crop is not None and cell.field_id not in shown:
            found.setdefault(
                cell.crop, _Picture(id=cell.cell_id, what="crop", digest=cell.crop, drawn=cell.field_id in drawn)
            )
    return list(found.values())


def _in_picture(picture: _Picture, content: bytes, reviewed: frozenset[str]) -> Iterator[PrivacyFinding]:
    where = f"{picture.what} {picture.id}"
    for part in private_parts(content, name=where):
        yield PrivacyFinding(
            kind=PrivacyKind.POSITION if part == POSITION else PrivacyKind.METADATA,
            where=where,
            found=part,
            advice="take the photograph in again with `buffycoat ingest`, which strips it",
            id=picture.id,
        )
    if picture.drawn or picture.id in reviewed:
        return
    for box in find_writing(decode_rgb(content, name=where)):
        yield PrivacyFinding(
            kind=PrivacyKind.WRITING,
            where=where,
            found=f"writing at x {box.left} to {box.right}, y {box.top} to {box.bottom}",
            advice="look at it: leave it out, or name its id with --reviewed where it tells of nobody",
            id=picture.id,
            box=box,
        )


def _in_groups(contents: Contents, minimum: int) -> Iterator[PrivacyFinding]:
    groups = small_groups(contents.smears, minimum=minimum)
    if not groups:
        return
    cure = " ".join(f"--withhold {name}" for name in facts_to_withhold(contents.smears, minimum=minimum))
    for group in groups:
        told = ", ".join(f"{name} {fact}" for name, fact in group.facts.items())
        people = f"{group.people} {'person' if group.people == 1 else 'people'}"
        yield PrivacyFinding(
            kind=PrivacyKind.SMALL_GROUP,
            where=f"smears {_some(group.smears)}",
            found=f"{people}, fewer than {minimum}, with {told}",
            advice=f"publish with {cure}",
            id=group.smears[0],
        )


def _in_text(contents: Contents) -> Iterator[PrivacyFinding]:
    for column, place, texts in _columns(contents):
        owners: dict[str, list[str]] = {}
        for owner, text in texts:
            if text and text.strip():
                owners.setdefault(text, []).append(owner)
        for text, ids in owners.items():
            for suspicion, part in suspicions(text, place):
                yield PrivacyFinding(
                    kind=_KINDS.get(suspicion, PrivacyKind.TEXT),
                    where=f"{column} of {_some(ids)}" if ids[0] else column,
                    found=f"{suspicion}: {part[:_QUOTED]!r}",
                    advice=_ADVICE.get(column.split(" ")[0], "write it otherwise"),
                    id=ids[0] or None,
                )


_KINDS: Final = {
    Suspicion.NAME: PrivacyKind.NAME,
    Suspicion.TITLE: PrivacyKind.NAME,
    Suspicion.DATE: PrivacyKind.DATE,
}
_ADVICE: Final = {
    "site": "publish with --withhold site",
    "ethics_reference": "publish with --withhold ethics_reference",
    "expert": "give experts pseudonyms",
    "about": "write it otherwise in the file that --about names",
    "query": "save the query under another name and title",
}


def _columns(contents: Contents) -> Iterator[tuple[str, Place, Iterable[tuple[str, str | None]]]]:
    """Yield the columns of text, each with the ids of what its texts belong to."""
    about, query = contents.about, contents.query
    yield "site", Place.SITE, ((smear.smear_id, smear.site) for smear in contents.smears)
    yield "ethics_reference", Place.STATEMENT, ((smear.smear_id, smear.ethics_reference) for smear in contents.smears)
    for name in ("microscope", "camera", "camera_model"):
        yield name, Place.SETUP, ((field.field_id, getattr(field, name)) for field in contents.fields)
    yield "expert", Place.EXPERT, (("", name) for name in contents.experts)
    for name in ("title", "description"):
        yield f"about {name}", Place.PROSE, [("", getattr(about, name))]
    for name in ("terms_of_use", "ethics"):
        yield f"about {name}", Place.STATEMENT, [("", getattr(about, name))]
    for name in ("id", "title", "round"):
        yield f"query {name}", Place.PROSE, [("", getattr(query, name))]


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:3]) + f" and {len(names) - 3:,} more" * (len(names) > 3)
