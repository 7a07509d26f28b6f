"""Pages of bank statements: the queue, a file taken in through the browser, one statement, one line and its buttons."""

import datetime
import html
import re
import uuid
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from centrum.kit.models import LARGEST_FILE, StoredFile
from centrum.kit.polish import money
from centrum.staff.enums import Role, UnitKind
from loans import orders, repayments, statement_lines, waiting
from loans.demo import statement_files as files
from loans.enums import LineState, TrancheState
from loans.models import BankStatement, Entry, Payment, StatementLine
from tests.factories import base
from tests.factories import loans as make
from tests.factories import statements as bank
from tests.factories.files import upload
from tests.factories.repayments import lent, on

pytestmark = pytest.mark.django_db
D = Decimal
DAY = datetime.date
APRIL = DAY(2026, 4, 2)


@pytest.fixture
def by():
    return make.accountant()


@pytest.fixture
def boss():
    return make.manager()


@pytest.fixture
def office(client, by):
    """Signed in on 2 April 2026."""
    with on(APRIL):
        client.force_login(by)
        yield client


@pytest.fixture
def loan():
    return lent(DAY(2026, 3, 2))


def lines(fund, *rows, by, **more):
    return bank.taken(fund, APRIL, *rows, by=by, **more)


def said(response):
    return " ".join(str(message) for message in response.context["messages"])


def text(response):
    """What is read on the page, without tags."""
    found = html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode()))
    return " ".join(found.replace("\u00a0", " ").split())


def errors(response):
    form = response.context["form"]
    return " ".join(error for messages in form.errors.values() for error in messages)


def sent(office, fund, data, *, key=None, name="wyciag.sta", **more):
    fields = {
        "key": str(key or uuid.uuid4()),
        "fund": str(fund.pk),
        "bank": "",
        "file": upload(data, name, "text/plain"),
    }
    return office.post(reverse("loans:statement-new"), fields | more, follow=True)


def explained(office, row, action, **fields):
    return office.post(reverse("loans:statement-line-explain", args=[row.pk, action]), fields, follow=True)


def fresh(row):
    return StatementLine.objects.get(pk=row.pk)


# Taking in


def test_a_file_is_taken_in_and_told_of(office, loan):
    data = bank.written(
        APRIL, ("100.00", loan.number), ("7.00", "Wpłata"), opening=bank.at_the_bank(loan.fund), number="14"
    )
    response = sent(office, loan.fund, data)
    assert response.redirect_chain[-1][0] == reverse("loans:statement", args=[BankStatement.objects.get().pk])
    assert said(response) == (
        "Wczytano 1 wyciąg. 1 wpłata została dopasowana do pożyczki. 1 pozycja czeka na wyjaśnienie."
    )
    assert Payment.objects.get().amount == 100
    again = sent(office, loan.fund, data)
    assert said(again) == "Ten wyciąg już tu jest, więc nic się nie zmieniło."
    assert BankStatement.objects.count() == 1


def test_a_double_click_takes_in_once_and_shows_the_first_result(office, loan):
    data = bank.written(APRIL, ("7.00", "Wpłata"), opening="5.00")
    key = uuid.uuid4()
    first, second = (sent(office, loan.fund, data, key=key) for _nth in range(2))
    assert said(first) == said(second)
    assert (BankStatement.objects.count(), StoredFile.objects.filter(public_id=key).count()) == (1, 1)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "pusty"),
        (b"%PDF-1.7", "Nie rozpoznajemy"),
        (b"\x00\x01\x02", "To nie jest plik tekstowy"),
        (bank.written(APRIL, ("1.00", "x"), opening="0.00")[:-40], "niepełny"),
        (bank.written(APRIL, ("1.00", "x"), opening="0.00").replace(b"CN1,00", b"CN2,00"), "saldo końcowe"),
        (bank.written(APRIL, ("1.00", "x"), opening="0.00") * 2, "dwa razy"),
        (bank.written(APRIL, ("1.00", "x"), opening="0.00", account=bank.COOP), "81 9990 0005"),
        (bank.written(DAY(2026, 4, 3), ("1.00", "x"), opening="0.00"), "nie nadszedł"),
        (b" " * (LARGEST_FILE + 1), "10 MB"),
        (b'<!DOCTYPE a [<!ENTITY b "b">]><Document>&b;</Document>', "DTD"),
    ],
    ids=["empty", "pdf", "binary", "cut", "lies", "doubled", "account", "future", "huge", "entities"],
)
def test_a_file_that_is_not_taken_in_says_why(office, data, words):
    response = sent(office, make.fund(0), data)
    assert response.status_code == 200
    assert words in errors(response)
    assert words in text(response)
    assert not BankStatement.objects.exists()
    assert not Entry.objects.exists()


