"""What a review depends on the kind of its application for: what is asked for, which terms a decision sets and into
what they have to fit, and what comes of it: a loan or a guarantee.

One object for each kind, found by `of`; nothing else of the review asks which kind it has.
"""

from django.db.models import Case, DecimalField, F, Value, When
from django.db.models.functions import Round
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from centrum.kit.polish import money, percent
from centrum.kit.transitions import Refused
from centrum.register.models import Organisation
from loans import calculator, granting
from loans.guarantees import granting as guarantee_granting
from loans.guarantees import lenders
from loans.guarantees import terms as guarantee_terms
from loans.models import Fund, Guarantee, Loan, Product

_MONEY = DecimalField(max_digits=14, decimal_places=2)


class OfLoan:
    code = "loan"
    answers = "loan_application"
    terms = ("product", "amount", "months", "grace", "method")  # asked for and decided alike
    asked = F("loan_application__amount")
    event = gettext_lazy("Review: %(state)s")
    leads = gettext_lazy("Who leads the loan?")

    def answers_of(self, application):
        return application.loan_application

    def amount(self, answers):
        """What is asked for, in PLN."""
        return answers.amount

    def subject(self, answers):
        """What it is about, in a few words."""
        return str(answers.product)

    def first_fund(self):
        return Fund.objects.order_by("pk").first()

    def free(self, fund):
        """What the fund may still promise, in PLN."""
        return fund.free

    def part_of(self, application, decision, fund):
        """The part of one client in the fund, where it has one."""
        return None

    def products(self, application):
        """What may be granted: products of today, and the one that was asked for."""
        return calculator.offered() | Product.objects.filter(pk=application.loan_application.product_id)

    def decided(self, application, *, product, amount, new_job=False, **wishes):
        """What a Decision on these terms has; raises Refused unless the product allows them and the applicant asked
        for as much."""
        if not self.products(application).filter(pk=product.pk).exists():
            raise Refused({"product": _("This product is not offered today.")})
        if new_job and product.nbp_share_new_job is None:
            raise Refused({"new_job": _("A new job does not change the rate of this loan.")})
        values = {"product": product, "amount": amount, **wishes}
        self.must_be_asked(application, amount=amount)
        calculator.must_be_allowed(**values)
        return values | {"new_job": new_job}

    def must_be_asked(self, application, *, amount, **_rest):
        """Raise Refused when it is more than the applicant asked for."""
        _no_more("amount", amount, application.loan_application.amount)

    def must_fit(self, decision):
        """Raise Refused when the product does not allow the terms to an organisation with the loans that it has.

        Its row is locked, so that two approvals at once never exceed it together.
        """
        Organisation.objects.select_for_update(of=("self",), no_key=True).get(pk=decision.organisation_id)
        terms = {name: getattr(decision, name) for name in self.terms}
        calculator.must_be_allowed(**terms, held=granting.held(organisation=decision.organisation))

    def must_have_room(self, fund, amount):
        """Raise Refused when the capital does not suffice: told early; where many are confirmed at once, the tables
        decide."""
        if fund.free < amount:
            raise Refused(_("The capital of the fund does not suffice."))

    def gives_aid(self, decision):
        return decision.product.de_minimis

    def grant(self, decision, **how):
        return granting.grant(decision, **how)

    def made(self, decision):
        """The loan of a decision, or None."""
        return Loan.objects.filter(decision=decision).first()


class OfGuarantee:
    code = "guarantee"
    answers = "guarantee_application"
    terms = ("lender", "credit_kind", "credit", "cover", "months", "grace")
    asked = Round(F("guarantee_application__credit") * F("guarantee_application__cover"), 2, output_field=_MONEY)
    event = gettext_lazy("Review of the guarantee: %(state)s")
    leads = gettext_lazy("Who leads the guarantee?")

    def answers_of(self, application):
        return application.guarantee_application

    def amount(self, answers):
        return guarantee_terms.amount_of(answers.credit, answers.cover)

    def subject(self, answers):
        words = {"percent": percent(answers.cover), "lender": answers.lender}
        return _("guarantee of %(percent)s%% of a credit: %(lender)s") % words

    def first_fund(self):
        """The first one that has capital for guarantees, else the first one."""
        return Fund.objects.filter(gua_capital__gt=0).order_by("pk").first() or OfLoan.first_fund(self)

    def free(self, fund):
        return fund.gua_free

    def part_of(self, application, decision, fund):
        """Of whom the decision names, before it of whose NIP the application has."""
        known = decision and decision.organisation
        nip = application.guarantee_application.nip
        known = known or Organisation.objects.filter(nip=nip, merged_into=None).exclude(nip="").first()
        return guarantee_terms.part_of(known, fund) if fund else None

    def lenders(self):
        return lenders.in_cooperation()

    def decided(self, application, *, lender, credit_kind, credit, cover, months, grace, fee, fee_from, amount=None):
        """What a Decision on these terms has, its amount all of `cover` unless given; raises Refused unless they can be
        guaranteed and the applicant asked for as much."""
        values = {
            "lender": lender,
            "credit_kind": credit_kind,
            "credit": credit,
            "cover": cover,
            "months": months,
            "grace": grace,
        }
        guarantee_terms.must_be_allowed(**values)
        most = guarantee_terms.amount_of(credit, cover)
        amount = most if amount is None else amount
        if amount > most:
            words = _("This part of the credit is %(amount)s, no more.")
            raise Refused({"amount": words % {"amount": money(most)}})
        self.must_be_asked(application, amount=amount, credit=credit, cover=cover)
        return values | {"amount": amount, "fee": fee, "fee_from": fee_from}

    def must_be_asked(self, application, *, amount, credit, cover, **_rest):
        answers = application.guarantee_application
        _no_more("credit", credit, answers.credit)
        if cover > answers.cover:
            words = _("The applicant asked for %(percent)s%%, no more.")
            raise Refused({"cover": words % {"percent": percent(answers.cover)}})
        _no_more("amount", amount, self.amount(answers))

    def must_fit(self, decision):
        """Raise Refused when the lender's agreement ended, or the client's part does not suffice."""
        guarantee_terms.must_be_allowed(**{name: getattr(decision, name) for name in self.terms})
        guarantee_terms.part_of(decision.organisation, decision.review.fund).must_hold(decision.amount)

    def must_have_room(self, fund, amount):
        guarantee_terms.must_have_room(fund, amount)

    def gives_aid(self, decision):
        return True

    def grant(self, decision, **how):
        return guarantee_granting.grant(decision, **how)

    def made(self, decision):
        """The guarantee of a decision, or None."""
        return Guarantee.objects.filter(decision=decision).first()


def _no_more(name, amount, asked):
    if amount > asked:
        raise Refused({name: _("The applicant asked for %(amount)s, no more.") % {"amount": money(asked)}})


LOAN, GUARANTEE = OfLoan(), OfGuarantee()
_ALL = {kind.code: kind for kind in (LOAN, GUARANTEE)}
CODES = tuple(_ALL)


def of(application):
    """The object of the kind of an application; raises KeyError for one that no review is of."""
    return _ALL[application.kind]


def asked_in_a_query():
    """What is asked for, in PLN, of each row of a query of applications."""
    cases = [When(kind=kind.code, then=kind.asked) for kind in _ALL.values()]
    return Case(*cases, default=Value(None), output_field=_MONEY)
