"""The account that runs Postgres: the owner of the server's folder, but never root, which Postgres refuses.

If root owns the folder, Postgres runs as an ordinary user in a namespace, or the folder is given to an account that can
run it.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from loader.warehouse.server_error import ServerError

ELSEWHERE = "Set HETANG_DATA to use another folder, or DATABASE_URL to use another server."


def is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def identity(folder: Path) -> dict[str, Any]:
    """Arguments for subprocess: run as the folder's owner, or if that is root, as an ordinary user in a namespace."""
    if not is_root():
        return {}
    owner = folder.stat()
    if owner.st_uid:
        return {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []}
    return {"preexec_fn": _namespace()}


def settle_owner(folder: Path, programs: Path) -> None:
    """If root cannot create a namespace, give the folder to an account that can run Postgres. Raises ServerError."""
    if not is_root():
        return
    owner, account = folder.stat().st_uid, _account()
    home, program = str(folder.parent), str(programs / "postgres")
    as_account = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}

    def gets_there(identity: dict[str, Any]) -> bool:
        command = ["/bin/sh", "-c", 'cd "$0" && "$1" --version', home, program]
        with suppress(OSError, subprocess.SubprocessError):
            return subprocess.run(command, cwd="/", capture_output=True, **identity).returncode == 0
        return False

    if gets_there(identity(folder)):
        return
    if owner or not gets_there(as_account):
        raise ServerError(
            f"Postgres does not run as root, and no other account can enter {home} and run {program}. "
            f"Use an ordinary user, or a folder open to all, such as /var/lib/hetang. {ELSEWHERE}"
        )
    for path in (folder, *folder.rglob("*")):
        os.chown(path, account.pw_uid, account.pw_gid, follow_symlinks=False)


def give_to_owner(path: Path) -> None:
    """Give a file that root has written to the owner of its folder."""
    if is_root():
        owner = path.parent.stat()
        os.chown(path, owner.st_uid, owner.st_gid)


def _account() -> Any:
    """An account other than root; Postgres requires its user to have a name."""
    import pwd

    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name)
    raise ServerError(f"Postgres does not run as root, and there is no account postgres or nobody. {ELSEWHERE}")


def _namespace() -> Callable[[], None]:
    """For a child before exec: enter a user namespace in which root has another user id and no rights.

    For files outside it is still root, so no account and no file mode must be changed. (os.unshare needs Python 3.12.)
    """
    import ctypes

    account, group = _account(), os.getegid()
    libc = ctypes.CDLL(None, use_errno=True)

    def enter() -> None:
        if libc.unshare(0x10000000):  # CLONE_NEWUSER
            raise OSError(ctypes.get_errno(), "unshare")
        for name, text in (
            ("setgroups", "deny"),
            ("uid_map", f"{account.pw_uid} 0 1"),
            ("gid_map", f"{account.pw_gid} {group} 1"),
        ):
            Path("/proc/self", name).write_text(text)

    return enter
