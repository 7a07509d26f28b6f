"""Agreements of a partnership (letters of intent, partnership agreements, annexes), who signs and who pays what."""

import pgtrigger
from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from centrum.kit.history import history
from centrum.kit.models import StoredFile
from centrum.kit.transitions import legal_moves
from centrum.kit.triggers import append_only, frozen, never_deleted
from partners.enums import AGREEMENT_MOVES, AgreementKind, AgreementState
from partners.models.members import Membership, Representative
from partners.models.partnerships import Partnership

_UNSIGNED = [AgreementState.DRAFT, AgreementState.DROPPED]
_TERMS = ["kind", "title", "total", "signed_on", "valid_from", "valid_to", "signed_file"]


def _of_a_draft():
    """Nothing is added, changed or taken away once the agreement is signed or given up.

    The lock lets one transaction at a time write the parts of an agreement, so that `_whole` sees all of them.
    """
    return pgtrigger.Trigger(
        name="of_a_draft",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("agreement", "record")],
        func="""
            FOR agreement IN
                SELECT state FROM partners_agreement WHERE id IN (OLD.agreement_id, NEW.agreement_id)
                ORDER BY id FOR NO KEY UPDATE
            LOOP
                IF agreement.state <> 'draft' THEN
                    RAISE EXCEPTION 'Only a draft takes changes in %', TG_TABLE_NAME;
                END IF;
            END LOOP;
            RETURN COALESCE(NEW, OLD);
        """,
    )


def _of_its_members():
    """The member that signs or pays is one of the agreement's partnership."""
    return pgtrigger.Trigger(
        name="of_its_members",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func="""
            IF (SELECT partnership_id FROM partners_agreement WHERE id = NEW.agreement_id)
                IS DISTINCT FROM (SELECT partnership_id FROM partners_membership WHERE id = NEW.membership_id)
            THEN
                RAISE EXCEPTION 'The member is not of the partnership of the agreement';
            END IF;
            RETURN NEW;
        """,
    )


def _whole(column, operation):
    """Asked when the transaction ends: shares add up to the total, and what is signed has signatories and shares.

    `column`: of the row at hand, the key of the agreement.
    """
    return pgtrigger.Trigger(
        name="agreement_whole",
        when=pgtrigger.After,
        operation=operation,
        timing=pgtrigger.Deferred,
        declare=[("agreement", "record"), ("paid", "numeric")],
        func=f"""
            FOR agreement IN SELECT * FROM partners_agreement WHERE id IN (OLD.{column}, NEW.{column}) LOOP
                SELECT SUM(amount) INTO paid FROM partners_agreementshare WHERE agreement_id = agreement.id;
                IF paid IS NOT NULL AND paid IS DISTINCT FROM agreement.total THEN
                    RAISE EXCEPTION 'The shares add up to %, the total is %', paid, agreement.total
                        USING ERRCODE = 'check_violation';
                END IF;
                CONTINUE WHEN agreement.state NOT IN ('signed', 'terminated');
                IF paid IS NULL AND agreement.total IS NOT NULL THEN
                    RAISE EXCEPTION 'What is signed with a total has its shares' USING ERRCODE = 'check_violation';
                END IF;
                IF NOT EXISTS (SELECT 1 FROM partners_agreementsignatory WHERE agreement_id = agreement.id) THEN
                    RAISE EXCEPTION 'What is signed has a signatory' USING ERRCODE = 'check_violation';
                END IF;
            END LOOP;
            RETURN NULL;
        """,  # noqa: S608 - `column` is one of ours
    )


_WRITTEN = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete


