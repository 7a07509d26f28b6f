"""Who may open what: every address of the project × method × role.

ROWS is the contract. An address that is not in it fails, and so does a row without an address. Objects belong to the
lead unit and to one project; `other_unit` is a coordinator of a partner in that project, `outside` a coordinator of
the lead who does not work in it.
"""

import copy
import datetime
from dataclasses import dataclass
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.utils import translation

from centrum.cases.applications import ORGANISATION
from centrum.intake import consents, review
from centrum.intake.models import Attachment, Call
from centrum.kit import clock, files
from centrum.kit.history import author
from centrum.kit.models import OutboxMessage
from centrum.register import requests
from centrum.register.models import Activity, AtRisk, PkdCode, RiskGroup
from centrum.reporting.importing import pending
from centrum.staff.enums import Role, UnitKind
from loans import annexes, client_links, jobs, ledger, measures, rates, repayments, visits
from loans.deminimis import statements
from loans.enums import YearlyKind
from loans.guarantees import limits, recourse, reports
from loans.models import ArrearsStep, YearlyPaper
from partners import agreements, calendars, guests, programme
from partners import commitments as partners_commitments
from partners import meetings as partners_meetings
from partners import services as partnerships
from partners.models import Decision
from tests.factories import aid as aid_factory
from tests.factories import base
from tests.factories import cases as case_factory
from tests.factories import enterprises as enterprise_factory
from tests.factories import guarantees as guarantees_factory
from tests.factories import intake as intake_factory
from tests.factories import loans as loans_factory
from tests.factories import partners as partners_factory
from tests.factories import reporting as reporting_factory
from tests.factories import reviews as reviews_factory
from tests.factories import statements as statements_factory
from tests.factories import trainings as trainings_factory
from tests.factories.files import upload
from trainings import answering, own

EVERYBODY = frozenset({*Role.values, "other_unit", "outside"})
CLIENTS = EVERYBODY - {Role.ADMINISTRATOR}  # see clients
EDITORS = CLIENTS - {Role.ACCOUNTANT, Role.AUDITOR, Role.DATA_PROTECTION}  # write
ADVISERS = EDITORS - {Role.LOAN_OFFICER}  # work with clients in every room but loans
DECIDERS = ADVISERS - {Role.ADVISER}
REPORTING = CLIENTS - {Role.ADVISER, Role.LOAN_OFFICER, Role.DATA_PROTECTION}  # see EU projects
EXPORTERS = DECIDERS | {Role.ACCOUNTANT}
JOURNAL = frozenset({Role.MANAGER, Role.DATA_PROTECTION, Role.ADMINISTRATOR})
MANAGERS = frozenset({Role.MANAGER})
AUTHORISATIONS = frozenset({Role.DATA_PROTECTION, Role.ADMINISTRATOR})
OUTBOX = DECIDERS | {Role.ADMINISTRATOR}
ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})
OFFICERS = frozenset({Role.DATA_PROTECTION})

OTHER_UNIT = frozenset({"other_unit"})
PARTNERSHIPS = CLIENTS - {Role.AUDITOR, Role.LOAN_OFFICER}
PAYERS = frozenset({Role.MANAGER, Role.ACCOUNTANT})
LEDGER = frozenset({Role.MANAGER, Role.ACCOUNTANT})  # post
READERS = LEDGER | {Role.LOAN_OFFICER}  # of the ledger
LOANS = DECIDERS | {Role.LOAN_OFFICER, Role.ACCOUNTANT}  # see loans
LENDERS = frozenset({Role.LOAN_OFFICER, Role.MANAGER})  # keep them
LOAN_FILES = READERS
RATES = frozenset({Role.MANAGER, Role.ACCOUNTANT, Role.ADMINISTRATOR})
KEEPERS = ADVISERS - OTHER_UNIT  # of the partnership's unit
OUTSIDE = frozenset({"outside"})
NOT_IN_PROJECT = OTHER_UNIT | OUTSIDE
SIGN_IN = ("/biuro/logowanie/", "/admin/login/")
NOT_UPLOADER = EVERYBODY - {Role.COORDINATOR}


@dataclass(frozen=True)
class Row:
    """`who` may (None: the public), others get 403; `hidden`: those of them to whom the object does not exist (404).

    `get`, `post`: statuses for who may, a POST being empty; None: the method is not there (405).
    `writers`: who may send a POST, where it is not all who may look.
    """

    who: frozenset | None
    get: int | set | None = None
    post: int | set | None = None
    hidden: frozenset = frozenset()
    writers: frozenset | None = None