def test_nothing_chosen_and_another_fund_or_bank(office):
    fund = make.fund(0)
    response = office.post(reverse("loans:statement-new"), {"key": str(uuid.uuid4()), "fund": "x", "bank": "nobody"})
    assert set(response.context["form"].errors) == {"file", "fund", "bank"}
    data = bank.written(APRIL, ("1.00", "żółć"), opening="0.00")
    assert sent(office, fund, data, bank="millennium").redirect_chain
    assert StatementLine.objects.get().title == "żółć"


def test_a_gap_is_told_with_what_is_expected(office, by):
    fund = make.fund(0)
    lines(fund, ("10.00", "x"), by=by, opening="0.00")
    response = sent(office, fund, bank.written(APRIL, ("1.00", "y"), opening="12.00"))
    assert "Brakuje wyciągu" in errors(response)


# Lists


def test_the_queue_shows_what_waits_the_oldest_first(office, loan, by):
    rows = lines(
        loan.fund,
        (APRIL, "9.00", "późniejsza"),
        (DAY(2026, 4, 1), "-8.00", "wcześniejsza"),
        (APRIL, "100.00", loan.number),
        by=by,
        first_day=DAY(2026, 4, 1),
    )
    page = office.get(reverse("loans:statements"))
    assert [row.pk for row in page.context["page"].rows] == [rows[1].pk, rows[0].pk]
    assert [(row.pk, row.waiting) for row in page.context["statements"]] == [(rows[0].statement_id, 2)]
    assert waiting.statements_(base.user(Role.ACCOUNTANT)) == 2
    assert waiting.statements_(make.officer()) is None


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, {"a", "b", "c"}),
        ({"side": "in"}, {"a", "b"}),
        ({"side": "out"}, {"c"}),
        ({"state": "matched"}, {"PZ"}),
        ({"state": "all"}, {"a", "b", "c", "PZ"}),
        ({"state": "nonsense"}, {"a", "b", "c"}),
        ({"q": "zolc"}, {"b"}),
        ({"q": "ŻÓŁĆ fundacja"}, {"b"}),
        ({"q": "zolc", "state": "matched"}, set()),
        ({"q": "' OR 1=1 --"}, set()),
        ({"q": "x"}, {"a", "b", "c"}),  # too short to be looked for
    ],
)
def test_filters_and_search(office, loan, by, query, found):
    rows = [("1.00", "a"), ("2.00", "b żółć", "Fundacja"), ("-3.00", "c"), ("4.00", f"PZ {loan.number}")]
    lines(loan.fund, *rows, by=by)
    page = office.get(reverse("loans:statements"), query).context["page"]
    assert {row.title.split()[0] for row in page.rows} == found


@pytest.mark.parametrize("name", ["statements", "statements-all"])
def test_lists_take_as_many_queries_for_one_row_as_for_three(office, by, name):
    fund, counts = make.fund(0), []
    for _nth in range(3):
        lines(fund, ("1.00", f"wpłata {_nth}"), by=by)
        with CaptureQueriesContext(connection) as queries:
            page = office.get(reverse(f"loans:{name}"))
        counts.append(len(queries))
        assert page.status_code == 200
    assert counts[0] == counts[1] == counts[2]


