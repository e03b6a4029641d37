"""What an operator puts around the bot: dashboard and alerts name what a running bot shows; unit, image and
compose file name settings, commands, paths and endpoints that exist, and fit one another."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import make_url
from typer.main import get_command

from digestbot.bot.commands import COMMANDS
from digestbot.cli.main import cli
from digestbot.metrics import Metrics
from digestbot.scheduler import JOBS
from digestbot.server import SOURCE_STATES, build_server

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r"(digestbot_\w+)(?:\{(\w+)[=~!])?")
BY = re.compile(r"by \(([\w, ]+)\)")


def shown() -> dict[str, set[str]]:
    """Names of samples that /metrics shows, with their labels."""
    metrics = Metrics()
    for metric in vars(metrics).values():
        if names := getattr(metric, "_labelnames", ()):
            metric.labels(**dict.fromkeys(names, "x"))
    found: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(generate_latest(metrics.registry).decode()):
        for sample in family.samples:
            found.setdefault(sample.name, set()).update(sample.labels)
    return found


def dashboard() -> list[dict]:
    return json.loads((ROOT / "deploy" / "grafana-dashboard.json").read_text(encoding="utf-8"))["panels"]


def expressions() -> list[str]:
    alerts = (ROOT / "deploy" / "prometheus-alerts.yaml").read_text(encoding="utf-8")
    drawn = [target["expr"] for panel in dashboard() for target in panel.get("targets", ())]
    return [*drawn, *(line for line in alerts.splitlines() if "digestbot_" in line)]


@pytest.mark.parametrize("expression", expressions())
def test_what_is_drawn_and_alerted_on_is_what_the_bot_shows(expression: str) -> None:
    known = shown()
    labels: set[str] = set()
    for name, label in NAMED.findall(expression):
        assert name in known
        assert not label or label in known[name]
        labels |= known[name]
    for group in BY.findall(expression):
        assert set(group.split(", ")) <= labels


def test_every_metric_is_drawn_somewhere() -> None:
    drawn = " ".join(expressions())
    families = text_string_to_metric_families(generate_latest(Metrics().registry).decode())
    names = [family.name for family in families if not family.name.endswith("_created")]
    assert names
    assert [name for name in names if name not in drawn] == []


def test_panels_do_not_overlap() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in dashboard():
        place = panel["gridPos"]
        columns = range(place["x"], place["x"] + place["w"])
        fields = {(x, y) for x in columns for y in range(place["y"], place["y"] + place["h"])}
        assert not fields & taken
        assert columns.stop <= 24
        taken |= fields


@pytest.mark.parametrize("file", ["Dockerfile", "compose.yaml", "deploy/digestbot.service"])
def test_every_variable_that_is_set_exists(file: str) -> None:
    page = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")  # kept true by a test of its own
    known = set(re.findall(r"DIGESTBOT_[A-Z_]+", page))
    named = set(re.findall(r"DIGESTBOT_[A-Z_]+", (ROOT / file).read_text(encoding="utf-8")))
    assert named
    assert {name.removesuffix("_FILE") for name in named} <= known


# --- what the labels of metrics are -------------------------------------------------------------------

LABELS = {
    ("digestbot_queue_depth", "state"): {"pending", "in_flight", "failed"},
    ("digestbot_sources", "state"): set(SOURCE_STATES),
    ("digestbot_last_tick_seconds", "job"): {job.name for job in JOBS},
}
"""Values that a running bot gives: a query for another one finds nothing, and nobody notices."""
SELECTOR = re.compile(r'(digestbot_\w+)\{(\w+)(=~?|!=)"([^"]*)"\}')


@pytest.mark.parametrize("expression", [one for one in expressions() if SELECTOR.search(one)])
def test_values_of_labels_are_those_the_bot_gives(expression: str) -> None:
    for name, label, sign, value in SELECTOR.findall(expression):
        if sign != "!=":
            assert set(value.split("|")) <= LABELS[name, label]


def test_alerts_are_rules_that_prometheus_can_read() -> None:
    (group,) = yaml.safe_load((ROOT / "deploy" / "prometheus-alerts.yaml").read_text(encoding="utf-8"))[
        "groups"
    ]
    names = [rule["alert"] for rule in group["rules"]]
    assert len(set(names)) == len(names) > 0
    for rule in group["rules"]:
        assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}
        assert rule["expr"].count("(") == rule["expr"].count(")")
        assert rule["annotations"]["summary"]
        assert rule["labels"]["severity"] in {"page", "ticket"}


# --- the page ---------------------------------------------------------------------------------------


def page() -> str:
    return (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")


def test_the_page_tells_every_metric_and_none_that_is_not() -> None:
    told = {
        name: set(re.findall(r"`(\w+)`", labels))
        for name, labels in re.findall(r"^\| `(digestbot_\w+)` \| ([^|]*) \|", page(), re.MULTILINE)
    }
    there = {
        name: labels - {"le"}
        for name, labels in shown().items()
        if not name.endswith(("_created", "_bucket", "_sum"))
    }
    assert told == {name.removesuffix("_count"): labels for name, labels in there.items()}


def test_what_the_page_names_is_there() -> None:
    for path in re.findall(r"`((?:deploy|docs|config)/[\w./-]+|compose\.yaml|Dockerfile)`", page()):
        assert (ROOT / path).exists(), path
    for name in ("compose.yaml", *(f"deploy/{one.name}" for one in (ROOT / "deploy").iterdir())):
        assert name in page()
    for path in re.findall(r"`(/(?:healthz|readyz|metrics|telegram))`", page()):
        assert path == "/telegram" or path in endpoints()
    configuration = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    for name in set(re.findall(r"DIGESTBOT_[A-Z_]+[A-Z]", page())):
        assert name.removesuffix("_FILE") in configuration
    commands = get_command(cli).commands  # type: ignore[attr-defined]
    for words in re.findall(
        r"(?:^    |`)digestbot (?:--config \S+ )?([a-z-]+(?: [a-z-]+)?)", page(), re.MULTILINE
    ):
        first, _, second = words.partition(" ")
        assert first in commands, words
        assert not hasattr(commands[first], "commands") or second in commands[first].commands, words
    chat = {command.name for command in COMMANDS}
    assert set(re.findall(r"`/([a-z]+)(?: [^`]*)?`", page())) <= chat | {
        "healthz",
        "readyz",
        "metrics",
        "telegram",
        "tmp",
        "data",
    }


# --- the image ----------------------------------------------------------------------------------------


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's steps: instruction and what follows it."""
    text = re.sub(r"\\\n\s*", "", (ROOT / "Dockerfile").read_text(encoding="utf-8"))
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(line.split()[0], line.partition(" ")[2]) for line in lines]


