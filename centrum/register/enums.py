"""Closed lists of the register."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from centrum.kit.transitions import Move
from centrum.staff.enums import Right


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
    INITIATIVE_GROUP = "grupa_inicjatywna", _("initiative group (not a PES yet)")
    OTHER = "inny", _("other (not a PES)")


NOT_PES = frozenset({PesType.CREATING_UNIT, PesType.LOCAL_GOVERNMENT, PesType.INITIATIVE_GROUP, PesType.OTHER})


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
    INFORMAL = "informal", _("informal group")
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


class PkdVersion(models.IntegerChoices):
    V2007 = 2007, "PKD 2007"
    V2025 = 2025, "PKD 2025"


class Regime(models.TextChoices):
    ACT_2022 = "ustawa_2022", _("Act of 5 August 2022, decision of the voivode")
    CT9 = "ct9_legacy", _("status given by an OWES before the Act (until the end of 2023)")


class Aim(models.TextChoices):
    """Art. 4 ust. 1 of the Act of 5 August 2022 on the social economy."""

    REINTEGRATION = "reintegracja", _("social and vocational reintegration")
    SERVICES = "uslugi_spoleczne", _("social services")
    BOTH = "both", _("reintegration and social services")


class LinkKind(models.TextChoices):
    """Art. 2(2) of Regulation (EU) 2023/2831."""

    MAJORITY = "majority", _("majority of votes")  # a
    APPOINTS = "appoints", _("may appoint or dismiss the majority of an organ")  # b
    CONTRACT = "contract", _("dominant influence by a contract or the statute")  # c
    AGREEMENT = "agreement", _("controls the majority of votes by an agreement with others")  # d


class RiskCategory(models.TextChoices):
    """How the fact that somebody belongs to a group is kept."""

    ORDINARY = "ordinary", _("ordinary")
    RESTRICTED = "restricted", _("sensitive in fact, such as social assistance")
    SPECIAL = "special", _("special category (art. 9 GDPR)")
    CRIMINAL = "criminal", _("convictions (art. 10 GDPR)")


# Opened only with a reason, by those with the right to; the rest is seen on the page of the person.
HIDDEN_RISKS = (RiskCategory.SPECIAL, RiskCategory.CRIMINAL)


class Proof(models.TextChoices):
    LABOUR_OFFICE = "labour_office", _("certificate of the labour office (PUP)")
    SOCIAL_WELFARE = "social_welfare", _("certificate of the social welfare centre (OPS)")
    DISABILITY = "disability", _("certificate of disability")
    MEDICAL = "medical", _("medical certificate")
    CIS_KIS = "cis_kis", _("certificate of a CIS or KIS")
    DECISION = "decision", _("decision of an authority")
    DECLARATION = "declaration", _("declaration of the person")
    OTHER = "other", _("other document")


class Channel(models.TextChoices):
    EMAIL = "email", _("e-mail")
    LETTER = "letter", _("letter")
    IN_PERSON = "in_person", _("in person")
    PHONE = "phone", _("phone")
    EPUAP = "epuap", _("ePUAP or e-Delivery")


class RequestKind(models.TextChoices):
    """Rights of chapter III of the GDPR."""

    ACCESS = "access", _("access and copy (art. 15)")
    RECTIFICATION = "rectification", _("rectification (art. 16)")
    ERASURE = "erasure", _("erasure (art. 17)")
    RESTRICTION = "restriction", _("restriction of processing (art. 18)")
    PORTABILITY = "portability", _("portability (art. 20)")
    OBJECTION = "objection", _("objection (art. 21)")


class RequestState(models.TextChoices):
    RECEIVED = "received", _("received")
    HANDLING = "handling", _("being handled")
    ANSWERED = "answered", _("answered")
    REFUSED = "refused", _("refused with reasons")


_R = RequestState
REQUEST_MOVES = (
    Move("handle", _("Take up"), (_R.RECEIVED,), _R.HANDLING, right=Right.HANDLE_REQUESTS, needs=("handler",)),
    Move(
        "answer",
        _("Answer"),
        (_R.HANDLING,),
        _R.ANSWERED,
        right=Right.HANDLE_REQUESTS,
        needs=("handler", "answer"),
        stamp="closed_at",
    ),
    Move(
        "refuse",
        _("Refuse"),
        (_R.HANDLING,),
        _R.REFUSED,
        right=Right.HANDLE_REQUESTS,
        needs=("handler", "answer"),
        stamp="closed_at",
        kind="bad",
    ),
)
