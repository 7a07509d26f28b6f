"""Applications for guarantees: the pages of a form, a draft, one that is taken up."""

from decimal import Decimal

from centrum.intake import attachments
from loans.guarantees.applying import GUARANTEE
from tests.factories import guarantees, intake
from tests.factories import loans as make
from tests.factories.files import upload

D = Decimal


def applied(*, by, amount=20_000, cover="0.8", **answers):
    """An application in verification in the hands of `by`, for a guarantee of `amount`."""
    cover = D(cover)
    values = {
        "credit": D(amount) / cover,
        "credit_kind": "working",
        "cover": cover,
        "months": 36,
        "grace": 0,
        "bank_security": "Weksel i przelew wierzytelności.",
        "linked": "no",
        "lender": answers.get("lender") or guarantees.lender(),
    }
    return make.taken(GUARANTEE, make.applicant() | values | answers, by=by)


def pages(*, lender=None, debts=None, aid=None, **changes):
    """{slug of the page: what is typed there} of an application for 80 % of 25 000 PLN; rows of tables as dicts."""
    lender = lender or guarantees.lender()
    typed = {
        "kredyt": {
            "lender": str(lender.pk),
            "credit_kind": "working",
            "credit": "25 000",
            "months": "36",
            "grace": "6",
            "cover": "80",
        },
        "cel": {"purpose": "Zakup surowców na sezon."},
        **make.organisation_pages(),
        "powiazania": {"linked": "no", "linked_with": ""},
        **make.money_pages(debts),
        "zabezpieczenie": {"bank_security": "", "security": "Weksel in blanco."},
        **make.declarations(aid),
    }
    return make.typed_in({step.slug: typed[step.slug] for step in GUARANTEE.steps}, changes)


def draft(**changes):
    """A draft with every page filled in and every file that its answers need."""
    made = intake.draft(GUARANTEE, pages=pages(**changes))
    for rule in attachments.missing(made):
        made = attachments.add(made, rule=rule, uploads=[upload(name=f"{rule.code}.pdf")])
    return made
