"""The page behind the link of a holiday round's message."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from network.public_forms import open_form

from . import holidays
from .models import HolidayInvitation


@login_not_required
@open_form
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def holiday(request: HttpRequest, token: str) -> HttpResponse:
    """Opening it changes nothing; answers may be corrected until the holiday is over. It signs nobody in."""
    invitation = HolidayInvitation.objects.signed(token).select_related("round", "person").first()
    if invitation is None:
        raise Http404(_("This link is not complete. Copy the whole address from the message."))
    context = {"invitation": invitation, "round": invitation.round, "forms": [], "wrong": [], "thanks": 0}
    if invitation.round.is_open:
        forms = holidays.forms_for(invitation, request.POST if request.method == "POST" else None)
        context["forms"] = forms
        if request.method == "POST":
            wrong = [form for form in forms if not form.is_valid()]
            if not wrong:
                count = holidays.save(forms, by=invitation.person)
                return redirect(f"{invitation.get_absolute_url()}?kiitos={count}")
            context["wrong"] = wrong
        elif request.GET.get("kiitos", "").isdecimal():
            context["thanks"] = sum(form.given is not None for form in forms)
    elif request.method == "POST":
        return redirect(invitation)
    response = render(request, "services/holiday.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response
