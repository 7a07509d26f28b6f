"""De minimis aid: the data that a calculation needs, the calculations, and the register of what was granted to whom."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from centrum.intake.models import Application
from centrum.kit.history import history
from centrum.kit.models import StoredFile
from centrum.kit.periods import in_periods
from centrum.kit.transitions import legal_moves
from centrum.kit.triggers import append_only, frozen, never_deleted
from centrum.register.models import Organisation
from loans.enums import (
    AID_MOVES,
    BY_HAND,
    AidInstrument,
    AidMethod,
    AidState,
    Collateral,
    GuaranteeRating,
    Rating,
    StatementSource,
)
from loans.models.guarantees import Guarantee
from loans.models.loans import Annex, Loan
from loans.models.rates import NbpRate
from loans.models.repayments import Measure
from loans.models.review import Decision


def _amount(label, **more):
    """PLN or EUR, as the label says."""
    return models.DecimalField(label, max_digits=14, decimal_places=2, **more)


def _rate(label, **more):
    """A fraction of a year."""
    return models.DecimalField(label, max_digits=9, decimal_places=6, **more)


def _user(label, **more):
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=label, related_name="+", **more)


# What calculations need


@history()
class EurRate(models.Model):
    """The mean rate of the euro of a table A of the NBP: PLN for one EUR. It counts once somebody else confirmed it.

    `day`: the day of the table. It holds on that day, and until the next table appears.
    """

    day = models.DateField(_("day of the table"))
    table = models.CharField(_("number of the table"), max_length=20)
    rate = models.DecimalField(_("PLN for one EUR"), max_digits=8, decimal_places=4)
    source = models.CharField(_("source"), max_length=200)
    file = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, verbose_name=_("file"), related_name="eur_rates"
    )
    entered_by = _user(_("entered by"))
    entered_at = models.DateTimeField(_("entered"))
    confirmed_by = _user(_("confirmed by"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)

    class Meta:
        verbose_name = _("rate of the euro")
        verbose_name_plural = _("rates of the euro")
        ordering = ["-day"]
        constraints = [
            models.UniqueConstraint(
                fields=["day"], name="eurrate_once", violation_error_message=_("The rate of this day is there already.")
            ),
            models.CheckConstraint(
                condition=Q(table__regex=r"^[0-9]{1,3}/A/NBP/[0-9]{4}$") & ~Q(source=""),
                name="eurrate_table",
                violation_error_message=_("The number of the table looks like 225/A/NBP/2026."),
            ),
            models.CheckConstraint(
                condition=Q(rate__gt=1, rate__lt=20),
                name="eurrate_rate",
                violation_error_message=_("The rate is more than 1 and less than 20 PLN."),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False) & ~Q(confirmed_by=F("entered_by")),
                name="eurrate_four_eyes",
                violation_error_message=_("Somebody else has to confirm it than who entered it."),
            ),
        ]
        triggers = [
            frozen("stays", ["day", "table", "rate", "source", "file", "entered_by", "entered_at"], when=pgtrigger.Q()),
            frozen(
                "confirmed_once", ["confirmed_by", "confirmed_at"], when=pgtrigger.Q(old__confirmed_by__isnull=False)
            ),
            pgtrigger.Protect(
                name="confirmed_stays",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__confirmed_by__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.table}"


@history()
class AidMargin(models.Model):
    """The margin over the base rate (basis points) for a rating and a collateral."""

    rating = models.CharField(_("rating"), max_length=12, choices=Rating)
    collateral = models.CharField(_("collateral"), max_length=8, choices=Collateral)
    points = models.PositiveSmallIntegerField(_("basis points"))
    source = models.CharField(_("source"), max_length=300)
    confirmed = models.BooleanField(_("confirmed"), default=False)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        verbose_name = _("margin of the reference rate")
        verbose_name_plural = _("margins of the reference rate")
        ordering = ["rating", "collateral", "-valid_from"]
        constraints = [
            *in_periods("aidmargin", "rating", "collateral"),
            models.CheckConstraint(
                condition=Q(rating__in=Rating.values, collateral__in=Collateral.values, points__range=(1, 2000)),
                name="aidmargin_known",
            ),
        ]

    def __str__(self):
        return f"{self.get_rating_display()} / {self.get_collateral_display()}"


@history()
class SafeHarbourPremium(models.Model):
    """What a guarantee costs a year on the market, by the rating of the debtor: a fraction of what is guaranteed."""

    rating = models.CharField(_("rating"), max_length=8, choices=GuaranteeRating)
    rate = _rate(_("yearly premium"))
    source = models.CharField(_("source"), max_length=300)
    confirmed = models.BooleanField(_("confirmed"), default=False)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        verbose_name = _("safe-harbour premium")
        verbose_name_plural = _("safe-harbour premiums")
        ordering = ["rate", "-valid_from"]
        constraints = [
            *in_periods("safeharbourpremium", "rating"),
            models.CheckConstraint(
                condition=Q(rating__in=GuaranteeRating.values, rate__gt=0, rate__lt=1), name="safeharbourpremium_known"
            ),
        ]

    def __str__(self):
        return self.get_rating_display()


@history()
class AidKind(models.Model):
    """How the aid of an instrument is told to the register: legal basis, programme, form and purpose (SHRIMP codes).

    `regulation`: the Commission regulation that the certificate names.
    """

    instrument = models.CharField(_("what gives the aid"), max_length=12, choices=AidInstrument)
    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120)
    form_code = models.CharField(_("code of the form of aid"), max_length=10)
    purpose_code = models.CharField(_("code of the purpose"), max_length=10)
    legal_basis = models.CharField(_("legal basis"), max_length=400)
    programme = models.CharField(_("programme"), max_length=200, blank=True)
    regulation = models.CharField(_("Commission regulation"), max_length=400)
    source = models.CharField(_("source"), max_length=300)
    confirmed = models.BooleanField(_("confirmed"), default=False)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        verbose_name = _("kind of de minimis aid")
        verbose_name_plural = _("kinds of de minimis aid")
        ordering = ["instrument", "-valid_from"]
        constraints = [
            *in_periods("aidkind", "instrument"),
            models.CheckConstraint(
                condition=Q(instrument__in=AidInstrument.values)
                & ~Q(name="")
                & ~Q(name_en="")
                & ~Q(form_code="")
                & ~Q(purpose_code="")
                & ~Q(legal_basis="")
                & ~Q(regulation=""),
                name="aidkind_whole",
            ),
        ]

    def __str__(self):
        return self.name if get_language() == "pl" else self.name_en


# What others say


class AidStatement(models.Model):
    """All de minimis aid that an organisation had by a day, as it declared it or as SUDOP shows it; it may be none."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name=_("organisation"), related_name="aid_statements"
    )
    source = models.CharField(_("who says it"), max_length=10, choices=StatementSource)
    as_of = models.DateField(_("as of"))
    application = models.ForeignKey(
        Application, models.PROTECT, null=True, blank=True, verbose_name=_("application"), related_name="aid_statements"
    )
    file = models.OneToOneField(
        StoredFile, models.PROTECT, null=True, blank=True, verbose_name=_("file"), related_name="aid_statement"
    )
    by = _user(_("noted by"), null=True, blank=True)
    at = models.DateTimeField(_("noted"))

    class Meta:
        verbose_name = _("statement of de minimis aid")
        verbose_name_plural = _("statements of de minimis aid")
        ordering = ["-as_of", "-id"]
        indexes = [models.Index(fields=["organisation", "source", "-as_of", "-id"], name="aidstatement_newest")]
        constraints = [
            models.CheckConstraint(condition=Q(source__in=StatementSource.values), name="aidstatement_known"),
        ]
        triggers = [
            never_deleted(),
            frozen("as_noted", ["source", "as_of", "application", "file", "by", "at"], when=pgtrigger.Q()),
        ]

    def __str__(self):
        return f"{self.organisation_id} {self.source} {self.as_of}"


