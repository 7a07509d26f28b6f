"""How a loan is paid out: tranches with four eyes, files for the bank, and the settlement of what was bought."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from centrum.kit.history import history
from centrum.kit.models import StoredFile
from centrum.kit.transitions import legal_moves
from centrum.kit.triggers import append_only, frozen, never_deleted
from centrum.register.models import BankAccount
from loans.enums import SETTLEMENT_MOVES, TRANCHE_MOVES, SettlementState, TrancheState
from loans.models.ledger import Entry, Fund
from loans.models.loans import Loan


def _amount(label, **more):
    """PLN."""
    return models.DecimalField(label, max_digits=14, decimal_places=2, **more)


def _user(label, **more):
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=label, related_name="+", **more)


class BankOrder(models.Model):
    """A file of transfers for the bank (paczka przelewów, Elixir-O), ZP/year/nnnn, kept byte for byte."""

    number = models.CharField(_("number"), max_length=20, unique=True)
    fund = models.ForeignKey(Fund, models.PROTECT, verbose_name=_("fund"), related_name="orders")
    transfers = models.PositiveIntegerField(_("transfers"))
    total = _amount(_("sum (PLN)"))
    file = models.OneToOneField(StoredFile, models.PROTECT, verbose_name=_("file"), related_name="bank_order")
    by = _user(_("made by"))
    at = models.DateTimeField(_("made"))

    class Meta:
        verbose_name = _("file for the bank")
        verbose_name_plural = _("files for the bank")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(number__regex=r"^ZP/\d{4}/\d{4,}$"), name="bankorder_number"),
            models.CheckConstraint(condition=Q(transfers__gt=0, total__gt=0), name="bankorder_whole"),
        ]
        triggers = [append_only()]

    def __str__(self):
        return self.number


@history()
class Tranche(models.Model):
    """A part of a loan that is paid out at once (transza). `account`: where it goes; `order`: the file for the bank
    that it is in; `entry`: the entry of the ledger that booked it."""

    MOVES = TRANCHE_MOVES

    loan = models.ForeignKey(Loan, models.PROTECT, related_name="tranches")
    number = models.PositiveSmallIntegerField(_("number"))
    amount = _amount(_("amount (PLN)"))
    planned_on = models.DateField(_("planned for"))
    state = models.CharField(_("state"), max_length=10, choices=TrancheState, default=TrancheState.REQUESTED)
    account = models.ForeignKey(
        BankAccount, models.PROTECT, null=True, blank=True, verbose_name=_("account"), related_name="+"
    )
    verified_by = _user(_("checked by"), null=True, blank=True)
    approved_by = _user(_("released by"), null=True, blank=True)
    order = models.ForeignKey(
        BankOrder, models.PROTECT, null=True, blank=True, verbose_name=_("file for the bank"), related_name="tranches"
    )
    paid_on = models.DateField(_("paid on"), null=True, blank=True)
    document = models.CharField(_("number of the statement"), max_length=60, blank=True)
    entry = models.OneToOneField(
        Entry, models.PROTECT, null=True, blank=True, verbose_name=_("entry of the ledger"), related_name="tranche"
    )

    class Meta:
        verbose_name = _("tranche")
        verbose_name_plural = _("tranches")
        ordering = ["loan_id", "number"]
        indexes = [
            # the few that wait for somebody
            models.Index(
                fields=["state", "planned_on"],
                name="tranche_waiting",
                condition=~Q(state__in=[TrancheState.PAID, TrancheState.CANCELLED]),
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["loan", "number"], name="tranche_once"),
            models.CheckConstraint(
                condition=Q(state__in=TrancheState.values, amount__gt=0, number__gt=0), name="tranche_known"
            ),
            models.CheckConstraint(
                condition=Q(verified_by=None) | Q(approved_by=None) | ~Q(verified_by=F("approved_by")),
                name="tranche_four_eyes",
                violation_error_message=_("Somebody else has to release the tranche than who checked it."),
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[TrancheState.REQUESTED, TrancheState.CANCELLED],
                    account=None,
                    verified_by=None,
                    approved_by=None,
                    order=None,
                    paid_on=None,
                    entry=None,
                )
                | Q(
                    state=TrancheState.VERIFIED,
                    account__isnull=False,
                    verified_by__isnull=False,
                    approved_by=None,
                    order=None,
                    paid_on=None,
                    entry=None,
                )
                | Q(
                    state=TrancheState.APPROVED,
                    account__isnull=False,
                    verified_by__isnull=False,
                    approved_by__isnull=False,
                    order=None,
                    paid_on=None,
                    entry=None,
                )
                | Q(
                    state=TrancheState.ORDERED,
                    account__isnull=False,
                    verified_by__isnull=False,
                    approved_by__isnull=False,
                    order__isnull=False,
                    paid_on=None,
                    entry=None,
                )
                | Q(
                    state=TrancheState.PAID,
                    account__isnull=False,
                    verified_by__isnull=False,
                    approved_by__isnull=False,
                    order__isnull=False,
                    paid_on__isnull=False,
                    entry__isnull=False,
                )
                & ~Q(document=""),
                name="tranche_as_far_as_it_is",
            ),
        ]
        triggers = [
            legal_moves(TRANCHE_MOVES),
            never_deleted(),
            frozen("of_its_loan", ["loan", "number"], when=pgtrigger.Q()),
            frozen(
                "paid_as_released",
                ["amount", "account", "planned_on"],
                when=pgtrigger.Q(old__state__in=[TrancheState.APPROVED, TrancheState.ORDERED, TrancheState.PAID])
                & ~pgtrigger.Q(new__state=TrancheState.REQUESTED),
            ),
            pgtrigger.Protect(
                name="begins_requested",
                operation=pgtrigger.Insert,
                condition=~pgtrigger.Q(new__state=TrancheState.REQUESTED),
            ),
            # Whoever writes: no money before everything that the decision asks for is secured and the loan signed,
            # and none while an earlier tranche is not settled. The loan is locked, so that nothing passes it.
            pgtrigger.Trigger(
                name="only_secured",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(new__state__in=[TrancheState.APPROVED, TrancheState.ORDERED, TrancheState.PAID])
                & pgtrigger.Q(old__state__df=pgtrigger.F("new__state")),
                declare=[("loan", "record")],
                func="""
                    SELECT * INTO loan FROM loans_loan WHERE id = NEW.loan_id FOR NO KEY UPDATE;
                    IF loan.state NOT IN ('ready', 'active') THEN
                        RAISE EXCEPTION 'The loan is not ready for a payout'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'tranche_loan_ready';
                    END IF;
                    IF NOT EXISTS (SELECT 1 FROM loans_security WHERE loan_id = NEW.loan_id AND state = 'established')
                        OR EXISTS (SELECT 1 FROM loans_security WHERE loan_id = NEW.loan_id AND state = 'required')
                    THEN
                        RAISE EXCEPTION 'A security of the loan is not established'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'tranche_secured';
                    END IF;
                    IF EXISTS (
                        SELECT 1 FROM loans_tranche t LEFT JOIN loans_settlement s ON s.tranche_id = t.id
                        WHERE t.loan_id = NEW.loan_id AND t.number < NEW.number AND t.state <> 'cancelled'
                            AND (t.state <> 'paid' OR s.state IS NULL OR s.state NOT IN ('accepted', 'rejected'))
                    ) THEN
                        RAISE EXCEPTION 'An earlier tranche is not settled'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'tranche_settled_before';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self):
        return f"{self.loan} / {self.number}"


