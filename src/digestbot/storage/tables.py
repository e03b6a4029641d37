"""All tables. SQLite and PostgreSQL share them; `migrations/` brings a database to this shape.

Conventions: times are stored in UTC and come back timezone-aware; an enumeration is stored as its
value; JSON holds only what is never searched by the database. A column that names a Telegram chat is a
plain BIGINT without a foreign key where rows must outlive or precede the chat's own row.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Utc(TypeDecorator[datetime]):
    """A timezone-aware UTC time; refuses naive ones. SQLite keeps it without zone, as text that sorts."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive time {value!r}: give it a zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Id = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows by itself only for INTEGER keys
Json = JSON().with_variant(JSONB, "postgresql")


def _id() -> Column[Any]:
    return Column("id", Id, primary_key=True, autoincrement=True)


# --- sources and documents --------------------------------------------------------------------------

sources = Table(
    "sources",
    metadata,
    _id(),
    Column("kind", String(16), nullable=False),  # a key of SOURCES: folder, feed, web, telegram
    Column("address", Text, nullable=False),
    Column("title", Text),
    Column("publisher", Text),
    Column("origin", String(16), nullable=False),  # config, cli, chat
    Column("options", Json, nullable=False, default=dict),
    Column("enabled", Boolean, nullable=False, default=True),
    Column("state", String(16), nullable=False, default="new"),  # new, ok, failing, silent, gone
    Column("state_since", Utc),
    Column("state_told", String(16)),  # the state the admins were last told of
    Column("last_error", Text),
    Column("failures", Integer, nullable=False, default=0),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("interval_seconds", Integer, nullable=False, default=1800),
    Column("next_due", Utc, nullable=False),
    Column("last_checked", Utc),
    Column("last_success", Utc),
    Column("last_item", Utc),
    Column("lease_until", Utc),
    Column("lease_token", String(36)),
    Column("added_by", BigInteger),
    Column("created", Utc, nullable=False),
    UniqueConstraint("kind", "address"),
    Index(None, "enabled", "next_due"),
)

source_items = Table(
    "source_items",
    metadata,
    _id(),
    Column("source_id", ForeignKey("sources.id", ondelete="CASCADE"), nullable=False),
    Column("item_key", Text, nullable=False),  # guid, address, or path below the folder
    Column("fingerprint", Text, nullable=False),  # tells an unchanged item without reading it again
    Column("document_id", ForeignKey("documents.id", ondelete="SET NULL")),
    Column("error", Text),
    Column("first_seen", Utc, nullable=False),
    Column("last_seen", Utc, nullable=False),
    UniqueConstraint("source_id", "item_key"),
)

