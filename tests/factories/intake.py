"""Applications in every state, made through the services, and the answers that make a form whole."""

import uuid

from centrum.cases.applications import GROUP, PERSON
from centrum.intake import appeals, attachments, completion, kinds, queries, review, services
from centrum.intake.enums import CheckVerdict
from centrum.intake.models import Application
from centrum.kit import transitions
from centrum.staff.enums import Role
from tests.factories import base
from tests.factories.files import upload


def person_pages(**changes):
    """{slug of the page: what is typed there} of a person's application."""
    typed = {
        "potrzeba": {"help_kind": "found", "description": "Chcę założyć spółdzielnię z sąsiadkami."},
        "osoba": {"first_name": "Łucja", "last_name": "Źródlak", "email": "lucja@example.org", "phone": ""},
        "miejsce": {"locality": "Dobiegniew", "postal_code": "66-520", "commune": ""},
    }
    return _changed(typed, changes)


def organisation_pages(**changes):
    typed = {
        "potrzeba": {"help_kind": "jobs", "description": "Prowadzimy stołówkę, chcemy zatrudnić dwie osoby."},
        "organizacja": {
            "name": "Spółdzielnia Socjalna „Żuraw”",
            "pes_type": "spoldzielnia_socjalna",
            "legal_form": "cooperative",
            "nip": base.nip(),
            "krs": base.krs(),
            "enterprise_status": "planned",
        },
        "siedziba": {
            "street": "Leśna",
            "building": "1",
            "flat": "",
            "postal_code": "66-520",
            "locality": "Dobiegniew",
            "commune": "",
        },
        "kontakt": {
            "contact_first_name": "Jan",
            "contact_last_name": "Łąka",
            "contact_role": "prezes",
            "email": "zuraw@example.org",
            "phone": "600 100 200",
        },
    }
    return _changed(typed, changes)


def group_pages(members=None, **changes):
    """`members`: what is typed in the rows of the table, one person unless given."""
    typed = {
        "pomysl": {
            "name": "Dziewczyny z Dobiegniewa",
            "idea": "Chcemy gotować obiady dla szkoły.",
            "planned_pes_type": "social_cooperative",
        },
        "osoby": rows(members or [{"first_name": "Zofia", "last_name": "Wilk", "email": "", "phone": ""}]),
        "miejsce": {"locality": "Dobiegniew", "postal_code": "66-520", "commune": ""},
        "kontakt": {"first_name": "Łucja", "last_name": "Źródlak", "email": "grupa@example.org", "phone": ""},
    }
    return _changed(typed, changes)


def rows(values):
    """A table as the browser sends it."""
    typed = {f"rows-{n}-{name}": text for n, row in enumerate(values) for name, text in row.items()}
    return {"rows-TOTAL_FORMS": str(len(values)), "rows-INITIAL_FORMS": "0", **typed}


def typical(kind):
    """Every page of a kind of support, filled in."""
    return {GROUP: group_pages, PERSON: person_pages}.get(kind, organisation_pages)()


def _changed(typed, changes):
    for name, value in changes.items():
        page = next(page for page in typed.values() if name in page)
        page[name] = value
    return typed


def draft(kind=PERSON, *, pages=None, language="pl"):
    """A draft with every page filled in; `pages` {slug: typed} fills only those."""
    application = services.begin(kind=kind, key=uuid.uuid4(), language=language)
    for slug, typed in (typical(kind) if pages is None else pages).items():
        step = kind.step(slug)
        form = step.make_form(typed, kind.answers_of(application))
        assert form.is_valid(), form.errors
        application = services.save_step(application, step=step, data=form.cleaned_data)
    return application


def submitted(kind=PERSON, **data):
    return services.submit(draft(kind, **data), clauses=queries.current_clauses(), language=data.get("language", "pl"))


def sent(client, begun, pages):
    """The application that a visitor sends who was led to `begun`, by its addresses, with a file for each rule."""
    home = "/".join(begun.split("/")[:3]) + "/"
    for slug, said in pages.items():
        assert client.post(f"{home}{slug}/", said).status_code == 302, slug
    for rule in attachments.missing(Application.objects.get()):
        client.post(f"{home}zalaczniki/", {"rule": rule.code, f"{rule.code}-file": upload(name=f"{rule.code}.pdf")})
    clauses = client.get(f"{home}wyslij/").context["form"].initial["clauses"]
    assert client.post(f"{home}wyslij/", {"clauses": clauses, "read": "on"}).status_code == 302
    return Application.objects.get()


def impartial(application, *users):
    """The same application, in which `users` have declared that nothing ties them to the applicant."""
    for user in users:
        review.declare(application, by=user, conflict=False)
    return application


def checked(application, *, by):
    """The same application, every point of its checklist met."""
    points = kinds.of(application).checklist
    review.save_checklist(application, by=by, answers={point.code: (CheckVerdict.YES, "") for point in points})
    return application


def taken(kind=PERSON, *, by=None, **data):
    by = by or base.user(Role.COORDINATOR)
    return services.take(impartial(submitted(kind, **data), by), by=by, assignee=by)


def asked(application, *, by, fields=("description",), attachments=(), due_on=None):
    """An application in verification whose applicant is asked to complete something."""
    return completion.ask(
        application,
        by=by,
        text="Prosimy o opis pomysłu.",
        fields=fields,
        attachments=attachments,
        due_on=due_on,
    )


def in_state(state, kind=PERSON, *, by=None):
    """An application that came to `state` the usual way, by the hands of `by`, a coordinator of the project."""
    by = by or base.user(Role.COORDINATOR, projects=[base.project()])
    if state == "draft":
        return draft(kind)
    if state == "submitted":
        return submitted(kind)
    if state == "settled":
        return transitions.move(submitted(kind), "settle", by=None)
    application = taken(kind, by=by)
    if state == "completion":
        return asked(application, by=by)
    if state == "reserve":
        return services.reserve(application, by=by, reason="Brak wolnych miejsc.")
    if state == "rejected":
        return services.reject(application, by=by, reason="Poza obszarem.")
    if state == "appeal":
        # by another, so that `by` may decide on the appeal
        other = base.user(Role.COORDINATOR, unit_=by.unit)
        rejected = services.reject(impartial(application, other), by=other, reason="Poza obszarem.")
        return appeals.submit(rejected, text="To jest w obszarze.")
    if state == "withdrawn":
        return services.withdraw(application)
    if state == "accepted":
        choices = {match.name: None for match in kind.matching}
        checked(application, by=by)
        return services.accept(application, by=by, project=base.project(), unit=by.unit, adviser=by, **choices)
    return application
