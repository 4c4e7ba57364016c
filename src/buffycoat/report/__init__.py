"""Numbers and pictures to documents that people read."""

from buffycoat.report.contact_sheet import contact_sheet, mark_boxes
from buffycoat.report.experiment import (
    DetectionPart,
    SegmentationPart,
    detection_part,
    find,
    render_experiment,
    render_findings,
    table_files,
)
from buffycoat.report.scorecards import render_scorecards
from buffycoat.report.summary import CameraRow, Refusal, Sheet, SmearPage, render_summary

__all__ = [
    "CameraRow",
    "DetectionPart",
    "Refusal",
    "SegmentationPart",
    "Sheet",
    "SmearPage",
    "contact_sheet",
    "detection_part",
    "find",
    "mark_boxes",
    "render_experiment",
    "render_findings",
    "render_scorecards",
    "render_summary",
    "table_files",
]
