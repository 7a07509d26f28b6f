"""PKD, the Polish classification of activities: its codes, and what organisations do.

Services raise PermissionDenied, and Refused in words for the user.
"""

import datetime
import re

from django.db import transaction
from django.utils.translation import gettext as _

from centrum.kit import clock
from centrum.kit.models import Parameter
from centrum.kit.periods import in_force
from centrum.kit.transitions import Refused
from centrum.register import teryt
from centrum.register.enums import PkdVersion
from centrum.register.models import Activity, PkdCode
from centrum.register.services import lock_current
from centrum.staff.enums import Right
from centrum.staff.permissions import require

COLUMNS = ("code", "name")
_CODE = re.compile(r"[0-9]{2}(\.[0-9]{2}(\.[A-Z])?)?")


def read_codes(content):
    """{code: name} of a CSV (bytes) with COLUMNS. Raises teryt.FileRefused."""
    rows, faults = {}, []
    for line, cells in teryt.lines(content, COLUMNS, faults):
        code, name = cells["code"].upper(), cells["name"]
        if not _CODE.fullmatch(code):
            faults.append((line, _("“%(code)s” is no PKD code. It looks like 88.99.Z.") % {"code": code}))
        elif code in rows:
            faults.append((line, _("The code %(code)s stands in the file twice.") % {"code": code}))
        elif not name or len(name) > 300:
            faults.append((line, _("A name has between 1 and %(most)s characters.") % {"most": 300}))
        else:
            rows[code] = name
    teryt.refuse(faults, rows)
    return rows


@transaction.atomic
def take_codes(rows, *, version):
    """Write the codes `{code: name}` of a version as confirmed; returns how many are (new, changed, as before)."""
    there = {row.code: row for row in PkdCode.objects.filter(version=version).select_for_update()}
    fresh = [PkdCode(version=version, code=code, name=name, confirmed=True) for code, name in rows.items()]
    made = [row for row in fresh if row.code not in there]
    differ = [there[code] for code, name in rows.items() if code in there and not _same(there[code], name)]
    for row in differ:
        row.name, row.confirmed = rows[row.code], True
    PkdCode.objects.bulk_create(made)
    PkdCode.objects.bulk_update(differ, ["name", "confirmed"], batch_size=500)
    return len(made), len(differ), len(rows) - len(made) - len(differ)


def _same(row, name):
    return row.confirmed and row.name == name


def versions(on=None):
    """[(version, label, last day of use or None, whether that is confirmed)] of the versions in use on a day."""
    codes = {f"pkd-{version}": version for version in PkdVersion}
    rows = Parameter.objects.filter(in_force(on or clock.today()), code__in=codes).order_by("-code")
    return [
        (codes[row.code], codes[row.code].label, row.valid_to and row.valid_to - datetime.timedelta(1), row.confirmed)
        for row in rows
    ]


def activities_of(organisation):
    """[(label of the version, activities)] of an organisation, the newer version first, the main activity on top."""
    rows = list(organisation.activities.select_related("pkd").order_by("-version", "-main", "pkd__code"))
    return [
        (version.label, [row for row in rows if row.version == version])
        for version in reversed(PkdVersion)
        if any(row.version == version for row in rows)
    ]


def codes_to_choose():
    """Codes of classes that an organisation can have, the newer version first."""
    return PkdCode.objects.filter(code__regex=r"^\d\d\.\d\d\.[A-Z]$").order_by("-version", "code")


@transaction.atomic
def add_activity(organisation, *, by, pkd, main=False):
    """Note that the organisation does `pkd`; `main` takes the place of the main activity in that version."""
    organisation = _open(organisation, by)
    if organisation.activities.filter(pkd=pkd).exists():
        raise Refused({"pkd": _("This activity is noted already.")})
    if main:
        organisation.activities.filter(version=pkd.version, main=True).update(main=False)
    return Activity.objects.create(organisation=organisation, pkd=pkd, version=pkd.version, main=main)


@transaction.atomic
def make_main(activity, *, by):
    """Make it the main activity of its organisation in its version of the classification."""
    organisation = _open(activity.organisation, by)
    organisation.activities.filter(version=activity.version, main=True).update(main=False)
    organisation.activities.filter(pk=activity.pk).update(main=True)
    return activity


@transaction.atomic
def remove_activity(activity, *, by):
    """Take an activity away; the history keeps it."""
    _open(activity.organisation, by)
    activity.delete()
    return activity


def _open(organisation, by):
    """The row of the organisation, locked, so that two who change its activities wait for each other."""
    if by is not None:
        require(by, Right.EDIT_CLIENTS)
    return lock_current(organisation)
