"""What of the house a member of the staff may see."""


def unit_scope(user):
    """Units whose clients `user` sees: a list of primary keys, None for all of them (the lead's wide roles)."""
    return None if user.sees_all_units else [user.unit_id]
