"""What every feature is: its formula, its unit and where it is from."""

from __future__ import annotations

from buffycoat.domain.value import value
from buffycoat.segment.features.extended import COARSE, EXTENDED_NAMES, FINE, REDDISH_DEG
from buffycoat.segment.features.lobes import NECK
from buffycoat.segment.features.paper import CHANNELS, FEATURE_NAMES

__all__ = ["FEATURES", "Feature"]

TAVAKOLI = "Tavakoli et al. 2021"
OURS = "ours"


@value
class Feature:
    """A feature: its name, the formula that gives it, its unit (1 for a ratio), and who proposed it.

    In formulas ``N`` is the nucleus, ``H`` its convex hull, ``R`` the hull without the nucleus, ``W`` the whole cell,
    ``C`` the cytoplasm; ``A`` is an area and ``P`` a perimeter in pixels, ``c`` a channel of the balanced crop, ``D``
    an optical density ``log10((glass + 1) / (level + 1))`` by channel, ``E`` that of the field's red cells, ``G(s)``
    a Gaussian of standard deviation ``s``.
    """

    name: str
    formula: str
    unit: str
    source: str


_SPACES = {"rgb": "RGB", "hsv": "HSV", "lab": "CIE L*a*b*", "ycrcb": "YCrCb"}


def _of_color(name: str) -> Feature:
    space, channel, part, number = name.split(".")
    region = "N" if part == "nucleus" else "R"
    where = f"c = {channel.upper()} of {_SPACES[space]}, 8 bits"
    return Feature(name=name, formula=f"{number}_{region}(c) / {number}_H(c), {where}", unit="1", source=TAVAKOLI)


_SHAPES = {
    "circularity": "P_N^2 / (4 pi A_N)",
    "convexity": "P_H / P_N",
    "solidity": "A_N / A_H, A_H of the polygon through pixel centers",
}

_BAND = f"G({FINE} d) - G({COARSE} d), d = 2 sqrt(A_W / pi)"
_EXTENDED = {
    "lobes": (f"summits of the distance to the edge of N that are left by {NECK} of the greatest distance", "count"),
    "nc_ratio": ("A_N / A_W", "1"),
    "nucleus.elongation": ("sqrt(1 - l2 / l1), l1 >= l2 eigenvalues of the covariance of N's pixels", "1"),
    "nucleus.offset": ("distance of the centroids of N and W / sqrt(A_W / pi)", "1"),
    "cell.circularity": ("P_W^2 / (4 pi A_W)", "1"),
    "cell.size": ("2 sqrt(A_W / pi) / width of a red cell", "1"),
    "nucleus.density": ("mean_N(D) / mean(E), over pixels and channels", "1"),
    "cytoplasm.density": ("mean_C(D) / mean(E), over pixels and channels", "1"),
    "nucleus.hue": ("h(mean_N(D)) - h(E), h(r, g, b) = atan2(sqrt(3) (g - b), 2 r - g - b), -180 to 180", "degree"),
    "cytoplasm.hue": ("h(mean_C(D)) - h(E), h as for the nucleus", "degree"),
    "nucleus.purity": ("|m - gray(m)| / |m|, m = mean_N(D), gray(m) its mean over channels", "1"),
    "cytoplasm.purity": ("|m - gray(m)| / |m|, m = mean_C(D), gray(m) its mean over channels", "1"),
    "nucleus.granularity": (f"std_N of gray(D) between {_BAND}, blurred inside N / mean(E)", "1"),
    "cytoplasm.granularity": (f"std_C of gray(D) between {_BAND}, blurred inside C / mean(E)", "1"),
    "cytoplasm.reddish": (f"share of C where |h(D) - h(E)| <= {REDDISH_DEG:g} degrees", "1"),
    "cytoplasm.dark": ("share of C where gray(D) >= mean_N(gray(D))", "1"),
}

FEATURES: tuple[Feature, ...] = (
    *(_of_color(name) for name in FEATURE_NAMES[: 4 * len(CHANNELS)]),
    *(Feature(name=name, formula=_SHAPES[name], unit="1", source=TAVAKOLI) for name in FEATURE_NAMES[-3:]),
    *(Feature(name=name, formula=_EXTENDED[name][0], unit=_EXTENDED[name][1], source=OURS) for name in EXTENDED_NAMES),
)
"""All features in order: the 51 of :func:`~buffycoat.segment.features.paper.features_of`, then the extended ones."""