documents = Table(
    "documents",
    metadata,
    _id(),
    Column("source_id", ForeignKey("sources.id", ondelete="SET NULL")),
    Column("document_key", Text, nullable=False),
    Column("url", Text),
    Column("publisher", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("language", String(8), nullable=False),
    Column("published", Utc, nullable=False),
    Column("published_origin", String(16), nullable=False),
    Column("picked_up", Utc, nullable=False),
    Column("scope", BigInteger),  # null: everyone; else the chat that alone may see it
    Column("archive", Boolean, nullable=False, default=False),
    Column("version_id", BigInteger),  # the current version
    Column("story_id", ForeignKey("stories.id", ondelete="SET NULL")),
    UniqueConstraint("source_id", "document_key"),
    Index(None, "picked_up"),
    Index(None, "url"),
    Index(None, "story_id"),
    Index(None, "scope", "picked_up"),
)

document_versions = Table(
    "document_versions",
    metadata,
    _id(),
    Column("document_id", ForeignKey("documents.id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("text_hash", String(64), nullable=False),  # of what it tells: findings.told_hash
    Column("title", Text),
    Column("author", Text),
    Column("media_type", String(127), nullable=False),
    Column("raw", LargeBinary),  # the bytes as found; dropped after the retention time
    Column("created", Utc, nullable=False),
    UniqueConstraint("document_id", "number"),
    Index(None, "text_hash"),
    Index(None, "created"),
)

analyses = Table(
    "analyses",
    metadata,
    _id(),
    Column("version_id", ForeignKey("document_versions.id", ondelete="CASCADE"), nullable=False),
    Column("analyser", String(64), nullable=False),
    Column("findings", Json, nullable=False),  # the whole Analysis
    Column("created", Utc, nullable=False),
    UniqueConstraint("version_id", "analyser"),
)

actors = Table(
    "actors",
    metadata,
    _id(),
    Column("actor_key", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("country", String(2)),
    Column("sector", String(8)),
    Column("merged_into", ForeignKey("actors.id", ondelete="SET NULL")),
    Index(None, "name"),
)

appearances = Table(
    "appearances",
    metadata,
    Column("document_id", ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    Column("actor_id", ForeignKey("actors.id", ondelete="CASCADE"), primary_key=True),
    Column("analysis_id", ForeignKey("analyses.id", ondelete="CASCADE"), nullable=False),
    Column("role", Text),
    Column("salience", Float, nullable=False),
    Column("mentions", Integer, nullable=False),
    Column("published", Utc, nullable=False),
    Index(None, "actor_id", "published"),
)

conditions = Table(
    "conditions",
    metadata,
    _id(),
    Column("document_id", ForeignKey("documents.id", ondelete="CASCADE"), nullable=False),
    Column("analysis_id", ForeignKey("analyses.id", ondelete="CASCADE"), nullable=False),
    Column("ordinal", Integer, nullable=False),  # index into the analysis's conditions
    Column("identity", String(64), nullable=False),  # hash of holder, addressee, type, normalised span
    Column("type", String(16), nullable=False),
    Column("domain", String(16), nullable=False),
    Column("holder_id", ForeignKey("actors.id", ondelete="SET NULL")),
    Column("addressee_id", ForeignKey("actors.id", ondelete="SET NULL")),
    Column("published", Utc, nullable=False),
    UniqueConstraint("analysis_id", "ordinal"),
    Index(None, "identity"),
    Index(None, "holder_id", "published"),
    Index(None, "addressee_id", "published"),
    Index(None, "document_id"),
)

stories = Table(
    "stories",
    metadata,
    _id(),
    Column("merged_into", ForeignKey("stories.id", ondelete="SET NULL")),
    Column("scope", BigInteger),
    Column("first_seen", Utc, nullable=False),
    Column("updated", Utc, nullable=False),
    Index(None, "updated"),
)

story_outlines = Table(
    "story_outlines",
    metadata,
    Column("document_id", ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    Column("text_hash", String(64), nullable=False),
    Column("terms", LargeBinary, nullable=False),  # stories.Terms: what the document is compared by
    Index(None, "text_hash"),
)

story_keys = Table(
    "story_keys",
    metadata,
    Column("term", BigInteger, primary_key=True, autoincrement=False),
    Column("day", Integer, primary_key=True, autoincrement=False),  # of publication, since 1970
    Column("document_id", ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    Index(None, "document_id"),
    sqlite_with_rowid=False,
)

story_frequencies = Table(
    "story_frequencies",
    metadata,
    # counted over documents up to this one, in order of arrival; in force for those after it
    Column("up_to", BigInteger, primary_key=True, autoincrement=False),
    Column("documents", Integer, nullable=False),
    Column("terms", LargeBinary, nullable=False),  # stories.Frequencies
)

# --- chats and people -------------------------------------------------------------------------------

chats = Table(
    "chats",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),  # Telegram's chat id
    Column("type", String(16), nullable=False),  # private, group, supergroup, channel
    Column("title", Text),
    Column("username", Text),
    Column("language", String(16)),  # chosen; else Telegram's
    Column("zone", Text),  # IANA; null: not chosen yet
    Column("settings", Json, nullable=False, default=dict),
    Column("owner", BigInteger),  # the user who set a channel or group up
    Column("active", Boolean, nullable=False, default=True),
    Column("inactive_reason", Text),
    Column("inactive_since", Utc),
    Column("created", Utc, nullable=False),
    Column("last_seen", Utc, nullable=False),
    Index(None, "owner"),
)

shown_messages = Table(
    "shown_messages",
    metadata,
    Column("chat_id", BigInteger, primary_key=True),
    Column("message_id", BigInteger, primary_key=True),
    Column("refers_to", Json, nullable=False),  # stories and documents by number
    Column("created", Utc, nullable=False),
    Index(None, "created"),
)

listings = Table(
    "listings",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("refers_to", Json, nullable=False),  # what numbers mean in this chat now
    Column("created", Utc, nullable=False),
)

follows = Table(
    "follows",
    metadata,
    _id(),
    Column("chat_id", BigInteger, nullable=False),
    Column(
        "target", Text, nullable=False
    ),  # "actor:state:PK", "country:PK", "term:gas", "source:3", "topic:…"
    Column("mute", Boolean, nullable=False, default=False),
    Column("until", Utc),
    Column("alerts", Boolean, nullable=False, default=False),
    Column("created", Utc, nullable=False),
    UniqueConstraint("chat_id", "target"),
    Index(None, "target"),
)

feedback = Table(
    "feedback",
    metadata,
    _id(),
    Column("chat_id", BigInteger, nullable=False),
    Column("user_id", BigInteger),
    Column("story_id", ForeignKey("stories.id", ondelete="CASCADE")),
    Column("vote", Integer),  # +1, -1
    Column("text", Text),
    Column("created", Utc, nullable=False),
    UniqueConstraint("chat_id", "user_id", "story_id"),
)

# --- publishing and delivery ------------------------------------------------------------------------

schedules = Table(
    "schedules",
    metadata,
    _id(),
    Column("chat_id", BigInteger, nullable=False),
    Column("origin", String(16), nullable=False),  # chat, config
    Column("local_time", String(5), nullable=False),  # "07:30"
    Column("zone", Text, nullable=False),
    Column("weekdays", Integer, nullable=False, server_default=text("127")),  # bit 0 is Monday
    Column("thread_id", BigInteger, nullable=False, server_default=text("0")),  # 0: no topic
    Column("enabled", Boolean, nullable=False, default=True),
    Column("paused_until", Utc),
    Column("next_due", Utc, nullable=False),
    Column("created", Utc, nullable=False),
    UniqueConstraint("chat_id", "thread_id", "local_time"),
    Index(None, "enabled", "next_due", "id"),
    Index(None, "chat_id"),
)

slots = Table(
    "slots",
    metadata,
    _id(),
    Column("schedule_id", ForeignKey("schedules.id", ondelete="CASCADE"), nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("thread_id", BigInteger, nullable=False, server_default=text("0")),
    Column("local_date", String(10), nullable=False),
    Column("local_time", String(5), nullable=False),
    Column("due", Utc, nullable=False),
    Column("state", String(16), nullable=False),  # published, empty, skipped
    Column("reason", Text),
    Column("until", Utc),  # end of the window it covered; the next one begins there; null: skipped
    Column("edition_id", ForeignKey("editions.id", ondelete="SET NULL")),
    Column("claimed", Utc, nullable=False),
    UniqueConstraint("schedule_id", "local_date", "local_time"),
    Index(None, "chat_id", "due"),
    Index(None, "edition_id"),
)

editions = Table(
    "editions",
    metadata,
    _id(),
    Column("edition_key", String(64), nullable=False, unique=True),  # hash of settings, locale and window
    Column("since", Utc, nullable=False),
    Column("until", Utc, nullable=False),
    Column("digest", Json, nullable=False),  # the Digest, for /why and paging
    Column("parts", Integer, nullable=False),
    Column("created", Utc, nullable=False),
    Index(None, "created"),
)

edition_parts = Table(
    "edition_parts",
    metadata,
    Column("edition_id", ForeignKey("editions.id", ondelete="CASCADE"), primary_key=True),
    Column("part", Integer, primary_key=True),
    Column("message", Json, nullable=False),  # a MessagePart
)

deliveries = Table(
    "deliveries",
    metadata,
    _id(),
    Column("edition_id", ForeignKey("editions.id", ondelete="CASCADE")),  # null: a message of its own
    Column("chat_id", BigInteger, nullable=False),
    Column("part", Integer, nullable=False),
    Column("thread_id", BigInteger, nullable=False, server_default=text("0")),  # 0: no topic
    Column("message", Json),  # a MessagePart, where there is no edition
    Column("dedupe_key", Text, unique=True),  # where there is no edition: what makes it one message
    Column("kind", String(16), nullable=False),  # digest, alert, notice
    Column("silent", Boolean, nullable=False, default=False),
    Column("state", String(16), nullable=False),  # pending, leased, sending, uncertain, sent, failed, skipped
    Column("attempts", Integer, nullable=False, default=0),
    Column("uncertain", Integer, nullable=False, default=0),  # attempts whose outcome nobody knows
    Column("not_before", Utc, nullable=False),
    Column("expires", Utc, nullable=False),
    Column("lease_until", Utc),
    Column("lease_token", String(36)),
    Column("message_id", BigInteger),
    Column("reason", Text),
    Column("due", Utc, nullable=False),
    Column("created", Utc, nullable=False),
    Column("finished", Utc),
    UniqueConstraint("edition_id", "chat_id", "thread_id", "part"),
    Index(None, "state", "not_before", "id"),
    Index(None, "chat_id", "state"),
    Index(None, "state", "lease_until"),
    Index(None, "finished"),
)

updates = Table(
    "updates",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("chat_id", BigInteger),
    Column("update", Json, nullable=False),
    Column("state", String(16), nullable=False),  # pending, handled, failed
    Column("attempts", Integer, nullable=False, default=0),
    Column("lease_until", Utc),
    Column("lease_token", String(36)),
    Column("error", Text),
    Column("received", Utc, nullable=False),
    Column("handled", Utc),
    Index(None, "state", "update_id"),
    Index(None, "chat_id", "state", "update_id"),
    Index(None, "handled"),
)

leases = Table(
    "leases",
    metadata,
    Column("name", String(64), primary_key=True),  # poller, migrations, collect …
    Column("holder", String(64), nullable=False),
    Column("until", Utc, nullable=False),
)

limits = Table(
    "limits",
    metadata,
    Column("bucket", String(64), primary_key=True),  # all, chat:<id>; shared by all replicas
    Column("free_at", Float, nullable=False),  # theoretical arrival time (GCRA), seconds since the epoch
)

notices = Table(
    "notices",
    metadata,
    Column("notice_key", Text, primary_key=True),  # told to the admins once
    Column("text", Text, nullable=False),
    Column("created", Utc, nullable=False),
)

fronts = Table(
    "fronts",
    metadata,
    Column("name", String(64), primary_key=True),  # news
    Column("at", Utc, nullable=False),
)

heartbeats = Table(
    "heartbeats",
    metadata,
    Column("name", String(64), primary_key=True),  # collect, publish, deliver, prune, poll
    Column("at", Utc, nullable=False),
)
