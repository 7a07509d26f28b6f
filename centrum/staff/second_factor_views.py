"""Setting up the second factor, its recovery codes, taking it off."""

from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from centrum.kit import crypto
from centrum.kit.transitions import Refused, Stale
from centrum.staff import second_factor
from centrum.staff.forms import CodeForm
from centrum.staff.fresh import needs_fresh_sign_in

_WAITING = "staff_new_secret"  # key in the session: the secret shown, until a code proves that it was scanned


@require_safe
def page(request):
    return render(
        request,
        "staff/second_factor.html",
        {
            "left": second_factor.unused_codes(request.user),
            "made": second_factor.RECOVERY_CODES,
            "required": settings.SECOND_FACTOR_REQUIRED,
        },
    )


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
@needs_fresh_sign_in
def enrol(request):
    """Scan, type the code, keep the recovery codes. Until then the secret waits in the session, encrypted."""
    secret = _waiting_secret(request.session)
    form = CodeForm(request.POST or None)
    if form.is_valid():
        try:
            codes = second_factor.enrol(request.user, secret=secret, code=form.cleaned_data["code"])
        except Refused as refusal:
            form.add_error(None, refusal)
        else:
            del request.session[_WAITING]
            update_session_auth_hash(request, request.user)  # a new key; the other sessions of the account end
            return _codes(request, codes)
    groups = [secret[i : i + 4] for i in range(0, len(secret), 4)]
    context = {
        "form": form,
        "picture": second_factor.picture(secret, request.user),
        "secret": " ".join(groups),
        "required": settings.SECOND_FACTOR_REQUIRED and not request.user.has_second_factor,
    }
    return render(request, "staff/second_factor_new.html", context)


@never_cache
@require_http_methods(["POST"])
@needs_fresh_sign_in
def new_codes(request):
    if not request.user.has_second_factor:
        raise PermissionDenied(_("Set up the second factor first: recovery codes stand in for it."))
    return _codes(request, second_factor.new_codes(request.user))


@require_http_methods(["POST"])
@needs_fresh_sign_in
def switch_off(request):
    """Only where the office does not ask for a second factor, as in the demo."""
    if settings.SECOND_FACTOR_REQUIRED:
        raise PermissionDenied(_("The office asks everybody for a second factor. To change telephones set it up anew."))
    try:
        user = second_factor.switch_off(request.user)
    except Stale as stale:
        messages.warning(request, " ".join(stale.messages))
    else:
        update_session_auth_hash(request, user)
        messages.success(request, _("The second factor is off: you sign in with the password alone."))
    return redirect("staff:second-factor")


def _codes(request, codes):
    """The one page that shows them; the file stands in its link, so that nothing is kept for it."""
    lines = [_("Recovery codes of %(email)s. Each opens once.") % {"email": request.user.email}, "", *codes, ""]
    file = "data:text/plain;charset=utf-8," + quote("\r\n".join(lines))
    return render(request, "staff/recovery_codes.html", {"codes": codes, "file": file})


def _waiting_secret(session):
    if _WAITING not in session:
        session[_WAITING] = crypto.encrypt(second_factor.new_secret(), purpose="staff.totp.new").hex()
    return crypto.decrypt(bytes.fromhex(session[_WAITING]), purpose="staff.totp.new")
