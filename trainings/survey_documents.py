"""What is printed for those who have no e-mail: the questions on paper, and slips with each one's own link."""

import io

import segno
from django.utils.translation import gettext as _

from centrum.kit import paper
from trainings import answering, notices, surveys
from trainings.enums import QuestionKind


def sheet(survey):
    """The questions to answer with a pen."""
    hints = {QuestionKind.SEVERAL: _("You may choose several."), QuestionKind.TEXT: ""}
    return paper.pdf(
        "survey.typ",
        {
            "title": survey.told("title"),
            "subtitle": _subtitle(survey),
            "introduction": survey.told("introduction"),
            "questions": [
                {
                    "number": str(row.number),
                    "text": row.told("text"),
                    "hint": hints.get(row.kind, _("Choose one.")),
                    "lines": row.kind == QuestionKind.TEXT,
                    "round": row.kind != QuestionKind.SEVERAL,
                    "options": [str(option) for option in row.options.all()],
                }
                for row in surveys.questions_of(survey)
            ],
            "thanks": _("Do not sign this sheet. Thank you.")
            if survey.anonymous
            else _("First name and surname: ……………"),
        },
    )


def links(survey):
    """A slip with QR code and address for everybody with a seat and without e-mail, answered or not."""
    slips = []
    for row in answering.seated_of(survey).filter(email=""):
        address = answering.link(survey, row)
        picture = io.BytesIO()
        segno.make(address, error="m").save(picture, kind="svg", border=2)
        slips.append({"name": str(row), "link": address, "picture": picture.getvalue().decode()})
    return paper.pdf(
        "survey_links.typ",
        {
            "title": survey.told("title"),
            "subtitle": _subtitle(survey),
            "slips": slips,
            "alt": _("QR code with the link to the survey"),
            "hint": _("Point the camera of your telephone at the code. The link is yours: do not pass it on."),
            "nobody": _("Everybody with a seat has an e-mail address."),
        },
    )


def _subtitle(survey):
    return f"{survey.event.title}, {notices.when(survey.event)}"
