"""On the way to a decision on a loan: score cards, the committee's votes, the decision that two people make."""

from decimal import Decimal

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from centrum.intake.models import Application
from centrum.kit.history import history
from centrum.kit.periods import in_periods
from centrum.kit.transitions import legal_moves
from centrum.kit.triggers import append_only, frozen, never_deleted
from centrum.register.models import Organisation, Person
from loans.enums import (
    REVIEW_MOVES,
    CommitteeRole,
    CreditKind,
    DecisionVerdict,
    Method,
    ReviewState,
    SecurityKind,
    VoteVerdict,
)
from loans.models.ledger import Fund
from loans.models.lenders import Lender
from loans.models.products import Product


def _user(label, **more):
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=label, related_name="+", **more)


@history()
class ScoreCriterion(models.Model):
    """What a score card judges, with at most `most` points (its weight); another weight is another row."""

    code = models.SlugField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120)
    most = models.PositiveSmallIntegerField(_("most points"))
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    source = models.CharField(_("source"), max_length=300)
    confirmed = models.BooleanField(_("confirmed"), default=False)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        verbose_name = _("criterion of the score card")
        verbose_name_plural = _("criteria of the score card")
        ordering = ["order", "code", "-valid_from"]
        constraints = [
            *in_periods("scorecriterion", "code"),
            models.CheckConstraint(condition=Q(most__gt=0) & ~Q(name="") & ~Q(name_en=""), name="scorecriterion_whole"),
        ]

    def __str__(self):
        return self.name if get_language() == "pl" else self.name_en


@history()
class CommitteeMember(models.Model):
    """Somebody who votes on loans (członek komitetu pożyczkowego) in a period."""

    user = _user(_("who"))
    role = models.CharField(_("role"), max_length=10, choices=CommitteeRole, default=CommitteeRole.MEMBER)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        verbose_name = _("member of the loan committee")
        verbose_name_plural = _("members of the loan committee")
        ordering = ["-valid_from", "pk"]
        constraints = [
            *in_periods("committeemember", "user", message=_("This person is in the committee in these days already.")),
            models.CheckConstraint(condition=Q(role__in=CommitteeRole.values), name="committeemember_role"),
        ]

    def __str__(self):
        return str(self.user)


@history()
class Review(models.Model):
    """The wing's side of an application: how far the staff are with it. `round` rises when an appeal is upheld, so
    that cards and votes are given anew."""

    MOVES = REVIEW_MOVES

    application = models.OneToOneField(Application, models.PROTECT, related_name="loan_review")
    fund = models.ForeignKey(Fund, models.PROTECT, verbose_name=_("fund"), related_name="reviews")
    state = models.CharField(_("state"), max_length=12, choices=ReviewState, default=ReviewState.FORMAL)
    round = models.PositiveSmallIntegerField(_("round"), default=1)

    class Meta:
        verbose_name = _("review of an application for a loan")
        verbose_name_plural = _("reviews of applications for loans")
        indexes = [
            models.Index(
                fields=["state"],
                name="review_open",
                condition=~Q(state__in=[ReviewState.APPROVED, ReviewState.REJECTED]),
            )
        ]
        constraints = [models.CheckConstraint(condition=Q(state__in=ReviewState.values), name="review_state_known")]
        triggers = [legal_moves(REVIEW_MOVES), frozen("of_its_application", ["application"], when=pgtrigger.Q())]

    def __str__(self):
        return str(self.application)


class ScoreCard(models.Model):
    """One assessor's points, given once. Nobody sees another's card before having saved their own."""

    review = models.ForeignKey(Review, models.PROTECT, related_name="cards")
    round = models.PositiveSmallIntegerField(_("round"))
    by = _user(_("assessor"))
    at = models.DateTimeField(_("at"))
    text = models.TextField(_("Reasons"))

    class Meta:
        verbose_name = _("score card")
        verbose_name_plural = _("score cards")
        ordering = ["round", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["review", "round", "by"],
                name="scorecard_once",
                violation_error_message=_("You have saved your card already."),
            ),
            models.CheckConstraint(condition=~Q(text=""), name="scorecard_reasons"),
        ]
        triggers = [append_only()]

    def __str__(self):
        return f"{self.review_id} {self.by_id}"


