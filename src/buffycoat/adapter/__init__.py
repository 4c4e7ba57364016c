"""The adapter that holds a phone on an ocular: numbers here, solids behind the extra ``cad``.

Numbers, presets, plan, screws and the measuring of triangles need nothing that is not installed anyway. What builds
solids asks :mod:`buffycoat.adapter.cad` for build123d when it is first called.
"""

from __future__ import annotations

from buffycoat.adapter.numbers import Ocular, Phone
from buffycoat.adapter.plan import Plan, plan_adapter
from buffycoat.adapter.presets import find_ocular, find_phone, oculars, phones, read_numbers

__all__ = [
    "Ocular",
    "Phone",
    "Plan",
    "find_ocular",
    "find_phone",
    "oculars",
    "phones",
    "plan_adapter",
    "read_numbers",
]
