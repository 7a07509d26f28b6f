"""The door: sign-in in two steps, the fresh sign-in, passwords."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, update_session_auth_hash
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from centrum.staff import origins, services, sessions, signing
from centrum.staff.enums import Step
from centrum.staff.forms import (
    ChangePasswordForm,
    CodeForm,
    ConfirmForm,
    PasswordLinkForm,
    RecoveryForm,
    SignInForm,
)
from centrum.staff.fresh import safe_next

write = require_http_methods(["GET", "HEAD", "POST"])
# One message whatever was wrong, so that nobody learns who has an account or whether tries are left.
WRONG_PASSWORD = gettext_lazy(
    "The e-mail or the password is wrong, or there were too many tries. Check both; after several wait some minutes."
)
WRONG_CODE = gettext_lazy(
    "The code is wrong or has been used, or there were too many tries. Wait for the next code; after several wait some "
    "minutes."
)
WRONG_PROOF = gettext_lazy("This is wrong, or there were too many tries. Check it; after several wait some minutes.")


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@write
def sign_in(request):
    """The first step: the password. With a second factor nobody is signed in yet."""
    after = request.POST.get("next") or request.GET.get("next", "")
    if request.user.is_authenticated:
        return redirect(safe_next(request, after))
    form = SignInForm(request.POST or None)
    if form.is_valid():
        user = signing.prove_password(
            email=form.cleaned_data["username"], password=form.cleaned_data["password"], origin=origins.of(request)
        )
        if user is None:
            form.add_error(None, WRONG_PASSWORD)
        elif user.has_second_factor:
            sessions.hold(request.session, user, after=after)
            return redirect("staff:sign-in-code")
        else:
            login(request, user)
            return redirect(safe_next(request, after))
    return render(request, "staff/sign_in.html", {"form": form, "next": after})


@login_not_required
@never_cache
@sensitive_post_parameters("code")
@write
def sign_in_code(request):
    """The second step: a code of the application or, with `?zapasowy=1`, a recovery code."""
    held = sessions.held(request.session)
    if held is None:
        messages.warning(request, _("Begin again with the password: between it and the code there are ten minutes."))
        return redirect("staff:sign-in")
    user, after = held
    recovery = "zapasowy" in request.GET
    form = (RecoveryForm if recovery else CodeForm)(request.POST or None)
    if form.is_valid():
        if signing.prove_code(user, code=form.cleaned_data["code"], origin=origins.of(request)):
            login(request, user)
            if recovery:
                messages.warning(request, _("That recovery code is used up. Strike it off your list."))
            return redirect(safe_next(request, after))
        form.add_error("code", WRONG_CODE)
    return render(request, "staff/sign_in_code.html", {"form": form, "recovery": recovery})


class SignOut(auth.LogoutView):
    http_method_names = ("post", "options")


@never_cache
@sensitive_post_parameters("secret")
@write
def confirm(request):
    """The fresh sign-in before something is exported or revealed; leads back by GET."""
    after = request.POST.get("next") or request.GET.get("next", "")
    form = ConfirmForm(request.POST or None, user=request.user)
    if form.is_valid():
        if signing.confirm(request.user, secret=form.cleaned_data["secret"], origin=origins.of(request)):
            sessions.prove(request.session)
            return redirect(safe_next(request, after))
        form.add_error("secret", WRONG_PROOF)
    context = {"form": form, "next": after, "minutes": int(sessions.FRESH.total_seconds() // 60)}
    return render(request, "staff/confirm.html", {**context, "back": safe_next(request, "")})


@never_cache
@sensitive_post_parameters()
@write
def change_password(request):
    """Asks for the old password as well, as often as the door does."""
    form = ChangePasswordForm(request.user, request.POST or None)
    if form.is_valid():
        proved = signing.prove_password(
            email=request.user.email,
            password=form.cleaned_data["old_password"],
            origin=origins.of(request),
            step=Step.CONFIRMATION,
        )
        if proved == request.user:
            user = services.change_password(request.user, password=form.cleaned_data["new_password1"])
            update_session_auth_hash(request, user)  # the other sessions of the account end
            messages.success(request, _("Your password has been changed. You are signed out everywhere else."))
            return redirect("staff:home")
        form.add_error("old_password", WRONG_PROOF)
    return render(request, "staff/password_change.html", {"form": form})


@login_not_required
@write
def password_link(request):
    """Whether the address has an account is not told: the page after is the same."""
    form = PasswordLinkForm(request.POST or None)
    if form.is_valid():
        signing.ask_password_link(email=form.cleaned_data["email"], origin=origins.of(request))
        return redirect("staff:password-link-sent")
    return render(request, "staff/password_link.html", {"form": form})


@login_not_required
@require_safe
def password_link_sent(request):
    return render(request, "staff/password_link_sent.html", {"hours": settings.PASSWORD_RESET_TIMEOUT // 3600})


class SetPassword(auth.PasswordResetConfirmView):
    template_name = "staff/password_set.html"
    success_url = reverse_lazy("staff:sign-in")

    def form_valid(self, form):
        messages.success(self.request, _("Your password is set. Sign in with it."))
        return super().form_valid(form)
