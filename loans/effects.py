"""What the loans of the fund do for people: jobs, kinds of organisations, communes and purposes, as planned."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q

from centrum.register.models import Commune
from loans import risk
from loans.dashboard import Part, total
from loans.enums import ONCE_CREATED, OWING, JobState, YesNo
from loans.models import Loan, LoanJob, LoanPurchase, PlannedJob
from loans.schedule import ZERO

PLACES = 10  # communes that are shown


@dataclass(frozen=True)
class Good:
    """What loans that are being paid back do. `jobs` and `jobs_at_risk` planned, `created` (also those that ended
    early) and of them `kept` long enough, in full-time posts; `kinds` of organisations and `communes`, the ten with
    most as (Commune or None, Part) and `elsewhere` the others together, as Parts of the principal left; `purposes` as
    Parts of what the applications planned to pay from the loans."""

    jobs: Decimal
    jobs_at_risk: Decimal
    created: Decimal
    kept: Decimal
    kinds: list
    communes: list
    elsewhere: Part | None
    purposes: list


def good(fund):
    """Social effects: jobs and purposes as planned in the applications, jobs as they were noted."""
    of = Loan.objects.filter(fund=fund, state__in=OWING).order_by()
    applications = of.values("decision__review__application")
    jobs = PlannedJob.objects.filter(answers__in=applications).aggregate(
        all=total("posts"), at_risk=total("posts", filter=Q(at_risk=YesNo.YES))
    )
    there = LoanJob.objects.filter(loan__in=of).aggregate(
        created=total("posts", filter=Q(state__in=ONCE_CREATED)),
        kept=total("posts", filter=Q(state=JobState.KEPT)),
    )
    rows = of.values("organisation__pes_type", "organisation__commune")
    rows = list(rows.annotate(loans=Count("pk"), amount=total("outstanding")))
    purposes = LoanPurchase.objects.filter(answers__in=applications, from_loan__gt=0).order_by()
    purposes = list(purposes.values("kind").annotate(loans=Count("answers", distinct=True), amount=total("from_loan")))
    communes = _parts(rows, "organisation__commune", fund.outstanding)
    shown, rest = communes[:PLACES], communes[PLACES:]
    names = Commune.objects.in_bulk([part.name for part in shown])
    amount = sum((part.amount for part in rest), ZERO)
    share = risk.percent(amount, fund.outstanding)
    planned = sum((row["amount"] for row in purposes), ZERO)
    return Good(
        jobs=jobs["all"],
        jobs_at_risk=jobs["at_risk"],
        **there,
        kinds=_parts(rows, "organisation__pes_type", fund.outstanding),
        communes=[(names.get(part.name), part) for part in shown],
        elsewhere=Part(len(rest), sum(part.loans for part in rest), amount, share) if rest else None,
        purposes=_parts(purposes, "kind", planned),
    )


def _parts(rows, column, whole):
    """Parts of `rows` by a column, the largest first."""
    found = {}
    for row in rows:
        loans, amount = found.get(row[column], (0, ZERO))
        found[row[column]] = (loans + row["loans"], amount + row["amount"])
    parts = [Part(name, loans, amount, risk.percent(amount, whole)) for name, (loans, amount) in found.items()]
    return sorted(parts, key=lambda part: (-part.amount, str(part.name)))
