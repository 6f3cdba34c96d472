"""Bring a warehouse to the newest schema: migrations, reference data and views in one transaction."""

from __future__ import annotations

from importlib.resources import files

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import create_engine
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError

from schema.views import ViewError


class MigrationError(Exception):
    """The warehouse cannot be upgraded; the message says why."""


def engine_for(url: str) -> Engine:
    """A SQLAlchemy engine on psycopg 3 for a libpq URL."""
    return create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))


def configuration(url: str) -> Config:
    """Alembic's configuration, found wherever the project is installed."""
    config = Config()
    config.set_main_option("script_location", str(files("migrations")))
    config.attributes["url"] = url
    return config


def upgrade(url: str) -> None:
    """Upgrade to the newest schema. Nothing changes where a step fails (MigrationError)."""
    try:
        command.upgrade(configuration(url), "head")
    except (ViewError, CommandError) as error:
        raise MigrationError(str(error)) from error
    except DBAPIError as error:
        raise MigrationError(str(error.orig).strip()) from error
