"""HEIC as telephones write it, made bit by bit, since the decoder that is installed cannot write.

One HEVC intra picture whose blocks are all stored as plain samples (PCM), in the smallest HEIF container: so every pixel
is known.
"""

from __future__ import annotations

import struct

import numpy as np

BLOCK = 16
# Columns by rows of blocks, each (Y, Cb, Cr) in full range: gray, red, blue; green, dark, light.
COLORS = [[(128, 128, 128), (76, 85, 255), (29, 255, 107)], [(150, 44, 21), (40, 128, 128), (220, 128, 128)]]


# Range of the less probable symbol in states 0 to 5, where the range is above 448: the standard's table, last column.
LEAST = (240, 227, 216, 205, 195, 185)


class Bits:
    def __init__(self) -> None:
        self.bits: list[int] = []

    def u(self, value: int, count: int = 1) -> None:
        self.bits += [value >> shift & 1 for shift in range(count - 1, -1, -1)]

    def ue(self, *values: int) -> None:
        for value in values:
            size = (value + 1).bit_length()
            self.u(value + 1, 2 * size - 1)

    def align(self) -> None:
        self.bits += [0] * (-len(self.bits) % 8)

    def packed(self) -> bytes:
        return np.packbits(np.array(self.bits, np.uint8)).tobytes()


class Cabac:
    """The arithmetic coder of HEVC, as far as stored blocks need it: one context, and terminating bins."""

    def __init__(self, out: Bits) -> None:
        self.out = out
        self.start()

    def start(self) -> None:
        self.low, self.range, self.waiting, self.first = 0, 510, 0, True

    def put(self, bit: int) -> None:
        if not self.first:
            self.out.u(bit)
        self.first = False
        for _ in range(self.waiting):
            self.out.u(1 - bit)
        self.waiting = 0

    def renormalize(self) -> None:
        while self.range < 256:
            if self.low < 256:
                self.put(0)
            elif self.low >= 512:
                self.low -= 512
                self.put(1)
            else:
                self.low -= 256
                self.waiting += 1
            self.range <<= 1
            self.low <<= 1

    def likely(self, least: int) -> None:
        """Code the more probable symbol, where the other one has a range of ``least``."""
        self.range -= least
        self.renormalize()

    def terminate(self, bit: int) -> None:
        self.range -= 2
        if bit:
            self.low += self.range
            self.range = 2
            self.renormalize()
            self.put(self.low >> 9 & 1)
            self.out.u(self.low >> 7 & 3 | 1, 2)
        else:
            self.renormalize()


def escape(payload: bytes) -> bytes:
    out = bytearray()
    for byte in payload:
        if byte <= 3 and out[-2:] == b"\0\0":
            out.append(3)
        out.append(byte)
    return bytes(out)


def unit(kind: int, bits: Bits) -> bytes:
    return bytes([kind << 1, 1]) + escape(bits.packed())


def profile(bits: Bits) -> None:
    bits.u(3, 8)  # main still picture
    bits.u(0b0111 << 28, 32)
    bits.u(0b1001, 4)
    bits.u(0, 44)
    bits.u(60, 8)


def finish(bits: Bits) -> Bits:
    bits.u(1)
    bits.align()
    return bits


def parameter_sets(width: int, height: int) -> tuple[bytes, bytes, bytes]:
    vps = Bits()
    vps.u(0b0000_11_000000_000_1, 16)
    vps.u(0xFFFF, 16)
    profile(vps)
    vps.u(1)
    vps.ue(0, 0, 0)
    vps.u(0, 6)
    vps.ue(0)
    vps.u(0, 2)
    sps = Bits()
    sps.u(0b0000_000_1, 8)
    profile(sps)
    sps.ue(0, 1, width, height)
    sps.u(0)
    sps.ue(0, 0, 4)
    sps.u(1)
    sps.ue(0, 0, 0)
    sps.ue(1, 0, 0, 2, 0, 0)  # coding blocks of 16, transform blocks of 4 to 16
    sps.u(0b000_1, 4)  # stored blocks
    sps.u(0x77, 8)
    sps.ue(1, 0)
    sps.u(1)
    sps.ue(0)
    sps.u(0, 5)
    pps = Bits()
    pps.ue(0, 0)
    pps.u(0, 7)
    pps.ue(0, 0, 0)
    pps.u(0, 3)
    pps.ue(0, 0)
    pps.u(0, 7)
    pps.u(0b1_0_1_0_0, 5)  # no deblocking
    pps.ue(0)
    pps.u(0, 2)
    return unit(32, finish(vps)), unit(33, finish(sps)), unit(34, finish(pps))


