"""Agreed cells to a sealed release: split without leaks, described, checked by digest."""

from buffycoat.publish.contents import ReleaseItem, count_items, labels_table
from buffycoat.publish.datasheet import datasheet
from buffycoat.publish.leaks import check_leaks
from buffycoat.publish.manifest import manifest_of, verify_folder
from buffycoat.publish.splits import SPLITS, SplitSubject, plan_splits

__all__ = [
    "SPLITS",
    "ReleaseItem",
    "SplitSubject",
    "check_leaks",
    "count_items",
    "datasheet",
    "labels_table",
    "manifest_of",
    "plan_splits",
    "verify_folder",
]
