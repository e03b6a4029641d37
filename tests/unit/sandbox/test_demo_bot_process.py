"""How the demo starts the bot: its configuration and environment, and nothing of the reader's own."""

import tomllib
from pathlib import Path

from digestbot.sandbox.bot_process import Channel, configuration, environment


def test_the_configuration_is_toml_that_says_what_was_asked_for() -> None:
    text = configuration(
        Channel(-1001234, ["07:30", "07:31"], "Sandbox/Demo"),
        subscriptions=Path('/tmp/a "quoted" folder/feeds.opml'),
        networks=["127.0.0.0/8"],
    )
    read = tomllib.loads(text)
    assert read["sources"] == {
        "opml": '/tmp/a "quoted" folder/feeds.opml',
        "allow_networks": ["127.0.0.0/8"],
    }
    (channel,) = read["channels"]
    assert (channel["chat"], channel["times"], channel["zone"]) == (
        -1001234,
        ["07:30", "07:31"],
        "Sandbox/Demo",
    )


def test_the_readers_own_digestbot_is_left_alone(tmp_path: Path) -> None:
    env = environment(
        {"PATH": "/bin", "DIGESTBOT_TELEGRAM_TOKEN": "1:real", "DIGESTBOT_DATABASE_URL": "postgresql://real"},
        api_url="http://127.0.0.1:8080",
        token="7:sandbox",
        data_dir=tmp_path,
        folders=[tmp_path / "a", tmp_path / "b"],
        config=tmp_path / "demo.toml",
        zones="/zones",
        admin=42,
    )
    assert env["PATH"] == "/bin"
    assert env["DIGESTBOT_TELEGRAM_TOKEN"] == "7:sandbox"
    assert "DIGESTBOT_DATABASE_URL" not in env
    assert env["DIGESTBOT_WATCH_FOLDERS"] == f"{tmp_path / 'a'}:{tmp_path / 'b'}"