@history()
class Settlement(models.Model):
    """The settlement of a tranche's spending (rozliczenie wydatkowania), until `due_on`, or `extended_to` once.

    `accepted`: what of the tranche was spent as agreed, in PLN; the rest has to be given back.
    """

    MOVES = SETTLEMENT_MOVES

    tranche = models.OneToOneField(Tranche, models.PROTECT, related_name="settlement")
    state = models.CharField(_("state"), max_length=12, choices=SettlementState, default=SettlementState.OPEN)
    due_on = models.DateField(_("to be settled by"))
    extended_to = models.DateField(_("extended to"), null=True, blank=True)
    extended_because = models.CharField(_("grounds of the extension"), max_length=300, blank=True)
    extended_by = _user(_("extended by"), null=True, blank=True)
    submitted_by = _user(_("submitted by"), null=True, blank=True)
    reviewed_by = _user(_("reviewed by"), null=True, blank=True)
    reviewed_on = models.DateField(_("reviewed on"), null=True, blank=True)
    accepted = _amount(_("accepted (PLN)"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("settlement of a tranche")
        verbose_name_plural = _("settlements of tranches")
        ordering = ["due_on"]
        indexes = [
            models.Index(
                fields=["state", "due_on"],
                name="settlement_undecided",
                condition=~Q(state__in=[SettlementState.ACCEPTED, SettlementState.REJECTED]),
            )
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=SettlementState.values), name="settlement_known"),
            models.CheckConstraint(
                condition=Q(extended_to=None, extended_because="", extended_by=None)
                | Q(extended_to__gt=F("due_on"), extended_by__isnull=False) & ~Q(extended_because=""),
                name="settlement_extended",
                violation_error_message=_("A longer time ends after the first one, and has its grounds."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=[SettlementState.ACCEPTED, SettlementState.REJECTED], accepted__gte=0)
                & Q(reviewed_by__isnull=False, reviewed_on__isnull=False, submitted_by__isnull=False)
                & ~Q(reviewed_by=F("submitted_by"))
                | ~Q(state__in=[SettlementState.ACCEPTED, SettlementState.REJECTED])
                & Q(accepted=None, reviewed_by=None, reviewed_on=None),
                name="settlement_four_eyes",
                violation_error_message=_("Somebody else has to accept the settlement than who submitted it."),
            ),
        ]
        triggers = [
            legal_moves(SETTLEMENT_MOVES),
            never_deleted(),
            frozen("of_its_tranche", ["tranche"], when=pgtrigger.Q()),
            # the day of the payout may turn out to have been another one
            frozen("in_time", ["due_on"], when=~pgtrigger.Q(old__state=SettlementState.OPEN)),
            frozen("extended_once", ["extended_to"], when=pgtrigger.Q(old__extended_to__isnull=False)),
        ]

    def __str__(self):
        return str(self.tranche)

    @property
    def last_day(self):
        """The last day on which it may be settled in time."""
        return self.extended_to or self.due_on


