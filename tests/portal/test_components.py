"""The anatomy of fields, summaries and lists, as the templates of every room get it."""

import pytest
from crispy_forms.helper import FormHelper
from django import forms
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation
from pytest_django.asserts import assertHTMLEqual

CHOICES = [("a", "First"), ("b", "Second")]


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def form_of(field, data=None):
    helper = FormHelper()
    helper.form_tag = False
    return type("OneField", (forms.Form,), {"x": field, "helper": helper})(data)


def rendered(form):
    """By {% crispy %}, by the filter, and by our own partial: all three must agree."""
    load = "{% load crispy_forms_tags %}"
    by_tag, by_filter, by_partial = (
        Template(load + way).render(Context({"form": form, "field": form["x"]}))
        for way in ("{% crispy form %}", "{{ form|crispy }}", '{% include "components/_field.html" %}')
    )
    assertHTMLEqual(by_tag, by_partial)
    assertHTMLEqual(by_filter, by_partial)
    return by_partial


HINT = '<div class="hint" id="id_x_helptext">Hint</div>'
ERROR = (
    '<div id="id_x_error"><p class="msg"><span class="visually-hidden">Error: </span>This field is required.</p></div>'
)
ARIA = 'aria-describedby="id_x_helptext id_x_error"'
SIMPLE = {
    "text": (forms.CharField, {}, f'<input type="text" name="x" required aria-invalid="true" {ARIA} id="id_x">'),
    "textarea": (
        forms.CharField,
        {"widget": forms.Textarea},
        f'<textarea name="x" cols="40" rows="10" required aria-invalid="true" {ARIA} id="id_x"></textarea>',
    ),
    "select": (
        forms.ChoiceField,
        {"choices": CHOICES},
        f'<select name="x" aria-invalid="true" {ARIA} id="id_x">'
        '<option value="a">First</option><option value="b">Second</option></select>',
    ),
    "date": (
        forms.DateField,
        {"widget": forms.DateInput(attrs={"type": "date"})},
        f'<input type="date" name="x" required aria-invalid="true" {ARIA} id="id_x">',
    ),
    "file": (
        forms.FileField,
        {},
        f'<input type="file" name="x" required aria-invalid="true" {ARIA} id="id_x">',
    ),
}


@pytest.mark.parametrize(("field", "arguments", "control"), SIMPLE.values(), ids=SIMPLE)
def test_label_hint_error_and_control_in_the_order_of_reading(field, arguments, control):
    form = form_of(field(label="Label", help_text="Hint", **arguments), {})
    assertHTMLEqual(
        rendered(form),
        f'<div class="field err" id="div_id_x"><label for="id_x">Label</label>{HINT}{ERROR}{control}</div>',
    )


@pytest.mark.parametrize(
    ("field", "widget", "kind", "required"),
    [
        (forms.ChoiceField, forms.RadioSelect, "radio", "required"),
        (forms.MultipleChoiceField, forms.CheckboxSelectMultiple, "checkbox", ""),
    ],
)
def test_choices_stand_in_a_fieldset_with_a_legend(field, widget, kind, required):
    form = form_of(field(label="Label", help_text="Hint", choices=CHOICES, widget=widget), {})
    options = "".join(
        f'<div class="choice"><input type="{kind}" name="x" value="{value}" {required} aria-invalid="true"'
        f' id="id_x_{n}">'
        f'<label for="id_x_{n}">{label}</label></div>'
        for n, (value, label) in enumerate(CHOICES)
    )
    assertHTMLEqual(
        rendered(form),
        f'<div class="field err" id="div_id_x"><fieldset {ARIA}><legend>Label</legend>{HINT}{ERROR}{options}'
        "</fieldset></div>",
    )


def test_single_box_has_its_label_beside():
    form = form_of(forms.BooleanField(label="Label", help_text="Hint"), {})
    assertHTMLEqual(
        rendered(form),
        f'<div class="field err" id="div_id_x">{HINT}{ERROR}<div class="choice">'
        f'<input type="checkbox" name="x" required aria-invalid="true" {ARIA} id="id_x">'
        '<label for="id_x">Label</label></div></div>',
    )


def test_what_may_stay_empty_says_so():
    form = form_of(forms.CharField(label="Label", required=False))
    assertHTMLEqual(
        rendered(form),
        '<div class="field" id="div_id_x"><label for="id_x">Label <span class="optional">(optional)</span></label>'
        '<input type="text" name="x" id="id_x"></div>',
    )


def test_summary_links_to_the_control_of_each_error():
    class Three(forms.Form):
        name = forms.CharField(label="Name")
        kind = forms.ChoiceField(label="Kind", choices=CHOICES, widget=forms.RadioSelect)
        secret = forms.CharField(widget=forms.HiddenInput)

        def clean(self):
            raise forms.ValidationError("The two do not fit.")

    assertHTMLEqual(
        render_to_string("components/_error_summary.html", {"form": Three({})}),
        '<div class="sum-err" role="alert" tabindex="-1"><h2>There is a problem</h2><ul>'
        "<li>The two do not fit.</li>"
        '<li><a href="#id_name">Name: This field is required.</a></li>'
        '<li><a href="#id_kind_0">Kind: This field is required.</a></li>'
        "<li>This field is required.</li></ul></div>",
    )


def test_summary_walks_a_formset_and_is_silent_without_errors():
    class Row(forms.Form):
        name = forms.CharField(label="Name")

    rows = forms.formset_factory(Row, extra=2)
    data = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "2", "form-0-name": "fine", "form-1-name": ""}
    assertHTMLEqual(
        render_to_string("components/_error_summary.html", {"formset": rows(data)}),
        '<div class="sum-err" role="alert" tabindex="-1"><h2>There is a problem</h2>'
        '<ul><li><a href="#id_form-1-name">Name: This field is required.</a></li></ul></div>',
    )
    data["form-1-name"] = "fine too"
    assert render_to_string("components/_error_summary.html", {"formset": rows(data)}).strip() == ""


@pytest.mark.parametrize(
    ("order", "attributes", "link", "arrow"),
    [
        ("name", "", "?q=las&amp;order=oldest", ""),
        ("oldest", 'aria-sort="ascending"', "?q=las&amp;order=newest", '<span aria-hidden="true">↑</span>'),
        ("newest", 'aria-sort="descending"', "?q=las&amp;order=oldest", '<span aria-hidden="true">↓</span>'),
    ],
)
def test_heading_turns_the_order_and_leaves_the_page_behind(order, attributes, link, arrow):
    request = RequestFactory().get("/", {"q": "las", "after": "cursor"})
    context = {"page": {"order": order}, "label": "Date", "up": "oldest", "down": "newest"}
    assertHTMLEqual(
        render_to_string("components/_sort_header.html", context, request),
        f'<th scope="col" {attributes}><a href="{link}">Date {arrow}</a></th>',
    )