def picture() -> bytes:
    bits = Bits()
    bits.u(0b10, 2)
    bits.ue(0, 2, 0)
    finish(bits)
    coder = Cabac(bits)
    rows, columns = len(COLORS), len(COLORS[0])
    for index in range(rows * columns):
        coder.likely(LEAST[index])  # one undivided block,
        coder.terminate(1)  # stored
        bits.align()
        luma, blue, red = COLORS[index // columns][index % columns]
        for value, count in ((luma, BLOCK**2), (blue, BLOCK**2 // 4), (red, BLOCK**2 // 4)):
            for _ in range(count):
                bits.u(value, 8)
        coder.start()
        coder.terminate(int(index == rows * columns - 1))
    bits.align()
    return unit(19, bits)


def box(kind: str, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I", len(body) + 8) + kind.encode() + body


def full_box(kind: str, *parts: bytes, version: int = 0) -> bytes:
    return box(kind, bytes([version, 0, 0, 0]), *parts)


def make_heic(*, turned: bool = False, exif: bytes = b"", primaries: int = 1) -> bytes:
    """Return a HEIC file of six flat blocks; ``turned`` adds a rotation of 90 degrees against the clock."""
    width, height = BLOCK * len(COLORS[0]), BLOCK * len(COLORS)
    sets = parameter_sets(width, height)
    arrays = [
        bytes([0x80 | kind]) + struct.pack(">HH", 1, len(one)) + one
        for kind, one in zip((32, 33, 34), sets, strict=True)
    ]
    general = bytes([3, 0x70, 0, 0, 0, 0x90, 0, 0, 0, 0, 0, 60])
    config = b"\1" + general + bytes([0xF0, 0, 0xFC, 0xFD, 0xF8, 0xF8, 0, 0, 0x0F, 3]) + b"".join(arrays)
    coded = picture()
    items = [struct.pack(">I", len(coded)) + coded]
    if exif:
        items.append(struct.pack(">I", 0) + exif)
    properties = [
        box("hvcC", config),
        full_box("ispe", struct.pack(">II", width, height)),
        box("colr", b"nclx" + struct.pack(">HHHB", primaries, 13, 6, 0x80)),
    ]
    properties += [box("irot", b"\1")] * turned
    used = bytes(0x80 | number if number in (1, 4) else number for number in range(1, len(properties) + 1))
    names = [b"hvc1", b"Exif"][: len(items)]
    ftyp = box("ftyp", b"heic", bytes(4), b"mif1heic")

    def meta(start: int) -> bytes:
        spots = b""
        for number, item in enumerate(items, 1):
            spots += struct.pack(">HHHII", number, 0, 1, start, len(item))
            start += len(item)
        infos = [
            full_box("infe", struct.pack(">HH", n, 0) + name + b"\0", version=2) for n, name in enumerate(names, 1)
        ]
        about = full_box("iref", box("cdsc", struct.pack(">HHH", 2, 1, 1))) if exif else b""
        return full_box(
            "meta",
            full_box("hdlr", bytes(4), b"pict", bytes(13)),
            full_box("pitm", struct.pack(">H", 1)),
            full_box("iloc", b"\x44\0", struct.pack(">H", len(items)), spots),
            full_box("iinf", struct.pack(">H", len(items)), *infos),
            about,
            box(
                "iprp",
                box("ipco", *properties),
                full_box("ipma", struct.pack(">IHB", 1, 1, len(used)), used),
            ),
        )

    start = len(ftyp) + len(meta(0)) + 8
    return ftyp + meta(start) + box("mdat", *items)
