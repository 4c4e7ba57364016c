"""The built-in smears: five of them, through two set-ups, and single fields for examples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from buffycoat.domain.smear import Stain
from buffycoat.errors import NotFound
from buffycoat.samples.camera import Shot, photograph
from buffycoat.samples.film import Inks, draw_stretch, look_at
from buffycoat.samples.ink import vary
from buffycoat.samples.layout import Site, lay_out, overlapping_site, single_site
from buffycoat.samples.plans import MAIN, PLANS, Plan
from buffycoat.samples.sample import SampleCell, SampleField, SampleSmear

__all__ = ["FIELD_NAMES", "draw_field", "draw_smears", "field"]

FIELD_NAMES = tuple(f"giemsa-{number:02d}" for number in range(1, len(PLANS) + 1))
"""The single fields: one drawn like each of the five smears."""
_FILM_TO_FILM = 0.08
"""How much the staining varies from film to film."""


def draw_smears(seed: int = 0) -> tuple[SampleSmear, ...]:
    """Draw the built-in set: five smears, three through set-up A and two through set-up B.

    Each smear is photographed eight or ten times. Some places are photographed twice, overlapping, with another focus,
    exposure and noise: cells that are in both have one ``physical_id``. One photograph of one smear shows no cell that
    another does not show too. The same seed gives the same bytes with the same versions of numpy and OpenCV.

    Parameters
    ----------
    seed : int, optional
        Any number from 0.

    Returns
    -------
    tuple of SampleSmear
        At least 30 distinct whole cells of each of the five classes in set-up A and 14 in set-up B, and some of every
        other term that can be drawn.

    Examples
    --------
    >>> [(smear.code, len(smear.fields)) for smear in draw_smears(seed=1)]
    [('DRAWN-A1', 10), ('DRAWN-A2', 10), ('DRAWN-A3', 10), ('DRAWN-B1', 8), ('DRAWN-B2', 8)]
    """
    sequences = np.random.SeedSequence(seed).spawn(len(PLANS))
    return tuple(_draw_smear(plan, sequence) for plan, sequence in zip(PLANS, sequences, strict=True))


def draw_field(name: str = "giemsa-01") -> SampleField:
    """Draw one field with known truth: a cell of each main term, in fresh surroundings.

    Parameters
    ----------
    name : str, optional
        One of ``FIELD_NAMES``; the first three are of set-up A, the others of set-up B.

    Raises
    ------
    NotFound
        If there is no such field.

    Examples
    --------
    >>> sample = draw_field("giemsa-02")
    >>> sample.image.shape, sorted(cell.truth for cell in sample.cells)[0]
    ((768, 1024, 3), 'basophil')
    """
    if name not in FIELD_NAMES:
        raise NotFound("there is no such drawn field", expected=" or ".join(FIELD_NAMES), found=repr(name))
    number = FIELD_NAMES.index(name)
    plan = PLANS[number]
    rng = np.random.default_rng(np.random.SeedSequence([2022, number]))
    inks = vary(plan.camera.palette, rng, _FILM_TO_FILM)
    site = single_site(plan.camera.width, plan.camera.height)
    return _draw_site(rng, plan, inks, site, MAIN, (name,))[0]


def field(name: str = "giemsa-01") -> NDArray[np.uint8]:
    """Return one drawn photograph of a blood smear, for examples and first tries.

    Parameters
    ----------
    name : str, optional
        One of ``FIELD_NAMES``.

    Returns
    -------
    ndarray of uint8, shape (height, width, 3)
        RGB; about 60 pixels to a red cell.

    Raises
    ------
    NotFound
        If there is no such field.

    Examples
    --------
    >>> field("giemsa-01").shape
    (768, 1024, 3)
    """
    return draw_field(name).image


def _draw_smear(plan: Plan, sequence: np.random.SeedSequence) -> SampleSmear:
    """Draw one smear and photograph it."""
    rng = np.random.default_rng(sequence)
    camera = plan.camera
    inks = vary(camera.palette, rng, _FILM_TO_FILM)
    frame = (camera.width, camera.height)
    sites = [
        *(single_site(*frame) for _ in range(plan.single)),
        *(overlapping_site(rng, *frame, shared=0.55) for _ in range(plan.pairs)),
        *(overlapping_site(rng, *frame, shared=0.62, covered=True) for _ in range(plan.covered)),
    ]
    fields: list[SampleField] = []
    covered: list[str] = []
    for site, terms, child in zip(sites, _deal(rng, plan.cells, sites), sequence.spawn(len(sites)), strict=True):
        names = tuple(f"{plan.code}_{len(fields) + k + 1:02d}" for k in range(len(site.windows)))
        fields += _draw_site(np.random.default_rng(child), plan, inks, site, terms, names)
        if site.covered:
            covered.append(names[-1])
    return SampleSmear(
        code=plan.code,
        stain=Stain.GIEMSA,
        site="drawn by buffycoat",
        diagnosis=plan.diagnosis,
        subject=plan.subject,
        microscope=camera.microscope,
        camera=camera.camera,
        objective_magnification=100.0,
        micrometres_per_pixel=camera.micrometres_per_pixel,
        fields=tuple(fields),
        covered=tuple(covered),
    )


def _deal(rng: np.random.Generator, cells: Mapping[str, int], sites: Sequence[Site]) -> list[list[str]]:
    """Share the cells of a smear among its sites by their area, main terms first: those are the ones repeated."""
    deck = rng.permutation([term for term, count in cells.items() for _ in range(count)]).tolist()
    shares = np.cumsum([1.0 if len(site.windows) == 1 else 1.35 if site.covered else 1.55 for site in sites])
    ends = np.rint(shares / shares[-1] * len(deck)).astype(int).tolist()
    hands = [deck[start:end] for start, end in zip([0, *ends[:-1]], ends, strict=True)]
    return [sorted(hand, key=lambda term: term not in MAIN) for hand in hands]


def _draw_site(
    rng: np.random.Generator, plan: Plan, inks: Inks, site: Site, terms: Sequence[str], names: Sequence[str]
) -> list[SampleField]:
    """Draw a stretch of smear and take its photographs."""
    camera = plan.camera
    edge = rng.choice(MAIN, size=int(rng.random() < 0.4)).tolist()
    places = lay_out(rng, site, terms, edge, camera.scale)
    stretch = draw_stretch(rng, plan.film, inks, camera.scale, (site.width, site.height), places)
    fields = []
    for name, window in zip(names, site.windows, strict=True):
        part = stretch.absorbance[window.top : window.bottom, window.left : window.right]
        image = photograph(part, camera, Shot.draw(rng, camera), rng)
        views = ((number, drawn, look_at(drawn, window)) for number, drawn in enumerate(stretch.elements, start=1))
        cells = tuple(
            SampleCell(
                truth=drawn.place.term,
                physical_id=f"{names[0]}.{number:02d}",
                extent=view.extent,
                nucleus=view.nucleus,
                cut=view.cut,
            )
            for number, drawn, view in views
            if view is not None
        )
        fields.append(SampleField(name=name, image=image, cells=cells))
    return fields
