"""A borrower's own page by link: what it says of a loan in every standing, who may open it, how it is sent."""

import datetime
import html
import re
from decimal import Decimal

import pgtrigger
import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from centrum.intake.models import LetterTemplate
from centrum.kit import clock, outbox
from centrum.kit.logs import mask_path
from centrum.kit.models import ExportRecord, OutboxMessage
from centrum.kit.polish import money
from centrum.kit.transitions import Refused
from centrum.staff.enums import Role
from loans import account, arrears, client_links, measures, queries, telling, transfer_code
from loans.enums import LoanState, MeasureKind
from loans.models import Fund, Loan, LoanLink, NbpRate
from tests.factories import base, claims
from tests.factories import loans as make
from tests.factories import repayments as life
from tests.threads import at_once

pytestmark = pytest.mark.django_db
D, DAY = Decimal, datetime.date
LENT = DAY(2025, 1, 10)  # 12 000 PLN over 12 months at 6 %
FIRST = D("1061.15")  # of 10 February
TODAY = DAY(2025, 2, 3)


@pytest.fixture
def loan():
    return life.lent(LENT)


@pytest.fixture
def token(loan):
    with life.on(TODAY):
        return sent(loan)


def sent(loan):
    client_links.send(loan, by=make.officer(), email=client_links.addresses(loan)[0])
    return make.link_token(loan)


def opened(token, day, **more):
    """The text of the page on a day, and its context, as somebody sees it who has nothing but the link."""
    with life.on(day):
        answer = Client().get(reverse("own-loan:page", args=[token]), **more)
    assert answer.status_code == 200
    text = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return " ".join(html.unescape(text).replace("\u00a0", " ").split()), answer.context


def said(amount):
    return money(amount).replace("\u00a0", " ")


# What it says


def test_a_loan_in_time(loan, token):
    text, context = opened(token, TODAY)
    assert "Nie masz zaległości." in text
    assert f"Najbliższa rata {said(FIRST)} , do 10 lutego 2025" in text
    assert f"Pozostaje do spłaty {said(12_000)}" in text
    assert (context["to_pay"], context["late"]) == (FIRST, False)
    with life.on(TODAY):
        assert context["payoff"] == sum(telling.payoff(loan, TODAY).values())
    assert [row["state"] for row in context["rows"]] == ["later"] * 12
    assert "Nie zapisaliśmy jeszcze żadnej wpłaty" in text


def test_an_instalment_that_is_due_today_and_one_paid_in_part(loan, token):
    life.pay(loan, DAY(2025, 2, 10), 500)
    text, context = opened(token, DAY(2025, 2, 10))
    assert [row["state"] for row in context["rows"][:2]] == ["today", "later"]
    assert context["to_pay"] == FIRST - 500 and "Nie masz zaległości." in text
    assert f"10.2.2025 : {said(D(500))} odsetki {said(D('61.15'))} ; kapitał" in text


def test_arrears_with_interest_for_delay_until_today_in_plain_words(loan, token):
    day = DAY(2025, 2, 25)
    text, context = opened(token, day)
    with life.on(day):
        standing = telling.standing(loan, day)
    assert standing.penalty > 0
    assert f"Masz zaległość: {said(standing.arrears)}. To kwota na dziś, 25 lutego 2025." in text
    assert "Najstarsza rata spóźnia się o 15 dni." in text
    assert f"odsetki za opóźnienie do dziś {said(standing.penalty)}" in text
    assert f"kapitał {said(D(1000))}" in text
    assert context["to_pay"] == standing.arrears == FIRST + standing.penalty
    assert context["rows"][0]["state"] == "late"
    assert "o 16 dni" in opened(token, DAY(2025, 2, 26))[0]  # it grows by itself


def test_late_with_one_and_another_due_today_both_are_to_be_paid(loan, token):
    _text, context = opened(token, DAY(2025, 3, 10))
    standing = context["standing"]
    assert standing.next_due == DAY(2025, 3, 10)
    assert context["to_pay"] == standing.arrears + standing.next_total


