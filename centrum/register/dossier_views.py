"""The dossier of a person as a file."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from centrum.kit import clock
from centrum.kit.transitions import Refused
from centrum.register import dossier as dossiers
from centrum.register.forms import ReasonForm
from centrum.register.queries import visible_people
from centrum.staff.enums import Right
from centrum.staff.fresh import needs_fresh_sign_in
from centrum.staff.permissions import requires

FORMATS = {"pdf": (dossiers.as_pdf, "application/pdf"), "json": (dossiers.as_json, "application/json")}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@requires(Right.HANDLE_REQUESTS)
@needs_fresh_sign_in
def dossier(request, public_id):
    """Ask for the reason; the POST answers with the file that its button names."""
    person = get_object_or_404(visible_people(request.user), public_id=public_id)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        chosen = request.POST.get("format") if request.POST.get("format") in FORMATS else "pdf"
        write, content_type = FORMATS[chosen]
        try:
            made = dossiers.make(person, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal)
        else:
            name = f"akta-{person.public_id}-{clock.today():%Y%m%d}.{chosen}"
            headers = {"Content-Disposition": f'attachment; filename="{name}"'}
            return HttpResponse(write(made), content_type=content_type, headers=headers)
    sections = [section.label for section in dossiers.registry.dossier_sections()]
    return render(request, "register/dossier.html", {"person": person, "form": form, "sections": sections})
