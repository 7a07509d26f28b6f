"""Pages of arrears: the list and its sums, letters, decisions, the panel of a loan, and what waits for whom."""

import datetime
from decimal import Decimal as D

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from centrum.staff.enums import Role
from loans import dashboard, waiting
from loans.enums import LoanState
from loans.models import ArrearsStep, Fund, Loan, Notice, Security
from tests.factories import base, claims
from tests.factories import loans as make
from tests.factories import repayments as of
from tests.factories.files import upload
from tests.loans.test_consistency import broken

pytestmark = pytest.mark.django_db
DAY = datetime.date
DUE, LATER = claims.FIRST_DUE, claims.LATER
FORTNIGHT = DUE + datetime.timedelta(days=14)
LIST = reverse("loans:arrears")


@pytest.fixture
def officer():
    return make.officer()


@pytest.fixture
def boss():
    return make.manager()


@pytest.fixture
def office(client, officer):
    client.force_login(officer)
    return client


def url(name, loan, *args):
    return reverse(f"loans:{name}", args=[loan.public_id, *args])


def numbers(page):
    return [row.loan.number for row in page.context["page"].rows]


def asked(office, address, query=None):
    with CaptureQueriesContext(connection) as captured:
        assert office.get(address, query).status_code == 200
    return len(captured)


def panel(page, name="_arrears"):
    (found,) = [entry["panel"] for entry in page.context["panels"] if entry["template"] == f"loans/{name}.html"]
    return found


# The list


def test_the_list_by_days_with_its_sums(office, officer, boss):
    young = of.lent(DAY(2026, 5, 15), by=officer)  # its first instalment was due on 15 June
    middle = of.lent(DAY(2026, 4, 15), by=officer)  # 15 May
    old = of.lent(claims.PAID_OUT, by=boss)
    grace = of.lent(claims.PAID_OUT, by=officer, grace=10)
    called = claims.in_state(LoanState.RECOVERY, by=officer, boss=boss)
    lost = claims.in_state(LoanState.WRITTEN_OFF, by=officer, boss=boss)
    paid = claims.in_state(LoanState.REPAID, by=officer, boss=boss)
    day = DAY(2026, 6, 24)
    of.night(old.fund, day)
    with of.on(day):
        page = office.get(LIST)
        # of the same day: who was told last comes last
        assert numbers(page) == [called.number, old.number, middle.number, young.number]
        assert [row.days for row in page.context["page"].rows] == [128, 128, 40, 9]
        back = office.get(LIST, {"order": "-days"})
        assert numbers(back) == [young.number, middle.number, old.number, called.number]
        shown = {
            "d1": [young], "d31": [middle], "d91": [called, old], "rest": [grace], "called": [called], "lost": [lost],
        }  # fmt: skip
        for name, loans in shown.items():
            assert numbers(office.get(LIST, {"pokaz": name})) == [loan.number for loan in loans]
        assert numbers(office.get(LIST, {"officer": "me"})) == [called.number, middle.number, young.number]
        assert paid.number not in page.text
        buckets = {row.name: row for row in page.context["buckets"]}
        assert {name: row.number for name, row in buckets.items()} == {name: len(some) for name, some in shown.items()}
        for name, loans in shown.items():
            bucket = buckets[name]
            if name == "lost":
                assert (bucket.overdue, bucket.principal) == (of.balances(lost)["994"], 0)
                continue
            assert bucket.principal == sum(loan.outstanding for loan in loans) == 12_000 * len(loans)
            assert bucket.overdue == sum(of.told(loan).arrears for loan in loans)
        # what waits and what comes next: 14 days, 60 days, nothing after 60 or for who is terminated
        first = page.context["page"].rows
        assert [row.waits and row.waits.step.code for row in first] == [None, "termination", "final-demand", "reminder"]
        assert [row.next and row.next.code for row in first] == [None, None, "termination", "demand"]
        assert first[3].next_on == DAY(2026, 6, 29)
        # the page of the fund says the same of who is late, and of whom it is terminated
        fund = Fund.objects.get(pk=old.fund_id)
        found = dashboard.arrears(fund, dashboard.lent(fund))
        assert [(row.loans, row.amount) for row in (*found.classes, found.called)] == [
            (buckets[name].number, buckets[name].principal) for name in ("d1", "d31", "d91", "called")
        ]
        assert found.together.loans == len(numbers(page))


def test_an_empty_list_and_a_filter_that_means_nothing(office):
    make.fund()
    assert "Nie ma tu zaległości" in office.get(LIST).text
    assert office.get(LIST, {"pokaz": "nonsense", "officer": "x", "order": "x", "after": "x"}).status_code == 200
    assert "Nie ma nic do wysłania" in office.get(reverse("loans:notices")).text


