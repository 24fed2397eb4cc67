"""The engine, the session, the tables' base and plain column types.
SQLite and PostgreSQL behave alike through here.
"""
