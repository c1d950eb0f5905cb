"""Asking to join the network, the ground rules, and a coordinator's answer."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from network import joining
from network.models import GroundRules, JoinRequest
from network.models.ground_rules import accept as accept_rules
from network.models.ground_rules import rules_to_accept
from network.people.forms import ApproveForm, DeclineForm, JoinForm
from network.permissions import signed_in
from network.public_forms import open_form

SHOWN = 100  # of those that have been answered


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def ground_rules(request: HttpRequest) -> HttpResponse:
    """A member may accept the rules here; reading them is open to all."""
    rules = GroundRules.objects.in_force()
    if request.method == "POST":
        if not request.user.is_authenticated:
            raise PermissionDenied
        if rules is not None and request.POST.get("version") == str(rules.version):
            accept_rules(signed_in(request), rules)
            messages.success(request, _("Thank you. You have accepted the ground rules."))
        return redirect(where_to(request) or "ground_rules")
    waits = request.user.is_authenticated and rules_to_accept(signed_in(request)) is not None
    context = {
        "rules": rules,
        "waits": waits,
        "first": waits and signed_in(request).rules_first,
        "next": where_to(request),
    }
    return render(request, "network/ground_rules.html", context)


def where_to(request: HttpRequest) -> str:
    """The page of ours where the person was going before the rules came first."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return wanted if url_has_allowed_host_and_scheme(wanted, None) and wanted.startswith("/") else ""


@login_not_required
@open_form
@require_http_methods(["GET", "HEAD", "POST"])
def join_request_new(request: HttpRequest) -> HttpResponse:
    """The answer is the same whether the address is known here or not."""
    form = JoinForm(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():

        def ask() -> str:
            asked = form.save()
            asked.language = (get_language() or "fi")[:2]
            joining.ask(asked)
            return reverse("join_request_sent")

        return form.once(ask)
    return render(request, "network/join_request_new.html", {"form": form, "rules": form.rules})


@login_not_required
@require_safe
def join_request_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "network/join_request_sent.html")


@require_safe
def join_request_list(request: HttpRequest) -> HttpResponse:
    if not signed_in(request).is_coordinator:
        raise PermissionDenied
    rows = JoinRequest.objects.select_related("organisation")
    context = {
        "waiting": rows.waiting().order_by("created_at"),
        "answered": rows.exclude(pk__in=rows.waiting().values("pk"))[:SHOWN],
    }
    return render(request, "network/join_request_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def join_request_detail(request: HttpRequest, pk: int) -> HttpResponse:
    by = signed_in(request)
    if not by.is_coordinator:
        raise PermissionDenied
    asked = get_object_or_404(JoinRequest.objects.select_related("organisation", "role", "municipality"), pk=pk)
    declining = "decline" in request.POST
    approve = ApproveForm(None if declining else request.POST or None, asked=asked, prefix="approve")
    decline = DeclineForm(request.POST if declining else None, prefix="decline")
    form = decline if declining else approve
    if request.method == "POST" and form.is_valid():
        try:
            if declining:
                joining.decline(asked, by=by, reason=decline.cleaned_data["reason"])
                messages.success(request, _("The request was declined, and the person was told why."))
            elif joining.approve(asked, by=by, **approve.cleaned_data):
                messages.success(request, _("The request was approved. An invitation was sent."))
            else:
                messages.success(
                    request, _("The request was approved. The person is a member or has been invited already.")
                )
        except ValidationError as error:
            form.add_error(None, error)
            asked.refresh_from_db()
        else:
            return redirect("join_request_list")
    context = {"asked": asked, "approve": approve, "decline": decline, "form": form}
    return render(request, "network/join_request_detail.html", context)
