"""The whole analysis on documents that came after the rules: nothing annotated is given, all is found.

`fresh/`, `varied/` and `kin/` were blind when they were written and have taught rules since; nothing is ever
made for a document of `unseen/`, `varied_unseen/` and `kin_unseen/`, so their figures say what a reader of
other documents gets.
Floors may only rise.
"""

import tomllib
from pathlib import Path

import pytest

from digestbot.analysis import analyse
from digestbot.evaluation import evaluate, load_gold
from digestbot.model import ExtractedText

HERE = Path(__file__).parent
FLOORS = tomllib.loads((HERE / "fresh_floors.toml").read_text(encoding="utf-8"))
#: Counts, of which there may be no more than the file says; all else are shares and may not be less.
COUNTS = ("leaks_", "actor_split")


@pytest.fixture(scope="module", params=sorted(FLOORS))
def measured(request):
    documents = load_gold(HERE / request.param)
    analyses = {d.id: analyse(ExtractedText(text=d.text, media_type="text/plain")) for d in documents}
    return request.param, evaluate(documents, analyses).as_dict()


def test_no_figure_falls_below_its_floor(measured):
    folder, figures = measured
    worse = {
        name: round(figures[name], 3)
        for name, floor in FLOORS[folder].items()
        if (figures[name] > floor if name.startswith(COUNTS) else figures[name] < floor)
    }
    assert worse == {}