ROWS = {
    "portal:home": Row(None, get=200),
    "portal:contact": Row(None, get=200),
    "portal:privacy": Row(None, get=200),
    "portal:accessibility": Row(None, get=200),
    "portal:site-map": Row(None, get=200),
    "portal:robots": Row(None, get=200),
    "healthz": Row(None, get=200),
    "set_language": Row(None, get=302, post=302),
    "staff:home": Row(EVERYBODY, get=200),
    "staff:sign-in": Row(None, get={200, 302}, post={200, 302}),
    # without the password before it
    "staff:sign-in-code": Row(None, get={"sign-in"}, post={"sign-in"}),
    "staff:sign-ins": Row(EVERYBODY, get=200),
    "staff:confirm": Row(EVERYBODY, get=200, post=200),
    "staff:second-factor": Row(EVERYBODY, get=200),
    "staff:second-factor-new": Row(EVERYBODY, get=200, post=200),
    "staff:recovery-codes": Row(EVERYBODY, post=403),
    "staff:second-factor-off": Row(EVERYBODY, post=302),
    "staff:accounts": Row(ADMINISTRATORS, get=200),
    "staff:account-invite": Row(ADMINISTRATORS, post=302),
    "staff:account-second-factor": Row(ADMINISTRATORS, get=200, post=200),
    "staff:sign-out": Row(EVERYBODY, post=302),
    "staff:password-change": Row(EVERYBODY, get=200, post=200),
    "staff:password-link": Row(None, get=200, post=200),
    "staff:password-link-sent": Row(None, get=200),
    "staff:password-set": Row(None, get=200, post=200),
    "staff:search": Row(EVERYBODY, get=200),
    "staff:outbox": Row(OUTBOX, get=200),
    "staff:outbox-message": Row(OUTBOX, get=200, hidden=OTHER_UNIT),
    "staff:journal": Row(JOURNAL, get=200),
    "staff:account": Row(EVERYBODY, get=200),
    "staff:authorisations": Row(AUTHORISATIONS, get=200),
    "staff:authorisation-new": Row(ADMINISTRATORS, get=200, post=200),
    "staff:authorisation-end": Row(ADMINISTRATORS, get=200, post=200),
    # everybody may print their own: this one is an adviser's
    "staff:authorisation-paper": Row(EVERYBODY, get=200, hidden=EVERYBODY - AUTHORISATIONS - {Role.ADVISER}),
    "staff:delegations": Row(EVERYBODY, get=200),
    "staff:delegation-new": Row(EVERYBODY, get=200, post=200),
    # an adviser is away: the adviser and who keeps the stand-ins of others may call it off
    "staff:delegation-call-off": Row(
        EVERYBODY, post=302, hidden=EVERYBODY - {Role.ADVISER, Role.MANAGER, Role.ADMINISTRATOR}
    ),
    "register:organisations": Row(CLIENTS, get=200),
    "register:organisation-new": Row(EDITORS, get=200, post=200),
    "register:organisation": Row(CLIENTS, get=200, hidden=OTHER_UNIT),
    "register:organisation-edit": Row(EDITORS, get=200, post=200, hidden=OTHER_UNIT),
    "register:organisation-share": Row(DECIDERS, post=302, hidden=OTHER_UNIT),
    "register:organisation-activities": Row(EDITORS, get=200, post=200, hidden=OTHER_UNIT),
    "register:organisation-activity-main": Row(EDITORS, post=302, hidden=OTHER_UNIT),
    "register:organisation-activity-remove": Row(EDITORS, post=302, hidden=OTHER_UNIT),
    "register:people": Row(CLIENTS, get=200),
    "register:person-new": Row(EDITORS, get=200, post=200),
    "register:person": Row(CLIENTS, get=200, hidden=OTHER_UNIT),
    "register:person-edit": Row(EDITORS, get=200, post=200, hidden=OTHER_UNIT),
    "register:person-identifier": Row(ADVISERS, get=200, post=200, hidden=OTHER_UNIT),
    "register:person-sensitive": Row(EDITORS, get=200, post=200, hidden=OTHER_UNIT, writers=DECIDERS),
    "register:person-sensitive-edit": Row(EDITORS, get=200, post=200, hidden=OTHER_UNIT),
    "register:person-share": Row(DECIDERS, post=302, hidden=OTHER_UNIT),
    "register:person-at-risk": Row(EDITORS, get=200, post=200, hidden=OTHER_UNIT),
    "register:person-at-risk-end": Row(EDITORS, get=200, post=200, hidden=OTHER_UNIT),
    "register:people-similar": Row(EDITORS, post=200),
    "register:organisations-similar": Row(EDITORS, post=200),
    "register:person-merge": Row(DECIDERS, get=200, hidden=OTHER_UNIT),
    "register:person-merge-with": Row(DECIDERS, get=200, post=200, hidden=OTHER_UNIT),
    "register:organisation-merge": Row(DECIDERS, get=200, hidden=OTHER_UNIT),
    "register:organisation-merge-with": Row(DECIDERS, get=200, post=200, hidden=OTHER_UNIT),
    "register:enterprises": Row(CLIENTS, get=200),
    "register:enterprise-reports": Row(CLIENTS, get=200),
    "register:enterprise": Row(CLIENTS, get=200, hidden=OTHER_UNIT),
    "register:enterprise-status-new": Row(EDITORS, get=200, post=200, hidden=OTHER_UNIT),
    "register:enterprise-status-end": Row(EDITORS, get=200, post=200, hidden=OTHER_UNIT),
    "register:enterprise-status-correct": Row(EDITORS, get=200, post=200, hidden=OTHER_UNIT),
    "register:enterprise-report-new": Row(EDITORS, get=200, post=200, hidden=OTHER_UNIT),
    "register:enterprise-headcount-new": Row(EDITORS, get=200, post=200, hidden=OTHER_UNIT),
    "register:enterprise-duty": Row(EDITORS, get=200, post=200, hidden=OTHER_UNIT),
    "register:organisation-link-new": Row(EDITORS, get=200, post=200, hidden=OTHER_UNIT),
    "register:organisation-link-end": Row(EDITORS, get=200, post=200, hidden=OTHER_UNIT),
    "register:organisation-contact-new": Row(EDITORS, get=200, post=200, hidden=OTHER_UNIT),
    "register:organisation-contact-main": Row(EDITORS, post=302, hidden=OTHER_UNIT),
    "register:organisation-contact-end": Row(EDITORS, get=200, post=200, hidden=OTHER_UNIT),
    "register:organisation-account-new": Row(EDITORS, get=200, post=200, hidden=OTHER_UNIT),
    "register:person-account-new": Row(EDITORS, get=200, post=200, hidden=OTHER_UNIT),
    "register:account-confirm": Row(DECIDERS, get=200, post=200, hidden=OTHER_UNIT),
    "register:account-end": Row(EDITORS, get=200, post=200, hidden=OTHER_UNIT),
    "events:list": Row(None, get=200),
    "events:feed": Row(None, get=200),
    "events:event": Row(None, get=200),
    "events:event-calendar": Row(None, get=200),
    "events:enrol": Row(None, get=200, post=200),
    "events:own": Row(None, get=200),
    "events:own-change": Row(None, get=200, post=200),
    "events:own-take": Row(None, post=302),
    "events:own-cancel": Row(None, get=200, post=302),
    "events:own-calendar": Row(None, get=200),
    "trainings:list": Row(PARTNERSHIPS, get=200),
    "trainings:new": Row(ADVISERS, get=200, post=200),
    "trainings:report": Row(ADVISERS, get=200, post=200),
    "trainings:programmes": Row(PARTNERSHIPS, get=200),
    "trainings:programme": Row(PARTNERSHIPS, get=200),
    "trainings:programme-new": Row(ADVISERS, get=200, post=200),
    "trainings:programme-edit": Row(ADVISERS, get=200, post=200),
    "trainings:programme-offer": Row(ADVISERS, post=302),
    "trainings:trainers": Row(PARTNERSHIPS, get=200),
    "trainings:trainer": Row(PARTNERSHIPS, get=200, hidden=OTHER_UNIT),
    "trainings:trainer-new": Row(ADVISERS, get=200, post=200),
    "trainings:trainer-edit": Row(ADVISERS, get=200, post=200, hidden=OTHER_UNIT),
    "trainings:venues": Row(PARTNERSHIPS, get=200),
    "trainings:venue-new": Row(ADVISERS, get=200, post=200),
    "trainings:venue-edit": Row(ADVISERS, get=200, post=200),
    "trainings:room-new": Row(ADVISERS, get=200, post=200),
    "trainings:room-edit": Row(ADVISERS, get=200, post=200),
    "trainings:event": Row(PARTNERSHIPS, get=200, hidden=OTHER_UNIT),
    "trainings:edit": Row(ADVISERS, get=200, post=200, hidden=OTHER_UNIT),
    "trainings:files": Row(ADVISERS, get=200, post=200, hidden=OTHER_UNIT),
    "trainings:copy": Row(ADVISERS, get=200, post=200, hidden=OTHER_UNIT),
    "trainings:seats": Row(ADVISERS, get=200, post=200, hidden=OTHER_UNIT),
    "trainings:move": Row(ADVISERS, get=302, post=302, hidden=OTHER_UNIT),
    "trainings:session-new": Row(ADVISERS, get=200, post=200, hidden=OTHER_UNIT),
    "trainings:session-edit": Row(ADVISERS, get=200, post=200, hidden=OTHER_UNIT),
    "trainings:session-repeat": Row(ADVISERS, get=200, post=200, hidden=OTHER_UNIT),
    "trainings:session-remove": Row(ADVISERS, post=302, hidden=OTHER_UNIT),
    "trainings:participants": Row(PARTNERSHIPS, get=200, hidden=OTHER_UNIT),
    "trainings:enrol": Row(ADVISERS, get=200, post=200, hidden=OTHER_UNIT),
    "trainings:enrolment": Row(PARTNERSHIPS, get=200, hidden=OTHER_UNIT),
    "trainings:enrolment-data": Row(ADVISERS, get=200, post=200, hidden=OTHER_UNIT),
    "trainings:enrolment-cancel": Row(ADVISERS, get=200, post=200, hidden=OTHER_UNIT),
    "trainings:enrolment-seats": Row(ADVISERS, get=200, post=200, hidden=OTHER_UNIT),
    "trainings:enrolment-act": Row(ADVISERS, post=302, hidden=OTHER_UNIT),
    "trainings:enrolment-person": Row(ADVISERS, get=200, post=200, hidden=OTHER_UNIT),
    "trainings:enrolment-person-new": Row(ADVISERS, post=302, hidden=OTHER_UNIT),
    "trainings:enrolment-organisation": Row(ADVISERS, get=200, post=200, hidden=OTHER_UNIT),
    "trainings:enrolment-case": Row(ADVISERS, get=200, post=200, hidden=OTHER_UNIT),
    "trainings:enrolment-suggested": Row(ADVISERS, post=302, hidden=OTHER_UNIT),
    "trainings:enrolment-unlink": Row(ADVISERS, post=302, hidden=OTHER_UNIT),
    "lending:calculator": Row(None, get=200),
    "lending:aid-calculator": Row(None, get=200),
    "lending:calculator-file": Row(None, get=302),  # without wishes back to the page
    "lending:apply": Row(None, post=302),  # without wishes back to the calculator
    "lending:guarantees": Row(None, get=200),
    "loans:apply-for": Row(EDITORS, post=302, hidden=OTHER_UNIT),
    "loans:apply-for-guarantee": Row(EDITORS, post=302, hidden=OTHER_UNIT),
    "loans:funds": Row(READERS, get=200),
    "loans:fund": Row(READERS, get=200),
    "loans:fund-new": Row(LEDGER, get=200, post=200),
    "loans:pay-in": Row(LEDGER, get=200, post=200),
    "loans:pay-out": Row(LEDGER, get=200, post=200),
    "loans:guarantee-limits": Row(READERS, get=200),
    "loans:guarantee-limits-new": Row(LEDGER, get=200, post=200),
    "loans:guarantee-limits-confirm": Row(LEDGER, post=302),
    "loans:guarantee-limits-drop": Row(LEDGER, post=302),
    "loans:entry": Row(READERS, get=200),
    "loans:entry-reverse": Row(LEDGER, get=200, post=200),
    "loans:month-close": Row(LEDGER, post=302),
    "loans:loans": Row(LOANS, get=200),
    "loans:dashboard": Row(READERS, get=200),
    "loans:dashboard-forecast": Row(READERS, get=200),
    "loans:dashboard-vintages": Row(READERS, get=200),
    "loans:dashboard-largest": Row(READERS, get=200),
    "loans:dashboard-effects": Row(READERS, get=200),
    "loans:loan": Row(LOANS, get=200, hidden=OTHER_UNIT),
    "loans:loan-arrears": Row(LOANS, get=200, hidden=OTHER_UNIT),
    "loans:loan-monitoring": Row(LOANS, get=200, hidden=OTHER_UNIT),
    "loans:loan-ledger": Row(LOANS, get=200, hidden=OTHER_UNIT),
    "loans:payoff": Row(LOANS, get=200, hidden=OTHER_UNIT),
    "loans:payment": Row(LOANS, get=200, hidden=OTHER_UNIT),
    "loans:payment-new": Row(PAYERS, get=200, post=200),
    "loans:payment-send-back": Row(PAYERS, get=200, post=200),
    "loans:payment-take-back": Row(PAYERS, get=200, post=200),
    "loans:cost-new": Row(LENDERS, get=200, post=200),
    "loans:cost-take-back": Row(LENDERS, get=200, post=200),
    "loans:files": Row(LOAN_FILES, get=200, post=200),
    "loans:application-files": Row(LOAN_FILES, get=200, post=200),
    "loans:reviews": Row(LOANS, get=200),
    "loans:review": Row(LOANS, get=200, hidden=OTHER_UNIT),
    "loans:review-assess": Row(LENDERS, get=200, post=200),
    # steps that come later in the review: back to its page with a word of why
    "loans:review-card": Row(LENDERS, get=302, post=302),
    "loans:review-committee": Row(LENDERS, get=302, post=302),
    "loans:review-prepare": Row(LENDERS, get=302, post=302),
    "loans:review-refuse": Row(LENDERS, get=200, post=200),
    # the manager is the committee
    "loans:review-vote": Row(MANAGERS, get=302, post=302),
    "loans:review-confirm": Row(MANAGERS, get=302, post=302),
    "loans:review-send-back": Row(MANAGERS, get=302, post=302),
    "loans:review-reopen": Row(LENDERS, get=302, post=302),
    "loans:fund-account": Row(LEDGER, get=200, post=200),
    "loans:payouts": Row(LOANS, get=200),
    "loans:tranche-move": Row(LENDERS, get=200, post=200),
    "loans:order-new": Row(PAYERS, get=302, post=200),
    "loans:order-file": Row(PAYERS, get=200),
    "loans:settlements": Row(LOANS, get=200),
    "loans:statements": Row(PAYERS, get=200),
    "loans:statements-all": Row(PAYERS, get=200),
    "loans:statement-new": Row(PAYERS, get=200, post=200),
    "loans:statement": Row(PAYERS, get=200),
    "loans:statement-match": Row(PAYERS, post=302),
    "loans:statement-file": Row(PAYERS, get=200),
    "loans:statement-line": Row(PAYERS, get=200),
    "loans:statement-line-explain": Row(PAYERS, post=302),
    "loans:settlement": Row(LOANS, get=200, hidden=OTHER_UNIT),
    "loans:settlement-move": Row(LENDERS, get=200, post=302),
    "loans:settlement-extend": Row(PAYERS, get=200, post=200),
    "loans:settlement-document-new": Row(LENDERS, get=200, post=200),
    "loans:settlement-document-edit": Row(LENDERS, get=200, post=200),
    "loans:settlement-document-remove": Row(LENDERS, post=302),
    "loans:settlement-document-file": Row(LOANS, get=200, hidden=OTHER_UNIT),
    # of a loan in payment with an annex on its way
    "loans:loan-draw": Row(LENDERS, get=302, post=302),
    "loans:loan-sign": Row(LENDERS, get=302, post=302),
    "loans:loan-lapse": Row(LENDERS, get=302, post=302),
    "loans:loan-schedule": Row(LOANS, get=200, hidden=OTHER_UNIT),
    "loans:paper": Row(LOANS, get=200, hidden=OTHER_UNIT),
    "loans:paper-new": Row(LENDERS, get=200, post=200),
    "loans:security-new": Row(LENDERS, get=302, post=302),
    "loans:security-edit": Row(LENDERS, get=302, post=302),
    "loans:security-establish": Row(LENDERS, get=302, post=302),
    "loans:security-release": Row(MANAGERS, get=200, post=200),
    "loans:annex-new": Row(LENDERS, get=302, post=302),
    "loans:annex": Row(LOANS, get=200, hidden=OTHER_UNIT),
    "loans:annex-move": Row(LENDERS, get=200, post=200),
    "loans:arrears": Row(LOANS, get=200),
    "loans:notices": Row(LOANS, get=200),
    "loans:notice": Row(LOANS, get=200, post=200, hidden=OTHER_UNIT, writers=LENDERS),
    "loans:notice-drop": Row(LENDERS, get=200, post=200),
    # another decision is on its way
    "loans:measure-new": Row(LENDERS, get=302, post=200),
    "loans:measure": Row(LOANS, get=200, hidden=OTHER_UNIT),
    "loans:measure-move": Row(LENDERS, get=200, post=200),
    "loans:monitoring": Row(LOANS, get=200),
    "loans:job-new": Row(LENDERS, get=200, post=200),
    "loans:jobs-promise": Row(LENDERS, post=302),
    "loans:job-extend": Row(MANAGERS, get=200, post=200),
    # the rate of this loan does not hang on a job
    "loans:job-annex": Row(LENDERS, get=302, post=302),
    "loans:job-move": Row(LENDERS, get=200, post=200),
    "loans:visit-new": Row(LENDERS, get=200, post=200),
    "loans:visit-edit": Row(LENDERS, get=200, post=200),
    "loans:visit-move": Row(LENDERS, get=200, post=200),
    "loans:yearly-move": Row(LENDERS, get=200, post=200),
    "loans:loan-statement": Row(LOANS, get=200, post=200, hidden=OTHER_UNIT),
    "loans:loan-balance": Row(LOANS, get=200, post=200, hidden=OTHER_UNIT),
    "loans:loan-link": Row(LENDERS, get=200, post=200),
    "loans:loan-link-close": Row(LENDERS, post=302),
    "own-loan:page": Row(None, get=200),
    "own-loan:balance": Row(None, get=200),
    "loans:eur-rates": Row(RATES, get=200),
    "loans:eur-rate-new": Row(RATES, get=200, post=200),
    "loans:eur-rate-move": Row(RATES, post=302),
    "loans:eur-file": Row(RATES, get=200, post=200),
    "loans:eur-file-move": Row(RATES, post=302),
    "loans:aid": Row(LOANS, get=200),
    "loans:aid-grant": Row(LOANS, get=200, hidden=OTHER_UNIT),
    "loans:aid-certificate": Row(LOANS, get=200, hidden=OTHER_UNIT),
    "loans:aid-move": Row(MANAGERS, get=200, post=200),  # of the step of the row: a cancellation
    "loans:aid-report": Row(LENDERS, get=200, post=200),
    "loans:aid-files": Row(LOAN_FILES, get=200, post=200),
    "loans:aid-of": Row(LOANS, get=200, hidden=OTHER_UNIT),
    "loans:aid-note": Row(LENDERS, get=200, post=200),
    "loans:aid-statement-new": Row(LENDERS, get=200, post=200),
    "loans:aid-statement-file": Row(LOANS, get=200, hidden=OTHER_UNIT),
    "loans:guarantees": Row(LOANS, get=200),
    "loans:guarantee": Row(LOANS, get=200, hidden=OTHER_UNIT),
    "loans:guarantee-recourse": Row(LOANS, get=200, hidden=OTHER_UNIT),
    "loans:guarantee-ledger": Row(LOANS, get=200, hidden=OTHER_UNIT),
    # this one was paid: nothing is signed, released or called any more
    "loans:guarantee-promise": Row(LENDERS, get=302, post=302),
    "loans:guarantee-draw": Row(LENDERS, get=302, post=302),
    "loans:guarantee-sign": Row(LENDERS, get=302, post=302),
    "loans:guarantee-activate": Row(LENDERS, get=302, post=302),
    "loans:guarantee-lapse": Row(LENDERS, get=302, post=302),
    "loans:guarantee-release": Row(LENDERS, get=302, post=302),
    "loans:guarantee-paper": Row(LOANS, get=200, hidden=OTHER_UNIT),
    "loans:guarantee-paper-new": Row(LENDERS, get=200, post=200),
    "loans:guarantee-fee": Row(PAYERS, get=200, post=200),
    "loans:guarantee-fee-waive": Row(MANAGERS, get=200, post=200),
    "loans:guarantee-fee-take-back": Row(PAYERS, get=302, post=302),
    "loans:guarantee-security-new": Row(LENDERS, get=302, post=302),
    "loans:guarantee-security-edit": Row(LENDERS, get=302, post=302),
    "loans:guarantee-security-establish": Row(LENDERS, get=302, post=302),
    "loans:guarantee-security-release": Row(MANAGERS, get=200, post=200),
    "loans:guarantee-calls": Row(LOANS, get=200),
    "loans:guarantee-call": Row(LOANS, get=200, hidden=OTHER_UNIT),
    "loans:guarantee-call-new": Row(LENDERS, get=302, post=302),
    "loans:guarantee-call-verify": Row(LENDERS, get=302, post=302),
    "loans:guarantee-call-pay": Row(PAYERS, get=302, post=302),
    "loans:guarantee-call-refuse": Row(MANAGERS, get=302, post=302),
    "loans:guarantee-recovery-new": Row(PAYERS, get=200, post=200),
    "loans:guarantee-recovery-take-back": Row(PAYERS, get=200, post=200),
    "loans:guarantee-loss": Row(LOANS, get=200, hidden=OTHER_UNIT),
    "loans:guarantee-loss-new": Row(LENDERS, get=302, post=302),
    "loans:guarantee-loss-move": Row(LENDERS, get=200, post=200),
    "loans:guarantee-reports": Row(LOANS, get=200),
    "loans:guarantee-report": Row(LOANS, get=200, hidden=OTHER_UNIT),
    "loans:guarantee-report-file": Row(LOANS, get=200, hidden=OTHER_UNIT),
    "loans:guarantee-report-withdraw": Row(MANAGERS, get=200, post=200),
    "loans:guarantee-report-new": Row(LENDERS, get=200, post=200),
    "loans:guarantee-report-take": Row(LENDERS, post=302),
    "loans:guarantee-report-template": Row(LENDERS, get=200),
    "loans:rates": Row(RATES, get=200),
    "loans:rate-new": Row(RATES, get=200, post=200),
    "loans:rate-confirm": Row(RATES, post=302),
    "loans:rate-drop": Row(RATES, post=302),
    "loans:rate-check": Row(RATES, post=302),
    "events:survey": Row(None, get=200, post=200),
    "trainings:certificates": Row(PARTNERSHIPS, get=200, hidden=OTHER_UNIT),
    "trainings:certificates-issue": Row(ADVISERS, post=200, hidden=OTHER_UNIT),
    "trainings:certificates-papers": Row(PARTNERSHIPS, get=200, hidden=OTHER_UNIT),
    "trainings:certificate": Row(PARTNERSHIPS, get=200, hidden=OTHER_UNIT),
    "trainings:certificate-paper": Row(PARTNERSHIPS, get=200, hidden=OTHER_UNIT),
    "trainings:certificate-reissue": Row(ADVISERS, get=200, post=200, hidden=OTHER_UNIT),
    "trainings:certificate-move": Row(ADVISERS, get=200, post=200, hidden=OTHER_UNIT),
    "events:certificates": Row(None, get=200),
    "events:certificate": Row(None, get=200),
    "events:own-certificate": Row(None, get=200),
    "trainings:costs": Row(PARTNERSHIPS, get=200, hidden=OTHER_UNIT),
    "trainings:cost-report": Row(PAYERS, get=200, post=200),
    "trainings:cost-new": Row(ADVISERS, get=200, post=200, hidden=OTHER_UNIT),
    "trainings:cost-reckon": Row(ADVISERS, post=302, hidden=OTHER_UNIT),
    "trainings:cost-edit": Row(ADVISERS, get=200, post=200, hidden=OTHER_UNIT),
    "trainings:cost-pay": Row(PAYERS, get=200, post=200),
    "trainings:cost-remove": Row(ADVISERS, post=302, hidden=OTHER_UNIT),
    "trainings:contract-new": Row(ADVISERS, get=200, post=200, hidden=OTHER_UNIT),
    "trainings:contract-edit": Row(ADVISERS, get=200, post=200, hidden=OTHER_UNIT),
    "trainings:room-rate-new": Row(ADVISERS, get=200, post=200),
    "trainings:room-rate-edit": Row(ADVISERS, get=200, post=200),
    "trainings:workload": Row(PARTNERSHIPS, get=200),
    "trainings:attendance": Row(PARTNERSHIPS, get=200, hidden=OTHER_UNIT),
    "trainings:attendance-session": Row(ADVISERS, get=200, post=200, hidden=OTHER_UNIT),
    "trainings:attendance-rest": Row(ADVISERS, post=302, hidden=OTHER_UNIT),
    "trainings:attendance-sheet": Row(PARTNERSHIPS, get=200, hidden=OTHER_UNIT),
    "trainings:attendance-approve": Row(DECIDERS, post=302, hidden=OTHER_UNIT),
    "trainings:attendance-record": Row(DECIDERS, post=302, hidden=OTHER_UNIT),
    "trainings:attendance-correct": Row(DECIDERS, get=200, post=200, hidden=OTHER_UNIT),
    "trainings:door": Row(ADVISERS, get=200, post=302, hidden=OTHER_UNIT),
    "trainings:surveys": Row(PARTNERSHIPS, get=200, hidden=OTHER_UNIT),
    "trainings:survey-new": Row(ADVISERS, get=200, post=200, hidden=OTHER_UNIT),
    "trainings:survey-comparison": Row(PARTNERSHIPS, get=200, hidden=OTHER_UNIT),
    "trainings:survey": Row(PARTNERSHIPS, get=200, hidden=OTHER_UNIT),
    "trainings:survey-edit": Row(ADVISERS, get=200, post=200, hidden=OTHER_UNIT),
    "trainings:survey-discard": Row(ADVISERS, post=302, hidden=OTHER_UNIT),
    "trainings:survey-move": Row(ADVISERS, get=302, post=302, hidden=OTHER_UNIT),
    "trainings:survey-preview": Row(PARTNERSHIPS, get=200, hidden=OTHER_UNIT),
    "trainings:survey-sheet": Row(PARTNERSHIPS, get=200, hidden=OTHER_UNIT),
    "trainings:survey-links": Row(ADVISERS, get=200, hidden=OTHER_UNIT),
    "trainings:survey-paper": Row(ADVISERS, get=200, post=200, hidden=OTHER_UNIT),
    "trainings:survey-results": Row(PARTNERSHIPS, get=200, hidden=OTHER_UNIT),
    "trainings:survey-files": Row(ADVISERS, get=200, post=200, hidden=OTHER_UNIT),
    "trainings:question-new": Row(ADVISERS, get=200, post=200, hidden=OTHER_UNIT),
    "trainings:question-edit": Row(ADVISERS, get=200, post=200, hidden=OTHER_UNIT),
    "trainings:question-remove": Row(ADVISERS, post=302, hidden=OTHER_UNIT),
    "trainings:question-shift": Row(ADVISERS, post=302, hidden=OTHER_UNIT),
    "partnerships:list": Row(None, get=200),
    "partnerships:partnership": Row(None, get=200),
    "partners:list": Row(PARTNERSHIPS, get=200),
    "partners:competences": Row(PARTNERSHIPS, get=200),
    "partners:network": Row(PARTNERSHIPS, get=200),
    "partners:new": Row(ADVISERS, get=200, post=200),
    # this one is public, so those of other units see it and do not keep it
    "partners:partnership": Row(PARTNERSHIPS, get=200),
    "partners:edit": Row(KEEPERS, get=200, post=200),
    "partners:move": Row(KEEPERS, get=200, post=200),
    "partners:area-new": Row(KEEPERS, get=200, post=200),
    "partners:area-remove": Row(KEEPERS, post=302),
    "partners:member-new": Row(KEEPERS, get=200, post=200),
    "partners:member-edit": Row(KEEPERS, get=200, post=200),
    "partners:member-end": Row(KEEPERS, get=200, post=200),
    "partners:files": Row(KEEPERS, get=200, post=200),
    "partners:report": Row(ADVISERS, get=200, post=200),
    "partners:meeting-new": Row(KEEPERS, get=200, post=200),
    "partners:meeting": Row(KEEPERS, get=200),
    "partners:meeting-edit": Row(KEEPERS, get=200, post=200),
    "partners:meeting-move": Row(KEEPERS, get=200, post=200),
    "partners:meeting-invite": Row(KEEPERS, get=200, post=200),
    "partners:meeting-uninvite": Row(KEEPERS, post=302),
    "partners:meeting-attendance": Row(KEEPERS, get=200, post=200),
    "partners:meeting-minutes": Row(KEEPERS, get=200, post=200),
    "partners:meeting-decision-new": Row(KEEPERS, get=200, post=200),
    "partners:meeting-decision-edit": Row(KEEPERS, get=200, post=200),
    "partners:meeting-commitment-new": Row(KEEPERS, get=200, post=200),
    "partners:meeting-minutes-pdf": Row(KEEPERS, get=200),
    "partners:meeting-attendance-pdf": Row(KEEPERS, get=200),
    "partners:meeting-calendar": Row(KEEPERS, get=200),
    "partners:commitment-new": Row(KEEPERS, get=200, post=200),
    "partners:commitment-move": Row(KEEPERS, get=200, post=200),
    "partners:representative-link": Row(KEEPERS, post=302),
    "partnerships:invitation": Row(None, get=200, post=302),
    "partnerships:invitation-calendar": Row(None, get=200),
    "partnerships:calendar": Row(None, get=200),
    "partnerships:guest": Row(None, get=200),
    "partners:agreement": Row(PARTNERSHIPS, get=200, hidden=OTHER_UNIT),
    "partners:agreement-file": Row(PARTNERSHIPS, get=200, hidden=OTHER_UNIT),
    "partners:agreement-new": Row(KEEPERS, get=200, post=200),
    "partners:agreement-edit": Row(KEEPERS, get=200, post=200),
    "partners:agreement-move": Row(KEEPERS, get=200, post=200),
    "partners:agreement-version": Row(KEEPERS, get=200, post=200),
    "partners:agreement-signatory": Row(KEEPERS, get=200, post=200),
    "partners:agreement-signatory-remove": Row(KEEPERS, post=302),
    "partners:agreement-shares": Row(KEEPERS, get=200, post={200, 302}),
    "partners:objective-new": Row(KEEPERS, get=200, post=200),
    "partners:objective-edit": Row(KEEPERS, get=200, post=200),
    "partners:task-new": Row(KEEPERS, get=200, post=200),
    "partners:task-edit": Row(KEEPERS, get=200, post=200),
    "partners:milestone-new": Row(KEEPERS, get=200, post=200),
    "partners:milestone-edit": Row(KEEPERS, get=200, post=200),
    "partners:milestone-reached": Row(KEEPERS, get=200, post=200),
    "partners:representative-new": Row(KEEPERS, get=200, post=200),
    "partners:representative-end": Row(KEEPERS, get=200, post=200),
    "register:audit-samples": Row(MANAGERS, get=200),
    "register:audit-sample-new": Row(MANAGERS, get=200, post=200),
    "register:audit-sample": Row(MANAGERS, get=200),
    "register:audit-sample-edit": Row(MANAGERS, get=200, post=200),
    "register:audit-sample-numbers": Row(MANAGERS, post=200),
    "register:audit-sample-person": Row(MANAGERS, post=404),
    "intake:start": Row(None, get=200),
    "intake:kind": Row(None, get=200, post=302),
    "intake:find": Row(None, get=200, post=200),
    # without the session of the browser that filled it in there is no application
    "intake:resume": Row(None, get=404),
    "intake:application": Row(None, get=404),
    "intake:step": Row(None, get=404, post=404),
    "intake:later": Row(None, get=404, post=404),
    "intake:check": Row(None, get=404, post=404),
    "intake:send": Row(None, get=404, post=404),
    "intake:appeal": Row(None, get=404, post=404),
    "intake:withdraw": Row(None, get=404, post=404),
    "intake:receipt": Row(None, get=404),
    "intake:attach": Row(None, get=404, post=404),
    "intake:file": Row(None, get=404),
    "intake:detach": Row(None, post=404),
    "intake:status-link": Row(None, get=404),
    "intake:status": Row(None, get=404),
    "intake:copy": Row(None, get=404),
    "intake:complete": Row(None, post=404),
    "intake:close-links": Row(None, post=404),
    "intake:again": Row(None, post=404),
    "inbox:list": Row(CLIENTS, get=200),
    "inbox:application": Row(CLIENTS, get=200, hidden=OTHER_UNIT | {Role.AUDITOR}),
    "inbox:file": Row(CLIENTS, get=200, hidden=OTHER_UNIT | {Role.AUDITOR}),
    "inbox:copy": Row(CLIENTS, get=200, hidden=OTHER_UNIT | {Role.AUDITOR}),
    "inbox:close-links": Row(EDITORS, post=302, hidden=OTHER_UNIT),
    "inbox:take": Row(EDITORS, get=200, post=200, hidden=OTHER_UNIT),
    "inbox:ask": Row(EDITORS, get=200, post=200, hidden=OTHER_UNIT),
    "inbox:extend": Row(EDITORS, get={200, 302}, post={200, 302}, hidden=OTHER_UNIT),
    "inbox:reserve": Row(DECIDERS, get=200, post=200, hidden=OTHER_UNIT),
    "inbox:reject": Row(DECIDERS, get=200, post=200, hidden=OTHER_UNIT),
    "inbox:accept": Row(DECIDERS, get=200, post=200, hidden=OTHER_UNIT),
    "inbox:hand_on": Row(EDITORS, get=200, post=200, hidden=OTHER_UNIT),
    "inbox:uphold": Row(DECIDERS, get=200, post=200, hidden=OTHER_UNIT),
    "inbox:dismiss": Row(DECIDERS, get=200, post=200, hidden=OTHER_UNIT),
    "inbox:conflict": Row(EDITORS, get=200, post=200, hidden=OTHER_UNIT),
    "inbox:checklist": Row(EDITORS, get=200, post=200, hidden=OTHER_UNIT),
    "inbox:opinion-ask": Row(EDITORS, get=200, post=200, hidden=OTHER_UNIT),
    "inbox:opinion": Row(EDITORS, get=200, post=200, hidden=EVERYBODY - {Role.ADVISER}),
    "inbox:match": Row(EDITORS, get=200, hidden=OTHER_UNIT),
    "letters:list": Row(DECIDERS, get=200),
    "letters:template": Row(DECIDERS, get=200, post=200),
    "register:dossier": Row(OFFICERS, get=200, post=200),
    "register:requests": Row(OFFICERS, get=200),
    "register:request-new": Row(OFFICERS, get=200, post=200),
    "register:request": Row(OFFICERS, get=200),
    "register:request-handle": Row(OFFICERS, post=302),
    "register:request-answer": Row(OFFICERS, get=200, post=200),
    "register:request-refuse": Row(OFFICERS, get=200, post=200),
    "register:request-extend": Row(OFFICERS, get=200, post=200),
    "register:request-person": Row(OFFICERS, get=200, post=404),
    "consents:mine": Row(None, get=404, post=404),
    "consents:note": Row(EDITORS | {Role.DATA_PROTECTION}, get=200, post=200, hidden=OTHER_UNIT),
    "consents:withdraw": Row(EDITORS | {Role.DATA_PROTECTION}, post=302, hidden=OTHER_UNIT),
    "calls:list": Row(CLIENTS, get=200),
    "calls:new": Row(DECIDERS, get=200, post=200),
    "calls:call": Row(CLIENTS, get=200),
    "calls:change": Row(DECIDERS, get=200, post=200),
    "calls:protocol": Row(CLIENTS, get=200),
    "card:confirm": Row(None, get=404, post=404),
    "cases:list": Row(CLIENTS, get=200),
    "cases:open-for-person": Row(EDITORS, get=200, post=200, hidden=OTHER_UNIT),
    "cases:open-for-organisation": Row(EDITORS, get=200, post=200, hidden=OTHER_UNIT),
    "cases:case": Row(CLIENTS, get=200, hidden=NOT_IN_PROJECT),
    "cases:move": Row(EDITORS, get=200, post=200, hidden=NOT_IN_PROJECT),
    "cases:close": Row(DECIDERS, get=200, post=200, hidden=NOT_IN_PROJECT),
    "cases:diagnosis": Row(EDITORS, get=200, post=200, hidden=NOT_IN_PROJECT),
    "cases:plan": Row(EDITORS, get=200, post=200, hidden=NOT_IN_PROJECT),
    "cases:adviser": Row(EDITORS, get=200, post=200, hidden=NOT_IN_PROJECT),
    "cases:participant-add": Row(EDITORS, get=200, post=200, hidden=NOT_IN_PROJECT),
    "cases:service-new": Row(EDITORS, get=200, post=200, hidden=NOT_IN_PROJECT),
    "cases:services": Row(CLIENTS, get=200),
    "cases:services-approve": Row(DECIDERS, post=302),
    "cases:service": Row(CLIENTS, get=200, hidden=NOT_IN_PROJECT),
    "cases:service-edit": Row(EDITORS, get=200, post=200, hidden=NOT_IN_PROJECT),
    "cases:service-move": Row(EDITORS, get=200, post=200, hidden=NOT_IN_PROJECT),
    "cases:service-link": Row(EDITORS, post=302, hidden=NOT_IN_PROJECT),
    "cases:service-card": Row(CLIENTS, get=200, hidden=NOT_IN_PROJECT),
    "reporting:projects": Row(REPORTING, get=200),
    "reporting:project": Row(REPORTING, get=200, hidden=OUTSIDE),
    "reporting:import": Row(DECIDERS, get=200, post=200, hidden=OUTSIDE),
    "reporting:import-preview": Row(DECIDERS, get=200, hidden=NOT_UPLOADER),
    "reporting:import-confirm": Row(DECIDERS, post=302),
    "reporting:import-cancel": Row(DECIDERS, post=302, hidden=NOT_UPLOADER),
    "reporting:participation": Row(CLIENTS, get=200, post={200, 302}, hidden=NOT_IN_PROJECT, writers=EDITORS),
    "reporting:participation-enter": Row(EDITORS, post={200, 302}, hidden=NOT_IN_PROJECT),
    "reporting:participation-end": Row(EDITORS, post={200, 302}, hidden=NOT_IN_PROJECT),
    "reporting:participation-reenter": Row(EDITORS, post=302, hidden=NOT_IN_PROJECT),
    "reporting:participation-cancel": Row(EDITORS, post=302, hidden=NOT_IN_PROJECT),
    "reporting:participation-prepare": Row(EDITORS, post=302, hidden=NOT_IN_PROJECT),
    "reporting:exports": Row(EXPORTERS, get=200, post=200),
}


