"""Form fields that clean what people type and say what to do; hints are left to the forms.

Too long a value is refused before anything else looks at it, so megabytes cost one comparison.
"""

import datetime
import re
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, validate_email
from django.utils.translation import gettext_lazy as _

from centrum.kit import identifiers
from centrum.kit.validators import clean_text, validate_cell


class _TextField(forms.CharField):
    """A CharField whose `parse`, of each field below, cleans the text; attributes of a widget given to it win."""

    html: dict[str, str] = {}
    longest: int

    def __init__(self, *, max_length=None, **kwargs):
        super().__init__(max_length=max_length or self.longest, strip=False, **kwargs)

    def to_python(self, value):
        if value in self.empty_values:
            return self.empty_value
        value = str(value)
        MaxLengthValidator(self.max_length)(value)
        return self.parse(value) or self.empty_value

    def widget_attrs(self, widget):
        attrs = {**super().widget_attrs(widget), **self.html}
        return {name: value for name, value in attrs.items() if name not in widget.attrs}


class PlainTextField(_TextField):
    """One line of text that is safe as a cell of a CSV file."""

    longest = 200

    def parse(self, value):
        value = clean_text(value)
        validate_cell(value)
        return value


class MultilineField(_TextField):
    """Text of several lines (LF), safe as a cell of a CSV file."""

    widget = forms.Textarea
    longest = 4000

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        if "widget" not in kwargs:  # Textarea itself has ten rows
            self.widget.attrs["rows"] = "5"

    def parse(self, value):
        value = clean_text(value, multiline=True)
        validate_cell(value)
        return value


class _IdentifierField(_TextField):
    longest = 40  # as typed, with spaces, dashes and a prefix

    def parse(self, value):
        return self.clean_identifier(value) if value.strip() else ""


class NipField(_IdentifierField):
    html = {"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"}
    clean_identifier = staticmethod(identifiers.clean_nip)


class RegonField(_IdentifierField):
    html = {"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"}
    clean_identifier = staticmethod(identifiers.clean_regon)


class KrsField(_IdentifierField):
    html = {"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"}
    clean_identifier = staticmethod(identifiers.clean_krs)


class PeselField(_IdentifierField):
    html = {"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"}
    clean_identifier = staticmethod(identifiers.clean_pesel)


class PhoneField(_IdentifierField):
    html = {"type": "tel", "inputmode": "tel", "autocomplete": "tel"}
    clean_identifier = staticmethod(identifiers.clean_phone)


class IbanField(_IdentifierField):
    html = {"inputmode": "text", "autocomplete": "off", "spellcheck": "false"}
    clean_identifier = staticmethod(identifiers.clean_iban)


class PostalCodeField(_IdentifierField):
    html = {"inputmode": "numeric", "autocomplete": "postal-code"}
    clean_identifier = staticmethod(identifiers.clean_postal_code)


class EmailField(_TextField):
    """An address of ASCII characters only: SM EFS refuses one with Polish letters."""

    widget = forms.EmailInput
    longest = 254
    html = {"inputmode": "email", "autocomplete": "email", "spellcheck": "false"}

    def parse(self, value):
        value = clean_text(value)
        if not value:
            return value
        if not value.isascii():
            raise ValidationError(
                _("An e-mail address has no Polish letters. Enter it as your mail programme shows it."),
                "invalid",
            )
        validate_cell(value)
        validate_email(value)
        return value


class DateField(forms.DateField):
    """A day typed as 3.12.2026, 03.12.2026 or 2026-12-03, between the years 1900 and 2100."""

    default_error_messages = {"invalid": _("Enter a real date, for example 3.12.2026.")}
    _patterns = (
        re.compile(r"(?P<day>[0-9]{1,2})\.(?P<month>[0-9]{1,2})\.(?P<year>[0-9]{4})"),
        re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"),
    )

    def __init__(self, **kwargs):
        kwargs.setdefault("widget", forms.DateInput(format="%d.%m.%Y"))
        super().__init__(**kwargs)

    def to_python(self, value):
        if value in self.empty_values or isinstance(value, datetime.date):
            return super().to_python(value)
        text = value.strip() if len(value) <= 40 else ""
        if not text and len(value) <= 40:
            return None
        found = next(filter(None, (pattern.fullmatch(text) for pattern in self._patterns)), None)
        try:
            day = datetime.date(**{name: int(part) for name, part in found.groupdict().items()}) if found else None
        except ValueError:
            day = None
        if day is None or not 1900 <= day.year <= 2100:
            raise ValidationError(self.error_messages["invalid"], "invalid")
        return day

    def widget_attrs(self, widget):
        attrs = {**super().widget_attrs(widget), "autocomplete": "off", "maxlength": "40"}
        return {name: value for name, value in attrs.items() if name not in widget.attrs}


class AmountField(forms.DecimalField):
    """Złote as people type them: `10 000,50`."""

    def __init__(self, **kwargs):
        kwargs.setdefault(
            "widget", forms.TextInput(attrs={"class": "w10", "inputmode": "decimal", "autocomplete": "off"})
        )
        super().__init__(**{"localize": True, "max_digits": 14, "decimal_places": 2, **kwargs})

    def to_python(self, value):
        if isinstance(value, str):
            value = "".join(value.split())
            # Decimal would also read 1e5, 1_000 and digits of other scripts
            if value and not re.fullmatch(r"[-+]?[0-9.,]{1,40}", value):
                raise ValidationError(self.error_messages["invalid"], "invalid")
        return super().to_python(value)


class PercentField(AmountField):
    """Per cent as people type them, `3,75`; cleaned to a fraction of six places, 0.037500."""

    def __init__(self, **kwargs):
        super().__init__(**{"max_digits": 7, "decimal_places": 4, **kwargs})

    def clean(self, value):
        percent = super().clean(value)
        return None if percent is None else (percent / 100).quantize(Decimal("0.000001"))
