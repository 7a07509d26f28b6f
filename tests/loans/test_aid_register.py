"""The register of aid: reckoned on the day of the signature, by two people, corrected with a trace, never above the
ceiling however many grant at once."""

import datetime
import io
import itertools
import threading
from contextlib import nullcontext, suppress
from decimal import Decimal

import pypdf
import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction

from centrum.kit import clock
from centrum.kit.models import StateChange
from centrum.kit.transitions import Refused, Stale
from centrum.register import ties
from centrum.staff.enums import Role
from loans import agreements, aid, annexes, granting, reviews
from loans.deminimis import assessing, calculating, certificates, euro, register, room
from loans.enums import AidState, NbpKind
from loans.models import AidCertificate, AidGrant, AidKind, AidMargin, DecisionAid, NbpRate, Product
from loans.schedule import EQUAL_PRINCIPAL
from tests.factories import aid as of
from tests.factories import base, claims
from tests.factories import guarantees as guarantee_factory
from tests.factories import loans as make
from tests.factories import reviews as waiting
from tests.threads import at_once

pytestmark = pytest.mark.django_db
D, DAY = Decimal, datetime.date
TODAY = of.TODAY
REASON = "Nowa spółdzielnia bez historii."


def at(day, hour=9):
    return clock.at(datetime.datetime(day.year, day.month, day.day, hour, tzinfo=datetime.UTC))


@pytest.fixture(autouse=True)
def told():
    with at(TODAY):
        yield


@pytest.fixture
def rates():
    return of.ready()


@pytest.fixture
def officer():
    return make.officer()


@pytest.fixture
def boss():
    return make.manager()


@pytest.fixture
def loan(officer, boss, rates):
    """50 000 PLN, 36 months, 6 of grace, at 3.8 %; its agreement is drawn up and its aid assessed."""
    return of.drawn(by=officer, boss=boss)


def text_of(certificate):
    pages = pypdf.PdfReader(io.BytesIO(bytes(certificate.file.data))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).replace("\u00a0", " ").split())


def filled(organisation, eur, on=TODAY):
    """`eur` of another's aid, as SUDOP shows it."""
    return of.stated(organisation, "sudop", [(on, str(eur))], as_of=on)


# Assessed with the decision


def test_an_approval_keeps_its_aid_with_everything_that_went_in(loan, officer):
    kept = DecisionAid.objects.get(decision=loan.decision)
    found = kept.calculation
    wanted = aid.of_loan(
        D(50_000),
        36,
        6,
        reference=D("0.0852"),
        charged=D("0.038"),
        discount=D("0.0552"),
        per_year=12,
        method=EQUAL_PRINCIPAL,
    )
    assert (found.total, kept.eur) == (wanted.total, aid.rounded(wanted.total / D("4.25")))
    assert (found.method, found.on, found.reason, found.by) == ("reference", TODAY, REASON, officer)
    assert (found.base_rate.kind, found.margin.points, found.discount) == (NbpKind.EC_BASE, 400, D("0.0552"))
    assert [D(row["value"]) for row in found.rows] == [row.value for row in wanted.rows]
    assert {name: D(found.inputs[name]) for name in ("amount", "charged", "reference")} == {
        "amount": D(50_000),
        "charged": D("0.038"),
        "reference": D("0.0852"),
    }
    assert found.version == calculating.VERSION
    with pytest.raises(DatabaseError), transaction.atomic():
        type(found).objects.filter(pk=found.pk).update(total=0)


def decision(officer, boss, rate="0.038", gives=True, **data):
    if not NbpRate.objects.filter(kind=NbpKind.REDISCOUNT).exists():
        make.nbp_rate(rate, valid_from=DAY(2026, 3, 5))
    return make.decided(by=officer, boss=boss, product=make.product(de_minimis=gives), **data)


def assess(row, by, **more):
    return assessing.assess(row, by=by, **{"rating": "none", "collateral": "normal", "reason": REASON} | more)


def test_a_rate_above_the_reference_is_no_aid_and_refused(officer, boss, rates):
    row = decision(officer, boss, rate="0.0853")
    with pytest.raises(calculating.NoAid, match=r"8,53.*8,52"):
        assess(row, officer)
    assert not DecisionAid.objects.exists()


