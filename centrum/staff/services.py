"""What is done with accounts of the staff."""

from django.db import transaction

from centrum.kit import outbox
from centrum.staff import queries
from centrum.staff.enums import Right, UnitKind
from centrum.staff.models import Unit, User
from centrum.staff.permissions import require


@transaction.atomic
def create_account(*, by, email, first_name, last_name, role, unit, job="", projects=()):
    """Add an account without a password and invite its owner by e-mail to set one; `by=None`: a command.

    Raises ValidationError naming the field, e.g. an e-mail that has an account.
    """
    if by is not None:
        require(by, Right.ADMINISTER)
    user = User(email=email, first_name=first_name, last_name=last_name, role=role, unit=unit, job=job)
    user.set_unusable_password()
    user.full_clean(exclude=["password"])
    user.save()
    user.projects.set(projects)
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
def invite(user):
    """Mail the owner of a new account a link to set the password."""
    return _mail(user, "mail/staff/invitation.txt")


@transaction.atomic
def send_password_link(*, email):
    """Mail a link to set a new password to the active account with this address; None when there is none."""
    user = User.objects.filter(email=email.lower(), is_active=True).first()
    return _mail(user, "mail/staff/password.txt") if user else None


def _mail(user, template):
    return outbox.post(to=user.email, template=template, context={"user": user, "link": queries.password_link(user)})
