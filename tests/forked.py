"""`hetang` as a process with a group of its own, forked from this one so that nothing has to be imported again."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import time
from contextlib import suppress

import psutil
import psycopg

from loader.cli.main import main


class Forked:
    """A command under way; ``said`` is what it has written."""

    def __init__(self, *arguments: object) -> None:
        self.output = tempfile.TemporaryFile("a+", encoding="utf-8")  # noqa: SIM115  (its processes write on)
        self.pid = os.fork()
        if self.pid == 0:
            code = 1
            try:
                os.setsid()
                signal.signal(signal.SIGINT, signal.default_int_handler)
                sys.stdout = sys.stderr = self.output
                os.dup2(self.output.fileno(), 2)
                main([str(argument) for argument in arguments])
            except SystemExit as exit_:
                code = int(exit_.code or 0)
            finally:
                self.output.flush()
                os._exit(code)

    @property
    def said(self) -> str:
        written = os.fstat(self.output.fileno()).st_size
        return os.pread(self.output.fileno(), written, 0).decode()  # where the processes write stays as it is

    def signal(self, number: int) -> None:
        """Send a signal to all its processes."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, number)

    def wait(self) -> int:
        """The exit code; a negative one tells a signal. None of its processes is left."""
        deadline = time.monotonic() + 120
        while (ended := os.waitpid(self.pid, os.WNOHANG))[0] == 0:
            if time.monotonic() > deadline:
                self.signal(signal.SIGKILL)
            time.sleep(0.005)
        code = os.waitstatus_to_exitcode(ended[1])
        deadline = time.monotonic() + 10
        while left := [each for each in psutil.process_iter() if self._is_ours(each)]:
            if time.monotonic() > deadline:
                self.signal(signal.SIGKILL)
                raise AssertionError(f"processes are left: {left}")
            time.sleep(0.02)
        return code

    def _is_ours(self, process: psutil.Process) -> bool:
        with suppress(psutil.Error, ProcessLookupError):
            return os.getsid(process.pid) == self.pid and process.status() != psutil.STATUS_ZOMBIE
        return False


def wait_for_lock(connection: psycopg.Connection) -> list[int]:
    """The server processes of this database that wait for a lock, when there are any."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        rows = connection.execute(
            "select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
        ).fetchall()
        if rows:
            return [pid for (pid,) in rows]
        time.sleep(0.02)
    raise AssertionError("nobody waits for a lock")


def wait_for_others_to_end(connection: psycopg.Connection) -> None:
    """Until the server has noticed that all other clients of this database are gone."""
    deadline = time.monotonic() + 20
    query = "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
    while connection.execute(query + " and backend_type = 'client backend'").fetchone() != (0,):
        assert time.monotonic() < deadline, "clients are left"
        time.sleep(0.02)