def test_lists_ask_the_same_however_long(office, officer):
    counted = []
    loans = [of.lent(claims.PAID_OUT, by=officer) for _number in range(3)]
    of.night(loans[0].fund, FORTNIGHT)
    hidden = Loan.objects.filter(pk__in=[loan.pk for loan in loans[1:]])
    for unit in (base.unit("partner"), loans[0].unit):
        hidden.update(unit=unit)
        with of.on(FORTNIGHT):
            counted += [
                asked(office, LIST),
                asked(office, LIST, {"pokaz": "d1"}),
                asked(office, reverse("loans:notices")),
            ]
    assert counted[:3] == counted[3:]
    assert max(counted) <= 15


def test_a_partner_sees_nothing_of_others(client, officer):
    loan = of.lent(claims.PAID_OUT, by=officer)
    of.night(loan.fund, FORTNIGHT)
    client.force_login(base.user(Role.LOAN_OFFICER, unit_=base.unit("partner")))
    with of.on(FORTNIGHT):
        page = client.get(LIST)
        assert numbers(page) == [] and page.context["waiting"] == 0
        assert all(row.number == 0 for row in page.context["buckets"])
        assert client.get(reverse("loans:notices")).context["page"].rows == []
        assert client.get(url("notice", loan, loan.notices.get().pk)).status_code == 404


# Letters


def test_a_letter_is_looked_at_and_sent(office, officer):
    ArrearsStep.objects.filter(code="demand").update(cost=D("12.50"), to_guarantors=True)
    loan = of.lent(claims.PAID_OUT, by=officer)
    Security.objects.create(loan=loan, kind="surety", description="Jan Lis, Dobiegniew")
    of.night(loan.fund, FORTNIGHT)
    row = loan.notices.get()
    address = url("notice", loan, row.pk)
    with of.on(FORTNIGHT):
        queue = office.get(reverse("loans:notices"))
        (shown,) = queue.context["page"].rows
        assert (shown.pk, shown.late, shown.overdue) == (row.pk, 14, D("1067.23"))  # as told on 28 February
        assert address in queue.text
        page = office.get(address)
        for words in ("Wezwanie do zapłaty – pożyczka", "Jan Lis, Dobiegniew", "12,50"):
            assert words in page.text
        wrong = office.post(address, {"how": ""})
        assert list(wrong.context["form"].errors) == ["how"] and loan.papers.count() == 0
        assert office.post(address, {"how": "list polecony"}).url == address
        row.refresh_from_db()
        assert (row.state, row.sent_by, row.costs) == ("sent", officer, D("12.50"))
        page = office.get(address)
        assert row.paper.title in page.text and "letter" not in page.context
        assert office.get(url("paper", loan, row.paper.file.public_id))["Content-Type"] == "application/pdf"
        again = office.post(address, {"how": "drugi raz"})
        assert again.context["form"].non_field_errors() and loan.papers.count() == 1
        assert office.get(url("notice-drop", loan, row.pk)).url == url("loan-arrears", loan)


def test_a_letter_is_left_out(office, officer):
    loan = of.lent(claims.PAID_OUT, by=officer)
    of.night(loan.fund, FORTNIGHT)
    row = loan.notices.get()
    with of.on(FORTNIGHT):
        address = url("notice-drop", loan, row.pk)
        assert office.get(address).status_code == 200
        assert list(office.post(address, {"reason": ""}).context["form"].errors) == ["reason"]
        assert office.post(address, {"reason": "Wpłata jutro"}).url == url("loan-arrears", loan)
        assert office.get(url("notice", loan, row.pk)).status_code == 200
    assert Notice.objects.get().state == "dropped"


def test_who_only_reads_sees_the_letter_and_no_button(client, officer):
    loan = of.lent(claims.PAID_OUT, by=officer)
    of.night(loan.fund, FORTNIGHT)
    client.force_login(make.accountant())
    with of.on(FORTNIGHT):
        page = client.get(url("notice", loan, loan.notices.get().pk))
        assert page.context["letter"] and not page.context["may_send"] and not page.context["may_drop"]
        assert client.post(url("notice", loan, loan.notices.get().pk), {"how": "x"}).status_code == 403


def test_what_keeps_a_letter_back_is_told(office, officer):
    loan = of.lent(claims.PAID_OUT, by=officer)
    of.night(loan.fund, FORTNIGHT)
    type(loan.fund).objects.filter(pk=loan.fund_id).update(iban="")
    with of.on(FORTNIGHT):
        page = office.get(url("notice", loan, loan.notices.get().pk))
        assert page.context["refused"] and "nie ma rachunku" in page.text
        sent = office.post(url("notice", loan, loan.notices.get().pk), {"how": "list"})
        assert sent.context["form"].non_field_errors()


# Decisions


