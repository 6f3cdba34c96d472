"""Postgres: the server, the connection and what is written."""
