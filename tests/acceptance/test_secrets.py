"""What a real process writes down while all goes wrong holds none of its secrets."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import get_args

import httpx
import pytest

from bot_run import SAMPLE
from databases import postgres_database
from digestbot.settings import LogSettings
from hooked_run import PREFIX, SECRET, free_port, hooked, port_of, running
from sandbox_process import running_sandbox

PASSWORD = "s3cr3t-of-the_database"
FORMATS = [one for one in get_args(LogSettings.model_fields["format"].annotation) if one != "auto"]


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.parametrize("form", FORMATS)
def test_no_secret_stands_in_the_log_of_a_bot_in_trouble(tmp_path: Path, form: str) -> None:
    with postgres_database() as url, running_sandbox() as sandbox:
        bot = hooked(
            sandbox,
            tmp_path,
            free_port(),
            DIGESTBOT_DATABASE_URL=url.replace("@", f":{PASSWORD}@", 1),
            DIGESTBOT_LOG_LEVEL="debug",
            DIGESTBOT_LOG_FORMAT=form,
        )
        bot.add(SAMPLE)
        sandbox.fault("error", method="setWebhook", status=502, times=1)
        with running(bot):
            assert bot.ask("/help")["text"]
            sandbox.fault("close", method="sendMessage", times=2)
            sandbox.fault("garbage", method="sendMessage", times=1)
            assert bot.ask("/digest 7d")["text"]
            for secret in (SECRET[:-1], PASSWORD):
                refused = httpx.post(
                    f"http://127.0.0.1:{port_of(bot)}{PREFIX}",
                    headers={"X-Telegram-Bot-Api-Secret-Token": secret},
                    json={},
                    trust_env=False,
                )
                assert refused.status_code == 403
            bot.end(signal.SIGTERM)
        # The database goes away while the bot starts: its address, with the password, is in the error.
        bot.environment["DIGESTBOT_DATABASE_URL"] = f"postgresql+psycopg://bot:{PASSWORD}@127.0.0.1:1/none"
        bot.start()
        assert bot.process is not None
        assert bot.process.wait(90) != 0
        said = bot.logged()
        for trouble in ("could not be set", "did not take the answer", "cannot be reached"):
            assert trouble in said
        for secret in (sandbox.token, sandbox.token.split(":")[1], SECRET, PASSWORD):
            assert secret not in said
