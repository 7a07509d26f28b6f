"""The office's pages of the review of applications for loans and guarantees: the list, one review, and its steps.

A step runs on the engine's page of one step (`intake.deciding.decide`): its form, a letter where one goes, the doing.
"""

from dataclasses import replace

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from centrum.intake import letters
from centrum.intake import review as engine
from centrum.intake.deciding import decide, opened
from centrum.intake.enums import STATE_TAG, ApplicationState
from centrum.kit import lists, parameters
from centrum.kit.lists import Order
from centrum.kit.transitions import Move, Stale, find, what_changed
from centrum.staff.enums import Right
from centrum.staff.permissions import requires
from loans import committee, review_kinds, review_letters, review_queries, reviews, scoring
from loans.deminimis import panels as deminimis
from loans.enums import REVIEW_MOVES, REVIEW_TAG, DecisionVerdict, ReviewState, VoteVerdict
from loans.forms import NoFieldForm
from loans.review_forms import (
    PREPARE_FORMS,
    CardForm,
    ConfirmForm,
    RefuseForm,
    ReviewFilter,
    SendBackForm,
    VoteForm,
)

write = require_http_methods(["GET", "HEAD", "POST"])
ORDERS = {"newest": Order("submitted_at", descending=True), "oldest": Order("submitted_at")}
VOTE_TAG = {VoteVerdict.FOR: "ok", VoteVerdict.AGAINST: "bad", VoteVerdict.ABSTAINS: "quiet"}
R = ReviewState
_CARD = Move("card", gettext_lazy("Score card"), scoring.OPEN, R.ASSESSMENT, right=Right.KEEP_LOANS)
_VOTE = Move("vote", pgettext_lazy("committee", "Vote"), (R.COMMITTEE,), R.COMMITTEE, right=Right.VIEW_LOANS)
# the states of the application on whose pages a step begins
_IN_HAND = (ApplicationState.VERIFICATION,)
_OR_LATE = (ApplicationState.VERIFICATION, ApplicationState.COMPLETION)


@require_safe
@requires(Right.VIEW_LOANS)
def listing(request):
    form = ReviewFilter(request.GET)
    form.is_valid()  # a filter that makes no sense is told at its field and left out
    chosen = form.cleaned_data
    asked = {"text": chosen.get("q", ""), "state": chosen.get("state", ""), "kind": chosen.get("kind", "")}
    rows = review_queries.listed(request.user, **asked)
    page = lists.page(request, rows, orders=ORDERS, default="newest")
    for row in page.rows:
        row.tag, row.word = _state(row)
        row.who, row.what = review_queries.next_step(row)
        row.subject = _subject(row)
    return render(request, "loans/reviews.html", {"filters": form, "page": page})


def _subject(application):
    kind = review_kinds.of(application)
    return kind.subject(kind.answers_of(application))


def _state(application):
    """(tag, word) of where an application stands: its review's state while there is one at work."""
    review = getattr(application, "loan_review", None)
    if application.state == ApplicationState.VERIFICATION and review and review.state == R.REJECTED:
        return "wait", _("appeal upheld")
    if application.state == ApplicationState.VERIFICATION:
        state = R(review.state if review else R.FORMAL)
        return REVIEW_TAG[state], state.label
    if application.state in (ApplicationState.ACCEPTED, ApplicationState.REJECTED) and review:
        return REVIEW_TAG[review.state], R(review.state).label
    return STATE_TAG[application.state], application.get_state_display()


@require_safe
@requires(Right.VIEW_LOANS)
def review(request, public_id):
    application, shown = _opened(request, public_id)
    user = request.user
    cards, given, missing = scoring.seen(shown, application, user)
    current = [card for card in cards if card.round == shown.round]
    votes = committee.votes(shown)
    for vote in votes:
        vote.tag = VOTE_TAG[vote.verdict]
    decision = reviews.in_force(shown)
    steps = reviews.steps(shown, application, user)
    tag, word = _state(application)
    kind = review_kinds.of(application)
    made = kind.made(decision) if decision else None
    context = {
        "application": application,
        "review": shown,
        "kind": kind,
        "asked": kind.answers_of(application),
        "subject": _subject(application),
        "room": _room(application, shown, decision, made),
        "tag": tag,
        "word": word,
        "main": steps[0] if steps else None,
        "others": steps[1:],
        "barred": engine.has_conflict(application, user),
        "late": reviews.is_late(application),
        "next": review_queries.next_step(_row(user, application)),
        "cards": cards,
        "given": given,
        "missing": missing,
        "hidden": given > len(current),
        "average": scoring.average(current) if not missing else None,
        "threshold": parameters.value("loan-score-threshold"),
        "opinion": committee.opinion_on(shown, application, votes),
        "votes": votes,
        "members": _silent(application, votes),
        "decision": decision,
        "approves": decision and decision.verdict == DecisionVerdict.APPROVE,
        "aid": deminimis.of_decision(decision) if decision else None,
        "earlier": _earlier(shown, decision),
        "made": made,
        "points": engine.checklist(application),
        "timeline": reviews.changes(shown),
    }
    for change in context["timeline"]:
        change.words = R(change.target).label
    return render(request, "loans/review.html", context)


