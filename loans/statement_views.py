"""The office's pages of bank statements: what waits to be explained, one line, one statement, a file taken in."""

import uuid
from functools import partial

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from centrum.kit import files, lists
from centrum.kit.identifiers import format_iban, mask_iban
from centrum.kit.lists import Order
from centrum.kit.models import StateChange
from centrum.kit.search import MATCHES, first_matching
from centrum.kit.transitions import Refused, Stale, noun_of
from centrum.staff.enums import Right
from centrum.staff.fresh import needs_fresh_sign_in
from centrum.staff.permissions import requires
from loans import consistency, repayments, statement_files, statement_lines
from loans.enums import LINE_TAG, LineState
from loans.models import Fund
from loans.statement_forms import (
    ALL,
    CapitalForm,
    ChoiceForm,
    LineFilter,
    LineForm,
    LoanForm,
    PaymentForm,
    ReasonForm,
    StatementForm,
)

read = require_safe
write = require_http_methods(["GET", "HEAD", "POST"])
QUEUE = {
    "oldest": Order("booked_on"),
    "newest": Order("booked_on", descending=True),
    "amount": Order("amount"),
    "-amount": Order("amount", descending=True),
}
IN_ORDER = {"number": Order("number"), "-number": Order("number", descending=True), **QUEUE}
NEWEST = {"new": Order("pk", descending=True)}
SHOWN = 8  # statements beside the queue
PATIENCE = 60  # seconds in which the receipts of a file are matched; a worker is given 120


# Lists


@read
@requires(Right.PAY_LOANS)
def queue(request):
    """Lines that wait, and the newest statements."""
    form = LineFilter(request.GET, default=LineState.WAITING)
    page, most = _lines(request, form, statement_files.visible_lines(request.user), QUEUE, "oldest")
    newest = statement_files.visible(request.user).order_by("-pk")[:SHOWN]
    context = {
        "page": page,
        "form": form,
        "most": most,
        "sees": statement_files.sees(request.user),
        "statements": statement_files.count_waiting(newest),
    }
    return render(request, "loans/statement_queue.html", context)


@read
@requires(Right.PAY_LOANS)
def listing(request):
    page = lists.page(request, statement_files.visible(request.user), orders=NEWEST, default="new")
    statement_files.count_waiting(page.rows)
    return render(request, "loans/statements.html", {"page": page})


def _lines(request, form, lines, orders, default):
    """(the page of the lines that are asked for, how many are listed at most where more match)."""
    rows, count, more = form.narrowed(lines), None, False
    if text := form.cleaned_data.get("q"):
        rows, count, more = first_matching(rows, text)
        rows = rows.select_related("statement", "fund")
    page = lists.page(request, rows.defer("search"), orders=orders, default=default, count=count)
    for row in page.rows:
        row.tag = LINE_TAG[row.state]
    return page, MATCHES if more else None


# Statements


@write
@requires(Right.PAY_LOANS)
def new(request):
    back = reverse("loans:statements")
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = StatementForm(*sent, initial={"key": uuid.uuid4(), "fund": Fund.objects.exclude(iban="").first()})
    if form.is_valid():
        said = form.cleaned_data
        upload = said["file"]
        try:
            taken = statement_files.take_in(
                said["fund"],
                upload.read(),
                upload.name,
                by=request.user,
                bank=said["bank"] or None,
                key=said["key"],
                within=PATIENCE,
            )
        except Refused as refusal:
            form.add_error(None, refusal)
        else:
            _tell(request, taken)
            return redirect("loans:statement", taken.statements[-1].pk)
    context = {
        "form": form,
        "title": _("Take in a bank statement"),
        "button": _("Take it in"),
        "back": back,
        "crumbs": [(_("Bank statements"), back)],
    }
    return render(request, "register/one_form.html", context)


