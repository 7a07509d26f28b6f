"""The de minimis aid that a prepared approval would give, reckoned when it is prepared and looked at when confirmed."""

from django.utils.translation import gettext as _

from centrum.kit.transitions import Refused


def assess(decision, *, by, rating, collateral="", reason):
    """Keep the aid that `decision` would give to whom has such a `rating`; raises Refused without a `reason`."""
    if not reason.strip():
        raise Refused({"reason": _("Say why this rating and collateral.")})


def must_fit(decision):
    """Raise Refused when the aid of `decision` fits under the ceiling no more."""
