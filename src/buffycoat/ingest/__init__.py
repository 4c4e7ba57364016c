"""Photographs become fields of view: what is there, what took it, what must not be kept, how good it is.

``list_photographs`` says what a source holds, ``read_metadata`` what is known about it, ``take_in`` does all that one
photograph needs: read EXIF, strip it, decode, turn, measure.
"""

from buffycoat.ingest.camera import PRESETS, CameraPreset, camera_name, camera_preset, read_exif
from buffycoat.ingest.facts import read_fact
from buffycoat.ingest.field import TakenIn, take_in
from buffycoat.ingest.listing import Entry, Listing, PassedOver, list_photographs
from buffycoat.ingest.metadata import Record, read_metadata
from buffycoat.ingest.orientation import PROFILES, SourceProfile, profile, turned_previews
from buffycoat.ingest.privacy import Stripped, strip

__all__ = [
    "PRESETS",
    "PROFILES",
    "CameraPreset",
    "Entry",
    "Listing",
    "PassedOver",
    "Record",
    "SourceProfile",
    "Stripped",
    "TakenIn",
    "camera_name",
    "camera_preset",
    "list_photographs",
    "profile",
    "read_exif",
    "read_fact",
    "read_metadata",
    "strip",
    "take_in",
    "turned_previews",
]