def _tell(request, taken):
    if not taken.new:
        words = ngettext(
            "The portal has this statement already, so nothing was changed.",
            "The portal has these %(n)d statements already, so nothing was changed.",
            taken.known,
        )
        messages.info(request, words % {"n": taken.known})
        return
    words = ngettext("%(n)d statement is taken in.", "%(n)d statements are taken in.", taken.new)
    told = [words % {"n": taken.new}]
    if taken.known:
        words = ngettext("%(n)d was here already.", "%(n)d were here already.", taken.known)
        told.append(words % {"n": taken.known})
    if taken.repeated:
        words = ngettext(
            "%(n)d line is on an earlier statement too and was left out.",
            "%(n)d lines are on earlier statements too and were left out.",
            taken.repeated,
        )
        told.append(words % {"n": taken.repeated})
    told.append(_matched(taken.matched))
    words = ngettext("%(n)d line waits to be explained.", "%(n)d lines wait to be explained.", taken.waiting)
    told.append(words % {"n": taken.waiting})
    messages.success(request, " ".join(told))


def _matched(number):
    words = ngettext(
        "%(n)d payment was matched with its loan.", "%(n)d payments were matched with their loans.", number
    )
    return words % {"n": number}


@read
@requires(Right.PAY_LOANS)
def statement(request, pk):
    shown = get_object_or_404(statement_files.visible(request.user), pk=pk)
    form = LineFilter(request.GET, default=ALL)
    lines = statement_files.visible_lines(request.user).filter(statement=shown)
    page, most = _lines(request, form, lines, IN_ORDER, "number")
    waiting = consistency.waiting_up_to(shown.fund, shown)
    closing, counted = consistency.balances(shown.fund, shown)
    own = lines.filter(state=LineState.WAITING)
    context = {
        "statement": shown,
        "iban": format_iban(shown.account),
        "page": page,
        "form": form,
        "most": most,
        "waiting": waiting,
        "own_waiting": own.count() if waiting else 0,
        "closing": closing,
        "counted": counted,
        "difference": counted - closing,
        "may_match": own.filter(amount__gt=0).exists() if waiting else False,
        "may_open": request.user.has_right(Right.VIEW_LEDGER),
    }
    return render(request, "loans/statement.html", context)


@require_POST
@requires(Right.PAY_LOANS)
def match(request, pk):
    """Look once more for the loans of a statement's receipts: an account may be confirmed by now."""
    shown = get_object_or_404(statement_files.visible(request.user), pk=pk)
    number = statement_files.match([shown], by=request.user, within=PATIENCE)
    messages.success(request, _matched(number))
    return redirect("loans:statement", pk)


@never_cache
@read
@requires(Right.PAY_LOANS)
@needs_fresh_sign_in
def file(request, pk):
    """The file of a statement as the bank made it."""
    return files.send(get_object_or_404(statement_files.visible(request.user), pk=pk).file)


# One line


def _put_back(row, form, by):
    return statement_lines.put_back(row, by=by, reason=form.cleaned_data["reason"])


def _capital(row, form, by):
    service = statement_lines.capital_in if row.amount > 0 else statement_lines.capital_out
    return service(row, by=by, entrusted=form.cleaned_data["entrusted"])


def _of_choice(service):
    return lambda row, form, by: service(row, form.cleaned_data["chosen"], by=by)


def _rows(reader):
    return lambda row: {"rows": reader(row)}


def _nothing(_row):
    return {}


