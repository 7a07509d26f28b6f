"""Certificates of de minimis aid (zaświadczenie o pomocy de minimis): a PDF with the entry, numbered, never changed.

Fields as the Council of Ministers' regulation on certificates lays down (annex 1, Dz.U. 2024 poz. 1546): day of issue,
who grants, who gets it, day of granting, value in PLN and EUR, legal basis, that it is de minimis, the Commission
regulation. Always in Polish; the text is edited by the staff. Whoever calls holds the entry.
"""

import re

from django.conf import settings
from django.core.files.base import ContentFile
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from centrum.intake import letters
from centrum.intake.letters import LetterKind
from centrum.kit import clock, files, numbering, paper
from centrum.kit.identifiers import format_nip
from centrum.kit.polish import eur, money, number
from loans import papers
from loans.models import AidCertificate

SERIES = "ZDM"
TEXT = "aid_certificate"
_PLACEHOLDERS = {
    "certificate_number": (gettext_lazy("number of the certificate"), "ZDM/2026/0001"),
    "issued_on": (gettext_lazy("day on which it is issued"), "3 grudnia 2026"),
    "grantor": (gettext_lazy("who grants the aid, with its NIP and address"), "Stowarzyszenie …, NIP 599…"),
    "beneficiary": (gettext_lazy("who gets the aid, with its NIP and seat"), "Spółdzielnia Socjalna „Żuraw”, NIP 599…"),
    "granted_on": (gettext_lazy("day on which the aid was granted"), "3 grudnia 2026"),
    "pln": (gettext_lazy("gross value in PLN"), "12 519,23 zł"),
    "eur": (gettext_lazy("gross value in EUR"), "2 945,70 EUR"),
    "eur_rate": (gettext_lazy("rate of the euro and its table"), "4,2500 zł, tabela nr 225/A/NBP/2026"),
    "legal_basis": (gettext_lazy("legal basis of the aid"), "umowa pożyczki nr PZ/2026/0001"),
    "regulation": (gettext_lazy("Commission regulation"), "rozporządzenie Komisji (UE) 2023/2831"),
    "of_what": (gettext_lazy("what gives the aid"), "pożyczka PZ/2026/0001"),
}


def register_texts():
    """The text stands among the letters that the staff edit, in Polish alone."""
    words = {"link": "", "numbered": False, "folder": papers.FOLDER, "group": gettext_lazy("De minimis aid")}
    letters.register(
        LetterKind(
            TEXT,
            gettext_lazy("Certificate of de minimis aid"),
            tuple(_PLACEHOLDERS),
            must="eur",
            languages=("pl",),
            **words,
        ),
        placeholders=_PLACEHOLDERS,
    )


def issue(grant, *, by):
    """Make and keep the certificate of an entry, dated today."""
    today, no = clock.today(), numbering.next_number(SERIES)
    with translation.override("pl"):
        made = letters.compose(TEXT, "pl", _values(grant, no, today))
        data = paper.pdf(
            "loan_agreement.typ",
            {
                "title": made.subject,
                "parts": papers.parts(made.body),
                "schedules": [],
                "signatures": [_("for who grants the aid")],
            },
        )
        name = f"{_('certificate')} {no.replace('/', '-')}.pdf"
    return AidCertificate.objects.create(
        grant=grant,
        number=no,
        issued_on=today,
        file=files.store(ContentFile(data, name=name), by=by),
        by=by,
        at=clock.now(),
    )


def invalidate(grant, *, because):
    """Say that the certificate of an entry does not hold any more. The paper stays."""
    row = AidCertificate.objects.filter(grant=grant, invalid_on=None).first()
    if row:
        row.invalid_on, row.invalid_because = clock.today(), " ".join(because.split())[:300]
        row.save(update_fields=["invalid_on", "invalid_because"])
    return row


def _values(grant, no, today):
    body, contact = grant.organisation, settings.CONTACT
    own_nip = f"NIP {format_nip(contact['nip'])}" if contact.get("nip") else ""
    rate = grant.eur_rate
    return {
        "certificate_number": no,
        "issued_on": today,
        "grantor": _line(contact["name"], own_nip, contact["address"]),
        "beneficiary": _line(body.name, f"NIP {format_nip(body.nip)}" if body.nip else "", *body.address_lines),
        "granted_on": grant.granted_on,
        "pln": money(grant.pln),
        "eur": eur(grant.eur),
        "eur_rate": _("%(rate)s zł, table no. %(table)s") % {"rate": number(rate.rate, places=4), "table": rate.table},
        "legal_basis": grant.kind.legal_basis,
        "regulation": grant.kind.regulation,
        "of_what": of_what(grant),
    }


def of_what(grant):
    """What gives the aid, in words with its number."""
    named = grant.guarantee or grant.loan
    words = grant.get_instrument_display()
    if grant.annex_id:
        said = {"kind": words, "number": named.number, "annex": grant.annex.number}
        return _("%(kind)s %(number)s, annex %(annex)d") % said
    return f"{words} {named.number}" if named else f"{words}: {grant.reference}"


def _line(*parts):
    return re.sub(r"\s+", " ", ", ".join(filter(None, parts)))
