"""Numbers and pictures to documents that people read."""

from buffycoat.report.contact_sheet import contact_sheet, mark_boxes
from buffycoat.report.experiment import render_experiment
from buffycoat.report.summary import CameraRow, Refusal, Sheet, SmearPage, render_summary

__all__ = [
    "CameraRow",
    "Refusal",
    "Sheet",
    "SmearPage",
    "contact_sheet",
    "mark_boxes",
    "render_experiment",
    "render_summary",
]
