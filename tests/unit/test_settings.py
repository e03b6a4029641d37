"""Settings come from four places, in order; what is wrong is named with its mend."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from digestbot.errors import ConfigurationError
from digestbot.settings import load_settings, secret_names
from digestbot.settings_reference import as_markdown, as_toml

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "123456789:AbCdEfGhIjKlMnOp"


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch, tmp_path):
    for name in [name for name in os.environ if name.startswith("DIGESTBOT_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def write(text: str) -> Path:
    file = Path("settings.toml")
    file.write_text(text, encoding="utf-8")
    return file


def problem(config: Path | None = None) -> str:
    with pytest.raises(ConfigurationError) as caught:
        load_settings(config)
    return caught.value.message


def test_everything_has_a_default_but_the_token():
    settings = load_settings()
    assert settings.telegram.token is None
    assert settings.database_url.endswith("data/digestbot.sqlite3")


def test_environment_wins_over_dotenv_and_dotenv_over_the_file(monkeypatch):
    file = write('[digest]\ntime = "06:00"\nzone = "Asia/Karachi"\nstories = 3\n')
    Path(".env").write_text("DIGESTBOT_DIGEST_TIME=07:00\nDIGESTBOT_DIGEST_ZONE=Europe/Paris\n")
    monkeypatch.setenv("DIGESTBOT_DIGEST_TIME", "8:15")
    settings = load_settings(file)
    assert (settings.digest.time, settings.digest.zone, settings.digest.stories) == (
        "08:15",
        "Europe/Paris",
        3,
    )


def test_names_with_underscores_reach_their_section(monkeypatch):
    monkeypatch.setenv("DIGESTBOT_TELEGRAM_API_URL", "http://127.0.0.1:8081/")
    monkeypatch.setenv("DIGESTBOT_TELEGRAM_PAID_BROADCAST", "true")
    monkeypatch.setenv("DIGESTBOT_DATA_DIR", "/srv/digestbot")
    settings = load_settings()
    assert settings.telegram.api_url == "http://127.0.0.1:8081"
    assert settings.telegram.paid_broadcast
    assert settings.data_dir == Path("/srv/digestbot")


def test_lists_are_written_as_one_line_in_the_environment(monkeypatch):
    monkeypatch.setenv("DIGESTBOT_ADMINS", "11, 22")
    monkeypatch.setenv("DIGESTBOT_WATCH_FOLDERS", "/a:/b")
    settings = load_settings()
    assert settings.admins == [11, 22]
    assert settings.watch_folders == [Path("/a"), Path("/b")]


def test_a_secret_may_stand_in_a_file_of_its_own(monkeypatch, tmp_path):
    (tmp_path / "token").write_text(f"{TOKEN}\n")
    monkeypatch.setenv("DIGESTBOT_TELEGRAM_TOKEN_FILE", str(tmp_path / "token"))
    token = load_settings().telegram.token
    assert token is not None
    assert token.get_secret_value() == TOKEN
    assert TOKEN not in repr(load_settings())
    assert ("telegram", "token") in secret_names()


def test_a_secret_file_that_cannot_be_read_is_named(monkeypatch):
    monkeypatch.setenv("DIGESTBOT_TELEGRAM_TOKEN_FILE", "/nowhere/token")
    assert "DIGESTBOT_TELEGRAM_TOKEN_FILE: /nowhere/token" in problem()


def test_a_wrong_name_is_an_error_with_a_suggestion():
    assert "telegram.tokn: there is no such setting; did you mean token?" in problem(
        write('[telegram]\ntokn = "1"\n')
    )


def test_a_wrong_zone_is_an_error_with_a_suggestion():
    said = problem(write('[[channels]]\nchat = "@news_desk"\nzone = "Asia/Karchi"\n'))
    assert "settings.toml: channels.0.zone" in said
    assert "did you mean Asia/Karachi?" in said


def test_all_wrong_settings_are_told_at_once():
    said = problem(write('[[channels]]\nchat = "@x"\ntimes = ["25:00"]\n[digest]\nstories = 0\n'))
    assert len(said.splitlines()) == 3


def test_a_broken_file_is_told_with_its_line():
    assert "settings.toml" in problem(write("[telegram\n"))
    assert "line 1" in problem(write("[telegram\n"))


def test_a_file_in_another_encoding_is_told():
    Path("settings.toml").write_bytes("[digest]\n# caf\u00e9\n".encode("latin-1"))
    assert "is not UTF-8" in problem(Path("settings.toml"))


def test_a_named_file_that_is_missing_is_an_error():
    assert "missing.toml: no such configuration file" in problem(Path("missing.toml"))


def test_a_token_of_the_wrong_shape_is_refused_without_being_shown(monkeypatch):
    monkeypatch.setenv("DIGESTBOT_TELEGRAM_TOKEN", "hunter2")
    said = problem()
    assert "DIGESTBOT_TELEGRAM_TOKEN" in said
    assert "hunter2" not in said


def test_webhook_mode_needs_its_address_and_secret():
    assert "needs webhook_url and webhook_secret" in problem(write('[telegram]\nmode = "webhook"\n'))


def test_channels_take_weekdays_and_ids():
    (channel,) = load_settings(write('[[channels]]\nchat = "-100123"\nweekdays = ["mon", "sun"]\n')).channels
    assert channel.chat == -100123
    assert channel.weekday_mask == 0b1000001


def test_the_generated_reference_is_fresh():
    assert (ROOT / "docs/configuration.md").read_text(encoding="utf-8") == as_markdown()
    assert (ROOT / "config/digestbot.toml").read_text(encoding="utf-8") == as_toml()


def test_the_shipped_file_says_what_the_defaults_are():
    uncommented = "\n".join(
        line.removeprefix("#") if line.startswith("#") and not line.startswith("# ") else line
        for line in as_toml().splitlines()
    )
    lines = [line for line in uncommented.splitlines() if not line.endswith('= ""')]
    file = write("\n".join(lines))
    assert load_settings(file).model_dump() == load_settings(None).model_dump()
