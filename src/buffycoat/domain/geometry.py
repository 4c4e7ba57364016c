"""Boxes in the pixel frame of a field."""

from __future__ import annotations

from buffycoat.domain.value import value
from buffycoat.errors import InvalidBox

__all__ = ["Box"]


@value
class Box:
    """A half-open pixel box, origin top left: ``left <= x < right``, ``top <= y < bottom``.

    It may leave the field: crops are padded there.

    Examples
    --------
    >>> Box(left=0, top=0, right=4, bottom=2).iou(Box(left=2, top=0, right=6, bottom=2))
    0.3333333333333333
    """

    left: int
    top: int
    right: int
    bottom: int

    def __post_init__(self) -> None:
        """Refuse an empty box."""
        if self.left >= self.right or self.top >= self.bottom:
            raise InvalidBox(
                "box is empty",
                expected="left < right and top < bottom",
                found=f"left={self.left}, top={self.top}, right={self.right}, bottom={self.bottom}",
            )

    @property
    def width(self) -> int:
        """Width in pixels."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """Height in pixels."""
        return self.bottom - self.top

    @property
    def area(self) -> int:
        """Area in square pixels."""
        return self.width * self.height

    @property
    def center(self) -> tuple[float, float]:
        """Centre as (x, y) in pixels."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    @classmethod
    def around(cls, x: float, y: float, side: int) -> Box:
        """Return the square of ``side`` pixels centred on (x, y).

        Examples
        --------
        >>> Box.around(10, 10, 4)
        Box(left=8, top=8, right=12, bottom=12)
        """
        left, top = round(x - side / 2), round(y - side / 2)
        return cls(left=left, top=top, right=left + side, bottom=top + side)

    def intersection(self, other: Box) -> int:
        """Return the area that two boxes share, in square pixels."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(width, 0) * max(height, 0)

    def iou(self, other: Box) -> float:
        """Return intersection over union, 0 to 1."""
        shared = self.intersection(other)
        return shared / (self.area + other.area - shared)

    def contains(self, x: float, y: float) -> bool:
        """Say whether the point (x, y) lies in the box."""
        return self.left <= x < self.right and self.top <= y < self.bottom

    def inside(self, width_px: int, height_px: int) -> bool:
        """Say whether the box lies wholly in a field of that size."""
        return self.left >= 0 and self.top >= 0 and self.right <= width_px and self.bottom <= height_px

    def shifted_inside(self, width_px: int, height_px: int) -> Box:
        """Return the box moved, not cut, into a field of that size, as Raabin's boxes are."""
        dx = max(0, -self.left) - max(0, self.right - width_px) if self.width <= width_px else -self.left
        dy = max(0, -self.top) - max(0, self.bottom - height_px) if self.height <= height_px else -self.top
        return Box(left=self.left + dx, top=self.top + dy, right=self.right + dx, bottom=self.bottom + dy)
