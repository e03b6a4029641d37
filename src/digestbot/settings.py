"""Settings: environment `DIGESTBOT_…`, then `.env`, then `config/digestbot.toml` (or `--config`).

Every setting stands in one place here; `docs/configuration.md` is generated from it. An environment name is
`DIGESTBOT_` + the section + the name (`DIGESTBOT_TELEGRAM_TOKEN` is `token` under `[telegram]`). A secret may
also be given as a file: `DIGESTBOT_TELEGRAM_TOKEN_FILE=/run/secrets/token`.

Imported by `app` and `cli` alone: everything else is handed the values it needs.
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    InitSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from digestbot.errors import ConfigurationError

PREFIX = "DIGESTBOT_"
DEFAULT_CONFIG = Path("config/digestbot.toml")
TOKEN_SHAPE = re.compile(r"\d{3,}:[A-Za-z0-9_-]{10,}")
WALL_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)


def _split(separator: str) -> Any:
    """Lets a list be written as one string in the environment."""

    def split(value: Any) -> Any:
        if isinstance(value, str):
            return [piece.strip() for piece in value.split(separator) if piece.strip()]
        return [value] if isinstance(value, int) else value

    return BeforeValidator(split)


def _wall_time(value: str) -> str:
    value = value.strip()
    if re.fullmatch(r"\d:\d\d", value):
        value = f"0{value}"
    if not WALL_TIME.fullmatch(value):
        raise ValueError(f"{value!r} is no time of day: write hours and minutes, such as 07:30")
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        near = difflib.get_close_matches(value, available_timezones(), n=1, cutoff=0.5)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise ValueError(
            f"{value!r} is no IANA time zone such as Europe/Paris or Asia/Karachi{hint}"
        ) from error
    return value


Zone = Annotated[str, BeforeValidator(_zone)]
WallTime = Annotated[str, BeforeValidator(_wall_time)]
Numbers = Annotated[list[int], NoDecode, _split(",")]


class Section(BaseModel):
    """One table of the configuration file; an unknown name in it is an error, not silently ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class TelegramSettings(Section):
    """How the bot talks to Telegram."""

    token: SecretStr | None = None
    """The bot's token, from @BotFather."""
    api_url: str = "https://api.telegram.org"
    """The Bot API's address: Telegram's own, a self-hosted Bot API server, or a test server."""
    mode: Literal["polling", "webhook"] = "polling"
    """How updates come in: asked for (polling), or posted by Telegram to `webhook_url`."""
    webhook_url: str | None = None
    """The public https address Telegram posts updates to, with mode = "webhook"; ends in /telegram."""
    webhook_secret: SecretStr | None = None
    """What Telegram repeats in X-Telegram-Bot-Api-Secret-Token: 1 to 256 letters, digits, _ and -."""
    paid_broadcast: bool = False
    """Send up to `paid_rate` messages a second against Stars (Telegram's paid broadcasts)."""
    paid_rate: float = Field(default=1000.0, gt=0)
    """Messages a second with paid broadcasts."""
    paid_budget: int = Field(default=0, ge=0)
    """Stars a day that paid broadcasts may cost at most; 0: none, so nothing is paid for."""
    rate: float = Field(default=29.7, gt=0)
    """Messages a second over all chats; Telegram allows about 30."""
    chat_rate: float = Field(default=1.0, gt=0)
    """Messages a second to one private chat."""
    group_rate: float = Field(default=20.0, gt=0)
    """Messages a minute to one group or channel."""
    read_timeout: float = Field(default=20.0, gt=0)
    """Seconds to wait for Telegram's answer to one call."""

    @field_validator("token")
    @classmethod
    def _shape(cls, token: SecretStr | None) -> SecretStr | None:
        if token is None or not token.get_secret_value().strip():
            return None
        if not TOKEN_SHAPE.fullmatch(token.get_secret_value().strip()):
            raise ValueError("is no bot token: @BotFather gives one that looks like 123456789:AbC…")
        return SecretStr(token.get_secret_value().strip())

    @field_validator("api_url")
    @classmethod
    def _address(cls, value: str) -> str:
        if not re.match(r"https?://[^/\s]+", value):
            raise ValueError("is no web address: write https://host or http://127.0.0.1:8081")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _webhook(self) -> TelegramSettings:
        if self.mode == "webhook" and not (self.webhook_url and self.webhook_secret):
            raise ValueError('mode = "webhook" needs webhook_url and webhook_secret too')
        if self.webhook_secret and not re.fullmatch(
            r"[A-Za-z0-9_-]{1,256}", self.webhook_secret.get_secret_value()
        ):
            raise ValueError("webhook_secret may hold 1 to 256 letters, digits, _ and - only")
        return self


