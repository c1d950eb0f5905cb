"""How long the things of expert activity are kept; see `network.retention`. Consents are only added."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from network.retention import delete, rule

from . import forgetting
from .models import Order, ProfileView


@rule(code="profile-views", days=365, description=_("Who opened an expert's profile"))
def profile_views(before: dt.datetime, dry_run: bool) -> int:
    return delete(ProfileView.objects.filter(at__lt=before), dry_run)


@rule(code="expert-orders", days=730, description=_("Orders of experts, after their end; what the figures need stays"))
def expert_orders(before: dt.datetime, dry_run: bool) -> int:
    old = Order.objects.over().filter(ended_at__lt=before, anonymised_at__isnull=True)
    return old.count() if dry_run else forgetting.anonymise(old)
