"""Agreements of a partnership: states, versions, signatories, shares, reminders; who sees and keeps them."""

import datetime
from decimal import Decimal
from io import StringIO
from itertools import product

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from centrum.kit import clock, files
from centrum.kit.models import OutboxMessage, Parameter
from centrum.kit.transitions import Refused, Stale
from centrum.staff.enums import Role, UnitKind
from partners import agreements, dossier, seed, services
from partners.enums import AGREEMENT_MOVES, AgreementState
from partners.models import Agreement, AgreementShare, AgreementSignatory, AgreementVersion
from tests.factories import base
from tests.factories import partners as make
from tests.factories.files import PDF, upload
from tests.threads import at_once

pytestmark = pytest.mark.django_db
D = datetime.date
LEGAL = {(str(source), move.action): str(move.target) for move in AGREEMENT_MOVES for source in move.sources}
PAIRS = list(product([str(s) for s in AgreementState], [move.action for move in AGREEMENT_MOVES]))
HUNDRED = Decimal("10000.00")


@pytest.fixture
def keeper():
    return make.keeper()


@pytest.fixture
def office(client, keeper):
    client.force_login(keeper)
    return client


@pytest.fixture
def row(keeper):
    return make.partnership(by=keeper, public=True)


def url(name, row, *more):
    return reverse(f"partners:{name}", args=[row.public_id, *more])


def of(name, agreement, *more):
    return url(name, agreement.partnership, agreement.pk, *more)


def refused(service, *args, **values):
    with pytest.raises(Refused) as caught:
        service(*args, **values)
    return list(getattr(caught.value, "error_dict", {"": ""}))


