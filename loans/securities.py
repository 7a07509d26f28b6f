"""Securities of a loan or a guarantee: asked for, established, released. No loan is paid out and no guarantee comes
into force before all of them are established.

`loan` may be a Guarantee as well. Services raise Refused in words for the user, Stale when somebody was quicker,
PermissionDenied.
"""

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from centrum.kit import clock, saving
from centrum.kit.transitions import Refused, Stale, find, move, what_changed
from centrum.staff.enums import Right
from centrum.staff.permissions import require
from loans import papers
from loans.enums import SECURITY_MOVES, GuaranteePaperKind, GuaranteeState, LoanState, PaperKind, SecurityState
from loans.guarantees import exposure
from loans.guarantees import papers as guarantee_papers
from loans.models import Guarantee, Loan, Security

FIELDS = ("description", "value", "valued_on", "valuation_source", "haircut")
OPEN = (LoanState.APPROVED, LoanState.DRAWN, LoanState.SIGNED)  # in which securities are added and established
OPEN_OF_GUARANTEES = (GuaranteeState.APPROVED, GuaranteeState.PROMISED, GuaranteeState.DRAWN, GuaranteeState.SIGNED)
RELEASING = (LoanState.ACTIVE, LoanState.LAPSED)


# Reads


def of_loan(loan):
    """Securities with `worth`: the value lowered by the haircut, in PLN, None where there is no value."""
    rows = list(loan.securities.order_by("pk"))
    for row in rows:
        row.worth = None if row.value is None else (row.value * (1 - row.haircut)).quantize(Decimal("0.01"))
    return rows


def is_open(loan):
    """Whether securities may be added, changed and established."""
    return loan.state in (OPEN_OF_GUARANTEES if isinstance(loan, Guarantee) else OPEN)


def may_be_released(loan):
    """Whether the state allows a security to be given back, as far as another one stays."""
    return not is_open(loan) if isinstance(loan, Guarantee) else loan.state in RELEASING


# Services


@transaction.atomic
def add(loan, *, by, kind, description, value=None, valued_on=None, valuation_source="", haircut=Decimal(0)):
    """Ask for another security; later than that it comes with the agreement's annex on paper.

    While the agreement waits to be signed, its paper is made anew, so that it names what it is signed with.
    """
    row = _open(loan, by)
    made = Security(
        **{"guarantee" if isinstance(row, Guarantee) else "loan": row},
        kind=kind,
        description=description,
        value=value,
        valued_on=valued_on,
        valuation_source=valuation_source,
        haircut=haircut,
    )
    _check(made)
    saving.save(made)
    _reprint(row, by)
    return made


@transaction.atomic
def change(security, *, by, **fields):
    """Change some of FIELDS of a security that is not established; what the signed agreement names stays."""
    if unknown := sorted(set(fields) - set(FIELDS)):
        raise TypeError(f"unknown fields: {', '.join(unknown)}")
    loan = _open(_owner(security), by)
    row = _locked(security)
    if row.state != SecurityState.REQUIRED:
        raise Stale(what_changed(row))
    if (
        loan.state in (LoanState.SIGNED, GuaranteeState.SIGNED)
        and fields.get("description", row.description) != row.description
    ):
        raise Refused({"description": _("The signed agreement names it so.")})
    for name, value in fields.items():
        setattr(row, name, value)
    _check(row)
    saving.save(row)
    _reprint(loan, by)
    return row


@transaction.atomic
def establish(security, *, by, established_on, document, file=None):
    """Note that a security is established, by which document. The last one makes a signed loan ready for payout."""
    loan = _open(_owner(security), by)
    row = _locked(security)
    if row.state not in find(SECURITY_MOVES, "establish").sources:
        raise Stale(what_changed(row))
    if established_on > clock.today():
        raise Refused({"established_on": _("This day has not come yet.")})
    row = move(row, "establish", by=by, changes={"established_on": established_on, "document": document})
    if file:
        title = f"{row.get_kind_display()}: {document}"
        if row.guarantee_id:
            guarantee_papers.keep(loan, by=by, kind=GuaranteePaperKind.OTHER, title=title, upload=file)
        else:
            papers.keep(loan, by=by, kind=PaperKind.SECURITY, title=title, upload=file)
    if row.loan_id:
        make_ready(loan, by=by)
    return row