def image_environment() -> dict[str, str]:
    return dict(
        one.split("=", 1) for name, words in instructions() if name == "ENV" for one in shlex.split(words)
    )


def endpoints() -> set[str]:
    routes = build_server(None, Metrics()).routes  # type: ignore[arg-type]  # nothing is asked of it
    return {route.path for route in routes}  # type: ignore[attr-defined]


def command(*words: str) -> None:
    """Fails unless digestbot has this command, with these options before it."""
    group = get_command(cli)
    context = group.make_context("digestbot", list(words), resilient_parsing=True)
    name = next(word for word in reversed(words))
    assert name in group.commands  # type: ignore[attr-defined]
    known = {option for parameter in group.params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= known
    assert context is not None


def test_the_image_copies_what_there_is_and_what_is_let_through() -> None:
    let = {
        line.removeprefix("!")
        for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
        if line.startswith("!")
    }
    copied = [
        source
        for name, words in instructions()
        if name == "COPY" and not words.startswith("--from")
        for source in words.split()[:-1]
    ]
    assert copied
    for source in copied:
        assert (ROOT / source).exists(), source
        assert source in let, source


def test_the_image_installs_extras_that_exist_and_runs_a_command_that_exists() -> None:
    steps = dict(instructions())
    (wanted,) = re.findall(r"\"\.\[([\w,]+)\]\"", (ROOT / "Dockerfile").read_text(encoding="utf-8"))
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for extra in wanted.split(","):
        assert re.search(rf"^{extra} = \[", project, re.MULTILINE)
    (program,) = json.loads(steps["ENTRYPOINT"])
    assert re.search(rf'^{program} = "', project, re.MULTILINE)
    command(*json.loads(steps["CMD"]))


def test_the_images_health_check_asks_an_endpoint_where_it_listens() -> None:
    steps, environment = dict(instructions()), image_environment()
    (address,) = re.findall(r"http://[^']+", steps["HEALTHCHECK"])
    asked = urlsplit(address)
    assert asked.path in endpoints()
    assert str(asked.port) == environment["DIGESTBOT_SERVER_PORT"]
    assert asked.hostname == environment["DIGESTBOT_SERVER_HOST"]


# --- compose ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    return found


def test_compose_runs_replicas_that_share_database_and_settings(compose: dict[str, Any]) -> None:
    bot, database = compose["services"]["bot"], compose["services"]["database"]
    assert set(compose["services"]) == {"bot", "database"}
    assert bot["deploy"]["replicas"] >= 2
    assert bot["depends_on"]["database"]["condition"] == "service_healthy"
    # One address for all of them, out of a secret; and none of them has a volume of its own.
    assert bot["environment"]["DIGESTBOT_DATABASE_URL_FILE"] == "/run/secrets/database_url"
    assert "DIGESTBOT_DATABASE_URL" not in bot["environment"]
    mounts = {volume.split(":")[1]: volume.split(":") for volume in bot["volumes"]}
    assert set(mounts) == {"/documents", "/etc/digestbot"}
    assert all(mount[2] == "ro" for mount in mounts.values())
    assert (ROOT / mounts["/etc/digestbot"][0]).is_dir()
    assert image_environment()["DIGESTBOT_CONFIG"].startswith("/etc/digestbot/")
    assert image_environment()["DIGESTBOT_WATCH_FOLDERS"] == "/documents"
    assert "container_name" not in bot  # two containers cannot have one
    assert "ports" not in bot  # nor one port of the machine
    assert bot["expose"] == [image_environment()["DIGESTBOT_SERVER_PORT"]]
    assert database["volumes"] == ["database:/var/lib/postgresql/data"]
    assert "database" in compose["volumes"]
    assert "ports" not in database


def test_composes_database_is_the_one_that_the_bots_address_names(compose: dict[str, Any]) -> None:
    (line,) = re.findall(r"postgresql\+psycopg://\S+", (ROOT / "compose.yaml").read_text(encoding="utf-8"))
    address = make_url(line)
    environment = compose["services"]["database"]["environment"]
    assert address.host in compose["services"]
    assert (address.username, address.database) == (environment["POSTGRES_USER"], environment["POSTGRES_DB"])
    (_, check) = compose["services"]["database"]["healthcheck"]["test"]
    assert check == f"pg_isready -U {address.username} -d {address.database}"


def test_composes_secrets_are_declared_mounted_and_named(compose: dict[str, Any]) -> None:
    head = (ROOT / "compose.yaml").read_text(encoding="utf-8").partition("services:")[0]
    used = set()
    for service in compose["services"].values():
        paths = [value for value in service["environment"].values() if str(value).startswith("/run/secrets/")]
        assert {path.rpartition("/")[2] for path in paths} == set(service["secrets"])
        used |= set(service["secrets"])
    assert used == set(compose["secrets"])
    for secret in compose["secrets"].values():
        assert secret["file"] in head  # it is said that it must be written


def test_compose_builds_the_image_here_and_lets_it_stop_in_order(compose: dict[str, Any]) -> None:
    bot = compose["services"]["bot"]
    assert (ROOT / bot["build"] / "Dockerfile").is_file()
    assert bot["read_only"] is True
    user = dict(instructions())["USER"].partition(":")[0]
    assert f"/data:uid={user}" in bot["tmpfs"]
    assert "/tmp" in bot["tmpfs"]
    assert int(bot["stop_grace_period"].removesuffix("s")) > 10  # what is being sent is finished within 10 s


# --- systemd ------------------------------------------------------------------------------------------


def unit() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in (ROOT / "deploy" / "digestbot.service").read_text(encoding="utf-8").splitlines():
        if "=" in line and not line.startswith("#"):
            found.setdefault(line.partition("=")[0], []).append(line.partition("=")[2])
    return found


def test_the_unit_starts_a_command_that_exists() -> None:
    program, *words = unit()["ExecStart"][0].split()
    assert Path(program).name == "digestbot"
    command(*words)
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert str(Path(program).parents[1]) in page  # where the page says to install it


def test_the_unit_gives_secrets_state_and_time_to_stop() -> None:
    found = unit()
    (credential,) = found["LoadCredential"]
    assert f"DIGESTBOT_TELEGRAM_TOKEN_FILE=%d/{credential.partition(':')[0]}" in found["Environment"]
    assert f"DIGESTBOT_DATA_DIR=/var/lib/{found['StateDirectory'][0]}" in found["Environment"]
    assert int(found["TimeoutStopSec"][0]) > 10
    assert found["Restart"] == ["on-failure"]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_systemd_knows_every_line_of_the_unit(tmp_path: Path) -> None:
    text = (ROOT / "deploy" / "digestbot.service").read_text(encoding="utf-8")
    program = unit()["ExecStart"][0].split()[0]
    here = tmp_path / "digestbot.service"
    here.write_text(text.replace(program, sys.executable), encoding="utf-8")
    found = subprocess.run(
        ["systemd-analyze", "verify", str(here)], capture_output=True, text=True, check=False
    )
    assert found.returncode == 0
    assert str(here) not in found.stderr  # it only warns of lines it does not know
