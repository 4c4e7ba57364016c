"""A folder of crops to groups by the paper's rule: from the bytes of files, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from buffycoat.clean.groups import connected
from buffycoat.clean.pair_index import spanning_pairs
from buffycoat.clean.parameters import CleanParameters
from buffycoat.imaging.file_hashes import FileHashes, hash_files

__all__ = ["group_files"]

_Groups = tuple[tuple[int, ...], ...]
_MARGIN: Final = 2
"""Bits by which the fast mode may mistake the distance of two pictures: nearly always at most 2 on real crops."""


def group_files(
    files: Sequence[Callable[[], bytes]],
    *,
    names: Sequence[str] = (),
    parameters: CleanParameters | None = None,
    fast: bool = True,
    threads: int = 1,
) -> tuple[tuple[int, ...], ...]:
    """Return which picture files show the same cell by the paper's rule: both perceptual hashes are near.

    For looking through a folder before anything is imported. A file is read, hashed and forgotten; 16 bytes of each
    stay. What the paper's rule misses, `buffycoat.clean.find_repeats` finds by its default method.

    Parameters
    ----------
    files : sequence of callable
        For each file what reads it, such as ``path.read_bytes``. A few are read twice in the fast mode.
    names : sequence of str, optional
        What to call the files in an error.
    parameters : CleanParameters, optional
        ``average_bits`` and ``perceptual_bits``; the others do not matter.
    fast : bool
        Decode JPEG files only as far as the hashes need it, see `buffycoat.imaging.file_hashes.hash_files`, and where a
        group then hangs on two bits more or less, decode its files wholly. On real crops the groups are those of the
        exact mode, which are those of `buffycoat.clean.group_duplicates` with ``method="paper"``; that is measured, not
        proven.
    threads : int
        How many files are decoded at once.

    Returns
    -------
    tuple of tuple of int
        Groups of two or more places in ``files``, each in increasing order, groups by their first member.

    Raises
    ------
    UnreadableImage, UnsupportedImage, ImageTooLarge
        A file that is no picture, damaged, of a format that is not read, or above 200 megapixels.
    InputError
        If a threshold is out of range.

    Examples
    --------
    >>> from functools import partial
    >>> from buffycoat.imaging.codecs import encode_jpeg
    >>> ramp = np.repeat(np.arange(0, 256, 2, dtype=np.uint8), 128 * 3).reshape(128, 128, 3)
    >>> group_files([partial(encode_jpeg, each) for each in (ramp, ramp[::-1], ramp)])
    ((0, 2),)
    """
    chosen = parameters or CleanParameters()
    hashes = hash_files((read() for read in files), names=names, fast=fast, threads=threads)
    groups = _groups(hashes, chosen)
    if fast:
        sure = set(_groups(hashes, chosen, margin=-_MARGIN))
        possible = _groups(hashes, chosen, margin=_MARGIN)
        doubtful = sorted(member for group in possible if group not in sure for member in group)
        if doubtful:
            called = [names[member] if member < len(names) else f"picture {member + 1}" for member in doubtful]
            again = hash_files((files[member]() for member in doubtful), names=called, threads=threads)
            hashes.average[doubtful], hashes.perceptual[doubtful] = again
            groups = _groups(hashes, chosen)
    return groups


def _groups(hashes: FileHashes, chosen: CleanParameters, *, margin: int = 0) -> _Groups:
    """Return the groups when both hashes may differ by so many bits more."""
    # Out of range thresholds are for the search to refuse; the margin alone never makes one so.
    average, perceptual = (
        int(np.clip(bits + margin, min(bits, 0), max(bits, 65)))
        for bits in (chosen.average_bits, chosen.perceptual_bits)
    )
    pairs = spanning_pairs(*hashes, average_bits=average, perceptual_bits=perceptual)
    return connected(len(hashes.average), ((i, j) for i, j in pairs.tolist()))
