"""The de minimis aid that a prepared approval would give, reckoned when it is prepared and looked at when confirmed."""


def assess(decision, *, by, rating, collateral="", reason):
    """Keep the aid that `decision` would give to whom has such a `rating`, for a `reason`."""


def must_fit(decision):
    """Raise Refused when the aid of `decision` fits under the ceiling no more."""
