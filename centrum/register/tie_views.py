"""Links, contacts and bank accounts: panels on the pages of organisations and people, and their forms."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from centrum.kit.clock import today
from centrum.kit.identifiers import format_iban
from centrum.kit.search import is_searchable
from centrum.kit.transitions import Refused
from centrum.register import queries, ties
from centrum.register.enterprise_views import form_page
from centrum.register.models import Organisation, Person
from centrum.register.tie_forms import AccountForm, ConfirmForm, ContactForm, EndForm, LinkForm
from centrum.staff.enums import Right
from centrum.staff.permissions import requires

write = require_http_methods(["GET", "HEAD", "POST"])
FOUND = 20


# Links between undertakings


@write
@requires(Right.EDIT_CLIENTS)
def link_new(request, public_id):
    organisation = _organisation(request, public_id)
    seen = queries.visible_organisations(request.user).exclude(pk=organisation.pk)
    search = search_of(request, seen, queries.matching_organisations, _("Which is the other organisation?"))
    search["hint"], search["add"] = _("Part of the name, NIP, REGON or KRS"), reverse("register:organisation-new")
    form = LinkForm(request.POST or None, rows=seen, found=search["found"])

    def save(*, other, direction, **fields):
        holder, held = (organisation, other) if direction == "down" else (other, organisation)
        ties.link(holder, by=request.user, other=held, **fields)

    return _page_of(
        request,
        organisation,
        form,
        save,
        title=_("Link to another undertaking"),
        done=_("The link is noted."),
        search=search,
    )


@write
@requires(Right.EDIT_CLIENTS)
def link_end(request, public_id, pk):
    organisation = _organisation(request, public_id)
    link = get_object_or_404(ties.links_of(organisation), pk=pk)
    title = _("End the link %(link)s") % {"link": link}
    return _end_page(request, organisation, link, ties.end_link, title=title)


def links_panel(user, organisation):
    """Links of the organisation and with whom it is one undertaking; of other units' only how many there are."""
    if not user.has_right(Right.VIEW_CLIENTS):
        return None
    links = list(ties.links_of(organisation))
    one = ties.linked(organisation) - {organisation} if links else set()
    ids = [row.pk for row in one] + [link.organisation_id for link in links] + [link.other_id for link in links]
    seen = set(queries.visible_organisations(user).filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()
    shown = []
    for link in links:
        link.holds = link.organisation_id == organisation.pk
        link.to = link.other if link.holds else link.organisation
        link.now = _is_now(link)
        if link.to.pk in seen:
            shown.append(link)
    return {
        "organisation": organisation,
        "links": shown,
        "hidden": len(links) - len(shown),
        "one": sorted((row for row in one if row.pk in seen), key=lambda row: row.name),
        "one_hidden": sum(row.pk not in seen for row in one),
        "may_edit": user.has_right(Right.EDIT_CLIENTS),
    }


# Contacts


@write
@requires(Right.EDIT_CLIENTS)
def contact_new(request, public_id):
    organisation = _organisation(request, public_id)
    seen = queries.visible_people(request.user)
    search = search_of(request, seen, queries.matching_people, _("Who speaks for the organisation?"))
    search["hint"], search["add"] = _("Part of the name, phone or e-mail"), reverse("register:person-new")
    initial = {"valid_from": today(), "main": ties.main_contact(organisation) is None}
    form = ContactForm(request.POST or None, rows=seen, found=search["found"], initial=initial)
    return _page_of(
        request,
        organisation,
        form,
        lambda **fields: ties.add_contact(organisation, by=request.user, **fields),
        title=_("Add a contact"),
        done=_("The contact is added."),
        search=search,
    )


@require_POST
@requires(Right.EDIT_CLIENTS)
def contact_main(request, public_id, pk):
    organisation = _organisation(request, public_id)
    contact = get_object_or_404(organisation.contacts, pk=pk)
    try:
        ties.make_main(contact, by=request.user)
    except Refused as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("Letters go to %(person)s now.") % {"person": contact.person})
    return redirect(_page(organisation))


@write
@requires(Right.EDIT_CLIENTS)
def contact_end(request, public_id, pk):
    organisation = _organisation(request, public_id)
    contact = get_object_or_404(organisation.contacts, pk=pk)
    title = _("End the contact %(contact)s") % {"contact": contact}
    return _end_page(request, organisation, contact, ties.end_contact, title=title)


