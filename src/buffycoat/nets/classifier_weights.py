"""Where the pretrained weights of a classifier come from: a file in a folder, torchvision's download, or nowhere."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import torch
from torch import Tensor, nn

from buffycoat.domain.experiment import FROM_SCRATCH, IMAGENET
from buffycoat.domain.value import digest_of, value
from buffycoat.errors import DownloadFailed, InputError, NotFound, UnreadableFile, UnreadableFormat
from buffycoat.nets.classifiers import NETWORKS
from buffycoat.nets.tensor_file import read_tensors

__all__ = ["DOWNLOAD", "SCRATCH", "FoundWeights", "find_weights"]

DOWNLOAD: Final = "download"
"""torchvision fetches its own."""
SCRATCH: Final = "scratch"
"""Random weights; a row then says so."""
_ENDINGS: Final = (".safetensors", ".pth", ".pt")
_OLD_DENSENET: Final = re.compile(
    r"^(.*denselayer\d+\.(?:norm|relu|conv))\.((?:[12])\.(?:weight|bias|running_mean|running_var))$"
)


@value
class FoundWeights:
    """What a network begins with.

    Parameters
    ----------
    tensors : mapping of str to Tensor, optional
        By the network's own names; the last layer is not among them. ``None`` for random ones.
    weights : str
        ``"ImageNet"`` or ``"from scratch"``: what its row says.
    origin : str
        The file and its digest, or the download.
    """

    tensors: Mapping[str, Tensor] | None
    weights: str
    origin: str


def find_weights(name: str, sources: Sequence[str | Path]) -> FoundWeights:
    """Return the weights of a network from the first source that has them.

    Parameters
    ----------
    name : str
        One of ``NETWORKS``.
    sources : sequence of str or Path
        Each a folder with files, a file, ``"download"`` or ``"scratch"``. In a folder that file is taken whose name
        begins as torchvision's own does (``resnet18-…``), or with the name of the network, and ends in
        ``.safetensors``, ``.pth`` or ``.pt``. They must be ImageNet weights of torchvision's network, all of its layers
        but the last, which may be missing.

    Raises
    ------
    NotFound
        No source has them; nothing is trained from scratch unasked.
    InputError
        A source is none, a folder has several files, or the weights are of another network.
    UnreadableFile, UnreadableFormat
        A file cannot be read; of files of torch only plain numbers are read, never programs.
    DownloadFailed
        torchvision could not fetch them.
    """
    for source in sources:
        if source == SCRATCH:
            return FoundWeights(tensors=None, weights=FROM_SCRATCH, origin="")
        if source == DOWNLOAD:
            return _downloaded(name)
        path = _file_of(name, Path(source))
        if path is not None:
            tensors, digest = _read(path)
            return FoundWeights(
                tensors=_fitting(name, tensors, path.name), weights=IMAGENET, origin=f"{path.name}, sha256 {digest}"
            )
    raise NotFound(
        f"no ImageNet weights of {NETWORKS[name].title} were found",
        expected=f"a file {NETWORKS[name].file}… or {name}…",
        found="none in " + ", ".join(Path(source).name for source in sources),
        hint="add --weights download, or --weights scratch to train it from random numbers, which its row then says",
    )


def _file_of(name: str, source: Path) -> Path | None:
    plain = {NETWORKS[name].file.rstrip("-"), name, name.replace("-", "_")}
    if source.is_file():
        files = [source]
    elif source.is_dir():
        files = [path for path in sorted(source.rglob("*")) if path.suffix in _ENDINGS]
    else:
        raise UnreadableFile(
            f"{source} is no place for weights", expected="a folder, a file, download or scratch", found="nothing there"
        )
    found = [path for path in files if _is_of(path.name, plain)]
    if len(found) > 1:
        listed = ", ".join(path.name for path in found)
        raise InputError(f"several files of weights for {name}", expected="one", found=listed)
    return found[0] if found else None


def _is_of(file: str, beginnings: set[str]) -> bool:
    """Say whether a file's name begins with one of these as a whole: ``resnet18`` is not ``resnet180``."""
    return any(re.match(re.escape(each) + r"(?![a-zA-Z0-9]|_x?\d)", file) is not None for each in beginnings)


def _read(path: Path) -> tuple[Mapping[str, Tensor], str]:
    try:
        content = path.read_bytes()
    except OSError as error:
        reason = (error.strerror or "an error").lower()
        raise UnreadableFile(f"{path.name} cannot be read", expected="a file of weights", found=reason) from error
    if path.suffix == ".safetensors":
        return read_tensors(path), digest_of(content)
    try:
        kept = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
        return {str(key): tensor for key, tensor in kept.items() if isinstance(tensor, Tensor)}, digest_of(content)
    except Exception as error:  # a foreign file breaks the reader in many ways, none of them documented
        raise UnreadableFormat(
            f"{path.name} holds no weights",
            expected="a state_dict, as torchvision saves it",
            found=type(error).__name__,
        ) from error


def _downloaded(name: str) -> FoundWeights:
    weights = NETWORKS[name].weights
    try:
        tensors = weights.get_state_dict(progress=False, check_hash=True)
    except (OSError, RuntimeError) as error:
        raise DownloadFailed(
            f"torchvision could not fetch the weights of {NETWORKS[name].title}",
            expected=str(weights),
            found=f"{type(error).__name__}: {error}",
            hint="fetch them elsewhere and give their folder by --weights, or train by --weights scratch",
        ) from error
    return FoundWeights(
        tensors=_fitting(name, tensors, str(weights)), weights=IMAGENET, origin=f"torchvision {weights}"
    )


def _fitting(name: str, tensors: Mapping[str, Tensor], file: str) -> Mapping[str, Tensor]:
    """Return all tensors of the network but the last layer's; counts of batches, which nothing uses, may be missing."""
    renamed = (
        {_OLD_DENSENET.sub(r"\1\2", key): tensor for key, tensor in tensors.items()}
        if name == "densenet121"
        else tensors
    )
    architecture = NETWORKS[name]
    with torch.device("meta"):
        network: nn.Module = architecture.build(weights=None, **({"init_weights": False} if name == "vgg16" else {}))
    own = {key: tensor for key, tensor in network.state_dict().items() if not key.startswith(f"{architecture.last}.")}
    counts = {key for key in own if key.endswith("num_batches_tracked")}
    for key, tensor in own.items():
        if key not in counts and (key not in renamed or renamed[key].shape != tensor.shape):
            found = str(tuple(renamed[key].shape)) if key in renamed else "none"
            raise InputError(
                f"{file}: weights of another network than {architecture.title}",
                expected=f"{key} of shape {tuple(tensor.shape)}",
                found=found,
            )
    return {key: renamed[key].to(torch.int64 if key in counts else torch.float32) for key in own if key in renamed}
