"""The audit log: what people did and were shown, noted, told, checked and exported."""

from buffycoat.workflows.audit.checking import export_log, verify_file, verify_log
from buffycoat.workflows.audit.showing import note_showings
from buffycoat.workflows.audit.sight import reads_now
from buffycoat.workflows.audit.telling import list_entries, set_actor

__all__ = ["export_log", "list_entries", "note_showings", "reads_now", "set_actor", "verify_file", "verify_log"]
