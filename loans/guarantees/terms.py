"""What a guarantee may be: of whose credit, what part of it, for how long, and what of the limits one client takes.

To a client belong those to which a link that has not ended ties it; one that is to come counts already, since what is
guaranteed today lasts into its time.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from centrum.kit import parameters
from centrum.kit.polish import money, percent
from centrum.kit.transitions import Refused
from loans.enums import CreditKind
from loans.guarantees import lenders
from loans.schedule import rounded

_LONGEST = {CreditKind.WORKING: "guarantee-working-months", CreditKind.INVESTMENT: "guarantee-investment-months"}


def longest(credit_kind, on=None):
    """The longest term in months of a credit of that kind that is guaranteed on a day (today)."""
    return parameters.whole(_LONGEST[credit_kind], on)


def fee():
    """The yearly fee that is usual today, a fraction of what is guaranteed."""
    return parameters.value("guarantee-fee-percent") / 100


def amount_of(credit, cover):
    """What is guaranteed at most of a `credit` in PLN of which the fraction `cover` is, to the grosz, half up."""
    return rounded(credit * cover)


def must_be_allowed(*, lender, credit_kind, credit, cover, months, grace, on=None):
    """Raise Refused naming each term that cannot be guaranteed on a day (today)."""
    errors = {}
    if not lenders.in_cooperation(on).filter(pk=lender.pk).exists():
        errors["lender"] = _("The fund does not work with this lender today. Choose another one.")
    elif cover > lender.most_cover:
        errors["cover"] = _("Of a credit of this lender we guarantee at most %(percent)s%%.") % {
            "percent": percent(lender.most_cover)
        }
    if amount_of(credit, cover) <= 0:
        errors["credit"] = _("There is nothing to guarantee of so small a credit.")
    most = longest(credit_kind, on)
    if months > most:
        errors["months"] = ngettext(
            "A credit of this kind is guaranteed for at most %(months)d month.",
            "A credit of this kind is guaranteed for at most %(months)d months.",
            most,
        ) % {"months": most}
    if grace >= months:
        errors["grace"] = _("The grace has to be shorter than the whole term.")
    if errors:
        raise Refused(errors)


# Limits


@dataclass(frozen=True)
class Part:
    """What one client with those linked has of a fund, in PLN: `taken` (promised and guaranteed) and the `limit`."""

    taken: Decimal
    limit: Decimal

    @property
    def left(self):
        return max(self.limit - self.taken, Decimal(0))

    def must_hold(self, amount):
        """Raise Refused in words with the numbers unless `amount` more fits in."""
        if amount > self.left:
            raise Refused(
                {
                    "amount": _(
                        "One client with those linked to it gets at most %(limit)s. Guaranteed for it already:"
                        " %(taken)s, so %(left)s are left."
                    )
                    % {"limit": money(self.limit), "taken": money(self.taken), "left": money(self.left)}
                }
            )


def part_of(organisation, fund):
    """The Part of an organisation of the register (None: not in it yet) in a fund today."""
    return Part(_taken(organisation, fund), fund.gua_client_limit)


def _taken(organisation, fund):
    if organisation is None:
        return Decimal(0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT loans_at_stake(%s, %s)", [fund.pk, organisation.pk])
        return cursor.fetchone()[0]


def must_have_room(fund, amount):
    """Raise Refused in words with the numbers unless the limit of the fund holds `amount` more."""
    if amount > fund.gua_free:
        words = _("The fund may still guarantee %(free)s, and this is %(amount)s.")
        raise Refused(words % {"free": money(max(fund.gua_free, Decimal(0))), "amount": money(amount)})