def forbidden(change):
    """The database refuses what `change` writes, at once or when the transaction ends."""
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        change()
        connection.check_constraints()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def settled():
    """The database agrees with all that was written so far."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


# States


@pytest.mark.parametrize(("state", "action"), PAIRS)
def test_every_step_from_every_state(keeper, row, state, action):
    made = make.agreement(row, state, by=keeper)
    if (state, action) in LEGAL:
        done = agreements.step(made, action, by=keeper, **make.agreement_needs(action))
        assert (done.state, Agreement.objects.get().state) == (LEGAL[state, action],) * 2
    else:
        with pytest.raises(Stale):
            agreements.step(made, action, by=keeper, **make.agreement_needs(action))
    settled()


@pytest.mark.parametrize(("source", "target"), list(product(AgreementState.values, repeat=2)))
def test_the_database_lets_only_the_arrows_through(keeper, row, source, target):
    made = make.agreement(row, source, by=keeper)
    arrows = {(str(s), str(move.target)) for move in AGREEMENT_MOVES for s in move.sources}
    rows = Agreement.objects.filter(pk=made.pk)
    change = {"state": target}
    if (source, target) == ("draft", "signed"):
        change |= {"signed_on": make.SIGNED, "signed_file": files.store(upload())}
    if (source, target) == ("signed", "terminated"):
        change |= {"terminated_on": D(2026, 3, 1)}
    if (source, target) in arrows or source == target:
        rows.update(**change)
        settled()
    else:
        forbidden(lambda: rows.update(**change))


def test_a_step_needs_its_data(keeper, row):
    draft, signed = make.agreement(row, by=keeper), make.agreement(row, "signed", by=keeper)
    tomorrow = clock.today() + datetime.timedelta(days=1)
    sign, end = make.agreement_needs("sign"), make.agreement_needs("terminate")
    for change, field in (
        ({"signed_on": None}, "signed_on"),
        ({"signed_on": tomorrow}, "signed_on"),
        ({"file": None}, "file"),
        ({"file": upload(b"MZ")}, "file"),
        ({"valid_from": None}, ""),
    ):
        assert refused(agreements.step, draft, "sign", by=keeper, **(sign | change)) == [field]
    for change, field in (
        ({"terminated_on": None}, ""),
        ({"terminated_on": tomorrow}, "terminated_on"),
        ({"terminated_on": D(2026, 2, 1)}, "terminated_on"),
        ({"reason": " "}, "reason"),
    ):
        assert refused(agreements.step, signed, "terminate", by=keeper, **(end | change)) == [field]
    assert refused(agreements.step, draft, "drop", by=keeper) == ["reason"]


def test_numbers_follow_each_other(keeper, row):
    year = clock.today().year
    numbers = [make.agreement(row, by=keeper).number for _n in range(2)]
    assert numbers == [f"PP/{year}/0001", f"PP/{year}/0002"]


@pytest.mark.parametrize("days", [0, -1])
def test_an_agreement_that_ends_before_it_begins_is_refused(keeper, row, days):
    end = make.SIGNED + datetime.timedelta(days=days)
    assert refused(make.agreement, row, by=keeper, valid_to=end) == ["valid_to"]
    assert refused(make.agreement, row, by=keeper, valid_from=None, valid_to=end) == ["valid_from"]
    made = make.agreement(row, by=keeper, valid_to=D(2026, 2, 3))
    assert refused(agreements.change, made, by=keeper, valid_to=end) == ["valid_to"]
    later = make.agreement_needs("sign")
    assert refused(agreements.step, made, "sign", by=keeper, **later, valid_from=D(2026, 2, 3)) == ["valid_from"]
    assert refused(agreements.step, made, "sign", by=keeper, **(later | {"signed_on": D(2026, 2, 3)})) == ["signed_on"]
    forbidden(lambda: Agreement.objects.filter(pk=made.pk).update(valid_to=end))


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"number": ""},
        {"kind": "x"},
        {"kind": "annex"},
        {"total": 0},
        {"valid_from": None, "valid_to": D(2027, 1, 1)},
        {"signed_on": D(2027, 1, 1), "valid_to": D(2026, 12, 1)},
        {"terminated_on": D(2026, 3, 1)},
        {"number": "PP/1999/0001"},
    ],
)
def test_the_database_refuses_a_wrong_draft(keeper, row, wrong):
    made = make.agreement(row, by=keeper)
    forbidden(lambda: Agreement.objects.filter(pk=made.pk).update(**wrong))


@pytest.mark.parametrize(
    "missing", [{"signed_on": None}, {"signed_file": None}, {"valid_from": None}, {"terminated_on": None}]
)
def test_the_database_refuses_what_is_not_whole(keeper, row, missing):
    stamped = {"signed_on": make.SIGNED, "signed_file": files.store(upload())}
    made = make.agreement(row, "signed" if "terminated_on" in missing else "draft", by=keeper)
    change = {"state": "terminated"} if "terminated_on" in missing else {"state": "signed"} | stamped
    forbidden(lambda: Agreement.objects.filter(pk=made.pk).update(**(change | missing)))


def test_a_termination_before_the_signing_is_refused_by_the_database(keeper, row):
    made = make.agreement(row, "signed", by=keeper)
    rows = Agreement.objects.filter(pk=made.pk)
    forbidden(lambda: rows.update(state="terminated", terminated_on=D(2026, 2, 1)))


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "intent"},
        {"title": "Inna"},
        {"total": 5},
        {"signed_on": D(2026, 2, 3)},
        {"valid_from": D(2026, 2, 3)},
        {"valid_to": D(2030, 1, 1)},
        {"terminated_on": D(2026, 3, 2)},
    ],
)
@pytest.mark.parametrize("state", ["signed", "terminated"])
def test_what_is_signed_stays_as_it_is(keeper, row, state, change):
    made = make.agreement(row, state, by=keeper)
    forbidden(lambda: Agreement.objects.filter(pk=made.pk).update(**change))
    with pytest.raises(Stale):
        agreements.change(made, by=keeper, title="Inna")


def test_the_signed_file_stays_and_nothing_is_deleted(keeper, row):
    made, other = make.agreement(row, "signed", by=keeper), files.store(upload(name="inny.pdf"))
    forbidden(lambda: Agreement.objects.filter(pk=made.pk).update(signed_file=other))
    forbidden(lambda: Agreement.objects.filter(pk=made.pk).delete())


# Annexes


def test_an_annex_changes_a_signed_agreement_of_its_partnership(keeper, row):
    signed, draft = make.agreement(row, "signed", by=keeper), make.agreement(row, by=keeper)
    foreign = make.agreement(make.partnership(by=keeper), "signed", by=keeper)
    annex = make.agreement(row, "signed", by=keeper, kind="annex", amends=signed)
    for wrong in (draft, foreign, annex, None):
        assert refused(make.agreement, row, by=keeper, kind="annex", amends=wrong) == ["amends"]
    assert refused(make.agreement, row, by=keeper, kind="intent", amends=signed) == ["amends"]
    assert refused(agreements.change, draft, by=keeper, kind="annex") == ["kind"]
    late = make.agreement(row, by=keeper, kind="annex", amends=signed)
    agreements.step(signed, "terminate", by=keeper, **make.agreement_needs("terminate"))
    assert refused(agreements.step, late, "sign", by=keeper, **make.agreement_needs("sign")) == [""]


def test_the_database_refuses_an_annex_of_another(keeper, row):
    signed = make.agreement(row, "signed", by=keeper)
    annex = make.agreement(row, by=keeper, kind="annex", amends=signed)
    foreign = make.agreement(make.partnership(by=keeper), "signed", by=keeper)
    for wrong in (annex, foreign):
        forbidden(
            lambda wrong=wrong: Agreement.objects.create(
                partnership=row, kind="annex", amends=wrong, number="PP/1/1", title="Aneks"
            )
        )
    forbidden(lambda: Agreement.objects.create(partnership=row, kind="annex", number="PP/1/1", title="Aneks"))
    forbidden(
        lambda: Agreement.objects.create(partnership=row, kind="intent", amends=signed, number="PP/1/1", title="List")
    )
    for change in ({"partnership": foreign.partnership}, {"amends": foreign}, {"number": "PP/1/1"}):
        forbidden(lambda change=change: Agreement.objects.filter(pk=annex.pk).update(**change))
    forbidden(
        lambda: Agreement.objects.create(partnership=row, kind="intent", number=signed.number, title="Ten sam numer")
    )


def test_the_end_is_that_of_the_last_signed_annex(keeper, row):
    made = make.agreement(row, "signed", by=keeper, valid_to=D(2026, 6, 1))
    make.agreement(row, by=keeper, kind="annex", amends=made, valid_to=D(2026, 9, 1))

    def ends():
        return agreements.with_ends(Agreement.objects.filter(pk=made.pk)).get().ends

    assert ends() == D(2026, 6, 1)
    make.agreement(row, "signed", by=keeper, kind="annex", amends=made, valid_to=D(2026, 12, 1))
    assert ends() == D(2026, 12, 1)
    last = make.agreement(row, "signed", by=keeper, kind="annex", amends=made)
    assert ends() is None
    agreements.step(last, "terminate", by=keeper, **make.agreement_needs("terminate"))
    assert ends() == D(2026, 12, 1)


# Versions


def test_versions_follow_each_other_and_stay(keeper, row):
    made = make.agreement(row, by=keeper)
    assert refused(agreements.add_version, made, by=keeper, text=" ") == [""]
    assert refused(agreements.add_version, made, by=keeper, file=upload(b"MZ")) == ["file"]
    first = agreements.add_version(made, by=keeper, text="§ 1.")
    second = agreements.add_version(made, by=keeper, file=upload(), note="Po spotkaniu")
    assert [(v.number, v.by) for v in agreements.versions_of(made)] == [(2, keeper), (1, keeper)]
    assert bytes(second.file.data) == PDF
    forbidden(lambda: AgreementVersion.objects.filter(pk=first.pk).update(text="§ 2."))
    forbidden(lambda: AgreementVersion.objects.filter(pk=first.pk).delete())
    forbidden(lambda: AgreementVersion.objects.create(agreement=made, number=2, text="§ 1.", by=keeper))
    forbidden(lambda: AgreementVersion.objects.create(agreement=made, number=3, by=keeper))
    forbidden(lambda: AgreementVersion.objects.create(agreement=made, number=0, text="§ 1.", by=keeper))


@pytest.mark.parametrize("state", ["signed", "terminated", "dropped"])
def test_parts_are_written_in_a_draft_only(keeper, row, state):
    made = make.agreement(row, state, by=keeper, members=2, total=HUNDRED, shares=[4000, 6000])
    signatory, share = made.signatories.first(), made.shares.first()
    speaker = make.representative(make.member(row, by=keeper), by=keeper)
    for service, values in (
        (agreements.add_version, {"text": "§ 1."}),
        (agreements.add_signatory, {"representative": speaker}),
        (agreements.set_shares, {"total": None, "shares": {}}),
    ):
        with pytest.raises(Stale):
            service(made, by=keeper, **values)
    with pytest.raises(Stale):
        agreements.remove_signatory(signatory, by=keeper)
    draft = make.agreement(row, by=keeper, members=0)
    other = {"membership": speaker.membership}
    for change in (
        lambda: AgreementVersion.objects.create(agreement=made, number=1, text="§ 1.", by=keeper),
        lambda: AgreementSignatory.objects.create(agreement=made, representative=speaker, **other),
        lambda: AgreementSignatory.objects.filter(pk=signatory.pk).update(representative=speaker, **other),
        lambda: AgreementSignatory.objects.filter(pk=signatory.pk).update(agreement=draft),
        lambda: AgreementSignatory.objects.filter(pk=signatory.pk).delete(),
        lambda: AgreementShare.objects.create(agreement=made, amount=0, **other),
        lambda: AgreementShare.objects.filter(pk=share.pk).update(**other),
        lambda: AgreementShare.objects.filter(agreement=made).delete(),
    ):
        forbidden(change)


# Signatories


def test_who_has_no_power_on_the_day_of_signing_is_refused(keeper, row):
    member = make.member(row, by=keeper)
    speaks = make.representative(member, by=keeper, signs=False)
    later = make.representative(make.member(row, by=keeper), by=keeper, valid_from=D(2026, 2, 3))
    stranger = make.representative(make.member(make.partnership(by=keeper), by=keeper), by=keeper)
    made = make.agreement(row, by=keeper, signed_on=make.SIGNED, members=0)
    for wrong in (speaks, later, stranger):
        assert refused(agreements.add_signatory, made, by=keeper, representative=wrong) == ["representative"]
        assert wrong not in agreements.may_sign(made)
    with pytest.raises(Refused) as caught:
        agreements.add_signatory(made, by=keeper, representative=later)
    (words,) = caught.value.messages
    assert str(later.person) in words and str(later.membership.organisation) in words and "2.2.2026" in words
    agreements.change(made, by=keeper, signed_on=D(2026, 2, 3))
    made.refresh_from_db()
    assert list(agreements.may_sign(made)) == [later]
    assert agreements.add_signatory(made, by=keeper, representative=later).membership == later.membership
    assert list(agreements.may_sign(made)) == []


def test_power_is_asked_again_when_it_is_signed(keeper, row):
    made = make.agreement(row, by=keeper, members=2)
    leaving = made.signatories.first().representative
    services.end_representative(leaving, by=keeper, valid_to=make.SIGNED)
    assert refused(agreements.step, made, "sign", by=keeper, **make.agreement_needs("sign")) == ["signed_on"]
    needs = make.agreement_needs("sign") | {"signed_on": D(2026, 2, 1)}
    assert agreements.step(made, "sign", by=keeper, **needs).state == "signed"


def test_somebody_signs(keeper, row):
    made = make.agreement(row, by=keeper, members=0)
    assert refused(agreements.step, made, "sign", by=keeper, **make.agreement_needs("sign")) == [""]
    stamped = {"signed_on": make.SIGNED, "signed_file": files.store(upload())}
    forbidden(lambda: Agreement.objects.filter(pk=made.pk).update(state="signed", **stamped))


def test_one_signs_for_a_member(keeper, row):
    made = make.agreement(row, by=keeper)
    member = made.signatories.get().membership
    second = make.representative(member, by=keeper)
    assert refused(agreements.add_signatory, made, by=keeper, representative=second) == [""]
    agreements.remove_signatory(made.signatories.get(), by=keeper)
    assert agreements.add_signatory(made, by=keeper, representative=second)


def test_the_database_refuses_a_wrong_signatory(keeper, row):
    made = make.agreement(row, by=keeper)
    signing = made.signatories.get()
    member = make.member(row, by=keeper)
    mute = make.representative(member, by=keeper, signs=False)
    stranger = make.representative(make.member(make.partnership(by=keeper), by=keeper), by=keeper)
    second = make.representative(signing.membership, by=keeper)
    for representative, membership in (
        (mute, member),
        (second, member),
        (second, signing.membership),
        (stranger, stranger.membership),
    ):
        forbidden(
            lambda r=representative, m=membership: AgreementSignatory.objects.create(
                agreement=made, representative=r, membership=m
            )
        )


@pytest.mark.django_db(transaction=True)
def test_two_who_add_the_same_signatory_at_once_make_one():
    keeper = make.keeper()
    row = make.partnership(by=keeper)
    made = make.agreement(row, by=keeper, members=0)
    speaker = make.representative(make.member(row, by=keeper), by=keeper)
    results = at_once(2, lambda _n: agreements.add_signatory(made, by=keeper, representative=speaker))
    assert sorted(type(result).__name__ for result in results) == ["AgreementSignatory", "Refused"]
    assert made.signatories.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_sign_at_once_sign_once():
    keeper = make.keeper()
    made = make.agreement(make.partnership(by=keeper), by=keeper)
    results = at_once(2, lambda _n: agreements.step(made, "sign", by=keeper, **make.agreement_needs("sign")))
    assert sorted(type(result).__name__ for result in results) == ["Agreement", "Stale"]


@pytest.mark.django_db(transaction=True)
def test_two_shares_that_fit_only_alone_are_not_both_kept():
    """Even past the services: each transaction sees the other's share when its own ends."""
    keeper = make.keeper()
    row = make.partnership(by=keeper)
    made = make.agreement(row, by=keeper, members=0, total=HUNDRED)
    members = [make.member(row, by=keeper) for _n in range(2)]

    def write(number):
        with transaction.atomic():
            return AgreementShare.objects.create(agreement=made, membership=members[number], amount=HUNDRED)

    results = at_once(2, write)
    assert sorted(type(result).__name__ for result in results) == ["AgreementShare", "IntegrityError"]
    assert made.shares.count() == 1


