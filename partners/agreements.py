"""The agreements of a partnership: reads, what is done with them, reminders before their end.

Unlike the public facts of a partnership, they are shown to the unit that keeps it.
"""

import datetime
from decimal import Decimal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Case, Exists, F, Max, OuterRef, Q, Subquery, When
from django.utils.translation import gettext as _
from django.utils.translation import override

from centrum.kit import clock, files, numbering, outbox, saving
from centrum.kit.models import OutboxMessage, Parameter, StoredFile
from centrum.kit.periods import in_force
from centrum.kit.polish import date_short, money
from centrum.kit.transitions import Refused, Stale, find, move, what_changed
from centrum.staff.enums import Right
from centrum.staff.queries import unit_scope
from partners import queries
from partners.enums import AGREEMENT_MOVES, AGREEMENT_TAG, PARTNERSHIP_OPEN, AgreementKind, AgreementState
from partners.models import Agreement, AgreementShare, AgreementSignatory, AgreementVersion, Representative
from partners.services import lock_kept

SERIES = "PP"
FIELDS = ("kind", "title", "signed_on", "valid_from", "valid_to")
REMINDER = "agreement-reminder-"  # parameters whose codes begin so: days before the end
_REMINDING = 5_200_411  # key of the lock that one run of reminders holds

# Reads


def may_see(user, partnership):
    """Whether the agreements of a partnership that `user` sees are shown as well: to its own unit."""
    scope = unit_scope(user)
    return user.has_right(Right.VIEW_PARTNERSHIPS) and (scope is None or partnership.unit_id in scope)


def visible_agreements(user):
    """Agreements of partnerships whose agreements `user` may see."""
    scope = unit_scope(user)
    rows = Agreement.objects.filter(partnership__in=queries.visible_partnerships(user))
    rows = rows if scope is None else rows.filter(partnership__unit__in=scope)
    return rows.select_related("partnership__unit", "amends", "signed_file", "created_by").defer("signed_file__data")


def with_ends(rows):
    """`ends`: the first day after the agreement, as its last signed annex has it; None: open."""
    annexes = Agreement.objects.filter(amends=OuterRef("pk"), state=AgreementState.SIGNED)
    last = annexes.order_by("-signed_on", "-pk").values("valid_to")[:1]
    return rows.annotate(ends=Case(When(Exists(annexes), then=Subquery(last)), default=F("valid_to")))


def told(rows, on=None):
    """List of `rows` with `last_day`, `over` and, `ends_soon`, whether a reminder is due before the end."""
    on = on or clock.today()
    soon = max(thresholds(on), default=0)
    found = list(with_ends(rows))
    for row in found:
        row.last_day = row.ends and row.ends - datetime.timedelta(days=1)
        running = row.state == AgreementState.SIGNED and row.amends_id is None and row.ends is not None
        row.over = running and row.ends <= on
        row.ends_soon = running and not row.over and (row.ends - on).days <= soon
    return found


def panel(user, partnership):
    """For the page of a partnership: its agreements as `told`, the newest first; None where they are not shown."""
    if not may_see(user, partnership):
        return None
    rows = told(partnership.agreements.select_related("amends").order_by("-pk"))
    for row in rows:
        row.tag = AGREEMENT_TAG[row.state]
    return rows


def versions_of(agreement):
    rows = agreement.versions.select_related("by", "file").defer("file__data")
    return list(rows.order_by("-number"))


def files_of(agreement):
    """The signed file and those of the versions."""
    return StoredFile.objects.filter(Q(signed_agreement=agreement) | Q(agreement_version__agreement=agreement))


def signatories_of(agreement):
    rows = agreement.signatories.select_related("membership__organisation", "representative__person")
    return list(rows.order_by("membership__organisation__sort", "pk"))


def shares_of(agreement):
    """Shares with `percent` of the total, the greatest first."""
    rows = list(agreement.shares.select_related("membership__organisation").order_by("-amount", "pk"))
    for row, percent in zip(rows, percents([row.amount for row in rows], agreement.total), strict=True):
        row.percent = percent
    return rows


def percents(amounts, total):
    """Per cent of `total` with two places that add up to 100, as the amounts add up to it: what rounding down leaves
    goes to the greatest remainders."""
    exact = [amount * 10_000 / total for amount in amounts]
    made = [int(value) for value in exact]
    order = sorted(range(len(exact)), key=lambda i: made[i] - exact[i])
    for i in order[: (10_000 - sum(made)) if amounts else 0]:
        made[i] += 1
    return [Decimal(value) / 100 for value in made]


def day_of_signing(agreement):
    return agreement.signed_on or clock.today()


def may_sign(agreement):
    """Representatives with power to sign on the day of signing, of members for whom nobody signs yet."""
    day, taken = day_of_signing(agreement), agreement.signatories.values("membership")
    return (
        Representative.objects.filter(
            in_force(day), in_force(day, "membership__"), membership__partnership=agreement.partnership_id, signs=True
        )
        .exclude(membership__in=taken)
        .select_related("membership__organisation", "person")
        .order_by("membership__organisation__sort", "pk")
    )


