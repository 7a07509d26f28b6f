"""/healthz for the watchman: database, migrations, outbox; figures only, no personal data."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from centrum.kit import outbox

# a message that waits longer tells that no sender runs
OLDEST_SECONDS = 3600


@login_not_required
@never_cache
@require_safe
def healthz(request):
    """200 when all is well, 503 otherwise, with what is wrong."""
    try:
        executor = MigrationExecutor(connection)
        unapplied = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        mail = outbox.state() if not unapplied else None
    except DatabaseError:
        return JsonResponse({"database": "down"}, status=503)
    # the demo keeps its mail on purpose
    delivered = settings.DEMO or (mail and mail["failed"] == 0 and mail["oldest_seconds"] <= OLDEST_SECONDS)
    well = bool(not unapplied and delivered)
    answer = {"database": "up", "unapplied_migrations": unapplied, "outbox": mail, "healthy": well}
    return JsonResponse(answer, status=200 if well else 503)
