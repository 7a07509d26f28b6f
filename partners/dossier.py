"""What partnerships hold on a person, for the dossier."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from centrum.kit.dossier import facts, plain
from centrum.kit.registry import DossierSection
from partners.models import Representative


def _represents(person):
    rows = Representative.objects.filter(person=person).order_by("pk")
    return [_told(row) for row in rows.select_related("membership__organisation", "membership__partnership")]


def _told(row):
    member = row.membership
    where = {_("Organisation"): plain(member.organisation), _("Partnership"): plain(member.partnership)}
    return facts(row, "person", "membership") | where


SECTIONS = (
    DossierSection(gettext_lazy("Representation in partnerships"), 70, _represents, ("partners.Representative",)),
)
