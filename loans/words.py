"""Amounts in Polish words, as they stand in an agreement beside the figures."""

_ONES = (
    "",
    "jeden",
    "dwa",
    "trzy",
    "cztery",
    "pięć",
    "sześć",
    "siedem",
    "osiem",
    "dziewięć",
    "dziesięć",
    "jedenaście",
    "dwanaście",
    "trzynaście",
    "czternaście",
    "piętnaście",
    "szesnaście",
    "siedemnaście",
    "osiemnaście",
    "dziewiętnaście",
)
_TENS = (
    "",
    "",
    "dwadzieścia",
    "trzydzieści",
    "czterdzieści",
    "pięćdziesiąt",
    "sześćdziesiąt",
    "siedemdziesiąt",
    "osiemdziesiąt",
    "dziewięćdziesiąt",
)
_HUNDREDS = (
    "",
    "sto",
    "dwieście",
    "trzysta",
    "czterysta",
    "pięćset",
    "sześćset",
    "siedemset",
    "osiemset",
    "dziewięćset",
)
_THOUSANDS = (
    None,
    ("tysiąc", "tysiące", "tysięcy"),
    ("milion", "miliony", "milionów"),
    ("miliard", "miliardy", "miliardów"),
)
_ZLOTE = ("złoty", "złote", "złotych")


def amount_in_words(amount):
    """1234.05 as `jeden tysiąc dwieście trzydzieści cztery złote 05/100`; less than 10^12 PLN."""
    whole, cents = divmod(int(amount * 100), 100)
    return f"{_number(whole)} {_form(whole, _ZLOTE)} {cents:02}/100"


def _number(whole):
    if not whole:
        return "zero"
    words = []
    for power in range(len(_THOUSANDS) - 1, -1, -1):
        part = whole // 1000**power % 1000
        if part:
            words += [_HUNDREDS[part // 100], *_below_hundred(part % 100)]
            words += [_form(part, _THOUSANDS[power])] if power else []
    return " ".join(filter(None, words))


def _below_hundred(part):
    return (_ONES[part],) if part < 20 else (_TENS[part // 10], _ONES[part % 10])


def _form(number, forms):
    """złoty, złote or złotych: the form of a noun after a number."""
    one, few, many = forms
    if number == 1:
        return one
    return few if number % 10 in (2, 3, 4) and number % 100 not in (12, 13, 14) else many
