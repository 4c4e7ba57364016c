"""Agreed cells to a sealed release: split without leaks, described, checked by digest."""

from buffycoat.publish.about import check_about, read_about
from buffycoat.publish.datasheet import datasheet
from buffycoat.publish.leaks import leak_report, refuse_leaks
from buffycoat.publish.manifest import manifest_of, verify_folder
from buffycoat.publish.privacy import privacy_findings, refuse_private
from buffycoat.publish.sealed import Contents
from buffycoat.publish.splits import RULES, SPLITS
from buffycoat.publish.tables import release_tables

__all__ = [
    "RULES",
    "SPLITS",
    "Contents",
    "check_about",
    "datasheet",
    "leak_report",
    "manifest_of",
    "privacy_findings",
    "read_about",
    "refuse_leaks",
    "refuse_private",
    "release_tables",
    "verify_folder",
]
