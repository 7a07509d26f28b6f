"""The applicant's pages of an application that has been sent, and the doors of the secret links."""

from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from centrum.intake import (
    access,
    appeal_views,
    appeals,
    attachments,
    consents,
    documents,
    kinds,
    letters,
    links,
    queries,
    services,
)
from centrum.intake.enums import EDITABLE, PUBLIC_STATE, STATE_TAG, ApplicationState, LinkPurpose
from centrum.intake.forms import EmailForm
from centrum.kit.polish import datetime_short
from centrum.kit.transitions import Refused, Stale


@access.public("GET", "HEAD")
def receipt(request, public_id):
    """The number, where the application stands, and what was sent."""
    sent = access.to_edit(request, public_id)
    if sent.state == ApplicationState.DRAFT:
        return access.home(sent)
    kind = kinds.of(sent)
    context = {
        **_standing(sent),
        "sections": kind.sections(kind.answers_of(sent)),
        "files": attachments.of(sent),
        "clauses": [a.clause for a in sent.acknowledgements.select_related("clause").order_by("clause__code")],
        "consents": consents.given(sent),
    }
    return render(request, "intake/receipt.html", context)


@access.public("GET", "HEAD")
def status(request, public_id):
    """Where the application stands, what happened and what comes next; none of the answers."""
    sent = access.to_read(request, public_id)
    if sent.state == ApplicationState.DRAFT:
        return access.home(sent)
    changes = list(queries.changes_of(sent))
    context = {
        **_standing(sent),
        "since": changes[0].at,
        "timeline": [{"when": datetime_short(c.at), "text": PUBLIC_STATE[c.target]} for c in changes],
        "asked": queries.open_request(sent) if sent.state == ApplicationState.COMPLETION else None,
        "may_edit": access.may_edit(request, public_id),
        "key": uuid4(),
    }
    return render(request, "intake/status.html", context)


def _standing(sent):
    return {
        "application": sent,
        "kind": kinds.of(sent),
        "told": kinds.of(sent).told(sent),
        "state": PUBLIC_STATE[sent.state],
        "tag": STATE_TAG[sent.state],
        "may_withdraw": appeal_views.may_withdraw(sent),
        "appeal_until": appeals.last_day(sent) if appeals.is_open_to(sent) else None,
        "answer_by": letters.answer_by(sent),
    }


@access.public("GET", "HEAD")
def copy(request, public_id):
    """The application as PDF, for its applicant to keep."""
    sent = access.to_read(request, public_id)
    if sent.state == ApplicationState.DRAFT:
        return access.home(sent)
    return pdf_copy(sent)


def pdf_copy(sent):
    """The response with the PDF of a sent application."""
    name = f"{sent.number.replace('/', '-')}.pdf"
    return HttpResponse(
        documents.application_copy(sent),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"},
    )


@access.public("POST")
def complete(request, public_id):
    """Mail a fresh link by which the application can be completed."""
    sent = access.to_read(request, public_id)
    try:
        sent = services.send_resume_link(sent)
    except (Stale, Refused) as error:
        messages.warning(request, " ".join(error.messages))
    else:
        messages.success(request, _("We have sent a link to the address in the application."))
    return redirect("intake:status", public_id)


@access.public("POST")
def again(request, public_id):
    """Begin the next application with what stays the same; whoever reads this one has its answers in the PDF."""
    sent = access.to_read(request, public_id)
    if sent.state == ApplicationState.DRAFT or not kinds.of(sent).again:
        raise Http404
    try:
        draft = services.begin_again(sent, key=access.key(request.POST.get("key")), language=get_language())
    except Refused as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect("intake:status", public_id)
    access.let_edit(request, draft)
    return access.home(draft)


@access.public("POST")
def close_links(request, public_id):
    """The applicant closes every link: somebody else reads the mail, or the letter was passed on."""
    links.close(access.to_read(request, public_id))
    messages.success(request, _("All links to this application are closed. You can ask for a new one below."))
    return redirect("intake:find")


@access.public("GET", "HEAD")
def resume(request, token):
    """Open a draft, or an application to complete, by the link from its e-mail."""
    link = links.link_of(token, LinkPurpose.RESUME)
    if link is None or link.application.state not in EDITABLE:
        return render(request, "intake/dead_link.html", status=404)
    access.let_edit(request, link.application, link)
    return access.home(link.application)


@access.public("GET", "HEAD")
def status_link(request, token):
    """Show where an application stands by the link from its e-mail."""
    link = links.link_of(token, LinkPurpose.STATUS)
    if link is None:
        return render(request, "intake/dead_link.html", status=404)
    access.let_read(request, link.application, link)
    return redirect("intake:status", link.application.public_id)


@access.public("GET", "HEAD", "POST")
def find(request):
    """Ask for links to one's own applications; the answer is the same whether there are any or not."""
    form = EmailForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.send_own_links(email=form.cleaned_data["email"], language=get_language())
        return redirect(reverse("intake:find") + "?sent=1")
    context = {
        "form": form,
        "sent": "sent" in request.GET,
        "resume_days": links.VALID[LinkPurpose.RESUME].days,
        "status_days": links.VALID[LinkPurpose.STATUS].days,
    }
    return render(request, "intake/find.html", context)
