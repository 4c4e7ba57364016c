"""From the numbers of a phone and an ocular to every measure of the parts; no solid is built here.

The optical axis is z, from the ocular up to the phone; 0 is the ocular's rim. Seen by one who looks at the screen, x is
to the right and y to the top of the phone. From below: the clamp on the ocular, the sleeve that slides up and down on
it, the stage that slides in y on the sleeve, the cradle that slides in x on the stage, jaws and stop that hold a phone.
"""

from __future__ import annotations

from math import hypot, pi

from buffycoat.adapter.numbers import Ocular, Phone
from buffycoat.domain.value import value
from buffycoat.errors import InputError

__all__ = ["BED", "LEAST_WALL", "PUPIL", "Plan", "plan_adapter"]

BED = 200.0
LEAST_WALL = 1.6
PUPIL = 2.0
"""How far behind its glass the entrance pupil of a phone's camera lies, mm: estimated; the height screws take it up."""

# Screws: M3, ISO 4762, and what is printed around them.
SHANK, HEAD, HEAD_HEIGHT = 1.5, 2.75, 3.0
THREAD, CLEAR = 1.4, 1.7
LEAD_DEPTH = 2.2
"""How far a lead screw's axis lies below the underside of the plate that its thread is in."""
LENGTHS = (8, 10, 12, 16, 20, 25, 30, 35, 40, 45, 50)

FIT = 0.3
"""Gap between barrel and clamp, and between clamp and sleeve, on the radius."""
CLAMP_WALL, SLEEVE_WALL = 3.0, 4.0
SLIT, SLIT_LEFT = 4.0, 0.5
"""The gap that lets the clamp close, and what of it stays open at the thinnest barrel."""
FLANGE, STAGE, CRADLE = 4.0, 5.0, 5.0
STACK = FLANGE + STAGE + CRADLE
REACH = 20.0
"""How far the clamp goes down the barrel."""
ENGAGED = 10.0
"""Over which sleeve and clamp lie in each other at the highest, at least."""
EAR = 8.0
"""Height of ears and lugs at the foot of the clamp."""
TRAVEL = 5.0
ASIDE = 10.0
"""From this difference on between the two sides a phone lies to one side of its ocular."""
LOCK_BELOW = 5.0
JAW_WIDTH, JAW_LENGTH, JAW_SCREW, JAW_SPAN, JAW_TRAVEL = 12.0, 30.0, 6.5, 9.0, 4.0
LIP, LIP_SLOPE, LIP_HEIGHT = 1.8, 1.0, 2.4
STOP_HALF, STOP_WALL, STOP_FOOT, STOP_SCREW, STOP_SPAN, STOP_TRAVEL = 14.0, 3.5, 14.5, 7.0, 8.0, 3.5
BAR_HALF, BAR_BEYOND, KNOB = 17.0, 16.0, 6.5


@value
class Plan:
    """Every measure of one adapter, in millimeters.

    Attributes
    ----------
    phone, ocular : Phone, Ocular
        What it is for.
    height : float
        Of the phone's back over the rim, in the middle of the adjustment.
    up, down : float
        How far the height screws go from there.
    bore, clamp, inner, outer : float
        Radii: of the clamp inside and outside, of the sleeve inside and outside.
    top : float
        Of the clamp, over the rim.
    tube : float
        Length of the sleeve below its flange.
    ear, lug : float
        Distance of the clamping screw and of the height screws from the axis.
    flange : float
        Radius of the sleeve's flange.
    first, second : float
        Distance from the axis of the screws between sleeve and stage (in x), and between stage and cradle (in y).
    left, right, head, foot : float
        Where the phone's edges lie, seen on the screen's side.
    opening : tuple of float
        What is cut out of the cradle around the lens: x from, x to, y from, y to.
    jaws : float
        y of the middle of the jaws.
    stop : float
        x of the middle of the stop.
    height_screw : int
        Length of the two height screws.
    """

    phone: Phone
    ocular: Ocular
    height: float
    up: float
    down: float
    bore: float
    clamp: float
    inner: float
    outer: float
    top: float
    tube: float
    ear: float
    lug: float
    flange: float
    first: float
    second: float
    left: float
    right: float
    head: float
    foot: float
    opening: tuple[float, float, float, float]
    jaws: float
    stop: float
    height_screw: int

    @property
    def barrels(self) -> tuple[float, float]:
        """Diameters of the thinnest and the thickest barrel that the clamp closes on, mm."""
        return 2 * self.bore - (SLIT - SLIT_LEFT) / pi, 2 * self.bore - 0.1

    @property
    def outward(self) -> str:
        """The side to which the phone reaches farther, seen by one who looks at its screen; empty where neither."""
        if abs(self.left + self.right) < ASIDE:
            return ""
        return "left" if -self.left > self.right else "right"

    @property
    def least_distance(self) -> float:
        """Distance of the oculars from which on the other one is not in the way of what lies below its rim, mm."""
        return max(self.first + 5.6, 40.1) + self.ocular.diameter / 2 + 0.5

    @property
    def room_below(self) -> float:
        """How far below the rim the screws reach, mm."""
        return self.height_screw + HEAD_HEIGHT - (self.height - self.down - STACK)

    @property
    def engaged(self) -> float:
        """Length over which sleeve and clamp lie in each other at the highest, mm."""
        return self.top + REACH - 1 - (self.up + self.down)

    @property
    def cradle_box(self) -> tuple[float, float, float, float]:
        """What the cradle covers: x from, x to, y from, y to."""
        low_x, high_x, _, high_y = self.opening
        return (
            min(self.left - BAR_BEYOND, -self.first - 2, self.stop - STOP_HALF - 2, low_x - 6),
            max(self.right + BAR_BEYOND, 36.5, self.stop + STOP_HALF + 2, high_x + 6),
            self.jaws - BAR_HALF,
            max(self.second + 6, self.head + STOP_WALL + STOP_FOOT + 2, high_y + 6),
        )