def contacts_panel(user, organisation):
    """Contacts of the organisation; ways to reach them only of people whom the user sees."""
    if not user.has_right(Right.VIEW_CLIENTS):
        return None
    contacts = list(ties.contacts_of(organisation))
    ids = [contact.person_id for contact in contacts]
    seen = set(queries.visible_people(user).filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()
    for contact in contacts:
        contact.now, contact.seen = _is_now(contact), contact.person_id in seen
    return {
        "organisation": organisation,
        "contacts": [contact for contact in contacts if contact.now],
        "others": [contact for contact in contacts if not contact.now],
        "may_edit": user.has_right(Right.EDIT_CLIENTS),
    }


# Bank accounts


@write
@requires(Right.EDIT_CLIENTS)
def organisation_account_new(request, public_id):
    return _account_new(request, _organisation(request, public_id))


@write
@requires(Right.EDIT_CLIENTS)
def person_account_new(request, public_id):
    return _account_new(request, get_object_or_404(queries.visible_people(request.user), public_id=public_id))


def _account_new(request, owner):
    return _page_of(
        request,
        owner,
        AccountForm(request.POST or None, initial={"valid_from": today()}),
        lambda **fields: ties.add_account(owner, by=request.user, **fields),
        title=_("Add a bank account"),
        done=_("The account is noted; it waits for another person to confirm it."),
    )


@write
@requires(Right.DECIDE)
def account_confirm(request, pk):
    account = get_object_or_404(ties.visible_accounts(request.user), pk=pk)
    owner = account.organisation or account.person
    return _page_of(
        request,
        owner,
        ConfirmForm(request.POST or None),
        lambda compared: ties.confirm_account(account, by=request.user),
        title=_("Confirm the bank account"),
        done=_("The account is confirmed."),
        button=_("The number agrees with the proof"),
        account=account,
        iban=format_iban(account.iban),
    )


@write
@requires(Right.EDIT_CLIENTS)
def account_end(request, pk):
    account = get_object_or_404(ties.visible_accounts(request.user), pk=pk)
    title = _("End the account %(number)s") % {"number": format_iban(account.iban)}
    return _end_page(request, account.organisation or account.person, account, ties.end_account, title=title)


def accounts_panel(user, owner):
    """Accounts of an organisation or a person; numbers in full only for who may see them."""
    if not user.has_right(Right.VIEW_CLIENTS):
        return None
    accounts = list(ties.accounts_of(owner))
    for account in accounts:
        account.shown, account.now = ties.shown_iban(user, account), _is_now(account)
        account.may_confirm = user.has_right(Right.DECIDE) and account.noted_by_id != user.pk
    new = "register:organisation-account-new" if isinstance(owner, Organisation) else "register:person-account-new"
    return {
        "accounts": [account for account in accounts if account.now],
        "others": [account for account in accounts if not account.now],
        "may_edit": user.has_right(Right.EDIT_CLIENTS),
        "new": reverse(new, args=[owner.public_id]),
    }


def _is_now(row):
    return row.valid_from <= today() and (row.valid_to is None or row.valid_to > today())


def search_of(request, rows, matching, title):
    """What `?q=` finds among `rows`: {title, q, found, more, short}."""
    text = " ".join(request.GET.get("q", "")[:200].split())
    found, more = [], False
    if is_searchable(text):
        matches, _count, _partial = matching(rows, text)
        found = list(matches.order_by("sort", "pk")[: FOUND + 1])
        found, more = found[:FOUND], len(found) > FOUND
    return {"title": title, "q": text, "found": found, "more": more, "short": text and not is_searchable(text)}


def _end_page(request, owner, row, end, *, title):
    if row.valid_to is not None:
        raise Http404
    return _page_of(
        request,
        owner,
        EndForm(request.POST or None, initial={"valid_to": today()}),
        lambda **fields: end(row, by=request.user, **fields),
        title=title,
        done=_("The end is noted."),
    )


def _page_of(request, owner, form, save, **words):
    back = _page(owner)
    kinds = (_("People"), "register:people"), (_("Organisations"), "register:organisations")
    label, name = kinds[isinstance(owner, Organisation)]
    crumbs = [(label, reverse(name)), (str(owner), back)]
    return form_page(request, form, save, back=back, crumbs=crumbs, **words)


def _page(owner):
    kind = "person" if isinstance(owner, Person) else "organisation"
    return reverse(f"register:{kind}", args=[owner.public_id])


def _organisation(request, public_id):
    return get_object_or_404(queries.visible_organisations(request.user), public_id=public_id)
