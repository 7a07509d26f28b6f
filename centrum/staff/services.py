"""What is done with accounts of the staff."""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from centrum.kit import clock, outbox
from centrum.kit.numbering import next_number
from centrum.kit.transitions import Refused, Stale
from centrum.staff import queries
from centrum.staff.enums import RIGHTS, PeriodState, Right, UnitKind
from centrum.staff.models import Authorisation, Delegation, Unit, User
from centrum.staff.permissions import require


@transaction.atomic
def create_account(*, by, email, first_name, last_name, role, unit, job="", projects=(), scopes=()):
    """Add an account without a password and invite its owner by e-mail to set one; `by=None`: a command.

    `scopes`: authorisations issued with it, in force from today. Raises ValidationError naming the field,
    e.g. an e-mail that has an account.
    """
    if by is not None:
        require(by, Right.ADMINISTER)
    user = User(email=email, first_name=first_name, last_name=last_name, role=role, unit=unit, job=job)
    user.set_unusable_password()
    user.full_clean(exclude=["password"])
    user.save()
    user.projects.set(projects)
    for scope in scopes:
        authorise(user, by=by, scope=scope, valid_from=clock.today())
    invite(user)
    return user


@transaction.atomic
def create_lead(*, code, name):
    """Add the unit that leads; there is one, made with the first account."""
    unit = Unit(code=code, name=name, kind=UnitKind.LEAD)
    unit.full_clean()
    unit.save()
    return unit


@transaction.atomic
def authorise(user, *, by, scope, valid_from, valid_to=None):
    """Issue an authorisation to process personal data; `by=None`: a command.

    Raises ValidationError, e.g. when one of this scope is valid in these days already.
    """
    if by is not None:
        require(by, Right.ADMINISTER)
    if valid_to is not None and valid_to <= valid_from:
        raise Refused({"valid_to": _("The last day must not be earlier than the first.")})
    made = Authorisation(
        number=next_number("UP"),
        user=user,
        scope=scope,
        valid_from=valid_from,
        valid_to=valid_to,
        issued_by=by,
        issued_at=clock.now(),
    )
    made.full_clean(exclude=["issued_by"])
    made.save()
    return made


@transaction.atomic
def end_authorisation(authorisation, *, by, on):
    """End an authorisation: `on` is the first day without it, today at the earliest.

    One that has not begun by then is taken back whole. Raises PermissionDenied, Refused.
    """
    require(by, Right.ADMINISTER)
    row = Authorisation.objects.select_for_update(of=("self",)).get(pk=authorisation.pk)
    if row.state == PeriodState.ENDED:
        raise Stale(_("This authorisation has ended already."))
    if on < clock.today():
        raise Refused({"on": _("Choose today or a later day: on earlier days it was in force.")})
    if row.valid_to and on > row.valid_to:
        raise Refused({"on": _("It ends earlier of itself. Issue another one to prolong it.")})
    row.valid_to = max(on, row.valid_from)
    row.save(update_fields=["valid_to"])
    return row


@transaction.atomic
def delegate(*, by, absent, deputy, first_day, last_day, reason=""):
    """Let `deputy` stand in for `absent` from the first to the last day, both included (zastępstwo).

    Everybody sets it for oneself, who has the right (DELEGATE) for others. The deputy keeps the own rights, which
    must cover those of the absent, and sees the clients of the absent. Raises PermissionDenied, Refused, and
    ValidationError when somebody stands in on these days already.
    """
    if by != absent:
        require(by, Right.DELEGATE)
    if last_day < first_day:
        raise Refused({"last_day": _("The last day must not be earlier than the first.")})
    if last_day < clock.today():
        raise Refused({"last_day": _("These days are over.")})
    _refuse_deputy(absent, deputy)
    made = Delegation(
        absent=absent,
        deputy=deputy,
        valid_from=first_day,
        valid_to=last_day + datetime.timedelta(days=1),
        reason=reason.strip(),
        made_by=by,
        made_at=clock.now(),
    )
    made.full_clean()
    made.save()
    return made


@transaction.atomic
def call_off_delegation(delegation, *, by):
    """End standing in at once; who is away may, and who sets it for others. Called off already, it stays so."""
    if by.pk != delegation.absent_id:
        require(by, Right.DELEGATE)
    row = Delegation.objects.select_for_update(of=("self",)).get(pk=delegation.pk)
    if row.state == PeriodState.ENDED:
        raise Stale(_("This is over already."))
    if row.revoked_at is None:
        row.revoked_at = clock.now()
        row.save(update_fields=["revoked_at"])
    return row


def _refuse_deputy(absent, deputy):
    if deputy == absent:
        raise Refused({"deputy": _("Choose somebody else: nobody stands in for themselves.")})
    if not RIGHTS[absent.role] <= RIGHTS[deputy.role]:
        raise Refused(
            {
                "deputy": _("The role of %(deputy)s does not include all that the role of %(absent)s does.")
                % {"deputy": deputy, "absent": absent}
            }
        )
    if not queries.possible_deputies(absent).filter(pk=deputy.pk).exists():
        raise Refused({"deputy": _("Choose somebody whose account is active and who is authorised.")})
    # who has a wider role gets the work only, so they must see its clients themselves
    if deputy.role != absent.role and not _sees_clients_of(deputy, absent):
        raise Refused(
            {
                "deputy": _("%(deputy)s has another role and does not see the clients of %(absent)s.")
                % {"deputy": deputy, "absent": absent}
            }
        )


def _sees_clients_of(deputy, absent):
    units = deputy.sees_all_units or (deputy.unit_id == absent.unit_id and not absent.sees_all_units)
    projects = set(absent.projects.values_list("pk", flat=True))
    return units and projects <= set(deputy.projects.values_list("pk", flat=True))


@transaction.atomic
def invite(user):
    """Mail the owner of a new account a link to set the password."""
    return _mail(user, "mail/staff/invitation.txt")


@transaction.atomic
def invite_again(user, *, by):
    """Mail a new invitation; the link of the one before opens nothing any more.

    Raises Stale where the account has a password by now, or was closed.
    """
    require(by, Right.ADMINISTER)
    account = User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
    if account.has_accepted or not account.is_active:
        raise Stale(_("This account needs no invitation any more."))
    account.set_unusable_password()  # other random letters: what the old link was made of
    account.save(update_fields=["password"])
    return invite(account)


@transaction.atomic
def send_password_link(*, email):
    """Mail a link to set a new password to the active account with this address; None when there is none.

    The same is done for an unknown address, and undone, so that the time of the answer tells nothing.
    """
    user = User.objects.filter(email=email.lower(), is_active=True).first()
    if user is not None:
        return _mail(user, "mail/staff/password.txt")
    with transaction.atomic():
        _mail(User(pk=0, email=email, first_name="–"), "mail/staff/password.txt")
        transaction.set_rollback(True)
    return None


@transaction.atomic
def change_password(user, *, password):
    """Set a new password of an account whose owner has given the old one; its other sessions end."""
    user.set_password(password)
    user.save(update_fields=["password"])
    return user


def _mail(user, template):
    return outbox.post(to=user.email, template=template, context={"user": user, "link": queries.password_link(user)})