def may_pay(agreement):
    """Members on the day of signing, and those that have a share already."""
    of = agreement.partnership
    rows = of.memberships.filter(in_force(day_of_signing(agreement)) | Q(pk__in=agreement.shares.values("membership")))
    return list(rows.select_related("organisation").order_by("organisation__sort", "pk"))


def amendable(partnership):
    """Signed agreements of a partnership that an annex may change."""
    return partnership.agreements.filter(state=AgreementState.SIGNED, amends=None).order_by("-pk")


def thresholds(on=None):
    """Days before the end on which reminders are due, the least first."""
    rows = Parameter.objects.filter(in_force(on), code__startswith=REMINDER)
    return sorted(int(value) for value in rows.values_list("value", flat=True))


# What is done


@transaction.atomic
def draft(partnership, *, by, kind, title, amends=None, signed_on=None, valid_from=None, valid_to=None):
    """Write down a new draft under the next number; an annex names the signed agreement that it changes."""
    row = lock_kept(partnership, by)
    if row.state not in PARTNERSHIP_OPEN:
        raise Stale(_("This partnership has ended."))
    if (kind == AgreementKind.ANNEX) != (amends is not None):
        raise Refused({"amends": _("An annex, and nothing else, names the agreement that it changes.")})
    if amends is not None and not amendable(row).filter(pk=amends.pk).exists():
        raise Refused({"amends": _("Choose a signed agreement of this partnership.")})
    made = Agreement(
        partnership=row,
        kind=kind,
        title=title,
        amends=amends,
        signed_on=signed_on,
        valid_from=valid_from,
        valid_to=valid_to,
        created_by=by,
        created_at=clock.now(),
    )
    _check(made)
    made.number = numbering.next_number(SERIES)
    return saving.save(made)


@transaction.atomic
def change(agreement, *, by, **fields):
    """Change some of FIELDS of a draft; an annex stays one."""
    unknown = sorted(set(fields) - set(FIELDS))
    if unknown:
        raise TypeError(f"unknown fields: {', '.join(unknown)}")
    row = _lock_draft(agreement, by)
    for name, value in fields.items():
        setattr(row, name, value)
    if (row.kind == AgreementKind.ANNEX) != (row.amends_id is not None):
        raise Refused({"kind": _("An annex, and nothing else, names the agreement that it changes.")})
    _check(row)
    return saving.save(row)


@transaction.atomic
def add_version(agreement, *, by, text="", file=None, note=""):
    """Keep a version of the text, typed or as an uploaded file; earlier ones stay as they are."""
    row = _lock_draft(agreement, by)
    if not text.strip() and file is None:
        raise Refused(_("Type the text or choose a file."))
    number = (row.versions.aggregate(greatest=Max("number"))["greatest"] or 0) + 1
    stored = _store(file, by, "file") if file else None
    return saving.save(
        AgreementVersion(agreement=row, number=number, text=text, file=stored, note=note, by=by, at=clock.now())
    )


@transaction.atomic
def add_signatory(agreement, *, by, representative):
    """Let somebody sign for a member, who has the power to sign on the day of signing (today while it is unknown)."""
    row = _lock_draft(agreement, by)
    if representative.membership.partnership_id != row.partnership_id:
        raise Refused({"representative": _("Choose a representative of a member of this partnership.")})
    _must_sign(representative, day_of_signing(row), "representative")
    return saving.save(
        AgreementSignatory(agreement=row, membership=representative.membership, representative=representative)
    )


@transaction.atomic
def remove_signatory(signatory, *, by):
    _lock_draft(signatory.agreement, by)
    AgreementSignatory.objects.filter(pk=signatory.pk).delete()


@transaction.atomic
def set_shares(agreement, *, by, total, shares):
    """Write the money anew: `total` (PLN, None: the agreement has none) and {membership: amount}, which add up to it.

    Without shares the total alone is kept; it can't be signed so.
    """
    row = _lock_draft(agreement, by)
    _must_add_up(total, shares)
    wrong = [member for member in shares if member.partnership_id != row.partnership_id]
    if wrong:
        raise Refused(_("%(member)s is no member of this partnership.") % {"member": wrong[0].organisation})
    row.total = total
    saving.save(row)
    row.shares.all().delete()
    for member, amount in shares.items():
        saving.save(AgreementShare(agreement=row, membership=member, amount=amount))
    return row


@transaction.atomic
def step(agreement, action, *, by, reason="", file=None, **changes):
    """Make a move of the table with what it needs: `signed_on` and the signed `file`, or `terminated_on`."""
    lock_kept(agreement.partnership, by)
    row = _locked(agreement)
    if row.state not in find(AGREEMENT_MOVES, action).sources:
        raise Stale(what_changed(row))
    for name in ("signed_on", "terminated_on"):
        if changes.get(name) and changes[name] > clock.today():
            raise Refused({name: _("This day has not come yet.")})
    if action == "sign":
        changes |= _signing(row, by, file, **changes)
    if action == "terminate" and changes.get("terminated_on") and changes["terminated_on"] < row.signed_on:
        raise Refused({"terminated_on": _("An agreement can't be terminated before it was signed.")})
    return move(row, action, by=by, reason=reason, changes=changes)


