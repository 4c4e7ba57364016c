"""What `buffycoat site` says when it is done, and what it does not do."""

from __future__ import annotations

import pytest

from buffycoat.cli.commands import site as saying
from buffycoat.workflows.releasing.site import SiteSummary

BUILT = SiteSummary(version="1", cells=1587, fields=237, crops=0, files=597, size_bytes=1, index="out/index.html")
ALONE = SiteSummary(version="1", cells=1587, fields=237, crops=1350, files=597, size_bytes=1, index="out/index.html")


@pytest.mark.parametrize(
    ("built", "said"),
    [
        (BUILT, "1,587 cells of 237 photographs, 597 files"),
        (ALONE, "1,587 cells of 237 photographs and 1,350 crops that came alone, 597 files"),
    ],
)
def test_crops_that_came_alone_are_not_called_photographs(command, monkeypatch, built, said):
    monkeypatch.setattr(saying, "site_of", lambda *_, **__: built)
    assert said in " ".join(command("site", "1", "--out", "out").out.split())
    told = command("site", "1", "--out", "out", "--json").result
    assert (told["fields"], told["crops"]) == (built.fields, built.crops)


def test_site_in_a_release_is_refused_before_anything_is_written(command, demo_workspace):
    release = demo_workspace / "releases" / "demo-1"
    before = sorted(release.rglob("*"))
    done = command("site", "demo-1", "--workspace", demo_workspace, "--out", release / "public")
    assert done.status == 2
    assert "break its seal" in " ".join(done.err.split())
    assert sorted(release.rglob("*")) == before
