"""Photographs that people take at the microscope: smears, set-ups, labels for slides, uploads that survive a cut."""

from buffycoat.workflows.capturing.half import Uploads
from buffycoat.workflows.capturing.labels import label_mark, label_sheet, range_of
from buffycoat.workflows.capturing.micrometer import scale_of
from buffycoat.workflows.capturing.presets import list_presets, make_preset, preset_named
from buffycoat.workflows.capturing.sending import (
    CHECKSUMS,
    MOST_FILE,
    MOST_PIECE,
    append_piece,
    begin_upload,
    end_upload,
    upload_status,
)
from buffycoat.workflows.capturing.smears import list_smears, make_smear, progress_of, say_counting
from buffycoat.workflows.capturing.watching import Seen, SeenState, watch_folder

__all__ = [
    "CHECKSUMS",
    "MOST_FILE",
    "MOST_PIECE",
    "Seen",
    "SeenState",
    "Uploads",
    "append_piece",
    "begin_upload",
    "end_upload",
    "label_mark",
    "label_sheet",
    "list_presets",
    "list_smears",
    "make_preset",
    "make_smear",
    "preset_named",
    "progress_of",
    "range_of",
    "say_counting",
    "scale_of",
    "upload_status",
    "watch_folder",
]
