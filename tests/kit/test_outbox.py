import smtplib

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from centrum.kit import outbox
from centrum.kit.models import OutboxMessage
from tests.threads import at_once


@pytest.fixture
def letter(settings, tmp_path):
    (tmp_path / "letter.txt").write_text("Sprawa {{ number }}\n\nDzień dobry, {{ name }}!\n", encoding="utf-8")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    return {"to": "lucja@example.org", "template": "letter.txt", "context": {"number": "SP/2026/0001", "name": "Łucja"}}


class BrokenServer(EmailBackend):
    def send_messages(self, messages):
        raise smtplib.SMTPServerDisconnected("lucja@example.org said no")


@pytest.mark.django_db
def test_the_first_line_is_the_subject(letter):
    message = outbox.post(**letter, about="SP/2026/0001")
    assert (message.subject, message.body) == ("Sprawa SP/2026/0001", "Dzień dobry, Łucja!\n")


@pytest.mark.django_db(transaction=True)
def test_a_rollback_sends_nothing(letter):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        outbox.post(**letter)
        raise ZeroDivisionError
    assert outbox.send_waiting() == (0, 0)
    assert mail.outbox == []


@pytest.mark.django_db(transaction=True)
def test_a_message_outside_a_transaction_is_refused(letter):
    with pytest.raises(transaction.TransactionManagementError):
        outbox.post(**letter)


@pytest.mark.django_db
def test_the_command_sends_what_waits_once(letter):
    outbox.post(**letter)
    call_command("send_outbox", stdout=(out := __import__("io").StringIO()))
    call_command("send_outbox", stdout=out)
    assert out.getvalue() == "sent 1, failed 0\nsent 0, failed 0\n"
    assert [(m.to, m.subject) for m in mail.outbox] == [(["lucja@example.org"], "Sprawa SP/2026/0001")]


@pytest.mark.django_db(transaction=True)
def test_two_senders_at_once_send_each_message_once(letter):
    with transaction.atomic():
        for _ in range(10):
            outbox.post(**letter)
    results = at_once(4, lambda _n: outbox.send_waiting())
    assert sum(sent for sent, _failed in results) == 10
    assert len(mail.outbox) == 10


@pytest.mark.django_db
def test_a_refused_message_is_tried_later_and_given_up_in_the_end(letter, settings):
    settings.EMAIL_BACKEND = "tests.kit.test_outbox.BrokenServer"
    message = outbox.post(**letter)
    assert outbox.send_waiting() == (0, 1)
    message.refresh_from_db()
    assert (message.attempts, message.sent_at, message.last_error) == (1, None, "SMTPServerDisconnected")
    assert message.due_at > timezone.now()
    for _ in range(outbox.MAX_ATTEMPTS - 1):
        OutboxMessage.objects.update(due_at=timezone.now())
        outbox.send_waiting()
    message.refresh_from_db()
    assert message.failed_at is not None
    assert outbox.state() == {"waiting": 0, "failed": 1, "oldest_seconds": 0}


@pytest.mark.django_db
def test_the_demo_keeps_its_mail(letter, settings, capsys):
    settings.DEMO = True
    outbox.post(**letter)
    call_command("send_outbox")
    assert mail.outbox == []
    assert outbox.state()["waiting"] == 1


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (
            "Wejdź: https://centrum.test/uslugi/ImFiYyI:1vNzXx:abc-DEF_9/ i potwierdź.",
            "Wejdź: https://centrum.test/uslugi/…/ i potwierdź.",
        ),
        ("Strona: https://centrum.test/kontakt/ .", "Strona: https://centrum.test/kontakt/ ."),
    ],
)
def test_staff_never_read_a_secret_link(settings, body, shown):
    message = OutboxMessage(body=body)
    assert outbox.for_staff(message) == shown
    settings.DEMO = True
    assert outbox.for_staff(message) == body
