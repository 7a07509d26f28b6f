"""The file for the bank: its layout to the byte, and whatever the texts hold."""

import csv
import datetime
import re
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loans import elixir

DAY = datetime.date(2026, 11, 30)
FUND = elixir.Party("61109010140000071219812874", "Fundusz Pożyczkowy", ("ul. Żabia 5/7", "66-400 Gorzów Wlkp."))
COOPERATIVE = elixir.Party("27114020040000300201355387", "Spółdzielnia Socjalna „Źdźbło”", ("Leśna 1", "66-520 Łąka"))
POLISH = "aąbcćdeęłńoóśźżĄĆĘŁŃÓŚŹŻ \t\n\"'|,;?/„”–\u00a0\u00ad\u200b€øāșЖ中\ud800\x00"
texts = st.text(st.one_of(st.sampled_from(POLISH), st.characters()), max_size=400)
nrbs = st.integers(0, 10**26 - 1).map("{:026d}".format)
parties = st.builds(elixir.Party, nrbs, texts, st.lists(texts, max_size=3).map(tuple))
amounts = st.decimals("0.01", "999999999.99", places=2)


def transfer(**fields):
    given_ = {"on": DAY, "amount": Decimal("20000.50"), "payer": FUND, "payee": COOPERATIVE}
    given_ |= {"title": "Pożyczka PZ/2026/0001, transza 1", "reference": "PZ/2026/0001/1"} | fields
    return elixir.Transfer(**given_)


def read(data):
    """Rows of the file as a bank reads them."""
    assert data.endswith(b"\r\n") or data == b""
    return list(csv.reader(data.decode("cp1250").split("\r\n")[:-1], strict=True))


def test_a_transfer_is_a_line_of_sixteen_fields():
    assert elixir.build([transfer()]) == (
        '110,20261130,2000050,10901014,0,"61109010140000071219812874","27114020040000300201355387",'
        '"Fundusz Pożyczkowy|ul. Żabia 5/7 66-400 Gorzów Wlkp.","Spółdzielnia Socjalna „Źdźbło”|Leśna 1 66-520 Łąka",'
        '0,11402004,"Pożyczka PZ/2026/0001, transza 1","","","51","PZ/2026/0001/1"\r\n'
    ).encode("cp1250")


def test_what_cp1250_lacks_becomes_like_it_and_quotes_never_end_a_field():
    assert elixir.plain('Bar "Ø" |  Șāŗ\t\u200bæ\u00a0Ж') == "Bar 'O' / Sar ae ."
    assert elixir.plain("e\u0328") == "ę"
    assert elixir.plain(" \n ") == ""


def test_a_long_text_breaks_between_words_where_it_fits_so_and_keeps_its_beginning_where_not():
    by_words = "Spółdzielnia Socjalna Wielobranżowa Zielony Zakątek Dobiegniewski"
    assert elixir.lines(by_words, 2) == ["Spółdzielnia Socjalna Wielobranżowa", "Zielony Zakątek Dobiegniewski"]
    assert elixir.lines("x" * 100, 2) == ["x" * 35, "x" * 35]
    name = read(elixir.build([transfer(payee=elixir.Party("0" * 26, "N" * 300, ("A" * 300,)))]))[0][8]
    assert name.split("|") == ["N" * 35, "N" * 35, "A" * 35, "A" * 35]


@pytest.mark.parametrize("amount", ["0", "-1", "0.001", "10.005"])
def test_amounts_are_whole_grosze_above_nothing(amount):
    with pytest.raises(ValueError, match="amount"):
        transfer(amount=Decimal(amount))


@pytest.mark.parametrize("nrb", ["", "PL" + "1" * 24, "1" * 25, "1" * 27, "١" * 26])
def test_an_account_has_26_digits(nrb):
    with pytest.raises(ValueError, match="26 digits"):
        elixir.Party(nrb, "x")


@settings(deadline=None)
@given(
    st.lists(st.builds(elixir.Transfer, st.dates(datetime.date(2000, 1, 1)), amounts, parties, parties, texts, texts))
)
def test_whatever_the_texts_hold_the_lines_are_read_back(transfers):
    rows = read(elixir.build(transfers))
    assert len(rows) == len(transfers)
    assert sum(int(row[2]) for row in rows) == elixir.total(transfers) * 100
    for row, one in zip(rows, transfers, strict=True):
        assert (row[0], row[1], row[4], row[9], row[12:15]) == ("110", f"{one.on:%Y%m%d}", "0", "0", ["", "", "51"])
        assert (row[5], row[6]) == (one.payer.nrb, one.payee.nrb)
        assert (row[3], row[10]) == (one.payer.nrb[2:10], one.payee.nrb[2:10])
        assert len(row[15]) <= 16
        for text, said in ((row[7], one.payer.name), (row[8], one.payee.name), (row[11], one.title)):
            parts = text.split("|")
            assert len(parts) <= 4
            assert max(map(len, parts)) <= 35
            assert not re.search(r'[\x00-\x1f\x7f-\x9f"]', text)
            flat = elixir.plain(said).replace(" ", "")
            kept = "".join(parts).replace(" ", "")
            assert kept[: len(flat)][:60] == flat[:60]  # 70 signs are kept of every text, blanks among them
        assert ("".join(row).count("?") > 0) <= any("?" in t for t in _said(one))


def _said(one):
    parties = (one.payer, one.payee)
    return (one.title, one.reference, *(text for of in parties for text in (of.name, *of.address)))
