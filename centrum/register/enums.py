"""Closed lists of the register."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PesType(models.TextChoices):
    """Kinds of social economy entity (PES): the closed list of art. 2 pkt 5 of the Act of 5 August 2022
    on the social economy, letters a–f; then clients of an OWES that are no PES."""

    SPOLDZIELNIA_SOCJALNA = "spoldzielnia_socjalna", _("social cooperative")  # a
    WTZ = "wtz", _("occupational therapy workshop (WTZ)")  # b
    ZAZ = "zaz", _("vocational activity establishment (ZAZ)")  # b
    CIS = "cis", _("social integration centre (CIS)")  # c
    KIS = "kis", _("social integration club (KIS)")  # c
    SPOLDZIELNIA_PRACY = "spoldzielnia_pracy", _("work cooperative")  # d
    SPOLDZIELNIA_INWALIDOW = "spoldzielnia_inwalidow", _("cooperative of people with disabilities")  # d
    SPOLDZIELNIA_NIEWIDOMYCH = "spoldzielnia_niewidomych", _("cooperative of blind people")  # d
    SPOLDZIELNIA_PRODUKCJI_ROLNEJ = "spoldzielnia_produkcji_rolnej", _("farming production cooperative")  # d
    NGO = "ngo", _("non-governmental organisation")  # e
    KOSCIELNA_OSOBA_PRAWNA = "koscielna_osoba_prawna", _("church legal person")  # f
    STOWARZYSZENIE_JST = "stowarzyszenie_jst", _("association of local governments")  # f
    SPOLKA_NON_PROFIT = "spolka_non_profit", _("non-profit company")  # f
    KLUB_SPORTOWY_SPOLKA = "klub_sportowy_spolka", _("sports club run as a company")  # f
    CREATING_UNIT = "jednostka_tworzaca", _("body that runs a WTZ, ZAZ, CIS or KIS (not a PES itself)")
    LOCAL_GOVERNMENT = "jst", _("local government (not a PES)")
    OTHER = "inny", _("other (not a PES)")


NOT_PES = frozenset({PesType.CREATING_UNIT, PesType.LOCAL_GOVERNMENT, PesType.OTHER})


class LegalForm(models.TextChoices):
    COOPERATIVE = "cooperative", _("cooperative")
    ASSOCIATION = "association", _("registered association")
    SIMPLE_ASSOCIATION = "simple_association", _("simple association")
    FOUNDATION = "foundation", _("foundation")
    UNION = "union", _("union of associations")
    KGW = "kgw", _("rural housewives' circle (KGW)")
    OSP = "osp", _("volunteer fire brigade (OSP)")
    LIMITED_COMPANY = "limited_company", _("limited liability company")
    JOINT_STOCK_COMPANY = "joint_stock_company", _("joint-stock company")
    CHURCH = "church", _("church legal person")
    PUBLIC = "public", _("public body")
    ORGANISATIONAL_UNIT = "organisational_unit", _("organisational unit of another body")
    SOLE_TRADER = "sole_trader", _("sole trader")
    OTHER = "other", _("other")


class Sex(models.TextChoices):
    FEMALE = "f", _("woman")
    MALE = "m", _("man")


class IdentifierKind(models.TextChoices):
    NONE = "none", _("not given yet")
    PESEL = "pesel", _("PESEL")
    OTHER = "other", _("other identifier")


class Answer(models.TextChoices):
    """Answer that may be refused; blank means: not asked yet."""

    YES = "yes", _("yes")
    NO = "no", _("no")
    REFUSED = "refused", _("refused to say")


class Citizenship(models.TextChoices):
    """Citizenship as SM EFS divides it; the wording of its files stands in the dictionary of the same codes."""

    POLISH = "pl", _("Polish")
    EU = "eu", _("of another country of the European Union")
    NON_EU = "non_eu", _("of a country outside the European Union, or none")


class Education(models.TextChoices):
    """Levels as SM EFS groups them (ISCED 2011); codes as in the dictionary."""

    LOWER = "isced_0_2", _("primary or lower secondary (ISCED 0–2)")
    SECONDARY = "isced_3_4", _("upper secondary or post-secondary (ISCED 3–4)")
    HIGHER = "isced_5_8", _("higher (ISCED 5–8)")
