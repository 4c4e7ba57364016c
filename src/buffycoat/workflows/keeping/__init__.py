"""Keeping a workspace: backed up, restored, looked through, and smears withdrawn from it."""
