"""Rules of SM EFS on days and answers, the same for what is typed and what is imported; each tells what is wrong."""

from django.utils.translation import gettext as _

from centrum.kit import clock
from centrum.kit.polish import date_short


def not_in_dictionary(code, day):
    return _("“%(code)s” is not in the dictionary valid on %(day)s.") % {"code": code, "day": date_short(day)}


def day_of_entry_error(project, day):
    """Why nobody can have entered `project` on `day`; "" when they can."""
    if day > clock.today():
        return _("The day of entry is in the future.")
    if not project.starts_on <= day <= project.ends_on:
        return _("The day of entry lies outside the project (%(start)s – %(end)s).") % {
            "start": date_short(project.starts_on),
            "end": date_short(project.ends_on),
        }
    return ""


def third_country_errors(citizenship, answers):
    """{field: message}: a national of a third country is of foreign origin and no citizen of the Union
    (Regulation (EU) 2021/1057, art. 2)."""
    if answers["third_country_national"] != "yes":
        return {}
    errors = {}
    if answers["foreign_origin"] != "yes":
        errors["foreign_origin"] = _("A national of a third country is a person of foreign origin.")
    if citizenship != "non_eu":
        errors["citizenship"] = _("A national of a third country has no citizenship of Poland or the Union.")
    return errors


def exit_errors(participation, ends_on, last_support):
    """{"ends_on": message} when nobody can have left on that day; {} when they can."""
    message = ""
    if ends_on > clock.today():
        message = _("The day of exit is in the future.")
    elif ends_on < participation.starts_on:
        message = _("The day of exit lies before the entry (%(day)s).") % {"day": date_short(participation.starts_on)}
    elif ends_on > participation.project.ends_on:
        message = _("The day of exit lies after the end of the project (%(day)s).") % {
            "day": date_short(participation.project.ends_on)
        }
    elif last_support and ends_on < last_support:
        message = _("The last support began on %(day)s: the exit cannot be before it.") % {
            "day": date_short(last_support)
        }
    return {"ends_on": message} if message else {}


def support_day_error(project, entered_on, left_on, day):
    """Why a support of a participant cannot have begun on `day`; "" when it can."""
    if day > clock.today():
        return _("The support begins in the future.")
    if day < entered_on:
        return _("The support begins before the entry to the project (%(day)s).") % {"day": date_short(entered_on)}
    if left_on and day > left_on:
        return _("The support begins after the exit from the project (%(day)s).") % {"day": date_short(left_on)}
    if not project.starts_on <= day <= project.ends_on:
        return _("The support begins outside the project (%(start)s – %(end)s).") % {
            "start": date_short(project.starts_on),
            "end": date_short(project.ends_on),
        }
    return ""