# Shares


def pays(made, keeper, total, amounts):
    members = list(agreements.may_pay(made))
    paid = dict(zip(members, amounts, strict=False))
    return agreements.set_shares(made, by=keeper, total=total, shares=paid)


def test_shares_of_99_99_per_cent_are_refused_in_words(keeper, row):
    made = make.agreement(row, by=keeper, members=3)
    with pytest.raises(Refused) as caught:
        pays(made, keeper, HUNDRED, [Decimal("3333.00")] * 3)
    (words,) = caught.value.messages
    assert all(amount in words for amount in ("9\u00a0999,00\u00a0zł", "10\u00a0000,00\u00a0zł", " 1,00\u00a0zł"))
    with pytest.raises(Refused) as caught:
        pays(made, keeper, HUNDRED, [Decimal("3333.00"), Decimal("3333.00"), Decimal("3334.01")])
    (words,) = caught.value.messages
    assert "10\u00a0000,01\u00a0zł" in words and "0,01\u00a0zł" in words
    assert refused(pays, made, keeper, None, [HUNDRED]) == ["total"]
    made.refresh_from_db()
    assert (made.total, made.shares.count()) == (None, 0)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cents=st.lists(st.integers(0, 10**9), min_size=1, max_size=4).filter(any),
    error=st.integers(-100, 100),
)
def test_shares_are_kept_when_they_add_up_and_only_then(keeper, row, cents, error):
    total = Decimal(sum(cents)) / 100
    with transaction.atomic():
        made = make.agreement(row, by=keeper, members=len(cents))
        off = total + Decimal(error) / 100
        if error and off > 0:
            assert refused(pays, made, keeper, off, [Decimal(c) / 100 for c in cents]) == [""]
        pays(made, keeper, total, [Decimal(c) / 100 for c in cents])
        settled()
        told = agreements.shares_of(Agreement.objects.get(pk=made.pk))
        assert sum(share.amount for share in told) == total
        assert abs(sum(share.percent for share in told) - 100) < Decimal("1e-20")
        if error:
            first = told[0]
            forbidden(
                lambda: AgreementShare.objects.filter(pk=first.pk).update(
                    amount=first.amount + abs(Decimal(error)) / 100
                )
            )
            forbidden(lambda: Agreement.objects.filter(pk=made.pk).update(total=total + abs(Decimal(error)) / 100))
        transaction.set_rollback(True)