def _room(application, shown, decision, made=None):
    """What is asked for beside what the fund and the client's part in it still hold; `few` and `over`: that it is more,
    until something is granted. `aid`: the client's room for de minimis aid, None of one that the register lacks."""
    kind, fund = review_kinds.of(application), shown.fund if shown.fund_id else None
    asked = kind.amount(kind.answers_of(application))
    free, part = kind.free(fund) if fund else None, kind.part_of(application, decision, fund)
    return {
        "asked": asked,
        "free": free,
        "few": made is None and free is not None and free < asked,
        "part": part,
        "over": made is None and part is not None and part.left < asked,
        "aid": deminimis.room_of_applicant(kind.answers_of(application), decision),
    }


def _row(user, application):
    return review_queries.applications(user).get(pk=application.pk)


def _silent(application, votes):
    """[(user, role)] whose votes are still to come, the chair first."""
    voted = {vote.by_id for vote in votes}
    asked = set(committee.voters(application, votes).values_list("pk", flat=True)) - voted
    return [(row.user, row.get_role_display()) for row in committee.members() if row.user_id in asked]


def _earlier(shown, decision):
    """Decisions that were sent back, or that an appeal undid."""
    if shown.pk is None:
        return []
    names = ("prepared_by", "confirmed_by", "sent_back_by", "product", "lender")
    rows = shown.decisions.select_related(*names).order_by("-pk")
    return rows.exclude(pk=decision.pk) if decision else rows


# Steps


@write
@requires(Right.KEEP_LOANS)
def assess(request, public_id):
    return _plain(request, public_id, "assess", reviews.assess, _("The merit assessment has begun."))


@write
@requires(Right.KEEP_LOANS)
def hand_over(request, public_id):
    return _plain(request, public_id, "to_committee", reviews.to_committee, _("The committee votes now."))


@write
@requires(Right.KEEP_LOANS)
def reopen(request, public_id):
    return _plain(request, public_id, "reopen", reviews.reopen, _("The review has begun once more."))


@write
@requires(Right.KEEP_LOANS)
def card(request, public_id):
    application, shown = _opened(request, public_id)
    given, missing = scoring.cards(shown, application)
    if request.method != "POST" and shown.state in scoring.OPEN:
        if not missing or any(card.by_id == request.user.pk for card in given):
            messages.info(request, _("No card of yours is needed: you have given one, or nobody's is missing."))
            return redirect("loans:review", public_id)
    return _step(
        request,
        public_id,
        _CARD,
        lambda _shown, data: CardForm(data),
        lambda shown, _letter, **said: reviews.save_card(shown, by=request.user, **said),
        done=_("Your card is saved."),
        template="loans/review_card.html",
    )


@write
@requires(Right.VIEW_LOANS)
def vote(request, public_id):
    reviews.must_be_member(request.user)
    return _step(
        request,
        public_id,
        _VOTE,
        lambda _shown, data: VoteForm(data),
        lambda shown, _letter, **said: reviews.vote(shown, by=request.user, **said),
        done=_("Your vote is given."),
        late=True,
    )


@write
@requires(Right.KEEP_LOANS)
def prepare(request, public_id):
    def make_form(shown, data):
        shown_review = reviews.of(shown)
        form = PREPARE_FORMS[shown.kind](data, user=request.user, application=shown, review=shown_review)
        form.room = _room(shown, shown_review, None)
        return form

    def do(shown, _letter, **said):
        return reviews.prepare_approval(shown, by=request.user, **said)

    done = _("The decision is prepared. Somebody else confirms it.")
    return _step(
        request,
        public_id,
        replace(find(REVIEW_MOVES, "prepare"), label=_("Prepare an approval")),
        make_form,
        do,
        done=done,
        template="loans/review_prepare.html",
    )