def test_an_overpayment_is_taken_off_the_next_instalment(loan, token):
    life.pay(loan, TODAY, 100)
    text, context = opened(token, TODAY)
    assert context["to_pay"] == FIRST - 100
    assert "nadpłata jest już odjęta" in text and f"Nadpłata {said(D(100))}" in text
    life.pay(loan, TODAY, 1000)
    text, context = opened(token, TODAY)
    assert context["to_pay"] == 0 and context["transfer"] is None
    assert "Ratę z dnia 10 lutego 2025 pokrywa Twoja nadpłata." in text


def test_a_loan_that_is_paid_back(loan, token):
    with life.on(TODAY):
        whole = sum(telling.payoff(loan, TODAY).values())
    life.pay(loan, TODAY, whole, mode="reduce")
    assert Loan.objects.get().state == LoanState.REPAID
    text, context = opened(token, TODAY)
    assert "Ta pożyczka jest spłacona." in text and context["transfer"] is None


CALLED, LATER = DAY(2025, 5, 12), DAY(2025, 9, 1)


def terminated(loan):
    by, boss = make.officer(), make.manager()
    with life.on(CALLED - datetime.timedelta(days=30)):
        row = claims.prepared(loan, MeasureKind.TERMINATION, by=by, on=CALLED)
    with life.on(CALLED):
        measures.confirm(row, by=boss)


def written_off(loan):
    """The decision, after which the claim is all that is left."""
    terminated(loan)
    life.night(loan.fund, LATER)
    with life.on(LATER):
        return claims.decided(loan, MeasureKind.WRITE_OFF, by=make.officer(), boss=make.manager(), on=LATER)


def restructured(loan, cut):
    """Nothing was paid until the day `cut`, from which an annex makes the term longer."""
    by, boss = make.officer(), make.manager()
    with life.on(cut):
        annex = claims.annexed(loan, by=by, boss=boss, on=cut)
        claims.decided(loan, MeasureKind.RESTRUCTURING, by=by, boss=boss, annex=annex)


def test_of_a_terminated_loan_everything_is_due(loan, token):
    terminated(loan)
    text, context = opened(token, DAY(2025, 5, 20))
    with life.on(DAY(2025, 5, 20)):
        whole = sum(telling.payoff(loan, DAY(2025, 5, 20)).values())
    assert context["to_pay"] == whole > 12_000
    assert f"Umowa jest wypowiedziana. Do zapłaty jest wszystko: {said(whole)} na dziś, 20 maja 2025." in text
    assert context["rows"] == [] and "Najbliższa rata" not in text
    life.pay(loan, DAY(2025, 5, 20), whole)
    text, context = opened(token, DAY(2025, 5, 20))
    assert Loan.objects.get().state == LoanState.REPAID and "Ta pożyczka jest spłacona." in text
    assert context["rows"] == []  # none that would look late


def test_of_a_loan_that_was_written_off_the_claim_is_left(loan, token):
    lost = written_off(loan)
    claim = lost.amount + lost.rest
    text, context = opened(token, DAY(2025, 9, 2))
    assert lost.amount == 12_000 and context["lost"] == context["to_pay"] == claim
    assert f"Do zapłaty zostało {said(claim)}." in text and context["rows"] == []
    life.pay(loan, DAY(2025, 9, 3), 1000)
    assert opened(token, DAY(2025, 9, 3))[1]["to_pay"] == claim - 1000
    # the papers tell the same
    assert account.owed(account.balances(loan, DAY(2025, 9, 3))) == claim - 1000


def test_of_a_claim_that_came_back_whole_nothing_is_asked_for(loan, token):
    lost = written_off(loan)
    life.pay(loan, DAY(2025, 9, 3), lost.amount + lost.rest)
    text, context = opened(token, DAY(2025, 9, 4))
    assert Loan.objects.get().state == LoanState.WRITTEN_OFF
    assert (context["over"], context["late"], context["to_pay"], context["transfer"]) == (True, False, 0, None)
    assert context["rows"] == [] and "Ta pożyczka jest spłacona." in text
    assert "zaległość" not in text and "Jak zapłacić" not in text


