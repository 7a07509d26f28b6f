"""Guarantees of the fund for credits that lenders give: what is promised to whom, reports, calls, recourse."""

import uuid
from decimal import Decimal

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from centrum.kit.history import history
from centrum.kit.models import StoredFile
from centrum.kit.search import search_column, search_index
from centrum.kit.transitions import legal_moves
from centrum.kit.triggers import append_only, frozen, never_deleted
from centrum.register.models import Organisation, Person
from centrum.staff.models import Unit
from loans.enums import (
    CALL_MOVES,
    GUARANTEE_MOVES,
    LOSS_MOVES,
    CallState,
    CreditKind,
    GuaranteePaperKind,
    GuaranteeState,
    MeasureState,
)
from loans.models.ledger import OF_ONE_GUARANTEE, Entry, Fund
from loans.models.lenders import Lender
from loans.models.review import Decision

SIGNED = (
    GuaranteeState.SIGNED,
    GuaranteeState.ACTIVE,
    GuaranteeState.CALLED,
    GuaranteeState.RECOURSE,
    GuaranteeState.RECOVERED,
    GuaranteeState.WRITTEN_OFF,
    GuaranteeState.EXPIRED,
    GuaranteeState.RELEASED,
)
ACTIVATED = (
    GuaranteeState.ACTIVE,
    GuaranteeState.CALLED,
    GuaranteeState.RECOURSE,
    GuaranteeState.RECOVERED,
    GuaranteeState.WRITTEN_OFF,
    GuaranteeState.EXPIRED,
)
ONE_CREDIT = "guarantee_one_of_a_credit"
ONE_CREDIT_WORDS = _("This credit is guaranteed already.")


def _amount(label, **more):
    """PLN."""
    return models.DecimalField(label, max_digits=14, decimal_places=2, **more)


def _user(label, **more):
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=label, related_name="+", **more)


