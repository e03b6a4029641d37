"""Full-text search over the versions of documents: FTS5 on SQLite, an index on a tsvector on PostgreSQL.

Revision: 0002
Follows: 0001
"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SQLITE = (
    # The index refers to the text where it is stored; triggers keep it in step, cascades included.
    "CREATE VIRTUAL TABLE search USING fts5(title, text, content='document_versions', content_rowid='id', "
    'tokenize="porter unicode61 remove_diacritics 2")',
    "CREATE TRIGGER search_insert AFTER INSERT ON document_versions BEGIN "
    "INSERT INTO search(rowid, title, text) VALUES (new.id, new.title, new.text); END",
    "CREATE TRIGGER search_delete AFTER DELETE ON document_versions BEGIN "
    "INSERT INTO search(search, rowid, title, text) VALUES ('delete', old.id, old.title, old.text); END",
    "CREATE TRIGGER search_update AFTER UPDATE OF title, text ON document_versions BEGIN "
    "INSERT INTO search(search, rowid, title, text) VALUES ('delete', old.id, old.title, old.text); "
    "INSERT INTO search(rowid, title, text) VALUES (new.id, new.title, new.text); END",
)
POSTGRES = (
    # A tsvector holds at most 1 MB: the first 200,000 characters of a text are searched.
    "CREATE FUNCTION search_vector(title text, body text) RETURNS tsvector LANGUAGE sql IMMUTABLE "
    "AS $$ SELECT setweight(to_tsvector('pg_catalog.english', coalesce(title, '')), 'A') || "
    "to_tsvector('pg_catalog.english', left(coalesce(body, ''), 200000)) $$",
    "CREATE INDEX ix_document_versions_search ON document_versions USING gin (search_vector(title, text))",
)


def upgrade() -> None:
    """Make the index and what keeps it in step."""
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRES:
        op.execute(statement)


def downgrade() -> None:
    """Take it away again."""
    if op.get_bind().dialect.name == "sqlite":
        for name in ("search_insert", "search_delete", "search_update"):
            op.execute(f"DROP TRIGGER {name}")
        op.execute("DROP TABLE search")
    else:
        op.execute("DROP INDEX ix_document_versions_search")
        op.execute("DROP FUNCTION search_vector(text, text)")
