"""Stands for a command of the project: python client.py FOLDER USER ACTION [ARGUMENT]."""

import os
import pwd
import select
import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
if "PACKAGES" in os.environ:
    sys.path.insert(0, os.environ["PACKAGES"])

import django
from django.conf import settings
from django.db import OperationalError, close_old_connections, connection

import centrum.postgres.base  # noqa: F401 - see below
from centrum import postgres
from centrum.postgres.server import Server


def one(sql: str):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def query(sql="SELECT current_database()"):
    return one(sql)


def write():
    """Say every number that is safely committed, until the server goes."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE acknowledged (number int)")
        number = 0
        try:
            while True:
                number += 1
                cursor.execute("INSERT INTO acknowledged VALUES (%s)", [number])
                sys.stdout.write(f"{number}\n")
                sys.stdout.flush()
        except OperationalError:
            connection.close()
    return "gone"


def written():
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM acknowledged ORDER BY number")
        return "\n".join(str(number) for (number,) in cursor.fetchall())


def survive():
    """The server dies between two requests of one worker."""
    first = one("SELECT pg_postmaster_start_time()")
    server = Server.of(Path(settings.DATABASES["default"]["PROJECT"]))
    os.kill(int((server.home / "data" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    select.select([connection.connection], [], [], 60)  # our backend leaves after the postmaster
    close_old_connections()  # what Django does as a request begins
    return one("SELECT pg_postmaster_start_time()") > first


def stop():
    return Server.of(Path(settings.DATABASES["default"]["PROJECT"])).stop()


if __name__ == "__main__":
    folder, user, action, *arguments = sys.argv[1:]
    settings.configure(DATABASES={}, USE_TZ=True)
    django.setup()  # all that is to be imported is by now: that user may not be able to enter the venv
    if user:
        account = pwd.getpwnam(user)
        os.setgroups([])
        os.setgid(account.pw_gid)
        os.setuid(account.pw_uid)
    database = postgres.settings(Path(folder)) | {"CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True}
    settings.DATABASES["default"] = database
    sys.stdout.write(f"{globals()[action](*arguments)}\n")
    connection.close()
