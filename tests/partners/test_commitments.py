"""What members promised: states, reminders, and a member who leaves with something undone."""

import datetime
from itertools import product

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.db.utils import InternalError
from django.urls import reverse

from centrum.kit import clock
from centrum.kit.models import OutboxMessage
from centrum.kit.transitions import Refused, Stale
from partners import commitments
from partners.enums import COMMITMENT_MOVES, CommitmentState
from partners.models import Commitment
from tests.factories import partners as make
from tests.threads import at_once

pytestmark = pytest.mark.django_db
LEGAL = {(str(source), move.action): str(move.target) for move in COMMITMENT_MOVES for source in move.sources}
PAIRS = list(product([str(s) for s in CommitmentState], [move.action for move in COMMITMENT_MOVES]))
NEEDS = {
    "finish": {"done_on": datetime.date(2026, 3, 1)},
    "drop": {"reason": "Bez sensu."},
    "reopen": {"reason": "Jednak."},
}


@pytest.fixture
def keeper():
    return make.keeper()


@pytest.fixture
def row(keeper):
    return make.partnership(by=keeper)


@pytest.fixture
def member(row, keeper):
    return make.member(row, by=keeper)


@pytest.fixture
def office(client, keeper):
    client.force_login(keeper)
    return client


def promised(row, member, *, by, days=3, text="Umowa"):
    due_on = clock.today() + datetime.timedelta(days=days)
    return commitments.promise(row, by=by, membership=member, text=text, due_on=due_on)


@pytest.mark.parametrize(("state", "action"), PAIRS)
def test_every_pair_of_state_and_action(keeper, row, member, state, action):
    commitment = promised(row, member, by=keeper)
    for step in {"open": [], "done": ["finish"], "dropped": ["drop"]}[state]:
        commitment = commitments.step(commitment, step, by=keeper, **NEEDS[step])
    if (state, action) in LEGAL:
        moved = commitments.step(commitment, action, by=keeper, **NEEDS[action])
        assert (moved.state, moved.done_on is not None) == (LEGAL[state, action], action == "finish")
    else:
        with pytest.raises(Stale):
            commitments.step(commitment, action, by=keeper, **NEEDS[action])


def test_the_database_refuses_wrong_commitments(keeper, row, member):
    commitment = promised(row, member, by=keeper)
    rows = Commitment.objects.filter(pk=commitment.pk)
    for change in ({"text": ""}, {"state": "done"}, {"done_on": clock.today()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)
    with pytest.raises(InternalError), transaction.atomic():
        rows.update(state="gone")
    with pytest.raises(InternalError), transaction.atomic():
        rows.delete()


def test_only_a_member_promises_and_nothing_is_done_tomorrow(keeper, row, member):
    stranger = make.member(make.partnership(by=keeper), by=keeper)
    with pytest.raises(Refused) as caught:
        promised(row, stranger, by=keeper)
    assert list(caught.value.error_dict) == ["membership"]
    tomorrow = clock.today() + datetime.timedelta(days=1)
    with pytest.raises(Refused) as caught:
        commitments.step(promised(row, member, by=keeper), "finish", by=keeper, done_on=tomorrow)
    assert list(caught.value.error_dict) == ["done_on"]


def test_from_a_meeting_to_done_by_the_pages(office, keeper, row, member):
    meeting = make.meeting(row, by=keeper)
    page = reverse("partners:meeting-commitment-new", args=[row.public_id, meeting.pk])
    office.post(page, {"membership": member.pk, "text": "Umowa", "due_on": "1.12.2026"})
    commitment = row.commitments.get()
    assert (commitment.meeting, commitment.due_on) == (meeting, datetime.date(2026, 12, 1))
    done = reverse("partners:commitment-move", args=[row.public_id, commitment.pk, "finish"])
    office.post(done, {"done_on": f"{clock.today():%d.%m.%Y}"})
    commitment.refresh_from_db()
    assert (commitment.state, commitment.done_on) == ("done", clock.today())
    assert office.get(done).status_code == 302
    assert office.get(done.replace("finish", "burn")).status_code == 404


def test_a_member_with_open_commitments_leaves_with_a_warning(office, keeper, row, member):
    page = reverse("partners:member-end", args=[row.public_id, member.pk])
    assert office.get(page).context["note"] == ""
    promised(row, member, by=keeper, text="Zebrać ilości prania")
    assert "Zebrać ilości prania" in office.get(page).context["note"]
    office.post(page, {"valid_to": f"{clock.today():%d.%m.%Y}", "leaving": ""})
    member.refresh_from_db()
    assert (member.valid_to, row.commitments.get().state) == (clock.today(), "open")


def test_reminders_are_written_once_before_and_once_after_the_day(keeper, row, member):
    make.representative(member, by=keeper, email="losz@example.org")
    make.representative(member, by=keeper, email="")
    due = promised(row, member, by=keeper, days=7).due_on
    done = promised(row, member, by=keeper, days=1, text="Inne")
    commitments.step(done, "finish", by=keeper, done_on=clock.today())
    days = [-8, -7, -3, 0, 1, 30]
    told = [commitments.remind(due + datetime.timedelta(days=days_))[0] for days_ in days]
    assert told == [0, 1, 0, 0, 1, 0]
    assert set(OutboxMessage.objects.values_list("to", flat=True)) == {"losz@example.org"}


def test_where_no_representative_has_an_address_the_coordinator_is_told(keeper, row, member, capsys):
    promised(row, member, by=keeper)
    call_command("remind_commitments")
    assert (OutboxMessage.objects.get().to, capsys.readouterr().out.split()) == (
        keeper.email,
        ["letters", "1,", "nobody", "to", "tell", "0"],
    )
    keeper.is_active = False
    keeper.save()
    assert commitments.remind(clock.today() + datetime.timedelta(days=30)) == (0, 1)


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_write_one_letter(keeper, row, member):
    promised(row, member, by=keeper)
    results = at_once(2, lambda _n: commitments.remind())
    assert (sorted(results), OutboxMessage.objects.count()) == ([(0, 0), (1, 0)], 1)
