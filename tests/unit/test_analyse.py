"""The whole analysis: what it hands on, that all of it quotes the text, and what the sample must give."""

import gc
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digestbot import analysis
from digestbot.analysis import analyse
from digestbot.analysis.explain import explain
from digestbot.findings import analysis_from_json, analysis_to_json
from digestbot.model import CONTENT_LABELS, Analysis, ConditionType, Domain, ExtractedText

SAMPLE = (Path(__file__).parents[2] / "seeds" / "pakistan-gaza-stabilisation-force.txt").read_text(
    encoding="utf-8"
)
PRECONDITION, DEMAND = ConditionType.PRECONDITION, ConditionType.DEMAND


def extracted(text: str, **about: str) -> ExtractedText:
    return ExtractedText(text=text, media_type="text/plain", **about)


@pytest.fixture(scope="module")
def sample() -> Analysis:
    return analyse(extracted(SAMPLE))


@pytest.mark.parametrize(
    ("type_", "domain", "words"),
    [
        (DEMAND, Domain.MILITARY, "command the proposed ISF"),
        (PRECONDITION, Domain.POLITICAL, "broad international backing, including political assurances"),
        (PRECONDITION, Domain.ECONOMIC, "economic and security guarantees"),
        (DEMAND, Domain.POLITICAL, "two-state solution"),
        (DEMAND, Domain.ECONOMIC, "US support to attract investment and secure fresh loans"),
    ],
)
def test_the_sample_gives_what_pakistan_ties_its_troops_to(
    sample: Analysis, type_: ConditionType, domain: Domain, words: str
) -> None:
    [found] = [condition for condition in sample.conditions if words in condition.text]
    assert (found.type, found.domain, found.holder) == (type_, domain, "Pakistan")


def assert_quotes(text: str, found: Analysis) -> None:
    names = {actor.name for actor in found.actors}
    content = [block for block in found.blocks if block.label in CONTENT_LABELS]
    for condition in found.conditions:
        assert text[condition.start : condition.end] == condition.text
        assert text[condition.sentence_start : condition.sentence_end] == condition.sentence
        assert condition.sentence_start <= condition.start < condition.end <= condition.sentence_end
        assert {condition.holder, condition.addressee, condition.speaker} - {None} <= names
        assert any(b.start <= condition.start and condition.end <= b.end for b in content)
    for bullet in found.bullets:
        assert text[bullet.start : bullet.end] == bullet.text
    starts = [condition.start for condition in found.conditions]
    assert starts == sorted(starts)


def test_every_finding_of_the_sample_quotes_the_text(sample: Analysis) -> None:
    assert_quotes(SAMPLE, sample)