_EXPLAINED = gettext_lazy("The line is explained.")
# {action: (form, what it needs besides, service, what is said then)}
ACTIONS = {
    "payment": (
        PaymentForm,
        _nothing,
        lambda row, form, by: repayments.identify(
            row, form.cleaned_data["number"], by=by, mode=form.cleaned_data["mode"]
        ),
        gettext_lazy("The payment is posted."),
    ),
    "noted": (
        ChoiceForm,
        _rows(repayments.noted),
        lambda row, form, by: repayments.identify(
            row, form.cleaned_data["chosen"].loan, by=by, found=form.cleaned_data["chosen"]
        ),
        gettext_lazy("The payment that was noted by hand has its line on the statement."),
    ),
    "capital": (CapitalForm, _nothing, _capital, _EXPLAINED),
    "found": (ChoiceForm, _rows(statement_lines.capital_noted), _of_choice(statement_lines.capital_found), _EXPLAINED),
    "income": (LineForm, _nothing, lambda row, _form, by: statement_lines.income(row, by=by), _EXPLAINED),
    "payout": (
        ChoiceForm,
        _rows(statement_lines.tranches),
        _of_choice(statement_lines.payout),
        gettext_lazy("The payout is booked and has its line."),
    ),
    "refund": (
        LoanForm,
        _nothing,
        lambda row, form, by: statement_lines.refund(row, form.cleaned_data["number"], by=by),
        gettext_lazy("The money that was sent back is posted."),
    ),
    "costs": (LineForm, _nothing, lambda row, _form, by: statement_lines.costs(row, by=by), _EXPLAINED),
    "returned": (
        ChoiceForm,
        _rows(statement_lines.counterparts),
        _of_choice(statement_lines.returned),
        gettext_lazy("Both lines are explained."),
    ),
    "put-back": (ReasonForm, _nothing, _put_back, gettext_lazy("The line waits again.")),
}


@read
@requires(Right.PAY_LOANS)
def line(request, pk):
    return _page(request, _line(request, pk))


@require_POST
@requires(Right.PAY_LOANS)
def explain(request, pk, action):
    if action not in ACTIONS:
        raise Http404
    row = _line(request, pk)
    _form, _more, service, done = ACTIONS[action]
    form = _made(request, row, action, request.POST)
    if form.is_valid():
        try:
            service(row, form, request.user)
        except Stale as stale:  # by a second click, too: the page says what the line is by now
            messages.warning(request, " ".join(stale.messages))
            return redirect("loans:statement-line", pk)
        except Refused as refusal:
            form.add_error(None, refusal.messages)
        else:
            messages.success(request, done)
            return redirect("loans:statement-line", pk) if action == "put-back" else redirect("loans:statements")
    return _page(request, _line(request, pk), action, form)


def _line(request, pk):
    return get_object_or_404(statement_files.visible_lines(request.user).defer("search"), pk=pk)


def _made(request, row, action, *sent):
    form, more, *_rest = ACTIONS[action]
    return form(*sent, line=row, user=request.user, **more(row))


def _page(request, row, action=None, form=None):
    """`form`: that of `action`, with what is wrong in it."""
    user, waits = request.user, row.state == LineState.WAITING
    made = partial(_made, request, row)
    names = ("payment" if row.amount > 0 else "refund", "capital") if waits else ("put-back",)
    steps = StateChange.objects.filter(noun=noun_of(row), object_id=row.pk).select_related("by").order_by("-pk")
    words = dict(LineState.choices)
    context = {
        "line": row,
        "tag": LINE_TAG[row.state],
        "amount": abs(row.amount),
        "account": _shown_account(user, row.counterparty_account),
        "suggestions": statement_lines.suggestions(row) if waits else [],
        "explanation": statement_lines.explanation(row),
        "forms": {name.replace("-", "_"): form if name == action else made(name) for name in names},
        "form": form,
        "steps": [{"at": one.at, "by": one.by, "words": words[one.target], "reason": one.reason} for one in steps],
        "may_keep": user.has_right(Right.KEEP_LEDGER),
        "may_open": user.has_right(Right.VIEW_LEDGER),
    }
    return render(request, "loans/statement_line.html", context)


def _shown_account(user, number):
    """An account of the other side: whole for who has the right; one that is no Polish number as the bank wrote it."""
    if not number.startswith("PL") or len(number) != 28:
        return number
    return format_iban(number) if user.has_right(Right.VIEW_ACCOUNTS) else mask_iban(number)
