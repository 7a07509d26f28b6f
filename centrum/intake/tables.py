"""The form of a page that is a table: one small form a row, added and taken away without scripts."""

from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext as _

PREFIX = "rows"


class Rows(BaseFormSet):
    """Rows left blank are not there. `partial` lets rows be missing, though none be half filled in.

    `answers`: the typed model to which the rows point.
    """

    def __init__(self, data=None, *, answers, partial=False, initial=None):
        super().__init__(data, prefix=PREFIX, initial=initial)
        self.answers = answers
        self.partial = partial
        if partial:
            self.min_num = 0

    def initial_form_count(self):
        # what is typed tells all: a row that was saved and is now blank has been taken away
        return 0 if self.is_bound else super().initial_form_count()

    def get_form_kwargs(self, index):
        return {"instance": self.form._meta.model(answers=self.answers)}

    def clean(self):
        # a blank row among the least speaks for itself, at its fields
        if len(self.forms) < self.min_num:
            raise ValidationError(_("Fill in the table."))

    @property
    def cleaned_data(self):
        """[values of each row] of a valid table."""
        return [form.cleaned_data for form in self.forms if form.has_changed()]


def rows_form(step):
    """The formset class of a TableStep."""
    return formset_factory(
        step.form,
        formset=step.formset,
        extra=0,
        min_num=step.least,
        max_num=step.most,
        absolute_max=step.most,
        validate_max=True,
    )


def changed_rows(step, data, answers):
    """A table to go on with after "add" or "remove N": nothing is checked or saved; None for any other button."""
    if "add" not in data and "remove" not in data:
        return None
    rows = _typed(step, data)
    if "add" in data:
        rows = [*rows, {}][: step.most]
    else:
        gone = _number(data["remove"])
        rows = [row for n, row in enumerate(rows) if n != gone]
    form = rows_form(step)(answers=answers, initial=rows)
    if "add" in data:
        next(iter(form.forms[-1].fields.values())).widget.attrs["autofocus"] = True
    return form


def _typed(step, data):
    count = min(_number(data.get(f"{PREFIX}-TOTAL_FORMS", "")) or 0, step.most)
    return [{name: data.get(f"{PREFIX}-{n}-{name}", "") for name in step.form.base_fields} for n in range(count)]


def _number(text):
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else None