def test_a_rate_that_is_the_reference_gives_nothing(officer, boss, rates):
    row = decision(officer, boss, rate="0.0852")
    assert (assess(row, officer).eur, row.aid.calculation.total) == (0, 0)


def test_a_product_without_aid_gives_none(officer, boss):
    row = decision(officer, boss, gives=False)
    assert assess(row, officer) is None
    assert assessing.must_fit(row) is None


def test_what_is_missing_is_said(officer, boss):
    row = decision(officer, boss)
    with pytest.raises(Refused):
        assess(row, officer)  # no base rate
    make.nbp_rate("0.0452", kind=NbpKind.EC_BASE, valid_from=DAY(2024, 1, 1))
    with pytest.raises(euro.NoRate, match=r"30\.10\.2026"):
        assess(row, officer)
    of.eur()
    for wrong in ({"reason": " "}, {"rating": "best"}, {"collateral": ""}):
        with pytest.raises(Refused):
            assess(row, officer, **wrong)
    AidMargin.objects.filter(rating="none").update(valid_to=TODAY)
    with pytest.raises(Refused):
        assess(row, officer)
    with pytest.raises(PermissionDenied):
        assess(row, base.user(Role.ADVISER))


def test_an_approval_above_the_ceiling_is_blocked_with_the_first_day(officer, boss, rates):
    row = decision(officer, boss)
    filled(row.organisation, 299_500, on=DAY(2026, 5, 6))
    with pytest.raises(Refused, match=r"7\.5\.2029"):
        assess(row, officer)
    assert not DecisionAid.objects.exists()


def test_an_approval_that_fitted_is_looked_at_again_when_it_is_confirmed(officer, boss, rates):
    row = decision(officer, boss)
    kept = assess(row, officer)
    left = D(300_000) - kept.eur
    filled(row.organisation, left)
    assert assessing.must_fit(row).left == kept.eur
    filled(row.organisation, left + D("0.01"))
    with pytest.raises(Refused):
        assessing.must_fit(row)


def test_another_approval_counts_before_it_is_signed(officer, boss, rates):
    organisation = base.organisation()
    first, second = (decision(officer, boss, organisation=organisation) for _number in range(2))
    eur = assess(first, officer).eur
    granting.grant(first, by=boss, unit=officer.unit, officer=officer)
    filled(organisation, D(300_000) - 2 * eur + D("0.01"))
    with pytest.raises(Refused):
        assess(second, officer)
    filled(organisation, D(300_000) - 2 * eur)
    assert assess(second, officer).used == D(300_000) - eur


# Granted with the signature


def test_the_signature_grants_with_a_certificate_on_the_same_day(loan, officer, rates):
    of.signed(loan, by=officer)
    row = AidGrant.objects.get()
    total = loan.decision.aid.calculation.total
    assert (row.state, row.instrument, row.loan, row.granted_on) == ("granted", "loan", loan, TODAY)
    assert (row.nominal, row.pln, row.eur) == (D(50_000), total, aid.rounded(total / D("4.25")))
    assert (row.eur_rate, row.used, row.report_by) == (rates, 0, DAY(2026, 11, 9))
    body = loan.organisation
    assert row.undertaking == [{"id": body.pk, "name": body.name, "nip": body.nip}]
    paper = row.certificate
    assert (paper.issued_on, paper.number[:9], paper.file.content_type) == (TODAY, "ZDM/2026/", "application/pdf")
    text = text_of(paper)
    for words in (
        paper.number,
        "2 listopada 2026",
        loan.organisation.name,
        f"NIP {loan.organisation.nip[:3]}-{loan.organisation.nip[3:6]}-{loan.organisation.nip[6:8]}",
        loan.number,
        f"{row.eur:,.2f}".replace(",", " ").replace(".", ",") + " EUR",
        f"{row.pln:,.2f}".replace(",", " ").replace(".", ","),
        "pomocą de minimis",
        "2023/2831",
        rates.table,
    ):
        assert words in text, words


