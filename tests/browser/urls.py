"""The portal's addresses, two that fail on purpose, and a plain form of which nothing is stored."""

from typing import Never

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template import RequestContext, Template
from django.urls import path

from config import urls
from config.urls import handler400, handler403, handler404, handler500  # noqa: F401


@login_not_required
def refuse(request: HttpRequest) -> Never:
    raise PermissionDenied


@login_not_required
def fail(request: HttpRequest) -> Never:
    raise RuntimeError("This address fails on purpose.")


class NoteForm(forms.Form):
    title = forms.CharField(label="Otsikko")
    body = forms.CharField(label="Teksti", widget=forms.Textarea)
    ways = forms.MultipleChoiceField(
        label="Tavat", choices=[("a", "Lista"), ("b", "Ryhmä")], widget=forms.CheckboxSelectMultiple, required=False
    )


NOTE = """{% extends "base.html" %}{% load crispy_forms_tags %}{% block title %}Muistio{% endblock %}{% block content %}<h1>Muistio</h1>
{% if saved %}<p id="saved">{{ saved.title }}: {{ saved.body }}</p>{% endif %}
<form class="mt-4" method="post" action="#virhe">{% csrf_token %}{{ form|crispy }}<button class="btn btn-primary">Tallenna</button></form>{% endblock %}"""


def note(request: HttpRequest) -> HttpResponse:
    form = NoteForm(request.POST or None)
    saved = form.cleaned_data if form.is_valid() else None
    return HttpResponse(Template(NOTE).render(RequestContext(request, {"form": form, "saved": saved})))


# Patterns with a language prefix must stand in the root, so the portal's list is taken over as it is.
urlpatterns = [path("testi/403/", refuse), path("testi/500/", fail), path("testi/muistio/", note), *urls.urlpatterns]
