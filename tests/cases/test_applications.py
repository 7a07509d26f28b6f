"""The two support applications: what makes them whole, by form and by the database alike."""

import ast
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from centrum import intake
from centrum.cases.applications import ORGANISATION, PERSON
from centrum.intake import kinds
from centrum.kit import outbox
from centrum.kit.models import OutboxMessage
from tests.factories import intake as make

KINDS = [PERSON, ORGANISATION]
REQUIRED = [(kind, name) for kind in KINDS for step in kind.steps for name in step.form.required_names()]


def test_the_engine_names_no_kind():
    """centrum/intake must stand without the rooms whose forms it runs."""
    words = {word for kind in KINDS for word in (kind.code, kind.path, kind.series)}
    for path in Path(intake.__file__).parent.glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
        imported = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        assert not words & texts
        assert not [module for module in imported if module.startswith("centrum.cases")]


def test_both_kinds_are_registered():
    assert kinds.every() == KINDS


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_every_column_of_the_answers_is_asked_once(kind):
    asked = [name for step in kind.steps for name in step.form.base_fields]
    columns = [f.name for f in kind.model._meta.concrete_fields if f.name not in ("application", "complete")]
    assert sorted(asked) == sorted(columns)


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "name"), REQUIRED, ids=[f"{kind.code}-{name}" for kind, name in REQUIRED])
def test_database_refuses_a_sent_application_without_a_required_answer(kind, name):
    sent = make.submitted(kind)
    with pytest.raises(IntegrityError), transaction.atomic():
        kind.model.objects.filter(application=sent).update(**{name: ""})


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_copies_for_lists_follow_the_answers(kind):
    draft = make.draft(kind, pages={})
    assert (draft.applicant, draft.place, draft.email) == ("", "", "")
    whole = make.draft(kind)
    assert (whole.applicant, whole.place, whole.email) == tuple(kind.summary(kind.answers_of(whole)))
    assert whole.applicant and whole.place == "Dobiegniew"


@pytest.mark.django_db
def test_staff_cannot_use_the_applicants_link():
    make.submitted()
    message = OutboxMessage.objects.get()
    token = message.body.partition("/wnioski/stan/")[2].partition("/")[0]
    assert token and token not in outbox.for_staff(message)
    assert f"/wnioski/stan/{token}/" in message.body