class AidStatementRow(models.Model):
    """One aid of a statement: when, of whom, how much in EUR."""

    statement = models.ForeignKey(AidStatement, models.PROTECT, related_name="rows")
    granted_on = models.DateField(_("granted on"))
    grantor = models.CharField(_("who granted it"), max_length=200)
    eur = _amount(_("gross equivalent (EUR)"))

    class Meta:
        verbose_name = _("aid of a statement")
        verbose_name_plural = _("aid of statements")
        ordering = ["granted_on", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(eur__gte=0) & ~Q(grantor=""), name="aidstatementrow_whole"),
        ]
        triggers = [append_only()]

    def __str__(self):
        return f"{self.granted_on} {self.eur}"


# The register


class AidCalculation(models.Model):
    """How a gross grant equivalent was reckoned, with everything that went in, for good.

    `inputs` and `rows`: numbers as text, as the reckoning had them; `version`: of the formulas. Rates are fractions.
    """

    method = models.CharField(_("method"), max_length=14, choices=AidMethod)
    on = models.DateField(_("reckoned for the day"))
    inputs = models.JSONField(_("what went in"))
    base_rate = models.ForeignKey(
        NbpRate, models.PROTECT, null=True, blank=True, verbose_name=_("base rate"), related_name="+"
    )
    margin = models.ForeignKey(
        AidMargin, models.PROTECT, null=True, blank=True, verbose_name=_("margin"), related_name="+"
    )
    premium = models.ForeignKey(
        SafeHarbourPremium, models.PROTECT, null=True, blank=True, verbose_name=_("premium"), related_name="+"
    )
    discount = _rate(_("discount rate"), null=True, blank=True)
    reason = models.CharField(_("why this rating and collateral"), max_length=500, blank=True)
    rows = models.JSONField(_("rows"), default=list)
    total = _amount(_("gross grant equivalent (PLN)"))
    version = models.CharField(_("version of the formulas"), max_length=20)
    by = _user(_("reckoned by"), null=True, blank=True)
    at = models.DateTimeField(_("reckoned"))

    class Meta:
        verbose_name = _("calculation of aid")
        verbose_name_plural = _("calculations of aid")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(method__in=AidMethod.values, total__gte=0), name="aidcalculation_known"),
            models.CheckConstraint(
                condition=Q(method__in=[AidMethod.REFERENCE, AidMethod.CHANGE], margin__isnull=False, premium=None)
                & Q(base_rate__isnull=False, discount__isnull=False)
                & ~Q(reason="")
                | Q(method=AidMethod.SAFE_HARBOUR, premium__isnull=False, margin=None)
                & Q(base_rate__isnull=False, discount__isnull=False)
                & ~Q(reason="")
                | Q(method__in=[AidMethod.PROPORTIONAL, AidMethod.NOMINAL], margin=None, premium=None)
                & Q(base_rate=None, discount=None),
                name="aidcalculation_whole",
            ),
        ]
        triggers = [append_only()]

    def __str__(self):
        return f"{self.get_method_display()} {self.total}"