@transaction.atomic
def release(security, *, by, released_on, reason):
    """Give a security back: of a lapsed loan, and of one in payment as long as another one secures what is left. Of a
    guarantee that has ended, and of one in force or paid as long as another one stays."""
    require(by, Right.DECIDE_LOANS)
    loan = _lock(_owner(security))
    row = _locked(security)
    if row.state not in find(SECURITY_MOVES, "release").sources:
        raise Stale(what_changed(row))
    _must_be_free(loan, row)
    if released_on > clock.today():
        raise Refused({"released_on": _("This day has not come yet.")})
    if released_on < row.established_on:
        raise Refused({"released_on": _("A security is released no earlier than it was established.")})
    return move(row, "release", by=by, reason=reason, changes={"released_on": released_on})


def make_ready(loan, *, by):
    """Move a signed loan whose securities are all established to READY; `loan` is locked. Returns the loan."""
    states = set(loan.securities.values_list("state", flat=True))
    if loan.state != LoanState.SIGNED or SecurityState.ESTABLISHED not in states or SecurityState.REQUIRED in states:
        return loan
    return move(loan, "make_ready", by=by)


def _reprint(loan, by):
    if isinstance(loan, Guarantee):
        if loan.state == GuaranteeState.DRAWN:
            guarantee_papers.make_agreement(loan, by=by)
    elif loan.state == LoanState.DRAWN:
        papers.draw_agreement(loan, by=by)


def _must_be_free(loan, row):
    """Refuse to give back what something still hangs on."""
    others = loan.securities.filter(state=SecurityState.ESTABLISHED).exclude(pk=row.pk)
    if isinstance(loan, Guarantee):
        if is_open(loan):
            raise Refused(_("The guarantee waits for it. It is released once the guarantee has ended."))
        if loan.exposure + loan.claim and not others.exists():
            raise Refused(_("It is the last security of a guarantee that has not ended."))
        return
    if not may_be_released(loan):
        raise Refused(_("Nothing is paid out without it. It is released once the loan is paid back, or has lapsed."))
    if loan.outstanding + loan.committed and not others.exists():
        raise Refused(_("It is the last security of a loan that is not paid back."))


def _check(row):
    if row.valued_on and row.valued_on > clock.today():
        raise Refused({"valued_on": _("This day has not come yet.")})
    if row.value is None and (row.valued_on or row.valuation_source or row.haircut):
        raise Refused({"value": _("Give the value that was found.")})
    if row.value is not None and row.value <= 0:
        raise Refused({"value": _("A value is more than nothing.")})
    if not 0 <= row.haircut < 1:
        raise Refused({"haircut": _("Give from 0 to less than 100 per cent.")})


def _open(loan, by):
    require(by, Right.KEEP_LOANS)
    row = _lock(loan)
    if not is_open(row):
        if isinstance(row, Guarantee):
            words = _("The guarantee is in the state “%(state)s”, so its securities stay as they are.")
        else:
            words = _("The loan is in the state “%(state)s”, so its securities stay as they are.")
        raise Stale(words % {"state": row.get_state_display()})
    return row


def _owner(security):
    return security.guarantee if security.guarantee_id else security.loan


def _lock(loan):
    if isinstance(loan, Guarantee):
        return exposure.lock(loan)
    rows = Loan.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("product", "organisation", "decision__review__application").get(pk=loan.pk)


def _locked(security):
    return Security.objects.select_for_update(of=("self",), no_key=True).get(pk=security.pk)
