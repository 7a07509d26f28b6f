"""What happened to a loan, from the review of its application on: every step, who made it and when, newest first."""

from django.db.models import CharField, F, Q, TextField, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from centrum.kit.models import StateChange
from centrum.kit.transitions import noun_of
from loans.enums import (
    AnnexState,
    JobState,
    LoanState,
    MeasureKind,
    MeasureState,
    ReviewState,
    SecurityState,
    SettlementState,
    TrancheState,
    VisitState,
    YearlyState,
)
from loans.models import Annex, Loan, LoanJob, Measure, Review, Security, Settlement, Tranche, Visit, YearlyPaper

LENGTH = 100
_STATES = {
    noun_of(model): states
    for model, states in (
        (Loan, LoanState),
        (Review, ReviewState),
        (Security, SecurityState),
        (Annex, AnnexState),
        (Tranche, TrancheState),
        (Settlement, SettlementState),
        (Measure, MeasureState),
        (LoanJob, JobState),
        (Visit, VisitState),
        (YearlyPaper, YearlyState),
    )
}


def of_loan(loan):
    """[{when, who, text, reason}] of the last LENGTH steps; two queries, however much there is."""
    labels = {(row["noun"], row["pk"]): row["label"] for row in _parts(loan)}
    labels[noun_of(loan), loan.pk] = ""
    labels[noun_of(Review), loan.decision.review_id] = ""
    kept = Q()
    for noun in _STATES:
        keys = [pk for of, pk in labels if of == noun]
        kept |= Q(noun=noun, object_id__in=keys) if keys else Q()
    changes = StateChange.objects.filter(kept).select_related("by").order_by("-at", "-pk")[:LENGTH]
    return [
        {
            "when": change.at,
            "who": change.by,
            "text": _words(change.noun, labels[change.noun, change.object_id], change.target),
            "reason": change.reason,
        }
        for change in changes
    ]


def _parts(loan):
    """What of a loan has steps of its own: {noun, pk, label: number, description, kind or year}."""
    kinds = (
        (loan.tranches, Tranche, "number"),
        (Settlement.objects.filter(tranche__loan=loan), Settlement, "tranche__number"),
        (loan.securities, Security, "description"),
        (loan.annexes, Annex, "number"),
        (loan.measures, Measure, "kind"),
        (loan.jobs, LoanJob, "position"),
        (loan.visits, Visit, "number"),
        (loan.yearly_papers, YearlyPaper, "year"),
    )
    first, *others = (
        rows.order_by()
        .annotate(noun=Value(noun_of(model), CharField()), label=Cast(F(name), TextField()))
        .values("noun", "pk", "label")
        for rows, model, name in kinds
    )
    return first.union(*others, all=True)


def _words(noun, label, target):
    label = MeasureKind(label).label if noun == noun_of(Measure) else label
    said = {"label": label, "state": _STATES[noun](target).label}
    templates = {
        noun_of(Loan): _("Loan: %(state)s"),
        noun_of(Review): _("Application: %(state)s"),
        noun_of(Security): _("Security “%(label)s”: %(state)s"),
        noun_of(Annex): _("Annex %(label)s: %(state)s"),
        noun_of(Tranche): _("Tranche %(label)s: %(state)s"),
        noun_of(Measure): _("Decision on the claim, %(label)s: %(state)s"),
        noun_of(Settlement): _("Settlement of tranche %(label)s: %(state)s"),
        noun_of(LoanJob): _("Job “%(label)s”: %(state)s"),
        noun_of(Visit): _("Visit %(label)s: %(state)s"),
        noun_of(YearlyPaper): _("Paper of the year %(label)s: %(state)s"),
    }
    return templates[noun] % said