class DatabaseSettings(Section):
    """Where everything is kept."""

    url: SecretStr | None = None
    """sqlite:////path/file or postgresql+psycopg://user:password@host/name; default: SQLite in data_dir."""


class ChannelSettings(Section):
    """A channel or group that gets its digest on schedule; the bot must be allowed to post there."""

    chat: int | str
    """@name of a public channel, or the numeric id of any chat (-100…)."""
    times: list[WallTime] = Field(default_factory=lambda: ["07:30"], min_length=1)
    """Times of day, in `zone`."""
    zone: Zone = "UTC"
    """IANA time zone, such as Europe/Paris."""
    weekdays: list[Weekday] = Field(default_factory=lambda: list(WEEKDAYS), min_length=1)
    """Days of the week."""
    thread: int | None = None
    """The topic's message_thread_id, in a group with topics."""
    locale: str = "en"
    """Language of the headings around the quotations: en, ar, es, fr, ru, ur."""
    header: str | None = None
    """A line above every digest."""
    footer: str | None = None
    """A line below every digest."""
    stories: int = Field(default=12, ge=1, le=50)
    """Stories at most in one digest."""
    bullets_per_story: int = Field(default=4, ge=1, le=8)
    """Bullets at most for one story."""
    regions: list[str] = Field(default_factory=list)
    """Only stories of these regions (UN M49 names, such as "Western Asia"); empty: all."""
    empty_days: bool = True
    """Say so in one line when there is nothing new; false: stay silent."""
    silent: bool = False
    """Post without a sound."""

    @field_validator("chat")
    @classmethod
    def _chat(cls, value: int | str) -> int | str:
        if isinstance(value, str) and re.fullmatch(r"-?\d+", value):
            return int(value)
        if isinstance(value, str) and not re.fullmatch(r"@[A-Za-z]\w{3,}", value):
            raise ValueError("write @name of a public channel or a numeric chat id such as -1001234567890")
        return value

    @property
    def weekday_mask(self) -> int:
        """Bit 0 is Monday."""
        return sum(1 << WEEKDAYS.index(day) for day in set(self.weekdays))


class DigestDefaults(Section):
    """What a new subscriber gets until they choose otherwise."""

    time: WallTime = "07:30"
    """Time of the daily digest."""
    zone: Zone = "UTC"
    """Zone assumed until a person has chosen theirs."""
    stories: int = Field(default=12, ge=1, le=50)
    """Stories at most in one digest."""
    bullets_per_story: int = Field(default=4, ge=1, le=8)
    """Bullets at most for one story."""


class SourcesSettings(Section):
    """How sources are looked at."""

    opml: Path | None = Path("config/feeds.opml")
    """Feeds to start with (OPML); taken up when the file is there."""
    allow_networks: Annotated[list[str], NoDecode, _split(",")] = Field(default_factory=list)
    """Private networks that may be fetched from all the same, such as 10.1.0.0/16: for intranet feeds."""
    max_bytes: int = Field(default=20_000_000, gt=0)
    """Largest document or answer taken, in bytes, also after decompression."""
    fetch_timeout: float = Field(default=30.0, gt=0)
    """Seconds for one fetch, from connecting to the last byte."""
    per_host: int = Field(default=2, ge=1)
    """Connections to one host at a time."""
    user_agent: str | None = None
    """Sent with every fetch; default: digestbot's name and version."""
    robots: bool = True
    """Honour robots.txt for web pages."""


class WorkerSettings(Section):
    """The processes that read untrusted files."""

    processes: int = Field(default=0, ge=0)
    """How many; 0: one for each processor."""
    timeout: float = Field(default=60.0, gt=0)
    """Seconds for one document."""
    memory_mb: int = Field(default=1024, ge=256)
    """Memory for one worker, in MB."""


class DeliverySettings(Section):
    """Sending."""

    grace_hours: float = Field(default=6.0, gt=0)
    """A digest missed during downtime still comes within this time; older ones are recorded as skipped."""
    uncertain: Literal["resend", "skip"] = "resend"
    """A message whose outcome nobody knows is sent again (it may come twice) or left (it may be lost)."""
    workers: int = Field(default=10, ge=1, le=256)
    """Messages on their way at a time; 64 is right with paid broadcasts."""


