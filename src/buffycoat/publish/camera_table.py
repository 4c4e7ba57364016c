"""The cameras of a release: the paper's Table 5."""

from __future__ import annotations

from collections import Counter

from buffycoat.domain.value import value
from buffycoat.formats.table import PrintedTable
from buffycoat.publish.counted import standing_notes
from buffycoat.publish.sealed import Contents, SealedField

__all__ = ["camera_table"]


@value
class _Camera:
    camera: str
    model: str | None
    frame: tuple[int, int] | None
    aperture: str | None
    microscope: str
    objective: float | None


def camera_table(contents: Contents, /, *, title: str) -> PrintedTable:
    """Say what took the photographs: Table 5 of Kouzehkanan et al. 2022, from what each camera wrote of itself.

    A row for every camera, frame, aperture, microscope and objective that occurs together. Of a crop that came without
    its photograph the frame is not known. Empty means not known.

    Parameters
    ----------
    contents : Contents
        The sealed list.
    title : str
        Printed over the table.
    """
    photographs = Counter(_camera(field) for field in contents.fields if not field.crop_only)
    crops = Counter(_camera(field) for field in contents.fields if field.crop_only)
    found = sorted({*photographs, *crops}, key=lambda one: (-photographs[one], -crops[one], repr(one)))
    notes = ["Frame as the boxes use it, width before height; model and aperture as the camera wrote them."]
    return PrintedTable(
        title=title,
        columns=(
            "camera",
            "model as the camera wrote it",
            "frame (px)",
            "megapixels",
            "aperture",
            "microscope",
            "objective",
            "photographs",
            "crops without a photograph",
        ),
        rows=tuple(
            (
                one.camera,
                one.model,
                f"{one.frame[0]} × {one.frame[1]}" if one.frame else None,
                one.frame[0] * one.frame[1] / 1e6 if one.frame else None,
                one.aperture,
                one.microscope,
                f"{one.objective:g}x" if one.objective is not None else None,
                photographs[one],
                crops[one],
            )
            for one in found
        ),
        notes=(*notes, *standing_notes(contents)),
        decimals=(None, None, None, 1, None, None, None, None, None),
    )


def _camera(field: SealedField) -> _Camera:
    known = field.width_px is not None and field.height_px is not None and not field.crop_only
    return _Camera(
        camera=field.camera,
        model=field.camera_model,
        frame=(field.width_px or 0, field.height_px or 0) if known else None,
        aperture=field.aperture,
        microscope=field.microscope,
        objective=field.objective_magnification,
    )
