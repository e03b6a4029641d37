"""How well reports of one event are brought together. Floors: they may rise, never fall.

Three sets of reports written by hand in pairs of events that are easily confused, and made-up news
(newsroom.py says what it is not).
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from digestbot.stories import cluster, outline_of
from newsroom import START, WRITTEN, Newsroom, Report, b_cubed, stored, written_reports

HERE = Path(__file__).parent
WRITTEN_F1 = {"story_reports": 0.99, "story_reports_world": 0.97, "story_reports_late": 0.89}
"""Measured 1, .972 and .899. Before anything was changed for them the second gave .814, and the third, by the
rules and the cut as they were then, .977."""
MADE_UP_F1 = 0.98
"""Measured .987 on 1,000 reports (precision 1)."""
SHORT_F1 = {"titles": 0.7, "first sentences": 0.92, "no titles": 0.9}
"""Measured on the first two sets together with less of each report: .732, .948 and .924."""


def labels_of(reports: list[Report]) -> list[int]:
    return cluster([outline_of(stored(number, report)) for number, report in enumerate(reports, 1)])


@pytest.mark.parametrize("name", WRITTEN)
def test_written_reports_come_together_by_event_and_never_across_events(name):
    reports = written_reports(name)
    precision, _, f1 = b_cubed(labels_of(reports), [report.event for report in reports])
    assert precision == 1.0
    assert f1 >= WRITTEN_F1[name]


@pytest.mark.parametrize("less", SHORT_F1)
def test_reports_come_together_where_feeds_give_little_of_them(less):
    shorter = {
        "titles": lambda report: replace(report, text=report.title),
        "first sentences": lambda report: replace(report, text=report.text.split(". ")[0] + "."),
        "no titles": lambda report: replace(report, title=""),
    }
    both = written_reports("story_reports") + written_reports("story_reports_world")
    reports = [shorter[less](report) for report in sorted(both, key=lambda report: report.published)]
    precision, _, f1 = b_cubed(labels_of(reports), [report.event for report in reports])
    assert precision >= 0.93
    assert f1 >= SHORT_F1[less]


@pytest.mark.parametrize("style", [str.title, str.upper, str.lower])
def test_headlines_in_capitals_tell_no_names(style):
    reports = written_reports("story_reports_world")
    styled = [replace(report, title=style(report.title)) for report in reports]
    assert b_cubed(labels_of(styled), [report.event for report in reports])[2] >= 0.95


def test_made_up_news_comes_together_by_event():
    reports = Newsroom(2, days=3).reports(1000)
    precision, _, f1 = b_cubed(labels_of(reports), [report.event for report in reports])
    assert precision >= 0.99
    assert f1 >= MADE_UP_F1


def test_documents_on_different_events_of_one_week_stay_apart():
    paths = sorted((HERE / "documents").glob("*.json"))
    texts = [json.loads(path.read_text())["text"] for path in paths]
    reports = [Report(place, text.split("\n")[0], text, "Courier", START) for place, text in enumerate(texts)]
    assert len(set(labels_of(reports))) == len(reports) > 20


@pytest.mark.parametrize(
    ("labels", "truth", "expected"),
    [
        ([0, 0, 1], ["a", "a", "b"], (1.0, 1.0, 1.0)),
        ([0, 0, 0], ["a", "a", "b"], (5 / 9, 1.0, 5 / 7)),
        ([0, 1, 2], ["a", "a", "b"], (1.0, 2 / 3, 0.8)),
    ],
)
def test_b_cubed_is_counted_as_defined(labels, truth, expected):
    assert b_cubed(labels, truth) == pytest.approx(expected)
