"""Pages on which a profile is kept: by the expert, or for her by a coordinator of expert activity."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.forms import inlineformset_factory
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from network.permissions import signed_in
from network.transitions import InvalidTransition

from . import consents, permissions
from .models import Consent, ExpertProfile, Training, Unavailable
from .profile_forms import (
    AgreeForm,
    AgreeOnPaperForm,
    AwayForm,
    BeginForHerForm,
    BeginForm,
    PictureForm,
    ProfileForm,
    TrainingForm,
)

METHODS = ["GET", "HEAD", "POST"]
PAGE_SIZE = 30
NEXT = {"coordinators": "members", "members": "public"}
Trainings = inlineformset_factory(ExpertProfile, Training, form=TrainingForm, extra=2, max_num=20)
AwayDays = inlineformset_factory(ExpertProfile, Unavailable, form=AwayForm, extra=2, max_num=50)


def own_or_kept(request: HttpRequest, slug: str) -> ExpertProfile:
    """The profile for who may edit it; for others there is none, whether it exists or not."""
    user = signed_in(request)
    profile = get_object_or_404(ExpertProfile.objects.visible_to(user), slug=slug)
    if not permissions.can_edit_profile(user, profile):
        raise PermissionDenied
    return profile


@never_cache
@require_http_methods(METHODS)
def own_profile(request: HttpRequest) -> HttpResponse:
    """The expert's own page; before the first consent only its words and the tick."""
    user = signed_in(request)
    profile = ExpertProfile.objects.filter(person=user).first()
    if profile is not None:
        if profile.closed_at:
            return render(request, "experts/profile_closed.html", {"profile": profile})
        return redirect("experts:profile_keep", profile.slug)
    if not permissions.can_have_profile(user):
        raise PermissionDenied
    form = BeginForm(request.POST or None, instance=ExpertProfile(person=user))
    if form.is_valid():
        return form.once(lambda: begun(form))
    return render(request, "experts/profile_begin.html", {"form": form, "text": consents.TEXTS[Consent.Scope.KEEP]})


def begun(form: Any) -> str:
    """The address of what was made."""
    profile: ExpertProfile = form.instance
    consents.begin(profile, paper=form.paper() if isinstance(form, BeginForHerForm) else None)
    return keep_url(profile)


def keep_url(profile: ExpertProfile) -> str:
    return reverse("experts:profile_keep", args=[profile.slug])


@never_cache
@require_http_methods(METHODS)
def profile_new(request: HttpRequest) -> HttpResponse:
    """A coordinator of expert activity begins a profile for an expert without an account."""
    if not permissions.is_expert_coordinator(request.user):
        raise PermissionDenied
    form = BeginForHerForm(request.POST or None)
    if form.is_valid():
        return form.once(lambda: begun(form))
    context = {"form": form, "for_her": True, "text": consents.TEXTS[Consent.Scope.KEEP]}
    return render(request, "experts/profile_begin.html", context)


@never_cache
@require_safe
def profile_all(request: HttpRequest) -> HttpResponse:
    """All profiles, for coordinators of expert activity."""
    user = signed_in(request)
    if not permissions.is_expert_coordinator(user):
        raise PermissionDenied
    page = Paginator(ExpertProfile.objects.visible_to(user), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "experts/profile_all.html", {"page": page})


@never_cache
@require_safe
def profile_keep(request: HttpRequest, slug: str) -> HttpResponse:
    """How far the profile is shown and by which consents, who has opened it, pausing, and the way to edit it."""
    return kept_page(request, own_or_kept(request, slug))


def kept_page(request: HttpRequest, profile: ExpertProfile, form: Any = None, status: int = 200) -> HttpResponse:
    wider = NEXT.get(profile.shown_to, "")
    scope = consents.STEPS[ExpertProfile.ShownTo(wider)] if wider else None
    context = {
        "profile": profile,
        "wider": wider,
        "text": consents.TEXTS[scope] if scope else "",
        "form": (form or agreeing(profile)) if wider else None,
        "consents": Consent.objects.of(profile.key).order_by("-pk"),
        "views": profile.views.select_related("viewer")[:100],
        "has_tasks": consents.has_tasks(profile),
    }
    return render(request, "experts/profile_keep.html", context, status=status)


def agreeing(profile: ExpertProfile, data: Any = None) -> Any:
    return AgreeOnPaperForm(data) if profile.is_kept_for_her else AgreeForm(data)


@never_cache
@require_POST
def profile_widen(request: HttpRequest, slug: str) -> HttpResponse:
    """One step wider, by an explicit consent."""
    profile = own_or_kept(request, slug)
    form = agreeing(profile, request.POST)
    if not form.is_valid():
        return kept_page(request, profile, form)
    try:
        consents.show_to(profile, wanted(request, NEXT.values()), paper=form.paper())
    except InvalidTransition as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("Your consent has been written down, and the profile is shown so."))
    return redirect(keep_url(profile))


def wanted(request: HttpRequest, known: Any) -> str:
    value = request.POST.get("to", "")
    if value not in known:
        raise PermissionDenied
    return value


@never_cache
@require_POST
def profile_narrow(request: HttpRequest, slug: str) -> HttpResponse:
    """One click withdraws a consent, and those that go further."""
    profile = own_or_kept(request, slug)
    consents.narrow_to(profile, wanted(request, NEXT))
    messages.success(request, _("The consent has been withdrawn, and the profile is hidden from others at once."))
    return redirect(keep_url(profile))


@never_cache
@require_POST
def profile_close(request: HttpRequest, slug: str) -> HttpResponse:
    """The first consent is withdrawn: the profile is erased."""
    profile = own_or_kept(request, slug)
    consents.close(profile, by=signed_in(request))
    messages.success(request, _("The consent has been withdrawn, and the profile has been erased."))
    return redirect("experts:profile_list")


@never_cache
@require_POST
def profile_pause(request: HttpRequest, slug: str) -> HttpResponse:
    profile = own_or_kept(request, slug)
    profile.pause(request.POST.get("paused") == "1")
    return redirect(keep_url(profile))


@never_cache
@require_http_methods(METHODS)
def profile_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """The words, trainings and days away on one page: all are saved or none."""
    profile = own_or_kept(request, slug)
    data = request.POST or None
    form = ProfileForm(data, instance=profile)
    trainings = Trainings(data, instance=profile, prefix="training")
    away = AwayDays(data, instance=profile, prefix="away")
    if data and all([form.is_valid(), trainings.is_valid(), away.is_valid()]):
        with transaction.atomic():
            form.save()
            trainings.save()
            away.save()
        messages.success(request, _("The profile has been saved."))
        return redirect(keep_url(profile))
    context = {"profile": profile, "form": form, "trainings": trainings, "away": away}
    return render(request, "experts/profile_edit.html", context)


@never_cache
@require_http_methods(METHODS)
def profile_picture_edit(request: HttpRequest, slug: str) -> HttpResponse:
    profile = own_or_kept(request, slug)
    has_picture = hasattr(profile, "picture")
    if request.method == "POST" and "remove" in request.POST:
        profile.remove_picture()
        return redirect(keep_url(profile))
    form = PictureForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        form.save(profile)
        return redirect(keep_url(profile))
    return render(
        request, "experts/profile_picture.html", {"profile": profile, "form": form, "has_picture": has_picture}
    )
