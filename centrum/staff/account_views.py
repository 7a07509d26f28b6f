"""Accounts as the administrator keeps them (invitations, lost telephones), and the history of signing in."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from centrum.kit import lists
from centrum.kit.lists import Order
from centrum.kit.transitions import Refused, Stale
from centrum.staff import queries, second_factor, services
from centrum.staff.enums import Right
from centrum.staff.forms import AccountFilter, RemoveFactorForm, SignInFilter
from centrum.staff.models import User
from centrum.staff.permissions import requires

NEWEST_FIRST = {"newest": Order("pk", descending=True)}


@require_safe
@requires(Right.ADMINISTER)
def accounts(request):
    """Who has an account, who has not accepted the invitation, who has no second factor."""
    form = AccountFilter(request.GET)
    rows = User.objects.all()
    if form.is_valid():
        rows = queries.filter_accounts(rows, **form.cleaned_data)
    page = lists.page(request, rows, orders=NEWEST_FIRST, default="newest")
    return render(request, "staff/accounts.html", {"page": page, "filters": form})


@require_http_methods(["POST"])
@requires(Right.ADMINISTER)
def invite_again(request, pk):
    user = get_object_or_404(User, pk=pk)
    try:
        services.invite_again(user, by=request.user)
    except Stale as late:
        messages.warning(request, late.message)
    else:
        messages.success(request, _("A new invitation to %(email)s is in the outbox.") % {"email": user.email})
    return redirect("staff:accounts")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Right.ADMINISTER)
def remove_second_factor(request, pk):
    """For a lost telephone without recovery codes: whoever asks must be known by voice or face."""
    user = get_object_or_404(User, pk=pk)
    form = RemoveFactorForm(request.POST or None)
    if form.is_valid():
        try:
            second_factor.remove(user, by=request.user, **form.cleaned_data)
        except Stale as late:
            messages.warning(request, late.message)
            return redirect("staff:accounts")
        except Refused as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("The second factor of %(user)s is off; a letter tells it.") % {"user": user})
            return redirect("staff:accounts")
    return render(request, "staff/second_factor_remove.html", {"form": form, "account": user})


@require_safe
def sign_ins(request):
    """The own tries at the door; the administrator also sees all of them, by account."""
    may_see_all = request.user.has_right(Right.ADMINISTER)
    everything = may_see_all and request.GET.get("tab") == "all"
    rows = queries.sign_ins(None if everything else request.user)
    form = SignInFilter(request.GET) if everything else None
    if form and form.is_valid():
        rows = queries.filter_sign_ins(rows, user=form.cleaned_data["user"], outcome=form.cleaned_data["outcome"])
    page = lists.page(request, rows, orders=NEWEST_FIRST, default="newest")
    context = {"page": page, "filters": form, "everything": everything, "may_see_all": may_see_all}
    return render(request, "staff/sign_ins.html", context)
