"""The calendar of arrears: channels, letters, states and moves of a notice."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centrum.kit.transitions import Move
from centrum.staff.enums import Right


class Channel(models.TextChoices):
    """How a step of the calendar of arrears is made."""

    MAIL = "mail", pgettext_lazy("channel", "e-mail, by itself")
    LETTER = "letter", pgettext_lazy("channel", "letter, sent by somebody of the staff")
    DECISION = "decision", pgettext_lazy("channel", "decision of two people")


class ArrearsLetter(models.TextChoices):
    """Texts of the calendar among the letters that the staff edit; a value is the code of the letter."""

    OVERDUE = "loan_overdue", pgettext_lazy("letter", "Loan: an instalment was not paid (e-mail)")
    REMINDER = "loan_reminder", pgettext_lazy("letter", "Loan: reminder")  # upomnienie
    DEMAND = "loan_demand", pgettext_lazy("letter", "Loan: demand for payment")  # wezwanie do zapłaty
    FINAL_DEMAND = "loan_final_demand", pgettext_lazy("letter", "Loan: final demand for payment")
    TERMINATION = "loan_termination", pgettext_lazy("letter", "Loan: notice of termination")  # wypowiedzenie


class NoticeState(models.TextChoices):
    PROPOSED = "proposed", pgettext_lazy("notice", "to be sent")
    SENT = "sent", pgettext_lazy("notice", "sent")
    DROPPED = "dropped", pgettext_lazy("notice", "dropped")


NOTICE_TAG = {NoticeState.PROPOSED: "wait", NoticeState.SENT: "ok", NoticeState.DROPPED: "quiet"}
# by itself (without anybody of the staff) an e-mail goes, and a step gives way to the one that overtook it
NOTICE_MOVES = (
    Move(
        "send",
        _("Send"),
        (NoticeState.PROPOSED,),
        NoticeState.SENT,
        right=Right.KEEP_LOANS,
        client=True,
        needs=("sent_on", "how"),
    ),
    Move(
        "drop",
        _("Drop"),
        (NoticeState.PROPOSED,),
        NoticeState.DROPPED,
        right=Right.KEEP_LOANS,
        client=True,
        reason=True,
        kind="quiet",
    ),
)


class Ground(models.TextChoices):
    """Why an agreement is terminated."""

    ARREARS = "arrears", pgettext_lazy("ground", "arrears")
    SPENDING = "spending", pgettext_lazy("ground", "money not settled or not spent as agreed")
    UNTRUE = "untrue", pgettext_lazy("ground", "untrue statements")


class RecoveryStep(models.TextChoices):
    """With what the recovery of a terminated loan begins."""

    BILL = "bill", pgettext_lazy("recovery", "the promissory note filled in")  # wypełnienie weksla
    COURT = "court", pgettext_lazy("recovery", "an action in court")  # pozew, EPU
    BAILIFF = "bailiff", pgettext_lazy("recovery", "the bailiff")  # komornik