class ScoreMark(models.Model):
    """Points of a card for one criterion; `most` is copied, since weights change."""

    card = models.ForeignKey(ScoreCard, models.PROTECT, related_name="marks")
    criterion = models.ForeignKey(ScoreCriterion, models.PROTECT, verbose_name=_("criterion"), related_name="+")
    points = models.PositiveSmallIntegerField(_("points"))
    most = models.PositiveSmallIntegerField(_("most points"))
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("points of a score card")
        verbose_name_plural = _("points of score cards")
        ordering = ["criterion__order", "criterion__code"]
        constraints = [
            models.UniqueConstraint(fields=["card", "criterion"], name="scoremark_once"),
            models.CheckConstraint(
                condition=Q(points__lte=F("most")),
                name="scoremark_points",
                violation_error_message=_("There are no more points for this."),
            ),
        ]
        triggers = [append_only()]

    def __str__(self):
        return f"{self.points}/{self.most}"


class Vote(models.Model):
    """A vote of the committee; it stays as it was given."""

    review = models.ForeignKey(Review, models.PROTECT, related_name="votes")
    round = models.PositiveSmallIntegerField(_("round"))
    by = _user(_("member"))
    role = models.CharField(_("role"), max_length=10, choices=CommitteeRole)
    verdict = models.CharField(_("vote"), max_length=10, choices=VoteVerdict)
    text = models.TextField(_("Reasons"), blank=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("vote of the committee")
        verbose_name_plural = _("votes of the committee")
        ordering = ["round", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["review", "round", "by"],
                name="vote_once",
                violation_error_message=_("You have voted already."),
            ),
            models.CheckConstraint(
                condition=Q(verdict__in=VoteVerdict.values, role__in=CommitteeRole.values), name="vote_known"
            ),
            models.CheckConstraint(
                condition=~Q(verdict=VoteVerdict.AGAINST) | ~Q(text=""),
                name="vote_against_with_reasons",
                violation_error_message=_("Give reasons for a vote against."),
            ),
        ]
        triggers = [append_only()]

    def __str__(self):
        return f"{self.review_id} {self.by_id} {self.verdict}"


