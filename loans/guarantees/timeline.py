"""What happened to a guarantee, from the review of its application on, newest first."""

from django.db.models import Q
from django.utils.translation import gettext as _

from centrum.kit.models import StateChange
from centrum.kit.transitions import noun_of
from loans.enums import CallState, EntryEvent, GuaranteeState, MeasureState, ReviewState, SecurityState
from loans.models import Entry, Guarantee, GuaranteeCall, RecourseLoss, Review, Security

LENGTH = 100
_STATES = {
    noun_of(model): states
    for model, states in (
        (Guarantee, GuaranteeState),
        (Review, ReviewState),
        (Security, SecurityState),
        (GuaranteeCall, CallState),
        (RecourseLoss, MeasureState),
    )
}


def of_guarantee(guarantee):
    """[{when, who, text, reason}] of the last LENGTH steps."""
    securities = dict(guarantee.securities.values_list("pk", "description"))
    keys = {
        Guarantee: [guarantee.pk],
        Review: [guarantee.decision.review_id],
        Security: list(securities),
        GuaranteeCall: list(guarantee.calls.values_list("pk", flat=True)),
        RecourseLoss: list(guarantee.losses.values_list("pk", flat=True)),
    }
    kept = Q()
    for model, pks in keys.items():
        if pks:
            kept |= Q(noun=noun_of(model), object_id__in=pks)
    changes = StateChange.objects.filter(kept).select_related("by").order_by("-at", "-pk")[:LENGTH]
    steps = [
        {"when": change.at, "who": change.by, "text": _words(change, securities), "reason": change.reason}
        for change in changes
    ]
    return sorted([*steps, *_taken_back(guarantee)], key=lambda step: step["when"], reverse=True)[:LENGTH]


def _taken_back(guarantee):
    """What was posted and reversed: a report, a fee, money from recourse. The words of the ledger say why."""
    entries = Entry.objects.filter(event=EntryEvent.REVERSAL, lines__guarantee=guarantee).distinct()
    return [
        {
            "when": entry.at,
            "who": entry.by,
            "text": _("Taken back: %(what)s") % {"what": entry.reverses.get_event_display()},
            "reason": entry.text,
        }
        for entry in entries.select_related("by", "reverses").order_by("-pk")[:LENGTH]
    ]


def _words(change, securities):
    said = {"label": securities.get(change.object_id, ""), "state": _STATES[change.noun](change.target).label}
    templates = {
        noun_of(Guarantee): _("Guarantee: %(state)s"),
        noun_of(Review): _("Application: %(state)s"),
        noun_of(Security): _("Security “%(label)s”: %(state)s"),
        noun_of(GuaranteeCall): _("Call: %(state)s"),
        noun_of(RecourseLoss): _("Write-off of the claim: %(state)s"),
    }
    return templates[change.noun] % said