@pytest.fixture(scope="module")
def shared_world(django_db_setup, django_db_blocker):
    """The world that `world` hands out, made once for all tests of a file, in a transaction around theirs."""
    with django_db_blocker.unblock(), transaction.atomic():
        with author(command="tests"), translation.override("pl"):
            made = make_world()
        yield made
        transaction.set_rollback(True)


@pytest.fixture
def world(db, shared_world):
    """One of everything, of the lead unit and one project, and the people who try to open it; whatever a test does to
    it in the database and in memory, the next one finds it as it was."""
    return copy.deepcopy(shared_world)


def make_world():
    project = base.project()
    partner = base.unit(UnitKind.PARTNER)
    actors = {role: base.user(role, projects=[project]) for role in Role.values}
    actors["other_unit"] = base.user(Role.COORDINATOR, unit_=partner, projects=[project])
    actors["outside"] = base.user(Role.COORDINATOR)
    case = case_factory.case("active", adviser=actors[Role.ADVISER], project=project, entered=True)
    participation = reporting_factory.participation(project=project)
    person, organisation = base.person(), enterprise_factory.tied()
    # an auditor sees what stands in the sample: here everything but the applications, from which no case has come
    shown = [person, participation.person, case.person]
    case_factory.case(adviser=actors[Role.ADVISER], project=project, person=person, organisation=organisation)
    sample = base.sample(actors[Role.AUDITOR], *shown, by=actors[Role.MANAGER])
    pkd = PkdCode.objects.get(version=2025, code="88.99.Z")
    Activity.objects.create(organisation=organisation, pkd=pkd, version=2025)
    application = intake_factory.taken(by=actors[Role.COORDINATOR])
    attachment = Attachment.objects.create(application=application, rule="statute", file=files.store(upload()))
    review.ask_opinion(application, by=actors[Role.COORDINATOR], of=actors[Role.ADVISER], question="Co sądzisz?")
    group = RiskGroup.objects.get(letter="a")
    AtRisk.objects.create(person=person, group=group, proof="labour_office", valid_from=clock.today())
    partnership = partners_factory.partnership(by=actors[Role.ADVISER], public=True)
    member = partners_factory.member(partnership, by=actors[Role.ADVISER])
    partnerships.add_area(partnership, by=actors[Role.ADVISER], teryt="0806", name="strzelecko-drezdenecki")
    partnerships.add_representative(member, by=actors[Role.ADVISER], person=person, valid_from=partners_factory.FOUNDED)
    programme.save_objective(partnership, by=actors[Role.ADVISER], number=1, text="Cel")
    task = programme.save_task(partnership, by=actors[Role.ADVISER], number=1, text="Zadanie")
    meeting = partners_factory.meeting(partnership, by=actors[Role.ADVISER])
    invited = partners_meetings.may_be_invited(meeting)
    partners_meetings.invite(meeting, by=actors[Role.ADVISER], representatives=list(invited))
    Decision.objects.create(meeting=meeting, number=1, text="Ustalenie")
    partners_commitments.promise(
        partnership, by=actors[Role.ADVISER], membership=member, text="Umowa", due_on=clock.today(), meeting=meeting
    )
    programme.save_milestone(task, by=actors[Role.ADVISER], name="raport", unit="", planned=1, planned_on=clock.today())
    agreement = agreements.draft(partnership, by=actors[Role.ADVISER], kind="intent", title="List intencyjny")
    signing = partners_factory.representative(member, by=actors[Role.ADVISER])
    agreements.add_signatory(agreement, by=actors[Role.ADVISER], representative=signing)
    agreements.add_version(agreement, by=actors[Role.ADVISER], file=upload())
    event = trainings_factory.event(by=actors[Role.ADVISER])
    rate = rates.enter(
        by=base.user(Role.MANAGER),
        kind="rediscount",
        valid_from=clock.today(),
        rate=Decimal("0.038"),
        source="komunikat NBP",
    )
    enrolment = trainings_factory.enrolment(event)
    loan_application = loans_factory.applied(by=actors[Role.LOAN_OFFICER])
    reviews_factory.member(actors[Role.MANAGER], role="chair")
    loan = loans_factory.ready(50_000, tranches=[(20_000, 0), (30_000, 60)], by=actors[Role.LOAN_OFFICER])
    paid = loans_factory.paid(loan, boss=actors[Role.ACCOUNTANT])
    loans_factory.document(paid.settlement, 100, by=actors[Role.LOAN_OFFICER], file=upload())
    return SimpleNamespace(
        actors=actors,
        entry=ledger.pay_in(
            ledger.create_fund(by=actors[Role.ACCOUNTANT], code="fp", name="Fundusz"),
            by=actors[Role.ACCOUNTANT],
            key="matrix",
            amount=Decimal(1000),
            value_date=clock.today(),
            document="WB/1",
        ),
        loan_application=loan_application,
        limits=limits.enter(
            loans_factory.fund(0, code="limity", by=actors[Role.ACCOUNTANT]),
            by=actors[Role.ACCOUNTANT],
            multiplier=Decimal(3),
            client_cap=Decimal("0.05"),
            reasons="uchwała",
        ),
        paid=paid,
        line=statements_factory.taken(paid.loan.fund, clock.today(), ("10.00", "Odsetki"), by=actors[Role.ACCOUNTANT])[
            0
        ],
        cost=trainings_factory.cost(event, by=actors[Role.ADVISER]),
        contract=trainings_factory.contract(by=actors[Role.ADVISER]),
        rate_of_room=trainings_factory.room_rate(by=actors[Role.ADVISER]),
        certificate=trainings_factory.certificate(by=actors[Role.ADVISER], boss=actors[Role.MANAGER]),
        rate=rate,
        eur=aid_factory.eur(datetime.date(2026, 1, 5), confirmed=False),
        aid=_aid(actors, organisation),
        loan=loans_factory.granted(by=actors[Role.LOAN_OFFICER], boss=actors[Role.MANAGER]),
        event=event,
        enrolment=enrolment,
        survey=trainings_factory.survey(event, by=actors[Role.ADVISER], state="open"),
        programme=trainings_factory.programme(by=actors[Role.ADVISER]),
        trainer=trainings_factory.trainer(),
        room=trainings_factory.room(),
        agreement=agreement,
        partnership=partnership,
        lent=_lent(actors),
        guaranteed=_guaranteed(actors),
        project=project,
        person=person,
        request=requests.receive(
            by=actors[Role.DATA_PROTECTION],
            kind="access",
            channel="letter",
            name="Łucja",
            received_on=clock.today(),
            person=person,
        ),
        consent=consents.give(consents.texts().first(), person=person, channel="letter", by=actors[Role.ADVISER]),
        organisation=organisation,
        sample=sample,
        twins=(base.person(with_pesel=False), base.organisation(nip="")),
        call=Call.objects.create(
            kind=ORGANISATION.code,  # beside the applications of this world, which are of people
            name="Nabór zimowy",
            opens_at=clock.now() - datetime.timedelta(days=1),
            closes_at=clock.now() + datetime.timedelta(days=1),
        ),
        case=case,
        service=case_factory.service(case),
        participation=participation,
        delegation=base.delegation(actors[Role.ADVISER], base.user(Role.ADVISER)),
        submitted=intake_factory.submitted(),
        application=application,
        attachment=attachment,
        appeal=intake_factory.in_state("appeal", by=actors[Role.COORDINATOR]),
        pending=pending.hold(
            by=actors[Role.COORDINATOR],
            project=project,
            content=reporting_factory.smefs_file(reporting_factory.row(), bom=False),
            file_name="plik.csv",
        ),
        message=OutboxMessage.objects.create(
            to="a@example.org", subject="Temat", body="Treść.", created_at=clock.now(), due_at=clock.now()
        ),
    )