@history()
class Decision(models.Model):
    """What was decided on an application, prepared by one person and confirmed or sent back by another.

    Of an approval: who the organisation is in the register, and on which terms it gets what. With a `product` it is of
    a loan of `amount`; with a `lender` of a guarantee of at most `amount` for a `credit` of which `cover` is
    guaranteed. At most one of a round is not sent back.
    """

    review = models.ForeignKey(Review, models.PROTECT, related_name="decisions")
    round = models.PositiveSmallIntegerField(_("round"))
    verdict = models.CharField(_("decision"), max_length=10, choices=DecisionVerdict)
    reasons = models.TextField(_("Reasons"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, verbose_name=_("organisation"), related_name="+"
    )
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, verbose_name=_("contact person"), related_name="+"
    )
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, blank=True, verbose_name=_("loan product"), related_name="+"
    )
    amount = models.DecimalField(_("amount (PLN)"), max_digits=14, decimal_places=2, null=True, blank=True)
    months = models.PositiveSmallIntegerField(_("months"), null=True, blank=True)
    grace = models.PositiveSmallIntegerField(_("grace on principal in months"), null=True, blank=True)
    method = models.CharField(_("kind of instalments"), max_length=20, choices=Method, blank=True)
    new_job = models.BooleanField(_("rate for who creates a job"), default=False)
    lender = models.ForeignKey(
        Lender, models.PROTECT, null=True, blank=True, verbose_name=_("lender"), related_name="+"
    )
    credit = models.DecimalField(
        _("amount of the credit (PLN)"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    credit_kind = models.CharField(_("kind of credit"), max_length=12, choices=CreditKind, blank=True)
    cover = models.DecimalField(
        _("part of the credit that is guaranteed"), max_digits=5, decimal_places=4, null=True, blank=True
    )
    fee = models.DecimalField(_("yearly fee"), max_digits=9, decimal_places=6, null=True, blank=True)
    fee_from = models.PositiveSmallIntegerField(_("fee from the year"), null=True, blank=True)
    conditions = models.TextField(_("Conditions"), blank=True)
    prepared_by = _user(_("prepared by"))
    prepared_at = models.DateTimeField(_("prepared"))
    confirmed_by = _user(_("confirmed by"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    sent_back_by = _user(_("sent back by"), null=True, blank=True)
    sent_back_at = models.DateTimeField(_("sent back"), null=True, blank=True)
    sent_back_because = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("decision on a loan")
        verbose_name_plural = _("decisions on loans")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["review", "round"], condition=Q(sent_back_at=None), name="loandecision_one_in_force"
            ),
            models.CheckConstraint(
                condition=Q(verdict=DecisionVerdict.REJECT) & ~Q(reasons="") & Q(amount=None)
                | Q(
                    verdict=DecisionVerdict.APPROVE,
                    organisation__isnull=False,
                    person__isnull=False,
                    amount__gt=0,
                    months__range=(1, 360),
                    grace__gte=0,
                    grace__lt=F("months"),
                )
                & (
                    Q(product__isnull=False, method__in=Method.values, lender=None, credit=None, cover=None, fee=None)
                    & Q(fee_from=None, credit_kind="")
                    | Q(product=None, method="", new_job=False, lender__isnull=False, credit__gt=0)
                    & Q(cover__gt=0, cover__lte=Decimal("0.8"), fee__gte=0, fee__lt=1, fee_from__gte=1)
                    & Q(credit_kind__in=CreditKind.values, amount__lte=F("credit") * F("cover") + Decimal("0.005"))
                ),
                name="loandecision_whole",
            ),
            models.CheckConstraint(
                condition=(
                    Q(confirmed_by=None, confirmed_at=None)
                    | Q(confirmed_by__isnull=False, confirmed_at__isnull=False) & ~Q(confirmed_by=F("prepared_by"))
                )
                & (
                    Q(sent_back_by=None, sent_back_at=None, sent_back_because="")
                    | Q(sent_back_by__isnull=False, sent_back_at__isnull=False, confirmed_at=None)
                    & ~Q(sent_back_because="")
                ),
                name="loandecision_four_eyes",
                violation_error_message=_("Somebody else has to confirm the decision than who prepared it."),
            ),
        ]
        triggers = [
            never_deleted(),
            frozen(
                "as_prepared",
                [
                    "review",
                    "round",
                    "verdict",
                    "reasons",
                    "product",
                    "amount",
                    "months",
                    "grace",
                    "method",
                    "new_job",
                    "lender",
                    "credit",
                    "credit_kind",
                    "cover",
                    "fee",
                    "fee_from",
                    "conditions",
                    "prepared_by",
                    "prepared_at",
                ],
                when=pgtrigger.Q(),
            ),
            frozen(
                "confirmed_once", ["confirmed_by", "confirmed_at"], when=pgtrigger.Q(old__confirmed_at__isnull=False)
            ),
            frozen(
                "sent_back_once", ["sent_back_by", "sent_back_at"], when=pgtrigger.Q(old__sent_back_at__isnull=False)
            ),
        ]

    def __str__(self):
        return f"{self.review} {self.get_verdict_display()}"


class DecisionSecurity(models.Model):
    """A security that the decision asks for; the loan takes it over."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="securities")
    kind = models.CharField(_("kind"), max_length=12, choices=SecurityKind)
    description = models.CharField(_("description"), max_length=300)
    value = models.DecimalField(_("value (PLN)"), max_digits=14, decimal_places=2, null=True, blank=True)

    class Meta:
        verbose_name = _("security of a decision")
        verbose_name_plural = _("securities of decisions")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=SecurityKind.values) & ~Q(description="") & (Q(value=None) | Q(value__gt=0)),
                name="decisionsecurity_whole",
            )
        ]
        triggers = [append_only()]

    def __str__(self):
        return self.description