def test_a_termination_from_the_letter_to_the_second_person(client, officer, boss):
    loan = of.lent(claims.PAID_OUT, by=officer)
    of.night(loan.fund, claims.NOTICED)
    client.force_login(officer)
    with of.on(claims.NOTICED):
        page = client.get(url("notice", loan, loan.notices.get().pk))
        assert page.context["may_terminate"] and "letter" not in page.context
        address = url("measure-new", loan, "termination")
        assert client.get(address).context["form"].initial["on"] == claims.CALLED
        typed = {"ground": "arrears", "on": "17.5.2026", "reasons": "Brak wpłat"}
        for wrong in ({"ground": ""}, {"on": "16.5.2026"}, {"reasons": ""}, {"ground": "spending"}):
            assert list(client.post(address, typed | wrong).context["form"].errors) == [*wrong]
        assert client.post(address, typed).url == url("loan-arrears", loan)
        row = loan.measures.get()
        own = url("measure", loan, row.pk)
        page = client.get(own)
        assert page.context["own"] and page.context["early"]
        assert [step.action for step in page.context["moves"]] == ["drop"]
        assert client.get(address).url == url("loan-arrears", loan)
        assert client.get(url("measure-move", loan, row.pk, "confirm")).status_code == 403
    client.force_login(boss)
    with of.on(claims.NOTICED):
        early = client.post(url("measure-move", loan, row.pk, "confirm"))
        assert early.context["form"].non_field_errors()
    with of.on(claims.CALLED):
        assert [step.action for step in client.get(own).context["moves"]] == ["confirm", "drop"]
        assert client.get(url("measure-move", loan, row.pk, "confirm")).status_code == 200
        assert client.post(url("measure-move", loan, row.pk, "confirm")).url == own
        assert client.get(own).context["moves"] == []
        assert client.get(url("measure-move", loan, row.pk, "drop")).url == url("loan-arrears", loan)
        loan.refresh_from_db()
        assert loan.state == "terminated"
        assert [value for value, _label in panel(client.get(url("loan-arrears", loan)))["kinds"]] == [
            "recovery",
            "write_off",
        ]
        assert client.get(url("measure-move", loan, row.pk, "nonsense")).status_code == 404
        assert client.get(url("measure-new", loan, "nonsense")).status_code == 404


def test_a_termination_whose_arrears_were_paid_asks_to_think(client, officer, boss):
    loan = of.lent(claims.PAID_OUT, by=officer)
    with of.on(claims.NOTICED):
        row = claims.prepared(loan, "termination", by=officer, on=claims.CALLED)
    of.pay(loan, DAY(2026, 5, 4), 5_000)
    client.force_login(boss)
    with of.on(claims.CALLED):
        page = client.get(url("measure-move", loan, row.pk, "confirm"))
        assert "Nie ma już zaległości" in page.text
        assert client.post(url("measure-move", loan, row.pk, "drop"), {"reason": "Zapłacone"}).status_code == 302
        assert "Zapłacone" in client.get(url("measure", loan, row.pk)).text


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("recovery", {"step": "court", "on": "3.6.2026"}),
        ("write_off", {"on": "3.6.2026"}),
    ],
)
def test_what_follows_a_termination(client, officer, boss, kind, typed):
    loan = claims.in_state(LoanState.TERMINATED, by=officer, boss=boss)
    client.force_login(officer)
    with of.on(LATER):
        address = url("measure-new", loan, kind)
        assert client.get(address).status_code == 200
        assert list(client.post(address, typed | {"reasons": "Powód"}).context["form"].errors) == ["document"]
        sent = {**typed, "reasons": "Powód", "document": upload()}
        assert client.post(address, sent).url == url("loan-arrears", loan)
        row = loan.measures.get(kind=kind)
        page = client.get(url("measure", loan, row.pk))
        assert bool(page.context["figures"]) == (kind == "write_off")
    client.force_login(boss)
    with of.on(LATER):
        assert client.post(url("measure-move", loan, row.pk, "confirm")).url == url("measure", loan, row.pk)
        assert client.get(url("measure", loan, row.pk)).status_code == 200
        page = client.get(url("loan-arrears", loan))
        assert panel(page)["lost"] == (kind == "write_off")


