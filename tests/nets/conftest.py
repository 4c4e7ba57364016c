"""Drawn fields with white cells, and tiny detectors trained on them."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from buffycoat.domain.geometry import Box
from buffycoat.nets.detector_training import Trained, train_detector
from buffycoat.nets.training_plan import TrainingField, TrainingPlan

RED_CELL_PX = 18.0


@pytest.fixture(scope="session")
def draw() -> Callable[..., TrainingField]:
    """From a seed to a field of 64 pixels: pink red cells 18 pixels wide, a violet cell of 39 with a dark nucleus."""

    def field(seed: int, *, cells: int = 1) -> TrainingField:
        rng = np.random.default_rng(seed)
        image = np.full((64, 64, 3), (235, 230, 228), np.uint8)
        for x, y in rng.integers(0, 64, (5, 2)):
            cv2.circle(image, (int(x), int(y)), 9, (222, 160, 158), -1)
        boxes = []
        for x, y in rng.integers(20, 44, (cells, 2)):
            cv2.circle(image, (int(x), int(y)), 19, (196, 176, 214), -1)
            cv2.ellipse(image, (int(x), int(y)), (13, 9), float(rng.integers(180)), 0, 360, (92, 50, 130), -1)
            boxes.append(Box(left=int(x) - 19, top=int(y) - 19, right=int(x) + 20, bottom=int(y) + 20))
        return TrainingField(image=image, boxes=tuple(boxes), red_cell_px=RED_CELL_PX)

    return field


@pytest.fixture(scope="session")
def plan() -> Callable[..., TrainingPlan]:
    """A plan for drawn fields, with changes."""

    def make(**changes) -> TrainingPlan:
        usual = {
            "epochs": 4,
            "red_cell_px": RED_CELL_PX,
            "window_px": 64,
            "batch": 4,
            "channels": 16,
            "look_every": 2,
            "seed": 3,
        }
        return TrainingPlan(**{**usual, **changes})

    return make


@pytest.fixture(scope="session")
def one_stage(draw, plan) -> Trained:
    fields = [draw(0)] * 16
    return train_detector(fields, [draw(0)], plan=plan(epochs=16, look_every=4, rate=3e-3))


@pytest.fixture(scope="session")
def two_stage(draw, plan) -> Trained:
    fields = [draw(0)] * 16
    asked = plan(architecture="faster-rcnn", epochs=18, rate=3e-3)
    return train_detector(fields, plan=asked)
