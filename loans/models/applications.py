"""What an organisation answers that asks for a loan or a guarantee: one row, and tables (purchases, jobs, debts,
de minimis aid)."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from centrum.intake.models import Application
from centrum.kit.history import history
from centrum.register.enums import LegalForm, PesType
from centrum.register.models import Commune
from loans.enums import CreditKind, DebtKind, FirmSize, Method, SpendingKind, YesNo
from loans.models.lenders import Lender
from loans.models.products import Product


def _amount(label, **more):
    """PLN."""
    return models.DecimalField(label, max_digits=14, decimal_places=2, **more)


class Applicant(models.Model):
    """What every applicant of the fund tells of itself; columns are whole when `complete`."""

    complete = models.BooleanField(default=False, editable=False)
    name = models.CharField(_("Full name"), max_length=300, blank=True)
    pes_type = models.CharField(_("Kind of organisation"), max_length=40, choices=PesType, blank=True)
    legal_form = models.CharField(_("Legal form"), max_length=30, choices=LegalForm, blank=True)
    nip = models.CharField("NIP", max_length=10, blank=True)
    krs = models.CharField("KRS", max_length=10, blank=True)
    begun_on = models.DateField(_("Since when does the organisation work?"), null=True, blank=True)
    size = models.CharField(_("Size"), max_length=10, choices=FirmSize, blank=True)
    staff = models.DecimalField(_("Full-time posts today"), max_digits=7, decimal_places=2, null=True, blank=True)
    vat_payer = models.CharField(_("Does the organisation pay VAT?"), max_length=3, choices=YesNo, blank=True)

    street = models.CharField(_("Street"), max_length=120, blank=True)
    building = models.CharField(_("Building number"), max_length=12, blank=True)
    flat = models.CharField(_("Flat number"), max_length=12, blank=True)
    postal_code = models.CharField(_("Postal code"), max_length=6, blank=True)
    locality = models.CharField(_("Town or village"), max_length=80, blank=True)
    commune = models.ForeignKey(
        Commune, models.PROTECT, null=True, blank=True, verbose_name=_("Commune"), related_name="+"
    )

    contact_first_name = models.CharField(_("First name"), max_length=80, blank=True)
    contact_last_name = models.CharField(_("Surname"), max_length=120, blank=True)
    contact_role = models.CharField(_("Role in the organisation"), max_length=80, blank=True)
    email = models.EmailField(_("E-mail"), blank=True)
    phone = models.CharField(_("Phone"), max_length=15, blank=True)

    market = models.TextField(_("What do you sell or do, and for whom?"), blank=True)
    income = _amount(_("Income of the last year (PLN)"), null=True, blank=True)
    costs = _amount(_("Costs of the last year (PLN)"), null=True, blank=True)

    arrears = models.CharField(
        _("Does the organisation owe anything to ZUS or the tax office?"), max_length=3, choices=YesNo, blank=True
    )
    in_difficulty = models.CharField(
        _("Is it insolvent, in liquidation or in restructuring?"), max_length=3, choices=YesNo, blank=True
    )
    recovery_order = models.CharField(
        _("Does it have to give back public aid that was unlawful?"), max_length=3, choices=YesNo, blank=True
    )
    had_de_minimis = models.CharField(
        _("Did it receive de minimis aid in the last 3 years?"), max_length=3, choices=YesNo, blank=True
    )

    class Meta:
        abstract = True

    def __str__(self):
        return self.name


def _whole(name, values, texts=()):
    """The constraint that a complete application has its `values` and `texts`, beside what each tells of itself."""
    said = ("name", "nip", "building", "postal_code", "locality", "contact_first_name", "contact_last_name", "email")
    whole = Q(
        **values,
        pes_type__in=PesType.values,
        legal_form__in=LegalForm.values,
        begun_on__isnull=False,
        size__in=FirmSize.values,
        staff__gte=0,
        vat_payer__in=YesNo.values,
        income__gte=0,
        costs__gte=0,
        arrears__in=YesNo.values,
        in_difficulty__in=YesNo.values,
        recovery_order__in=YesNo.values,
        had_de_minimis__in=YesNo.values,
    )
    for text in (*said, "market", *texts):
        whole &= ~Q(**{text: ""})
    return models.CheckConstraint(condition=Q(complete=False) | whole, name=name)


@history()
class LoanApplication(Applicant):
    """The application for a loan (wniosek o pożyczkę). `grace`: months of interest
    only, counted in `months`."""

    application = models.OneToOneField(Application, models.CASCADE, primary_key=True, related_name="loan_application")
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, blank=True, verbose_name=_("Which loan?"), related_name="+"
    )
    amount = _amount(_("How much (PLN)?"), null=True, blank=True)
    months = models.PositiveSmallIntegerField(_("For how many months?"), null=True, blank=True)
    grace = models.PositiveSmallIntegerField(_("Grace on principal in months"), null=True, blank=True)
    method = models.CharField(_("Kind of instalments"), max_length=20, choices=Method, blank=True)
    purpose = models.TextField(_("What is the loan for?"), blank=True)
    spent_by = models.DateField(_("Until when will you spend it?"), null=True, blank=True)

    repaid_from = models.TextField(_("From what will you pay it back?"), blank=True)
    security = models.TextField(_("How can you secure the loan?"), blank=True)

    class Meta:
        verbose_name = _("application for a loan")
        verbose_name_plural = _("applications for loans")
        constraints = [
            _whole(
                "loanapplication_whole",
                {
                    "product__isnull": False,
                    "amount__gt": 0,
                    "months__range": (1, 360),
                    "grace__gte": 0,
                    "grace__lt": F("months"),
                    "method__in": Method.values,
                    "spent_by__isnull": False,
                },
                ("purpose", "repaid_from", "security"),
            )
        ]


@history()
class LoanPurchase(models.Model):
    """One planned purchase: `cost` gross, of it `from_loan`; the rest is paid by the applicant."""

    answers = models.ForeignKey(LoanApplication, models.CASCADE, related_name="purchases")
    what = models.CharField(_("What"), max_length=200)
    kind = models.CharField(_("Kind of spending"), max_length=10, choices=SpendingKind)
    cost = _amount(_("Cost, gross (PLN)"))
    from_loan = _amount(_("Of it from the loan (PLN)"))

    class Meta:
        verbose_name = _("planned purchase")
        verbose_name_plural = _("planned purchases")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(what="") & Q(kind__in=SpendingKind.values), name="loanpurchase_whole"),
            models.CheckConstraint(
                condition=Q(cost__gt=0, from_loan__gte=0, from_loan__lte=F("cost")),
                name="loanpurchase_amounts",
                violation_error_message=_("No more than the cost comes from the loan."),
            ),
        ]

    def __str__(self):
        return self.what


@history()
class PlannedJob(models.Model):
    """A job that the loan should create (planowane miejsce pracy); `posts` in full-time equivalents."""

    answers = models.ForeignKey(LoanApplication, models.CASCADE, related_name="jobs")
    position = models.CharField(_("Position"), max_length=120)
    posts = models.DecimalField(_("Full-time posts"), max_digits=5, decimal_places=2)
    since = models.DateField(_("From when"))
    at_risk = models.CharField(_("For a person at risk of social exclusion?"), max_length=3, choices=YesNo)

    class Meta:
        verbose_name = _("planned job")
        verbose_name_plural = _("planned jobs")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(position="") & Q(posts__gt=0, at_risk__in=YesNo.values), name="plannedjob_whole"
            )
        ]

    def __str__(self):
        return self.position


class Debt(models.Model):
    """What an applicant owes already (zobowiązanie); a guarantee given has no instalment."""

    creditor = models.CharField(_("To whom"), max_length=200)
    kind = models.CharField(_("Kind"), max_length=10, choices=DebtKind)
    left = _amount(_("Left to pay (PLN)"))
    instalment = _amount(_("Monthly instalment (PLN)"), null=True, blank=True)
    until = models.DateField(_("Until when"), null=True, blank=True)

    class Meta:
        abstract = True
        verbose_name = _("existing debt")
        verbose_name_plural = _("existing debts")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(creditor="")
                & Q(kind__in=DebtKind.values, left__gte=0)
                & (Q(instalment=None) | Q(instalment__gte=0)),
                name="%(class)s_whole",
            )
        ]

    def __str__(self):
        return self.creditor


class DeclaredAid(models.Model):
    """De minimis aid that an applicant says it had in the last three years, in EUR."""

    granted_on = models.DateField(_("When"))
    grantor = models.CharField(_("From whom"), max_length=200)
    eur = _amount(_("How much (EUR)"))

    class Meta:
        abstract = True
        verbose_name = _("declared de minimis aid")
        verbose_name_plural = _("declared de minimis aid")
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~Q(grantor="") & Q(eur__gt=0), name="%(class)s_whole")]

    def __str__(self):
        return self.grantor


@history()
class ExistingDebt(Debt):
    """A debt of who applies for a loan."""

    answers = models.ForeignKey(LoanApplication, models.CASCADE, related_name="debts")


@history()
class LoanAid(DeclaredAid):
    """Aid of who applies for a loan."""

    answers = models.ForeignKey(LoanApplication, models.CASCADE, related_name="aid")


@history()
class GuaranteeApplication(Applicant):
    """The application for a guarantee (wniosek o poręczenie) of a credit that a lender is about to give.

    `cover`: the part of the credit that should be guaranteed, a fraction; `grace`: months of interest only, counted in
    `months`. `linked_with`: who belongs to the same single undertaking.
    """

    application = models.OneToOneField(
        Application, models.CASCADE, primary_key=True, related_name="guarantee_application"
    )
    lender = models.ForeignKey(
        Lender,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("Which bank or fund gives the credit?"),
        related_name="+",
    )
    credit = _amount(_("Amount of the credit (PLN)"), null=True, blank=True)
    credit_kind = models.CharField(_("Kind of credit"), max_length=12, choices=CreditKind, blank=True)
    months = models.PositiveSmallIntegerField(_("For how many months?"), null=True, blank=True)
    grace = models.PositiveSmallIntegerField(_("Grace on principal in months"), null=True, blank=True)
    cover = models.DecimalField(
        _("What part of the credit should we guarantee?"), max_digits=5, decimal_places=4, null=True, blank=True
    )
    purpose = models.TextField(_("What is the credit for?"), blank=True)
    repaid_from = models.TextField(_("From what will you pay the credit back?"), blank=True)
    bank_security = models.TextField(_("What else secures the credit at the bank?"), blank=True)
    security = models.TextField(_("How can you secure the guarantee?"), blank=True)
    linked = models.CharField(
        _("Does the organisation control another one, or does another one control it?"),
        max_length=3,
        choices=YesNo,
        blank=True,
    )
    linked_with = models.TextField(_("With which ones? Give their names and NIPs."), blank=True)

    class Meta:
        verbose_name = _("application for a guarantee")
        verbose_name_plural = _("applications for guarantees")
        constraints = [
            _whole(
                "guaranteeapplication_whole",
                {
                    "lender__isnull": False,
                    "credit__gt": 0,
                    "credit_kind__in": CreditKind.values,
                    "months__range": (1, 360),
                    "grace__gte": 0,
                    "grace__lt": F("months"),
                    "cover__gt": 0,
                    "cover__lte": Decimal("0.8"),
                    "linked__in": YesNo.values,
                },
                ("purpose", "repaid_from", "security"),
            )
        ]


@history()
class GuaranteeDebt(Debt):
    """A debt of who applies for a guarantee."""

    answers = models.ForeignKey(GuaranteeApplication, models.CASCADE, related_name="debts")


@history()
class GuaranteeAid(DeclaredAid):
    """Aid of who applies for a guarantee."""

    answers = models.ForeignKey(GuaranteeApplication, models.CASCADE, related_name="aid")
