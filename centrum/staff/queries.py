"""What of the house a member of the staff may see."""

from django.contrib.auth.tokens import default_token_generator
from django.db.models import Q
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from centrum.kit import outbox
from centrum.kit.models import OutboxMessage
from centrum.staff.enums import Right


def unit_scope(user):
    """Units whose clients `user` sees: a list of primary keys, None for all of them (the lead's wide roles)."""
    return None if user.sees_all_units else [user.unit_id]


def reads_outbox(user):
    """Letters belong to no unit, so only those read them who see all units or keep the system."""
    return user.has_right(Right.VIEW_OUTBOX) and (user.sees_all_units or user.has_right(Right.ADMINISTER))


def visible_messages(user):
    return OutboxMessage.objects.all() if reads_outbox(user) else OutboxMessage.objects.none()


def filter_messages(messages, *, state="", q=""):
    """Messages in a state ("waiting", "sent", "failed") whose recipient or number holds `q`."""
    states = {
        "waiting": Q(sent_at=None, failed_at=None),
        "sent": Q(sent_at__isnull=False),
        "failed": Q(failed_at__isnull=False),
    }
    if state:
        messages = messages.filter(states[state])
    if q:
        messages = messages.filter(Q(to__icontains=q) | Q(about__icontains=q))
    return messages


def password_link(user):
    """Absolute address at which `user` sets a password; works once, for PASSWORD_RESET_TIMEOUT seconds.

    The two parts stand in one segment with a colon, which is how the outbox and the logs know a secret.
    """
    key = urlsafe_base64_encode(force_bytes(user.pk))
    return outbox.link("staff:password-set", key, default_token_generator.make_token(user))