def test_the_database_counts_the_shares(keeper, row):
    made = make.agreement(row, by=keeper, members=2, total=HUNDRED, shares=[4000, 6000])
    settled()
    first, second = made.shares.order_by("pk")
    other = make.agreement(row, by=keeper, members=0)
    member = make.member(row, by=keeper)
    stranger = make.member(make.partnership(by=keeper), by=keeper)
    for change in (
        lambda: AgreementShare.objects.filter(pk=first.pk).update(amount=-1),
        lambda: AgreementShare.objects.filter(pk=first.pk).update(amount="3999.00"),
        lambda: AgreementShare.objects.filter(pk=first.pk).delete(),
        lambda: AgreementShare.objects.filter(pk=first.pk).update(agreement=other),
        lambda: AgreementShare.objects.create(agreement=made, membership=member, amount=1),
        lambda: AgreementShare.objects.create(agreement=made, membership=first.membership, amount=0),
        lambda: AgreementShare.objects.create(agreement=made, membership=stranger, amount=0),
        lambda: Agreement.objects.filter(pk=made.pk).update(total=9999),
        lambda: Agreement.objects.filter(pk=made.pk).update(total=None),
    ):
        forbidden(change)
    AgreementShare.objects.filter(pk=first.pk).update(amount=4001)
    AgreementShare.objects.filter(pk=second.pk).update(amount=5999)
    settled()


