"""The database: tables, migrations, and one module for each aggregate."""
