"""What expert activity has hanging on an organisation that merges into another; see `network.succession`."""

from django.utils.translation import gettext_lazy as _

from network.models import Organisation, User
from network.succession import moves

from .models import Order


@moves("expert-orders", _("Orders of experience experts that are under way"), "experts.Order.organisation")
def orders(old: Organisation, new: Organisation, dry_run: bool, by: User | None) -> int:
    """What is over stays where it was ordered: the figures of that season tell of it."""
    own = Order.objects.filter(organisation=old).under_way()
    return own.count() if dry_run else own.order_by().update(organisation=new)
