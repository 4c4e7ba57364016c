"""The container files say what they promise. They are read here, not built: building needs a daemon and a network."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from buffycoat.settings import Settings

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "container"
COMPOSE: dict[str, Any] = yaml.safe_load((FOLDER / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
BUILT = {"app", "worker", "objects", "bucket", "proxy"}
STEPS = [line.split(None, 1) for line in re.sub(r"\\\n", " ", (FOLDER / "Dockerfile").read_text()).splitlines() if line and not line.startswith("#")]  # fmt: skip
PINNED = re.compile(r"[a-z/-]+:\d+\.\d+[\w.-]*")


def stages() -> dict[str, list[list[str]]]:
    found: dict[str, list[list[str]]] = {}
    for step in STEPS:
        if step[0] == "FROM":
            found[step[1].split(" AS ")[1]] = []
        list(found.values())[-1].append(step)
    return found


@pytest.mark.parametrize("name", SERVICES)
def test_each_service_runs_as_nobody_in_particular_and_writes_only_where_it_must(name: str):
    service = SERVICES[name]
    user, group = map(int, service["user"].split(":"))
    assert min(user, group) > 0
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service.get("cap_add", []) == (["NET_BIND_SERVICE"] if name == "proxy" else [])
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert all(re.search(r"size=\d", each) for each in service["tmpfs"])
    assert service["pids_limit"]
    assert not {"privileged", "network_mode", "pid", "ipc", "devices"} & set(service)
    assert not any("docker.sock" in each for each in service.get("volumes", ()))
    assert "healthcheck" in service or name == "app", "that of the app stands in its image"


@pytest.mark.parametrize("name", SERVICES)
def test_each_image_has_a_version(name: str):
    assert PINNED.fullmatch(SERVICES[name]["image"])
    assert (name in BUILT) == SERVICES[name]["image"].startswith("buffycoat/")


def test_only_the_proxy_is_reached_from_outside_and_stores_reach_nobody():
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert COMPOSE["networks"]["back"] == {"internal": True}
    for name in ("database", "objects", "bucket", "worker"):
        assert SERVICES[name]["networks"] == ["back"]
    (front,) = COMPOSE["networks"]["front"]["ipam"]["config"]
    assert SERVICES["app"]["environment"]["BUFFYCOAT_TRUSTED_PROXIES"] == front["subnet"]


def test_settings_exist_and_secrets_come_from_files():
    beside = {"BUFFYCOAT_DATABASE_FILE", "BUFFYCOAT_OBJECTS", "BUFFYCOAT_WORKSPACE"}
    known = {f"BUFFYCOAT_{name.upper()}" for name in Settings.model_fields} | beside
    image = " ".join(rest for word, rest in STEPS if word == "ENV")
    named = set(re.findall(r"BUFFYCOAT_[A-Z_]+", (FOLDER / "compose.yaml").read_text() + image))
    assert named <= known
    settings = (ROOT / "docs" / "settings.md").read_text()
    assert [name for name in sorted(named) if f"`{name}`" not in settings] == []
    for name, service in SERVICES.items():
        for variable, text in service.get("environment", {}).items():
            if re.search(r"PASSWORD|SECRET|CREDENTIALS|DATABASE|KEY", variable):
                assert text.startswith("/run/secrets/"), (name, variable)
                assert text.rpartition("/")[2] in service["secrets"]
    for name, secret in COMPOSE["secrets"].items():
        assert secret == {"file": secret["file"]}, name
        assert secret["file"].startswith("./secrets/")
    assert "container/secrets/" in (ROOT / ".gitignore").read_text()


def test_what_is_named_in_one_place_is_there_in_the_other():
    for name, service in SERVICES.items():
        assert set(service.get("secrets", ())) <= set(COMPOSE["secrets"])
        assert set(service["networks"]) <= set(COMPOSE["networks"])
        assert set(service.get("depends_on", ())) <= set(SERVICES)
        for volume in service.get("volumes", ()):
            source = volume.partition(":")[0]
            assert source in COMPOSE["volumes"] or (FOLDER / source).exists(), (name, source)
        if build := service.get("build"):
            assert build["target"] in stages()
            assert (FOLDER / build["context"] / build["dockerfile"]).resolve() == FOLDER / "Dockerfile"
            user = next(rest for word, rest in stages()[build["target"]] if word == "USER")
            assert user == service["user"]


def test_the_images_are_built_from_versions_and_digests_and_end_as_a_user():
    known = {"FROM", "WORKDIR", "COPY", "RUN", "ENV", "USER", "VOLUME", "EXPOSE", "HEALTHCHECK", "ENTRYPOINT", "CMD"}
    assert {word for word, _ in STEPS} <= known
    for name, steps in stages().items():
        assert PINNED.fullmatch(steps[0][1].split(" AS ")[0]), name
        if name in BUILT:
            assert [int(rest.split(":")[0]) for word, rest in steps if word == "USER"][-1] > 0
        for word, rest in steps:
            if word == "COPY" and not rest.startswith("--from"):
                for source in rest.split()[:-1]:
                    assert (ROOT / source).exists(), source
    pip = [rest for _, rest in STEPS if "pip install" in rest]
    assert any("--require-hashes" in each for each in pip)
    assert "npm ci" in (FOLDER / "Dockerfile").read_text()


def test_what_is_sent_to_the_builder_is_a_list_of_what_it_needs():
    lines = [line for line in (FOLDER / "Dockerfile.dockerignore").read_text().splitlines() if line and line[0] != "#"]
    assert lines[0] == "*"
    sent = {line[1:] for line in lines if line.startswith("!")}
    copied = {source.rstrip("/") for word, rest in STEPS if word == "COPY" and "--from" not in rest for source in rest.split()[:-1]}  # fmt: skip
    assert {each for each in copied if each.split("/")[0] not in sent and each not in sent} == set()


def test_the_pins_are_those_that_the_tests_run_on():
    def pinned(name: str) -> dict[str, str]:
        text = (ROOT / "requirements" / name).read_text()
        return dict(re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", text, re.MULTILINE))

    held, tested = pinned("container.txt"), pinned("dev.txt")
    assert {name: version for name, version in held.items() if tested.get(name) != version} == {}
    assert {"psycopg-binary", "s3fs", "uvicorn"} <= set(held)
