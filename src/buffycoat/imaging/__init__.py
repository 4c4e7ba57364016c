"""Pixels: how a picture is read, measured, cut and compared. Pure functions on arrays."""
