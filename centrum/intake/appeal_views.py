"""Appeal and withdrawal: the applicant's pages."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from centrum.intake import access, appeals, kinds, services
from centrum.intake.enums import APPLICATION_MOVES
from centrum.kit import transitions
from centrum.kit.fields import MultilineField


class AppealForm(forms.Form):
    text = MultilineField(
        label=gettext_lazy("Why you do not agree"),
        help_text=gettext_lazy("Write what we should look at again. Do not write about health."),
    )


@access.public("GET", "HEAD", "POST")
def appeal(request, public_id):
    """Appeal from the rejection; another person than the one who rejected decides."""
    rejected = access.to_read(request, public_id)
    if not appeals.is_open_to(rejected):
        return redirect("intake:status", public_id)
    form = AppealForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            appeals.submit(rejected, text=form.cleaned_data["text"])
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("We have received your appeal."))
        return redirect("intake:status", public_id)
    context = {
        "application": rejected,
        "kind": kinds.of(rejected),
        "form": form,
        "last_day": appeals.last_day(rejected),
    }
    return render(request, "intake/appeal.html", context)


@access.public("GET", "HEAD", "POST")
def withdraw(request, public_id):
    """Ask once more, then withdraw."""
    sent = access.to_read(request, public_id)
    if not may_withdraw(sent):
        return access.home(sent)
    if request.method == "POST":
        try:
            services.withdraw(sent)
        except transitions.Stale as error:
            messages.info(request, " ".join(error.messages))
        else:
            messages.success(request, _("You have withdrawn the application."))
        return redirect("intake:status", public_id)
    return render(request, "intake/withdraw.html", {"application": sent, "kind": kinds.of(sent)})


def may_withdraw(application):
    return application.state in transitions.find(APPLICATION_MOVES, "withdraw").sources
