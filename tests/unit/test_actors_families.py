"""Families of actors that documents nobody had tuned on were short of, each in sentences of our own."""

from __future__ import annotations

import pytest

from analysed import actors
from digestbot.analysis import analyse
from digestbot.analysis.lexicon import load_lexicon
from digestbot.model import Actor, ActorKind, Analysis, ExtractedText


def read(text: str) -> Analysis:
    return analyse(ExtractedText(text, "text/plain"))


def names(text: str) -> set[str]:
    return set(actors(text))


def actor(text: str, name: str) -> Actor:
    found = actors(text)
    assert name in found, set(found)
    return found[name]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("In a letter to the Security Council, Baghdad asked that the inspectors leave.", "Iraq"),
        ("Lima demanded an explanation from Canberra over the contract.", "Australia"),
        ("Oslo made it clear to Tallinn that it expected an answer.", "Estonia"),
        ("Kyiv and its European partners have been pressing for a truce.", "Ukraine"),
        ("Wellington shelves the rule that angered its neighbours.", "New Zealand"),
        ("Berlin isn't there yet.", "Germany"),
        ("Spare a thought for the Dutch.", "Netherlands"),
        ("The Obama administration lifted the ban.", "United States"),
    ],
)
def test_governments_in_places_that_hide_them(text: str, name: str) -> None:
    assert name in names(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            "Ghana's foreign ministry spokesman, Kojo Arthur, denied it.",
            "Ministry of Foreign Affairs of Ghana",
        ),
        ("President Mwai Otieno of Kenya spoke. His energy ministry says no.", "Ministry of Energy of Kenya"),
        ("Zambia has agreed. The mines ministry said the sale would go on.", "Ministry of Mines of Zambia"),
        ("The bill reaches parliament in Kenya next week.", "Parliament of Kenya"),
        ("Armenia, having signed, continues to keep its armed forces there.", "Armed Forces of Armenia"),
        (
            "The Quai d'Orsay said the ambassador would stay.",
            "Ministry for Europe and Foreign Affairs of France",
        ),
    ],
)
def test_institutions_are_those_of_their_owner(text: str, name: str) -> None:
    assert name in names(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The Chamber of Textile Consumers (CTC) served notice on it.", "Chamber of Textile Consumers"),
        ("A tribunal of the Lakeside Centre for Settlement of Water Disputes ruled on it.",
         "Lakeside Centre for Settlement of Water Disputes"),
        ("The Official Bondholder Committee put its name to a memorandum.", "Official Bondholder Committee"),
        ("A joint inspection by Harbour Guard Bangladesh is planned.", "Harbour Guard Bangladesh"),
        ("The mill's operator, Zamtir, was nationalised in June.", "Zamtir"),
        ("The construction union Obrera has given notice of a strike.", "Obrera"),
        ("His party, Nueva Senda, has asked that the minister be called.", "Nueva Senda"),
    ],
)  # fmt: skip
def test_organisations_keep_the_whole_of_their_name(text: str, name: str) -> None:
    assert actor(text, name).kind is ActorKind.ORGANISATION


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("In Malaysia he sees He Wenhao, China's vice premier.", "He Wenhao"),
        ("He Wenhao, who has met him in Geneva, says less.", "He Wenhao"),
        ("Guests from Somalia's Omar Sheikh Warsame down heard it.", "Omar Sheikh Warsame"),
        ("The Foreign Adviser Md. Tanvir Hossain explained it to India.", "Md. Tanvir Hossain"),
    ],
)
def test_names_of_words_and_honorifics_stay_whole(text: str, name: str) -> None:
    assert name in names(text)


@pytest.mark.parametrize(
    ("text", "name", "country"),
    [
        ("Israel and Lebanon met. Amos Brandt, the American go-between, let them know.", "Amos Brandt", "US"),
        (
            "Israel and Iran met. Sam Cole and Ted Lane, the envoys of the United States, sat in.",
            "Sam Cole",
            "US",
        ),
        ("Egypt and Sudan met. Mullah Abdul Wali Noor of Afghanistan spoke.", "Abdul Wali Noor", "AF"),
    ],
)
def test_appositions_with_a_common_noun_tell_whose_somebody_is(text: str, name: str, country: str) -> None:
    assert actor(text, name).country == country


def test_a_country_without_ministers_has_no_security_minister() -> None:
    text = "Panama and the United States signed it. Security Minister Raúl Batista put his name to it."
    assert actor(text, "Raúl Batista").country == "PA"


@pytest.mark.parametrize(
    "text",
    [
        "They met in the Museum of Modern Art.",
        "Money for Emergency Relief has run out in El Fasher.",
        "The plan's Action Plan on Cable Security was adopted.",
        "Join the Cooperative Framework Agreement, it tells them.",
    ],
)
def test_titles_of_things_are_nobody(text: str) -> None:
    assert not [a for a in read(text).actors if a.kind in {ActorKind.PERSON, ActorKind.ORGANISATION}]


def test_who_only_asks_is_no_actor() -> None:
    text = (
        "ANNA PELL: Minister, will the army go back to its barracks in Myanmar?\n\n"
        "KYAW MIN OO: It must. We in Myanmar have said so since the coup.\n\n"
        "ANNA PELL: And what do you ask of China?\n\n"
        "KYAW MIN OO: That China stop selling the jet fuel, and that it talks to us.\n\n"
        "ANNA PELL: Do you expect an answer?\n\n"
        "KYAW MIN OO: China will answer, or it will lose the border trade."
    )
    found = names(text)
    assert "Anna Pell" not in found
    assert "Kyaw Min Oo" in found


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("Aid agencies urged the government to reverse the ban.", "Aid agencies"),
        ("Gunmen ambushed a police patrol in the north.", "police"),
        ("Farmers asked the agriculture minister for cheaper fuel.", "agriculture minister"),
        ("Rebels attacked a camp for displaced Tutsis at dawn.", "Tutsis"),
        ("FARC to Colombia's mayors: quit your posts by next week", "mayors"),
    ],
)
def test_short_texts_are_about_every_party_they_name(text: str, part: str) -> None:
    assert any(part in name for name in {m.text for a in read(text).actors for m in a.mentions})


