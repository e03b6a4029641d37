"""What an operator puts around the bot: dashboard and alerts name what a running bot shows, unit and image
name settings that exist."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from digestbot.metrics import Metrics

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
