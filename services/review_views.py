"""Reviewing what newcomers propose: for coordinators."""

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from network.guards import REFUSED, holds_identity_code

from . import editing, permissions, reviewing
from .differences import differences
from .edit_fields import Choices
from .edit_views import BASE, FORMS, Base, read_base, sign_base
from .exchange.shapes import Row
from .merging import Conflict, merge
from .models import ProposedEdit, Service
from .permissions import person_of

UNKNOWN = Base({}, 0, {})  # of a form that does not tell what it began with: no version of a proposal


@never_cache
@require_safe
def review_list(request: HttpRequest) -> HttpResponse:
    """What waits, by organisation; the organisation that has waited longest comes first."""
    if not permissions.is_coordinator(request.user):
        raise PermissionDenied
    waiting = ProposedEdit.objects.pending().defer("base", "record")
    found = list(waiting.select_related("service__organisation", "organisation", "author"))
    oldest: dict[Any, int] = {}
    for at, proposal in enumerate(found):
        oldest.setdefault(proposal.about_organisation, at)
    found.sort(key=lambda proposal: (oldest[proposal.about_organisation], proposal.submitted_at, proposal.pk))
    groups = [(body, list(rows)) for body, rows in groupby(found, key=lambda proposal: proposal.about_organisation)]
    return render(request, "services/review_list.html", {"groups": groups})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """One proposal: what would change, corrected at will, then approved or sent back."""
    if not permissions.is_coordinator(request.user):
        raise PermissionDenied
    related = ("service__organisation", "organisation", "author", "decided_by")
    return Reviewing(request, get_object_or_404(ProposedEdit.objects.select_related(*related), pk=pk)).answer()


class Reviewing:
    """One request of the review page."""

    def __init__(self, request: HttpRequest, proposal: ProposedEdit) -> None:
        self.request, self.proposal, self.thing = request, proposal, proposal.thing
        self.kind, self.choices = FORMS[type(self.thing)], Choices()
        self.published = editing.record_of(self.thing)
        self.is_new = not editing.is_public(self.thing)
        self.error = ""

    def answer(self) -> HttpResponse:
        start, stale = editing.rebased(self.proposal, self.published)
        action = self.request.POST.get("action", "")
        if self.request.method != "POST" or not self.proposal.is_pending:
            if self.request.method == "POST":
                messages.error(self.request, _("Somebody has decided this already."))
            return self.show(self.kind(start, choices=self.choices), stale=stale)
        if action == "reject":
            return self.reject()
        add = action.removeprefix("add:") if action.startswith("add:") else ""
        form = self.kind(start, data=self.request.POST, add=add, choices=self.choices)
        base = read_base(self.thing, self.request.POST.get(BASE, "")) or UNKNOWN
        if add:
            form.forgive()
            return self.show(form, base=base)
        if not form.is_valid():
            return self.show(form, base=base)
        return self.approve(form, base)

    def base(self, start: Row) -> Base:
        """What the reviewer reads: the public text, the version of the proposal, and the proposal on that text."""
        return Base(self.published, self.proposal.version, start)

    def approve(self, form: Any, base: Base) -> HttpResponse:
        trust = bool(self.request.POST.get("trust"))
        person = person_of(self.request)
        try:
            reviewing.approve(self.proposal, form.record(), by=person, base=base.record, version=base.seen, trust=trust)
        except Conflict as conflict:
            self.published = conflict.theirs
            self.error = _("The public text changed while you were reading. Look at what differs now.")
            return self.show(self.kind(conflict.merged, choices=self.choices), stale=conflict.keys, status=409)
        except ValidationError as error:
            return self.refused(error, base, form.record())
        messages.success(self.request, _("Published: %(name)s") % {"name": self.thing.name})
        return redirect("services:review_list")

    def reject(self) -> HttpResponse:
        reason = self.request.POST.get("reason", "")[:2000]
        base = read_base(self.thing, self.request.POST.get(BASE, "")) or UNKNOWN
        try:
            if holds_identity_code(reason):
                raise ValidationError(REFUSED)
            reviewing.reject(self.proposal, by=person_of(self.request), reason=reason, version=base.seen)
        except ValidationError as error:
            return self.refused(error, base)
        messages.success(self.request, _("Sent back to the author: %(name)s") % {"name": self.thing.name})
        return redirect("services:review_list")

    def refused(self, error: ValidationError, base: Base, record: Row | None = None) -> HttpResponse:
        """The page again. Of a version she has not read the reviewer sees all, with her own corrections of the last."""
        self.error = " ".join(error.messages)
        self.proposal.refresh_from_db()
        start, stale = editing.rebased(self.proposal, self.published)
        if base.seen == self.proposal.version:
            form = self.kind(start, data=self.request.POST, choices=self.choices)
            return self.show(form, stale=stale, status=409, base=base)
        try:
            start = merge(base.other, record, start) if record and base.other else start
        except Conflict as conflict:
            start = conflict.merged
        return self.show(self.kind(start, choices=self.choices), stale=stale, status=409)

    def show(self, form: Any, *, stale: Any = (), status: int = 200, base: Base | None = None) -> HttpResponse:
        """`base` stays what it was while a form with what was typed is shown again."""
        shape = self.kind.shape
        before = shape.defaults if self.is_new else self.published
        context = {
            "proposal": self.proposal,
            "thing": self.thing,
            "body": self.proposal.about_organisation,
            "form": form,
            "base": sign_base(self.thing, base or self.base(form.start)),
            "differences": differences(shape, before, form.start, self.choices),
            "stale": [one.label for one in differences(shape, before, form.start, self.choices, stale)]
            if stale
            else [],
            "error": self.error,
            "reason": self.request.POST.get("reason", ""),
            "is_new": self.is_new,
            "is_service": isinstance(self.thing, Service),
        }
        return render(self.request, "services/review.html", context, status=status)
