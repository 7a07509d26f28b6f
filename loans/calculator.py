"""What a loan would cost: products offered today, and the schedule of one for given wishes."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from centrum.kit import clock
from centrum.kit.periods import in_force
from centrum.kit.polish import money, percent
from centrum.kit.transitions import Refused
from loans import schedule
from loans.models import Product
from loans.rates import rate_of


@dataclass(frozen=True)
class Quote:
    """A schedule for somebody's wishes, as if the money were paid out on `schedule.start` of its terms."""

    product: Product
    rate: Decimal
    terms: schedule.Terms
    schedule: schedule.Schedule
    fee: Decimal

    @property
    def total(self):
        """All that is paid back, with the fee."""
        return self.schedule.total + self.fee

    @property
    def highest(self):
        """The highest instalment."""
        return max(row.total for row in self.schedule.rows)

    @property
    def percent(self):
        """The rate in words: `3,8`."""
        return percent(self.rate)


def offered(on=None):
    """Products offered on a day, today unless given."""
    return Product.objects.filter(in_force(on)).order_by("name", "pk")


def quote(product, *, amount, months, grace, method, new_job=False, on=None):
    """The Quote of a loan paid out on a day (today). Raises Refused naming the wish that the product does not allow.

    Instalments are due every month on the day of the payout, moved to the next business day; interest runs to the
    nominal day.
    """
    start = on or clock.today()
    must_be_allowed(product, amount=amount, months=months, grace=grace, method=method)
    rate = rate_of(product, start, new_job=new_job)
    first = clock.months_later(start, 1)
    terms = schedule.Terms(
        tranches=((start, amount),),
        dues=schedule.due_days(first, months, anchor=start.day),
        rates=((None, rate),),
        method=str(method),
        grace=grace,
        day_count=product.day_count,
        business=schedule.FOLLOWING,
    )
    fee = schedule.rounded(amount * product.fee)
    return Quote(product, rate, terms, schedule.build(terms), fee)


def must_be_allowed(product, *, amount, months, grace, method, held=0):
    """Raise Refused naming each wish that the product does not allow to whom holds loans of `held` PLN already."""
    errors = {}
    if amount > product.largest:
        errors["amount"] = _("This loan goes up to %(amount)s.") % {"amount": money(product.largest)}
    elif held and product.largest_per_pes is not None and held + amount > product.largest_per_pes:
        errors["amount"] = _(
            "All loans of one entity together go up to %(limit)s. This one holds %(held)s from the fund already."
        ) % {"limit": money(product.largest_per_pes), "held": money(held)}
    longest = product.longest(amount)
    if months > longest:
        errors["months"] = ngettext(
            "A loan of this amount lasts at most %(months)d month.",
            "A loan of this amount lasts at most %(months)d months.",
            longest,
        ) % {"months": longest}
    if grace > product.grace:
        errors["grace"] = ngettext(
            "The grace of this loan is at most %(months)d month.",
            "The grace of this loan is at most %(months)d months.",
            product.grace,
        ) % {"months": product.grace}
    elif grace >= months:
        errors["grace"] = _("The grace has to be shorter than the whole term.")
    if method not in product.methods:
        errors["method"] = _("This loan has no such instalments.")
    if errors:
        raise Refused(errors)
