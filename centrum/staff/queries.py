"""What of the house a member of the staff may see."""

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.tokens import default_token_generator
from django.db.models import Exists, F, OuterRef, Q
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from centrum.kit import clock, outbox
from centrum.kit.models import OutboxMessage
from centrum.kit.periods import in_force
from centrum.staff.enums import RIGHTS, PeriodState, Right, Scope, UnitKind
from centrum.staff.models import Authorisation, Delegation, SignInAttempt, User


def acting_for(user):
    """Primary keys of `user` and of those for whom they stand in today: whose work is theirs."""
    return [user.pk, *(delegation.absent_id for delegation in user.stands_in)]


def seen_as(user):
    """`user` and, of the same role, those for whom they stand in today: whose clients they see.

    Of another role only the work is taken over: a wider role must not reach clients it does not see of itself.
    """
    return [user, *(d.absent for d in user.stands_in if d.absent.role == user.role)]


def unit_scope(user):
    """Units whose clients `user` sees: a list of primary keys, None for all of them (the lead's wide roles)."""
    seen = seen_as(user)
    return None if any(one.sees_all_units for one in seen) else sorted({one.unit_id for one in seen})


def sees_the_leads(user):
    """Whether `user` works for the lead, to which belongs what no unit has yet; also by standing in."""
    return any(one.unit.kind == UnitKind.LEAD for one in seen_as(user))


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


def filter_accounts(accounts, *, state="", q=""):
    """Accounts in a state ("invited", "bare": without a second factor, "closed") whose name or e-mail holds `q`."""
    states = {
        "invited": Q(password__startswith=UNUSABLE_PASSWORD_PREFIX, is_active=True),
        "bare": Q(second_factor__confirmed_at=None, is_active=True),
        "closed": Q(is_active=False),
    }
    if state:
        accounts = accounts.filter(states[state])
    for word in q.split():
        accounts = accounts.filter(
            Q(first_name__icontains=word) | Q(last_name__icontains=word) | Q(email__icontains=word)
        )
    return accounts


def sign_ins(user):
    """Tries at the door: those of `user`, or all of them for None."""
    tries = SignInAttempt.objects.select_related("user")
    return tries if user is None else tries.filter(user=user)


def filter_sign_ins(tries, *, user=None, outcome=""):
    if user:
        tries = tries.filter(user=user)
    return tries.filter(outcome=outcome) if outcome else tries


def password_link(user):
    """Absolute address at which `user` sets a password; works once, for PASSWORD_RESET_TIMEOUT seconds.

    The two parts stand in one segment with a colon, which is how the outbox and the logs know a secret.
    """
    key = urlsafe_base64_encode(force_bytes(user.pk))
    return outbox.link("staff:password-set", key, default_token_generator.make_token(user))


def authorisations():
    """All of them, the newest first, with the names that a list shows."""
    return Authorisation.objects.select_related("user__unit", "issued_by")


def filter_authorisations(rows, *, state="", q=""):
    """Those in a state of today ("in_force", "to_come", "ended"), of accounts whose name or e-mail holds `q`."""
    today = clock.today()
    ended = Q(valid_to__lte=today) | Q(valid_to__lte=F("valid_from"))
    states = {
        PeriodState.IN_FORCE: in_force(today),
        PeriodState.TO_COME: Q(valid_from__gt=today) & ~(Q(valid_to__isnull=False) & ended),
        PeriodState.ENDED: Q(valid_to__isnull=False) & ended,
    }
    if state:
        rows = rows.filter(states[state])
    for word in q.split():
        person = Q(user__first_name__icontains=word) | Q(user__last_name__icontains=word)
        rows = rows.filter(person | Q(user__email__icontains=word) | Q(number__icontains=word))
    return rows


def unauthorised():
    """Active accounts without an authorisation for data of clients in force today: they can open nobody's data."""
    given = Authorisation.objects.filter(in_force(), user=OuterRef("pk"), scope=Scope.CLIENTS)
    return User.objects.filter(~Exists(given), is_active=True).order_by("last_name", "first_name", "id")


def visible_authorisations(user):
    """Every authorisation for who keeps or supervises them, else only one's own."""
    return authorisations() if user.has_right(Right.VIEW_AUTHORISATIONS) else authorisations().filter(user=user)


def visible_delegations(user):
    """Every delegation for who sets them for others, else those in which `user` is away or stands in."""
    rows = Delegation.objects.select_related("absent", "deputy", "made_by")
    return rows if user.has_right(Right.DELEGATE) else rows.filter(Q(absent=user) | Q(deputy=user))


def possible_deputies(absent):
    """Active, authorised colleagues of whose rights those of `absent` are a part; one who is None: of anybody."""
    roles = [role for role, rights in RIGHTS.items() if absent is None or RIGHTS[absent.role] <= rights]
    given = Authorisation.objects.filter(in_force(), user=OuterRef("pk"))
    others = User.objects.filter(Exists(given), is_active=True, role__in=roles)
    return others if absent is None else others.exclude(pk=absent.pk)
