"""Configuration, read once at the edge: flag, then environment, then the workspace's file, then default."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from buffycoat.errors import InvalidSetting, UnreadableFile

if TYPE_CHECKING:
    from buffycoat.workflows.engine import Engine
    from buffycoat.workflows.people.provider import ProviderSettings

__all__ = ["Settings", "engine_for", "provider_of", "read_settings"]

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
    log: Literal["quiet", "json"] = Field(
        default="quiet", description="what the studio logs: warnings, or lines of JSON for each request too"
    )
    workers: int = Field(
        default=1, ge=0, le=64, description="processes that do jobs beside the studio; 0 where others do them"
    )
    engine: str = Field(
        default="",
        description="scheduler of a Dask cluster that does long work, as tcp://HOST:PORT; empty: this machine",
    )
    public_address: str = Field(
        default="", description="address at which browsers reach the studio, where a server stands before it"
    )
    trusted_proxies: str = Field(
        default="127.0.0.1,::1",
        description="servers before the studio whose word on who asks is believed: addresses and networks, with commas",
    )
    oidc_issuer: str = Field(default="", description="OpenID provider that people may sign in with; empty for none")
    oidc_name: str = Field(default="", description="what its button says, such as the name of the institution")
    oidc_client: str = Field(default="buffycoat", description="what the provider calls the studio")
    oidc_secret: SecretStr = Field(default=SecretStr(""), description="secret of the studio at the provider")
    oidc_secret_file: Path | None = Field(default=None, description="file that holds this secret instead")
    oidc_domains: str = Field(
        default="", description="domains of mail addresses that may sign in, with commas; empty for all"
    )
    oidc_handle_claim: str = Field(
        default="", description="claim whose text is the handle of a newcomer: email, or preferred_username"
    )
    oidc_role: Literal["", "viewer", "trainee", "expert"] = Field(
        default="", description="role of newcomers whom nobody invited; empty: they must be invited"
    )
    oidc_role_claim: str = Field(default="groups", description="claim that oidc_roles looks into")
    oidc_roles: dict[str, Literal["viewer", "trainee", "expert", "adjudicator", "curator"]] = Field(
        default_factory=dict, description="role of newcomers by what stands in that claim"
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


def engine_for(folder: Path, given: str | None = None) -> Engine:
    """Return the engine that does long work for a workspace.

    Parameters
    ----------
    folder : Path
        The workspace.
    given : str, optional
        Its address, from the command line; empty for this process, whatever the setting says.

    Raises
    ------
    InvalidSetting, MissingExtra
        As ``engine_at`` and ``read_settings``.
    """
    # Imported here: most commands compute nothing.
    from buffycoat.workflows.engine import engine_at  # noqa: PLC0415 (see above)

    return engine_at(read_settings(folder, engine=given)[0].engine)


def provider_of(settings: Settings) -> ProviderSettings | None:
    """Return the OpenID provider that the settings name; ``None`` where they name none.

    Raises
    ------
    InvalidSetting
        Its address is not safe, or the domains are checked by nothing.
    UnreadableFile
        The file of the secret cannot be read.
    """
    if not settings.oidc_issuer:
        return None
    # Imported here: most commands need neither network nor keys.
    from buffycoat.workflows.people.provider import ProviderSettings  # noqa: PLC0415 (see above)

    secret = settings.oidc_secret.get_secret_value()
    if settings.oidc_secret_file is not None:
        try:
            secret = settings.oidc_secret_file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise UnreadableFile(
                "the file of the secret cannot be read", found=settings.oidc_secret_file.name
            ) from error
    return ProviderSettings(
        issuer=settings.oidc_issuer,
        client=settings.oidc_client,
        secret=secret,
        name=settings.oidc_name,
        domains=tuple(each.strip().casefold() for each in settings.oidc_domains.split(",") if each.strip()),
        handle_claim=settings.oidc_handle_claim,
        role=settings.oidc_role,
        role_claim=settings.oidc_role_claim,
        roles=settings.oidc_roles,
    )
