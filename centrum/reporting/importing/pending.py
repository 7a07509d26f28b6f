"""A file between its preview and its confirmation: encrypted, for its uploader alone, for one hour."""

import datetime

from django.db import transaction

from centrum.kit import clock, crypto
from centrum.reporting.importing.writing import import_participants
from centrum.reporting.models import PendingImport
from centrum.staff.enums import Right
from centrum.staff.permissions import require

KEPT = datetime.timedelta(hours=1)
_PURPOSE = "reporting.pending_import"


def waiting_of(user):
    """The user's own files that may still be confirmed."""
    return PendingImport.objects.filter(by=user, at__gt=clock.now() - KEPT).select_related("project")


def content_of(pending):
    return crypto.decrypt(pending.content_cipher, purpose=_PURPOSE).encode()


@transaction.atomic
def hold(*, by, project, content, file_name):
    """Keep a readable file (UTF-8) for its confirmation in place of an earlier one; the hour-old of everybody go."""
    require(by, Right.IMPORT_PARTICIPANTS)
    forget_old()
    PendingImport.objects.filter(by=by, project=project).delete()
    return PendingImport.objects.create(
        project=project,
        file_name=file_name[:200],
        content_cipher=crypto.encrypt(content.decode(), purpose=_PURPOSE),
        by=by,
        at=clock.now(),
    )


@transaction.atomic
def confirm(pending, *, by):
    """Import the file and forget it; returns the ImportRecord, None when another request has been quicker.

    Raises what `import_participants` raises; the file then waits on.
    """
    locked = waiting_of(by).select_for_update(of=("self",)).filter(pk=pending.pk).first()
    if locked is None:
        return None
    record = import_participants(by=by, project=locked.project, content=content_of(locked), file_name=locked.file_name)
    locked.delete()
    return record


def discard(pending):
    pending.delete()


def forget_old():
    """Delete the files whose hour is over."""
    PendingImport.objects.filter(at__lte=clock.now() - KEPT).delete()