@history(*OF_ONE_GUARANTEE, "search")
class Guarantee(models.Model):
    """A guarantee (poręczenie) from its approval on, PR/year/nnnn, which is the number of its agreement as well.

    At most `amount`, which is `cover` (a fraction) of the principal of a `credit` of a lender. `valid_to`: the last day
    on which a call is in time. `reserved` (promised), `exposure` (guaranteed of what is left of the credit), `claim`
    (paid under a call and not come back) and `lost` are counted by the lines of the ledger and nothing else. `fee`:
    the yearly part of the exposure that is charged, from the year `fee_from` of the guarantee on.
    """

    MOVES = GUARANTEE_MOVES

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(_("number"), max_length=20, unique=True)
    decision = models.OneToOneField(Decision, models.PROTECT, verbose_name=_("decision"), related_name="guarantee")
    fund = models.ForeignKey(Fund, models.PROTECT, verbose_name=_("fund"), related_name="guarantees")
    lender = models.ForeignKey(Lender, models.PROTECT, verbose_name=_("lender"), related_name="guarantees")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name=_("organisation"), related_name="guarantees"
    )
    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("contact person"), related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("unit"), related_name="+")
    officer = _user(_("loan officer"))
    credit = _amount(_("amount of the credit (PLN)"))
    credit_kind = models.CharField(_("kind of credit"), max_length=12, choices=CreditKind)
    months = models.PositiveSmallIntegerField(_("term of the credit in months"))
    grace = models.PositiveSmallIntegerField(_("grace on principal in months"))
    cover = models.DecimalField(_("part of the credit that is guaranteed"), max_digits=5, decimal_places=4)
    amount = _amount(_("guaranteed at most (PLN)"))
    fee = models.DecimalField(_("yearly fee"), max_digits=9, decimal_places=6)
    fee_from = models.PositiveSmallIntegerField(_("fee from the year"))
    state = models.CharField(_("state"), max_length=12, choices=GuaranteeState, default=GuaranteeState.APPROVED)
    granted_on = models.DateField(_("granted on"))
    sign_by = models.DateField(_("to be signed by"))
    promised_on = models.DateField(_("promise issued on"), null=True, blank=True)
    drawn_on = models.DateField(_("agreement drawn up on"), null=True, blank=True)
    signed_on = models.DateField(_("agreement and declaration signed on"), null=True, blank=True)
    # the credit as it was given
    credit_number = models.CharField(_("number of the credit agreement"), max_length=60, blank=True)
    activated_on = models.DateField(_("credit paid out on"), null=True, blank=True)
    valid_to = models.DateField(_("a call is in time until"), null=True, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    reserved = _amount(_("promised"), default=0, editable=False)
    exposure = _amount(_("guaranteed now"), default=0, editable=False)
    claim = _amount(_("recourse claim"), default=0, editable=False)
    lost = _amount(_("lost"), default=0, editable=False)
    search = search_column("number", "credit_number")

    class Meta:
        verbose_name = _("guarantee")
        verbose_name_plural = _("guarantees")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["state", "id"], name="guarantee_state"),
            models.Index(fields=["organisation", "id"], name="guarantee_organisation"),
            search_index("guarantee_search"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(number__regex=r"^PR/\d{4}/\d{4,}$"), name="guarantee_number"),
            models.CheckConstraint(
                condition=Q(state__in=GuaranteeState.values, credit_kind__in=CreditKind.values), name="guarantee_known"
            ),
            models.CheckConstraint(
                condition=Q(credit__gt=0, amount__gt=0, months__range=(1, 360), grace__gte=0, grace__lt=F("months"))
                & Q(cover__gt=0, cover__lte=Decimal("0.8"), fee__gte=0, fee__lt=1, fee_from__gte=1)
                & Q(amount__lte=F("credit") * F("cover") + Decimal("0.005")),
                name="guarantee_terms",
            ),
            models.CheckConstraint(condition=Q(sign_by__gte=F("granted_on")), name="guarantee_sign_by"),
            models.CheckConstraint(
                condition=Q(promised_on=None) | Q(promised_on__gte=F("granted_on")), name="guarantee_promised"
            ),
            models.CheckConstraint(
                condition=Q(drawn_on=None) | Q(drawn_on__gte=F("granted_on")), name="guarantee_drawn"
            ),
            models.CheckConstraint(
                condition=Q(signed_on=None) & ~Q(state__in=SIGNED) | Q(signed_on__gte=F("drawn_on")),
                name="guarantee_signed",
                violation_error_message=_("An agreement is signed no earlier than it was drawn up."),
            ),
            models.CheckConstraint(
                condition=Q(activated_on=None, credit_number="", valid_to=None) & ~Q(state__in=ACTIVATED)
                | Q(activated_on__gte=F("signed_on"), valid_to__gt=F("activated_on")) & ~Q(credit_number=""),
                name="guarantee_activated",
                violation_error_message=_("A credit that was paid out before the guarantee is not guaranteed."),
            ),
            models.UniqueConstraint(
                "lender",
                Upper("credit_number"),
                condition=~Q(credit_number="") & ~Q(state=GuaranteeState.LAPSED),
                name=ONE_CREDIT,
                violation_error_message=ONE_CREDIT_WORDS,
            ),
            models.CheckConstraint(
                condition=~Q(
                    state__in=[
                        GuaranteeState.LAPSED,
                        GuaranteeState.EXPIRED,
                        GuaranteeState.RELEASED,
                        GuaranteeState.RECOURSE,
                        GuaranteeState.RECOVERED,
                        GuaranteeState.WRITTEN_OFF,
                    ]
                )
                | Q(reserved=0, exposure=0),
                name="guarantee_over",
                violation_error_message=_("Something of this guarantee is still promised or guaranteed."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[GuaranteeState.RECOVERED, GuaranteeState.WRITTEN_OFF]) | Q(claim=0),
                name="guarantee_recovered",
            ),
            *(
                models.CheckConstraint(condition=Q(**{f"{name}__gte": 0}), name=f"guarantee_{name}")
                for name in OF_ONE_GUARANTEE
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=F("reserved") + F("exposure")) & Q(amount__gte=F("claim") + F("lost")),
                name="guarantee_limit",
                violation_error_message=_("This is more than was guaranteed."),
            ),
        ]
        triggers = [
            legal_moves(GUARANTEE_MOVES),
            never_deleted(),
            frozen(
                "as_granted",
                [
                    "public_id",
                    "number",
                    "decision",
                    "fund",
                    "lender",
                    "credit",
                    "credit_kind",
                    "months",
                    "grace",
                    "cover",
                    "amount",
                    "fee",
                    "fee_from",
                    "granted_on",
                ],
                when=pgtrigger.Q(),
            ),
            pgtrigger.Protect(
                name="counted_by_the_ledger",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "ROW(OLD.reserved, OLD.exposure, OLD.claim, OLD.lost) IS DISTINCT FROM"
                    " ROW(NEW.reserved, NEW.exposure, NEW.claim, NEW.lost) AND pg_trigger_depth() = 0"
                ),
            ),
            pgtrigger.Protect(
                name="begins_empty",
                operation=pgtrigger.Insert,
                condition=pgtrigger.Condition(
                    "NEW.reserved + NEW.exposure + NEW.claim + NEW.lost <> 0 OR NEW.state <> 'approved'"
                ),
            ),
            # as the decision has it, and only of one that somebody else has confirmed
            pgtrigger.Trigger(
                name="as_decided",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM loans_decision d WHERE d.id = NEW.decision_id AND d.verdict = 'approve'
                            AND d.confirmed_at IS NOT NULL AND d.organisation_id = NEW.organisation_id
                            AND d.lender_id = NEW.lender_id AND d.amount = NEW.amount AND d.months = NEW.months
                            AND d.grace = NEW.grace AND d.credit = NEW.credit AND d.credit_kind = NEW.credit_kind
                            AND d.cover = NEW.cover AND d.fee = NEW.fee AND d.fee_from = NEW.fee_from
                    ) THEN
                        RAISE EXCEPTION 'A guarantee is what a confirmed decision says'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'guarantee_as_decided';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self):
        return self.number

    @property
    def at_stake(self):
        """What of the fund's limit it takes: promised and guaranteed, in PLN."""
        return self.reserved + self.exposure


