"""The cleaning on messy pages of many kinds: what of the furniture is read, and what of the article is lost.

`pages/` taught rules; nothing was ever made for a page of `pages_unseen/`, and nobody looks at what goes
wrong there: its figures say what other pages give. Shares and counts may only fall.
"""

import tomllib
from pathlib import Path

import pytest

from page_furniture import measure_folder, read_pages

HERE = Path(__file__).parent
FLOORS = tomllib.loads((HERE / "pages_floors.toml").read_text(encoding="utf-8"))
PAGES = [page for folder in ("pages", "pages_unseen") for page in read_pages(HERE / folder)]


@pytest.mark.parametrize("folder", sorted(FLOORS))
def test_no_more_furniture_is_read_and_no_more_of_the_article_lost(folder):
    figures, _ = measure_folder(HERE / folder)
    assert figures.keys() == FLOORS[folder].keys()
    worse = {name: round(figures[name], 4) for name, most in FLOORS[folder].items() if figures[name] > most}
    assert worse == {}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page["id"])
def test_what_is_annotated_stands_in_the_page_and_is_one_thing_only(page):
    parts = ("boilerplate", "headings", "body")
    assert [line for part in parts for line in page[part] if line not in page["text"]] == []
    assert not set(page["body"]) & {*page["boilerplate"], *page["headings"]}
