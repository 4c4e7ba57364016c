"""Thin shell: what a workspace holds, over HTTP, and the built front end beside it. Who may what: ``guards``."""

from __future__ import annotations

from buffycoat.service.app import create_app, make_ready

__all__ = ["create_app", "make_ready"]