def test_forgiveness_and_restructuring_are_prepared_on_their_pages(office, officer, boss):
    loan = of.lent(claims.PAID_OUT, by=officer)
    cut = DAY(2026, 4, 15)
    with of.on(cut):
        address = url("measure-new", loan, "forgiveness")
        assert "3 000,00 zł" in office.get(address).text.replace("\xa0", " ")
        typed = {"amount": "1 000", "on": "15.4.2026", "kept": "on", "reasons": "Miejsca pracy są"}
        for wrong in ({"amount": "3 000,01"}, {"kept": ""}, {"on": "16.4.2026"}):
            form = office.post(address, {**typed, **wrong, "document": upload()}).context["form"]
            assert list(form.errors) == [*wrong]
        assert office.post(address, {**typed, "document": upload()}).url == url("loan-arrears", loan)
        row = loan.measures.get()
        assert "1 000,00 zł" in office.get(url("measure", loan, row.pk)).text.replace("\xa0", " ")
        assert office.post(url("measure-move", loan, row.pk, "drop"), {"reason": "Inaczej"}).status_code == 302
        address = url("measure-new", loan, "restructuring")
        form = office.post(address, {"reasons": "Powód", "document": upload()}).context["form"]
        assert list(form.errors) == ["annex"]
        annex = claims.annexed(loan, by=officer, boss=boss, on=cut)
        sent = {"reasons": "Powód", "document": upload(), "annex": annex.pk}
        assert office.post(address, sent).url == url("loan-arrears", loan)
        row = loan.measures.get(state="prepared")
        assert office.get(url("measure", loan, row.pk)).context["figures"] == (3_000, D("162.74"))


# The page of a loan, and what waits


def test_the_panel_says_what_is_overdue_and_why(office, officer):
    loan = of.lent(claims.PAID_OUT, by=officer)
    of.night(loan.fund, DAY(2026, 3, 18))
    of.pay(loan, DAY(2026, 3, 18), 700)
    with of.on(DAY(2026, 3, 26)):
        page = office.get(url("loan-arrears", loan))
        found = panel(page)
        now = found["standing"]
        rows = found["overdue"]
        assert [(row["nr"], row["due"], row["days"]) for row in rows] == [(1, DUE, 38), (2, DAY(2026, 3, 16), 10)]
        assert sum(row["principal"] for row in rows) == now.overdue_principal
        assert sum(row["interest"] for row in rows) == now.overdue_interest
        assert found["delay"] == "18,5"
        assert [value for value, _label in found["kinds"]] == ["termination", "restructuring", "forgiveness"]
        assert "18,5% rocznie" in page.text.replace("\xa0", "")


def test_the_panel_after_a_restructuring_names_what_fell_due_since(office, officer, boss):
    loan = of.lent(claims.PAID_OUT, by=officer)
    cut, day = DAY(2026, 4, 15), DAY(2026, 5, 25)
    with of.on(cut):
        annex = claims.annexed(loan, by=officer, boss=boss, on=cut)
        claims.decided(loan, "restructuring", by=officer, boss=boss, annex=annex)
    of.night(loan.fund, day)
    with of.on(day):
        found = panel(office.get(url("loan-arrears", loan)))
        now = found["standing"]
        assert found["overdue"] == [
            {
                "nr": 4,
                "due": DAY(2026, 5, 15),
                "days": 10,
                "principal": now.overdue_principal,
                "interest": now.overdue_interest,
            }
        ]


def test_the_panel_of_a_loan_that_owes_nothing_late(office, officer):
    loan = of.lent(claims.PAID_OUT, by=officer)
    with of.on(DAY(2026, 2, 16)):
        page = office.get(url("loan-arrears", loan))
        assert "standing" not in panel(page) and "Nie ma zaległości." in page.text
        before = make.granted(by=officer)
        page = office.get(url("loan-arrears", before))
        assert [entry for entry in page.context["panels"] if entry["template"] == "loans/_arrears.html"] == []


def test_the_panel_without_a_rate_of_the_bank_says_so(office, officer):
    loan = of.lent(claims.PAID_OUT, by=officer)
    of.night(loan.fund, FORTNIGHT)
    broken("DELETE FROM loans_nbprate WHERE kind = 'reference'")
    with of.on(FORTNIGHT):
        assert panel(office.get(url("loan-arrears", loan)))["refused"]


def test_what_waits_is_counted_for_whom_it_waits(client, officer, boss):
    loan = of.lent(claims.PAID_OUT, by=officer)
    of.night(loan.fund, FORTNIGHT)
    with of.on(claims.NOTICED):
        claims.prepared(loan, "termination", by=officer, on=claims.CALLED)
    with of.on(claims.CALLED):
        assert waiting.arrears_(officer) == 1  # the demand
        assert waiting.arrears_(boss) == 2  # and the termination to be confirmed
        assert waiting.arrears_(make.accountant()) is None
        for user, tasks in ((officer, (1, None)), (boss, (1, 1))):
            client.force_login(user)
            (found,) = [
                entry["panel"]
                for entry in client.get(reverse("staff:home")).context["panels"]
                if entry["template"] == "loans/_my_day.html"
            ]
            assert (len(found["notices"]), len(found["decisions"]) if "decisions" in found else None) == tasks
        page = client.get(LIST)
        assert (page.context["waiting"], page.context["to_confirm"]) == (1, 1)
