"""What a command line says of all photographs at once: the options that `ingest` and `run` share."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from buffycoat.domain.smear import AgeBand, Diagnosis, Sex, Stain
from buffycoat.errors import InvalidMetadata
from buffycoat.workflows.ingest import IngestOptions, Record, measure_micrometer, quarter_turns_of, require_source

__all__ = ["takes_record"]

_OPTIONS: dict[str, tuple[Any, Any]] = {
    "smear": (
        Annotated[str | None, typer.Option(help="Code on the slide, a pseudonym; default: name of the folder.")],
        None,
    ),
    "stain": (Annotated[Stain, typer.Option(help="Stain.")], Stain.UNKNOWN),
    "site": (Annotated[str, typer.Option(help="Laboratory.")], "unknown"),
    "diagnosis": (
        Annotated[Diagnosis, typer.Option(help="What the laboratory says of the film.")],
        Diagnosis.UNKNOWN,
    ),
    "subject": (Annotated[str | None, typer.Option(help="Pseudonym of the person, never a name.")], None),
    "sex": (Annotated[Sex, typer.Option(help="Sex of the person.")], Sex.UNKNOWN),
    "age_band": (Annotated[AgeBand, typer.Option(help="Age of the person, as a band.")], AgeBand.UNKNOWN),
    "ethics": (Annotated[str | None, typer.Option(help="Reference of the ethics approval or consent.")], None),
    "microscope": (Annotated[str, typer.Option(help="Microscope.")], "unknown"),
    "objective": (Annotated[float | None, typer.Option(help="Magnification of the objective, such as 100.")], None),
    "camera": (Annotated[str | None, typer.Option(help="Camera; default: what EXIF says.")], None),
    "um_per_px": (Annotated[float | None, typer.Option(help="Micrometres per pixel.")], None),
    "micrometer": (
        Annotated[Path | None, typer.Option(help="Photograph of a stage micrometer: measures micrometres per pixel.")],
        None,
    ),
    "division_um": (Annotated[float, typer.Option(help="Distance of the stage micrometer's lines, in µm.")], 10.0),
    "turns": (
        Annotated[
            str,
            typer.Option(
                help="How the stored grid is turned: 0 to 3 quarter turns clockwise, or a profile's name. "
                "`buffycoat orient` shows all four. EXIF is not trusted."
            ),
        ],
        "as-stored",
    ),
    "metadata": (
        Annotated[
            Path | None,
            typer.Option(
                help="Table (CSV) with a row a photograph: file, smear, stain, diagnosis, site, subject, sex, "
                "age_band, ethics, microscope, objective, camera, um_per_px, turns."
            ),
        ],
        None,
    ),
    "crops": (
        Annotated[
            bool,
            typer.Option("--crops", help="The pictures are crops without photographs: each is a field of one cell."),
        ],
        False,
    ),
    "max_megapixels": (
        Annotated[float | None, typer.Option(help="Refuse larger pictures before decoding them.")],
        None,
    ),
}


def takes_record(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the shared options; it receives them as ``record``, ``options`` and ``metadata``.

    The command's own ``photographs`` names the smear where nothing else does.
    """
    own = inspect.signature(command, eval_str=True)
    kept = [p for name, p in own.parameters.items() if name not in ("record", "options", "metadata")]
    shared = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
        for name, (annotation, default) in _OPTIONS.items()
    ]

    @functools.wraps(command)
    def wrapped(**given: Any) -> None:
        said = {name: given.pop(name) for name in _OPTIONS}
        require_source(given["photographs"])
        metadata = said["metadata"]
        command(
            **given,
            record=_record(said, given["photographs"]),
            options=IngestOptions(
                crop_only=said["crops"],
                max_megapixels=said["max_megapixels"],
                measured_by_micrometer=said["micrometer"] is not None,
            ),
            metadata=metadata,
        )

    positional = [p for p in kept if p.kind is not inspect.Parameter.KEYWORD_ONLY]
    keywords = [p for p in kept if p.kind is inspect.Parameter.KEYWORD_ONLY]
    wrapped.__signature__ = own.replace(parameters=[*positional, *shared, *keywords])  # type: ignore[attr-defined]  # what Typer reads
    return wrapped


def _name_of(photographs: Path) -> str:
    """Return what a smear is called where nothing else says it; a dot in the name of a folder is part of it."""
    return photographs.stem if photographs.is_file() else photographs.name


def _record(said: dict[str, Any], photographs: Path) -> Record:
    scale = said["um_per_px"]
    if said["micrometer"] is not None:
        if scale is not None:
            raise InvalidMetadata("the scale is given twice", expected="--um-per-px or --micrometer", found="both")
        scale = measure_micrometer(said["micrometer"], division_um=said["division_um"])
    return Record(
        smear=said["smear"] or _name_of(photographs.resolve()),
        stain=said["stain"],
        diagnosis=said["diagnosis"],
        site=said["site"],
        subject=said["subject"],
        sex=said["sex"],
        age_band=said["age_band"],
        ethics_reference=said["ethics"],
        microscope=said["microscope"],
        objective_magnification=said["objective"],
        camera=said["camera"],
        micrometres_per_pixel=scale,
        quarter_turns=quarter_turns_of(said["turns"]),
    )