def test_a_total_is_not_signed_without_its_shares(keeper, row):
    made = make.agreement(row, by=keeper, members=2, total=HUNDRED)
    assert refused(agreements.step, made, "sign", by=keeper, **make.agreement_needs("sign")) == [""]
    stamped = {"signed_on": make.SIGNED, "signed_file": files.store(upload())}
    forbidden(lambda: Agreement.objects.filter(pk=made.pk).update(state="signed", **stamped))
    pays(made, keeper, HUNDRED, [0, HUNDRED])
    assert agreements.step(made, "sign", by=keeper, **make.agreement_needs("sign")).state == "signed"


def test_a_stranger_has_no_share(keeper, row):
    made = make.agreement(row, by=keeper)
    stranger = make.member(make.partnership(by=keeper), by=keeper)
    assert refused(agreements.set_shares, made, by=keeper, total=HUNDRED, shares={stranger: HUNDRED}) == [""]
    assert stranger not in agreements.may_pay(made)


# Reminders


def remind(on):
    out = StringIO()
    with clock.at(datetime.datetime.combine(on, datetime.time(6), clock.WARSAW)):
        call_command("remind_agreements", stdout=out)
    return out.getvalue().strip()


def test_a_coordinator_is_reminded_once_a_threshold(keeper, row):
    made = make.agreement(row, "signed", by=keeper, valid_to=D(2027, 1, 1))
    make.agreement(row, by=keeper, valid_to=D(2027, 1, 1))
    make.agreement(row, "terminated", by=keeper, valid_to=D(2027, 1, 1))
    make.agreement(row, "signed", by=keeper)
    said = []
    for day in (D(2026, 11, 1), D(2026, 11, 2), D(2026, 12, 17), D(2026, 12, 18), D(2026, 12, 31), D(2027, 1, 1)):
        said += [remind(day), remind(day)]
    quiet, sent = "reminded 0, without a coordinator 0", "reminded 1, without a coordinator 0"
    assert said == [quiet, quiet, sent, quiet, quiet, quiet, sent, quiet, quiet, quiet, quiet, quiet]
    mails = list(OutboxMessage.objects.order_by("pk"))
    assert [(m.to, m.about) for m in mails] == [
        (keeper.email, f"PP-END/{made.pk}/2027-01-01/{days}") for days in (60, 14)
    ]
    assert made.number in mails[0].subject and of("agreement", made) in mails[0].body


