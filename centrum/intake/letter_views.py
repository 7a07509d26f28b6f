"""Where the staff edit the texts of letters."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from centrum.intake import letters
from centrum.intake.deciding import show
from centrum.intake.models import LetterTemplate
from centrum.intake.review_forms import TemplateForm
from centrum.staff.enums import Right
from centrum.staff.permissions import requires


@requires(Right.KEEP_LETTERS)
@require_safe
def templates(request):
    rows = letters.templates()
    groups = {}
    for kind in letters.KINDS.values():
        versions = [row for row in rows if row.code == kind.code]
        groups.setdefault(str(kind.group), []).append({"label": kind.label, "versions": versions})
    return render(request, "intake/letters.html", {"groups": groups.items()})


@requires(Right.KEEP_LETTERS)
@require_http_methods(["GET", "HEAD", "POST"])
def template(request, code, language):
    """Edit one text: see it with sample data, save it, or bring the first text back."""
    if code not in letters.KINDS:
        raise Http404
    row = get_object_or_404(LetterTemplate, code=code, language=language)
    if "restore" in request.POST:
        letters.restore(row, by=request.user)
        messages.success(request, _("The first text is back."))
        return redirect("letters:template", code, language)
    form = TemplateForm(request.POST or None, initial={"subject": row.subject, "body": row.body})
    text = {"subject": row.subject, "body": row.body}
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data
        try:
            if "preview" not in request.POST:
                letters.save(row, by=request.user, **text)
                messages.success(request, _("The letter is saved."))
                return redirect("letters:template", code, language)
            letters.check_whole(row.code, **text)
        except ValidationError as error:
            show(form, error)
            text = {"subject": row.subject, "body": row.body}
    context = {
        "form": form,
        "row": row,
        "label": letters.KINDS[code].label,
        "placeholders": [(f"{{{name}}}", letters.PLACEHOLDERS[name][0]) for name in letters.placeholders(code)],
        "sample": letters.preview(row, **text),
    }
    return render(request, "intake/letter_template.html", context)
