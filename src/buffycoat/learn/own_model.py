"""A classifier of your own: an ONNX file that looks at whole crops, with a card that says how it is to be used."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence
from typing import Any, Final, Literal

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from buffycoat.domain.value import Digest, value
from buffycoat.errors import DigestMismatch, UnreadableFormat
from buffycoat.imaging.arrays import RgbImage, check_rgb

__all__ = ["CARD_KIND", "CropClassifier", "ModelCard", "read_card"]

CARD_KIND: Final = "buffycoat crop classifier 1"
"""What ``kind`` says in a card that this version reads."""

_SIDES: Final = (16, 1024)
_BATCH: Final = 16
_QUIET: Final = 3
_HINT: Final = "docs/classifier.md has a card to begin with"

FloatArray = NDArray[np.float32]


@value
class ModelCard:
    """How an ONNX file of your own is to be used.

    Parameters
    ----------
    name : str
        For people.
    sha256 : Digest
        Of the ONNX file.
    classes : tuple of str
        Key of a term for each answer of the network, in its order; several answers may be of one term.
    side_px : int
        Side of the square that crops are brought to.
    mean, deviation : tuple of float
        Taken from, and then divided into, red, green and blue, which go from 0 to 1.
    gives : {"logits", "probabilities"}
        What the network's numbers are.
    least_sure : float
        Below this probability the answer is that one does not know.
    """

    name: str
    sha256: Digest
    classes: tuple[str, ...]
    side_px: int
    mean: tuple[float, float, float]
    deviation: tuple[float, float, float]
    gives: Literal["logits", "probabilities"]
    least_sure: float


@value
class _Facts:
    """What is asked of every classifier: its name, its terms, each once, and when it is sure."""

    name: str
    classes: tuple[str, ...]
    least_sure: float


def read_card(content: bytes, *, name: str) -> ModelCard:
    """Read a card.

    Parameters
    ----------
    content : bytes
        JSON, in UTF-8.
    name : str
        Of the file, for errors.

    Raises
    ------
    UnreadableFormat
        It is no card, or one of its values cannot be.

    Examples
    --------
    >>> card = {"kind": CARD_KIND, "name": "ours", "sha256": "0" * 64, "classes": ["monocyte", "basophil"]}
    >>> card |= {"side_px": 64, "mean": [0.5, 0.5, 0.5], "deviation": [0.5, 0.5, 0.5]}
    >>> card |= {"gives": "logits", "least_sure": 0.6}
    >>> read_card(json.dumps(card).encode(), name="ours.json").classes
    ('monocyte', 'basophil')
    """
    try:
        told = json.loads(content)
    except ValueError as error:
        raise UnreadableFormat(f"{name} is no card", expected="JSON", found=str(error), hint=_HINT) from error
    if not isinstance(told, dict) or told.get("kind") != CARD_KIND:
        found = repr(told.get("kind")) if isinstance(told, dict) else type(told).__name__
        raise UnreadableFormat(f"{name} is no card of a classifier", expected=CARD_KIND, found=found[:80], hint=_HINT)
    return ModelCard(
        name=_one(told, "name", name, "a text", lambda each: isinstance(each, str) and bool(each)),
        sha256=_one(told, "sha256", name, "64 hexadecimal digits", _is_digest),
        classes=tuple(_one(told, "classes", name, "keys of at least two terms", _are_terms)),
        side_px=_one(told, "side_px", name, f"{_SIDES[0]} to {_SIDES[1]}", _is_side),
        mean=_three(told, "mean", name, above=-math.inf),
        deviation=_three(told, "deviation", name, above=0),
        gives=_one(told, "gives", name, "logits or probabilities", lambda each: each in ("logits", "probabilities")),
        least_sure=float(_one(told, "least_sure", name, "0 to 1", lambda each: _is_number(each) and 0 <= each <= 1)),
    )


def _one(told: dict[str, Any], key: str, name: str, expected: str, fits: Any) -> Any:
    if key not in told or not fits(told[key]):
        found = repr(told[key])[:80] if key in told else "nothing"
        raise UnreadableFormat(f"{name}: {key}", expected=expected, found=found, hint=_HINT)
    return told[key]


def _is_number(each: Any) -> bool:
    return type(each) in (int, float) and math.isfinite(each)


def _is_side(each: Any) -> bool:
    return type(each) is int and _SIDES[0] <= each <= _SIDES[1]


def _is_digest(each: Any) -> bool:
    return isinstance(each, str) and len(each) == 64 and set(each) <= set("0123456789abcdef")


def _are_terms(each: Any) -> bool:
    return isinstance(each, list) and all(isinstance(term, str) and term for term in each) and len(set(each)) >= 2


def _three(told: dict[str, Any], key: str, name: str, *, above: float) -> tuple[float, float, float]:
    def fits(each: Any) -> bool:
        return isinstance(each, list) and len(each) == 3 and all(_is_number(one) and one > above for one in each)

    red, green, blue = _one(told, key, name, "three numbers" + (" above 0" if above == 0 else ""), fits)
    return float(red), float(green), float(blue)


class CropClassifier:
    """A classifier of your own; it may be asked from several threads.

    The network takes float32 (n, 3, side, side), RGB, and gives float32 (n, answers). It is asked once while it is
    read, so that one that does not fit its card is refused there and not in the middle of the work.

    Parameters
    ----------
    content : bytes
        Of its ONNX file.
    card : ModelCard
        How it is to be used.

    Raises
    ------
    DigestMismatch
        The card is of another file.
    UnreadableFormat
        No ONNX, or a network that does not take or give what the card says.
    """

    __slots__ = ("_content", "_session", "_takes", "card", "digest", "facts")

    def __init__(self, content: bytes, card: ModelCard) -> None:
        self._content = content
        self.digest: Digest = hashlib.sha256(content).hexdigest()
        if self.digest != card.sha256:
            raise DigestMismatch(
                "the card is of another file", expected=card.sha256, found=self.digest, hint="write sha256 of this file"
            )
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = _QUIET
        try:
            self._session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # the library raises many kinds, none of them documented
            raise UnreadableFormat(
                "this is no classifier file", expected="ONNX", found=f"{len(content)} bytes that cannot be read"
            ) from error
        takes, gives = self._session.get_inputs(), self._session.get_outputs()
        if len(takes) != 1 or len(gives) != 1:
            raise UnreadableFormat(
                "the network is no classifier of crops",
                expected="one array in, one out",
                found=f"{len(takes)} in, {len(gives)} out",
            )
        self._takes = takes[0].name
        self.card = card
        self.facts = _Facts(name=card.name, classes=tuple(dict.fromkeys(card.classes)), least_sure=card.least_sure)
        self._try()

    def __reduce__(self) -> tuple[type[CropClassifier], tuple[bytes, ModelCard]]:
        """Go to another process as its file and card."""
        return CropClassifier, (self._content, self.card)

    def _try(self) -> None:
        side = self.card.side_px
        try:
            (said,) = self._session.run(None, {self._takes: np.zeros((2, 3, side, side), np.float32)})
        except Exception as error:  # as above
            raise UnreadableFormat(
                "the network does not take crops as its card says",
                expected=f"float32 (n, 3, {side}, {side}) for any n",
                found=str(error).splitlines()[0][:160],
                hint="export it with a first axis of any length",
            ) from error
        wanted = (2, len(self.card.classes))
        if np.shape(said) != wanted or not np.isfinite(np.asarray(said, np.float64)).all():
            raise UnreadableFormat(
                "the network does not answer as its card says",
                expected=f"numbers of shape {wanted}",
                found=f"shape {np.shape(said)}",
                hint="the card has a term for each answer",
            )

    def of_crops(self, crops: Sequence[RgbImage]) -> FloatArray:
        """Return the probability of each term, float32 (n, terms), in the order of ``facts.classes``; rows sum to 1.

        Parameters
        ----------
        crops : sequence of ndarray
            uint8, shape (height, width, 3), RGB.

        Raises
        ------
        WrongArray
            If a crop is no RGB image.
        UnreadableFormat
            The network gives what no probability can be.
        """
        found = [np.zeros((0, len(self.card.classes)), np.float64)]
        for first in range(0, len(crops), _BATCH):
            shown = np.stack([self._shown(crop) for crop in crops[first : first + _BATCH]])
            (said,) = self._session.run(None, {self._takes: shown})
            found.append(np.asarray(said, np.float64))
        numbers = np.concatenate(found)
        if self.card.gives == "logits":
            numbers = np.exp(numbers - numbers.max(axis=1, keepdims=True))
        total = numbers.sum(axis=1, keepdims=True)
        if not np.isfinite(numbers).all() or (numbers < 0).any() or (total <= 0).any():
            raise UnreadableFormat(
                f"{self.card.name} gives what is no probability",
                expected=f"{self.card.gives}, as its card says",
                found="numbers below 0, or none",
            )
        of_term = np.array([[term == each for term in self.facts.classes] for each in self.card.classes], np.float64)
        return np.asarray((numbers / total) @ of_term, np.float32)

    def _shown(self, crop: RgbImage) -> FloatArray:
        check_rgb(crop)
        side = self.card.side_px
        way = cv2.INTER_AREA if min(crop.shape[:2]) > side else cv2.INTER_LINEAR
        light = np.asarray(cv2.resize(crop, (side, side), interpolation=way), np.float32) / 255
        light = (light - np.array(self.card.mean, np.float32)) / np.array(self.card.deviation, np.float32)
        return np.ascontiguousarray(light.transpose(2, 0, 1), np.float32)
