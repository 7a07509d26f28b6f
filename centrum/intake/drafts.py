"""Drafts that were left: deleted whole, since nobody asked us to keep them (art. 5(1)(e) GDPR)."""

import datetime

from django.db import transaction

from centrum.intake.enums import ApplicationState
from centrum.intake.models import Application
from centrum.kit import clock
from centrum.kit.models import StoredFile


def delete_untouched(*, days):
    """Delete drafts that nobody has touched for `days`, with answers, links and files; returns how many."""
    before = clock.now() - datetime.timedelta(days=days)
    old = Application.objects.filter(state=ApplicationState.DRAFT, saved_at__lt=before)
    return sum(_delete(pk, old) for pk in list(old.values_list("pk", flat=True)))


@transaction.atomic
def _delete(pk, old):
    # somebody who has just come back to the draft keeps it
    draft = old.select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
    if draft is None:
        return 0
    files = list(draft.attachments.values_list("file", flat=True))
    draft.delete()
    StoredFile.objects.filter(pk__in=files).delete()
    return 1
