"""Database backend of the portal: PostgreSQL with psycopg's pool, and a server of its own when none is given."""
