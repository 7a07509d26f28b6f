"""Mail is a row written in the same transaction as what it tells of; a rollback sends nothing."""

import re
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from centrum.kit import clock
from centrum.kit.models import OutboxMessage

MAX_ATTEMPTS = 8
_SECRET_LINK = re.compile(r"(https?://\S*?/)([A-Za-z0-9_\-=]+[:.][A-Za-z0-9_\-:=.]+)(/?)")


def link(url_name, *args):
    """Absolute address for a mail."""
    return settings.SITE_URL.rstrip("/") + reverse(url_name, args=args)


def post(*, to, template, context, about=""):
    """Write one message from `templates/<template>` (first line: subject, then an empty line, then the text)."""
    subject, _sep, body = render_to_string(template, {**context, "site_url": settings.SITE_URL}).strip().partition("\n")
    return write(to=to, subject=subject, body=body, about=about)


def write(*, to, subject, body, about=""):
    """Write one message whose text is ready."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("a message needs the transaction of what it tells of")
    return OutboxMessage.objects.create(
        to=to,
        subject=" ".join(subject.split())[:200],
        body=body.strip() + "\n",
        about=about,
        created_at=clock.now(),
    )


def for_staff(message):
    """The text as staff may read it: secret links are cut, so nobody confirms in a client's name.

    The demo shows them, since it sends no mail.
    """
    return message.body if settings.DEMO else _SECRET_LINK.sub(r"\1…\3", message.body)


def send_waiting(limit=100):
    """Send what is due, each message in its own transaction; returns (sent, failed).

    SKIP LOCKED lets several senders share the work; a message is sent at least once.
    """
    sent = failed = 0
    for _attempt in range(limit):
        with transaction.atomic():
            message = (
                OutboxMessage.objects.select_for_update(skip_locked=True)
                .filter(sent_at=None, failed_at=None, due_at__lte=timezone.now())
                .order_by("due_at", "id")
                .first()
            )
            if message is None:
                break
            if _send(message):
                sent += 1
            else:
                failed += 1
    return sent, failed


def _send(message):
    message.attempts += 1
    try:
        EmailMessage(message.subject, message.body, to=[message.to]).send()
    except OSError as error:  # smtplib's errors and sockets' alike
        # the server's words may quote the address: keep the kind of the error only
        message.last_error = type(error).__name__
        if message.attempts >= MAX_ATTEMPTS:
            message.failed_at = timezone.now()
        else:
            message.due_at = timezone.now() + timedelta(minutes=2**message.attempts)
        message.save()
        return False
    message.sent_at, message.last_error = timezone.now(), ""
    message.save()
    return True


def state():
    """For /healthz: how many wait, how many were given up, age of the oldest waiting one in seconds."""
    waiting = OutboxMessage.objects.filter(sent_at=None, failed_at=None)
    oldest = waiting.order_by("created_at").values_list("created_at", flat=True).first()
    return {
        "waiting": waiting.count(),
        "failed": OutboxMessage.objects.filter(failed_at__isnull=False).count(),
        "oldest_seconds": int((timezone.now() - oldest).total_seconds()) if oldest else 0,
    }
