"""Feedback on the portal itself, without signing in: what is hard to use, and ideas. It goes to the coordinators."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from .models import Feedback
from .own_data import emails
from .public_forms import PublicForm, open_form


class FeedbackForm(PublicForm, forms.ModelForm):
    class Meta:
        model = Feedback
        fields = ("kind", "body", "page", "sender_name", "sender_email")
        labels = {
            "kind": _("What do you want to tell?"),
            "body": _("Tell in your own words"),
            "page": _("On which page?"),
            "sender_name": _("Your name"),
            "sender_email": _("Your e-mail address, if you want an answer"),
        }
        widgets = {
            "kind": forms.RadioSelect,
            "body": forms.Textarea(attrs={"rows": 6}),
            "page": forms.TextInput(attrs={"autocomplete": "off"}),
            "sender_name": forms.TextInput(attrs={"autocomplete": "name"}),
            "sender_email": forms.EmailInput(attrs={"autocomplete": "email"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind: Any = self.fields["kind"]
        kind.choices = Feedback.Kind.choices  # neither is chosen beforehand


@login_not_required
@open_form
@require_http_methods(["GET", "HEAD", "POST"])
def feedback(request: HttpRequest) -> HttpResponse:
    about = request.GET.get("aihe", "")
    initial = {"kind": about} if about in Feedback.Kind.values else {}
    form = FeedbackForm(request.POST or None, request=request, initial=initial)
    if form.is_valid():
        return form.once(lambda: take(form.save(commit=False)))
    return render(request, "network/feedback.html", {"form": form})


@transaction.atomic
def take(given: Feedback) -> str:
    """Keep it, tell the coordinators, and the address of the thanks. It has reached them: nothing is left to escalate."""
    given.escalated_at = timezone.now()
    given.save()
    emails.feedback_came(given)
    return reverse("feedback_sent") + (f"?aihe={given.kind}" if given.due_on else "")


@login_not_required
@require_safe
def feedback_sent(request: HttpRequest) -> HttpResponse:
    accessibility = request.GET.get("aihe") == Feedback.Kind.ACCESSIBILITY
    return render(request, "network/feedback_sent.html", {"accessibility": accessibility})