class DecisionAid(models.Model):
    """The aid that a prepared approval would give, reckoned then; the signature reckons anew."""

    decision = models.OneToOneField(Decision, models.PROTECT, related_name="aid")
    calculation = models.OneToOneField(AidCalculation, models.PROTECT, related_name="of_decision")
    eur = _amount(_("gross grant equivalent (EUR)"))
    used = _amount(_("used before it (EUR)"))

    class Meta:
        verbose_name = _("aid of a decision")
        verbose_name_plural = _("aid of decisions")
        constraints = [models.CheckConstraint(condition=Q(eur__gte=0, used__gte=0), name="decisionaid_amounts")]
        triggers = [append_only()]

    def __str__(self):
        return f"{self.decision_id} {self.eur}"


@history()
class AidGrant(models.Model):
    """De minimis aid that was granted (udzielona pomoc): an entry of the register, on the day when the right arose.

    Both values are of that day and never reckoned again; another value is another entry, which `corrects` this one.
    `undertaking`: who belonged together that day, [{id, name, nip}]; `used`: what they had had before, in EUR. What
    rests on a decision or an agreement is granted with it; what is noted by hand is confirmed by somebody else.
    """

    MOVES = AID_MOVES

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=AidState)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name=_("organisation"), related_name="aid_grants"
    )
    kind = models.ForeignKey(AidKind, models.PROTECT, verbose_name=_("kind of aid"), related_name="grants")
    instrument = models.CharField(_("what gives the aid"), max_length=12, choices=AidInstrument)
    loan = models.ForeignKey(
        Loan, models.PROTECT, null=True, blank=True, verbose_name=_("loan"), related_name="aid_grants"
    )
    annex = models.ForeignKey(
        Annex, models.PROTECT, null=True, blank=True, verbose_name=_("annex"), related_name="aid_grants"
    )
    measure = models.ForeignKey(
        Measure, models.PROTECT, null=True, blank=True, verbose_name=_("forgiveness"), related_name="aid_grants"
    )
    guarantee = models.ForeignKey(
        Guarantee, models.PROTECT, null=True, blank=True, verbose_name=_("guarantee"), related_name="aid_grants"
    )
    # of what is noted by hand: the agreement, the event, the service
    reference = models.CharField(_("of what"), max_length=200, blank=True)
    granted_on = models.DateField(_("granted on"))
    nominal = _amount(_("nominal value (PLN)"))
    calculation = models.OneToOneField(
        AidCalculation, models.PROTECT, verbose_name=_("calculation"), related_name="grant"
    )
    pln = _amount(_("gross equivalent (PLN)"))
    eur_rate = models.ForeignKey(
        EurRate, models.PROTECT, null=True, blank=True, verbose_name=_("rate of the euro"), related_name="grants"
    )
    eur = _amount(_("gross equivalent (EUR)"), null=True, blank=True)
    undertaking = models.JSONField(_("single undertaking of that day"), default=list, blank=True)
    used = _amount(_("used before it (EUR)"), null=True, blank=True)
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, verbose_name=_("corrects"), related_name="corrections"
    )
    prepared_by = _user(_("noted by"))
    prepared_at = models.DateTimeField(_("noted"))
    confirmed_by = _user(_("confirmed by"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    # the duty to report: within so many days of granting, or of learning of a change
    report_by = models.DateField(_("to be reported by"), null=True, blank=True)
    reported_on = models.DateField(_("reported on"), null=True, blank=True)
    reported_by = _user(_("reported by"), null=True, blank=True)
    shrimp = models.CharField(_("number in SHRIMP"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("de minimis aid")
        verbose_name_plural = _("register of de minimis aid")
        ordering = ["-granted_on", "-id"]
        indexes = [
            models.Index(fields=["organisation", "granted_on"], name="aidgrant_organisation"),
            models.Index(
                fields=["report_by"],
                name="aidgrant_to_report",
                condition=Q(reported_on=None, report_by__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=AidState.values, instrument__in=AidInstrument.values, nominal__gte=0, pln__gte=0),
                name="aidgrant_known",
            ),
            models.CheckConstraint(
                condition=Q(instrument=AidInstrument.LOAN, loan__isnull=False, guarantee=None, measure=None)
                | Q(instrument=AidInstrument.FORGIVENESS, loan__isnull=False, measure__isnull=False, guarantee=None)
                & Q(annex=None)
                | Q(instrument=AidInstrument.GUARANTEE, guarantee__isnull=False, loan=None, annex=None, measure=None)
                | Q(instrument__in=BY_HAND, loan=None, annex=None, measure=None, guarantee=None) & ~Q(reference=""),
                name="aidgrant_of_something",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[AidState.PREPARED, AidState.DROPPED], eur=None, eur_rate=None, used=None)
                & Q(report_by=None, confirmed_by=None, confirmed_at=None)
                | Q(state__in=[AidState.GRANTED, AidState.CORRECTED, AidState.CANCELLED])
                & Q(eur__gte=0, eur_rate__isnull=False, used__gte=0, report_by__isnull=False)
                & Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="aidgrant_granted",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None)
                | ~Q(confirmed_by=F("prepared_by"))
                | Q(corrects=None) & ~Q(instrument__in=BY_HAND),
                name="aidgrant_four_eyes",
                violation_error_message=_("Somebody else has to confirm it than who noted it."),
            ),
            models.CheckConstraint(
                condition=Q(reported_on=None, reported_by=None)
                & (Q(shrimp="") | Q(state=AidState.CANCELLED) | Q(corrects__isnull=False))
                | Q(reported_on__isnull=False, reported_by__isnull=False) & ~Q(shrimp=""),
                name="aidgrant_reported",
            ),
            # one that was dropped leaves room for another
            models.UniqueConstraint(
                fields=["corrects"],
                condition=~Q(state=AidState.DROPPED),
                name="aidgrant_corrected_once",
                violation_error_message=_("This entry is corrected already, or its correction waits."),
            ),
            # one aid in force of each thing that gives it; a correction takes the place of another
            models.UniqueConstraint(
                fields=["loan"],
                condition=Q(state=AidState.GRANTED, instrument=AidInstrument.LOAN, annex=None),
                name="aidgrant_one_of_a_loan",
            ),
            *(
                models.UniqueConstraint(
                    fields=[name],
                    condition=Q(state=AidState.GRANTED, **{f"{name}__isnull": False}),
                    name=f"aidgrant_one_of_{name}",
                )
                for name in ("annex", "measure", "guarantee")
            ),
        ]
        triggers = [
            legal_moves(AID_MOVES),
            never_deleted(),
            frozen(
                "as_noted",
                [
                    "public_id",
                    "kind",
                    "instrument",
                    "loan",
                    "annex",
                    "measure",
                    "guarantee",
                    "reference",
                    "granted_on",
                    "nominal",
                    "calculation",
                    "pln",
                    "corrects",
                    "prepared_by",
                    "prepared_at",
                ],
                when=pgtrigger.Q(),
            ),
            frozen(
                "never_reckoned_again",
                ["eur_rate", "eur", "undertaking", "used", "confirmed_by", "confirmed_at"],
                when=pgtrigger.Q(old__confirmed_at__isnull=False),
            ),
            frozen(
                # what was reported and is cancelled has to be reported once more
                "reported_once",
                ["reported_on", "reported_by", "shrimp"],
                when=pgtrigger.Q(old__reported_on__isnull=False)
                & ~pgtrigger.Q(new__state=AidState.CANCELLED, old__state=AidState.GRANTED),
            ),
        ]

    def __str__(self):
        return f"{self.organisation} {self.granted_on}"


class AidCertificate(models.Model):
    """A certificate of de minimis aid (zaświadczenie), ZDM/year/nnnn; a wrong one is invalidated, not changed."""

    grant = models.OneToOneField(AidGrant, models.PROTECT, verbose_name=_("aid"), related_name="certificate")
    number = models.CharField(_("number"), max_length=20, unique=True)
    issued_on = models.DateField(_("issued on"))
    file = models.OneToOneField(StoredFile, models.PROTECT, verbose_name=_("file"), related_name="aid_certificate")
    by = _user(_("issued by"))
    at = models.DateTimeField(_("issued"))
    invalid_on = models.DateField(_("invalidated on"), null=True, blank=True)
    invalid_because = models.CharField(_("why it is invalid"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("certificate of de minimis aid")
        verbose_name_plural = _("certificates of de minimis aid")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(number__regex=r"^ZDM/\d{4}/\d{4,}$"), name="aidcertificate_number"),
            models.CheckConstraint(
                condition=Q(invalid_on=None, invalid_because="")
                | Q(invalid_on__gte=F("issued_on")) & ~Q(invalid_because=""),
                name="aidcertificate_invalid",
            ),
        ]
        triggers = [
            never_deleted(),
            frozen("as_issued", ["grant", "number", "issued_on", "file", "by", "at"], when=pgtrigger.Q()),
            frozen(
                "invalid_once",
                ["invalid_on", "invalid_because"],
                when=pgtrigger.Q(old__invalid_on__isnull=False),
            ),
        ]

    def __str__(self):
        return self.number
