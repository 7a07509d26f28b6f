"""What de minimis aid puts on other pages: the room of an organisation, the aid of a decision."""

from centrum.register.models import Organisation
from centrum.staff.enums import Right
from loans.deminimis import queries, room, showing
from loans.models import DecisionAid


def room_of(user, organisation):
    """The room of an organisation today: `standing` with what is approved counted in; of the members those whom the
    user sees, and how many more; None without the right."""
    if not user.has_right(Right.VIEW_LOANS):
        return None
    standing = room.of(organisation, pending=True)
    seen = set(
        queries.organisations(user).filter(pk__in=[one.pk for one in standing.members]).values_list("pk", flat=True)
    )
    others = [one for one in standing.members if one.pk != organisation.pk]
    members = [one for one in others if one.pk in seen]
    return {
        "organisation": organisation,
        "standing": standing,
        "members": members,
        "hidden": len(others) - len(members),
        "may_keep": user.has_right(Right.KEEP_LOANS),
    }


def room_of_applicant(answers, decision):
    """The Standing of the organisation of a decision, or of the one with the NIP of the answers; None of none."""
    organisation = decision and decision.organisation
    organisation = organisation or Organisation.objects.filter(nip=answers.nip, merged_into=None).first()
    return room.of(organisation, pending=True, without=decision) if organisation else None


def of_decision(decision):
    """The aid that was assessed with a decision, for `loans/deminimis/_of_decision.html`: its calculation in words and
    the room beside all else today; None where nothing was assessed."""
    found = DecisionAid.objects.filter(decision=decision)
    found = found.select_related(
        "calculation__base_rate", "calculation__margin", "calculation__premium", "decision__organisation"
    ).first()
    if found is None:
        return None
    return {
        "aid": found,
        "facts": showing.facts(found.calculation),
        "parts": showing.parts(found.calculation),
        "standing": room.of(found.decision.organisation, new=found.eur, pending=True, without=decision),
    }
