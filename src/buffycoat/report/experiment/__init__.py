"""What an experiment found, as one page: how models do at home and in the next laboratory."""

from buffycoat.report.experiment.findings import Findings, find, table_files
from buffycoat.report.experiment.page import render_experiment, render_findings
from buffycoat.report.experiment.tasks import DetectionPart, SegmentationPart, detection_part

__all__ = [
    "DetectionPart",
    "Findings",
    "SegmentationPart",
    "detection_part",
    "find",
    "render_experiment",
    "render_findings",
    "table_files",
]