def test_a_base_rate_that_changed_since_the_decision_counts_at_the_signature(officer, boss, rates):
    loan = of.drawn(by=officer, boss=boss)
    later = DAY(2026, 11, 16)
    with at(later):
        of.eur(later, "4.30")
        make.nbp_rate("0.05", kind=NbpKind.EC_BASE, valid_from=later)
        of.signed(loan, by=officer)
    row = AidGrant.objects.get()
    assert row.calculation.inputs["base"] == "0.050000"
    assert row.pln > loan.decision.aid.calculation.total
    assert (row.eur_rate.rate, row.granted_on) == (D("4.30"), later)


def test_nothing_is_granted_where_the_rate_fell_below_what_is_charged(officer, boss, rates):
    loan = of.drawn(by=officer, boss=boss)
    later = DAY(2026, 11, 16)
    with at(later):
        AidMargin.objects.filter(rating="none").update(valid_to=later)
        AidMargin.objects.create(rating="none", collateral="normal", points=1, source="test", valid_from=later)
        make.nbp_rate("0.03", kind=NbpKind.EC_BASE, valid_from=later)
        assert of.signed(loan, by=officer).state == "signed"
    assert not AidGrant.objects.exists()


def test_an_older_loan_without_an_assessment_is_signed_as_before(officer, boss):
    loan = of.drawn(by=officer, boss=boss, assess=False)
    assert of.signed(loan, by=officer).state == "signed"
    assert not AidGrant.objects.exists()


def test_without_the_rate_of_the_day_nothing_is_signed(loan, officer):
    with at(DAY(2026, 11, 4)):
        with pytest.raises(euro.NoRate, match=r"3\.11\.2026"):
            of.signed(loan, by=officer)
    with at(DAY(2026, 11, 3)):
        of.signed(loan, by=officer)  # the table of yesterday holds until that of today is out
    assert AidGrant.objects.get().eur_rate.day == TODAY


def test_without_room_nothing_is_signed(loan, officer):
    filled(loan.organisation, 299_999)
    with pytest.raises(Refused, match=r"3\.11\.2029"):
        of.signed(loan, by=officer)
    loan.refresh_from_db()
    assert (loan.state, AidGrant.objects.count(), AidCertificate.objects.count()) == ("drawn", 0, 0)


def test_without_a_kind_for_shrimp_nothing_is_signed(loan, officer):
    AidKind.objects.filter(instrument="loan").update(valid_to=TODAY)
    with pytest.raises(Refused):
        of.signed(loan, by=officer)


def test_a_guarantee_is_reckoned_by_its_years(officer, rates):
    guarantee = guarantee_factory.granted(by=officer)
    found = of.assessed(guarantee, rating="bb").calculation
    left = [D(25_000) * months / 36 for months in (36, 24, 12)]
    wanted = aid.of_guarantee(
        [amount * D("0.8") for amount in left], premium=D("0.02"), fee=D("0.01"), discount=D("0.0552")
    )
    assert (found.method, found.total, len(found.rows)) == ("safe_harbour", wanted.total, 3)
    row = register.grant_of_guarantee(guarantee, by=officer, on=TODAY)
    assert (row.guarantee, row.pln, row.nominal) == (guarantee, wanted.total, guarantee.amount)
    with pytest.raises(Refused), transaction.atomic():
        register.grant_of_guarantee(guarantee, by=officer, on=TODAY)  # once


def test_a_guarantee_at_the_price_of_the_market_gives_no_aid(officer, rates):
    guarantee = guarantee_factory.granted(by=officer, fee=D("0.02"))
    assert of.assessed(guarantee, rating="bb").eur == 0
    assert register.grant_of_guarantee(guarantee, by=officer, on=TODAY) is None


# Better terms, and what is forgiven


def paid_out(officer, boss, assess=True):
    loan = make.active(12_000, by=officer, boss=boss, months=12, grace=0)
    if assess:
        of.assessed(loan)
    return of.giving(loan)


def annexed(loan, officer, boss, **more):
    terms = {"valid_from": DAY(2026, 12, 10), "reasons": "Spadek zamówień"} | more
    row = annexes.confirm(annexes.prepare(loan, by=officer, **terms), by=boss)
    return annexes.sign(row, by=officer, signed_on=TODAY)


