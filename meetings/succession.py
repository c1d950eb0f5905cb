"""What meetings have hanging on an organisation that merges into another; see `network.succession`."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.models import Organisation, User
from network.succession import STAYS, moves

from .models import AgendaItem, Group

STAYS |= {  # who took part and was talked of then
    "meetings.Participation.organisation",
    "meetings.AgendaItem_organisations.organisation",
    "meetings.Decision_organisations.organisation",
}


@moves("meeting-groups", _("Groups of its own"), "meetings.Group.organisation")
def groups(old: Organisation, new: Organisation, dry_run: bool, by: User | None) -> int:
    own = Group.objects.filter(organisation=old)
    return own.count() if dry_run else own.update(organisation=new)


@moves("introductions", _("Introductions in meetings to come"), "meetings.AgendaItem.organisation")
def introductions(old: Organisation, new: Organisation, dry_run: bool, by: User | None) -> int:
    """It has introduced itself where it has; what is still to come is the new one's."""
    coming = AgendaItem.objects.filter(organisation=old, meeting__last_day__gte=timezone.localdate())
    return coming.count() if dry_run else coming.order_by().update(organisation=new)
