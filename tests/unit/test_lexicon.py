"""The lexicon's facts against other tables, its forms against each other, and a user's additions."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pycountry
import pytest
from babel import Locale

from digestbot import analysis
from digestbot.analysis.lexicon import DATA_FILES, KINDS, SECTORS, load_lexicon
from digestbot.analysis.words import fold, tokenise, word_set
from digestbot.errors import ConfigurationError

LEXICON = load_lexicon()

# The members of the United Nations, by ISO 3166-1 alpha-2, with the two observers.
MEMBERS = word_set(
    "AF AL DZ AD AO AG AR AM AU AT AZ BS BH BD BB BY BE BZ BJ BT BO BA BW BR BN BG BF BI CV KH CM CA CF "
    "TD CL CN CO KM CG CD CR HR CU CY CZ DK DJ DM DO EC EG SV GQ ER EE SZ ET FJ FI FR GA GM GE DE GH GR "
    "GD GT GN GW GY HT HN HU IS IN ID IR IQ IE IL IT CI JM JP JO KZ KE KI KP KR KW KG LA LV LB LS LR LY "
    "LI LT LU MG MW MY MV ML MT MH MR MU MX FM MD MC MN ME MA MZ MM NA NR NP NL NZ NI NE NG MK NO OM PK "
    "PW PA PG PY PE PH PL PT QA RO RU RW KN LC VC WS SM ST SA SN RS SC SL SG SK SI SB SO ZA SS ES LK SD "
    "SR SE CH SY TJ TZ TH TL TG TO TT TN TR TM TV UG UA AE GB US UY UZ VU VE VN YE ZM ZW VA PS"
)


def test_entries_that_rules_name_are_in_the_lexicon() -> None:
    rules = Path(analysis.__file__).parent.glob("*.py")
    named = {
        key for rule in rules for key in re.findall(r'"((?:org|bloc|state):[\w-]+)"', rule.read_text("utf-8"))
    }
    assert len(named) > 5
    assert named <= LEXICON.entries.keys()


def entries(kind: str) -> list[str]:
    return [entry.id for entry in LEXICON.entries.values() if entry.kind == kind]


def matched(text: str) -> list[tuple[str, str]]:
    return [(match.senses[0].entry.id, match.senses[0].form) for match in LEXICON.find(tokenise(text))]


def test_every_member_and_observer_is_there_and_kosovo_and_taiwan() -> None:
    assert len(MEMBERS) == 195
    assert {f"state:{code}" for code in MEMBERS | {"XK", "TW"}} <= set(LEXICON.entries)


@pytest.mark.parametrize("code", sorted(MEMBERS))
def test_the_names_of_babel_and_pycountry_lead_to_the_same_state(code: str) -> None:
    names = [Locale("en").territories[code]]
    country = pycountry.countries.get(alpha_2=code)
    assert country is not None
    names.append(getattr(country, "common_name", country.name))
    found = False
    for name in names:
        plain = name.split(",")[0].split(" (")[0].replace(" - ", "-")
        ids = [identifier for identifier, _ in matched(plain)]
        found = found or f"state:{code}" in ids
    assert found, names


def test_every_code_is_one_of_iso_3166() -> None:
    known = {country.alpha_2 for country in pycountry.countries} | {"XK"}
    for entry in LEXICON.entries.values():
        assert entry.country is None or entry.country in known, entry


def test_there_are_as_many_entries_as_promised() -> None:
    organisations = [e for e in LEXICON.entries.values() if e.kind in {"organisation", "bloc"}]
    assert len(organisations) >= 250
    assert len(entries("armed_group")) >= 150
    assert len(LEXICON.titles) >= 200


def test_kinds_and_sectors_are_those_of_the_glossary() -> None:
    for entry in LEXICON.entries.values():
        assert entry.kind in KINDS
        assert entry.sector is None or entry.sector in SECTORS, entry
    assert set(LEXICON.titles.values()) <= SECTORS


def test_no_form_names_two_states() -> None:
    """But for peoples and languages that two states share, where the document decides."""
    shared = {"congolese"}
    owners: dict[str, set[str]] = defaultdict(set)

    def walk(node: dict[object, object], path: tuple[str, ...]) -> None:
        for key, value in node.items():
            if key is None:
                for sense in value:  # type: ignore[attr-defined]
                    if sense.entry.kind == "state" and not sense.cautious:
                        owners[" ".join(path)].add(sense.entry.id)
            else:
                walk(value, (*path, str(key)))  # type: ignore[arg-type]

    walk(LEXICON.trie, ())
    clashes = {form: ids for form, ids in owners.items() if len(ids) > 1 and form not in shared}
    assert clashes == {}


def test_every_state_has_an_adjective_or_a_people_and_most_a_capital() -> None:
    forms: dict[str, set[str]] = defaultdict(set)

    def walk(node: dict[object, object]) -> None:
        for key, value in node.items():
            if key is None:
                for sense in value:  # type: ignore[attr-defined]
                    forms[sense.entry.id].add(sense.form)
            else:
                walk(value)  # type: ignore[arg-type]

    walk(LEXICON.trie)
    for code in MEMBERS:
        assert forms[f"state:{code}"] & {"adjective", "people"}, code
    capitals = [code for code in MEMBERS if "capital" in forms[f"state:{code}"]]
    assert len(capitals) >= 180


def test_every_country_has_one_region() -> None:
    for code in MEMBERS:
        assert LEXICON.region(code), code
    assert LEXICON.region("PK") == "Southern Asia"
    assert LEXICON.region(None) is None


def test_flags_are_made_of_regional_indicators() -> None:
    assert LEXICON.flag("PK") == "🇵🇰"
    assert LEXICON.flag(None) == ""


@pytest.mark.parametrize(
    ("text", "identifier", "form"),
    [
        ("Pakistani", "state:PK", "adjective"),
        ("Islamabad", "state:PK", "capital"),
        ("the Kremlin", "state:RU", "seat"),
        ("Foggy Bottom", "state:US", "seat"),
        ("Downing Street", "state:GB", "seat"),
        ("U.S.", "state:US", "acronym"),
        ("Türkiye", "state:TR", "name"),
        ("Turkiye", "state:TR", "name"),
        ("Hizbollah", "group:hezbollah", "name"),
        ("Nato", "bloc:nato", "acronym"),
        ("Kurdistan Workers’ Party", "group:pkk", "name"),
        ("Brussels", "bloc:eu", "capital"),
        ("N'Djamena", "state:TD", "capital"),
    ],
)
def test_forms_lead_to_their_entry(text: str, identifier: str, form: str) -> None:
    assert (identifier, form) in matched(text)


def test_words_that_only_look_like_acronyms_are_left_alone() -> None:
    assert matched("Let us see who it is; it is so.") == []


def test_parts_of_hyphenated_words_are_found_with_their_own_span() -> None:
    text = "US-Pakistan relations"
    found = LEXICON.find(tokenise(text))
    assert [text[match.start : match.end] for match in found] == ["US", "Pakistan"]
    assert all(match.compound for match in found)


def test_the_longest_form_wins() -> None:
    assert matched("Islamic State Khorasan Province")[0][0] == "group:is-k"
    assert matched("South Sudan")[0][0] == "state:SS"


def test_institutions_take_the_name_their_state_gives_them() -> None:
    foreign = LEXICON.institution_of("foreign-ministry", "US")
    assert foreign is not None
    assert foreign.name == "United States Department of State"
    other = LEXICON.institution_of("foreign-ministry", "PL")
    assert other is not None
    assert other.name == "Ministry of Foreign Affairs of Poland"
    assert LEXICON.institution_of("foreign-ministry", None) is None


def test_no_entry_is_defined_in_two_tables_under_one_id() -> None:
    assert len({entry.id for entry in LEXICON.entries.values()}) == len(LEXICON.entries)
    assert "names.toml" in DATA_FILES


def test_the_version_follows_the_content(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('[[actor]]\nname = "Lakeside Assembly"\n', encoding="utf-8")
    assert load_lexicon([path]).version != LEXICON.version
    assert load_lexicon([path]).version == load_lexicon([tmp_path]).version


def test_a_users_entries_are_found_before_the_packaged_ones(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(
        '[[actor]]\nname = "Lakeside Assembly"\nalso = "LSA; the Lakesiders"\n'
        'kind = "organisation"\ncountry = "KE"\nsector = "CVL"\n',
        encoding="utf-8",
    )
    lexicon = load_lexicon([tmp_path])
    match = lexicon.find(tokenise("The LSA met."))[0]
    assert match.senses[0].entry.name == "Lakeside Assembly"
    assert match.senses[0].entry.country == "KE"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("[[actor]\n", "not valid TOML"),
        ("[actors]\n", "unknown table 'actors'"),
        ('[[actor]]\nalso = "X"\n', "has no name"),
        ('[[actor]]\nname = "X"\nkind = "tribe"\n', "kind 'tribe'"),
        ('[[actor]]\nname = "X"\ncountry = "Kenya"\n', "country 'Kenya'"),
        ('[[actor]]\nname = "X"\nsector = "ABC"\n', "sector 'ABC'"),
        ('[[actor]]\nname = "X"\ncolour = "red"\n', "unknown key 'colour'"),
        ('[[actor]]\nname = ""\n', "must be a text"),
        ('actor = "X"\n', "[[actor]]"),
    ],
)
def test_a_broken_addition_is_told_with_file_entry_and_mend(tmp_path: Path, content: str, told: str) -> None:
    path = tmp_path / "broken.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load_lexicon([path])
    assert told in caught.value.message
    assert "broken.toml" in caught.value.message


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read"):
        load_lexicon([tmp_path / "none.toml"])


def test_folded_word_lists_are_loaded() -> None:
    assert fold("Said") in LEXICON.words["speech_verbs"]
    assert "ministry" in LEXICON.words["organisation_heads"]


def test_cities_lead_to_states_that_exist_and_none_to_two() -> None:
    seen: dict[tuple[str, ...], str] = {}
    for rows in LEXICON.cities.values():
        for words, country in rows:
            assert country in MEMBERS | {"XK", "TW"}
            assert seen.setdefault(words, country) == country, words
    assert LEXICON.city_at(["the", "new", "york", "city", "hall"], 1) == "US"
    assert LEXICON.city_at(["the", "hall"], 1) is None


def test_styles_of_naming_lead_to_known_countries() -> None:
    known = {country.alpha_2 for country in pycountry.countries} | {"XK"}
    for style in LEXICON.name_styles:
        assert set(style.countries) | set(style.also) <= known, style.language
        assert style.given or style.family or style.ends


TERRITORIES = (
    "GL HK MO EH NC FK somaliland northern-cyprus abkhazia south-ossetia transnistria karabakh donetsk "
    "luhansk crimea srpska kurdistan-iraq north-east-syria gaza west-bank east-jerusalem golan kashmir tibet "
    "xinjiang puntland"
)


@pytest.mark.parametrize("key", TERRITORIES.split())
def test_disputed_and_self_ruled_territories_are_known(key: str) -> None:
    assert any(entry.id.split(":")[1] == key for entry in LEXICON.entries.values())


def test_no_form_names_two_bodies_of_one_country() -> None:
    """Where a form names several, its country must tell them apart, or one of them needs company ("?")."""
    clashes = []

    def walk(node: dict[object, object], path: tuple[str, ...]) -> None:
        for key, value in node.items():
            if key is None:
                sure = [s.entry for s in value if not s.cautious and s.entry.kind in {"organisation", "bloc"}]  # type: ignore[attr-defined]
                countries = [entry.country for entry in sure]
                if len(countries) != len(set(countries)):
                    clashes.append((" ".join(path), [entry.id for entry in sure]))
            else:
                walk(value, (*path, str(key)))  # type: ignore[arg-type]

    walk(LEXICON.trie, ())
    assert clashes == []


def test_both_spellings_of_a_name_lead_to_it() -> None:
    assert matched("World Health Organisation") == matched("World Health Organization")
    assert matched("Israel Defence Forces")[0][0] == matched("Israel Defense Forces")[0][0]