def test_an_annex_that_improves_the_terms_is_new_aid(officer, boss, rates):
    loan = paid_out(officer, boss)
    annex = annexed(loan, officer, boss, rate=D("0.01"))
    row = AidGrant.objects.get()
    assert (row.annex, row.loan, row.calculation.method, row.granted_on) == (annex, loan, "change", TODAY)
    assert (row.nominal, row.calculation.inputs["annex"]) == (D(11_000), annex.number)
    old = [one for one in row.calculation.rows if one["part"] == "old"]
    new = [one for one in row.calculation.rows if one["part"] == "new"]
    assert len(old) == len(new) == 11
    values = [sum(D(one["value"]) for one in part) for part in (new, old)]
    assert row.pln == aid.rounded(values[0] - values[1]) > 0
    assert row.certificate.number


@pytest.mark.parametrize("more", [{"months": 6}, {"holiday": 3}, {"grace": 3}])
def test_longer_terms_are_aid_too(officer, boss, rates, more):
    annexed(paid_out(officer, boss), officer, boss, **more)
    assert AidGrant.objects.get().pln > 0


@pytest.mark.parametrize(("assess", "rate"), [(True, "0.09"), (False, "0.01")])
def test_dearer_terms_and_an_older_loan_give_none(officer, boss, rates, assess, rate):
    annexed(paid_out(officer, boss, assess), officer, boss, rate=D(rate))
    assert not AidGrant.objects.exists()


def test_an_annex_is_not_signed_without_room(officer, boss, rates):
    loan = paid_out(officer, boss)
    filled(loan.organisation, 300_000)
    with pytest.raises(Refused, match=r"3\.11\.2029"):
        annexed(loan, officer, boss, rate=D("0.01"))
    assert not AidGrant.objects.exists()
    assert loan.annexes.get().state == "confirmed"


def test_what_is_forgiven_is_aid_of_the_same_amount(officer, boss, rates):
    loan = paid_out(officer, boss, assess=False)
    measure = claims.decided(loan, "forgiveness", by=officer, boss=boss, on=TODAY, amount=D(2_125))
    row = AidGrant.objects.get()
    assert (row.instrument, row.measure, row.calculation.method) == ("forgiveness", measure, "nominal")
    assert (row.nominal, row.pln, row.eur) == (D(2_125), D(2_125), D(500))


def test_nothing_is_forgiven_without_room_and_without_aid_nothing_is_entered(officer, boss, rates):
    loan = paid_out(officer, boss, assess=False)
    filled(loan.organisation, 299_900)
    with pytest.raises(Refused), transaction.atomic():
        claims.decided(loan, "forgiveness", by=officer, boss=boss, on=TODAY, amount=D(2_125))
    Product.objects.update(de_minimis=False)
    claims.decided(type(loan).objects.get(pk=loan.pk), "forgiveness", by=officer, boss=boss, on=TODAY, amount=D(2_125))
    assert not AidGrant.objects.exists()


def test_the_aid_of_what_lapses_after_the_signature_is_none(officer, boss, rates):
    loan = of.signed(of.drawn(by=officer, boss=boss), by=officer)
    row = AidGrant.objects.get()
    correction = register.correct(row, by=officer, pln=D(1), reason="Pomyłka.")
    agreements.lapse(loan, by=officer, reason="Rezygnacja.")
    row, correction = (AidGrant.objects.get(pk=one.pk) for one in (row, correction))
    assert (row.state, correction.state, row.reported_on, row.report_by) == (
        "cancelled",
        "dropped",
        None,
        DAY(2026, 11, 9),
    )
    assert row.certificate.invalid_because == "Rezygnacja."
    assert room.of(loan.organisation, TODAY).used == 0


# By hand


def note(by, organisation=None, **more):
    said = {"instrument": "job_grant", "granted_on": TODAY, "nominal": D(42_500), "reference": "Umowa 3/2026"}
    return register.note(organisation or base.organisation(), by=by, **said | more)


def test_one_notes_and_another_confirms(officer, boss, rates):
    row = note(officer)
    assert (row.state, row.eur, row.report_by) == ("prepared", None, None)
    with pytest.raises(PermissionDenied):
        register.confirm(row, by=officer)
    row = register.confirm(row, by=boss)
    assert (row.state, row.eur, row.used, row.report_by) == ("granted", D(10_000), 0, DAY(2026, 11, 9))
    assert row.certificate.by == boss
    with pytest.raises(Stale):
        register.confirm(row, by=boss)