def test_one_statement_takes_as_many_queries_for_one_line_as_for_three(office, by):
    fund, counts = make.fund(0), []
    for number in (1, 3):
        row, *_more = lines(fund, *[(f"{nth + 1}.00", "wpłata") for nth in range(number)], by=by)
        office.get(reverse("loans:statement", args=[row.statement_id]))
        with CaptureQueriesContext(connection) as queries:
            office.get(reverse("loans:statement", args=[row.statement_id]))
        counts.append(len(queries))
    assert counts[1] - counts[0] in (0, 1)  # the second one names the first


def test_empty_lists_say_so(office):
    assert "Nic nie czeka" in text(office.get(reverse("loans:statements")))
    assert "Nie wczytano jeszcze" in text(office.get(reverse("loans:statements-all")))
    assert "Nie ma tu żadnej pozycji" in text(office.get(reverse("loans:statements"), {"state": "all"}))


def test_who_sees_one_unit_sees_no_statement(client, by):
    row, *_more = lines_of_april(by)
    client.force_login(base.user(Role.ACCOUNTANT, unit_=base.unit(UnitKind.PARTNER, "P")))
    page = client.get(reverse("loans:statements"))
    assert "widzi go tylko ten" in text(page)
    assert not page.context["page"].rows
    for name, key in (
        ("statement", row.statement_id),
        ("statement-line", row.pk),
        ("statement-file", row.statement_id),
    ):
        assert client.get(reverse(f"loans:{name}", args=[key])).status_code == 404
    with on(APRIL):
        client.force_login(base.user(Role.ACCOUNTANT, unit_=base.unit(UnitKind.PARTNER, "P")))
        data = bank.written(APRIL, ("1.00", "x"), opening="10.00")
        assert sent(client, row.fund, data).status_code == 403


def lines_of_april(by):
    with on(APRIL):
        return lines(make.fund(0), ("10.00", "x"), by=by, opening="0.00")


# One statement


def test_a_statement_says_whether_the_ledger_agrees(office, by):
    fund = make.fund(100)
    row, *_more = lines(fund, ("10.00", "x"), ("20.00", "y"), by=by)
    address = reverse("loans:statement", args=[row.statement_id])
    assert "2 pozycje tego i wcześniejszych wyciągów czekają" in text(office.get(address))
    for one in StatementLine.objects.all():
        statement_lines.income(one, by=by)
    assert f"Bank i konto 130 księgi są zgodne: {money(D(130))}".replace("\u00a0", " ") in text(office.get(address))
    other, *_more = lines(make.fund(0, code="drugi", iban=bank.OTHER), ("5.00", "x"), by=by, opening="3.00",
                          account=bank.OTHER)  # fmt: skip
    statement_lines.income(other, by=by)
    page = office.get(reverse("loans:statement", args=[other.statement_id]))
    assert (page.context["counted"], page.context["difference"]) == (5, -3)
    assert "różnica" in text(page)


def test_a_statement_of_a_new_account_is_compared_with_the_old_one_beside_it(office, by):
    fund = make.fund(100)
    old, *_more = lines(fund, ("10.00", "x"), by=by)
    orders.set_account(fund, by=by, iban=bank.OTHER)
    new, *_more = lines(fund, ("5.00", "y"), by=by, opening="0.00", account=bank.OTHER)
    for row in (old, new):
        statement_lines.income(row, by=by)
    found = []
    for row in (old, new):
        page = office.get(reverse("loans:statement", args=[row.statement_id]))
        found.append(tuple(page.context[name] for name in ("closing", "counted", "difference")))
    assert found == [(110, 110, 0), (115, 115, 0)]
    assert f"są zgodne: {money(D(115))}".replace("\u00a0", " ") in text(page)
    bank.agrees(fund)


def test_lines_of_a_statement_are_found_by_state_and_words(office, loan, by):
    row, *_more = lines(loan.fund, ("10.00", "x"), ("20.00", loan.number), by=by)
    address = reverse("loans:statement", args=[row.statement_id])
    assert [one.number for one in office.get(address).context["page"].rows] == [1, 2]
    assert [one.number for one in office.get(address, {"state": "matched"}).context["page"].rows] == [2]
    assert [one.number for one in office.get(address, {"order": "-amount"}).context["page"].rows] == [2, 1]


