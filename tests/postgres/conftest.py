"""Folders for servers of the tests' own, apart from the server that the rest of the suite uses."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from centrum.postgres.server import Server

CLIENT = Path(__file__).with_name("client.py")


class Project:
    """A project folder and processes that use its server as the project's commands do."""

    def __init__(self, folder: Path, *, user: str | None = None, packages: Path | None = None):
        self.folder, self.user = folder, user
        self.started = []
        self.environment = {"PATH": os.environ["PATH"], "PGPORT": "1", "LC_ALL": "C"}
        if packages:
            self.environment["PACKAGES"] = str(packages)

    def start(self, action: str, *arguments: str) -> subprocess.Popen:
        """A process of our own; with `user` it gives up root before it does anything."""
        process = subprocess.Popen(
            [sys.executable, CLIENT, self.folder, self.user or "", action, *arguments],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.started.append(process)
        return process

    def run(self, action: str, *arguments: str) -> str:
        process = self.start(action, *arguments)
        output, errors = process.communicate(timeout=100)
        assert process.returncode == 0, errors
        return output.strip()

    def refusal(self) -> str:
        """What a command says that must not get its server."""
        process = self.start("query")
        _, errors = process.communicate(timeout=100)
        assert process.returncode == 1
        return errors.strip().splitlines()[-1]

    @property
    def server(self) -> Server:
        return Server.of(self.folder)

    @property
    def postmaster(self) -> int:
        return int((self.server.home / "data" / "postmaster.pid").read_text().split()[0])

    def crash(self) -> None:
        os.kill(self.postmaster, signal.SIGKILL)

    def close(self) -> None:
        for process in self.started:
            process.kill()
            process.communicate()
        self.server.stop()
        for folder in (self.server.home, self.server.sockets):
            shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def ground():
    """A temporary folder every user may enter, as pytest's own tmp_path is not."""
    folder = Path(tempfile.mkdtemp(prefix="centrum-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def project(ground):
    """Makes projects in the folder named; ends their servers."""
    made = []

    def make(name: str = "project", **options) -> Project:
        folder = ground / name
        folder.mkdir(parents=True)
        if options.get("user"):
            shutil.chown(folder, options["user"])
        made.append(Project(folder, **options))
        return made[-1]

    yield make
    for each in made:
        each.close()