class ServerSettings(Section):
    """Health, metrics and the webhook."""

    port: int = Field(default=0, ge=0, le=65535)
    """Port of /healthz, /readyz, /metrics and the webhook; 0: none is opened."""
    host: str = "127.0.0.1"
    """Address to listen on; 0.0.0.0 in a container."""


class AccessSettings(Section):
    """Who may use the bot."""

    who: Literal["everyone", "invited", "listed"] = "everyone"
    """everyone; invited: who came by an invitation link of an admin; listed: only `users`."""
    users: Numbers = Field(default_factory=list)
    """User ids that may use the bot with who = "listed" (admins always may)."""
    per_minute: int = Field(default=20, ge=1)
    """Commands and presses a minute taken from one person, and from one group by all its members together."""


class RetentionSettings(Section):
    """How long things are kept."""

    raw_days: int = Field(default=30, ge=1)
    """Raw bytes of documents, and uploads."""
    sent_days: int = Field(default=14, ge=1)
    """Rows of messages sent."""
    text_days: int = Field(default=400, ge=1)
    """Texts and what was found in them."""
    deleted_account_days: int = Field(default=30, ge=1)
    """All that is kept of a person whose Telegram account was deleted, from when that was noticed."""


class LogSettings(Section):
    """Logging, to standard error."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    """Least severity shown."""
    format: Literal["auto", "json", "readable"] = "auto"
    """auto: readable on a terminal, JSON elsewhere."""


class Settings(BaseSettings):
    """Everything that can be set."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_nested_delimiter="_",
        env_nested_max_split=1,
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
        use_attribute_docstrings=True,
    )

    data_dir: Path = Path("data")
    """Folder for the database and everything else that lasts."""
    watch_folders: Annotated[list[Path], NoDecode, _split(os.pathsep)] = Field(default_factory=list)
    """Folders whose documents are picked up."""
    admins: Numbers = Field(default_factory=list)
    """Telegram user ids of the people who run this bot."""
    lexicon_dir: Path | None = Path("config/lexicon")
    """Your own additions to the lexicon (TOML files), where the folder is there."""

    telegram: TelegramSettings = Field(default_factory=TelegramSettings)
    database: DatabaseSettings = Field(default_factory=DatabaseSettings)
    digest: DigestDefaults = Field(default_factory=DigestDefaults)
    sources: SourcesSettings = Field(default_factory=SourcesSettings)
    workers: WorkerSettings = Field(default_factory=WorkerSettings)
    delivery: DeliverySettings = Field(default_factory=DeliverySettings)
    server: ServerSettings = Field(default_factory=ServerSettings)
    access: AccessSettings = Field(default_factory=AccessSettings)
    retention: RetentionSettings = Field(default_factory=RetentionSettings)
    log: LogSettings = Field(default_factory=LogSettings)
    channels: list[ChannelSettings] = Field(default_factory=list)
    """Channels and groups that get their digest on schedule (configuration file only: [[channels]])."""

    @property
    def database_url(self) -> str:
        """The database's address, the default filled in."""
        if self.database.url is not None and self.database.url.get_secret_value().strip():
            return self.database.url.get_secret_value().strip()
        return f"sqlite:///{(self.data_dir / 'digestbot.sqlite3').absolute()}"

    @property
    def grace(self) -> timedelta:
        """How late a missed digest may still come."""
        return timedelta(hours=self.delivery.grace_hours)


