"""`hetang demo`: what a new user sees first."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from loader.warehouse.server import EmbeddedServer
from tests.conftest import Run, folder_in_memory


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder, and a DATABASE_URL that leads nowhere."""
    with folder_in_memory() as name:
        monkeypatch.setenv("HETANG_DATA", name)  # the command changes both; they are set back
        monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
        yield Path(name)
        EmbeddedServer(Path(name) / "demo").stop()


def test_the_demo_explains_itself_and_leaves_the_warehouse_alone(home: Path, run: Run) -> None:
    said = run("demo").stdout
    assert "published cells agree with what the rest of the budget implies; forms not published: 2, 4, 5." in said
    assert said.count("\n| note") + said.count("\n| warning") == 2
    assert f"export HETANG_DATA={home / 'demo'}" in said
    assert os.listdir(home) == ["demo"]
