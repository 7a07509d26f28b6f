"""Jobs of the loans of a fund as of a day: planned in the applications, and what became of them.

By the moves that were noted by the end of the day; whether a woman or a person at risk works there is not dated, so a
file of a day can't say it.
"""

from django.db.models import Exists, OuterRef, Q, Sum
from django.db.models.functions import Coalesce

from centrum.kit.columns import after
from centrum.kit.exports import Part, Resource, Text, label
from centrum.kit.models import StateChange
from centrum.kit.transitions import noun_of
from loans.enums import ONCE_CREATED, JobState, LoanState, YesNo
from loans.models import Loan, LoanJob, PlannedJob
from loans.profiles.columns import MONEY, NOTHING, array, loans_of, state_on, typed

_FOUND = (ONCE_CREATED, (JobState.KEPT,), (JobState.ENDED_EARLY,))


def _posts(only=None):
    return typed(Coalesce(Sum("posts", filter=only, output_field=MONEY), NOTHING))


def _planned(_resource):
    """Posts planned in the application, and those of them for people at risk."""
    rows = PlannedJob.objects.filter(answers=OuterRef("decision__review__application")).order_by().values("answers")
    return array([_posts(), _posts(Q(at_risk=YesNo.YES))], rows, ["0,00"] * 2)


def _became(resource):
    """Posts that were created, kept long enough, ended too early, and never created."""
    rows = LoanJob.objects.filter(loan=OuterRef("pk")).order_by()
    rows = rows.annotate(then=state_on(noun_of(LoanJob), resource.day, JobState.PLANNED)).values("loan")
    parts = [_posts(Q(then__in=states)) for states in (*_FOUND, (JobState.MISSED,))]
    return array(parts, rows, ["0,00"] * len(parts))


class Jobs(Resource):
    number = Text("number", column_name="Numer pożyczki")
    organisation = Text("organisation__name", column_name="Pożyczkobiorca")
    nip = Text("organisation__nip", column_name="NIP")
    state = Text(label("state_then", LoanState), column_name="Stan pożyczki na dzień")
    planned = Part("planned", 1, column_name="Planowane we wniosku (etaty)")
    at_risk = Part("planned", 2, column_name="w tym dla osób zagrożonych wykluczeniem (etaty)")
    created = Part("became", 1, column_name="Utworzone (etaty)")
    kept = Part("became", 2, column_name="Utrzymane (etaty)")
    ended = Part("became", 3, column_name="Zakończone za wcześnie (etaty)")
    missed = Part("became", 4, column_name="Nieutworzone (etaty)")

    shared = {"planned": _planned, "became": _became}

    class Meta:
        export_order = (
            "number", "organisation", "nip", "state", "planned", "at_risk", "created", "kept", "ended", "missed",
        )  # fmt: skip


def jobs(scope, day, by):
    """Loans with jobs that were planned, or of which something was noted by the day."""
    planned = PlannedJob.objects.filter(answers=OuterRef("decision__review__application"))
    moves = StateChange.objects.filter(noun=noun_of(LoanJob), object_id=OuterRef("pk"), at__lt=after(day))
    noted = LoanJob.objects.filter(Exists(moves), loan=OuterRef("pk"))
    rows = loans_of(scope, day, by).filter(Exists(planned) | Exists(noted))
    return rows.annotate(state_then=state_on(noun_of(Loan), day, LoanState.APPROVED)).order_by("number")