def load_settings(config: Path | None = None) -> Settings:
    """Read the settings from all places.

    `config`: the file named by `--config` or `DIGESTBOT_CONFIG`; None takes `config/digestbot.toml` where it
    is there. Raises ConfigurationError, which names every wrong setting, where it is set, and the mend.
    """
    named = config or (Path(os.environ[f"{PREFIX}CONFIG"]) if os.environ.get(f"{PREFIX}CONFIG") else None)
    if named is not None and not named.is_file():
        raise ConfigurationError(f"{named}: no such configuration file")
    file = named or (DEFAULT_CONFIG if DEFAULT_CONFIG.is_file() else None)
    if file is not None:
        _check_toml(file)

    class Loaded(Settings):
        """Settings with this run's places to read from."""

        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,
            dotenv_settings: PydanticBaseSettingsSource,
            file_secret_settings: PydanticBaseSettingsSource,
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            """Environment first, then secrets named as files, `.env`, the configuration file."""
            for variables in (env_settings, dotenv_settings):
                if isinstance(variables, EnvSettingsSource):  # X_FILE names a place, not a setting
                    variables.env_vars = {
                        name: value
                        for name, value in variables.env_vars.items()
                        if not name.lower().endswith("_file")
                    }
            secrets = InitSettingsSource(settings_cls, init_kwargs=dict(_secrets_from_files()))
            places: list[PydanticBaseSettingsSource] = [env_settings, secrets, dotenv_settings]
            if file is not None:
                places.append(TomlConfigSettingsSource(settings_cls, file))
            return tuple(places)

    try:
        return Loaded()
    except ValidationError as error:
        raise ConfigurationError(_explained(error, file)) from error


def _check_toml(file: Path) -> None:
    try:
        tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{file}: {error}: mend that line (TOML: name = value)") from error
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{file}: is not UTF-8 text: save it as UTF-8") from error
    except OSError as error:
        raise ConfigurationError(f"{file}: cannot be read: {error.strerror}") from error


def _secrets_from_files() -> dict[str, dict[str, str]]:
    """`DIGESTBOT_X_Y_FILE` for each secret: the file's content, without the newline at its end."""
    found: dict[str, dict[str, str]] = {}
    for section, name in secret_names():
        variable = f"{PREFIX}{section}_{name}_FILE".upper()
        place = os.environ.get(variable)
        if not place:
            continue
        try:
            found.setdefault(section, {})[name] = Path(place).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigurationError(f"{variable}: {place}: cannot be read: {error}") from error
    return found


def secret_names() -> list[tuple[str, str]]:
    """(section, name) of every setting that is a secret."""
    return [
        (section, name)
        for section, field in Settings.model_fields.items()
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)
        for name, inner in field.annotation.model_fields.items()
        if inner.annotation is SecretStr or SecretStr in get_args(inner.annotation)
    ]


def unknown_variables() -> dict[str, str | None]:
    """Variables of the environment that are named as settings and are none, and the setting each may mean.

    A wrong name within a section is an error (`load_settings`); a wrong section is not seen there.
    """
    sections = {
        section: field.annotation
        for section, field in Settings.model_fields.items()
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)
    }
    known = {f"{PREFIX}{name}".upper() for name in Settings.model_fields if name not in sections}
    known |= {
        f"{PREFIX}{section}_{name}".upper()
        for section, model in sections.items()
        for name in model.model_fields
    }
    known |= {f"{PREFIX}{section}_{name}_FILE".upper() for section, name in secret_names()}
    known.add(f"{PREFIX}CONFIG")
    strange = sorted(
        name for name in os.environ if name.upper().startswith(PREFIX) and name.upper() not in known
    )
    return {
        name: next(iter(difflib.get_close_matches(name.upper(), sorted(known), n=1, cutoff=0.85)), None)
        for name in strange
    }


def _explained(error: ValidationError, file: Path | None) -> str:
    """One line for each wrong setting: its names in both places, what is wrong, what would be right."""
    lines = []
    for problem in error.errors():
        path = [str(step) for step in problem["loc"]]
        variable = PREFIX + "_".join(step for step in path if not step.isdigit()).upper()
        place = variable if os.environ.get(variable) else f"{file or DEFAULT_CONFIG}: {'.'.join(path)}"
        message = problem["msg"].removeprefix("Value error, ")
        if problem["type"] == "extra_forbidden":
            near = difflib.get_close_matches(path[-1], _names_at(path[:-1]), n=1)
            message = "there is no such setting" + (f"; did you mean {near[0]}?" if near else "")
        lines.append(f"{place}: {message}")
    return "\n".join(lines)


def _names_at(path: list[str]) -> list[str]:
    """Names of the settings in the table at `path`."""
    model: type[BaseModel] = Settings
    for step in path:
        if step.isdigit():
            continue
        annotation = model.model_fields[step].annotation if step in model.model_fields else None
        inner = [
            a for a in (annotation, *get_args(annotation)) if isinstance(a, type) and issubclass(a, BaseModel)
        ]
        if not inner:
            return []
        model = inner[0]
    return list(model.model_fields)