def _guaranteed(actors):
    """A guarantee that was reported of, called and paid, with a fee to be paid and a write-off on its way."""
    officer, month = actors[Role.LOAN_OFFICER], reports.last_month()
    day = month - datetime.timedelta(days=10)
    with guarantees_factory.at(day):
        ledger.pay_in(
            loans_factory.fund(),
            by=actors[Role.ACCOUNTANT],
            key="gua-capital",
            amount=100_000,
            value_date=day,
            document="WB/1",
            guarantees=True,
        )
    guarantee = guarantees_factory.active(1_000, by=officer, on=day)
    data = guarantees_factory.report((guarantee, 1_000))
    reports.take_in(guarantee.lender, month, data, "raport.csv", by=officer)
    guarantee.refresh_from_db()
    guarantees_factory.paid(guarantee=guarantee, boss=actors[Role.ACCOUNTANT])
    guarantees_factory.recovered(guarantee, 10, by=actors[Role.ACCOUNTANT])
    recourse.prepare_loss(guarantee, by=officer, reasons="Powód", file=upload())
    guarantee.refresh_from_db()
    return guarantee


def _lent(actors):
    """A loan in payment with a payment, an annex, a letter, a termination, a job and a visit on their way and a
    link of its borrower."""
    officer, boss = actors[Role.LOAN_OFFICER], actors[Role.MANAGER]
    loan = loans_factory.active(by=officer, boss=boss)
    annexes.prepare(loan, by=officer, valid_from=annexes.first_days(loan)[0], grace=1, reasons="Powód")
    day = clock.today()
    repayments.receive(loan, by=boss, amount=Decimal(100), value_date=day, document="WB/7", key="permissions")
    repayments.charge(loan, by=officer, amount=Decimal(5), on=day, text="wezwanie", key="permissions")
    since = clock.today() - datetime.timedelta(days=14)
    step = ArrearsStep.objects.get(code="demand")
    loan.notices.create(step=step, since=since, proposed_on=clock.today())
    said = {"on": measures.earliest("termination"), "ground": "untrue", "reasons": "Powód"}
    measures.prepare(loan, by=officer, kind="termination", **said)
    jobs.add(loan, by=officer, position="kucharka", posts=Decimal(1), at_risk="no", create_by=clock.today())
    visits.plan(loan, by=officer, planned_on=clock.today(), subject="Piec")
    YearlyPaper.objects.create(loan=loan, year=2025, kind=YearlyKind.STATEMENT, due_on=clock.today())
    client_links.send(loan, by=officer, email=client_links.addresses(loan)[0])
    return loan


