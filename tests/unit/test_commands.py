"""The table of commands, its texts and page; and what people write for times, zones and periods."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from digestbot.bot.callbacks import ACTIONS, FROM_START
from digestbot.bot.commands import COMMANDS, SCOPES, command_named, documentation, menu
from digestbot.bot.following import read_days
from digestbot.bot.reading import read_filter, read_window
from digestbot.bot.subscribing import read_until
from digestbot.bot.zones import COMMON, find_zones, nearest_zone, read_time, read_wish
from digestbot.errors import DocumentError, FetchError
from digestbot.model import Window
from digestbot.rendering import actions
from digestbot.rendering.texts import Texts, available, catalogue, texts_for
from digestbot.rendering.views import trouble

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 3, 4, 6, 0, tzinfo=UTC)


def test_names_are_unique_and_telegram_takes_them():
    names = [name for command in COMMANDS for name in (command.name, *command.also)]
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[a-z0-9_]{1,32}", name) for name in names)
    assert command_named("stop") is command_named("unsubscribe")


@pytest.mark.parametrize("language", available())
def test_every_command_has_its_help_in_every_language(language):
    for _, places, admins in SCOPES:
        for command in menu(places, admins=admins, language=language):
            assert 0 < len(command.description) <= 256
    for command in COMMANDS:
        assert command.help in catalogue(language)


def test_the_page_of_commands_is_the_table():
    assert (ROOT / "docs" / "commands.md").read_text(encoding="utf-8") == documentation()


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


@pytest.mark.parametrize("language", available())
def test_catalogues_are_complete_and_keep_their_placeholders(language):
    english, own = catalogue("en"), catalogue(language)

    def bare(key: str) -> str:
        return re.sub(r"\.(zero|one|two|few|many|other)$", "", key)

    assert {bare(key) for key in own} == {bare(key) for key in english}
    for key, text in own.items():
        if re.search(r"\.(zero|one|two|few|many)$", key):
            assert placeholders(text) <= placeholders(english[f"{bare(key)}.other"])
        else:
            assert placeholders(text) == placeholders(english[key])


@pytest.mark.parametrize("language", available())
def test_counted_texts_have_every_plural_form_of_their_language(language):
    own = catalogue(language)
    forms = {Locale.parse(language).plural_form(number) for number in range(300)}
    counted = {key.removesuffix(".other") for key in catalogue("en") if key.endswith(".other")}
    assert counted
    assert not [f"{key}.{form}" for key in counted for form in forms if f"{key}.{form}" not in own]


def test_every_text_the_code_asks_for_is_there():
    source = "\n".join(path.read_text("utf-8") for path in (ROOT / "src/digestbot/bot").glob("*.py"))
    source += "\n".join(path.read_text("utf-8") for path in (ROOT / "src/digestbot/rendering").glob("*.py"))
    asked = re.findall(
        r'(?:say|tell|texts|rich|NotFound|count|lines)\(\s*(?:[\w.]+, )?"([a-z_]+(?:\.[a-z_]+)?)"', source
    )
    english = {re.sub(r"\.(one|other)$", "", key) for key in catalogue("en")}
    assert len(asked) > 60
    assert not set(asked) - english


def test_everything_that_keeps_a_document_from_being_read_is_told_in_words():
    made = "extraction", "fetching.py", "workers.py", "robots.py"
    paths = [
        path
        for name in made
        for path in (ROOT / "src/digestbot" / name, *ROOT.glob(f"src/digestbot/{name}/*.py"))
    ]
    source = "\n".join(path.read_text("utf-8") for path in paths if path.is_file())
    codes = set(re.findall(r'"?code"?[=:] ?"([a-z-]+)"', source)) - {"no-worker"}
    assert len(codes) > 12
    assert {f"trouble.{code.replace('-', '_')}" for code in codes} <= set(catalogue("en"))


@pytest.mark.parametrize("language", available())
def test_what_is_wrong_with_an_upload_is_told_without_our_paths(language):
    texts = texts_for(language)
    error = DocumentError("/tmp/x.pdf: this PDF is encrypted: save it without a password", code="encrypted")
    assert trouble(error, texts) == texts("trouble.encrypted")
    assert trouble(DocumentError("?", code="of-tomorrow"), texts) == texts("trouble.unreadable")
    assert "404" in trouble(FetchError("https://x.example: answers 404", status=404), texts)


def test_a_missing_text_falls_back_to_english_and_an_unknown_language_too():
    assert Texts("xx").language == "en"
    assert Texts("pt-br")("digest.actors") == "Actors:"


def test_values_are_never_taken_for_markup():
    assert Texts("en")("find.no_match", words="**x** `y` {z}").count("**x** `y` {z}") == 1


def test_links_may_only_ask_for_reading():
    assert set(ACTIONS) > FROM_START
    assert not any(ACTIONS[name].admins_only for name in FROM_START)


# --- callback data --------------------------------------------------------------------------------------


@given(st.lists(st.builds(actions.Ref, st.sampled_from("sdv"), st.integers(0, 2**63 - 1)), min_size=1))
def test_rows_survive_callback_data_and_start_links(rows):
    encoded = actions.encode_refs("cn", rows)
    assert len(encoded.encode()) <= 64
    decoded = actions.decode(encoded)
    read = actions.refs(decoded.arguments[0])
    assert read == rows[: len(read)]
    assert read
    start = actions.to_start(encoded)
    assert start is not None
    assert actions.from_start(start) == encoded


@given(st.datetimes(datetime(1970, 1, 2), datetime(2200, 1, 1)))
def test_instants_survive(naive):
    moment = naive.replace(microsecond=0, tzinfo=UTC)
    assert actions.moment(actions.instant(moment)) == moment


def test_too_long_callback_data_is_refused_where_it_is_made():
    with pytest.raises(ValueError, match="70 bytes"):
        actions.encode("fo", "x" * 67)


# --- times and zones ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "times", "weekdays", "zone"),
    [
        ("07:30 Asia/Karachi", ("07:30",), 127, "Asia/Karachi"),
        ("7:30", ("07:30",), 127, ""),
        ("07.30 karachi", ("07:30",), 127, "karachi"),
        ("8am London", ("08:00",), 127, "London"),
        ("8 pm new york", ("20:00",), 127, "new york"),
        ("12am", ("00:00",), 127, ""),
        ("noon and 18h30 Paris", ("12:00", "18:30"), 127, "Paris"),
        ("Karachi 07:30", ("07:30",), 127, "Karachi"),
        ("mon-fri 8:15 Islamabad", ("08:15",), 31, "Islamabad"),
        ("0730, 1900 weekends in São Paulo", ("07:30", "19:00"), 96, "São Paulo"),
        ("sat-mon 9", ("09:00",), 97, ""),
        ("25:00", (), 127, "25:00"),
        ("", (), 127, ""),
    ],
)
def test_times_days_and_zones_are_read_forgivingly(typed, times, weekdays, zone):
    wish = read_wish(typed)
    assert (wish.times, wish.weekdays, wish.zone_words) == (times, weekdays, zone)


@given(st.integers(0, 23), st.integers(0, 59))
def test_every_minute_of_the_day_can_be_typed(hours, minutes):
    wall = f"{hours:02d}:{minutes:02d}"
    for typed in (
        wall,
        f"{hours}:{minutes:02d}",
        f"{hours}.{minutes:02d}",
        f"{hours:02d}{minutes:02d}",
        f"{hours}h{minutes:02d}",
    ):
        assert read_time(typed) == wall


@given(st.text(max_size=40))
def test_any_text_at_all_can_be_typed_for_a_time(text):
    wish = read_wish(text)
    assert all(re.fullmatch(r"\d\d:\d\d", time) for time in wish.times)


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Asia/Karachi", "Asia/Karachi"),
        ("asia/karachi", "Asia/Karachi"),
        ("KARACHI", "Asia/Karachi"),
        ("new york", "America/New_York"),
        ("sao paulo", "America/Sao_Paulo"),
        ("Lahore", "Asia/Karachi"),
        ("Bombay", "Asia/Kolkata"),
        ("Москва", "Europe/Moscow"),
        ("Pakistan", "Asia/Karachi"),
        ("utc+5", "Etc/GMT-5"),
        ("UTC", "UTC"),
    ],
)
def test_a_zone_is_found_by_name_city_country_or_offset(typed, zone):
    assert find_zones(typed) == [zone]


def test_what_may_mean_several_gives_several_and_nonsense_none():
    assert len(find_zones("Springfield")) > 1
    assert find_zones("Nowhereville") == []
    assert find_zones("") == []


def test_common_zones_are_true_ones_and_a_place_has_the_nearest():
    assert all(find_zones(zone) == [zone] for zone in COMMON)
    assert nearest_zone(-33.9, 151.2) == "Australia/Sydney"


# --- periods and filters --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "window"),
    [
        ("", Window(NOW - timedelta(days=1), NOW)),
        ("36h", Window(NOW - timedelta(hours=36), NOW)),
        ("2 weeks", Window(NOW - timedelta(days=14), NOW)),
        ("999d", Window(NOW - timedelta(days=31), NOW)),
        ("yesterday", Window(datetime(2026, 3, 2, 19, tzinfo=UTC), datetime(2026, 3, 3, 19, tzinfo=UTC))),
        ("2026-03-04", Window(datetime(2026, 3, 3, 19, tzinfo=UTC), NOW)),
        ("2027-01-01", None),
        ("0d", None),
        ("soon", None),
    ],
)
def test_periods_are_read_on_the_readers_calendar(typed, window):
    assert read_window(typed, NOW, "Asia/Karachi") == window


def test_new_begins_where_the_last_digest_ended():
    last = NOW - timedelta(hours=3)
    assert read_window("new", NOW, "UTC", last) == Window(NOW - timedelta(hours=3), NOW)


def test_words_become_a_filter():
    wanted, window = read_filter("Demands military Saudi Arabia 7d", NOW, "UTC")
    assert (wanted.types, wanted.domains, wanted.actor) == ({"demand"}, {"military"}, "saudi arabia")
    assert window == Window(NOW - timedelta(days=7), NOW)


@pytest.mark.parametrize(
    ("typed", "words", "days"),
    [("gas 3d", "gas", 3), ("gas", "gas", None), ("north sea 2 weeks", "north sea", 14)],
)
def test_a_mute_may_be_for_some_days(typed, words, days):
    assert read_days(typed) == (words, days)


def test_a_pause_ends_at_midnight_of_the_date_where_the_reader_is():
    assert read_until("2026-03-09", NOW, "Asia/Karachi") == datetime(2026, 3, 8, 19, tzinfo=UTC)
    assert read_until("2026-03-01", NOW, "UTC") is None
    assert read_until("x", NOW, "UTC") is None
