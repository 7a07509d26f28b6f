"""Letters to applicants: texts that the staff edit, with {placeholders}, in the language of the application.

A draft shows LINK where the secret link will stand; the link is made when the letter goes, so nobody of the staff
reads it. The texts to begin with are `data/letters/CODE.LANGUAGE.txt` (first line: subject).
"""

import datetime
import re
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from centrum.intake import kinds, links
from centrum.intake.enums import LinkPurpose
from centrum.intake.models import LetterTemplate
from centrum.kit import clock, outbox, parameters
from centrum.kit.polish import date_long
from centrum.kit.transitions import Refused
from centrum.staff.enums import Right
from centrum.staff.permissions import require

FOLDER = Path(__file__).resolve().parent / "data" / "letters"
LINK = "[link]"
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True)
class Letter:
    """A letter as it will go out, but for its link; `code`: the template it was made from."""

    subject: str
    body: str
    code: str = ""


@dataclass(frozen=True)
class LetterKind:
    """What a letter is for. `own`: placeholders besides those of every letter; `link`: what its link opens; `must`:
    the placeholder without which it would be useless, where the reader has to act by it.

    An upper room registers its own (`register`), with the `folder` of the texts to begin with and a `group` of the
    list in which they stand.
    """

    code: str
    label: str
    own: tuple = ()
    link: str = LinkPurpose.STATUS
    numbered: bool = True  # about an application that has been sent
    folder: Path = FOLDER
    must: str = ""
    group: str = gettext_lazy("Applications")
    languages: tuple = ("pl", "en")


KINDS = {
    kind.code: kind
    for kind in (
        LetterKind("received", gettext_lazy("An application has come"), ("answer_by",)),
        LetterKind(
            "completion", gettext_lazy("Request for completion"), ("text", "due"), LinkPurpose.RESUME, must="link"
        ),
        LetterKind("completed", gettext_lazy("A completed application has come")),
        LetterKind("reserved", gettext_lazy("On the reserve list"), ("text",)),
        LetterKind("accepted", gettext_lazy("Accepted"), ("adviser", "answer_days")),
        LetterKind("rejected", gettext_lazy("Rejected"), ("text", "appeal_until")),
        LetterKind("appealed", gettext_lazy("An appeal has come")),
        LetterKind("upheld", gettext_lazy("Appeal upheld"), ("text",)),
        LetterKind("dismissed", gettext_lazy("Appeal dismissed"), ("text",)),
        LetterKind("withdrawn", gettext_lazy("Application withdrawn")),
        LetterKind(
            "resume", gettext_lazy("Link to a draft"), ("until",), LinkPurpose.RESUME, numbered=False, must="link"
        ),
        LetterKind(
            "links",
            gettext_lazy("Links to all applications of an address"),
            ("links", "until"),
            "",
            numbered=False,
            must="links",
        ),
    )
}

# placeholder → (what it stands for, a sample)
PLACEHOLDERS = {
    "number": (gettext_lazy("number of the application"), "WS/2026/0042"),
    "applicant": (gettext_lazy("who applies"), "Spółdzielnia Socjalna „Żuraw”"),
    "kind": (gettext_lazy("title of the form"), gettext_lazy("Application for support")),
    "link": (gettext_lazy("secret link, filled in when the letter goes"), LINK),
    "until": (gettext_lazy("last day of the link"), datetime.date(2026, 12, 3)),
    "contact": (gettext_lazy("name, address, phone and e-mail of the Centre"), ""),
    "text": (
        gettext_lazy("what is written for this letter: the reason, what to complete, what has changed"),
        gettext_lazy("(the reason)"),
    ),
    "due": (gettext_lazy("last day for the completion"), datetime.date(2026, 12, 3)),
    "answer_by": (gettext_lazy("day by which the Centre answers"), datetime.date(2026, 12, 3)),
    "answer_days": (gettext_lazy("within how many days the Centre answers"), "14"),
    "appeal_until": (gettext_lazy("last day for an appeal"), datetime.date(2026, 12, 3)),
    "adviser": (gettext_lazy("key adviser"), "Anna Lis"),
    "links": (gettext_lazy("titles, numbers and secret links of the applications"), LINK),
}


def register(*kinds_, placeholders):
    """Add letters of an upper room; `placeholders`: {name: (what it stands for, a sample)} of theirs."""
    KINDS.update({kind.code: kind for kind in kinds_})
    PLACEHOLDERS.update(placeholders)


def placeholders(code):
    """Names of the placeholders that the letter may hold."""
    kind = KINDS[code]
    common = ("number", "applicant", "kind", "link", "until", "contact") if kind.numbered else ("contact",)
    return (*common, *(("link",) if kind.link and not kind.numbered else ()), *kind.own)


# What goes out