@write
@requires(Right.KEEP_LOANS)
def refuse(request, public_id):
    move = find(REVIEW_MOVES, "prepare_rejection")
    return _step(
        request,
        public_id,
        replace(move, sources=(*move.sources, R.COMMITTEE)),
        lambda _shown, data: RefuseForm(data),
        lambda shown, _letter, reasons: reviews.prepare_rejection(shown, by=request.user, reasons=reasons),
        done=_("The decision is prepared. Somebody else confirms it."),
        late=True,
    )


@write
@requires(Right.DECIDE_LOANS)
def confirm(request, public_id):
    _application, shown = _opened(request, public_id)
    decision = reviews.in_force(shown)
    approves = bool(decision) and decision.verdict == DecisionVerdict.APPROVE

    def make_form(shown, data):
        officers = reviews.officers(shown, request.user) if approves else None
        initial = {"decision": decision.pk, "officer": shown.assignee_id}
        form = ConfirmForm(data, officers=officers, leads=review_kinds.of(shown).leads, initial=initial)
        form.prepared, form.review = decision, reviews.of(shown)
        form.room = _room(shown, form.review, decision)
        form.aid = deminimis.of_decision(decision) if approves else None
        form.opinion = committee.opinion_on(form.review, shown)
        return form

    def do(shown, letter, decision, officer=None):
        return reviews.confirm(
            shown, by=request.user, decision=_decision(shown, decision), officer=officer, letter=letter
        )

    def draft(shown, data):
        if approves:
            return review_letters.approved(shown, decision, data["officer"])
        return letters.draft("rejected", shown, text=decision.reasons)

    return _step(
        request,
        public_id,
        find(REVIEW_MOVES, "approve" if approves else "reject"),
        make_form,
        do,
        done=_("The decision is confirmed."),
        template="loans/review_confirm.html",
        draft=draft,
        late=not approves,
    )


@write
@requires(Right.DECIDE_LOANS)
def send_back(request, public_id):
    _application, shown = _opened(request, public_id)
    decision = reviews.in_force(shown)

    def do(shown, _letter, decision, reason):
        return reviews.send_back(shown, by=request.user, decision=_decision(shown, decision), reason=reason)

    return _step(
        request,
        public_id,
        find(REVIEW_MOVES, "send_back"),
        lambda _shown, data: SendBackForm(data, initial={"decision": decision and decision.pk}),
        do,
        done=_("The decision is sent back."),
        late=True,
    )


# Parts


def _opened(request, public_id):
    """(application, its review) of the address, as far as the user sees it; raises Http404."""
    application = opened(request, public_id)
    if application.kind not in review_kinds.CODES:
        raise Http404
    return application, reviews.of(application)


def _decision(application, pk):
    """The decision that the form showed."""
    found = application.loan_review.decisions.filter(pk=pk).first()
    if found is None:
        raise Stale(what_changed(application.loan_review))
    return found


def _plain(request, public_id, action, service, done):
    return _step(
        request,
        public_id,
        find(REVIEW_MOVES, action),
        lambda _shown, data: NoFieldForm(data),
        lambda shown, _letter: service(shown, by=request.user),
        done=done,
    )


def _step(request, public_id, move, make_form, do, *, done, late=False, **options):
    """A step of the review on the engine's page, from where it goes back to the review."""
    _application, shown = _opened(request, public_id)
    back = redirect("loans:review", public_id)
    if shown.state not in move.sources:
        messages.warning(request, what_changed(shown))
        return back
    # to the engine it is a step that leaves its own state as it is
    step = replace(move, action=f"review-{move.action}", sources=_OR_LATE if late else _IN_HAND)
    response = decide(request, public_id, step, make_form, do, said=lambda _done: done, **options)
    return back if response.status_code == 302 else response


def panel(user, application):
    """On the page of an application for a loan or a guarantee: where its review is."""
    if application.kind not in review_kinds.CODES or not user.has_right(Right.VIEW_LOANS):
        return None
    tag, word = _state(application)
    who, what = review_queries.next_step(_row(user, application))
    url = reverse("loans:review", args=[application.public_id])
    return {"tag": tag, "word": word, "who": who, "what": what, "url": url, "review": reviews.of(application)}
