"""Certificates as PDF, always in Polish: one, or those of an event in one file, a page each."""

import io

import segno
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from centrum.kit import outbox, paper
from centrum.kit.polish import date_long, date_span, nbsp_words, number
from trainings import certificates
from trainings.enums import HourMinutes, Outcome, VersionKind

CONTENTS = 900  # characters of the contents that a page holds


def pdf(*rows):
    """The PDF of the versions in force of these certificates."""
    with translation.override("pl"):
        pages = [_page(row, certificates.last(row)) for row in rows]
        title = _("Certificate %(number)s") % {"number": rows[0].number} if len(rows) == 1 else _("Certificates")
        return paper.pdf("certificate.typ", {"title": title, "pages": pages})


def _page(certificate, version):
    address = outbox.link("events:certificate", certificate.code)
    picture = io.BytesIO()
    segno.make(address, error="m").save(picture, kind="svg", border=2)
    return {
        "heading": _("Certificate"),
        "number": _("No. %(number)s") % {"number": certificate.number},
        "who_says": _("It is certified that"),
        "person": f"{version.first_name} {version.last_name}",
        "took_part": nbsp_words(_("took part in: %(form)s") % {"form": version.get_form_display()}),
        "title": nbsp_words(f"„{version.title}”"),
        "facts": [{"label": label, "value": nbsp_words(value)} for label, value in _facts(version) if value],
        "contents_label": _("Contents"),
        "contents": nbsp_words(_short(version.contents)),
        "issued": nbsp_words(
            _("%(place)s, %(day)s") % {"place": version.issue_place, "day": date_long(certificate.issued_on)}
        ),
        "issuer": version.issuer,
        "signature": _("signature for the issuer"),
        "version": _version(version),
        "picture": picture.getvalue().decode(),
        "alt": _("QR code with the address that confirms this certificate"),
        "check": nbsp_words(_("Whether this certificate is valid can be checked at:")),
        "address": address,
        "code": _("code: %(code)s") % {"code": certificates.grouped(certificate.code)},
    }


def _facts(version):
    return [
        (_("When"), date_span(version.first_day, version.last_day)),
        (_("Length"), hours(version)),
        (_("Place"), version.place),
        (_("Led by"), version.trainers),
        (outcome(version), version.outcome_name),
        (_("EU project"), f"{version.project_number} {version.project_title}".strip()),
    ]


def outcome(version):
    """What the event gives, as the label of its name."""
    return _("Qualification") if version.outcome == Outcome.QUALIFICATION else _("Competence")


def hours(version):
    """So many hours and how long they are, in words."""
    if version.hour_minutes == HourMinutes.TEACHING:
        words = ngettext(
            "%(number)s teaching hour (45 minutes)", "%(number)s teaching hours (45 minutes)", version.hours
        )
    else:
        words = ngettext("%(number)s hour", "%(number)s hours", version.hours)
    return words % {"number": number(version.hours)}


def _version(version):
    if version.kind == VersionKind.ORIGINAL:
        return ""
    said = {"kind": version.get_kind_display(), "version": version.version, "day": date_long(version.day)}
    return nbsp_words(_("%(kind)s: version %(version)s of %(day)s") % said)


def _short(text):
    """As much of the contents as keeps the certificate on one page, cut after a word."""
    text = " ".join(text.split())
    return text if len(text) <= CONTENTS else text[:CONTENTS].rsplit(" ", 1)[0] + "…"
