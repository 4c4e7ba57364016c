"""A trained detector from its file: a photograph in, boxes of its white blood cells out; torch is not needed."""

from __future__ import annotations

import math
from statistics import median
from typing import Final

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from buffycoat.detect.parameters import DetectParameters
from buffycoat.detect.placing import known_red_cell_px, squared
from buffycoat.domain.cell import Detection, FoundBy
from buffycoat.domain.geometry import Box
from buffycoat.errors import InputError, UnreadableFormat
from buffycoat.formats.detector_file import LARGEST_BYTES, DetectorFacts, facts_of
from buffycoat.imaging.arrays import RgbImage, check_rgb
from buffycoat.imaging.network_input import at_factor, network_input

__all__ = ["NetworkDetector", "without_doubles"]

SMALLEST_RED_CELL_PX: Final = 4.0

_WHITE_TO_RED: Final = 2.2
_LARGEST_VIEW_PX: Final = 64_000_000
_QUIET: Final = 3


class NetworkDetector:
    """A detector that was trained and exported.

    Made by ``NetworkDetector.from_bytes``. It may be asked from several threads.

    Parameters
    ----------
    session : onnxruntime.InferenceSession
        The network.
    facts : DetectorFacts
        How it is to be used, and where it comes from.
    content : bytes
        Of its file, for another process.
    """

    __slots__ = ("_content", "_session", "facts")

    def __init__(self, session: onnxruntime.InferenceSession, facts: DetectorFacts, content: bytes = b"") -> None:
        self._session, self._content = session, content
        self.facts = facts

    @classmethod
    def from_bytes(cls, content: bytes, *, threads: int = 0) -> NetworkDetector:
        """Read a detector file.

        Parameters
        ----------
        content : bytes
            Of an ONNX file that ``buffycoat detector train`` made.
        threads : int
            Processor cores to work with; 0 takes all.

        Raises
        ------
        UnreadableFormat
            No ONNX file, a damaged one, or one of another network.

        Examples
        --------
        >>> NetworkDetector.from_bytes(b"a picture of a detector")
        Traceback (most recent call last):
        ...
        buffycoat.errors.UnreadableFormat: this is no detector file: expected ONNX, found 23 bytes that cannot be read
        """
        if len(content) > LARGEST_BYTES:
            raise UnreadableFormat(
                "the file is too large for a detector",
                expected=f"at most {LARGEST_BYTES} bytes",
                found=str(len(content)),
            )
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = _QUIET
        try:
            session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # the library raises many kinds, none of them documented
            raise UnreadableFormat(
                "this is no detector file",
                expected="ONNX",
                found=f"{len(content)} bytes that cannot be read",
                hint="name the .onnx file that `buffycoat detector train` wrote, or copy it again",
            ) from error
        facts = facts_of(session.get_modelmeta().custom_metadata_map)
        takes = [(one.name, one.type, len(one.shape)) for one in session.get_inputs()]
        gives = [(one.name, one.type) for one in session.get_outputs()]
        if takes != [("image", "tensor(float)", 4)] or gives != [
            ("boxes", "tensor(float)"),
            ("scores", "tensor(float)"),
        ]:
            raise UnreadableFormat(
                "the network of this file is no detector",
                expected="image in, boxes and scores out",
                found=f"{', '.join(name for name, *_ in takes)} in, {', '.join(name for name, _ in gives)} out",
            )
        return cls(session, facts, content)

    def __reduce__(self) -> tuple[object, ...]:
        """Go to another process as its file."""
        return NetworkDetector.from_bytes, (self._content,)

    def find(
        self,
        image: RgbImage,
        side: int | None = None,
        *,
        micrometres_per_pixel: float | None = None,
        border: str = "pad",
        least_score: float | None = None,
    ) -> tuple[Detection, ...]:
        """Return the white blood cells of a field, from top to bottom, then from left to right.

        The scale comes from ``micrometres_per_pixel`` if it is given, else from the red cells of the field, else from
        ``side``. Where none of them tells, the field is looked at in several sizes and the surest answer is taken.

        Parameters
        ----------
        image : ndarray
            The field: uint8, shape (height, width, 3), RGB.
        side : int, optional
            Side of the square boxes in pixels; without it, from the scale.
        micrometres_per_pixel : float, optional
            Scale of the picture.
        border : {"pad", "shift"}
            Whether a box may leave the field, so that the cell stays in its middle, or is moved inside.
        least_score : float, optional
            Less sure boxes are dropped; without it, as the file says.

        Returns
        -------
        tuple of Detection
            ``extent`` is the tight box of the cell, ``box`` the square around its center, ``score`` what the network
            gives.

        Raises
        ------
        WrongArray
            If ``image`` is no RGB image.
        InputError
            If the side, the scale, the border or the least score is none, or the field would be too large at the
            scale at which the network looks.
        """
        check_rgb(image)
        parameters = DetectParameters(side=side, border=border)
        least = self.facts.score_threshold if least_score is None else least_score
        if not 0 <= least <= 1:
            raise InputError("the least score", expected="0 to 1", found=str(least_score))
        red_cell_px = known_red_cell_px(image, side=parameters.side, micrometres_per_pixel=micrometres_per_pixel)
        if red_cell_px is None:
            red_cell_px, found = self._without_scale(image, least)
        else:
            found = self.look(image, red_cell_px=red_cell_px, least_score=least)
        height, width = image.shape[:2]
        return squared(
            found, size=(width, height), red_cell_px=red_cell_px, parameters=parameters, found_by=FoundBy.NETWORK
        )

    def look(self, image: RgbImage, *, red_cell_px: float, least_score: float = 0.0) -> list[tuple[Box, float]]:
        """Return the tight boxes and scores of a field at a known scale, best first.

        Parameters
        ----------
        image : ndarray
            uint8, shape (height, width, 3), RGB.
        red_cell_px : float
            Diameter of a red cell in it, in pixels.
        least_score : float
            Less sure boxes are dropped.

        Raises
        ------
        InputError
            If red cells are less than 4 pixels wide, or the field would be too large at working scale.
        """
        if not SMALLEST_RED_CELL_PX <= red_cell_px < math.inf:
            raise InputError("red cells are too small to be seen", expected="4 pixels wide", found=f"{red_cell_px:.1f}")
        factor = self.facts.red_cell_px / red_cell_px
        if image.shape[0] * image.shape[1] * factor**2 > _LARGEST_VIEW_PX:
            raise InputError(
                "the field is too large at the scale at which the network looks",
                expected=f"at most {_LARGEST_VIEW_PX} pixels",
                found=f"{image.shape[1] * factor:.0f} x {image.shape[0] * factor:.0f}",
                hint="check the scale of the set-up",
            )
        small = at_factor(image, factor)
        boxes, scores = self.run(network_input(small))
        boxes = boxes.clip(0, [small.shape[1], small.shape[0]] * 2)
        solid = (scores >= least_score) & ((boxes[:, 2:] - boxes[:, :2]) >= 1).all(axis=1)
        kept = without_doubles(boxes[solid], scores[solid], self.facts.most_overlap)
        boxes, scores = boxes[solid][kept], scores[solid][kept]
        height, width = image.shape[:2]
        boxes = (boxes * ([width / small.shape[1], height / small.shape[0]] * 2)).round()
        return [_pair(box, score, width, height) for box, score in zip(boxes, scores, strict=True)]

    def run(self, pixels: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return what the network itself gives: boxes (n, 4) in pixels of its input, scores (n,), doubles among them.

        Parameters
        ----------
        pixels : ndarray
            float32, shape (1, 3, rows, columns), rows and columns multiples of 32, RGB, 0 to 255.
        """
        boxes, scores = self._session.run(["boxes", "scores"], {"image": pixels})
        return np.asarray(boxes, np.float32), np.asarray(scores, np.float32)

    def _without_scale(self, image: RgbImage, least_score: float) -> tuple[float, list[tuple[Box, float]]]:
        """Return a diameter that red cells could have, and the cells: those of the size where the best is surest."""
        best: tuple[float, float, list[tuple[Box, float]]] = (-1.0, min(image.shape[:2]) / 4, [])
        guess = min(image.shape[:2]) / 3
        while guess >= max(SMALLEST_RED_CELL_PX, min(image.shape[:2]) / 40):
            found = self.look(image, red_cell_px=guess, least_score=least_score)
            if found and found[0][1] > best[0]:
                best = (found[0][1], guess, found)
            guess /= 1.6
        _, guess, found = best
        if found:
            guess = median(max(extent.width, extent.height) for extent, _ in found) / _WHITE_TO_RED
        return guess, found


def without_doubles(boxes: NDArray[np.float32], scores: NDArray[np.float32], most_overlap: float) -> NDArray[np.intp]:
    """Return the places of the boxes to keep, best first: a box that overlaps a better one too much is its double.

    Parameters
    ----------
    boxes : ndarray
        Shape (n, 4): left, top, right, bottom.
    scores : ndarray
        Shape (n,).
    most_overlap : float
        Largest intersection over union of two boxes that are both kept.

    Examples
    --------
    >>> boxes = np.array([[0, 0, 10, 10], [1, 0, 11, 10], [40, 40, 50, 50]], np.float32)
    >>> without_doubles(boxes, np.array([0.8, 0.9, 0.7], np.float32), 0.5).tolist()
    [1, 2]
    """
    order = np.argsort(-scores, kind="stable")
    areas = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)
    kept = []
    while order.size:
        best, rest = order[0], order[1:]
        kept.append(best)
        sides = np.minimum(boxes[best, 2:], boxes[rest, 2:]) - np.maximum(boxes[best, :2], boxes[rest, :2])
        shared = sides.clip(min=0).prod(axis=1)
        order = rest[shared <= most_overlap * (areas[best] + areas[rest] - shared)]
    return np.array(kept, np.intp)


def _pair(box: NDArray[np.float64], score: np.float32, width: int, height: int) -> tuple[Box, float]:
    """Return a box of whole pixels inside the field, at least one pixel wide, and its score."""
    left, top = min(int(box[0]), width - 1), min(int(box[1]), height - 1)
    return Box(left=left, top=top, right=max(left + 1, int(box[2])), bottom=max(top + 1, int(box[3]))), float(score)