def test_after_a_restructuring_what_is_overdue_is_told_as_by_a_letter(loan, token):
    restructured(loan, DAY(2025, 4, 10))
    day = DAY(2025, 4, 15)
    text, context = opened(token, day)
    with life.on(day):
        owed = arrears.owed(loan)
    standing = context["standing"]
    assert standing.restructured > 0 and standing.penalty > 0
    assert context["to_pay"] == context["overdue"] == owed.total == standing.arrears + standing.restructured
    assert f"Masz zaległość: {said(owed.total)}." in text
    assert f"odsetki wydzielone w porozumieniu {said(standing.restructured)}" in text
    assert context["next_left"] == standing.next_total
    life.pay(loan, day, context["to_pay"])
    _text, context = opened(token, day)
    assert not context["late"] and context["to_pay"] == standing.next_total
    life.pay(loan, standing.next_due, context["to_pay"])
    late = opened(token, standing.next_due + datetime.timedelta(days=1))[1]["standing"]
    assert (late.arrears, late.restructured, late.days) == (0, 0, 0)


def test_interest_that_was_set_apart_is_paid_with_the_next_instalment(loan, token):
    restructured(loan, DAY(2025, 4, 10))
    day = DAY(2025, 4, 15)
    with life.on(day):
        before = telling.standing(loan)
    life.pay(loan, day, before.arrears)  # interest for delay, and no more
    text, context = opened(token, day)
    standing = context["standing"]
    assert not context["late"] and standing.restructured == before.restructured > 0
    whole = standing.next_total + standing.restructured
    assert context["to_pay"] == context["next_left"] == whole
    assert f"Najbliższa rata {said(whole)} , do 12 maja 2025 razem z wydzielonymi odsetkami" in text
    assert f"Odsetki wydzielone w porozumieniu {said(standing.restructured)}" in text
    # what the annex took over is not listed as late
    assert [row["row"].nr for row in context["rows"]][:2] == [4, 5]
    assert {row["state"] for row in context["rows"]} == {"later"}
    assert "Rat do dnia restrukturyzacji (10.4.2025) tu nie ma" in text
    life.pay(loan, day, 100)
    assert opened(token, day)[1]["to_pay"] == whole - 100
    life.pay(loan, standing.next_due, whole - 100)
    late = opened(token, standing.next_due + datetime.timedelta(days=1))[1]["standing"]
    assert (late.arrears, late.restructured, late.days) == (0, 0, 0)


def test_where_a_rate_is_missing_no_sum_is_told(loan, token):
    with pgtrigger.ignore():
        NbpRate.objects.filter(kind="reference").delete()
    text, context = opened(token, DAY(2025, 2, 25))
    assert "Nie możemy teraz policzyć kwot na dziś." in text
    assert context["standing"] is None and context["transfer"] is None
    assert "Najbliższa rata" not in text


def test_the_page_speaks_english_where_it_is_chosen(loan, token, settings):
    with life.on(TODAY):
        client = Client()
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        page = client.get(reverse("own-loan:page", args=[token])).content.decode()
    assert "You have nothing overdue." in page


def test_it_costs_the_same_however_much_was_paid(loan, token):
    def queries():
        with life.on(TODAY), CaptureQueriesContext(connection) as found:
            Client().get(reverse("own-loan:page", args=[token]))
        return len(found)

    life.pay(loan, TODAY, 10)
    queries()
    first = queries()
    for _time in range(2):
        life.pay(loan, TODAY, 10)
    assert queries() == first


# How to pay


def test_account_title_and_code_of_the_transfer(loan, token):
    text, context = opened(token, TODAY)
    assert "PL61 1090 1014 0000 0712 1981 2874" in text
    assert f"Tytuł przelewu {loan.number}" in text
    transfer = context["transfer"]
    assert transfer.amount == FIRST and transfer.picture.startswith("<svg")


