"""The two set-ups of the built-in smears: what each camera makes of the same inks."""

from __future__ import annotations

from types import MappingProxyType

from buffycoat.samples.camera import Camera
from buffycoat.samples.ink import Ink

__all__ = ["SETUP_A", "SETUP_B"]

SETUP_A = Camera(
    microscope="Drawn microscope A",
    camera="Drawn phone A",
    width=1024,
    height=768,
    micrometres_per_pixel=0.125,
    palette=MappingProxyType(
        {
            Ink.HEMOGLOBIN: (0.38, 0.54, 0.27),
            Ink.CHROMATIN: (0.42, 1.55, 0.34),
            Ink.DENSE: (0.55, 0.65, 0.10),
            Ink.PINK: (0.09, 0.21, 0.08),
            Ink.BLUE: (0.14, 0.16, 0.02),
            Ink.ORANGE: (0.28, 0.64, 0.44),
            Ink.VIOLET: (0.56, 1.60, 0.38),
        }
    ),
    white=(226, 192, 176),
    vignette=0.12,
    cast=(0.015, 0.0, -0.025),
    softness=0.55,
    focus_spread=0.7,
    sharpening=0.5,
    noise=1.5,
    fringe=0.0,
    dust=0,
)
SETUP_B = Camera(
    microscope="Drawn microscope B",
    camera="Drawn ocular camera B",
    width=896,
    height=896,
    micrometres_per_pixel=0.145,
    palette=MappingProxyType(
        {
            Ink.HEMOGLOBIN: (0.15, 0.35, 0.36),
            Ink.CHROMATIN: (0.50, 1.06, 0.13),
            Ink.DENSE: (0.50, 0.60, 0.13),
            Ink.PINK: (0.07, 0.18, 0.04),
            Ink.BLUE: (0.16, 0.15, 0.03),
            Ink.ORANGE: (0.13, 0.50, 0.52),
            Ink.VIOLET: (0.58, 1.18, 0.20),
        }
    ),
    white=(205, 206, 192),
    vignette=0.2,
    cast=(-0.02, 0.0, 0.02),
    softness=0.85,
    focus_spread=0.9,
    sharpening=0.0,
    noise=2.4,
    fringe=0.0009,
    dust=4,
)