def test_a_prolonged_agreement_is_reminded_of_its_new_end(keeper, row):
    made = make.agreement(row, "signed", by=keeper, valid_to=D(2027, 1, 1))
    remind(D(2026, 12, 1))
    make.agreement(row, "signed", by=keeper, kind="annex", amends=made, valid_to=D(2027, 3, 1))
    assert remind(D(2026, 12, 20)) == "reminded 0, without a coordinator 0"
    assert remind(D(2027, 2, 1)) == "reminded 1, without a coordinator 0"


def test_nobody_to_mail_is_counted_and_an_ended_partnership_is_quiet(keeper, row):
    make.agreement(row, "signed", by=keeper, valid_to=D(2027, 1, 1))
    keeper.is_active = False
    keeper.save()
    assert remind(D(2026, 12, 1)) == "reminded 0, without a coordinator 1"
    keeper.is_active = True
    keeper.save()
    services.step(row, "end", by=keeper, ended_on=clock.today(), reason="Koniec.")
    assert remind(D(2026, 12, 1)) == "reminded 0, without a coordinator 0"
    assert not OutboxMessage.objects.exists()


def test_the_thresholds_are_dated_numbers(keeper, row):
    made = make.agreement(row, "signed", by=keeper, valid_to=D(2027, 1, 1))
    Parameter.objects.filter(code__startswith=agreements.REMINDER).update(valid_to=D(2026, 11, 1))
    assert (agreements.thresholds(D(2026, 10, 31)), agreements.thresholds(D(2026, 11, 1))) == ([14, 60], [])
    assert remind(D(2026, 12, 31)) == "reminded 0, without a coordinator 0"
    code = f"{agreements.REMINDER}first"
    Parameter.objects.create(code=code, name="x", source="y", value=3, valid_from=D(2026, 11, 1))
    rows = Agreement.objects.filter(pk=made.pk)
    tags = [
        [(row.ends_soon, row.over) for row in agreements.told(rows, day)]
        for day in (D(2026, 12, 28), D(2026, 12, 29), D(2026, 12, 31), D(2027, 1, 1))
    ]
    assert tags == [[(False, False)], [(True, False)], [(True, False)], [(False, True)]]