def test_a_statement_is_matched_once_more(office, loan, by):
    row, *_more = lines(loan.fund, ("10.00", "rata", "", bank.COOP), by=by)
    address = reverse("loans:statement", args=[row.statement_id])
    assert office.get(address).context["may_match"] is True
    make.account(loan.organisation, iban=bank.COOP)
    response = office.post(reverse("loans:statement-match", args=[row.statement_id]), follow=True)
    assert "1 wpłata" in said(response)
    assert fresh(row).state == LineState.MATCHED
    assert response.context["may_match"] is False


@pytest.mark.parametrize("form", [files.mt940, files.camt053, files.csv_mbank])
def test_the_file_comes_back_byte_by_byte_and_runs_nowhere(office, by, form):
    fund = make.fund(0)
    data = bank.written(APRIL, ("10.00", "<script>alert(1)</script>"), opening="0.00", form=form)
    sent(office, fund, data, name='wy"ciąg\r\n.exe')
    response = office.get(reverse("loans:statement-file", args=[BankStatement.objects.get().pk]))
    assert response.content == data
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "exe" not in response["Content-Disposition"]


# One line


def test_a_line_shows_what_the_bank_wrote_as_text(office, by):
    title = "<script>alert(1)</script> {{ 7*7 }} =cmd|' /C calc'!A0"
    made = files.statement(make.IBAN, APRIL, APRIL, [(APRIL, "10.00", title, "<b>Ktoś</b>", bank.COOP, "REF1")])
    sent(office, make.fund(0), files.camt053(made))
    row = StatementLine.objects.get()
    page = office.get(reverse("loans:statement-line", args=[row.pk]))
    assert "<script>alert" not in page.content.decode()
    assert html.escape(title) in page.content.decode()
    assert "81 9990 0005 0000 1111 2222 3333" in text(page)
    assert "REF1" in text(page)
    for address in (reverse("loans:statements"), reverse("loans:statement", args=[row.statement_id])):
        assert "<script>alert" not in office.get(address).content.decode()


def test_ten_thousand_signs_in_a_title(office, by):
    made = files.statement(make.IBAN, APRIL, APRIL, [(APRIL, "10.00", "ż" * 10_000, "ó" * 10_000)])
    sent(office, make.fund(0), files.camt053(made))
    for address in (
        reverse("loans:statements"),
        reverse("loans:statement-line", args=[StatementLine.objects.get().pk]),
    ):
        assert office.get(address).status_code == 200


def test_a_payment_is_suggested_and_posted_by_one_click(office, loan, by):
    second = lent(DAY(2026, 3, 3), organisation=loan.organisation)
    row, *_more = lines(loan.fund, ("100.00", "rata", "", loan.organisation.bank_accounts.get().iban), by=by)
    page = office.get(reverse("loans:statement-line", args=[row.pk]))
    assert [one.key for one in page.context["suggestions"]] == [second.number, loan.number]
    response = explained(office, row, "payment", number=loan.number)
    assert said(response) == "Wpłata jest zaksięgowana."
    assert response.redirect_chain[-1][0] == reverse("loans:statements")
    assert Payment.objects.get().loan == loan
    page = office.get(reverse("loans:statement-line", args=[row.pk]))
    assert page.context["explanation"].loan == loan
    assert loan.number in text(page)


def test_a_second_click_posts_nothing_and_says_what_happened(office, loan, by):
    row, *_more = lines(loan.fund, ("100.00", "rata"), by=by)
    for _nth in range(2):
        response = explained(office, row, "payment", number=loan.number)
    assert response.redirect_chain[-1][0] == reverse("loans:statement-line", args=[row.pk])
    assert "zmieniono" in said(response)
    assert Payment.objects.count() == 1
    assert response.context["explanation"].loan == loan


