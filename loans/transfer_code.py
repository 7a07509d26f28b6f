"""The picture of a transfer that banking applications in Poland read: account, amount, name and title in a QR code.

The layout is that of the recommendation of the Polish Bank Association (ZBP) on two-dimensional codes of transfers of
2013, as libraries and invoices tell of it; we have not seen the document itself, so it is to be confirmed with a
bank. Pure text, no Django: whoever shows the code draws it.
"""

from decimal import Decimal

MOST = Decimal("9999.99")  # PLN: the amount has six digits of grosze
_NAME, _TITLE = 20, 32


def text(iban, amount, name, title):
    """What the code says of a transfer in PLN to a Polish account (PL and 26 digits).

    None for an amount that does not fit, or of nothing: it has to be typed then.
    """
    if not Decimal(0) < amount <= MOST:
        return None
    grosze = int(amount * 100)
    parts = ["", "PL", iban.removeprefix("PL"), f"{grosze:06d}", _plain(name, _NAME), _plain(title, _TITLE), "", "", ""]
    return "|".join(parts)


def _plain(words, longest):
    """One line without the bar that parts the fields."""
    return " ".join(words.replace("|", " ").split())[:longest].rstrip()
