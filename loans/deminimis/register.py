"""The register of de minimis aid that the fund has given."""


def grant_of_guarantee(guarantee, *, by, on):
    """Note the aid of a guarantee that is signed on a day. Returns the AidGrant, None where it is no aid."""
    return None