@history()
class Agreement(models.Model):
    """What partners agree on. An annex `amends` an agreement and states its validity and money anew.

    `valid_to` is the first day after it. Parts and terms are open to change only in a draft.
    """

    MOVES = AGREEMENT_MOVES

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="agreements")
    kind = models.CharField(_("kind"), max_length=20, choices=AgreementKind)
    amends = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, verbose_name=_("annex to"), related_name="annexes"
    )
    number = models.CharField(_("number"), max_length=20, unique=True)
    title = models.CharField(_("title"), max_length=200)
    state = models.CharField(_("state"), max_length=20, choices=AgreementState, default=AgreementState.DRAFT)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    signed_file = models.OneToOneField(
        StoredFile,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("signed file"),
        related_name="signed_agreement",
    )
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("first day after the agreement"), null=True, blank=True)
    terminated_on = models.DateField(_("terminated on"), null=True, blank=True)
    # PLN
    total = models.DecimalField(_("total amount"), max_digits=12, decimal_places=2, null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ["-id"]
        triggers = [
            legal_moves(AGREEMENT_MOVES),
            never_deleted(),
            frozen("origin_frozen", ["partnership", "amends", "number"], when=pgtrigger.Q()),
            frozen("terms_frozen", _TERMS, when=~pgtrigger.Q(old__state=AgreementState.DRAFT)),
            frozen("end_frozen", ["terminated_on"], when=pgtrigger.Q(old__state=AgreementState.TERMINATED)),
            pgtrigger.Trigger(
                name="amends_its_own",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__amends__isnull=False),
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM partners_agreement
                        WHERE id = NEW.amends_id AND partnership_id = NEW.partnership_id AND amends_id IS NULL
                    ) THEN
                        RAISE EXCEPTION 'An annex amends an agreement of its own partnership, and no annex';
                    END IF;
                    RETURN NEW;
                """,
            ),
            _whole("id", pgtrigger.Insert | pgtrigger.Update),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=AgreementKind.values), name="agreement_kind"),
            models.CheckConstraint(condition=Q(state__in=AgreementState.values), name="agreement_state"),
            models.CheckConstraint(condition=~Q(title="") & ~Q(number=""), name="agreement_named"),
            models.CheckConstraint(
                condition=Q(kind=AgreementKind.ANNEX, amends__isnull=False)
                | ~Q(kind=AgreementKind.ANNEX) & Q(amends__isnull=True),
                name="agreement_annex_amends",
                violation_error_message=_("An annex, and nothing else, names the agreement that it changes."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_from__isnull=False, valid_to__gt=F("valid_from")),
                name="agreement_dates",
                violation_error_message=_("The agreement ends before it begins."),
            ),
            models.CheckConstraint(
                condition=Q(signed_on__isnull=True) | Q(valid_to__isnull=True) | Q(valid_to__gt=F("signed_on")),
                name="agreement_signed_in_time",
                violation_error_message=_("The agreement would be over on the day of signing."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=_UNSIGNED, signed_file__isnull=True)
                | ~Q(state__in=_UNSIGNED)
                & Q(signed_file__isnull=False, signed_on__isnull=False, valid_from__isnull=False),
                name="agreement_signed_whole",
            ),
            models.CheckConstraint(
                condition=Q(
                    state=AgreementState.TERMINATED, terminated_on__isnull=False, terminated_on__gte=F("signed_on")
                )
                | ~Q(state=AgreementState.TERMINATED) & Q(terminated_on__isnull=True),
                name="agreement_terminated_stamped",
            ),
            models.CheckConstraint(condition=Q(total__isnull=True) | Q(total__gt=0), name="agreement_total"),
        ]

    def __str__(self):
        return f"{self.number} {self.title}"


@history()
class AgreementVersion(models.Model):
    """The text of a draft as it stood once, typed or as a file."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("number"))
    text = models.TextField(_("text"), blank=True)
    file = models.OneToOneField(
        StoredFile,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("file"),
        related_name="agreement_version",
    )
    note = models.CharField(_("what has changed"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("version of an agreement")
        verbose_name_plural = _("versions of agreements")
        ordering = ["number"]
        triggers = [append_only(), _of_a_draft()]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="agreementversion_once"),
            models.CheckConstraint(
                condition=Q(number__gte=1) & (~Q(text="") | Q(file__isnull=False)),
                name="agreementversion_whole",
                violation_error_message=_("Type the text or choose a file."),
            ),
        ]

    def __str__(self):
        return f"{self.agreement}, {self.number}"


@history()
class AgreementSignatory(models.Model):
    """Who signs for a member; whether they may is asked of the day of signing."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="signatories")
    membership = models.ForeignKey(
        Membership, models.PROTECT, verbose_name=_("organisation"), related_name="signatures"
    )
    representative = models.ForeignKey(
        Representative, models.PROTECT, verbose_name=_("person"), related_name="signatures"
    )

    class Meta:
        verbose_name = _("signatory of an agreement")
        verbose_name_plural = _("signatories of agreements")
        ordering = ["id"]
        triggers = [
            _of_a_draft(),
            _of_its_members(),
            pgtrigger.Trigger(
                name="speaks_for_it",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM partners_representative
                        WHERE id = NEW.representative_id AND membership_id = NEW.membership_id AND signs
                    ) THEN
                        RAISE EXCEPTION 'Who signs represents the member with power to sign';
                    END IF;
                    RETURN NEW;
                """,
            ),
            _whole("agreement_id", pgtrigger.Update | pgtrigger.Delete),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "membership"],
                name="agreementsignatory_once",
                violation_error_message=_("Somebody signs for this member already."),
            )
        ]

    def __str__(self):
        return f"{self.representative} – {self.membership.organisation}"


@history()
class AgreementShare(models.Model):
    """What one member pays of the total, PLN."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="shares")
    membership = models.ForeignKey(Membership, models.PROTECT, verbose_name=_("organisation"), related_name="shares")
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2, validators=[MinValueValidator(0)])

    class Meta:
        verbose_name = _("share in an agreement")
        verbose_name_plural = _("shares in agreements")
        ordering = ["id"]
        triggers = [_of_a_draft(), _of_its_members(), _whole("agreement_id", _WRITTEN)]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "membership"], name="agreementshare_once"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="agreementshare_amount"),
        ]

    def __str__(self):
        return f"{self.membership.organisation}: {self.amount}"