def _aid(actors, organisation):
    """Aid of the organisation that was noted and confirmed, and a statement with its document."""
    aid_factory.eur_now()
    statements.keep(
        organisation,
        by=actors[Role.LOAN_OFFICER],
        source="sudop",
        as_of=clock.today(),
        rows=[],
        file=upload(),
    )
    by, boss = actors[Role.LOAN_OFFICER], actors[Role.MANAGER]
    return aid_factory.noted(organisation, 100, on=clock.today(), by=by, boss=boss)


# What stands in the addresses, by the name of the argument or, where that is not enough, of the address.
ARGUMENTS = {
    "staff:outbox-message": lambda world: {"public_id": world.message.public_id},
    "staff:authorisation": lambda world: {"pk": world.actors[Role.ADVISER].authorisations.latest("pk").pk},
    "staff:delegation": lambda world: {"pk": world.delegation.pk},
    "staff:account-": lambda world: {"pk": world.actors[Role.ADVISER].pk},
    "staff:password-set": lambda world: {"uidb64": "MQ", "token": "a-b"},
    "intake:kind": lambda world: {"path": "wsparcie/osoba"},
    "intake:resume": lambda world: {"token": "none"},
    "card:confirm": lambda world: {"token": "none"},
    "register:dossier": lambda world: {"public_id": world.person.public_id},
    "register:request": lambda world: {"public_id": world.request.public_id},
    "consents:mine": lambda world: {"token": "none"},
    "consents:note": lambda world: {"public_id": world.person.public_id},
    "consents:withdraw": lambda world: {"public_id": world.consent.public_id},
    "cases:move": lambda world: {"public_id": world.case.public_id, "action": "suspend"},
    "cases:close": lambda world: {"public_id": world.case.public_id, "action": "complete"},
    "cases:service-move": lambda world: {"public_id": world.service.public_id, "action": "cancel"},
    "cases:open-for-person": lambda world: {"public_id": world.person.public_id},
    "cases:open-for-organisation": lambda world: {"public_id": world.organisation.public_id},
    "reporting:project": lambda world: {"pk": world.project.pk},
    "reporting:import": lambda world: {"pk": world.project.pk},
    "reporting:import-": lambda world: {"pk": world.pending.pk},
    "reporting:participation": lambda world: {"pk": world.participation.pk},
    "register:person-merge-with": lambda world: {
        "public_id": world.person.public_id,
        "gone_id": world.twins[0].public_id,
    },
    "register:organisation-merge-with": lambda world: {
        "public_id": world.organisation.public_id,
        "gone_id": world.twins[1].public_id,
    },
    "register:enterprise": lambda world: {"public_id": world.organisation.public_id},
    "register:enterprise-reports": lambda world: {"year": 2025},
    "register:enterprise-status-end": lambda world: _part(world, "enterprise_statuses"),
    "register:enterprise-status-correct": lambda world: _part(world, "enterprise_statuses"),
    "register:enterprise-status-new": lambda world: {"public_id": world.organisation.public_id},
    "register:organisation-link-end": lambda world: _part(world, "links_down"),
    "register:organisation-contact-main": lambda world: _part(world, "contacts"),
    "register:organisation-contact-end": lambda world: _part(world, "contacts"),
    "register:organisation-activity-": lambda world: _part(world, "activities"),
    "register:person-at-risk-end": lambda world: {
        "public_id": world.person.public_id,
        "pk": world.person.at_risk.get().pk,
    },
    "register:account": lambda world: {"pk": world.organisation.bank_accounts.get().pk},
    "register:organisation": lambda world: {"public_id": world.organisation.public_id},
    "register:audit-sample": lambda world: {"pk": world.sample.pk},
    "register:person": lambda world: {"public_id": world.person.public_id},
    "events:survey": lambda world: {"token": answering.token(world.survey, world.enrolment)},
    "trainings:survey": lambda world: {"public_id": world.event.public_id, "pk": world.survey.pk},
    "trainings:surveys": lambda world: {"public_id": world.event.public_id},
    "trainings:survey-new": lambda world: {"public_id": world.event.public_id},
    "trainings:survey-comparison": lambda world: {"public_id": world.event.public_id},
    "trainings:survey-move": lambda world: {
        "public_id": world.event.public_id,
        "pk": world.survey.pk,
        "action": "open",
    },
    "trainings:question-": lambda world: {
        "public_id": world.event.public_id,
        "pk": world.survey.pk,
        "question": world.survey.questions.earliest("number").pk,
    },
    "trainings:question-new": lambda world: {"public_id": world.event.public_id, "pk": world.survey.pk},
    "trainings:": lambda world: {"public_id": world.event.public_id},
    "trainings:list": lambda world: {},
    "trainings:new": lambda world: {},
    "trainings:report": lambda world: {},
    "trainings:programme": lambda world: {"pk": world.programme.pk},
    "trainings:programmes": lambda world: {},
    "trainings:programme-new": lambda world: {},
    "trainings:trainer": lambda world: {"pk": world.trainer.pk},
    "trainings:trainers": lambda world: {},
    "trainings:trainer-new": lambda world: {},
    "trainings:venue-edit": lambda world: {"pk": world.room.venue.pk},
    "trainings:venue-new": lambda world: {},
    "trainings:venues": lambda world: {},
    "trainings:room-new": lambda world: {"pk": world.room.venue.pk},
    "trainings:room-edit": lambda world: {"pk": world.room.venue.pk, "room": world.room.pk},
    "trainings:move": lambda world: {"public_id": world.event.public_id, "action": "close"},
    "trainings:session-": lambda world: {
        "public_id": world.event.public_id,
        "pk": world.event.sessions.earliest("pk").pk,
    },
    "trainings:session-new": lambda world: {"public_id": world.event.public_id},
    "trainings:cost-": lambda world: {"public_id": world.event.public_id, "pk": world.cost.pk},
    "trainings:cost-report": lambda world: {},
    "trainings:cost-new": lambda world: {"public_id": world.event.public_id},
    "trainings:cost-reckon": lambda world: {"public_id": world.event.public_id},
    "trainings:contract-new": lambda world: {"pk": world.trainer.pk},
    "trainings:contract-edit": lambda world: {"pk": world.contract.trainer_id, "contract": world.contract.pk},
    "trainings:room-rate-new": lambda world: {"pk": world.room.venue.pk, "room": world.room.pk},
    "trainings:room-rate-edit": lambda world: {
        "pk": world.rate_of_room.room.venue_id,
        "room": world.rate_of_room.room_id,
        "rate": world.rate_of_room.pk,
    },
    "trainings:workload": lambda world: {},
    "trainings:certificate": lambda world: _of_certificate(world),
    "trainings:certificates": lambda world: {"public_id": world.certificate.enrolment.event.public_id},
    "trainings:certificate-move": lambda world: _of_certificate(world, action="annul"),
    "events:certificate": lambda world: {"code": world.certificate.code},
    "events:certificates": lambda world: {},
    "events:own-certificate": lambda world: {"token": own.token(world.certificate.enrolment)},
    "trainings:attendance-": lambda world: {
        "public_id": world.event.public_id,
        "pk": world.event.sessions.earliest("pk").pk,
    },
    "trainings:attendance-approve": lambda world: {"public_id": world.event.public_id},
    "trainings:attendance-record": lambda world: {"public_id": world.event.public_id},
    "trainings:attendance-correct": lambda world: _of_enrolment(world),
    "trainings:door": lambda world: {"token": own.token(world.enrolment)},
    "trainings:enrol": lambda world: {"public_id": world.event.public_id},
    "trainings:enrolment": lambda world: _of_enrolment(world),
    "trainings:enrolment-act": lambda world: _of_enrolment(world, action="take"),
    "trainings:enrolment-suggested": lambda world: _of_enrolment(world, what="osoba", key=world.person.public_id),
    "trainings:enrolment-unlink": lambda world: _of_enrolment(world, what="osoba"),
    "events:own": lambda world: {"token": own.token(world.enrolment)},
    "events:": lambda world: {"public_id": world.event.public_id},
    "loans:apply-for": lambda world: {"public_id": world.organisation.public_id},
    "loans:funds": lambda world: {},
    "loans:fund-new": lambda world: {},
    "loans:fund": lambda world: {"code": world.entry.fund.code},
    "loans:pay-in": lambda world: {"code": world.entry.fund.code},
    "loans:pay-out": lambda world: {"code": world.entry.fund.code},
    "loans:guarantee-limits": lambda world: {"code": world.entry.fund.code},
    "loans:guarantee-limits-new": lambda world: {"code": world.entry.fund.code},
    "loans:guarantee-limits-confirm": lambda world: {"code": world.limits.fund.code, "pk": world.limits.pk},
    "loans:guarantee-limits-drop": lambda world: {"code": world.limits.fund.code, "pk": world.limits.pk},
    "loans:entry": lambda world: {"code": world.entry.fund.code, "pk": world.entry.pk},
    "loans:month-close": lambda world: {"code": world.entry.fund.code, "pk": world.entry.fund.months.get().pk},
    "loans:review": lambda world: {"public_id": world.loan_application.public_id},
    "loans:fund-account": lambda world: {"code": world.entry.fund.code},
    "loans:tranche-move": lambda world: {"public_id": world.paid.loan.public_id, "number": 2, "action": "cancel"},
    "loans:order-new": lambda world: {"code": world.paid.loan.fund.code},
    "loans:order-file": lambda world: {"pk": world.paid.order.pk},
    "loans:statement": lambda world: {"pk": world.line.statement_id},
    "loans:statements-all": lambda world: {},
    "loans:statement-new": lambda world: {},
    "loans:statement-line": lambda world: {"pk": world.line.pk},
    "loans:statement-line-explain": lambda world: {"pk": world.line.pk, "action": "income"},
    "loans:settlement": lambda world: {"public_id": world.paid.loan.public_id, "number": 1},
    "loans:settlement-move": lambda world: {
        "public_id": world.paid.loan.public_id,
        "number": 1,
        "action": "submit",
    },
    "loans:settlement-document": lambda world: {
        "public_id": world.paid.loan.public_id,
        "number": 1,
        "pk": world.paid.settlement.documents.get().pk,
    },
    "loans:settlement-document-new": lambda world: {"public_id": world.paid.loan.public_id, "number": 1},
    "loans:loan": lambda world: {"public_id": world.lent.public_id},
    "loans:payoff": lambda world: {"public_id": world.lent.public_id},
    "loans:payment-new": lambda world: {"public_id": world.lent.public_id},
    "loans:payment-send-back": lambda world: {"public_id": world.lent.public_id},
    "loans:payment": lambda world: {"public_id": world.lent.public_id, "pk": world.lent.payments.get().pk},
    "loans:cost-new": lambda world: {"public_id": world.lent.public_id},
    "loans:cost-take-back": lambda world: {"public_id": world.lent.public_id, "pk": world.lent.costs.get().pk},
    "loans:loan-schedule": lambda world: {"public_id": world.lent.public_id, "number": 1},
    "loans:paper": lambda world: {
        "public_id": world.lent.public_id,
        "file_id": world.lent.papers.filter(kind="agreement").get().file.public_id,
    },
    "loans:paper-new": lambda world: {"public_id": world.lent.public_id},
    "loans:security-": lambda world: {"public_id": world.lent.public_id, "pk": world.lent.securities.get().pk},
    "loans:security-new": lambda world: {"public_id": world.lent.public_id},
    "loans:annex": lambda world: {"public_id": world.lent.public_id, "number": 1},
    "loans:annex-new": lambda world: {"public_id": world.lent.public_id},
    "loans:annex-move": lambda world: {"public_id": world.lent.public_id, "number": 1, "action": "drop"},
    "loans:notice": lambda world: {"public_id": world.lent.public_id, "pk": world.lent.notices.get().pk},
    "loans:notices": lambda world: {},
    "loans:measure": lambda world: {"public_id": world.lent.public_id, "pk": world.lent.measures.get().pk},
    "loans:measure-new": lambda world: {"public_id": world.lent.public_id, "kind": "forgiveness"},
    "loans:measure-move": lambda world: {
        "public_id": world.lent.public_id,
        "pk": world.lent.measures.get().pk,
        "action": "drop",
    },
    "loans:job-": lambda world: {"public_id": world.lent.public_id, "number": 1},
    "loans:job-new": lambda world: {"public_id": world.lent.public_id},
    "loans:jobs-promise": lambda world: {"public_id": world.lent.public_id},
    "loans:job-move": lambda world: {"public_id": world.lent.public_id, "number": 1, "action": "miss"},
    "loans:visit-new": lambda world: {"public_id": world.lent.public_id},
    "loans:visit-edit": lambda world: {"public_id": world.lent.public_id, "number": 1},
    "loans:visit-move": lambda world: {"public_id": world.lent.public_id, "number": 1, "action": "cancel"},
    "loans:yearly-move": lambda world: {
        "public_id": world.lent.public_id,
        "pk": world.lent.yearly_papers.get().pk,
        "action": "waive",
    },
    "loans:guarantee": lambda world: {"public_id": world.guaranteed.public_id},
    "loans:guarantee-paper": lambda world: {
        "public_id": world.guaranteed.public_id,
        "file_id": world.guaranteed.papers.get(kind="agreement").file.public_id,
    },
    "loans:guarantee-paper-new": lambda world: {"public_id": world.guaranteed.public_id},
    "loans:guarantee-fee": lambda world: {"public_id": world.guaranteed.public_id, "nr": 1},
    "loans:guarantee-fee-waive": lambda world: {"public_id": world.guaranteed.public_id, "nr": 1},
    "loans:guarantee-security": lambda world: _of_guarantee(world, world.guaranteed.securities),
    "loans:guarantee-security-new": lambda world: {"public_id": world.guaranteed.public_id},
    "loans:guarantee-call": lambda world: _of_guarantee(world, world.guaranteed.calls),
    "loans:guarantee-call-new": lambda world: {"public_id": world.guaranteed.public_id},
    "loans:guarantee-loss": lambda world: _of_guarantee(world, world.guaranteed.losses),
    "loans:guarantee-loss-new": lambda world: {"public_id": world.guaranteed.public_id},
    "loans:guarantee-loss-move": lambda world: _of_guarantee(world, world.guaranteed.losses) | {"action": "drop"},
    "loans:guarantee-recovery-take-back": lambda world: _of_guarantee(world, world.guaranteed.recoveries),
    "loans:guarantee-report": lambda world: {"pk": world.guaranteed.lender.reports.get().pk},
    "loans:guarantee-report-template": lambda world: {"pk": world.guaranteed.lender_id},
    "own-loan:": lambda world: {"token": loans_factory.link_token(world.lent)},
    "loans:eur-rate-new": lambda world: {},
    "loans:eur-rate-move": lambda world: {"pk": world.eur.pk, "action": "potwierdzenie"},
    "loans:eur-file-move": lambda world: {"file_id": 0, "action": "potwierdzenie"},
    "loans:aid-grant": lambda world: {"public_id": world.aid.public_id},
    "loans:aid-certificate": lambda world: {"public_id": world.aid.public_id},
    "loans:aid-move": lambda world: {"public_id": world.aid.public_id, "action": "cancel"},
    "loans:aid-of": lambda world: {"public_id": world.organisation.public_id},
    "loans:aid-note": lambda world: {"public_id": world.organisation.public_id},
    "loans:aid-statement-new": lambda world: {"public_id": world.organisation.public_id},
    "loans:aid-statement-file": lambda world: {
        "public_id": world.organisation.public_id,
        "pk": world.organisation.aid_statements.get().pk,
    },
    "loans:rate-check": lambda world: {"kind": "rediscount"},
    "loans:rate-": lambda world: {"pk": world.rate.pk},
    "loans:rate-new": lambda world: {},
    "partners:area-remove": lambda world: _of_partnership(world, world.partnership.areas),
    "partners:member-": lambda world: _of_partnership(world, world.partnership.memberships),
    "partners:member-new": lambda world: {"public_id": world.partnership.public_id},
    "partners:agreement": lambda world: _of_partnership(world, world.partnership.agreements),
    "partners:agreement-new": lambda world: {"public_id": world.partnership.public_id},
    "partners:agreement-move": lambda world: _of_agreement(world, action="drop"),
    "partners:agreement-signatory-remove": lambda world: _of_agreement(
        world, signatory=world.agreement.signatories.get().pk
    ),
    "partners:agreement-file": lambda world: _of_agreement(
        world, file_id=world.agreement.versions.get().file.public_id
    ),
    "partners:objective-edit": lambda world: _of_partnership(world, world.partnership.objectives),
    "partners:task-edit": lambda world: _of_partnership(world, world.partnership.tasks),
    "partners:milestone-new": lambda world: _of_partnership(world, world.partnership.tasks),
    "partners:milestone-": lambda world: _of_partnership(world, world.partnership.tasks.get().milestones),
    "partners:representative-new": lambda world: _of_partnership(world, world.partnership.memberships),
    "partners:representative-end": lambda world: {
        "public_id": world.partnership.public_id,
        "pk": world.partnership.memberships.get().representatives.earliest("pk").pk,
    },
    "partners:meeting-new": lambda world: {"public_id": world.partnership.public_id},
    "partners:meeting-move": lambda world: _of_partnership(world, world.partnership.meetings) | {"action": "cancel"},
    "partners:meeting-uninvite": lambda world: (
        _of_partnership(world, world.partnership.meetings) | {"invitation": _meeting(world).invitations.get().pk}
    ),
    "partners:meeting-decision-edit": lambda world: (
        _of_partnership(world, world.partnership.meetings) | {"decision": _meeting(world).decisions.get().pk}
    ),
    "partners:meeting": lambda world: _of_partnership(world, world.partnership.meetings),
    "partners:commitment-move": lambda world: (
        _of_partnership(world, world.partnership.commitments) | {"action": "finish"}
    ),
    "partners:representative-link": lambda world: {
        "public_id": world.partnership.public_id,
        "pk": world.partnership.memberships.get().representatives.earliest("pk").pk,
    },
    "partnerships:invitation": lambda world: {"token": partners_meetings.token(_meeting(world).invitations.get())},
    "partnerships:calendar": lambda world: {"token": calendars.token(world.partnership, world.actors[Role.ADVISER])},
    "partnerships:guest": lambda world: {
        "token": guests.token(world.partnership.memberships.get().representatives.earliest("pk"))
    },
    "partners:move": lambda world: {"public_id": world.partnership.public_id, "action": "suspend"},
    "partners:": lambda world: {"public_id": world.partnership.public_id},
    "partnerships:": lambda world: {"public_id": world.partnership.public_id},
    "cases:service-new": lambda world: {"public_id": world.case.public_id},
    "cases:service": lambda world: {"public_id": world.service.public_id},
    "cases:": lambda world: {"public_id": world.case.public_id},
    "calls:": lambda world: {"public_id": world.call.public_id},
    "inbox:file": lambda world: _file(world),
    "inbox:take": lambda world: {"public_id": world.submitted.public_id},
    "inbox:uphold": lambda world: {"public_id": world.appeal.public_id},
    "inbox:dismiss": lambda world: {"public_id": world.appeal.public_id},
    "inbox:": lambda world: {"public_id": world.application.public_id},
    "letters:template": lambda world: {"code": "accepted", "language": "pl"},
    "intake:file": lambda world: _file(world),
    "intake:detach": lambda world: _file(world),
    "intake:status-link": lambda world: {"token": "none"},
    "intake:step": lambda world: {"public_id": world.application.public_id, "slug": "osoba"},
    "intake:": lambda world: {"public_id": world.application.public_id},
}


