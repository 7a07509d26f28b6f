"""A person's dossier: everything the house holds on them, in one file (art. 15 GDPR).

Each room tells its own part (`registry.DossierSection`). Of other clients only the role is told; the staff who acted
are named.
"""

import json

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Max, Min
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from centrum.kit import clock, paper, registry
from centrum.kit.dossier import coded, facts, plain
from centrum.kit.models import Disclosure, OutboxMessage
from centrum.kit.polish import datetime_short
from centrum.kit.registry import DossierSection
from centrum.kit.transitions import Refused, noun_of
from centrum.register import queries
from centrum.register.enums import Citizenship, Education
from centrum.register.models import AuditSample, Person, PersonSensitive
from centrum.register.requests import handles
from centrum.staff.enums import Right, Scope
from centrum.staff.models import User
from centrum.staff.permissions import require


@transaction.atomic
def make(person, *, by, reason):
    """Gather the dossier and write down who made it and why. Returns what `as_json` and `as_pdf` take.

    It holds the identifier in full and the sensitive answers, so the authorisation for these is needed, too.
    """
    require(by, Right.HANDLE_REQUESTS)
    if not handles(by) or Scope.SENSITIVE not in by.authorised_scopes:
        raise PermissionDenied(_("A dossier is made by the lead, with an authorisation for sensitive data."))
    if not reason.strip():
        raise Refused({"reason": _("Give a reason.")})
    Disclosure.objects.create(
        what=Disclosure.What.DOSSIER,
        noun=noun_of(person),
        object_id=person.pk,
        reason=reason.strip(),
        by=by,
        at=clock.now(),
    )
    return {
        "person": str(person),
        "made_at": plain(clock.now()),
        "made_by": str(by),
        "sections": registry.dossier(person),
    }


def as_json(dossier):
    """The dossier as UTF-8 text, always the same for the same data."""
    return json.dumps(dossier, ensure_ascii=False, sort_keys=True, indent=2).encode()


def as_pdf(dossier):
    return paper.pdf(
        "dossier.typ",
        {
            "title": _("Dossier of personal data"),
            "subtitle": dossier["person"],
            "made": _("Made on %(when)s by %(who)s.")
            % {"when": datetime_short(clock.now()), "who": dossier["made_by"]},
            "nothing": _("We hold nothing here."),
            "yes": _("yes"),
            "no": _("no"),
            "sections": dossier["sections"],
        },
    )


def emails_of(person):
    """Every address under which the register knew the person, lower case."""
    known = Person.pgh_event_model.objects.filter(pgh_obj_id=person.pk).values_list("email", flat=True)
    return sorted({email.lower() for email in (person.email, *known) if email})


# What the register itself holds


def _data(person):
    """The person's row and those that were merged into it."""
    rows, found = [], [person]
    while found:
        rows += found
        merged = Person.objects.filter(merged_into__in=[row.pk for row in found])
        found = list(merged.select_related("commune", "merged_into").order_by("pk"))
    return [
        facts(row, "citizenship", "education", "merged_into", "identifier_kind")
        | {
            capfirst(str(row._meta.get_field("identifier_kind").verbose_name)): coded(
                row.identifier_kind, row.get_identifier_kind_display()
            ),
            _("Number of the identifier"): plain(queries.identifier_of(row)),
            _("Citizenship"): coded(row.citizenship, dict(Citizenship.choices).get(row.citizenship, "")),
            _("Education"): coded(row.education, dict(Education.choices).get(row.education, "")),
            _("Units that serve them"): sorted(unit.name for unit in row.units.all()),
            _("Merged into another row"): row.merged_into_id is not None,
        }
        for row in rows
    ]


def _sensitive(person):
    return [facts(row) for row in PersonSensitive.objects.filter(person=person)]


def _at_risk(person):
    rows = person.at_risk.select_related("group", "noted_by").order_by("pk")
    return [facts(row, "person", "group") | {_("Group"): coded(row.group.letter, row.group.name)} for row in rows]


def _contacts(person):
    return [facts(row, "person") for row in person.contact_of.select_related("organisation").order_by("pk")]


def _bank_accounts(person):
    rows = person.bank_accounts.select_related("noted_by", "confirmed_by").order_by("pk")
    return [facts(row, "person", "organisation") for row in rows]


def _requests(person):
    return [facts(row, "person") for row in person.data_requests.select_related("handler").order_by("pk")]


def _letters(person):
    """Letters to an address of theirs; the text is in their hands, and it may hold secret links."""
    rows = OutboxMessage.objects.filter(to__in=emails_of(person)).order_by("pk")
    return [facts(row, names=("to", "subject", "about", "created_at", "sent_at")) for row in rows]


def _openings(person):
    rows = Disclosure.objects.filter(noun=noun_of(person), object_id=person.pk).select_related("by").order_by("pk")
    return [
        {
            _("What was opened"): coded(row.what, row.get_what_display()),
            _("By whom"): str(row.by),
            _("When"): plain(row.at),
            _("Reason"): row.reason,
        }
        for row in rows
    ]


def _audits(person):
    rows = AuditSample.objects.filter(people=person).select_related("auditor", "made_by").order_by("pk")
    return [facts(row) for row in rows]


def _history(person):
    """How often the row was changed, by whom, and between which days."""
    events = Person.pgh_event_model.objects.filter(pgh_obj_id=person.pk)
    rows = (
        events.values("pgh_label", "pgh_context__metadata__user")
        .annotate(times=Count("pk"), first=Min("pgh_created_at"), last=Max("pgh_created_at"))
        .order_by("first", "pgh_label")
    )
    rows = list(rows)
    users = User.objects.in_bulk({row["pgh_context__metadata__user"] for row in rows} - {None})
    labels = {"insert": _("added"), "update": _("changed"), "delete": _("deleted")}
    return [
        {
            _("What was done"): coded(row["pgh_label"], labels[row["pgh_label"]]),
            _("By whom"): str(users.get(row["pgh_context__metadata__user"]) or _("a form, a command or the database")),
            _("How many times"): row["times"],
            _("First"): plain(row["first"]),
            _("Last"): plain(row["last"]),
        }
        for row in rows
    ]


SECTIONS = (
    DossierSection(gettext_lazy("Data in the register"), 10, _data, ("register.Person", "register.Person_units")),
    DossierSection(gettext_lazy("Sensitive answers"), 11, _sensitive, ("register.PersonSensitive",)),
    DossierSection(gettext_lazy("At-risk groups"), 12, _at_risk, ("register.AtRisk",)),
    DossierSection(gettext_lazy("Organisations they speak for or belong to"), 13, _contacts, ("register.Contact",)),
    DossierSection(gettext_lazy("Bank accounts"), 14, _bank_accounts, ("register.BankAccount",)),
    DossierSection(gettext_lazy("Requests about their data"), 70, _requests, ("register.DataRequest",)),
    DossierSection(gettext_lazy("Letters sent to them"), 80, _letters),
    DossierSection(gettext_lazy("Who opened their protected data"), 81, _openings),
    DossierSection(
        gettext_lazy("Audits in whose sample they are"),
        82,
        _audits,
        ("register.AuditSample", "register.AuditSample_people"),
    ),
    DossierSection(gettext_lazy("History of their row in the register"), 90, _history),
)
