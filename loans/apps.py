from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centrum.kit.registry import Finder, MenuItem, Offer, Panel, Story, register
from centrum.staff.enums import Right


class LoansConfig(AppConfig):
    name = "loans"
    verbose_name = _("Loans and guarantees")

    def ready(self):
        from centrum.intake import kinds
        from centrum.kit import exports
        from loans import (
            application_profiles,
            arrears_letters,
            client_links,
            demo,
            dossier,
            papers,
            review_letters,
        )
        from loans.applying import LOAN
        from loans.deminimis import certificates
        from loans.guarantees import papers as guarantee_papers
        from loans.guarantees.applying import GUARANTEE
        from loans.profiles import PROFILES
        from loans.profiles import aid as aid_profiles
        from loans.seed import (
            load_accounts,
            load_aid,
            load_arrears_steps,
            load_criteria,
            load_parameters,
            load_products,
        )

        post_migrate.connect(load_products, sender=self)
        post_migrate.connect(load_accounts, sender=self)
        post_migrate.connect(load_criteria, sender=self)
        post_migrate.connect(load_arrears_steps, sender=self)
        post_migrate.connect(load_aid, sender=self)
        post_migrate.connect(load_parameters, sender=self)
        kinds.register(LOAN, GUARANTEE)
        exports.register(*PROFILES, *application_profiles.PROFILES, *aid_profiles.PROFILES)
        review_letters.register_letters()
        papers.register_texts()
        guarantee_papers.register_texts()
        certificates.register_texts()
        arrears_letters.register_texts()
        client_links.register_letter()
        register(
            *_menu(),
            *_panels(),
            *dossier.SECTIONS,
            Story(20, demo.tell),
            Offer(
                title=_("A loan"),
                text=_("Our fund lends to social economy entities. Count what a loan would cost."),
                url_name="lending:calculator",
                order=30,
            ),
            Offer(
                title=_("A guarantee"),
                text=_("The bank wants security for a credit? We guarantee a part of it."),
                url_name="lending:guarantees",
                order=31,
            ),
        )


def _menu():
    from loans import finders, waiting
    from loans.guarantees import panels as guarantee_panels

    group, sees = _("Fund"), Right.VIEW_LOANS
    return (
        MenuItem(group, _("The fund today"), "loans:dashboard", Right.VIEW_LEDGER, 49),
        MenuItem(group, pgettext_lazy("fund", "Applications"), "loans:reviews", sees, 50, waiting.reviews),
        MenuItem(group, _("Loans"), "loans:loans", sees, 51),
        MenuItem(group, _("Payouts"), "loans:payouts", sees, 52, waiting.payouts_),
        MenuItem(group, _("Settlements"), "loans:settlements", sees, 53, waiting.settlements_),
        MenuItem(group, _("Arrears"), "loans:arrears", sees, 54, waiting.arrears_),
        MenuItem(group, pgettext_lazy("of loans", "Monitoring"), "loans:monitoring", sees, 55, waiting.monitoring_),
        MenuItem(group, _("Guarantees"), "loans:guarantees", sees, 55, waiting.guarantees_),
        MenuItem(group, _("De minimis aid"), "loans:aid", sees, 58, waiting.aid_),
        MenuItem(group, _("Bank statements"), "loans:statements", Right.PAY_LOANS, 56, waiting.statements_),
        MenuItem(group, _("Ledger of the fund"), "loans:funds", Right.VIEW_LEDGER, 57),
        MenuItem(group, _("Rates of the NBP"), "loans:rates", Right.KEEP_RATES, 60),
        Finder(_("Loans"), sees, 42, finders.find_loans),
        Finder(_("Guarantees"), sees, 43, guarantee_panels.find),
    )


def _panels():
    from loans import (
        account_views,
        agreement_views,
        annex_views,
        applying_views,
        arrears_views,
        monitoring,
        panels,
        payouts,
        repayment_views,
        review_views,
        security_views,
        waiting,
    )
    from loans.deminimis import panels as aid_panels
    from loans.guarantees import agreement_views as guarantee_views
    from loans.guarantees import call_views as guarantee_calls
    from loans.guarantees import panels as guarantee_panels

    of_guarantees = "loans/guarantees"
    return (
        Panel("home", "loans/_my_day.html", waiting.my_day, 7),
        Panel("loan", "loans/_repayments.html", repayment_views.panel, 5),
        Panel("loan-arrears", "loans/_arrears.html", arrears_views.panel, 7),
        Panel("loan", "loans/_agreement.html", agreement_views.agreement_panel, 10),
        Panel("loan", "loans/_schedule.html", agreement_views.schedule_panel, 20),
        Panel("loan", "loans/_securities.html", security_views.panel, 30),
        Panel("loan", "loans/_annexes.html", annex_views.panel, 40),
        Panel("loan", "loans/_tranches.html", payouts.panel, 50),
        Panel("loan-monitoring", "loans/_account.html", account_views.panel, 54),
        Panel("loan-monitoring", "loans/_monitoring.html", monitoring.panel, 55),
        Panel("loan", "loans/_papers.html", agreement_views.papers_panel, 60),
        Panel("loan-ledger", "loans/_ledger.html", panels.ledger_of, 70),
        Panel("loan-ledger", "loans/_timeline.html", panels.timeline_of, 80),
        Panel("guarantee", f"{of_guarantees}/_agreement.html", guarantee_views.panel, 10),
        Panel("guarantee", f"{of_guarantees}/_calls.html", guarantee_calls.panel, 20),
        Panel("guarantee", "loans/_securities.html", security_views.panel, 30),
        Panel("guarantee", f"{of_guarantees}/_exposure.html", guarantee_panels.exposure_of, 40),
        Panel("guarantee", f"{of_guarantees}/_fees.html", guarantee_views.fees_panel, 50),
        Panel("guarantee", f"{of_guarantees}/_papers.html", guarantee_views.papers_panel, 60),
        Panel("guarantee-recourse", f"{of_guarantees}/_recourse.html", guarantee_calls.recourse_panel, 10),
        Panel("guarantee-ledger", f"{of_guarantees}/_ledger.html", guarantee_panels.ledger_of, 10),
        Panel("guarantee-ledger", f"{of_guarantees}/_timeline.html", guarantee_panels.timeline_of, 20),
        Panel("organisation", f"{of_guarantees}/_panel.html", guarantee_panels.of_organisation, 53),
        Panel("case", f"{of_guarantees}/_panel.html", guarantee_panels.of_case, 53),
        Panel("organisation", "loans/_panel.html", panels.of_organisation, 52),
        Panel("organisation", "loans/deminimis/_panel.html", aid_panels.room_of, 53),
        Panel("organisation", "loans/_apply_panel.html", applying_views.panel, 58),
        Panel("case", "loans/_panel.html", panels.of_case, 52),
        Panel("application", "loans/_review_panel.html", review_views.panel, 9),
        Panel("application", "loans/_of_application.html", panels.of_application, 10),
    )