def _meeting(world):
    return world.partnership.meetings.get()


def _of_certificate(world, **more):
    row = world.certificate
    return {"public_id": row.enrolment.event.public_id, "key": row.public_id, **more}


def _of_enrolment(world, **more):
    return {"public_id": world.event.public_id, "enrolment": world.enrolment.public_id} | more


def _of_guarantee(world, rows):
    return {"public_id": world.guaranteed.public_id, "pk": rows.get().pk}


def _of_partnership(world, rows):
    return {"public_id": world.partnership.public_id, "pk": rows.get().pk}


def _of_agreement(world, **more):
    return _of_partnership(world, world.partnership.agreements) | more


def _part(world, name):
    """Arguments of the address of the one row of the organisation's `name`."""
    return {"public_id": world.organisation.public_id, "pk": getattr(world.organisation, name).get().pk}


def _file(world):
    return {"public_id": world.application.public_id, "file_id": world.attachment.file.public_id}


def addresses(resolver=None, namespaces=()):
    """{name with its namespaces: names of the arguments} of every address; the admin's stand apart."""
    found = {}
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLPattern):
            found[":".join((*namespaces, entry.name or str(entry.pattern)))] = sorted(
                {*entry.pattern.converters, *entry.pattern.regex.groupindex}
            )
        elif entry.namespace != "admin":
            found |= addresses(entry, (*namespaces, entry.namespace) if entry.namespace else namespaces)
    return found