def test_what_the_code_says():
    name, title = "Stowarzyszenie Wspierania Małej Przedsiębiorczości", "PZ/2025/0001"
    code = transfer_code.text(make.IBAN, D("1061.15"), name, title)
    assert code == "|PL|61109010140000071219812874|106115|Stowarzyszenie Wspie|PZ/2025/0001|||"
    assert transfer_code.text(make.IBAN, D("0.01"), "A|B\nC", title).split("|")[3:5] == ["000001", "A B C"]
    assert transfer_code.text(make.IBAN, D("9999.99"), name, title).split("|")[3] == "999999"
    for amount in (D(10_000), D(0), D("-1")):
        assert transfer_code.text(make.IBAN, amount, name, title) is None
    assert len(transfer_code.text(make.IBAN, D(1), name, "x" * 99).split("|")[5]) == 32


def test_an_amount_too_large_for_the_code_is_typed():
    loan = life.lent(LENT, 200_000, months=12)
    with life.on(TODAY):
        token = sent(loan)
    text, context = opened(token, TODAY)
    assert context["transfer"].picture == "" and context["to_pay"] > transfer_code.MOST
    assert "Ta kwota nie mieści się w kodzie QR" in text


def test_without_an_account_of_the_fund_there_is_no_way_to_pay_shown(loan, token):
    Fund.objects.update(iban="")
    text, context = opened(token, TODAY)
    assert context["transfer"] is None and "Jak zapłacić" not in text


# The balance


def test_the_borrower_takes_the_confirmation_of_balance(loan, token):
    for day in range(11, 32):
        life.night(loan.fund, DAY(2025, 1, day))
    for day in (1, 2, 3):
        life.night(loan.fund, DAY(2025, 2, day))
    with life.on(TODAY):
        made = Client().get(reverse("own-loan:balance", args=[token]))
        assert (made.status_code, made["Content-Type"]) == (200, "application/pdf")
        assert made["X-Robots-Tag"] == "noindex" and "no-store" in made["Cache-Control"]
    assert ExportRecord.objects.count() == 0


# Who may open it


def test_a_forged_or_cut_link_opens_nothing(loan, token):
    with life.on(TODAY):
        for wrong in ("loan:x", token[:-1], token + "a", token.upper(), "loan:" + "a" * 43, str(loan.public_id), "0"):
            for name in ("own-loan:page", "own-loan:balance"):
                assert Client().get(reverse(name, args=[wrong])).status_code == 404, wrong
        assert Client().post(reverse("own-loan:page", args=[token])).status_code == 405


def test_nobody_keeps_the_page_or_finds_it(loan, token):
    with life.on(TODAY):
        answer = Client().get(reverse("own-loan:page", args=[token]))
    assert answer["X-Robots-Tag"] == "noindex"
    assert "no-store" in answer["Cache-Control"]
    assert '<meta name="robots" content="noindex">' in answer.content.decode()
    assert token not in mask_path(reverse("own-loan:page", args=[token]))


def test_the_page_names_no_people(loan, token):
    text, _context = opened(token, TODAY)
    person, application = loan.person, loan.decision.review.application
    for name in (person.last_name, person.email, application.email, str(loan.officer), loan.organisation.name):
        assert not name or name.replace("\u00a0", " ") not in text


def test_a_new_link_closes_the_one_before_and_a_link_ends(loan, token):
    with life.on(TODAY):
        officer = make.officer()
        again = sent(loan)
        assert again != token
        assert Client().get(reverse("own-loan:page", args=[token])).status_code == 404
        assert Client().get(reverse("own-loan:page", args=[again])).status_code == 200
        assert client_links.close(loan, by=officer) and not client_links.close(loan, by=officer)
        assert Client().get(reverse("own-loan:page", args=[again])).status_code == 404
        third = sent(loan)
    for day, status in ((TODAY + datetime.timedelta(days=364), 200), (TODAY + datetime.timedelta(days=365), 404)):
        with life.on(day):
            assert Client().get(reverse("own-loan:page", args=[third])).status_code == status
    assert loan.links.count() == 3


