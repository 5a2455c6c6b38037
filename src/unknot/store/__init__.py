"""Where the diary is kept: SQLite by default, PostgreSQL for many people. What was saved stays saved."""
