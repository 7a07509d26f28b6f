"""Letters to the applicant: in their language, inside the transaction of what they tell of."""

from datetime import timedelta

from django.conf import settings
from django.utils import translation

from centrum.intake import kinds, links
from centrum.kit import clock, outbox
from centrum.kit.models import OutboxMessage
from centrum.kit.polish import date_long

# A stranger may type anybody's address: so many letters with links go there within the span, then silence.
LINK_LETTERS = 3
LINK_SPAN = timedelta(minutes=10)


def answer_by(application):
    """The day by which the office promises to answer."""
    return clock.local(application.submitted_at).date() + timedelta(days=settings.ANSWER_DAYS)


def received(application):
    _post("received", application, answer_by=answer_by(application))


def completed(application):
    _post("completed", application)


def completion(application):
    _post("completion", application, text=application.request)


def reserved(application, reason):
    _post("reserved", application, text=reason)


def rejected(application):
    _post("rejected", application, text=application.decision_reason)


def accepted(application, adviser):
    _post("accepted", application, adviser=adviser, answer_days=settings.ANSWER_DAYS)


def resume_link(application):
    """Post the link by which a draft is taken up again."""
    if not _too_many(application.email):
        _post("resume", application)


def own_links(email, applications, language):
    """Post the list of links to everything begun or sent from an address."""
    if not applications or _too_many(email):
        return
    with translation.override(language):
        outbox.post(
            to=email,
            template="mail/intake/links.txt",
            context={
                "applications": [(a, kinds.of(a), links.resume(a)) for a in applications],
                "until": _until(),
                "contact": settings.CONTACT,
            },
        )


def _post(template, application, **context):
    with translation.override(application.language):
        outbox.post(
            to=application.email,
            template=f"mail/intake/{template}.txt",
            context={
                "application": application,
                "kind": kinds.of(application),
                "link": links.resume(application),
                "until": _until(),
                "contact": settings.CONTACT,
                **context,
            },
            about=application.number or "",
        )


def _until():
    return date_long(clock.today() + links.VALID)


def _too_many(email):
    # the newest letters are enough to look at, so the question stays quick in an outbox of any size
    newest = OutboxMessage.objects.order_by("-id").values("pk")[:500]
    since = clock.now() - LINK_SPAN
    return OutboxMessage.objects.filter(pk__in=newest, to=email, about="", created_at__gt=since).count() >= LINK_LETTERS
