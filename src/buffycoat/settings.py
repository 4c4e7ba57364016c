"""Configuration, read once at the edge: flag, then environment, then the workspace's file, then default."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from buffycoat.errors import InvalidSetting

__all__ = ["Settings", "read_settings"]

_PREFIX = "BUFFYCOAT_"


class Settings(BaseSettings):
    """Every setting, with its default; ``BUFFYCOAT_<NAME>`` in the environment or ``<name>`` in ``buffycoat.toml``."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, extra="forbid", frozen=True)

    host: str = Field(default="127.0.0.1", description="address that the studio listens on")
    port: int = Field(default=8000, ge=0, le=65535, description="port that the studio listens on; 0 takes a free one")
    guests: Literal["auto", "yes", "no"] = Field(
        default="auto",
        description="whether those who are not signed in may look; auto: where the studio listens on this machine only",
    )
    max_megapixels: float = Field(
        default=200.0, gt=0, description="larger pictures are refused before they are decoded"
    )
    release_license: str = Field(
        default="", description="license named in releases where nothing else names one; SPDX, such as CC-BY-4.0"
    )


def read_settings(folder: Path | None = None, **flags: Any) -> tuple[Settings, dict[str, str]]:
    """Return the settings, and where each came from.

    Parameters
    ----------
    folder : Path, optional
        The workspace, for its ``buffycoat.toml``.
    **flags
        Values given on the command line; ``None`` means not given.

    Raises
    ------
    InvalidSetting
        A value is not allowed, or the file names a setting that does not exist.
    """
    given = {name: value for name, value in flags.items() if value is not None}
    environment = {name for name in Settings.model_fields if f"{_PREFIX}{name.upper()}" in os.environ}
    file = folder / "buffycoat.toml" if folder else None
    written: dict[str, Any] = {}
    if file is not None and file.is_file():
        try:
            written = tomllib.loads(file.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise InvalidSetting("buffycoat.toml cannot be read", found=str(error)) from error
    # pydantic-settings lets arguments win over the environment: from the file goes in only what neither of them says.
    arguments = {name: value for name, value in written.items() if name not in environment} | given
    try:
        settings = Settings(**arguments)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"]) or "setting"
        raise InvalidSetting(
            f"setting {name} is not allowed", expected=first["msg"].lower(), found=repr(first.get("input"))
        ) from error
    origins = {
        name: "flag"
        if name in given
        else "environment"
        if name in environment
        else "buffycoat.toml"
        if name in written
        else "default"
        for name in Settings.model_fields
    }
    return settings, origins
