"""Files of a site that are made from those of its release: small pictures, outlines of masks, archives."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np

from buffycoat.formats.masks import read_mask_png
from buffycoat.imaging.arrays import RgbImage
from buffycoat.imaging.codecs import encode_jpeg, read_rgb
from buffycoat.imaging.regions import decode_run_lengths

__all__ = ["list_downloads", "mask_outlines", "small_picture"]

_SIDE: Final = 176
"""Pixels of a small picture: one of 8.5 rem on a screen of usual density, and sharp enough on a dense one."""
_STORED: Final = frozenset({".png", ".jpg", ".jpeg", ".parquet", ".tar"})
"""What gets no smaller by packing."""
_LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)
_BLOCK: Final = 1 << 20
_MAIN: Final = 1
"""Files that lie directly in the release are listed one by one; the others are in the archives and in the manifest."""


def small_picture(path: Path, /) -> bytes:
    """Return a crop as a JPEG whose longer side is 176 pixels; no color of it is changed but by scaling."""
    image = read_rgb(path)
    scale = _SIDE / max(image.shape[:2])
    if scale < 1:
        height, width = (max(1, round(side * scale)) for side in image.shape[:2])
        image = _scaled(image, width, height)
    return encode_jpeg(image, quality=88)


def _scaled(image: RgbImage, width: int, height: int) -> RgbImage:
    return np.asarray(cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def mask_outlines(path: Path, /, *, name: str) -> dict[str, Any]:
    """Return width, height and outline of a mask, as the path of a drawing in its own pixels, holes included.

    The line runs through the centers of the outermost pixels of the mask.
    """
    lengths, height, width = read_mask_png(path.read_bytes(), name=name)
    mask = decode_run_lengths(lengths, height, width).astype(np.uint8)
    contours, _ = cv2.findContours(mask, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    lines = ["M" + "L".join(f"{x},{y}" for x, y in np.asarray(contour)[:, 0, :].tolist()) + "Z" for contour in contours]
    return {"width": width, "height": height, "path": "".join(lines)}


def list_downloads(site: Path, manifest: Mapping[str, Any], /, *, archives: bool) -> dict[str, Any]:
    """Pack archives of the release that lies in a site, and return what there is to take, with sizes and digests.

    Parameters
    ----------
    site : Path
        The folder of the site; the release lies in ``release``, archives are written into ``downloads``.
    manifest : mapping
        Of the release.
    archives : bool
        Pack them; else only the files themselves are told.
    """
    files = manifest["files"]
    paths = [file["path"] for file in files]
    packs: list[dict[str, Any]] = []
    if archives:
        pixels = [path for path in paths if path.startswith(("crops/", "masks/"))]
        words = [path for path in paths if not path.startswith(_PIXELS)]
        chosen = {"all": paths, "crops": ["labels.csv", "LICENSE.txt", *pixels] if pixels else [], "labels": words}
        for kind, names in chosen.items():
            if names:
                packs.append(_pack(site, str(manifest["version"]), kind, [*names, "manifest.json"]))
    groups: dict[str, list[int]] = {}
    for file in files:
        folder = file["path"].partition("/")[0] if "/" in file["path"] else ""
        count, size = groups.get(folder, (0, 0))
        groups[folder] = [count + 1, size + file["bytes"]]
    return {
        "packs": packs,
        "files": [file for file in files if file["path"].count("/") < _MAIN],
        "groups": [{"folder": name, "files": n, "bytes": size} for name, (n, size) in sorted(groups.items()) if name],
    }


_PIXELS: Final = ("crops/", "masks/", "images/", "webdataset/", "figures/", "data/")


def _pack(site: Path, version: str, kind: str, names: Sequence[str]) -> dict[str, Any]:
    """Write one archive, the same bytes for the same release."""
    path = f"downloads/{kind}-{version}.zip"
    (site / "downloads").mkdir(exist_ok=True)
    with zipfile.ZipFile(site / path, "w") as archive:
        for name in sorted(names):
            entry = zipfile.ZipInfo(f"{version}/{name}", _LONG_AGO)
            packed = Path(name).suffix not in _STORED
            entry.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, (site / "release" / name).read_bytes())
    digest = hashlib.sha256()
    with (site / path).open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    size = (site / path).stat().st_size
    return {"kind": kind, "path": path, "files": len(names), "bytes": size, "sha256": digest.hexdigest()}
