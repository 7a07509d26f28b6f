"""What merging two people means for their consents."""

from centrum.intake.models import Consent
from centrum.kit.registry import MergeRule


def _no_obstacles(_kept, _gone):
    return []


def fold(kept, gone):
    """No consent goes: one given twice is kept twice. Who withdrew a purpose as one of the two withdrew it as a
    whole, so what was given before is withdrawn as of that moment; what was given after it stays."""
    both = Consent.objects.filter(person__in=(kept, gone))
    # locked first: a withdrawal through a link may come meanwhile
    rows = list(both.select_related("text").order_by("pk").select_for_update(of=("self",), no_key=True))
    withdrawals = sorted((row for row in rows if row.withdrawn_at), key=lambda row: row.withdrawn_at)
    last = {row.text.code: row for row in withdrawals}
    for row in rows:
        taken_back = last.get(row.text.code)
        if not row.withdrawn_at and taken_back and row.given_at <= taken_back.withdrawn_at:
            row.withdrawn_at, row.withdrawn_by = taken_back.withdrawn_at, taken_back.withdrawn_by
            row.save(update_fields=["withdrawn_at", "withdrawn_by"])


PEOPLE = MergeRule("register.Person", _no_obstacles, fold)
