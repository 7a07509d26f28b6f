"""Links between undertakings, contacts of organisations, bank accounts.

Queries come first, services after them. Services raise Refused in words for the user, Stale when somebody was
quicker, PermissionDenied; `by=None` stands for a management command, which may all.
"""

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from centrum.kit import clock, saving
from centrum.kit.identifiers import format_iban, mask_iban
from centrum.kit.periods import in_force
from centrum.kit.transitions import Refused, Stale
from centrum.register import queries
from centrum.register.models import BankAccount, Contact, Organisation, UndertakingLink
from centrum.register.services import lock_current
from centrum.staff.enums import Right
from centrum.staff.permissions import require

# Links lead both ways; UNION takes each organisation once, so a circle of links comes to its end.
_COMPONENT = """
    WITH RECURSIVE found(id) AS (
        SELECT %(start)s::bigint
        UNION
        SELECT step.id FROM found CROSS JOIN LATERAL (
            SELECT other_id FROM register_undertakinglink
            WHERE organisation_id = found.id AND valid_from <= %(on)s AND (valid_to IS NULL OR valid_to > %(on)s)
            UNION ALL
            SELECT organisation_id FROM register_undertakinglink
            WHERE other_id = found.id AND valid_from <= %(on)s AND (valid_to IS NULL OR valid_to > %(on)s)
        ) AS step(id)
    )
    SELECT id FROM found
"""


# Links between undertakings


def links_of(organisation):
    """Links in which the organisation stands on either side, the newest first."""
    both = Q(organisation=organisation) | Q(other=organisation)
    return UndertakingLink.objects.filter(both).select_related("organisation", "other").order_by("-valid_from", "-pk")


def linked(organisation, on=None):
    """Set of the organisations that make one undertaking with this one on a day (art. 2(2) of Regulation (EU)
    2023/2831), itself among them: all that links in force join, however far."""
    with connection.cursor() as cursor:
        cursor.execute(_COMPONENT, {"start": organisation.pk, "on": on or clock.today()})
        ids = [row[0] for row in cursor.fetchall()]
    return set(Organisation.objects.filter(pk__in=ids))


@transaction.atomic
def link(organisation, *, by, other, kind, valid_from, source):
    """Note that `organisation` holds `other` so that both are one undertaking, and from where that is known."""
    _may_edit(by)
    for row in sorted((organisation, other), key=lambda row: row.pk):  # in one order: two never wait for each other
        lock_current(row)
    return saving.save(
        UndertakingLink(
            organisation=organisation,
            other=other,
            kind=kind,
            valid_from=valid_from,
            source=source,
            noted_by=by,
            noted_at=clock.now(),
        )
    )


@transaction.atomic
def end_link(link, *, by, valid_to):
    """End a link on the first day without it."""
    return _end(link, by=by, valid_to=valid_to)


# Contacts


def contacts_of(organisation):
    """Contacts in force, the main one first, and after them those of the past and to come."""
    return organisation.contacts.select_related("person").order_by("-main", "-valid_from", "-pk")


def main_contact(organisation, on=None):
    """The contact to whom letters go on a day, today unless given; None when none is named."""
    named = organisation.contacts.filter(in_force(on), main=True).select_related("person")
    return named.order_by("-valid_from", "-pk").first()


@transaction.atomic
def add_contact(organisation, *, by, person, role, valid_from, signs=False, main=False):
    """Add a person in a role; a new main contact takes the place of the one before."""
    _may_edit(by)
    organisation = lock_current(organisation)
    lock_current(person)
    if main:
        _no_main(organisation)
    return saving.save(
        Contact(
            organisation=organisation,
            person=person,
            role=role,
            signs=signs,
            main=main,
            valid_from=valid_from,
        )
    )


@transaction.atomic
def make_main(contact, *, by):
    """Send letters to this contact from now on, and no longer to the one before."""
    row = _lock(contact, by)
    if row.valid_to is not None:
        raise Stale(_("This contact has an end. Choose one that goes on."))
    _no_main(row.organisation)
    row.main = True
    return saving.save(row)


@transaction.atomic
def end_contact(contact, *, by, valid_to):
    """End a contact on the first day without it."""
    return _end(contact, by=by, valid_to=valid_to)


def _no_main(organisation):
    organisation.contacts.filter(main=True, valid_to=None).update(main=False)


# Bank accounts


def visible_accounts(user):
    """Accounts of the organisations and people that the user sees."""
    return BankAccount.objects.filter(
        Q(organisation__in=queries.visible_organisations(user)) | Q(person__in=queries.visible_people(user))
    ).select_related("organisation", "person")


def accounts_of(owner):
    """Accounts of an organisation or a person, the newest first, with who noted and confirmed them."""
    return owner.bank_accounts.select_related("noted_by", "confirmed_by").order_by("-valid_from", "-pk")


def shown_iban(user, account):
    """The number in groups of four: whole for who has the right, else its last four digits."""
    return format_iban(account.iban) if user.has_right(Right.VIEW_ACCOUNTS) else mask_iban(account.iban)


def payable(owner, on=None):
    """Accounts in force on a day that a second person has confirmed: to no other goes money."""
    return owner.bank_accounts.filter(in_force(on), confirmed_at__isnull=False)


@transaction.atomic
def add_account(owner, *, by, iban, valid_from, bank="", proof=""):
    """Note an account of an organisation or a person; it waits for a second person. Another number is another row."""
    _may_edit(by)
    owner = lock_current(owner)
    with connection.cursor() as cursor:  # the same number may be written for two owners at once
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"iban {iban}"])
    return saving.save(
        BankAccount(
            organisation=owner if isinstance(owner, Organisation) else None,
            person=None if isinstance(owner, Organisation) else owner,
            iban=iban,
            bank=bank,
            valid_from=valid_from,
            proof=proof,
            noted_by=by,
            noted_at=clock.now(),
        )
    )


@transaction.atomic
def confirm_account(account, *, by):
    """Say that the number agrees with its proof: somebody with the right to decide, not who noted it."""
    require(by, Right.DECIDE)
    row = BankAccount.objects.select_for_update(of=("self",), no_key=True).get(pk=account.pk)
    if row.confirmed_at:
        raise Stale(_("%(who)s has confirmed this account already.") % {"who": row.confirmed_by})
    if row.valid_to is not None and row.valid_to <= clock.today():
        raise Stale(_("This account has ended, so it is not confirmed any more."))
    if row.noted_by_id == by.pk:
        raise Refused(_("You noted this account yourself, so another person has to confirm it."))
    row.confirmed_by, row.confirmed_at = by, clock.now()
    return saving.save(row)


@transaction.atomic
def end_account(account, *, by, valid_to):
    """End an account on the first day without it."""
    return _end(account, by=by, valid_to=valid_to)


def _may_edit(by):
    if by is not None:
        require(by, Right.EDIT_CLIENTS)


def _lock(row, by):
    """The row, locked after the organisation or person to which it belongs."""
    _may_edit(by)
    lock_current(row.organisation or row.person)
    return type(row)._base_manager.select_for_update(of=("self",), no_key=True).get(pk=row.pk)


def _end(row, *, by, valid_to):
    row = _lock(row, by)
    if row.valid_to is not None:
        raise Stale(_("The end is noted already."))
    row.valid_to = valid_to
    return saving.save(row)