def draft(code, application, **values):
    """The letter about `application` in its language; days among `values` may be dates.

    To be given: `text` (completion, reserved, rejected, upheld, dismissed), `due` (completion), `adviser` (accepted).
    Raises KeyError when the template names a placeholder that has no value.
    """
    kind = KINDS[code]
    with translation.override(application.language):
        given = {
            "number": application.number,
            "applicant": application.applicant,
            "kind": kinds.of(application).title,
            "link": LINK,
            "until": links.until(kind.link),
            **{name: count(application) for name, count in _COUNTED.items() if name in kind.own},
            **values,
        }
        return compose(code, application.language, given)


def compose(code, language, values):
    """The letter with `values` in it. A value is never read as a template again."""
    template = LetterTemplate.objects.get(code=code, language=language)
    return _fill(Letter(template.subject, template.body, code), language, values)


def send(application, letter):
    """Put the letter into the outbox, with its secret link; needs the transaction of what it tells of."""
    body = letter.body
    if LINK in body:
        body = body.replace(LINK, links.make(application, KINDS[letter.code].link))
    return outbox.write(to=application.email, subject=letter.subject, body=body, about=application.number or "")


def _fill(letter, language, values):
    with translation.override(language):
        words = {name: _in_words(value) for name, value in {"contact": contact(), **values}.items()}
        subject, body = (_PLACEHOLDER.sub(lambda m: words[m[1]], text) for text in (letter.subject, letter.body))
    return Letter(" ".join(subject.split())[:200], body, letter.code)


def _in_words(value):
    return date_long(value) if isinstance(value, datetime.date) else str(value)


def contact():
    """The lines at the foot of a letter, in the language of the moment."""
    known = settings.CONTACT
    phone = f"{_('Phone')}: {known['phone']}" if known["phone"] else ""
    email = f"{_('E-mail')}: {known['email']}" if known["email"] else ""
    return "\n".join(filter(None, [known["name"], known["address"], phone, email]))


# What is edited


def check(code, text):
    """Raise ValidationError unless every brace of `text` belongs to a placeholder that the letter may hold."""
    unknown = sorted({name for name in _PLACEHOLDER.findall(text) if name not in placeholders(code)})
    if unknown:
        names = ", ".join(f"{{{name}}}" for name in unknown)
        raise ValidationError(_("This letter does not know: %(names)s. Choose from the list.") % {"names": names})
    if re.search(r"[{}]", _PLACEHOLDER.sub("", text)):
        raise ValidationError(_("A brace stands alone. Write placeholders as in the list, for example {contact}."))


def templates():
    """Every template, in the order of KINDS, Polish first."""
    order = list(KINDS)
    rows = LetterTemplate.objects.filter(code__in=order)
    return sorted(rows, key=lambda row: (order.index(row.code), row.language != "pl"))


def check_whole(code, *, subject, body):
    """Raise Refused, naming the field, unless the letter may be kept with this text."""
    for name, text in (("subject", subject), ("body", body)):
        try:
            check(code, text)
        except ValidationError as error:
            raise Refused({name: error.messages}) from error
    if "{link" in subject:
        raise Refused({"subject": _("A link has no place in the subject.")})
    must = KINDS[code].must
    if must and f"{{{must}}}" not in body:
        raise Refused({"body": _("Keep {%(name)s}: the reader acts by it.") % {"name": must}})


@transaction.atomic
def save(template, *, by, subject, body):
    """Change the text of a letter. Raises PermissionDenied, and Refused naming the field."""
    require(by, Right.KEEP_LETTERS)
    check_whole(template.code, subject=subject, body=body)
    row = LetterTemplate.objects.select_for_update().get(pk=template.pk)
    row.subject, row.body = subject.strip(), body.strip()
    row.save(update_fields=["subject", "body"])
    return row


def default(code, language):
    """The text with which the house began."""
    subject, _sep, body = (KINDS[code].folder / f"{code}.{language}.txt").read_text(encoding="utf-8").partition("\n")
    return Letter(subject.strip(), body.strip(), code)


@transaction.atomic
def restore(template, *, by):
    """Bring the text with which the house began back."""
    first = default(template.code, template.language)
    return save(template, by=by, subject=first.subject, body=first.body)


def preview(template, *, subject, body):
    """The letter with sample values; the text is one that `check_whole` lets through."""
    with translation.override(template.language):
        samples = {name: sample for name, (_label, sample) in PLACEHOLDERS.items() if name != "contact"}
        return _fill(Letter(subject, body, template.code), template.language, samples)


def answer_by(application):
    """The day by which the office promises to answer."""
    return clock.local(application.submitted_at).date() + datetime.timedelta(days=settings.ANSWER_DAYS)


def _appeal_until(_application):
    return clock.today() + datetime.timedelta(days=parameters.whole("appeal-days"))  # for a decision of today


_COUNTED = {
    "answer_by": answer_by,
    "answer_days": lambda _application: settings.ANSWER_DAYS,
    "appeal_until": _appeal_until,
}