def admin_addresses():
    admin = next(entry for entry in get_resolver().url_patterns if getattr(entry, "namespace", "") == "admin")
    return {
        name.removeprefix("admin:"): arguments
        for name, arguments in addresses(admin, ("admin",)).items()
        if "<" not in name
    }


def url_of(name, world):
    """The address, its arguments taken from the longest fitting entry of ARGUMENTS."""
    if not addresses()[name]:
        return reverse(name)
    fitting = [key for key in ARGUMENTS if name == key or name.startswith(key if key[-1] in ":-" else f"{key}-")]
    return reverse(name, kwargs=ARGUMENTS[max(fitting, key=len)](world))


def outcomes(actor, requests):
    """[((method, url), status)] of requests, of which nothing is kept; the status is "sign-in" for the way there."""
    client = Client()
    if actor is not None:
        client.force_login(actor)
    signed_in = copy.deepcopy(client.cookies)
    found = []
    for method, url in requests:
        client.cookies = copy.deepcopy(signed_in)
        with transaction.atomic():
            response = client.generic(method, url)
            transaction.set_rollback(True)
        to_sign_in = response.status_code == 302 and response["Location"].startswith(SIGN_IN)
        found.append(((method, url), "sign-in" if to_sign_in else response.status_code))
    return found


def expected(row, method, who):
    allowed = {"GET": row.get, "POST": row.post}[method]
    allowed = allowed if isinstance(allowed, set) else {405 if allowed is None else allowed}
    if row.who is None:
        return allowed
    if who == "anonymous":
        return {"sign-in"}
    if who not in (row.writers if method == "POST" and row.writers else row.who):
        return {403} if allowed != {405} else {403, 405}
    return {404} if who in row.hidden and allowed != {405} else allowed


