"""The public site of a release that is named by its version or its folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from buffycoat.domain.taxonomy import Taxonomy
from buffycoat.domain.taxonomy_file import EDITIONS, SHIPPED, shipped
from buffycoat.errors import NotFound, SetupError
from buffycoat.publish.site_release import site_manifest
from buffycoat.workflows.editions import taxonomy_of
from buffycoat.workflows.publish import release_at
from buffycoat.workflows.releasing.site import SiteSummary, build_site
from buffycoat.workflows.runs import ShowProgress, no_progress
from buffycoat.workflows.workspace import open_workspace

__all__ = ["site_of"]


def site_of(
    workspace: Path,
    release: str,
    out: Path,
    *,
    older: Sequence[str] = (),
    archives: bool = True,
    progress: ShowProgress = no_progress,
) -> SiteSummary:
    """Build the site of a release.

    Parameters
    ----------
    workspace : Path
        Folder of the workspace in whose ``releases`` versions are looked for, and whose own taxonomies are known.
    release : str
        A version, or the folder of a release anywhere; then the workspace may be missing, or none of ours.
    out : Path
        A folder that is not there yet, or empty.
    older : sequence of str
        Versions or folders of the releases before, oldest first.
    archives : bool
        Pack zip files too.
    progress : callable
        Told of each hundred cells.

    Raises
    ------
    NotFound, DigestMismatch, UnreadableFormat, InputError, AlreadyExists, UnwritableFile, MissingExtra
        As :func:`build_site`.
    WorkspaceMissing, StoreUnreachable, SchemaTooNew
        The release is named by its version, and the workspace that knows its taxonomy cannot be opened.
    """
    folder = release_at(workspace, release)
    own = folder.resolve().parent == (workspace / "releases").resolve()
    return build_site(
        folder,
        out,
        older=[release_at(workspace, each) for each in older],
        taxonomy=_own_taxonomy(workspace, site_manifest(folder)["taxonomy"], needed=own),
        archives=archives,
        progress=progress,
    )


def _own_taxonomy(workspace: Path, reference: str, *, needed: bool) -> Taxonomy | None:
    """Return a taxonomy that only the workspace knows; one of a release from elsewhere is not looked for at any price.

    Without it the page names classes by their keys, and says how many boxes it leaves out.
    """
    if reference in EDITIONS or reference in {shipped(name).reference for name in SHIPPED}:
        return None
    # The word of a release is no file: as one it would be read, and kept in the workspace.
    if not workspace.is_dir() or reference.endswith(".toml"):
        return None
    try:
        with open_workspace(workspace) as opened:
            return taxonomy_of(opened, reference)
    except (SetupError, NotFound):
        if needed:
            raise
        return None
