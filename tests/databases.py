"""The migrations make one database in a run of the tests; every worker's, and the browser's, is a copy of it."""

import os
import uuid

from django.conf import settings
from django.db import connection

LOCK = 1_364_711  # an advisory lock of the server: a number of ours
# The same in all workers of one run.
RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID") or uuid.uuid4().hex


def migrated():
    """Name of the database made by the migrations, here unless another worker of this run has made it.

    Its comment says which run made it, and is written last: what a killed run left half done is made anew. It stays
    until the next run.
    """
    name = f"{settings.TEST_DATABASE}_migrated"
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])  # let go with the connection
        cursor.execute("SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name])
        if cursor.fetchone() == (RUN,):
            return name
        tests, before = connection.settings_dict["TEST"], connection.settings_dict["NAME"]
        usual, tests["NAME"] = tests["NAME"], name
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        connection.close()  # nobody may be connected to what is copied
        connection.settings_dict["NAME"], tests["NAME"] = before, usual
        cursor.execute(f"COMMENT ON DATABASE {connection.ops.quote_name(name)} IS %s", [RUN])
    return name