@pytest.mark.django_db(transaction=True)
def test_two_runs_of_reminders_at_once_send_one_letter():
    seed.load_parameters()
    keeper = make.keeper()
    make.agreement(make.partnership(by=keeper), "signed", by=keeper, valid_to=D(2027, 1, 1))
    results = at_once(2, lambda _n: agreements.remind(D(2026, 12, 1)))
    assert sorted(results) == [(0, 0), (1, 0)]
    assert OutboxMessage.objects.count() == 1


# Who sees and keeps, pages


def test_agreements_are_the_unit_s_own(client, keeper, row):
    made = make.agreement(row, "signed", by=keeper)
    other = make.keeper(base.unit(UnitKind.PARTNER))
    assert list(agreements.visible_agreements(other)) == []
    assert list(agreements.visible_agreements(base.user(Role.COORDINATOR))) == [made]
    client.force_login(other)
    shown = client.get(url("partnership", row))
    assert (shown.status_code, shown.context["agreements"]) == (200, None)
    assert made.number not in shown.content.decode()
    assert client.get(of("agreement", made)).status_code == 404
    assert client.get(of("agreement-file", made, made.signed_file.public_id)).status_code == 404
    with pytest.raises(PermissionDenied):
        agreements.draft(row, by=other, kind="intent", title="List")
    for service, values in (
        (agreements.change, {"title": "x"}),
        (agreements.add_version, {"text": "x"}),
        (agreements.set_shares, {"total": None, "shares": {}}),
        (agreements.step, {"action": "terminate"} | make.agreement_needs("terminate")),
    ):
        with pytest.raises(PermissionDenied):
            service(made, by=other, **values)


def test_an_ended_partnership_agrees_on_nothing_new(keeper):
    with pytest.raises(Stale):
        make.agreement(make.partnership("ended", by=keeper), by=keeper)


def test_the_whole_life_on_the_pages(office, keeper, row):
    members = [make.member(row, by=keeper) for _n in range(2)]
    speaker = make.representative(members[0], by=keeper)
    typed = {"kind": "partnership", "title": "Umowa", "amends": "", "signed_on": "", "valid_to": "1.01.2026"}
    typed["valid_from"] = "2.02.2026"
    assert list(office.post(url("agreement-new", row), typed).context["form"].errors) == ["valid_to"]
    typed["valid_to"] = "1.01.2027"
    answer = office.post(url("agreement-new", row), typed)
    made = Agreement.objects.get()
    assert answer["Location"] == of("agreement", made)
    assert office.get(of("agreement-edit", made)).status_code == 200
    assert office.post(of("agreement-edit", made), {**typed, "title": "Umowa partnerstwa"}).status_code == 302
    assert office.post(of("agreement-version", made), {"text": "§ 1.", "file": upload()}).status_code == 302
    assert office.get(of("agreement-signatory", made)).status_code == 200
    assert office.post(of("agreement-signatory", made), {"representative": speaker.pk}).status_code == 302
    names = [f"share_{member.pk}" for member in members]
    page = office.post(of("agreement-shares", made), {"total": "10 000", names[0]: "3333,33", names[1]: "6 666,66"})
    assert list(page.context["form"].errors) == ["__all__"]
    paid = {"total": "10 000", names[0]: "3333,33", names[1]: "6666,67"}
    assert office.post(of("agreement-shares", made), paid).status_code == 302
    sign = {"signed_on": "2.02.2026", "valid_from": "2.02.2026"}
    sent = office.post(of("agreement-move", made, "sign"), sign)
    assert list(sent.context["form"].errors) == ["file"]
    sign["file"] = upload(name="podpisana.pdf")
    assert office.post(of("agreement-move", made, "sign"), sign).status_code == 302
    shown = office.get(of("agreement", made))
    told, context = shown.content.decode(), shown.context
    signed = context["agreement"]
    assert (signed.title, signed.state, signed.last_day) == ("Umowa partnerstwa", "signed", D(2026, 12, 31))
    assert [str(share.percent.quantize(Decimal("0.01"))) for share in context["shares"]] == ["66.67", "33.33"]
    assert signed.signed_file.sha256 in told and context["versions"][0].file.sha256 in told
    assert [s.representative for s in context["signatories"]] == [speaker]
    assert [step.action for step in context["steps"]] == ["sign"]
    got = office.get(of("agreement-file", made, signed.signed_file.public_id))
    assert (got.content, got["Content-Type"]) == (PDF, "application/pdf")
    got = office.get(of("agreement-file", made, context["versions"][0].file.public_id))
    assert got.status_code == 200
    assert [row.pk for row in office.get(url("partnership", row)).context["agreements"]] == [made.pk]


