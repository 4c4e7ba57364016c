"""A trained detector as one ONNX file, which runs without torch."""

from __future__ import annotations

import onnx
import torch
from torch.export import Dim

from buffycoat.errors import InputError
from buffycoat.formats.detector_file import LARGEST_BYTES, DetectorFacts, metadata_of
from buffycoat.imaging.network_input import STRIDE_PX
from buffycoat.nets.detectors import Detector
from buffycoat.nets.onnx_model import to_onnx

__all__ = ["export_detector"]

_LARGEST_STRIDES = 2048


def export_detector(detector: Detector, facts: DetectorFacts) -> bytes:
    """Return a detector as an ONNX file with its facts inside.

    The network takes ``image``, float32 (1, 3, rows, columns), RGB 0 to 255, rows and columns multiples of 32, and
    gives ``boxes`` (n, 4) and ``scores`` (n,), with doubles among them.

    Parameters
    ----------
    detector : OneStage or TwoStage
        As trained.
    facts : DetectorFacts
        How it is to be used, and where it comes from.

    Raises
    ------
    InputError
        If the file would be larger than 20 MB.
    """
    rows, columns = (Dim(name, min=1, max=_LARGEST_STRIDES) for name in ("rows", "columns"))
    model = to_onnx(
        detector,
        torch.zeros(1, 3, 3 * STRIDE_PX, 4 * STRIDE_PX),
        inputs=["image"],
        outputs=["boxes", "scores"],
        shapes={"images": {2: STRIDE_PX * rows, 3: STRIDE_PX * columns}},
    )
    onnx.helper.set_model_props(model, dict(metadata_of(facts)))
    model.doc_string = "Detector of white blood cells; see its metadata."
    content: bytes = model.SerializeToString()
    if len(content) > LARGEST_BYTES:
        raise InputError(
            "the detector is too large for its file",
            expected=f"at most {LARGEST_BYTES} bytes",
            found=str(len(content)),
            hint="train it with fewer channels",
        )
    return content