def test_an_early_repayment_is_chosen(office, loan, by):
    row, *_more = lines(loan.fund, ("5000.00", "nadpłata"), by=by)
    explained(office, row, "payment", number=f" {loan.number.lower()} ", mode="shorten")
    assert Payment.objects.get().mode == "shorten"


@pytest.mark.parametrize("number", ["", "PZ/2019/9999", "x" * 41, "'; DROP TABLE loans_loan; --", "=1+1"])
def test_a_number_of_no_loan_is_told(office, loan, by, number):
    row, *_more = lines(loan.fund, ("100.00", "rata"), by=by)
    response = explained(office, row, "payment", number=number)
    assert response.context["form"].errors["number"]
    assert fresh(row).state == LineState.WAITING


def test_what_the_loan_refuses_is_told(office, loan, by):
    row, *_more = lines(loan.fund, (DAY(2026, 3, 1), "10.00", "rata"), by=by, first_day=DAY(2026, 3, 1))
    response = explained(office, row, "payment", number=loan.number)
    assert "wypłat" in errors(response)
    assert fresh(row).state == LineState.WAITING


@pytest.mark.parametrize(
    ("amount", "action", "fields"),
    [
        ("10.00", "capital", {}),
        ("10.00", "capital", {"entrusted": "on"}),
        ("10.00", "income", {}),
        ("-10.00", "costs", {}),
        ("-10.00", "capital", {}),
    ],
)
def test_other_explanations_are_one_click(office, by, boss, amount, action, fields):
    fund = make.fund(500)
    row, *_more = lines(fund, (amount, "x"), by=by)
    assert said(explained(office, row, action, **fields)) == "Pozycja jest wyjaśniona."
    assert fresh(row).state == LineState.EXPLAINED
    bank.agrees(fund)
    # who explained it does not put it back
    response = explained(office, row, "put-back", reason="Pomyłka.")
    assert fresh(row).state == LineState.EXPLAINED
    assert errors(response)
    office.force_login(boss)
    response = explained(office, row, "put-back", reason="Pomyłka.")
    assert response.redirect_chain[-1][0] == reverse("loans:statement-line", args=[row.pk])
    assert "Pomyłka." in text(response)
    assert fresh(row).state == LineState.WAITING


def test_a_reason_is_asked_for(office, by, boss):
    row, *_more = lines(make.fund(0), ("10.00", "x"), by=by)
    statement_lines.income(row, by=by)
    office.force_login(boss)
    assert explained(office, row, "put-back", reason=" ").context["form"].errors["reason"]


def test_a_payout_is_suggested_and_booked_by_one_click(office, by):
    loan = make.ready(50_000, tranches=[(20_000, 0), (30_000, 60)])
    tranche = make.ordered(loan, 1)
    row, *_more = lines(loan.fund, ("-20000.00", "Pożyczka"), by=by)
    page = office.get(reverse("loans:statement-line", args=[row.pk]))
    assert [(one.action, one.key) for one in page.context["suggestions"]] == [("payout", str(tranche.pk))]
    explained(office, row, "payout", chosen=tranche.pk)
    tranche.refresh_from_db()
    assert (tranche.state, fresh(row).entry) == (TrancheState.PAID, tranche.entry)
    assert "Wypłata transzy" in text(office.get(reverse("loans:statement-line", args=[row.pk])))


def test_an_overpayment_is_sent_back_by_its_number(office, loan, by):
    lines(loan.fund, ("3000.00", loan.number), by=by)
    row, *_more = lines(loan.fund, ("-100.00", "zwrot"), by=by)
    explained(office, row, "refund", number=loan.number)
    assert fresh(row).entry.payment.amount == -100


def test_a_receipt_sent_back_is_suggested_on_both_sides(office, by):
    came, went = lines(make.fund(0), ("40.00", "pomyłka"), ("-40.00", "zwrot"), by=by)
    page = office.get(reverse("loans:statement-line", args=[came.pk]))
    assert [one.key for one in page.context["suggestions"]] == [str(went.pk)]
    assert said(explained(office, came, "returned", chosen=went.pk)) == "Obie pozycje są wyjaśnione."
    page = office.get(reverse("loans:statement-line", args=[went.pk]))
    assert page.context["explanation"].other == came
    assert reverse("loans:statement-line", args=[came.pk]) in page.content.decode()


