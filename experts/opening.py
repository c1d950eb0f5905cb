"""Who opened a profile is written down, so that the expert sees it."""

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone

from network.models import User

from .models import ExpertProfile, ProfileView

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


def log(profile: ExpertProfile, user: "User | AnonymousUser") -> None:
    """Once a day for each reader; all who have not signed in are one row a day. Her own look is not counted."""
    viewer = user if isinstance(user, User) else None
    if viewer is not None and profile.person_id == viewer.pk:
        return
    today = ProfileView.objects.filter(profile=profile, viewer=viewer, day=timezone.localdate())
    if today.exists():
        return
    try:
        with transaction.atomic():
            ProfileView.objects.create(profile=profile, viewer=viewer)
    except IntegrityError:  # opened twice at once, or the profile has just gone
        return