def test_a_file_of_another_agreement_is_not_found(office, keeper, row):
    made, other = (make.agreement(row, "signed", by=keeper) for _n in range(2))
    assert office.get(of("agreement-file", made, other.signed_file.public_id)).status_code == 404


def test_forms_of_a_signed_agreement_tell_that_it_is_late(office, keeper, row):
    made = make.agreement(row, "signed", by=keeper)
    for name in ("agreement-edit", "agreement-version", "agreement-signatory", "agreement-shares"):
        assert office.get(of(name, made)).context["note"]
    page = office.post(of("agreement-version", made), {"text": "§ 1."})
    assert list(page.context["form"].errors) == ["__all__"]
    signatory = made.signatories.get()
    assert office.post(of("agreement-signatory-remove", made, signatory.pk)).status_code == 302
    assert made.signatories.count() == 1
    assert office.get(of("agreement-move", made, "sign")).status_code == 302
    assert office.get(of("agreement-move", made, "fly")).status_code == 404
    sent = office.post(of("agreement-move", made, "terminate"), {"terminated_on": "1.03.2026", "reason": "Koniec."})
    assert sent.status_code == 302
    assert [step.reason for step in office.get(of("agreement", made)).context["steps"]] == ["Koniec.", ""]


def test_an_annex_keeps_its_kind_on_the_page(office, keeper, row):
    signed = make.agreement(row, "signed", by=keeper)
    typed = {"kind": "annex", "title": "Aneks", "amends": signed.pk}
    assert office.post(url("agreement-new", row), typed).status_code == 302
    annex = signed.annexes.get()
    assert set(office.get(of("agreement-edit", annex)).context["form"].fields).isdisjoint({"kind", "amends"})
    assert office.post(of("agreement-edit", annex), {"title": "Aneks nr 1"}).status_code == 302
    assert office.get(of("agreement", signed)).context["annexes"] == [annex]


def test_pages_ask_as_often_with_three_as_with_one(office, keeper, row):
    def asked(*addresses):
        counts = []
        for address in addresses:
            with CaptureQueriesContext(connection) as made:
                assert office.get(address).status_code == 200
            counts.append(len(made))
        return counts

    def full(times):
        money = {"total": Decimal(times), "shares": [1] * times}
        made = make.agreement(row, by=keeper, members=times, **money)
        for _n in range(times):
            agreements.add_version(made, by=keeper, file=upload())
        made = agreements.step(made, "sign", by=keeper, **make.agreement_needs("sign"))
        for _n in range(times):
            agreements.draft(row, by=keeper, kind="annex", title="Aneks", amends=made)
        return made

    one = full(1)
    few = asked(of("agreement", one), url("partnership", row))
    assert asked(of("agreement", full(3)), url("partnership", row)) == few


def test_the_dossier_tells_what_a_person_signs(keeper, row):
    made = make.agreement(row, "signed", by=keeper)
    person = made.signatories.get().representative.person
    (section,) = [s for s in dossier.SECTIONS if s.tables == ("partners.AgreementSignatory",)]
    ((_label, told), *_rest) = section.collect(person)[0].items()
    assert told == str(made)
    assert section.collect(base.person()) == []


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=12).filter(sum))
def test_the_per_cents_of_shares_add_up_to_a_hundred(cents):
    amounts = [Decimal(value) / 100 for value in cents]
    total = sum(amounts)
    shown = agreements.percents(amounts, total)
    assert sum(shown) == 100
    assert all(abs(one - amount * 100 / total) < Decimal("0.01") for one, amount in zip(shown, amounts, strict=True))