def test_nobody_confirms_their_own(boss, rates):
    row = note(boss)
    with pytest.raises(Refused):
        register.confirm(row, by=boss)
    with pytest.raises(IntegrityError), transaction.atomic():
        AidGrant.objects.filter(pk=row.pk).update(
            state="granted",
            confirmed_by=boss,
            confirmed_at=clock.now(),
            eur=1,
            used=0,
            eur_rate=rates,
            report_by=TODAY,
        )


@pytest.mark.parametrize(
    "wrong",
    [
        {"instrument": "loan"},
        {"instrument": "guarantee"},
        {"granted_on": TODAY + datetime.timedelta(days=1)},
        {"nominal": D(0)},
        {"nominal": D("-1")},
        {"reference": " "},
    ],
)
def test_what_is_not_noted_by_hand(officer, wrong):
    with pytest.raises(Refused):
        note(officer, **wrong)
    assert not AidGrant.objects.exists()


def test_who_may_note_and_drop(officer, rates):
    with pytest.raises(PermissionDenied):
        note(base.user(Role.ADVISER))
    row = note(officer)
    with pytest.raises(Refused):
        register.drop(row, by=officer, reason=" ")
    assert register.drop(row, by=officer, reason="Pomyłka.").state == "dropped"


def test_a_note_is_in_eur_of_its_own_day(officer, boss, rates):
    of.eur(DAY(2026, 10, 30), "4.20")
    row = register.confirm(note(officer, granted_on=DAY(2026, 10, 30), nominal=D(4_200)), by=boss)
    assert (row.eur, row.report_by, row.certificate.issued_on) == (D(1_000), DAY(2026, 11, 6), TODAY)


@pytest.mark.parametrize(("nominal", "fits"), [("1275000.00", True), ("1275000.04", False)])
def test_the_ceiling_to_the_cent(officer, boss, rates, nominal, fits):
    row = note(officer, nominal=D(nominal))  # at 4.25: 300 000.00 EUR, and 300 000.01
    with nullcontext() if fits else pytest.raises(Refused):
        register.confirm(row, by=boss)
    assert AidGrant.objects.filter(state="granted").exists() is fits


# Corrections and cancellations


def granted(officer, boss, **more):
    return register.confirm(note(officer, **more), by=boss)


def test_a_correction_is_another_entry_by_two_people(officer, boss, rates):
    row = granted(officer, boss)
    with at(DAY(2026, 11, 20)):
        new = register.correct(row, by=officer, pln=D(34_000), reason="Część dotacji zwrócono.")
        assert (new.state, new.corrects, AidGrant.objects.get(pk=row.pk).state) == ("prepared", row, "granted")
        with pytest.raises(Stale):
            register.correct(row, by=boss, pln=D(1), reason="Inaczej.")
        new = register.confirm(new, by=boss)
    old = AidGrant.objects.get(pk=row.pk)
    assert (old.state, old.eur, old.pln) == ("corrected", D(10_000), D(42_500))  # as it was
    assert StateChange.objects.get(object_id=row.pk, action="correct").reason == "Część dotacji zwrócono."
    assert (old.certificate.invalid_on, old.certificate.invalid_because) == (
        DAY(2026, 11, 20),
        "Część dotacji zwrócono.",
    )
    assert (new.state, new.pln, new.eur, new.eur_rate) == ("granted", D(34_000), D(8_000), rates)
    assert (new.granted_on, new.report_by) == (TODAY, DAY(2026, 11, 27))
    assert new.certificate.number != old.certificate.number
    assert room.of(row.organisation).used == D(8_000)
    with pytest.raises(Stale):
        register.correct(old, by=officer, pln=D(1), reason="Jeszcze raz.")


def test_nobody_corrects_alone(boss, officer, rates):
    row = granted(officer, boss)
    new = register.correct(row, by=boss, pln=D(1), reason="Pomyłka.")
    with pytest.raises(Refused):
        register.confirm(new, by=boss)
    assert AidGrant.objects.get(pk=row.pk).state == "granted"


def test_a_correction_that_was_dropped_leaves_room_for_another(officer, boss, rates):
    row = granted(officer, boss)
    register.drop(register.correct(row, by=officer, pln=D(1), reason="Źle."), by=officer, reason="Pomyłka.")
    new = register.confirm(register.correct(row, by=officer, pln=D(2), reason="Dobrze."), by=boss)
    assert (new.corrects_id, new.pln) == (row.pk, D(2))