class GuaranteePaper(models.Model):
    """A file of a guarantee: what the portal made (promise, agreement, declaration) and what was signed or brought."""

    guarantee = models.ForeignKey(Guarantee, models.PROTECT, related_name="papers")
    kind = models.CharField(_("kind"), max_length=12, choices=GuaranteePaperKind)
    title = models.CharField(_("title"), max_length=200)
    file = models.OneToOneField(StoredFile, models.PROTECT, verbose_name=_("file"), related_name="guarantee_paper")
    by = _user(_("by"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("paper of a guarantee")
        verbose_name_plural = _("papers of guarantees")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=GuaranteePaperKind.values) & ~Q(title=""), name="guaranteepaper_known"
            ),
        ]
        triggers = [append_only()]

    def __str__(self):
        return self.title


@history("earned")
class GuaranteeFee(models.Model):
    """The fee of one year of a guarantee (opłata za poręczenie), on what was guaranteed on its first day.

    `earned`: what of it is income already (641 to 703), never more than was paid. `ends`: the first day after it.
    `waived_on`: when it was given up, so that it is not due any more.
    """

    guarantee = models.ForeignKey(Guarantee, models.PROTECT, related_name="fees")
    nr = models.PositiveSmallIntegerField(_("year"))
    begins = models.DateField(_("from"))
    ends = models.DateField(_("until before"))
    base = _amount(_("guaranteed (PLN)"))
    amount = _amount(_("fee (PLN)"))
    paid_on = models.DateField(_("paid on"), null=True, blank=True)
    document = models.CharField(_("number of the document"), max_length=60, blank=True)
    entry = models.OneToOneField(
        Entry, models.PROTECT, null=True, blank=True, verbose_name=_("entry"), related_name="guarantee_fee"
    )
    earned = _amount(_("earned (PLN)"), default=0)
    waived_on = models.DateField(_("given up on"), null=True, blank=True)
    waived_by = _user(_("given up by"), null=True, blank=True)
    waived_because = models.TextField(_("why it was given up"), blank=True)

    class Meta:
        verbose_name = _("fee for a guarantee")
        verbose_name_plural = _("fees for guarantees")
        ordering = ["guarantee_id", "nr"]
        constraints = [
            models.UniqueConstraint(fields=["guarantee", "nr"], name="guaranteefee_once"),
            models.CheckConstraint(
                condition=Q(nr__gt=0, base__gt=0, amount__gt=0, ends__gt=F("begins")), name="guaranteefee_whole"
            ),
            models.CheckConstraint(
                condition=Q(paid_on=None, document="", entry=None, earned=0)
                | Q(paid_on__isnull=False, entry__isnull=False, earned__gte=0, earned__lte=F("amount"))
                & ~Q(document=""),
                name="guaranteefee_paid",
            ),
            models.CheckConstraint(
                condition=Q(waived_on=None, waived_by=None, waived_because="")
                | Q(waived_on__isnull=False, waived_by__isnull=False, paid_on=None) & ~Q(waived_because=""),
                name="guaranteefee_waived",
            ),
        ]
        triggers = [
            never_deleted(),
            frozen("as_charged", ["guarantee", "nr", "begins", "ends", "base", "amount"], when=pgtrigger.Q()),
            # a payment that was noted wrongly may be taken back as long as nothing of it is earned
            frozen(
                "paid_once",
                ["paid_on", "document", "entry"],
                when=pgtrigger.Q(old__paid_on__isnull=False)
                & (pgtrigger.Q(new__paid_on__isnull=False) | pgtrigger.Q(old__earned__gt=0)),
            ),
            frozen(
                "waived_once",
                ["waived_on", "waived_by", "waived_because"],
                when=pgtrigger.Q(old__waived_on__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.guarantee_id} {self.nr}"


class LenderReport(models.Model):
    """What a lender reported at the end of a month of the credits that are guaranteed (raport miesięczny).

    One that was wrong is withdrawn by somebody else than who took it in, and its entries are reversed.
    """

    lender = models.ForeignKey(Lender, models.PROTECT, verbose_name=_("lender"), related_name="reports")
    month = models.DateField(_("month"))
    file = models.OneToOneField(StoredFile, models.PROTECT, verbose_name=_("file"), related_name="lender_report")
    by = _user(_("imported by"))
    at = models.DateTimeField(_("imported"))
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    withdrawn_by = _user(_("withdrawn by"), null=True, blank=True)
    withdrawn_because = models.CharField(_("why it was withdrawn"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("report of a lender")
        verbose_name_plural = _("reports of lenders")
        ordering = ["-month", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["lender", "month"],
                condition=Q(withdrawn_at=None),
                name="lenderreport_once",
                violation_error_message=_("The report of this month is here already."),
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="lenderreport_month"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None, withdrawn_because="")
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False)
                & ~Q(withdrawn_because="")
                & ~Q(withdrawn_by=F("by")),
                name="lenderreport_withdrawn",
                violation_error_message=_("Somebody else has to withdraw the report than who took it in."),
            ),
        ]
        triggers = [
            never_deleted(),
            frozen("as_reported", ["lender", "month", "file", "by", "at"], when=pgtrigger.Q()),
            frozen(
                "withdrawn_once",
                ["withdrawn_at", "withdrawn_by", "withdrawn_because"],
                when=pgtrigger.Q(old__withdrawn_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.lender} {self.month:%Y-%m}"


class LenderReportRow(models.Model):
    """One credit of a report: principal left of it, days past due, and what is guaranteed before and after."""

    report = models.ForeignKey(LenderReport, models.PROTECT, related_name="rows")
    guarantee = models.ForeignKey(Guarantee, models.PROTECT, verbose_name=_("guarantee"), related_name="report_rows")
    left = _amount(_("principal left of the credit (PLN)"))
    days_late = models.PositiveSmallIntegerField(_("days past due"))
    before = _amount(_("guaranteed before (PLN)"))
    after = _amount(_("guaranteed after (PLN)"))
    entry = models.ForeignKey(
        Entry, models.PROTECT, null=True, blank=True, verbose_name=_("entry"), related_name="report_rows"
    )

    class Meta:
        verbose_name = _("row of a lender's report")
        verbose_name_plural = _("rows of lenders' reports")
        ordering = ["report_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["report", "guarantee"], name="lenderreportrow_once"),
            models.CheckConstraint(
                condition=Q(left__gte=0, after__gte=0, after__lte=F("before")),
                name="lenderreportrow_never_more",
                violation_error_message=_("A report never raises what is guaranteed."),
            ),
            models.CheckConstraint(
                condition=Q(after=F("before"), entry=None) | Q(after__lt=F("before"), entry__isnull=False),
                name="lenderreportrow_posted",
            ),
        ]
        triggers = [append_only()]

    def __str__(self):
        return f"{self.report_id} {self.guarantee_id}"


@history()
class GuaranteeCall(models.Model):
    """A lender's call to pay under a guarantee (wezwanie do zapłaty z poręczenia), one open at a time.

    `owed`: principal of the credit not paid on the day of termination; the fund owes `cover` of it at most. The
    answers to the checks are the verifier's; `payable` is what follows, which somebody else pays by `pay_by`.
    """

    MOVES = CALL_MOVES

    guarantee = models.ForeignKey(Guarantee, models.PROTECT, related_name="calls")
    state = models.CharField(_("state"), max_length=10, choices=CallState, default=CallState.RECEIVED)
    received_on = models.DateField(_("received on"))
    amount = _amount(_("called for (PLN)"))
    owed = _amount(_("principal owed to the lender (PLN)"))
    terminated_on = models.DateField(_("credit terminated on"))
    paper = models.ForeignKey(GuaranteePaper, models.PROTECT, verbose_name=_("the call"), related_name="calls")
    noted_by = _user(_("noted by"))
    noted_at = models.DateTimeField(_("noted"))
    pay_by = models.DateField(_("to be paid by"))
    has_statement = models.BooleanField(_("statement of the debt is there"), default=False)
    has_demand = models.BooleanField(_("proof of the demand to the debtor is there"), default=False)
    has_termination = models.BooleanField(_("termination of the credit is there"), default=False)
    payable = _amount(_("to be paid (PLN)"), null=True, blank=True)
    verified_by = _user(_("checked by"), null=True, blank=True)
    verified_at = models.DateTimeField(_("checked"), null=True, blank=True)
    refused_because = models.TextField(_("why it was refused"), blank=True)
    refused_on = models.DateField(_("refused on"), null=True, blank=True)
    decided_by = _user(_("paid or refused by"), null=True, blank=True)
    paid_on = models.DateField(_("paid on"), null=True, blank=True)
    document = models.CharField(_("number of the document"), max_length=60, blank=True)
    entry = models.OneToOneField(
        Entry, models.PROTECT, null=True, blank=True, verbose_name=_("entry"), related_name="guarantee_call"
    )

    class Meta:
        verbose_name = _("call on a guarantee")
        verbose_name_plural = _("calls on guarantees")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["guarantee"],
                condition=Q(state__in=[CallState.RECEIVED, CallState.VERIFIED, CallState.PAID]),
                name="guaranteecall_one_open",
                violation_error_message=_("Another call on this guarantee is open or paid."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=CallState.values, amount__gt=0, owed__gt=0, pay_by__gte=F("received_on"))
                & Q(terminated_on__lte=F("received_on")),
                name="guaranteecall_whole",
            ),
            models.CheckConstraint(
                condition=Q(state=CallState.RECEIVED, payable=None, verified_by=None, verified_at=None)
                | Q(state__in=[CallState.VERIFIED, CallState.PAID])
                & Q(payable__gt=0, payable__lte=F("amount"), verified_by__isnull=False, verified_at__isnull=False)
                & Q(has_statement=True, has_demand=True, has_termination=True)
                | Q(state=CallState.REFUSED),
                name="guaranteecall_verified",
            ),
            models.CheckConstraint(
                condition=Q(state=CallState.PAID, paid_on__gte=F("received_on"), entry__isnull=False)
                & ~Q(document="")
                & Q(decided_by__isnull=False, refused_because="")
                & ~Q(decided_by=F("verified_by"))
                | Q(state=CallState.REFUSED, decided_by__isnull=False, paid_on=None, entry=None, document="")
                & ~Q(refused_because="")
                & (
                    Q(verified_by=None) & ~Q(decided_by=F("noted_by"))
                    | Q(verified_by__isnull=False) & ~Q(decided_by=F("verified_by"))
                )
                | Q(state__in=[CallState.RECEIVED, CallState.VERIFIED], decided_by=None, paid_on=None)
                & Q(entry=None, document="", refused_because=""),
                name="guaranteecall_four_eyes",
                violation_error_message=_("Somebody else has to pay or refuse the call than who checked it."),
            ),
            models.CheckConstraint(
                condition=Q(state=CallState.REFUSED, refused_on__isnull=False)
                | ~Q(state=CallState.REFUSED) & Q(refused_on=None),
                name="guaranteecall_refused",
            ),
        ]
        triggers = [
            legal_moves(CALL_MOVES),
            never_deleted(),
            frozen(
                "as_received",
                ["guarantee", "received_on", "amount", "owed", "terminated_on", "paper", "noted_by", "noted_at"],
                when=pgtrigger.Q(),
            ),
            pgtrigger.Protect(
                name="begins_received",
                operation=pgtrigger.Insert,
                condition=~pgtrigger.Q(new__state=CallState.RECEIVED),
            ),
        ]

    def __str__(self):
        return f"{self.guarantee} {self.received_on}"


class Recovery(models.Model):
    """Money that came back after a guarantee was paid (odzysk z regresu), shared with the lender pro rata of the cover.

    `amount` = `principal` + `interest` (for delay, from the day of payment) of the fund + `of_lender`. One that was
    noted wrongly is taken back by somebody else, and its entry is reversed.
    """

    guarantee = models.ForeignKey(Guarantee, models.PROTECT, related_name="recoveries")
    on = models.DateField(_("received on"))
    amount = _amount(_("received (PLN)"))
    principal = _amount(_("of it the fund's claim (PLN)"))
    interest = _amount(_("of it interest for delay (PLN)"))
    of_lender = _amount(_("of it the lender's (PLN)"))
    document = models.CharField(_("number of the document"), max_length=60)
    entry = models.OneToOneField(Entry, models.PROTECT, verbose_name=_("entry"), related_name="recovery")
    by = _user(_("by"))
    at = models.DateTimeField(_("at"))
    taken_back_at = models.DateTimeField(_("taken back"), null=True, blank=True)
    taken_back_by = _user(_("taken back by"), null=True, blank=True)
    taken_back_because = models.CharField(_("why it was taken back"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("recovery")
        verbose_name_plural = _("recoveries")
        ordering = ["guarantee_id", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, principal__gte=0, interest__gte=0, of_lender__gte=0)
                & Q(amount=F("principal") + F("interest") + F("of_lender"))
                & ~Q(document=""),
                name="recovery_shares",
            ),
            models.CheckConstraint(
                condition=Q(taken_back_at=None, taken_back_by=None, taken_back_because="")
                | Q(taken_back_at__isnull=False, taken_back_by__isnull=False)
                & ~Q(taken_back_because="")
                & ~Q(taken_back_by=F("by")),
                name="recovery_taken_back",
                violation_error_message=_("Somebody else has to take the recovery back than who noted it."),
            ),
        ]
        triggers = [
            never_deleted(),
            frozen(
                "as_noted",
                ["guarantee", "on", "amount", "principal", "interest", "of_lender", "document", "entry", "by", "at"],
                when=pgtrigger.Q(),
            ),
            frozen(
                "taken_back_once",
                ["taken_back_at", "taken_back_by", "taken_back_because"],
                when=pgtrigger.Q(old__taken_back_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.guarantee_id} {self.on}"


@history()
class RecourseLoss(models.Model):
    """The write-off of a recourse claim (odpisanie regresu): prepared by one person, confirmed by another."""

    MOVES = LOSS_MOVES

    guarantee = models.ForeignKey(Guarantee, models.PROTECT, related_name="losses")
    state = models.CharField(_("state"), max_length=10, choices=MeasureState, default=MeasureState.PREPARED)
    amount = _amount(_("lost (PLN)"), null=True, blank=True)
    reasons = models.TextField(_("Reasons"))
    paper = models.ForeignKey(GuaranteePaper, models.PROTECT, verbose_name=_("document"), related_name="losses")
    prepared_by = _user(_("prepared by"))
    prepared_at = models.DateTimeField(_("prepared"))
    confirmed_by = _user(_("confirmed by"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    entry = models.OneToOneField(
        Entry, models.PROTECT, null=True, blank=True, verbose_name=_("entry"), related_name="recourse_loss"
    )

    class Meta:
        verbose_name = _("write-off of a recourse claim")
        verbose_name_plural = _("write-offs of recourse claims")
        ordering = ["guarantee_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["guarantee"],
                condition=~Q(state=MeasureState.DROPPED),
                name="recourseloss_once",
                violation_error_message=_("This claim is written off already, or about to be."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=MeasureState.values) & ~Q(reasons=""), name="recourseloss_known"
            ),
            models.CheckConstraint(
                condition=Q(state=MeasureState.CONFIRMED, amount__gt=0, entry__isnull=False)
                & Q(confirmed_by__isnull=False, confirmed_at__isnull=False)
                & ~Q(confirmed_by=F("prepared_by"))
                | ~Q(state=MeasureState.CONFIRMED) & Q(amount=None, entry=None, confirmed_by=None, confirmed_at=None),
                name="recourseloss_four_eyes",
                violation_error_message=_("Somebody else has to confirm the decision than who prepared it."),
            ),
        ]
        triggers = [
            legal_moves(LOSS_MOVES),
            never_deleted(),
            frozen("as_prepared", ["guarantee", "reasons", "paper", "prepared_by", "prepared_at"], when=pgtrigger.Q()),
        ]

    def __str__(self):
        return f"{self.guarantee} {self.get_state_display()}"
