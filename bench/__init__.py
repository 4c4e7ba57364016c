"""Figures beside peers, measured in one run; see README.md in this folder."""
