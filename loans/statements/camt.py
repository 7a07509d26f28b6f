"""Statements in camt.053 of ISO 20022, whatever its version (.02 and .08 are those Polish banks send).

Read by the standard library's parser behind defusedxml, which refuses a DTD and with it every entity. The packages made
for camt.053 were tried out and left: pycamt 1.1.1 gives each payment of a batch the amount of the batch unless the bank
tells it, gives pending entries beside the booked ones and finds nothing under a prefixed namespace; camt053 0.0.23
brings a web server of twenty packages pinned to the dot; bankstatementparser 0.0.29 brings pandas.
"""

import io
import re
from decimal import Decimal
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse
from django.utils.translation import gettext as _

from loans.statements.lines import (
    CENT,
    CURRENCY,
    MAX_LINES,
    Line,
    Statement,
    StatementError,
    clean,
    day,
    other_account,
    own_account,
    settled,
)

MAX_ELEMENTS = 600_000  # thirty a payment; more only fills the memory
_AMOUNT = re.compile(r"0*([0-9]{1,12})(?:\.([0-9]{1,2})0*)?")
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:T.{1,30}|Z|[+-][0-9]{2}:[0-9]{2})?")


def statements(data: bytes) -> list[Statement]:
    """Return the statements of a camt.053 file; StatementError where one is not whole."""
    root = _tree(data)
    message = next((element for element in root.iter() if element.tag == "BkToCstmrStmt"), None)
    if message is None:
        raise StatementError(_("This XML file is not a statement in camt.053."))
    found = message.findall("Stmt")
    if sum(len(statement.findall("Ntry")) for statement in found) > MAX_LINES:
        raise StatementError(_("The file has more than %(most)d lines of payments.") % {"most": MAX_LINES})
    return [_statement(statement) for statement in found]


def _tree(data):
    """Parse without DTD and return the root; tags lose their namespace, which differs from version to version."""
    try:
        elements = iterparse(io.BytesIO(data), forbid_dtd=True)
        for count, (_event, element) in enumerate(elements):
            if count > MAX_ELEMENTS:
                raise StatementError(_("The XML file has too many elements."))
            element.tag = element.tag.rpartition("}")[2]
    except DefusedXmlException as error:
        raise StatementError(
            _("The XML file declares entities or a DTD, which no bank does. It is not read.")
        ) from error
    except (ParseError, ValueError, LookupError) as error:
        # ValueError and LookupError: a code page in the declaration that Python can't read XML in or does not know
        line = error.position[0] if isinstance(error, ParseError) else None
        raise StatementError(_("The XML file is broken."), line=line) from error
    return elements.root


def _statement(node):
    account = own_account(_text(node, "Acct/Id/IBAN", "Acct/Id/Othr/Id"))
    balances = {}
    for balance in node.findall("Bal"):
        kind = _text(balance, "Tp/CdOrPrtry/Cd")
        if kind in balances:
            raise StatementError(_("The balance %(kind)s is there twice.") % {"kind": clean(kind)})
        if kind in ("OPBD", "PRCD", "CLBD"):
            balances[kind] = _amount(balance), _day(balance, "Dt")
    opening, closing = balances.get("OPBD") or balances.get("PRCD"), balances.get("CLBD")
    if opening is None or closing is None:
        raise StatementError(_("The statement is not whole: it lacks the account, the opening or the closing balance."))
    lines = []
    for nth, entry in enumerate(node.findall("Ntry"), 1):
        if _text(entry, "Sts/Cd", "Sts") == "BOOK":  # pending and informing entries are in no balance
            lines.extend(_lines(account, entry, nth))
    return settled(
        Statement(
            account=account,
            number=clean(_text(node, "ElctrncSeqNb", "LglSeqNb", "Id")),
            opening=opening[0],
            closing=closing[0],
            currency=clean(_text(node, "Acct/Ccy")) or CURRENCY,
            first_day=opening[1],
            last_day=closing[1],
            lines=tuple(lines),
        )
    )