def test_every_address_has_its_row_and_every_row_an_address():
    assert set(ROWS) == set(addresses())


@pytest.mark.parametrize("name", sorted(ROWS))
def test_matrix(world, name):
    url = url_of(name, world)
    wrong = [
        (method, who, got)
        for who, actor in [("anonymous", None), *world.actors.items()]
        for (method, _url), got in outcomes(actor, [("GET", url), ("POST", url)])
        if got not in expected(ROWS[name], method, who)
    ]
    assert not wrong, wrong


def test_admin_is_the_administrators_alone(world):
    """Every address of the admin: the public is sent to the sign-in, every other role refused."""
    values = {"object_id": "1", "content_type_id": "1", "app_label": "staff", "url": "none"}
    requests_ = [
        (method, reverse(f"admin:{name}", kwargs={argument: values[argument] for argument in arguments}))
        for name, arguments in admin_addresses().items()
        for method in ("GET", "POST")
    ]
    wrong = []
    for who, actor in [("anonymous", None), *world.actors.items()]:
        if actor is None:
            may = {"sign-in"}
        elif who in ADMINISTRATORS:
            may = {200, 302, 400, 403, 404, 405}
        else:
            may = {403}
        wrong += [(who, asked, got) for asked, got in outcomes(actor, requests_) if got not in may]
    assert not wrong, wrong
