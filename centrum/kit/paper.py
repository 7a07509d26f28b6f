"""Papers of the house as PDF/UA, set by typst; their templates stand in templates/typst/."""

import json

import typst
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

TEMPLATES = settings.BASE_DIR / "templates" / "typst"


def pdf(template, data):
    """The bytes of `template` with `data` and the letterhead, in the language in force; all text is set literally.

    `data` needs a "title"; what else it holds is between the caller and the template.
    """
    data = {
        "lang": get_language()[:2],
        "house": _house(),
        "page-of": _("page {page} of {pages}"),
        **data,
    }
    # `typst.compile` and no shared Compiler: that one may not be used by two threads.
    return typst.compile(
        str(TEMPLATES / template),
        root=str(TEMPLATES),
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
    )


def _house():
    contact = settings.CONTACT
    return {
        "name": _("Social Economy Centre"),
        "address": f"{contact['name']}, {contact['address']}",
        "contact": "\n".join(filter(None, (contact["phone"], contact["email"]))),
        "eu": _("Co-financed by the European Union · European Funds for Lubuskie"),
    }
