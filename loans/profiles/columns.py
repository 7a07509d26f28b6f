"""What the files of a fund have in common: whose they are, amounts, and what was known of a row by the end of a day."""

from dataclasses import dataclass

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    Case,
    DecimalField,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Sum,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Replace
from django.urls import reverse

from centrum.kit.columns import after
from centrum.kit.exports import Text
from centrum.kit.models import StateChange
from centrum.kit.transitions import Refused
from centrum.staff.queries import unit_scope
from loans import queries, risk
from loans.enums import MeasureKind, MeasureState
from loans.models import Allocation, Fund, Line, Loan, Measure, Telling

MONEY = DecimalField(max_digits=14, decimal_places=2)
TEXTS = ArrayField(TextField())
NOTHING = Value(0, MONEY)


@dataclass(frozen=True)
class Scope:
    """The fund that a file is of, as the journal and the file's name call it."""

    fund: Fund

    def __str__(self):
        return f"fundusz-{self.fund.code}"


# Columns


def typed(value, pattern="FM999999999990.00"):
    """A number with a decimal comma as text."""
    written = Func(value, Value(pattern), function="to_char", output_field=TextField())
    return Replace(written, Value("."), Value(","), output_field=TextField())


class Amount(Text):
    """PLN with two places and a decimal comma; a minus is no formula here, for nothing but a number can follow it."""

    def __init__(self, source, *, pattern="FM999999999990.00", **kwargs):
        self.pattern = pattern
        super().__init__(source, **kwargs)

    def cell(self, resource):
        return typed(self.value(resource), self.pattern)


def array(parts, rows, columns):
    """Subquery: `parts` of the one row that `rows` give as an array of texts, for columns of class Part; `columns` says
    what stands there without any."""
    made = Func(*parts, template="ARRAY[%(expressions)s]", output_field=TEXTS)
    return Coalesce(Subquery(rows.annotate(found=made).values("found")[:1]), Value(columns, TEXTS))


# What was known by the end of a day


def state_on(noun, day, begins):
    """Subquery: the state that a row had at the end of the day; `begins`: the one before its first move."""
    changes = StateChange.objects.filter(noun=noun, object_id=OuterRef("pk"), at__lt=after(day))
    last = changes.order_by("-at", "-pk").values("target")[:1]
    return Coalesce(Subquery(last), Value(begins), output_field=TextField())


def told_on(day, loan="pk"):
    """What was told of the loan up to the day, the last telling first; nothing once it is written off, for then nothing
    of it is lent. One of an earlier day is made at the end of a month only, and a file of that day waits for it."""
    lost = decided_on(day, MeasureKind.WRITE_OFF, "loan")
    return Telling.objects.filter(~Exists(lost), loan=OuterRef(loan), on__lte=day).order_by("-number")


def paid_on(day, *kinds, loan="pk"):
    """Sum of what payments had paid of some kinds, as told up to the day."""
    rows = Allocation.objects.filter(Q(withdrawn=None) | Q(withdrawn__on__gt=day), told__on__lte=day)
    rows = rows.filter(loan=OuterRef(loan), kind__in=kinds).order_by().values("loan")
    return Coalesce(Subquery(rows.annotate(found=Sum("amount")).values("found"), output_field=MONEY), NOTHING)


def decided_on(day, kind, loan="pk"):
    """Decisions of a kind on the claim that were confirmed by the end of the day."""
    rows = Measure.objects.filter(state=MeasureState.CONFIRMED, kind=kind, confirmed_at__lt=after(day))
    return rows.filter(loan=OuterRef(loan)).order_by()


def days_late(day):
    """Of a telling: days past due at the end of the day, by the oldest unpaid instalment; 0 where there is none."""
    template = "GREATEST(%(expressions)s, 0)"  # which leaves NULL out
    return Func(Value(day), F("unpaid_due"), template=template, arg_joiner=" - ", output_field=IntegerField())


def arrears_class():
    """The class of arrears of a telling with its days past due as `late`, in words."""
    known = [When(late__lte=last, then=Value(f"{first}–{last} dni")) for first, last in risk.CLASSES if last]
    known = [When(late__lte=0, then=Value("bez zaległości")), *known]
    return Case(*known, default=Value(f"ponad {risk.CLASSES[-1][0] - 1} dni"), output_field=TextField())


def own_lines(day):
    """Lines of the loan that were booked by the day."""
    return Line.objects.filter(loan=OuterRef("pk"), entry__book_date__lte=day).order_by()


def fund_lines(scope, day):
    """Lines of the fund that were booked by the day."""
    return Line.objects.filter(entry__fund=scope.fund, entry__book_date__lte=day).order_by()


def sum_of(counter, **more):
    """The sum of lines on the accounts of a counter."""
    found = Sum(F("amount") * F("account__sign"), filter=Q(account__counter=counter, **more), output_field=MONEY)
    return Coalesce(found, NOTHING)


def balance_of(*codes, **more):
    """The sum of lines on some accounts."""
    return Coalesce(Sum("amount", filter=Q(account__code__in=codes, **more), output_field=MONEY), NOTHING)


def loans_of(scope, day, by):
    """Loans of the fund that were granted by the day, of the units that `by` sees."""
    rows = queries.visible_loans(by) if by else Loan.objects.all()
    return rows.filter(fund=scope.fund, granted_on__lte=day)


def must_see_all(by):
    """Refuse who sees one unit; nobody (`by` None) is a command that makes the file for the whole house."""
    if by and unit_scope(by) is not None:
        raise Refused({"profile": queries.ALL_UNITS})


# What a row is called in a list of unsafe cells


def name_loans(pks):
    return {
        loan.pk: (loan.number, reverse("loans:loan", args=[loan.public_id])) for loan in Loan.objects.filter(pk__in=pks)
    }


def name_funds(pks):
    return {fund.pk: (str(fund), reverse("loans:fund", args=[fund.code])) for fund in Fund.objects.filter(pk__in=pks)}


def name_lines(pks):
    rows = Line.objects.filter(pk__in=pks).select_related("entry__fund")
    return {
        line.pk: (str(line.entry_id), reverse("loans:entry", args=[line.entry.fund.code, line.entry_id]))
        for line in rows
    }