def test_capital_posted_by_hand_is_suggested(office, by):
    fund = make.fund(9000)
    row, *_more = lines(fund, ("9000.00", "wpłata"), by=by, opening="0.00")
    page = office.get(reverse("loans:statement-line", args=[row.pk]))
    (found,) = page.context["suggestions"]
    explained(office, row, "found", chosen=found.key)
    assert fresh(row).state == LineState.EXPLAINED
    assert "jest na wyciągu" in text(office.get(reverse("loans:statement-line", args=[row.pk])))


def test_a_payment_noted_by_hand_is_one_click(office, loan, by):
    opening = bank.at_the_bank(loan.fund)
    said_ = {"amount": D(500), "value_date": DAY(2026, 4, 1), "document": "WB/9", "key": "1"}
    noted = repayments.receive(loan, by=by, **said_)
    row, *_more = lines(loan.fund, ("500.00", loan.number), by=by, opening=opening)
    page = office.get(reverse("loans:statement-line", args=[row.pk]))
    assert "wpłata zapisana ręcznie" in text(page)
    assert reverse("loans:statement-line-explain", args=[row.pk, "noted"]) in page.content.decode()
    response = explained(office, row, "noted", chosen=page.context["suggestions"][0].key)
    assert said(response) == "Wpłata zapisana ręcznie ma swoją pozycję na wyciągu."
    assert [(one, one.line) for one in Payment.objects.all()] == [(noted, row)]
    assert fresh(row).state == LineState.EXPLAINED


@pytest.mark.parametrize("action", ["payout", "returned", "found", "noted"])
@pytest.mark.parametrize("chosen", ["", "0", "x", "99999999999999999999", "-1"])
def test_what_is_not_suggested_is_not_chosen(office, by, action, chosen):
    row, *_more = lines(make.fund(0), ("-10.00" if action == "payout" else "10.00", "x"), by=by)
    response = explained(office, row, action, chosen=chosen)
    assert response.status_code == 200
    assert errors(response)
    assert fresh(row).state == LineState.WAITING


def test_an_unknown_action_and_a_get_lead_nowhere(office, by):
    row, *_more = lines(make.fund(0), ("10.00", "x"), by=by)
    assert explained(office, row, "nonsense").status_code == 404
    assert office.get(reverse("loans:statement-line-explain", args=[row.pk, "income"])).status_code == 405
    assert office.get(reverse("loans:statement-line", args=[row.pk + 1000])).status_code == 404


def test_the_wrong_side_is_told(office, loan, by):
    row, *_more = lines(loan.fund, ("10.00", "x"), by=by)
    assert "wpłynęły" in errors(explained(office, row, "costs"))
    assert (
        "wpłynęły" in errors(explained(office, row, "refund", number="PZ/2026/0001")) or fresh(row).state == "waiting"
    )


def test_a_payment_taken_back_on_its_own_page_lets_the_line_wait(office, loan, by, boss):
    row, *_more = lines(loan.fund, ("10.00", loan.number), by=by)
    repayments.take_back(Payment.objects.get(), by=boss, reason="Nie ta.")
    page = office.get(reverse("loans:statement-line", args=[row.pk]))
    assert page.context["forms"].keys() == {"payment", "capital"}
    assert "Nie ta." in text(page)


def test_the_menu_counts_what_waits(office, by):
    lines(make.fund(0), ("10.00", "x"), ("11.00", "y"), by=by, opening="0.00")
    page = office.get(reverse("loans:statements")).content.decode()
    entry = re.search(rf'<a[^>]*href="{reverse("loans:statements")}"[^>]*>(.*?)</a>', page, re.S)
    assert "Wyciągi bankowe" in entry[1]
    assert "2" in re.sub(r"<[^>]+>", "", entry[1])
