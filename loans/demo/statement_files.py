"""Statements of the fund's account as banks write them: MT940 in CP852, camt.053 in UTF-8, CSV of mBank in CP1250.

Each function returns the bytes of one Statement; `loans.statements.reading.read` gives it back. In CSV a statement has
no number, its days are those of its lines, and these have no reference. A title has at most 245 signs in MT940.
"""

import csv
import io
from decimal import Decimal
from xml.sax.saxutils import escape

from loans.statements.lines import CURRENCY, Line, Statement, settled

_PIECE = 35  # signs of a subfield of MT940
_TITLE = ("20", "21", "22", "23", "24", "25", "26")
_NAME = ("27", "28")
_USTRD = 140  # signs of one element of a title in camt.053


def statement(account, first_day, last_day, rows, *, opening="0.00", number=""):
    """A Statement of `rows` (day, amount, title) or with (…, payer, account, reference) after them; amounts in PLN."""
    lines = []
    for day, amount, title, *more in rows:
        name, other, reference = (*more, "", "", "")[:3]
        lines.append(Line(account, day, day, Decimal(amount), other, name, title, reference))
    opening = Decimal(opening)
    closing = opening + sum((line.amount for line in lines), Decimal(0))
    return settled(Statement(account, number, opening, closing, CURRENCY, first_day, last_day, tuple(lines)))


def mt940(made):
    """Fields of SWIFT; those of :86: parted by <, as banks with CP852 do."""
    rows = [
        ":20:1",
        f":25:{made.account}",
        f":28C:{made.number or 1}",
        f":60F:{_balance(made.opening, made.first_day)}",
    ]
    for line in made.lines:
        mark, amount = ("C" if line.amount > 0 else "D"), _comma(abs(line.amount))
        reference = f"//{line.bank_reference}" if line.bank_reference else ""
        rows.append(f":61:{line.value_date:%y%m%d}{line.booked_on:%m%d}{mark}N{amount}N770NONREF{reference}")
        kind = "PRZELEW PRZYCHODZĄCY" if line.amount > 0 else "PRZELEW WYCHODZĄCY"
        rows += [":86:770", f"<00{kind}"]
        rows += [f"<{code}{piece}" for code, piece in zip(_TITLE, _pieces(line.title), strict=False)]
        rows += [f"<{code}{piece}" for code, piece in zip(_NAME, _pieces(line.counterparty_name), strict=False)]
        rows += [f"<38{line.counterparty_account}"] if line.counterparty_account else []
    rows += [f":62F:{_balance(made.closing, made.last_day)}", "-"]
    return "".join(f"{row}\r\n" for row in rows).encode("cp852", "replace")


def _balance(amount, day):
    return f"{'D' if amount < 0 else 'C'}{day:%y%m%d}{CURRENCY}{_comma(abs(amount))}"


def _comma(amount):
    return f"{amount:.2f}".replace(".", ",")


def _pieces(text, length=_PIECE):
    return [text[start : start + length] for start in range(0, len(text), length)]


def camt053(made):
    balances = (("OPBD", made.opening, made.first_day), ("CLBD", made.closing, made.last_day))
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt>',
        f"<GrpHdr><MsgId>M{made.last_day:%Y%m%d}</MsgId><CreDtTm>{made.last_day}T20:00:00</CreDtTm></GrpHdr>",
        f"<Stmt><Id>{escape(made.number or f'S-{made.last_day}')}</Id>",
        f"<Acct><Id><IBAN>{made.account}</IBAN></Id><Ccy>{CURRENCY}</Ccy></Acct>",
        *(
            f"<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp>{_money(amount)}<Dt><Dt>{day}</Dt></Dt></Bal>"
            for kind, amount, day in balances
        ),
        *(_entry(line) for line in made.lines),
        "</Stmt></BkToCstmrStmt></Document>",
    ]
    return "\n".join(parts).encode()


def _money(amount):
    mark = "DBIT" if amount < 0 else "CRDT"
    return f'<Amt Ccy="{CURRENCY}">{abs(amount):.2f}</Amt><CdtDbtInd>{mark}</CdtDbtInd>'


def _entry(line):
    who = "Dbtr" if line.amount > 0 else "Cdtr"
    party = f"<{who}><Nm>{escape(line.counterparty_name)}</Nm></{who}>" if line.counterparty_name else ""
    if line.counterparty_account:
        party += f"<{who}Acct><Id><IBAN>{escape(line.counterparty_account)}</IBAN></Id></{who}Acct>"
    title = "".join(f"<Ustrd>{escape(piece)}</Ustrd>" for piece in _pieces(line.title, _USTRD))
    reference = f"<AcctSvcrRef>{escape(line.bank_reference)}</AcctSvcrRef>" if line.bank_reference else ""
    return (
        f"<Ntry>{_money(line.amount)}<Sts>BOOK</Sts><BookgDt><Dt>{line.booked_on}</Dt></BookgDt>"
        f"<ValDt><Dt>{line.value_date}</Dt></ValDt>{reference}<NtryDtls><TxDtls>"
        f"<RltdPties>{party}</RltdPties><RmtInf>{title}</RmtInf></TxDtls></NtryDtls></Ntry>"
    )


def csv_mbank(made):
    out = io.StringIO()
    write = csv.writer(out, delimiter=";", lineterminator="\r\n").writerow
    days = f"{made.first_day:%d.%m.%Y}"
    for row in (
        ("mBank S.A. Bankowość Detaliczna", ""),
        (),
        ("#Za okres:", ""),
        (days, f"{made.last_day:%d.%m.%Y}"),
        ("#Waluta", ""),
        (CURRENCY, ""),
        ("#Numer rachunku", ""),
        (made.account.removeprefix("PL"), ""),
        (),
        ("#Saldo początkowe", f"{_grouped(made.opening)} {CURRENCY}", ""),
        (),
        (
            "#Data księgowania", "#Data operacji", "#Opis operacji", "#Tytuł", "#Nadawca/Odbiorca", "#Numer konta",
            "#Kwota", "#Saldo po operacji", "",
        ),
    ):  # fmt: skip
        write(row)
    balance = made.opening
    for line in made.lines:
        balance += line.amount
        kind = "PRZELEW PRZYCHODZĄCY" if line.amount > 0 else "PRZELEW WYCHODZĄCY"
        other = f"'{line.counterparty_account.removeprefix('PL')}'"
        told = (kind, line.title, line.counterparty_name, other, _grouped(line.amount), _grouped(balance), "")
        write((line.booked_on, line.value_date, *told))
    write(())
    write(("",) * 6 + ("#Saldo końcowe", f"{_grouped(made.closing)} {CURRENCY}", ""))
    return out.getvalue().encode("cp1250", "replace")


def _grouped(amount):
    return f"{amount:,.2f}".replace(",", "\u00a0").replace(".", ",")