def plan_adapter(phone: Phone, ocular: Ocular) -> Plan:
    """Work out the measures of an adapter.

    Parameters
    ----------
    phone, ocular : Phone, Ocular
        What it is for.

    Returns
    -------
    Plan
        With 5 mm to all sides in x and y, and in height where there is room: 2 mm down and 4 mm up at least.

    Raises
    ------
    InputError
        If there can be none for these numbers: the eye point too low, the phone too short for its jaws, a part larger
        than the bed. It names the limit.

    Examples
    --------
    >>> from buffycoat.adapter.presets import find_ocular, find_phone
    >>> plan = plan_adapter(find_phone("samsung-galaxy-s5"), find_ocular("olympus-cx18"))
    >>> plan.height, plan.height_screw
    (14.2, 30)
    """
    height = ocular.eye_relief - PUPIL + phone.bump
    lowest = max(CRADLE + 0.5, phone.bump + 1)
    if height < lowest + 2:
        least = lowest + 2 + PUPIL - phone.bump
        raise InputError(
            f"the eye point of ocular {ocular.key} lies too low for phone {phone.key}",
            expected=f"an eye relief of {least:g} mm or more",
            found=f"{ocular.eye_relief:g} mm",
            hint="the cradle needs 5 mm below the phone, and 2 mm to go down; oculars for wearers of glasses have more",
        )
    down = min(TRAVEL, height - lowest)
    top = height - down - CRADLE - 0.5
    up = min(TRAVEL, top + REACH - 1 - down - ENGAGED)
    bore = ocular.diameter / 2 + FIT
    clamp = bore + CLAMP_WALL
    outer = clamp + FIT + SLEEVE_WALL
    flange = outer + 5.5
    from_left, from_top = phone.camera
    left, right = from_left - phone.width, from_left
    opening = _opening(phone)
    second = max(flange + TRAVEL + HEAD + 0.6, opening[3] + 4.5, -opening[2] + 4.5)
    jaws = -max(second + 24, 0.6 * phone.height - from_top, -opening[2] + BAR_HALF + 4)
    foot = from_top - phone.height
    if jaws - JAW_LENGTH / 2 < foot:
        raise InputError(
            f"phone {phone.key} is too short: its jaws would grip beside it",
            expected=f"a height of {from_top - jaws + JAW_LENGTH / 2:.1f} mm or more with this camera and ocular",
            found=f"{phone.height:g} mm",
            hint="the jaws must lie below the stage; a smaller ocular makes it smaller",
        )
    stop = _stop((left + right) / 2, from_top, second)
    plan = Plan(
        phone=phone,
        ocular=ocular,
        height=round(height, 3),
        up=round(up, 3),
        down=round(down, 3),
        bore=bore,
        clamp=clamp,
        inner=clamp + FIT,
        outer=outer,
        top=round(top, 3),
        tube=height - down - STACK + REACH - 1,
        ear=outer + 3.6,
        lug=outer + 2.2,
        flange=flange,
        first=outer + 3.2,
        second=second,
        left=left,
        right=right,
        head=from_top,
        foot=foot,
        opening=opening,
        jaws=jaws,
        stop=stop,
        height_screw=next(length for length in LENGTHS if length >= height + up - STACK + REACH),
    )
    _fits(plan)
    return plan


def _opening(phone: Phone) -> tuple[float, float, float, float]:
    """Return what stays free around the lens: its island and 0.8 mm, as far as the phone goes, at least 9 mm a side."""
    (from_left, from_top), (begin, above, width, length) = phone.camera, phone.island
    free, beyond = 0.8, 1.0
    low_x = max(from_left - begin - width - free, from_left - phone.width - beyond)
    high_x = min(from_left - begin + free, from_left + beyond)
    high_y = min(from_top - above + free, from_top + beyond)
    return min(low_x, -9.0), max(high_x, 9.0), min(from_top - above - length - free, -9.0), max(high_y, 9.0)


def _stop(middle: float, from_top: float, second: float) -> float:
    """Return x of the stop: the middle of the phone, or beside it where its screws would meet those of the stage."""
    y = from_top + STOP_WALL + STOP_SCREW

    def free(x: float) -> bool:
        return all(hypot(x + side * STOP_SPAN, y - second) >= 6 for side in (-1, 1))

    return next((middle + aside for aside in (0.0, 6.0, -6.0, 12.0, -12.0) if free(middle + aside)), middle)


def _fits(plan: Plan) -> None:
    low_x, high_x, low_y, high_y = plan.cradle_box
    for side, name in ((high_x - low_x, "wide"), (high_y - low_y, "long")):
        if side > BED:
            raise InputError(
                f"the cradle for phone {plan.phone.key} on ocular {plan.ocular.key} would be too {name} for the bed",
                expected=f"at most {BED:g} mm",
                found=f"{side:.0f} mm",
                hint="a smaller island, or a camera nearer to the middle, makes it smaller",
            )
