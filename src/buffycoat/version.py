"""The version, written down once; pyproject.toml is compared with it by a test."""

VERSION = "0.1.0"