@pytest.mark.parametrize("said", [{"pln": D(42_500)}, {"pln": D(-1)}, {"pln": D(1), "reason": " "}])
def test_what_is_no_correction(officer, boss, rates, said):
    row = granted(officer, boss)
    with pytest.raises(Refused):
        register.correct(row, by=officer, **{"reason": "Pomyłka."} | said)


def test_a_correction_stays_under_the_ceiling_without_counting_twice(officer, boss, rates):
    row = granted(officer, boss, nominal=D(850_000))  # 200 000 EUR
    fits = register.correct(row, by=officer, pln=D(1_275_000), reason="Pomyłka.")
    with transaction.atomic():
        assert register.confirm(fits, by=boss).eur == D(300_000)
    more = register.correct(fits, by=officer, pln=D("1275000.04"), reason="Pomyłka.")
    with pytest.raises(Refused):
        register.confirm(more, by=boss)


def test_the_entry_of_a_loan_is_corrected_with_its_calculation(loan, officer, boss):
    of.signed(loan, by=officer)
    row = AidGrant.objects.get()
    new = register.confirm(register.correct(row, by=officer, pln=D(1_000), reason="Błędna ocena."), by=boss)
    assert (new.loan, new.calculation.method, new.calculation.margin) == (loan, "reference", row.calculation.margin)
    assert new.calculation.inputs["correction"] == "Błędna ocena."
    assert new.calculation.inputs["amount"] == row.calculation.inputs["amount"]


def test_a_cancelled_entry_counts_no_more_and_is_reported_once_more(officer, boss, rates):
    row = granted(officer, boss)
    AidGrant.objects.filter(pk=row.pk).update(reported_on=TODAY, reported_by=officer, shrimp="S/1")
    with at(DAY(2026, 11, 20)):
        row = register.cancel(row, by=boss, reason="Umowy nie wykonano.")
    assert (row.state, row.report_by, row.reported_on, row.shrimp) == ("cancelled", DAY(2026, 11, 27), None, "S/1")
    assert row.certificate.invalid_because == "Umowy nie wykonano."
    assert room.of(row.organisation).used == 0
    with pytest.raises(Stale):
        register.cancel(row, by=boss, reason="Znowu.")


def test_who_may_cancel(officer, boss, rates):
    row = granted(officer, boss)
    with pytest.raises(PermissionDenied):
        register.cancel(row, by=officer, reason="Powód.")
    with pytest.raises(Refused):
        register.cancel(row, by=boss, reason="")
    register.correct(row, by=officer, pln=D(1), reason="Pomyłka.")
    with pytest.raises(Refused):
        register.cancel(row, by=boss, reason="Powód.")


# What the tables refuse


@pytest.mark.parametrize(
    "change",
    [
        {"pln": 1},
        {"nominal": 1},
        {"granted_on": DAY(2026, 1, 1)},
        {"eur": 1},
        {"used": 1},
        {"undertaking": []},
        {"confirmed_by": None},
        {"state": "prepared"},
        {"report_by": None},
        {"reported_on": TODAY},
    ],
)
def test_an_entry_is_never_reckoned_again(officer, boss, rates, change):
    row = granted(officer, boss)
    with pytest.raises(DatabaseError), transaction.atomic():
        AidGrant.objects.filter(pk=row.pk).update(**change)