def test_counted_people_are_no_party_of_a_longer_text() -> None:
    text = (
        "Turkey has spoken. More than 40,000 people have died. The war is long. Iran said nothing. It waits."
    )
    assert "People" not in names(text)


def test_who_only_listens_or_is_only_a_source_is_no_party() -> None:
    told = "Four gates stay shut. The talks ended late. The envoy left. All was calm, he told reporters. "
    said = "She may resign, diplomats said. Farmers blocked the crossing."
    found = names(told + said)
    assert {"Reporters", "Diplomats"}.isdisjoint(found)
    assert "Farmers" in found


def test_an_acronym_of_one_country_needs_that_country_in_a_longer_text() -> None:
    text = "Guyana voted. The AFC said no. The APNU agreed. Guyana waits. The count goes on. It is slow."
    assert "Congo River Alliance" not in names(text)


def test_acronyms_that_are_words_count_only_in_capitals() -> None:
    assert "People's Liberation Army Navy" not in names("China signed the Plan of the ministers.")
    assert "People's Liberation Army Navy" in names("China said the PLAN would sail.")


@pytest.mark.parametrize("text", ["the Commission has been told to come back", "So the Commission must wait"])
def test_the_commission_is_the_european_one_where_the_union_is_spoken_of(text: str) -> None:
    assert "European Commission" in names(f"The European Union met on Friday, and {text}.")
    assert "European Commission" not in names(f"The Election Commission met with the EU, and {text}.")


def test_a_name_in_lower_case_counts_beside_the_same_in_capitals() -> None:
    assert "Coalition of the Willing" in names(
        "The coalition of the willing, led by London, would send a force."
    )


def test_cities_of_the_lexicon_are_no_persons() -> None:
    lexicon = load_lexicon()
    assert lexicon.city_length(["el", "fasher", "fell"], 0) == 2
    assert lexicon.city_length(["fell"], 0) == 0


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Harvexa's Viktor Halloran expects the price of wheat to fall in Kenya.", "Harvexa"),
        ("Pedro Ruiz, of the ruling Adelante, says that the vote is void.", "Adelante"),
        ("Bert Okafor of the growers' guild Florexa pleaded for calm in Kenya.", "Florexa"),
        ("The state farm bank Agrobanka was cut off from the payments system.", "Agrobanka"),
        ("The judges of Pre-Trial Chamber II issued a warrant.", "Pre-Trial Chamber II"),
        (
            "The Senate in Washington waits. A bill that the House passed would freeze their assets.",
            "United States House of Representatives",
        ),
        ("The inspectors of the IAEA left; the Board of Governors is to meet in June.",
         "International Atomic Energy Agency Board of Governors"),
        ("All but one of the Senate's Republicans wrote to Washington.", "Republican Party"),
    ],
)  # fmt: skip
def test_organisations_told_by_what_stands_beside_them(text: str, name: str) -> None:
    assert name in names(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Mr Weller told reporters on Air Force One that Washington would wait.", "United States Air Force"),
        ("He warned of a new Iron Curtain across Europe.", "Iron Curtain"),
        ("Full Treasury sanctions on banks in Mali followed.", "Full Treasury"),
        ("Working Group II had no text by midnight.", "Working Group"),
        ("Members of the Lakeside Support and Assistance Mission came to Kenya.", "Support"),
        ("The party Halloran founded is gone.", "Halloran"),
        ("Swift action is needed in Kenya, and Gail Weller of Nairobi agreed.", "SWIFT"),
        ("Yesterday's Ann Moss is not today's.", "Yesterday"),
        (
            "Colombo promised the Fund that two bills would pass the House by June, said Sri Lanka.",
            "United States House of Representatives",
        ),
        ("The Board of Governors of the school met in Leeds.",
         "International Atomic Energy Agency Board of Governors"),
    ],
)  # fmt: skip
def test_what_only_looks_like_one(text: str, name: str) -> None:
    assert name not in names(text)


@pytest.mark.parametrize(
    ("text", "name", "country"),
    [
        ("The Kenyan regulator, Pwanicom, has fined Uganda's carrier.", "Pwanicom", "KE"),
        ("Officials of Peru were furious. In Wellington parliament voted to open the market.",
         "Parliament of New Zealand", "NZ"),
        ("India was told nothing. Major General Nadeem Haroon rang his Indian counterpart in Pakistan.",
         "Nadeem Haroon", "PK"),
        ("H.E. Dr Amina Bello of Nigeria signed the paper.", "Amina Bello", "NG"),
        ("Peru waits. Peru talked to Hugo Flores-Stone, the State Department's man for the region.",
         "Hugo Flores-Stone", "US"),
        ("India says that the external affairs ministry of Delhi will answer Pakistan.",
         "Ministry of External Affairs of India", "IN"),
    ],
)  # fmt: skip
def test_the_country_is_told_by_the_words_beside_or_the_name(text: str, name: str, country: str) -> None:
    assert actor(text, name).country == country


def test_an_acronym_that_is_a_given_name_counts_in_capitals_only() -> None:
    assert "European Anti-Fraud Office" not in names("Olaf Kern met the ministers of Norway in Oslo.")
    assert "European Anti-Fraud Office" in names("OLAF searched the ministry of Norway in Oslo.")
