"""Save a row that people wrote: what the table forbids becomes words for them."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, InternalError, transaction
from django.utils.translation import gettext as _

from centrum.kit.transitions import Refused


def save(obj):
    """Check the fields and constraints of `obj`, save it, return it. Raises Refused naming the field where it can.

    The constraints are asked in their order, up to the first that is broken; one that another transaction breaks in
    the same moment is told in the same words.
    """
    meta = obj._meta
    valid_from, valid_to = getattr(obj, "valid_from", None), getattr(obj, "valid_to", None)
    if valid_from and valid_to and valid_to <= valid_from:
        raise Refused({"valid_to": _("This day must come after the first day of the period.")})
    # who noted or confirmed may be unknown, though no form leaves it empty
    unknown = {f.name for f in meta.fields if f.null and getattr(obj, f.attname) is None}
    try:
        obj.clean_fields(exclude=unknown)
        try:
            with transaction.atomic():
                obj.save()
        except (IntegrityError, InternalError) as error:
            _explain(obj, error)
    except ValidationError as error:
        raise Refused(error.message_dict if hasattr(error, "error_dict") else error.messages) from error
    return obj


def _explain(obj, error):
    """Raise ValidationError for what the database refused, `error` itself where it has no words for people.

    The constraints are asked only now: a row that is right costs no query for each of them.
    """
    constraints = obj._meta.constraints
    for constraint in constraints:
        constraint.validate(type(obj), obj)
    # right by now, so another transaction broke it in the same moment
    broken = [c for c in constraints if c.name == error.__cause__.diag.constraint_name]
    if not broken:
        raise error
    raise ValidationError(broken[0].get_violation_error_message()) from error
