"""What the catalogue has hanging on an organisation that merges into another; see `network.succession`."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.models import Organisation, User
from network.succession import STAYS, moves

from .changes import telling
from .models import Contact, ProposedEdit, Service, ServicePlace

STAYS |= {  # who confirmed then, and what a reminder asked then; what is made of other rows
    "services.Service.confirmed_organisation",
    "services.Confirmation.organisation",
    "services.Confirmation.on_behalf_of",
    "services.ConfirmationRequest_organisations.organisation",
    "services.SearchStart.organisation",  # the database keeps it
}


@moves("services", _("Services, drafts and archived ones too"), "services.Service.organisation")
def services(old: Organisation, new: Organisation, dry_run: bool, by: User | None) -> int:
    own = Service.objects.filter(organisation=old)
    if dry_run:
        return own.count()
    pks = list(own.order_by().values_list("pk", flat=True))
    with telling(*pks):
        return Service.objects.filter(pk__in=pks).order_by().update(organisation=new)


@moves("producers", _("Services it produces with others"), "services.Service_producers.organisation")
def producers(old: Organisation, new: Organisation, dry_run: bool, by: User | None) -> int:
    produced = list(old.produced_services.all())
    if not dry_run:
        new.produced_services.add(*produced)
        old.produced_services.clear()
    return len(produced)


@moves("contacts", _("Contacts"), "services.Contact.organisation")
def contacts(old: Organisation, new: Organisation, dry_run: bool, by: User | None) -> int:
    """One that the new organisation has already stays behind."""
    there = {(contact.kind, contact.value) for contact in Contact.objects.filter(organisation=new)}
    here = Contact.objects.filter(organisation=old)
    moving = [contact.pk for contact in here if (contact.kind, contact.value) not in there]
    if not dry_run:
        Contact.objects.filter(pk__in=moving).update(organisation=new)
    return len(moving)


@moves("proposals", _("Proposals about its own page, which are taken back"), "services.ProposedEdit.organisation")
def proposals(old: Organisation, new: Organisation, dry_run: bool, by: User | None) -> int:
    """They would change a page that nobody sees any more; their text stays with them."""
    waiting = ProposedEdit.objects.pending().about(old)
    if not dry_run:
        for proposal in waiting:
            proposal.move(
                to=ProposedEdit.Status.WITHDRAWN,
                allowed_from=[ProposedEdit.Status.PENDING],
                by=by,
                decided_at=timezone.now(),
            )
    return len(waiting)


@moves("premises", _("Places in its premises"), "services.ServicePlace.premises_of")
def premises(old: Organisation, new: Organisation, dry_run: bool, by: User | None) -> int:
    places = ServicePlace.objects.filter(premises_of=old)
    return places.count() if dry_run else places.update(premises_of=new)
