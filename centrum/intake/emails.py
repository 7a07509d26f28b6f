"""Letters that go by themselves, without anybody's look: in the language of the applicant, inside the transaction."""

from datetime import timedelta

from django.utils import translation
from django.utils.translation import gettext as _

from centrum.intake import kinds, letters, links
from centrum.intake.enums import EDITABLE, LinkPurpose
from centrum.kit import clock, outbox
from centrum.kit.models import OutboxMessage

# A stranger may type anybody's address: so many letters with links go there within the span, then silence.
LINK_LETTERS = 3
LINK_SPAN = timedelta(minutes=10)


def received(application):
    post("received", application)


def completed(application):
    post("completed", application)


def appealed(application):
    post("appealed", application)


def withdrawn(application):
    post("withdrawn", application)


def resume_link(application):
    """Post the link by which a draft is taken up again."""
    if not _too_many(application.email):
        post("resume", application)


def own_links(email, applications, language):
    """Post the list of links to everything begun or sent from an address."""
    if not applications or _too_many(email):
        return
    with translation.override(language):
        values = {
            "links": "\n\n".join(_with_link(application) for application in applications),
            "until": links.until(LinkPurpose.RESUME),
        }
        letter = letters.compose("links", language, values)
    outbox.write(to=email, subject=letter.subject, body=letter.body)


def _with_link(application):
    known = f", {application.number}" if application.number else f" ({_('not sent yet')})"
    purpose = LinkPurpose.RESUME if application.state in EDITABLE else LinkPurpose.STATUS
    return f"{kinds.of(application).title}{known}\n{links.make(application, purpose)}"


def post(code, application, **values):
    letters.send(application, letters.draft(code, application, **values))


def _too_many(email):
    # the newest letters are enough to look at, so the question stays quick in an outbox of any size
    newest = OutboxMessage.objects.order_by("-id").values("pk")[:500]
    since = clock.now() - LINK_SPAN
    return OutboxMessage.objects.filter(pk__in=newest, to=email, about="", created_at__gt=since).count() >= LINK_LETTERS