_PIECES = st.sampled_from(
    [
        *(
            "Iran",
            "the Kremlin",
            "Joe Smith",
            "the hostages",
            "he said",
            "said",
            "warned",
            "demanded",
            "urged",
        ),
        *("ask", "in return", "either"),
        *("if", "unless", "only", "until", "contingent on", "or", "must", "should", "by Friday"),
        *("that", "to", "for", "withdraw", "would", "will", "not", "and", "as well as", "'s", "“", "”"),
        *(",", ".", ";", ":", "?", "—", "- ", "\n"),
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(_PIECES, max_size=40))
def test_every_finding_of_any_text_quotes_it(pieces: list[str]) -> None:
    text = " ".join(pieces)
    assert_quotes(text, analyse(extracted(text, language="en")))


def test_the_same_text_gives_the_same_analysis(sample: Analysis) -> None:
    assert analyse(extracted(SAMPLE)) == sample


def test_the_number_of_bullets_can_be_chosen() -> None:
    assert len(analyse(extracted(SAMPLE), bullets=2).bullets) == 2
    assert analyse(extracted(SAMPLE), bullets=0).bullets == ()


def test_an_empty_text_gives_an_empty_analysis() -> None:
    found = analyse(extracted(""))
    assert (found.sentences, found.bullets, found.actors, found.conditions) == ((), (), (), ())


def test_conditions_are_looked_for_in_english_only() -> None:
    text = "Le président a exigé le retrait immédiat des troupes si la trêve ne tient pas. " * 3
    found = analyse(extracted(text))
    assert (found.language, found.conditions) == ("fr", ())


def test_the_title_of_the_metadata_goes_before_the_headline() -> None:
    headline = "Ruritania Asks Its Neighbours for Grain"
    text = f"{headline}\n\nRuritania asked its neighbours for grain on Monday. The harvest had been poor."
    assert analyse(extracted(text)).title == headline
    assert analyse(extracted(text, title="Grain")).title == "Grain"


def test_the_analyser_names_code_cues_and_lexicon(sample: Analysis) -> None:
    assert sample.analyser == analysis.ANALYSER
    assert analysis.ANALYSER.count("+") == 2


def test_importing_the_package_imports_nothing_heavy() -> None:
    heavy = "numpy scipy sklearn sumy py3langid sentencex"
    program = f"import sys, digestbot.analysis; print(*[m for m in '{heavy}'.split() if m in sys.modules])"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == ""


def test_each_finding_of_the_sample_is_explained(sample: Analysis) -> None:
    explanations = explain(extracted(SAMPLE), sample)
    assert [e.kind for e in explanations] == (
        ["bullet"] * len(sample.bullets)
        + ["actor"] * len(sample.actors)
        + ["condition"] * len(sample.conditions)
    )
    assert all(e.reasons for e in explanations)
    command = next(
        e for e in explanations if e.kind == "condition" and "command the proposed ISF" in e.subject
    )
    assert "cue: want (demand)" in command.reasons
    assert "set by Pakistan" in command.reasons


def test_an_actors_country_is_explained() -> None:
    """Each by another rule: the lexicon, an adjective before the office, what somebody leads, the name."""
    text = (
        "Talks in Brussels\n\nGerman Green MEP Daniel Freund criticised Hungary. "
        "Vadim Krasnoselsky, who leads the unrecognised Transnistria, declined to answer."
    )
    source = ExtractedText(text=text, media_type="text/plain")
    reasons = {one.subject: one.reasons for one in explain(source, analyse(source)) if one.kind == "actor"}
    assert "country HU: its entry in the lexicon" in reasons["Hungary"]
    assert "country DE: title, office or apposition in the text" in reasons["Daniel Freund"]
    assert "country MD: title, office or apposition in the text" in reasons["Vadim Krasnoselsky"]


def test_a_country_the_text_does_not_tell_is_weighed_and_said_to_be() -> None:
    text = (
        "Talks in Lima\n\nPeru wants the port back. Peruvian minister Ana Quispe said so in Lima. "
        "Hugo Flores asked Peru to wait. Flores spoke for an hour."
    )
    analysis = analyse(ExtractedText(text=text, media_type="text/plain"))
    countries = {one.name: (one.country, one.country_weighed, one.told_country) for one in analysis.actors}
    assert countries["Ana Quispe"] == ("PE", False, "PE")
    assert countries["Hugo Flores"] == ("PE", True, None)
    assert analysis_from_json(analysis_to_json(analysis)) == analysis


def test_a_counterpart_is_of_another_country() -> None:
    text = (
        "The two spoke by phone\n\nUS national security adviser Jake Sullivan phoned his counterpart "
        "Eduardo Ano. The Philippines thanked him. Foreign Secretary Enrique Manalo of Manila was glad."
    )
    actors = {
        one.name: one.country for one in analyse(ExtractedText(text=text, media_type="text/plain")).actors
    }
    assert actors["Jake Sullivan"] == "US"
    assert actors["Eduardo Ano"] == "PH"
    assert actors["Enrique Manalo"] == "PH"


def test_an_analysis_leaves_the_garbage_collector_as_it_is() -> None:
    frozen = gc.get_freeze_count()
    analyse(extracted("Kenya will sign unless Uganda objects."))
    assert gc.get_freeze_count() == frozen
