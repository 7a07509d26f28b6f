"""Database triggers that make a wrong write impossible, whoever tries it."""

import pgtrigger


def append_only(name="append_only"):
    """Rows may be added and never changed or deleted."""
    return pgtrigger.Protect(name=name, operation=pgtrigger.Update | pgtrigger.Delete)


def never_changed():
    """Rows may be added and deleted, never changed."""
    return pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update)


def never_deleted():
    return pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)


def frozen(name, columns, *, when):
    """None of `columns` may change while `when` (a pgtrigger.Q on old__…) holds."""
    changed = pgtrigger.Q()
    for column in columns:
        changed |= pgtrigger.Q(**{f"old__{column}__df": pgtrigger.F(f"new__{column}")})
    return pgtrigger.Protect(name=name, operation=pgtrigger.Update, condition=changed & when)
