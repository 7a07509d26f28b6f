"""What the fund puts on pages: of a loan its ledger and what happened; of an organisation, a case and an application
their loans."""

from django.db.models import Sum

from centrum.staff.enums import Right
from centrum.staff.queries import unit_scope
from loans import queries, timeline
from loans.applying import LOAN
from loans.enums import GUARANTEE_TAG, LOAN_TAG, EntryEvent
from loans.guarantees.applying import GUARANTEE
from loans.models import Account, Accrual, Guarantee, Line

SHOWN = 10  # loans of an organisation
LINES = 200  # of a loan's ledger, the newest


def of_organisation(user, organisation):
    """Loans of an organisation, the newest first, with what is left to pay back of all together."""
    if not user.has_right(Right.VIEW_LOANS):
        return None
    rows = queries.visible_loans(user).filter(organisation=organisation)
    found = list(queries.with_names(rows).order_by("-pk")[: SHOWN + 1])
    total = rows.aggregate(found=Sum("outstanding"))["found"] if found else None
    return {"loans": tagged(found[:SHOWN]), "more": len(found) > SHOWN, "total": total}


def of_case(user, case):
    """Loans of the organisation of a case, None where it has none."""
    shown = of_organisation(user, case.organisation) if case.organisation_id else None
    return shown if shown and shown["loans"] else None


def of_application(user, application):
    """The loan or the guarantee that came of an application, None while there is none."""
    if application.kind == GUARANTEE.code:
        return _guarantee_of(user, application)
    if application.kind != LOAN.code:
        return None
    rows = queries.visible_loans(user).filter(decision__review__application=application)
    found = tagged(queries.with_names(rows))
    return {"loan": found[0]} if found else None


def _guarantee_of(user, application):
    """For who sees the application and the guarantees of its unit."""
    if not user.has_right(Right.VIEW_LOANS):
        return None
    rows = Guarantee.objects.filter(decision__review__application=application).select_related("lender")
    scope = unit_scope(user)
    found = (rows if scope is None else rows.filter(unit__in=scope)).first()
    return {"guarantee": found, "tag": GUARANTEE_TAG[found.state]} if found else None


def ledger_of(user, loan):
    """Lines of the loan with their entries, newest first, and the balance of each account; on the page of a loan. The
    interest of days is one sum, and no line a day."""
    lines = Line.objects.filter(loan=loan).exclude(entry__event=EntryEvent.ACCRUAL)
    lines = lines.select_related("entry", "account").order_by("-entry_id", "number")
    accounts = Account.objects.filter(lines__loan=loan).annotate(balance=Sum("lines__amount")).order_by("code")
    found = list(lines[: LINES + 1])
    return {
        "lines": found[:LINES],
        "more": len(found) > LINES,
        "accounts": accounts,
        "accrual": Accrual.objects.filter(loan=loan, amount__gt=0).first(),
        "code": loan.fund.code,
        "may_open": user.has_right(Right.VIEW_LEDGER),
    }


def timeline_of(_user, loan):
    """What happened to the loan; on its page."""
    return {"steps": timeline.of_loan(loan), "loan": loan}


def tagged(loans):
    """The loans as a list, each with the colour of its state and, read by `with_next_due`, its days past due."""
    rows = list(loans)
    for loan in rows:
        loan.tag = LOAN_TAG[loan.state]
        loan.days_late = queries.days_late(loan) if hasattr(loan, "unpaid_due") else 0
    return rows
