"""The page that a release brings along: what it is, how it was made, and what it must not be used for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from buffycoat.domain.label import Standing
from buffycoat.domain.query import Query
from buffycoat.formats.table import PrintedTable
from buffycoat.publish.counted import in_words, setup_name, standing_notes
from buffycoat.publish.limits import limits
from buffycoat.publish.prose import line, paragraphs
from buffycoat.publish.sealed import Contents

__all__ = ["NO_MEDICAL_DEVICE", "datasheet"]

NO_MEDICAL_DEVICE: Final = (
    "This is no medical device. It is for research and teaching; nothing in it may be used to diagnose or to treat."
)
_PURPOSE: Final = (
    "Photographs of stained blood films in which the cells are boxed and read by experts: to develop and to compare "
    "methods that find, classify and outline blood cells."
)
_UNKNOWN: Final = "Not stated."
_FORMATS: Final[Mapping[str, str]] = {
    "raabin": 'Raabin JSON, a file for each photograph: `json.load(open("FILE.json"))["Cell_0"]["Label1"]`',
    "crops": 'crops in folders by split and class: `torchvision.datasets.ImageFolder("FOLDER/train")`',
    "coco": 'COCO JSON: `pycocotools.coco.COCO("FILE.json")`',
    "yolo": 'YOLO text: `supervision.DetectionDataset.from_yolo("IMAGES", "LABELS", "data.yaml")`',
    "voc": 'Pascal VOC XML: `supervision.DetectionDataset.from_pascal_voc("IMAGES", "ANNOTATIONS")`',
    "csv": 'CSV tables: `pandas.read_csv("FILE.csv")`',
    "parquet": 'Parquet tables: `pandas.read_parquet("FILE.parquet")`',
    "webdataset": 'WebDataset shards: `webdataset.WebDataset("FILE.tar", shardshuffle=False)`',
    "croissant": 'Croissant description: `mlcroissant.Dataset("croissant.json")`',
    "huggingface": 'Hugging Face layout: `datasets.load_dataset("FOLDER")`',
}


def datasheet(
    contents: Contents, /, *, agreement: Sequence[str], warnings: Sequence[str], tables: Mapping[str, PrintedTable]
) -> str:
    """Return the datasheet of a release as Markdown, without front matter.

    The questions are those of Gebru et al. 2021, Datasheets for Datasets (Communications of the ACM 64): motivation,
    composition, collection, preprocessing, labeling, uses, distribution and maintenance; then limits. All is taken from
    the sealed list, so the same release always has the same page.

    Parameters
    ----------
    contents : Contents
        The sealed list.
    agreement : sequence of str
        How far the experts agree, a sentence each.
    warnings : sequence of str
        What is confounded, such as a class that comes from one smear, a line each.
    tables : mapping
        Printed tables by ``"table-3"`` to ``"table-7"``; each is set where it belongs, and left out where it is not
        given.

    Returns
    -------
    str
        Markdown that ends with a line break. What people typed is escaped.
    """
    about = contents.about
    title = line(about.title) or "Release of blood cells"
    parts = [f"# {title}, version {line(contents.version)}"]
    parts += [f"> **{line(note)}**" for note in standing_notes(contents)]
    parts.append(f"> **{NO_MEDICAL_DEVICE}**")
    for heading, section in (
        ("Motivation", _motivation(contents)),
        ("Composition", [*_composition(contents), *_table(tables, "table-3"), *_people(contents)]),
        ("Collection", [*_collection(contents), *_table(tables, "table-5")]),
        ("Preprocessing and cleaning", _cleaning(contents)),
        ("Labeling", [*_labeling(contents, agreement), *_table(tables, "table-4")]),
        ("Splits", [*_splits(contents), *_table(tables, "table-7")]),
        ("Uses", [*_uses(contents), *_table(tables, "table-6")]),
        ("Distribution", _distribution(contents)),
        ("Maintenance", _maintenance(contents)),
        ("Limits", [_items([*warnings, *limits(contents)], none="None were found.")]),
    ):
        parts += [f"## {heading}", *section]
    return "\n\n".join(parts) + "\n"


def _answer(question: str, text: str) -> str:
    """Return a question of the datasheet with its answer, which may be several paragraphs."""
    return f"**{question}** " + "\n\n".join(paragraphs(text) or [_UNKNOWN])


def _items(lines: Iterable[str], *, none: str) -> str:
    return "\n".join(f"- {line(text)}" for text in lines) or none


def _table(tables: Mapping[str, PrintedTable], key: str) -> list[str]:
    return [tables[key].to_markdown().rstrip("\n")] if key in tables else []


def _tally(found: Iterable[str]) -> str:
    """Return counts by name, the most frequent first."""
    counts = Counter(found)
    return ", ".join(f"{name} {counts[name]:,}" for name in sorted(counts, key=lambda name: (-counts[name], name)))


def _motivation(contents: Contents) -> list[str]:
    about = contents.about
    return [
        _answer("For what was it made?", about.description or _PURPOSE),
        _answer("Who made it?", "; ".join(about.contributors)),
    ]


def _composition(contents: Contents) -> list[str]:
    photographs = sum(not field.crop_only for field in contents.fields)
    crops = len(contents.fields) - photographs
    labeled = sum(cell.label is not None for cell in contents.cells)
    masked = sum(bool(cell.masks) for cell in contents.cells)
    held = (
        f"{in_words(len(contents.cells), 'cell', 'cells')}, each a box in "
        + in_words(photographs, "photograph", "photographs")
        + (f" or one of {in_words(crops, 'crop', 'crops')} that came without a photograph" if crops else "")
        + f", from {in_words(len(contents.smears), 'smear', 'smears')}."
        + f" {labeled:,} have a class at level {contents.level} of {contents.taxonomy}: {', '.join(contents.classes)}."
        + f" {len(contents.cells) - labeled:,} lie in the same photographs, with their labels, and have no class."
        + f" {masked:,} have masks."
    )
    return [
        _answer("What does it hold?", held),
        _answer("Which cells have a class?", _asked(contents.query)),
    ]


def _asked(query: Query) -> str:
    """Return in words what the query of the release asks for."""
    parts = [f"Those of the query {query.id}" + (f" ({query.title})" if query.title else "")]
    if query.standing:
        parts.append(f"standing between the experts: {' or '.join(query.standing)}")
    if query.terms:
        parts.append(f"terms: {', '.join(query.terms)}")
    if query.smears:
        parts.append(f"from {in_words(len(query.smears), 'chosen smear', 'chosen smears')}")
    if query.setups:
        parts.append(f"set-ups: {', '.join(query.setups)}")
    if query.round is not None:
        parts.append(f"labels of the round {query.round}")
    for asked, yes, no in (
        (query.kept, "repeats left out", "repeats only"),
        (query.with_masks, "with masks", "without masks"),
        (query.with_pixels, "with pixels", "without pixels"),
    ):
        if asked is not None:
            parts.append(yes if asked else no)
    return "; ".join(parts) + "."


def _people(contents: Contents) -> list[str]:
    known = {smear.person for smear in contents.smears if smear.person is not None}
    unknown = sum(smear.person is None for smear in contents.smears)
    people = (
        f"{in_words(len(known), 'person is', 'people are')} told apart by number; "
        f"the person is not known for {in_words(unknown, 'smear', 'smears')}. By smears: "
        f"sex: {_tally(smear.sex for smear in contents.smears)}; "
        f"age: {_tally(smear.age_band for smear in contents.smears)}; "
        f"diagnosis of the laboratory: {_tally(smear.diagnosis for smear in contents.smears)}."
    )
    privacy = "No name, no code of a smear, no date and no exact age is in this release."
    if contents.withheld:
        privacy += " Withheld besides:"
    return [
        _answer("Whose blood is it?", people),
        _answer("Can a person be recognized?", privacy)
        + ("\n\n" + _items(contents.withheld, none="") if contents.withheld else ""),
    ]


def _collection(contents: Contents) -> list[str]:
    scales: dict[str, set[str]] = {}
    for field in contents.fields:
        scale = field.micrometres_per_pixel
        told = "scale unknown" if scale is None else f"{scale:.4g} micrometers per pixel"
        scales.setdefault(setup_name(field), set()).add(told)
    setups = "; ".join(f"{setup}: {', '.join(sorted(found))}" for setup, found in sorted(scales.items()))
    references = sorted({smear.ethics_reference for smear in contents.smears if smear.ethics_reference})
    ethics = contents.about.ethics + (f"\n\nReferences: {', '.join(references)}." if references else "")
    return [
        _answer(
            "Where and how was it collected?",
            f"Photographs of stained blood films through a microscope. By smears: "
            f"sites: {_tally(smear.site for smear in contents.smears)}; "
            f"stains: {_tally(smear.stain for smear in contents.smears)}.",
        ),
        _answer("With which set-ups?", f"{setups}." if setups else ""),
        _answer("Was it approved?", ethics),
    ]


def _cleaning(contents: Contents) -> list[str]:
    left_out = ["No cell was taken out by the rule of the split."]
    if removed := len(contents.plan.removed):
        left_out = [f"{in_words(removed, 'cell was', 'cells were')} taken out by the rule of the split."]
    if repeats := len(contents.repeats):
        left_out.append(
            f"{in_words(repeats, 'repeat was', 'repeats were')} left out: of the pictures that show one physical cell "
            "the sharpest was kept, which is the one with the highest mean gray gradient."
        )
    else:
        left_out.append("No repeat of a cell was left out.")
    return [
        _answer("What was left out?", " ".join(left_out)),
        _answer(
            "What was changed?",
            "The cameras' metadata was taken out of the pictures; model and aperture are told in a table. "
            "A cell is named by an id, and so is the photograph that it lies in.",
        ),
    ]


def _labeling(contents: Contents, agreement: Sequence[str]) -> list[str]:
    standings = Counter(cell.standing for cell in contents.cells)
    # What was only sorted in the gallery has no class in a release: it is told of where there is any.
    told = (standing for standing in Standing if standing is not Standing.SORTED or standings[standing])
    said = ", ".join(f"{standing.value} {standings[standing]:,}" for standing in told)
    masks = Counter((mask.part.value, mask.method) for cell in contents.cells for mask in cell.masks)
    made = "; ".join(f"{part}, by {method}: {count:,}" for (part, method), count in sorted(masks.items()))
    experts = f"{in_words(len(contents.experts), 'expert', 'experts')}: {', '.join(contents.experts)}."
    return [
        _answer("Who labeled?", f"{experts} Cells by standing: {said}."),
        "**How far do the experts agree?**\n\n" + _items(agreement, none=_UNKNOWN),
        _answer("How were masks made?", f"{made}." if made else "There are none."),
    ]


def _splits(contents: Contents) -> list[str]:
    plan = contents.plan
    unit = "whole smears go to one side" if plan.unit == "smear" else f"{plan.unit} by {plan.unit}"
    rule = f"{plan.rule.rstrip('.')} (seed {plan.seed}; {unit})."
    leaks = standing_notes(contents)[-1] if any(contents.leaks.values()) else "No leak was found between the sides."
    return [_answer("How was it split?", rule), _answer("Does the split leak?", leaks)]


def _uses(contents: Contents) -> list[str]:
    return [
        _answer("What is it for?", "Finding, classifying and outlining blood cells, and measuring how experts agree."),
        _answer("What is it not for?", NO_MEDICAL_DEVICE + " Nobody may try to find out whose blood it is."),
        _answer("Under which terms?", contents.about.terms_of_use or "Those of the license."),
    ]


def _distribution(contents: Contents) -> list[str]:
    about = contents.about
    formats = [f"- {_FORMATS.get(name, f'{line(name)}: see the files of that name')}" for name in contents.formats]
    formats.append('- all of it, in Python: `buffycoat.open_release("FOLDER")`')
    return [
        _answer("License", f"{about.license or 'None: the terms of use hold'}."),
        _answer("Cite as", about.citation),
        "**Formats, and how each is opened**\n\n" + "\n".join(formats),
        "`manifest.json` names every file with its SHA-256; `buffycoat verify` checks them.",
    ]


def _maintenance(contents: Contents) -> list[str]:
    return [
        _answer("Who answers for it?", contents.about.contact or "; ".join(contents.about.contributors)),
        _answer(
            "Will it change?",
            f"A sealed release never changes: this is version {contents.version}, and what is put right comes as "
            "another version. The digest of its manifest names it; quote both.",
        ),
    ]