@history()
class SettlementDocument(models.Model):
    """An invoice or its equivalent, with what of it was paid from the loan and how."""

    settlement = models.ForeignKey(Settlement, models.PROTECT, related_name="documents")
    number = models.CharField(_("number"), max_length=60)
    seller = models.CharField(_("seller"), max_length=200)
    what = models.CharField(_("what was bought"), max_length=200)
    issued_on = models.DateField(_("issued on"))
    paid_on = models.DateField(_("paid on"))
    amount = _amount(_("amount, gross (PLN)"))
    from_loan = _amount(_("of it from the loan (PLN)"))
    cashless = models.BooleanField(_("paid by transfer"), default=True)
    file = models.OneToOneField(
        StoredFile,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("file"),
        related_name="settlement_document",
    )

    class Meta:
        verbose_name = _("document of a settlement")
        verbose_name_plural = _("documents of settlements")
        ordering = ["issued_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["settlement", "number", "seller"],
                name="settlementdocument_once",
                violation_error_message=_("This document of this seller is there already."),
            ),
            models.CheckConstraint(
                condition=~Q(number="") & ~Q(seller="") & ~Q(what=""), name="settlementdocument_whole"
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, from_loan__gt=0, from_loan__lte=F("amount")),
                name="settlementdocument_amounts",
                violation_error_message=_("No more than the amount of the document comes from the loan."),
            ),
        ]

    def __str__(self):
        return self.number
