"""On the way to a decision: declarations of impartiality, the formal checklist, second opinions.

The services raise Refused (in words for the user), Stale and PermissionDenied. Whoever writes holds the lock of the
application's row, so that a declared conflict and a decision never pass each other.
"""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from centrum.intake import kinds, queries
from centrum.intake.enums import OPEN, CheckVerdict, OpinionVerdict
from centrum.intake.kinds import CheckItem
from centrum.intake.models import CheckAnswer, Declaration, Opinion
from centrum.kit import clock
from centrum.kit.transitions import Refused, Stale, what_changed
from centrum.staff.enums import WIDE_ROLES, Right, UnitKind
from centrum.staff.permissions import require

# Impartiality


@transaction.atomic
def declare(application, *, by, conflict, text=""):
    """Declare that nothing ties `by` to the applicant, or a conflict of interest in words.

    Said again, the first declaration stands. A conflict may follow a declaration of impartiality, and bars for good;
    an application in the hands of whoever declares one is nobody's again.
    """
    row = _step_of_staff(application, by)
    known = {made.conflict: made for made in declarations(row).filter(by=by)}
    if conflict in known:
        return known[conflict]
    if True in known:
        raise Refused(barred_text())
    if conflict and not text.strip():
        raise Refused({"text": _("Say in a few words what ties you to the applicant.")})
    if conflict and row.assignee_id == by.pk:
        row.assignee = None
        row.save(update_fields=["assignee"])
    return Declaration.objects.create(
        application=row, by=by, conflict=conflict, text=text.strip() if conflict else "", at=clock.now()
    )


def declarations(application):
    return Declaration.objects.filter(application=application).select_related("by").order_by("at", "id")


def has_conflict(application, user):
    return declarations(application).filter(by=user, conflict=True).exists()


def has_declared(application, user):
    """Whether `user` has declared anything; a conflict is told by `has_conflict`."""
    return declarations(application).filter(by=user).exists()


def must_be_impartial(application, by):
    """Raise Refused when `by` has declared nothing yet in this application, or a conflict of interest."""
    said = set(declarations(application).filter(by=by).values_list("conflict", flat=True))
    if True in said:
        raise Refused(barred_text())
    if not said:
        raise Refused(_("First declare that nothing ties you to the applicant."))


def without_conflict(colleagues, application):
    """Those of `colleagues` (a queryset of users) who have no conflict of interest in the application."""
    return colleagues.exclude(pk__in=declarations(application).filter(conflict=True).order_by().values("by"))


def colleagues(application, user):
    """Staff to whom `user` may hand the application."""
    return without_conflict(queries.assignable(user), application)


def barred_text():
    return _("You have declared a conflict of interest, so you take no step in this application.")


# The formal checklist


@dataclass(frozen=True)
class Point:
    """A point of the checklist with its answer, None while there is none."""

    item: CheckItem
    answer: CheckAnswer | None


def checklist(application):
    """[Point] of the application's kind, in its order."""
    items = kinds.of(application).checklist
    if not items:
        return []
    given = {a.item: a for a in CheckAnswer.objects.filter(application=application).select_related("by")}
    return [Point(item, given.get(item.code)) for item in items]


@transaction.atomic
def save_checklist(application, *, by, answers):
    """Write answers: {code of the point: (verdict, note)}; those that stay the same keep who gave them and when."""
    row = _step_of_staff(application, by)
    must_be_impartial(row, by)
    points = {point.item.code: point.answer for point in checklist(row)}
    for code, (verdict, note) in answers.items():
        note = note.strip()
        if code not in points:
            raise Refused(_("The checklist has changed. Look at it again."))
        if verdict == CheckVerdict.NO and not note:
            raise Refused({f"{code}-note": _("Say what is not met.")})
        answer = points[code] or CheckAnswer(application=row, item=code)
        if answer.pk and (answer.verdict, answer.note) == (verdict, note):
            continue
        answer.verdict, answer.note, answer.by, answer.at = CheckVerdict(verdict), note, by, clock.now()
        answer.save()
    return row


def must_pass_checklist(application):
    """Raise Refused naming the points that are unanswered or not met."""
    points = checklist(application)
    unmet = [str(p.item.text) for p in points if p.answer and p.answer.verdict == CheckVerdict.NO]
    missing = [str(p.item.text) for p in points if not p.answer]
    texts = []
    if unmet:
        texts.append(_("The checklist says “not met”: %(points)s") % {"points": " ".join(unmet)})
    if missing:
        texts.append(_("The checklist has no answer yet: %(points)s") % {"points": " ".join(missing)})
    if texts:
        raise Refused(texts)


# Second opinions


def opinions(application):
    return application.opinions.select_related("of", "asked_by").order_by("id")


def asked_of(user):
    """Questions that wait for `user`'s opinion, in applications that are not decided; the oldest first."""
    return (
        Opinion.objects.filter(of=user, given_at=None, application__in=queries.visible_applications(user))
        .filter(application__state__in=OPEN)
        .select_related("application", "asked_by")
        .order_by("id")
    )


def may_be_asked(application, user):
    """Colleagues of `user` who see the application, have no conflict in it and no question open."""
    serving = Q(unit=application.unit_id) if application.unit_id else Q(unit__kind=UnitKind.LEAD)
    seeing = serving | Q(unit__kind=UnitKind.LEAD, role__in=WIDE_ROLES)
    waiting = opinions(application).filter(given_at=None).order_by().values("of")
    rows = queries.workers().filter(seeing).exclude(pk=user.pk).exclude(pk__in=waiting)
    return without_conflict(rows, application)


@transaction.atomic
def ask_opinion(application, *, by, of, question):
    """Ask a colleague for an opinion. Raises Refused when `of` may not be asked."""
    row = _step_of_staff(application, by)
    must_be_impartial(row, by)
    if not question.strip():
        raise Refused({"question": _("Write what you want to know.")})
    if not (of.has_right(Right.EDIT_CLIENTS) and may_be_asked(row, by).filter(pk=of.pk).exists()):
        raise Refused({"of": _("This person can't be asked: they do not see the application or were asked already.")})
    return Opinion.objects.create(application=row, asked_by=by, of=of, question=question.strip(), asked_at=clock.now())


@transaction.atomic
def give_opinion(opinion, *, by, verdict, text):
    """Give the opinion asked of `by`, once and for good. Raises Stale when it is given or the application decided."""
    row = _step_of_staff(opinion.application, by)
    opinion = Opinion.objects.get(pk=opinion.pk)
    if opinion.of_id != by.pk:
        raise Refused(_("This opinion was asked of somebody else."))
    if opinion.given_at:
        raise Stale(_("You have given this opinion already."))
    must_be_impartial(row, by)
    if not text.strip():
        raise Refused({"text": _("Give reasons.")})
    opinion.verdict, opinion.text, opinion.given_at = OpinionVerdict(verdict), text.strip(), clock.now()
    opinion.save(update_fields=["verdict", "text", "given_at"])
    return opinion


def _step_of_staff(application, by):
    """The locked row, on which `by` may work and nothing is decided."""
    require(by, Right.EDIT_CLIENTS)
    row = queries.locked(application)
    if row.state not in OPEN:
        raise Stale(what_changed(row))
    return row
