"""``buffycoat config`` tells settings, and of secrets only whether they are set."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(("secret", "said"), [("", "not set"), ("'quoted secret'", "set (hidden)")])
def test_a_secret_is_told_only_as_set_or_not(command, tmp_path, monkeypatch, secret: str, said: str):
    monkeypatch.delenv("BUFFYCOAT_OIDC_SECRET", raising=False)
    if secret:
        (tmp_path / "buffycoat.toml").write_text(f"oidc_secret = {secret}\n")
    printed = command("config", "--workspace", tmp_path)
    assert printed.status == 0, printed.err
    origin = "buffycoat.toml" if secret else "default"
    assert f"oidc_secret = {said}  ({origin})" in printed.out.splitlines()
    assert "port = 8000  (default)" in printed.out.splitlines()
    told = command("config", "--workspace", tmp_path, "--json")
    assert told.result["oidc_secret"] == {"value": said, "from": origin}
    assert "quoted" not in printed.out + told.out
    assert "SecretStr" not in printed.out + told.out