def _lines(account, entry, nth):
    """One line an entry; one a payment where a batch tells all its amounts and they give that of the entry."""
    amount = _amount(entry, nth)
    booked_on = _day(entry, "BookgDt", "ValDt", entry=nth)
    value_date = _day(entry, "ValDt", "BookgDt", entry=nth)
    details = entry.findall("NtryDtls/TxDtls")
    parts = [_part(detail, entry, nth) for detail in details]
    if len(parts) > 1 and None not in parts and sum(parts) == amount:
        payments = list(zip(parts, ([detail] for detail in details), strict=True))
    else:
        payments = [(amount, details)]
    return [_line(account, entry, booked_on, value_date, part, told) for part, told in payments]


def _line(account, entry, booked_on, value_date, amount, details):
    who = "Dbtr" if amount > 0 else "Cdtr"
    first = details[0] if details else entry
    title = " ".join(filter(None, (_title(detail) for detail in details)))
    end_to_end = clean(_text(first, "Refs/EndToEndId"))
    return Line(
        account=account,
        booked_on=booked_on,
        value_date=value_date,
        amount=amount,
        counterparty_account=other_account(
            _text(first, f"RltdPties/{who}Acct/Id/IBAN", f"RltdPties/{who}Acct/Id/Othr/Id")
        ),
        counterparty_name=clean(_text(first, f"RltdPties/{who}/Pty/Nm", f"RltdPties/{who}/Nm")),
        title=title or clean(_text(entry, "AddtlNtryInf")),
        bank_reference=clean(_text(first, "Refs/AcctSvcrRef"))
        or clean(_text(entry, "AcctSvcrRef", "NtryRef"))
        or ("" if end_to_end == "NOTPROVIDED" else end_to_end),
    )


def _title(detail):
    free = "".join(element.text or "" for element in detail.findall("RmtInf/Ustrd"))
    told = [free, _text(detail, "RmtInf/Strd/CdtrRefInf/Ref")]
    return clean(" ".join(filter(None, told)) or _text(detail, "AddtlTxInf"))


def _part(detail, entry, nth):
    """The signed amount of one payment of a batch, None where the bank does not tell it."""
    for holder in (detail, detail.find("AmtDtls/TxAmt")):
        if holder is not None and holder.find("Amt") is not None and holder.find("Amt").get("Ccy") == CURRENCY:
            mark = detail if detail.find("CdtDbtInd") is not None else entry
            return _signed(holder.find("Amt"), mark, nth)
    return None


def _amount(holder, nth=None):
    amount = holder.find("Amt")
    if amount is None:
        raise StatementError(_("The amount is missing."), entry=nth)
    if amount.get("Ccy") != CURRENCY:
        raise StatementError(
            _("The statement is in %(currency)s. Only statements in PLN are read.")
            % {"currency": clean(amount.get("Ccy")) or "?"},
            entry=nth,
        )
    return _signed(amount, holder, nth)


def _signed(amount, holder, nth):
    """CdtDbtInd says which way the money went of a reversal too (ISO 20022 of RvslInd), so RvslInd turns nothing."""
    match = _AMOUNT.fullmatch((amount.text or "").strip())
    mark = _text(holder, "CdtDbtInd")
    if match is None or mark not in ("CRDT", "DBIT"):
        raise StatementError(_("The amount %(amount)s can't be read.") % {"amount": clean(amount.text)[:40]}, entry=nth)
    value = Decimal(f"{match[1]}.{match[2] or 0}").quantize(CENT)
    return value if mark == "CRDT" else Decimal(0) - value


def _day(holder, *names, entry=None):
    text = _text(holder, *(path for name in names for path in (f"{name}/Dt", f"{name}/DtTm")), *names)
    match = _DAY.fullmatch(text)
    if match is None:
        raise StatementError(_("There is no such day as %(day)s.") % {"day": clean(text)[:40] or "?"}, entry=entry)
    return day(*match.groups(), entry=entry)


def _text(node, *paths):
    """The text at the first of `paths` that has any, else ""."""
    for path in paths:
        text = (node.findtext(path) or "").strip()
        if text:
            return text
    return ""
