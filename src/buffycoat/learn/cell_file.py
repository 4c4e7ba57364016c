"""A trained classifier of cells from its file: what it takes, what it says, and when it does not know."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from buffycoat.domain.value import digest_of, value
from buffycoat.errors import InputError, UnreadableFormat
from buffycoat.imaging.cell_alignment import CellView, shown_picture
from buffycoat.learn.cell_size import SizePrior, with_size

__all__ = ["KIND", "CellClassifier", "CellFacts", "facts_for_file", "is_cell_file"]

KIND: Final = "buffycoat cell classifier 1"
LARGEST_BYTES: Final = 100_000_000

_BATCH: Final = 32
_QUIET: Final = 3

FloatArray = NDArray[np.float32]


@value
class CellFacts:
    """How a classifier is to be used.

    Parameters
    ----------
    name : str
        Of the file, for people.
    classes : tuple of str
        In the order of its answers; the last is what is no white cell.
    temperature : float
        What its numbers are divided by, so that it is right as often as it says.
    least_sure : float
        Below this probability the honest answer is that one does not know.
    unseen : float
        What it says, before the softmax, for "no white cell" where no cell is seen in the crop.
    size : SizePrior
        How large cells of each class are.
    size_weight : float
        How much that counts.
    mask_views : int
        In how many mirror images the segment room draws a cell that is asked.
    """

    name: str
    classes: tuple[str, ...]
    temperature: float
    least_sure: float
    unseen: float
    size: SizePrior
    size_weight: float
    mask_views: int = 4


def facts_for_file(facts: CellFacts) -> dict[str, str]:
    """Return the facts as they stand in the metadata of an ONNX file."""
    told = {
        "name": facts.name,
        "classes": list(facts.classes),
        "temperature": facts.temperature,
        "least_sure": facts.least_sure,
        "unseen": facts.unseen,
        "size_mean": list(facts.size.mean),
        "size_deviation": list(facts.size.deviation),
        "size_weight": facts.size_weight,
        "mask_views": facts.mask_views,
    }
    return {"kind": KIND, "facts": json.dumps(told)}


def is_cell_file(content: bytes) -> bool:
    """Say whether a file claims to be a classifier of this kind; whether it is one, reading it shows.

    Examples
    --------
    >>> is_cell_file(b"another network")
    False
    """
    return KIND.encode() in content


def _facts_of(metadata: Mapping[str, str]) -> CellFacts:
    if metadata.get("kind") != KIND:
        raise UnreadableFormat(
            "the file does not say how it is to be used", expected=KIND, found=metadata.get("kind", "nothing")
        )
    try:
        told = json.loads(metadata["facts"])
        prior = SizePrior(
            mean=tuple(map(float, told["size_mean"])), deviation=tuple(map(float, told["size_deviation"]))
        )
        facts = CellFacts(
            name=str(told["name"]),
            classes=tuple(map(str, told["classes"])),
            temperature=float(told["temperature"]),
            least_sure=float(told["least_sure"]),
            unseen=float(told["unseen"]),
            size=prior,
            size_weight=float(told["size_weight"]),
            mask_views=int(told.get("mask_views", 4)),  # files of before say nothing of it
        )
    except (KeyError, TypeError, ValueError) as error:
        raise UnreadableFormat("the facts of the file cannot be read", expected=KIND, found=str(error)) from error
    fits = len(facts.classes) == len(prior.mean) == len(prior.deviation) >= 2
    if not fits or facts.temperature <= 0 or facts.mask_views not in (1, 2, 4):
        sizes = f"{len(facts.classes)} classes, {len(prior.mean)} sizes"
        raise UnreadableFormat(
            "the facts of the file do not fit each other",
            expected="a size for each of at least two classes, a temperature above 0, and 1, 2 or 4 views of the mask",
            found=f"{sizes}, temperature {facts.temperature:g}, {facts.mask_views} views",
        )
    return facts


class CellClassifier:
    """A classifier that was trained and exported; it may be asked from several threads.

    Parameters
    ----------
    content : bytes
        Of its ONNX file.
    threads : int
        Processor cores to work with.

    Raises
    ------
    UnreadableFormat
        No ONNX file, or one of another network.

    Examples
    --------
    >>> CellClassifier(b"a picture of a classifier")
    Traceback (most recent call last):
    ...
    buffycoat.errors.UnreadableFormat: this is no classifier file: expected ONNX, found 25 bytes that cannot be read
    """

    __slots__ = ("_content", "_session", "digest", "facts")

    def __init__(self, content: bytes, *, threads: int = 1) -> None:
        self._content = content
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = _QUIET
        if len(content) > LARGEST_BYTES:
            raise UnreadableFormat(
                "too large for a classifier", expected=f"at most {LARGEST_BYTES} bytes", found=str(len(content))
            )
        try:
            self._session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # the library raises many kinds, none of them documented
            raise UnreadableFormat(
                "this is no classifier file", expected="ONNX", found=f"{len(content)} bytes that cannot be read"
            ) from error
        self.digest = digest_of(content)
        self.facts = _facts_of(self._session.get_modelmeta().custom_metadata_map)
        takes = [one.name for one in self._session.get_inputs()]
        gives = [one.name for one in self._session.get_outputs()]
        if takes != ["pictures", "parts"] or gives != ["logits", "embedding"]:
            raise UnreadableFormat(
                "the network of this file is no classifier of cells",
                expected="pictures and parts in, logits and embedding out",
                found=f"{', '.join(takes)} in, {', '.join(gives)} out",
            )

    def __reduce__(self) -> tuple[type[CellClassifier], tuple[bytes]]:
        """Go to another process as its file."""
        return CellClassifier, (self._content,)

    def look(self, views: Sequence[CellView]) -> tuple[FloatArray, FloatArray]:
        """Return numbers before the softmax, of each cell and its mirror image, and an embedding.

        Parameters
        ----------
        views : sequence of CellView
            Cells; with none, both arrays have no rows.

        Returns
        -------
        logits : ndarray
            float32, shape (n, classes).
        embedding : ndarray
            float32, shape (n, numbers): vectors whose products are large where cells look alike.
        """
        logits, embeddings = [np.zeros((0, len(self.facts.classes)), np.float32)], []
        for first in range(0, len(views), _BATCH):
            part = views[first : first + _BATCH]
            shown = [np.stack(each) for each in zip(*map(shown_picture, part), strict=True)]
            pictures, parts = (np.ascontiguousarray(np.concatenate([each, each[..., ::-1]])) for each in shown)
            said, seen = self._session.run(["logits", "embedding"], {"pictures": pictures, "parts": parts})
            logits.append(np.asarray(said, np.float32).reshape(2, len(part), -1).mean(axis=0))
            embeddings.append(np.asarray(seen, np.float32).reshape(2, len(part), -1).mean(axis=0))
        return np.concatenate(logits), np.concatenate(embeddings) if embeddings else np.zeros((0, 0), np.float32)

    def probabilities(self, views: Sequence[CellView | None], sizes: Sequence[float | None]) -> FloatArray:
        """Return the probability of each class.

        Parameters
        ----------
        views : sequence of CellView or None
            ``None`` where the segment room sees no cell.
        sizes : sequence of float or None
            Logarithm of cell width to red cell width, where it is known.

        Returns
        -------
        ndarray
            float32, shape (n, classes); rows sum to 1.

        Raises
        ------
        InputError
            Not one size a view.
        """
        if len(views) != len(sizes):
            raise InputError("not one size a view", expected=str(len(views)), found=str(len(sizes)))
        seen = [place for place, view in enumerate(views) if view is not None]
        logits = np.zeros((len(views), len(self.facts.classes)), np.float32)
        logits[:, -1] = self.facts.unseen
        logits[seen] = self.look([view for view in views if view is not None])[0]
        known = [size if view is not None else None for view, size in zip(views, sizes, strict=True)]
        sized = with_size(logits, known, self.facts.size, weight=self.facts.size_weight) / self.facts.temperature
        chances = np.exp(sized - sized.max(axis=1, keepdims=True)) if len(sized) else sized
        return np.asarray(chances / chances.sum(axis=1, keepdims=True), np.float32)