def test_what_was_reported_and_certified_stays(officer, boss, rates):
    row = granted(officer, boss)
    AidGrant.objects.filter(pk=row.pk).update(reported_on=TODAY, reported_by=officer, shrimp="S/1")
    paper = row.certificate
    for change in (
        lambda: AidGrant.objects.filter(pk=row.pk).update(shrimp="S/2"),
        lambda: AidCertificate.objects.filter(pk=paper.pk).update(number="ZDM/2026/9999"),
        lambda: AidGrant.objects.filter(pk=row.pk).delete(),
        lambda: AidCertificate.objects.filter(pk=paper.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    certificates.invalidate(row, because="Powód.")
    with pytest.raises(DatabaseError), transaction.atomic():
        AidCertificate.objects.filter(pk=paper.pk).update(invalid_on=None, invalid_because="")


# Many at once


def race(monkeypatch, locked=True):
    """Two notes of linked organisations that fit alone are confirmed at once. Returns what came of it."""
    of.ready()
    first, second = base.organisation(), base.organisation()
    by, boss = make.officer(), make.manager()
    ties.link(first, by=by, other=second, kind="majority", valid_from=TODAY, source="KRS")
    rows = [note(by, one, nominal=D(850_000)) for one in (first, second)]  # 200 000 EUR each
    if not locked:
        monkeypatch.setattr(room, "lock", lambda organisation, on: None)
    reads = room.of

    def slowly(*args, **more):
        """Both have read before either writes, unless the lock keeps one of them waiting."""
        found = reads(*args, **more)
        barrier.wait_a_little()
        return found

    barrier = _Both()
    monkeypatch.setattr(room, "of", slowly)

    def confirm(number):
        with at(TODAY):
            return register.confirm(rows[number], by=boss)

    return at_once(2, confirm)


class _Both:
    """Waits until both threads have come, or until it is clear that one of them is kept out."""

    def __init__(self):
        self._barrier = threading.Barrier(2)

    def wait_a_little(self):
        with suppress(threading.BrokenBarrierError):
            self._barrier.wait(timeout=3)


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_that_exceed_the_ceiling_together_one_passes(monkeypatch):
    done = race(monkeypatch)
    assert sorted(type(one).__name__ for one in done) == ["AidGrant", "Refused"]
    assert AidGrant.objects.filter(state=AidState.GRANTED).count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_both_would_pass(monkeypatch):
    done = race(monkeypatch, locked=False)
    assert [type(one).__name__ for one in done] == ["AidGrant", "AidGrant"]


@pytest.mark.django_db(transaction=True)
def test_of_two_signatures_of_one_client_one_passes():
    of.ready()
    by, boss = make.officer(), make.manager()
    organisation = base.organisation()
    rows = [of.drawn(by=by, boss=boss, organisation=organisation) for _number in range(2)]
    eur = rows[0].decision.aid.eur
    filled(organisation, D(300_000) - eur)

    def sign(number):
        with at(TODAY):
            return agreements.sign(rows[number], by=by, signed_on=TODAY)

    done = at_once(2, sign)
    assert sorted(type(one).__name__ for one in done) == ["Loan", "Refused"]
    assert AidGrant.objects.get().eur == eur


@pytest.mark.django_db(transaction=True)
def test_of_two_confirmations_of_one_client_one_passes():
    of.ready()
    by, boss = make.officer(), make.manager()
    organisation = base.organisation()
    make.nbp_rate("0.038", valid_from=DAY(2026, 3, 5))
    gives = make.product(de_minimis=True)
    rows = [make.decided(by=by, boss=boss, organisation=organisation, product=gives) for _number in range(2)]
    eur = assess(rows[0], by).eur
    assess(rows[1], by)
    filled(organisation, D(300_000) - eur)

    def confirm(number):
        with at(TODAY), transaction.atomic():
            assessing.must_fit(rows[number])
            return granting.grant(rows[number], by=boss, unit=by.unit, officer=by)

    done = at_once(2, confirm)
    assert sorted(type(one).__name__ for one in done) == ["Loan", "Refused"]


@pytest.mark.django_db(transaction=True)
def test_two_linked_clients_are_confirmed_at_once_without_a_deadlock():
    with at(TODAY):
        of.ready()
        make.nbp_rate("0.038", valid_from=DAY(2026, 3, 5))
        by, boss = make.officer(), make.manager()
        rows = [waiting.ready(30_000, by=by, boss=boss) for _number in range(4)]
        for one, other in itertools.pairwise(rows):
            ties.link(
                one.organisation, by=by, other=other.organisation, kind="majority", valid_from=TODAY, source="KRS"
            )
        make.product(rows[0].product.code, de_minimis=True)
        for row in rows:
            row.product.refresh_from_db()
            assess(row, by)

    def confirm(number):
        # from both ends, so that each holds what the other wants unless both begin with the same one
        row = rows[-number] if number % 2 else rows[number]
        with at(TODAY):
            return reviews.confirm(row.review.application, by=boss, decision=row, officer=by).state

    assert at_once(4, confirm) == ["accepted"] * 4
