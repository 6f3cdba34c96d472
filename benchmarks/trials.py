"""Trials of wrong changes that take no test run: most wrong changes are noticed here, in tenths of a second.

A wrong view or function is made in the district of tests/views/test_contents.py, in a transaction that is rolled back.
Wrong declarations and rules are imported in a fork of this process.
"""

from __future__ import annotations

import os
import re
import sys
from functools import cache
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from multiprocessing import get_context
from pathlib import Path
from threading import Lock
from types import ModuleType

import psycopg
from psycopg.errors import InvalidTableDefinition, QueryCanceled

from benchmarks.wrong_changes import ROOT, Mutant
from schema.views import managed_functions, managed_views
from synthetic import view_cases
from synthetic.view_contents import fingerprint, relations

FOREVER = "ran forever"
REFUSED = "refused"
SAME_PLAN = "the same plan"
ONLY_COMMENTS = "only comments and blanks"
CONTENTS = "tests/views/test_contents.py::test_contents_are_as_reviewed"
GENERATED = "tests/views/test_reports.py::test_the_generated_files_are_as_the_declarations_make_them"
_DECLARATIONS = "tests/test_declarations.py"
_REVIEWED = tuple(
    f"{_DECLARATIONS}::test_the_{lists}_are_as_reviewed"
    for lists in ("declarations", "names_of_views_and_columns", "reference_tables")
)
# the modules of the declarations, except for their language, and what is made of them
_FOLLOWING = re.compile(
    r"schema\.(forms(?!\.template)|generate|report_columns|report_views|reference_data)|tests\.test_declarations"
)

_CREATED = re.compile(r"^create (?:or replace )?(?:view|function) ([\w.]+)", re.MULTILINE)
_JOIN = re.compile(r"\b(inner|left|full) join\b")
_PATIENCE = 20  # seconds, of what takes one at most


# ---------------------------------------------------------------------------- views


class District:
    """The warehouse of ``synthetic.view_cases``, in which wrong views are tried, each in a transaction of its own."""

    def __init__(self, url: str) -> None:
        """Write the district into an empty warehouse."""
        self._connection = psycopg.connect(url, autocommit=True, prepare_threshold=None)
        with self._connection.transaction():
            view_cases.write(self._connection)
        self._asked = frozenset(relations())
        self._users = _users()
        self._right: dict[str, object] = {}
        self._lock = Lock()

    def verdict(self, mutant: Mutant) -> str | None:
        """What the test of all contents says, or that the plan is the same. None if it notices nothing."""
        created = _CREATED.search(mutant.text)
        if created is None:
            return None
        relation = created[1]
        with self._lock:
            above = [name for name in self._all_users(relation) if name in self._asked]
            for name in above:
                if name not in self._right:
                    self._right[name] = fingerprint(self._connection, name)
            try:
                with self._connection.transaction(force_rollback=True):
                    self._connection.execute(f"set local statement_timeout = '{_PATIENCE}s'".encode())
                    plan = self._plan(mutant, relation)
                    self._create(relation, mutant.text)
                    for name in above:
                        if fingerprint(self._connection, name) != self._right[name]:
                            return CONTENTS
                        if name == relation and plan is not None and self._plan(mutant, relation) == plan:
                            return SAME_PLAN
            except QueryCanceled:
                return FOREVER
            except psycopg.Error:
                return REFUSED
        return None

    def _all_users(self, relation: str) -> list[str]:
        """A view or function, and all that use it. Of some the test asks a part, and of some in another state."""
        found = [relation]
        for name in found:
            found += sorted(self._users.get(name, set()) - {*found})
        return found

    def _plan(self, mutant: Mutant, relation: str) -> str | None:
        """The plan of a view, if only a join is another. None otherwise: plans do not show all of other changes."""
        before, after = mutant.change()
        if "/functions/" in mutant.path or _JOIN.sub("join", before) != _JOIN.sub("join", after):
            return None
        rows = self._connection.execute(f"explain (verbose, costs off) select * from {relation}".encode())
        return "\n".join(row[0] for row in rows)

    def _create(self, relation: str, text: str) -> None:
        try:
            with self._connection.transaction():
                self._connection.execute(text.replace("create view", "create or replace view", 1).encode())
        except InvalidTableDefinition:  # other types
            self._connection.execute(f"drop view {relation} cascade".encode())
            self._connection.execute(text.encode())


def _users() -> dict[str, set[str]]:
    """View or function → those that name it."""
    found: dict[str, set[str]] = {}
    for view in (*managed_views(), *managed_functions()):
        for name in view.names:
            found.setdefault(name, set()).add(view.qualified)
    return found


# ---------------------------------------------------------------------------- declarations and rules


def declared(mutant: Mutant) -> str | None:
    """What the reviewed lists, or of rules the generated files, say of a wrong declaration. None if nothing."""
    verdicts = (None, REFUSED, GENERATED, ONLY_COMMENTS, *_REVIEWED)
    _committed()  # once for all forks
    process = get_context("fork").Process(target=lambda: os._exit(verdicts.index(_declared(mutant))))
    process.start()
    process.join(_PATIENCE)
    if process.exitcode is None:
        process.kill()
        process.join()
        return FOREVER
    return verdicts[process.exitcode]


def _declared(mutant: Mutant) -> str | None:
    for name in [name for name in sys.modules if _FOLLOWING.match(name)]:
        del sys.modules[name]
    sys.meta_path.insert(0, _Changed(mutant))
    try:
        if mutant.kind == "rules" and (noticed := _generated()):
            return noticed
        if mutant.path.startswith("schema/report_views/"):
            return ONLY_COMMENTS
        reviewed = import_module(_DECLARATIONS.removesuffix(".py").replace("/", "."))
    except Exception:
        return REFUSED
    for name in _REVIEWED:
        try:
            getattr(reviewed, name.partition("::")[2])()
        except Exception:
            return name
    return None


def _generated() -> str | None:
    views = import_module("schema.generate").generated_views()
    return None if {file: _words(text) for file, text in views.items()} == _committed() else GENERATED


def _words(sql: str) -> list[str]:
    """A view without comments and blanks."""
    return re.sub(r"--[^\n]*", "", sql).split()


@cache
def _committed() -> dict[Path, list[str]]:
    sql = ROOT / "sql"
    return {file.relative_to(sql): _words(file.read_text(encoding="utf-8")) for file in sql.glob("*/generated/*.sql")}


class _Changed(MetaPathFinder, Loader):
    """Imports the changed file instead of the one that is there."""

    def __init__(self, mutant: Mutant) -> None:
        self._name = mutant.path.removesuffix(".py").replace("/", ".")
        self._text = mutant.text

    def find_spec(self, fullname: str, path: object, target: object = None) -> ModuleSpec | None:
        return ModuleSpec(fullname, self) if fullname == self._name else None

    def exec_module(self, module: ModuleType) -> None:
        module.__file__ = str(ROOT / self._name.replace(".", "/")) + ".py"
        exec(compile(self._text, module.__file__, "exec"), module.__dict__)
