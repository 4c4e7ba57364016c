from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import pytest

from buffycoat.clean import folder
from buffycoat.clean.folder import group_files
from buffycoat.clean.parameters import CleanParameters, Method
from buffycoat.clean.repeats import group_duplicates
from buffycoat.errors import InputError, UnreadableImage
from buffycoat.imaging.codecs import decode_rgb, encode_jpeg, encode_png
from buffycoat.imaging.file_hashes import hash_files

TEN = CleanParameters(average_bits=11, perceptual_bits=11)


@pytest.fixture(scope="module")
def contents(data: Path) -> list[bytes]:
    """Real crops, and windows of some of them, shifted, blurred and saved again."""
    rng = np.random.default_rng(4)
    files = [path.read_bytes() for path in sorted((data / "raabin_crops/crops").glob("*/*.jpg"))[::3]]
    for content in files[::3]:
        down, right = rng.integers(0, 24, 2)
        again = decode_rgb(content, name="a crop")[down : down + 540, right : right + 540]
        files.append(encode_jpeg(np.asarray(cv2.GaussianBlur(again, (0, 0), 1.5), np.uint8), quality=85))
    return files


def readers(contents: list[bytes]) -> list[Callable[[], bytes]]:
    return [partial(bytes, content) for content in contents]


@pytest.mark.parametrize("parameters", [None, TEN])
def test_the_fast_mode_the_exact_mode_and_pixels_make_the_same_groups(
    contents: list[bytes], parameters: CleanParameters | None
):
    crops = [decode_rgb(content, name="a crop") for content in contents]
    expected = group_duplicates(crops, "paper", parameters=parameters)
    assert len(expected) > 5
    assert group_files(readers(contents), parameters=parameters, fast=False) == expected
    assert group_files(readers(contents), parameters=parameters) == expected
    assert group_files(readers(contents), parameters=parameters, threads=3) == expected


def test_only_files_of_doubtful_groups_are_read_twice(contents: list[bytes]):
    reads = np.zeros(len(contents), np.int64)

    def read(number: int) -> bytes:
        reads[number] += 1
        return contents[number]

    group_files([partial(read, number) for number in range(len(contents))], parameters=TEN)
    assert reads.min() == 1
    assert reads.max() == 2
    assert 0 < (reads == 2).mean() < 0.4


def test_a_group_that_hangs_on_two_bits_is_decided_by_the_exact_hashes(monkeypatch: pytest.MonkeyPatch):
    def hashed(contents, *, names=(), fast=False, threads=1):
        # Fast, the second is one bit too far from the first, and the fourth one bit too near.
        fields = [np.array([0, 0x3F if fast else 0x1F, 2**63, 2**63 + (0x7C0 if fast else 0xFC0)], np.uint64)]
        chosen = [int(content) for content in contents]
        return folder.FileHashes(fields[0][chosen], np.zeros(len(chosen), np.uint64))

    monkeypatch.setattr(folder, "hash_files", hashed)
    files = [partial(str, number) for number in range(4)]
    parameters = CleanParameters(average_bits=6, perceptual_bits=6)
    # 0 and 2 are one bit apart, so all four are one group but for the one that is too far.
    assert group_files(files, parameters=parameters, fast=False) == ((0, 1, 2),)
    assert group_files(files, parameters=parameters) == ((0, 1, 2),)
    assert folder._groups(hashed(range(4), fast=True), parameters) == ((0, 2, 3),)


def test_a_known_repeat_is_found_and_strangers_are_not():
    rng = np.random.default_rng(0)
    one, other = (
        np.asarray(cv2.resize(rng.integers(0, 256, (6, 6, 3), np.uint8), (512, 512), interpolation=cv2.INTER_CUBIC))
        for _ in range(2)
    )
    assert group_files(readers([encode_jpeg(one), encode_png(other), encode_jpeg(one, quality=60)])) == ((0, 2),)


@pytest.mark.parametrize("fast", [False, True])
def test_nothing_one_and_crops_that_are_all_alike(fast: bool):
    black = encode_jpeg(np.zeros((512, 512, 3), np.uint8))
    pixel = encode_png(np.zeros((1, 1, 3), np.uint8))
    assert group_files([], fast=fast) == ()
    assert group_files(readers([black]), fast=fast) == ()
    assert group_files(readers([black] * 30 + [pixel]), fast=fast) == (tuple(range(31)),)


def test_thresholds_at_their_ends(contents: list[bytes]):
    few = readers(contents[:5])
    assert group_files(few, parameters=CleanParameters(average_bits=65, perceptual_bits=65)) == ((0, 1, 2, 3, 4),)
    assert group_files(few, parameters=CleanParameters(average_bits=0, perceptual_bits=65)) == ()
    assert group_files(few, parameters=CleanParameters(average_bits=1, perceptual_bits=1)) == ()
    with pytest.raises(InputError):
        group_files(few, parameters=CleanParameters(average_bits=66, perceptual_bits=12))
    with pytest.raises(InputError):
        group_files(few, parameters=CleanParameters(average_bits=6, perceptual_bits=-1))


def test_the_method_does_not_matter(contents: list[bytes]):
    few = readers(contents[:20] + contents[-20:])
    paper, registered = (group_files(few, parameters=CleanParameters(method=method)) for method in Method)
    assert paper == registered


def test_a_bad_file_is_named():
    good = encode_png(np.zeros((4, 4, 3), np.uint8))
    with pytest.raises(UnreadableImage, match=r"c\.jpg is no photograph"):
        group_files(readers([good, good, b"dear diary"]), names=["a.png", "b.png", "c.jpg"])


def test_the_order_of_files_does_not_matter(contents: list[bytes]):
    turned = contents[::-1]
    last = len(contents) - 1
    found = group_files(readers(turned), parameters=TEN)
    again = tuple(sorted(tuple(sorted(last - member for member in group)) for group in found))
    assert again == group_files(readers(contents), parameters=TEN)


def test_hashes_of_files_are_what_groups_are_made_of(contents: list[bytes]):
    hashes = hash_files(contents)
    groups = group_files(readers(contents), parameters=CleanParameters(average_bits=1, perceptual_bits=1), fast=False)
    for group in groups:
        assert len(np.unique(hashes.average[list(group)])) == len(np.unique(hashes.perceptual[list(group)])) == 1