def test_the_digest_alone_is_kept(loan, token):
    link = LoanLink.objects.get()
    assert token not in f"{link.__dict__}" and len(link.digest) == 32
    message = OutboxMessage.objects.latest("pk")
    assert token in message.body and token not in outbox.for_staff(message)
    for values in ({"digest": b"x" * 32}, {"email": "x@example.org"}, {"expires_at": clock.now()}):
        with pytest.raises(DatabaseError), transaction.atomic():
            LoanLink.objects.update(**values)


# How it is sent


def test_a_link_goes_to_a_known_address_in_the_language_of_the_application(loan):
    officer = make.officer()
    loan.organisation.email = "Biuro@Example.org"
    loan.organisation.save()
    loan = Loan.objects.get()
    with life.on(TODAY):
        assert client_links.addresses(loan)[0] == "biuro@example.org"
        with pytest.raises(Refused) as refused:
            client_links.send(loan, by=officer, email="obcy@example.org")
        assert "email" in refused.value.message_dict
        with pytest.raises(PermissionDenied):
            client_links.send(loan, by=make.accountant(), email="biuro@example.org")
        link = client_links.send(loan, by=officer, email="biuro@example.org")
        message = OutboxMessage.objects.latest("pk")
        assert (message.to, message.about, link.email) == ("biuro@example.org", loan.number, "biuro@example.org")
        assert message.subject == f"{loan.number}: strona pożyczki"
        assert "3\u00a0lutego\u00a02026" in message.body
        loan.decision.review.application.__class__.objects.update(language="en")
        client_links.send(loan, by=officer, email="biuro@example.org")
        assert OutboxMessage.objects.latest("pk").subject == f"{loan.number}: the page of your loan"
    assert LetterTemplate.objects.filter(code="loan_link").count() == 2


def test_the_main_contact_is_written_to_first(loan):
    application = loan.decision.review.application.email
    known = [address for address in (loan.organisation.email, loan.person.email) if address]
    assert queries.addresses(loan) == known
    assert client_links.addresses(loan) == list(dict.fromkeys([*known, application]))
    person = base.person(email="Prezes@Example.org")
    loan.organisation.contacts.create(person=person, role="prezes", main=True, valid_from=LENT)
    assert queries.addresses(loan) == ["prezes@example.org", *known]
    assert client_links.addresses(loan) == list(dict.fromkeys(["prezes@example.org", *known, application]))


def test_nothing_is_sent_of_a_loan_that_was_not_paid_out():
    loan = make.secured()
    with pytest.raises(Refused):
        client_links.send(loan, by=loan.officer, email=client_links.addresses(loan)[0])
    assert LoanLink.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_of_links_that_are_sent_at_once_one_works(loan):
    officer, address = make.officer(), client_links.addresses(loan)[0]
    with life.on(TODAY):
        now = clock.now()

    def run(_number):
        with clock.at(now):
            return client_links.send(loan, by=officer, email=address)

    found = at_once(4, run)
    assert all(isinstance(one, LoanLink) for one in found)
    assert LoanLink.objects.filter(closed_at=None).count() == 1


def test_the_link_by_the_pages_of_the_office(loan):
    with life.on(TODAY):
        officer = make.officer()
        office = Client()
        office.force_login(officer)
        page, send = (reverse(f"loans:{name}", args=[loan.public_id]) for name in ("loan-monitoring", "loan-link"))
        assert "Nie wysłano jeszcze linku." in office.get(page).content.decode()
        address = client_links.addresses(loan)[0]
        assert address in office.get(send).content.decode()
        assert office.post(send, {"email": "obcy@example.org"}).status_code == 200
        assert office.post(send, {"email": address}).status_code == 302
        shown = office.get(page).content.decode()
        assert "jeszcze nieotwarty" in shown and address in shown
        token = make.link_token(loan)
        assert token not in shown
        Client().get(reverse("own-loan:page", args=[token]))
        assert "ostatnio otwarty" in office.get(page).content.decode()
        closing = reverse("loans:loan-link-close", args=[loan.public_id])
        assert office.post(closing).status_code == 302
        assert "Ostatni link już nie działa." in office.get(page).content.decode()
        office.force_login(base.user(Role.COORDINATOR))
        assert office.get(send).status_code == 403
