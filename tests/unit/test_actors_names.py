"""Names that are words as well, and whose countries they tell, each in sentences of our own."""

from __future__ import annotations

import pytest

from analysed import actors
from digestbot.analysis.lexicon import load_lexicon
from digestbot.analysis.nationality import affinity
from digestbot.model import ActorKind


def persons(text: str) -> set[str]:
    return {name for name, actor in actors(text).items() if actor.kind is ActorKind.PERSON}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The envoy, Jan Kowalik, agreed that the convoy would leave.", "Jan Kowalik"),
        ("Zin Mar Thu told Thailand that the vote was a sham.", "Zin Mar Thu"),
        ("Sun Lihua, China’s envoy, said no.", "Sun Lihua"),
        ("Juan Carlos Portugal, a lawyer in Peru, said she would stay.", "Juan Carlos Portugal"),
        ("Óscar Quispe, the police commander of Peru, keeps his post.", "Óscar Quispe"),
        ("Park Jin-gyu, South Korea’s trade minister, said he would wait.", "Park Jin-gyu"),
        ("Fiona Hill said the United States had lost a year.", "Fiona Hill"),
    ],
)
def test_names_that_are_words_places_or_months(text: str, name: str) -> None:
    assert name in persons(text)


@pytest.mark.parametrize(
    "text",
    [
        "On 3 Mar Peru and Chile signed; by 5 Jan Chile had left.",
        "Irena published its yearly figures on Tuesday, Germany said.",
        "Victoria Park was closed while police searched Hill Street.",
        "Khan Younis was bombed again, Israel said.",
        "Canada met Portugal, and Spain said it would join them.",
    ],
)
def test_words_places_and_months_that_are_no_names(text: str) -> None:
    assert persons(text) == set()


def test_an_owner_that_the_text_never_speaks_of_tells_no_country() -> None:
    speaker = "Rivo Rakotomalala, the head of the National Assembly, backed {}’s choice."
    assert actors(speaker.format("Madagascar"))["Rivo Rakotomalala"].country == "MG"
    assert actors(speaker.format("Venezuela"))["Rivo Rakotomalala"].country == "VE"
    party = "The Democratic Party’s Bat Ganzorig said {} needed elections."
    assert actors(party.format("Mongolia"))["Bat Ganzorig"].country == "MN"


def test_what_rules_a_state_has_its_ministers() -> None:
    text = "Niger welcomed the step. Issa Konaré, the Malian junta’s trade minister, called it dignified."
    assert actors(text)["Issa Konaré"].country == "ML"


def test_its_is_whose_body_opens_the_sentence() -> None:
    text = (
        "Eritrea said it would not join either side. "
        "Djibouti’s port authority said trade was normal, according to its chairman, Houmed Waiss."
    )
    assert actors(text)["Houmed Waiss"].country == "DJ"


def test_a_middle_name_at_home_in_a_country_makes_nobody_a_native() -> None:
    text = (
        "N’DJAMENA — Chad recalled its ambassador from Paris after French officials said that the French "
        "withdrawal would take until March. President Mahamat Idriss Abakar told reporters that the French "
        "government had three weeks to leave."
    )
    assert actors(text)["Mahamat Idriss Abakar"].country == "TD"
    native = text.replace("Mahamat Idriss Abakar", "Jean-Luc Marchand")
    assert actors(native)["Jean-Luc Marchand"].country == "FR"


@pytest.mark.parametrize(
    ("name", "country"),
    [
        ("Siaosi Fakafanua", "TO"),
        ("Zurab Gelashvili", "GE"),
        ("Guðrún Helgadóttir", "IS"),
        ("Nurlan Bekbolatov", "KG"),
    ],
)
def test_names_are_at_home_in_their_countries(name: str, country: str) -> None:
    fits = affinity(load_lexicon(), name.split())
    assert fits.get(country, 0.0) > max(fits.get("US", 0.0), fits.get("FR", 0.0))


def test_a_name_of_many_countries_tells_the_nationality_of_no_international_officer() -> None:
    text = "The secretary-general of the union, Luis Villanueva Carbajal, said that the talks would go on."
    found = actors(text).get("Luis Villanueva Carbajal")
    assert found is not None
    assert found.country is None
