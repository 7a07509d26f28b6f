"""Save a row that people wrote: what the table forbids becomes words for them."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
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
    try:
        # who noted or confirmed may be unknown, though no form leaves it empty
        obj.clean_fields(exclude={f.name for f in meta.fields if f.null and getattr(obj, f.attname) is None})
        for constraint in meta.constraints:
            constraint.validate(type(obj), obj)
    except ValidationError as error:
        raise Refused(error.message_dict if hasattr(error, "error_dict") else error.messages) from error
    try:
        with transaction.atomic():
            obj.save()
    except IntegrityError as error:
        broken = [c for c in meta.constraints if c.name == error.__cause__.diag.constraint_name]
        if not broken:
            raise
        raise Refused(broken[0].get_violation_error_message()) from error
    return obj