def _signing(row, by, file, signed_on=None, valid_from=None):
    """What signing sets besides the state, after everything that it asks for holds on the day of signing."""
    if signed_on is None:
        raise Refused({"signed_on": _("Give the day of signing.")})
    if file is None:
        raise Refused({"file": _("Choose the signed file.")})
    if row.valid_to and valid_from and row.valid_to <= valid_from:
        raise Refused({"valid_from": _("The agreement would end before it begins. Check both days.")})
    if row.valid_to and row.valid_to <= signed_on:
        raise Refused({"signed_on": _("The agreement would be over on the day of signing.")})
    if row.amends and row.amends.state != AgreementState.SIGNED:
        raise Refused(_("The agreement that this annex changes is no longer in force."))
    signatories = signatories_of(row)
    if not signatories:
        raise Refused(_("Nobody signs yet: add a signatory first."))
    for signatory in signatories:
        _must_sign(signatory.representative, signed_on, "signed_on")
    if row.total is not None and not row.shares.exists():
        raise Refused(
            _("The agreement has a total of %(total)s and no shares. Write down first who pays what.")
            % {"total": money(row.total)}
        )
    return {"signed_file": _store(file, by, "file")}


def _must_sign(representative, day, field):
    if not queries.may_sign(representative.membership, representative.person, day):
        raise Refused(
            {
                field: _("%(person)s has no power to sign for %(member)s on %(day)s.")
                % {
                    "person": representative.person,
                    "member": representative.membership.organisation,
                    "day": date_short(day),
                }
            }
        )


def _must_add_up(total, shares):
    if not shares:
        return
    if total is None:
        raise Refused({"total": _("Give the total that the shares add up to.")})
    paid = sum(shares.values())
    if paid == total:
        return
    words = {"sum": money(paid), "total": money(total), "difference": money(abs(total - paid))}
    if paid < total:
        raise Refused(_("The shares add up to %(sum)s and the total is %(total)s: %(difference)s are missing.") % words)
    raise Refused(_("The shares add up to %(sum)s and the total is %(total)s: %(difference)s too much.") % words)


def _check(row):
    if row.valid_to and row.valid_from is None:
        raise Refused({"valid_from": _("Give the day on which the agreement begins.")})
    if row.valid_to and row.valid_to <= row.valid_from:
        raise Refused({"valid_to": _("The agreement would end before it begins. Check both days.")})
    if row.signed_on and row.signed_on > clock.today():
        raise Refused({"signed_on": _("This day has not come yet.")})
    if row.signed_on and row.valid_to and row.valid_to <= row.signed_on:
        raise Refused({"signed_on": _("The agreement would be over on the day of signing.")})


def _store(upload, by, field):
    try:
        return files.store(upload, by=by)
    except ValidationError as error:
        raise Refused({field: error.messages}) from error


def _locked(agreement):
    rows = Agreement.objects.select_for_update(of=("self",), no_key=True).select_related("amends")
    return rows.get(pk=agreement.pk)


def _lock_draft(agreement, by):
    lock_kept(agreement.partnership, by)
    row = _locked(agreement)
    if row.state != AgreementState.DRAFT:
        raise Stale(what_changed(row))
    return row


# Reminders


@transaction.atomic
def remind(on=None):
    """Mail coordinators whose agreements end soon, once an agreement, end and threshold; (mailed, nobody to mail).

    What was sent is read in the outbox (`about`), and one run at a time looks there.
    """
    on = on or clock.today()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_REMINDING])
    days = thresholds(on)
    rows = Agreement.objects.filter(state=AgreementState.SIGNED, amends=None, partnership__state__in=PARTNERSHIP_OPEN)
    rows = with_ends(rows).select_related("partnership__coordinator").filter(ends__gt=on)
    last = on + datetime.timedelta(days=max(days, default=0))
    sent = set(OutboxMessage.objects.filter(about__startswith=f"{SERIES}-END/").values_list("about", flat=True))
    mailed = mute = 0
    for agreement in rows.filter(ends__lte=last).order_by("ends", "pk"):
        stage = next(limit for limit in days if (agreement.ends - on).days <= limit)
        about = f"{SERIES}-END/{agreement.pk}/{agreement.ends}/{stage}"
        if about in sent:
            continue
        coordinator = agreement.partnership.coordinator
        if coordinator is None or not coordinator.is_active:
            mute += 1
            continue
        context = {
            "agreement": agreement,
            "last_day": agreement.ends - datetime.timedelta(days=1),
            "link": outbox.link("partners:agreement", agreement.partnership.public_id, agreement.pk),
            "contact": settings.CONTACT,
        }
        with override("pl"):
            outbox.post(to=coordinator.email, template="mail/partners/agreement_ends.txt", context=context, about=about)
        mailed += 1
    return mailed, mute
