"""What an organisation answers that asks for a loan: one row, and the tables of purchases, jobs and debts."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from centrum.intake.models import Application
from centrum.kit.history import history
from centrum.register.enums import LegalForm, PesType
from centrum.register.models import Commune
from loans.enums import DebtKind, FirmSize, Method, SpendingKind, YesNo
from loans.models.products import Product


def _amount(label, **more):
    """PLN."""
    return models.DecimalField(label, max_digits=14, decimal_places=2, **more)


@history()
class LoanApplication(models.Model):
    """The application for a loan (wniosek o pożyczkę); columns are whole when `complete`. `grace`: months of interest
    only, counted in `months`."""

    application = models.OneToOneField(Application, models.CASCADE, primary_key=True, related_name="loan_application")
    complete = models.BooleanField(default=False, editable=False)
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, blank=True, verbose_name=_("Which loan?"), related_name="+"
    )
    amount = _amount(_("How much (PLN)?"), null=True, blank=True)
    months = models.PositiveSmallIntegerField(_("For how many months?"), null=True, blank=True)
    grace = models.PositiveSmallIntegerField(_("Grace on principal in months"), null=True, blank=True)
    method = models.CharField(_("Kind of instalments"), max_length=20, choices=Method, blank=True)
    purpose = models.TextField(_("What is the loan for?"), blank=True)
    spent_by = models.DateField(_("Until when will you spend it?"), null=True, blank=True)

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
    repaid_from = models.TextField(_("From what will you pay it back?"), blank=True)
    security = models.TextField(_("How can you secure the loan?"), blank=True)

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
        verbose_name = _("application for a loan")
        verbose_name_plural = _("applications for loans")
        constraints = [
            models.CheckConstraint(
                condition=Q(complete=False)
                | Q(
                    product__isnull=False,
                    amount__gt=0,
                    months__range=(1, 360),
                    grace__gte=0,
                    grace__lt=F("months"),
                    method__in=Method.values,
                    spent_by__isnull=False,
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
                & ~Q(purpose="")
                & ~Q(name="")
                & ~Q(nip="")
                & ~Q(building="")
                & ~Q(postal_code="")
                & ~Q(locality="")
                & ~Q(contact_first_name="")
                & ~Q(contact_last_name="")
                & ~Q(email="")
                & ~Q(market="")
                & ~Q(repaid_from="")
                & ~Q(security=""),
                name="loanapplication_whole",
            )
        ]

    def __str__(self):
        return self.name


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


@history()
class ExistingDebt(models.Model):
    """What the applicant owes already (zobowiązanie); a guarantee given has no instalment."""

    answers = models.ForeignKey(LoanApplication, models.CASCADE, related_name="debts")
    creditor = models.CharField(_("To whom"), max_length=200)
    kind = models.CharField(_("Kind"), max_length=10, choices=DebtKind)
    left = _amount(_("Left to pay (PLN)"))
    instalment = _amount(_("Monthly instalment (PLN)"), null=True, blank=True)
    until = models.DateField(_("Until when"), null=True, blank=True)

    class Meta:
        verbose_name = _("existing debt")
        verbose_name_plural = _("existing debts")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(creditor="")
                & Q(kind__in=DebtKind.values, left__gte=0)
                & (Q(instalment=None) | Q(instalment__gte=0)),
                name="existingdebt_whole",
            )
        ]

    def __str__(self):
        return self.creditor
