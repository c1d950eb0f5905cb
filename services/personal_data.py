"""The catalogue's kinds of personal data; see `network.personal_data`."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from network.models import User
from network.personal_data import GONE, PUBLIC_INTEREST, TAKEN_OUT, add, clear, delete, leave, of_model

from .models import (
    Confirmation,
    ConfirmationRequest,
    Contact,
    HolidayAnswer,
    HolidayInvitation,
    HolidayRound,
    ProposedEdit,
    Service,
)


def confirmed_by(person: User) -> QuerySet[Service]:
    """Found by the name that she chose to show: a listing keeps no number of who confirmed it."""
    return Service.objects.filter(confirmed_name=person.name) if person.name else Service.objects.none()


add(
    of_model(
        "confirmed-listings",
        title=_("Listings that tell by name who confirmed them"),
        model=Service,
        fields=("name", "confirmed_at", "confirmed_title", "confirmed_name"),
        of=confirmed_by,
        erase=clear(confirmed_name=""),
        fate=_("The name is taken off; organisation, title and date stay."),
        why=_("So that people see who says that the details are right"),
        basis=PUBLIC_INTEREST,
        how_long=_("Until the listing is confirmed again"),
    ),
    of_model(
        "confirmations",
        title=_("What you have confirmed"),
        model=Confirmation,
        fields=("service", "organisation", "on_behalf_of", "title", "shown_name", "at"),
        of=lambda person: Confirmation.objects.filter(person=person),
        erase=clear(person=None, shown_name=""),
        fate=TAKEN_OUT,
        why=_("So that people see who says that the details are right"),
        basis=PUBLIC_INTEREST,
        rules=("confirmations",),
    ),
    of_model(
        "confirmation-requests",
        title=_("Reminders sent to you to confirm details"),
        model=ConfirmationRequest,
        fields=("services", "organisations", "created_at", "expires_at", "used_at"),
        of=lambda person: ConfirmationRequest.objects.filter(person=person),
        erase=delete,
        fate=GONE,
        why=_("So that details are kept right"),
        basis=PUBLIC_INTEREST,
        rules=("confirmation-requests",),
    ),
    of_model(
        "holiday-questions",
        title=_("Questions about holidays sent to you"),
        model=HolidayInvitation,
        fields=("round", "created_at"),
        of=lambda person: HolidayInvitation.objects.filter(person=person),
        erase=delete,
        fate=GONE,
        why=_("So that details are kept right"),
        basis=PUBLIC_INTEREST,
        rules=("holidays",),
    ),
    of_model(
        "holiday-answers",
        title=_("What you told of opening hours at holidays"),
        model=HolidayAnswer,
        fields=("round", "service", "as_usual", "at"),
        of=lambda person: HolidayAnswer.objects.filter(person=person),
        erase=clear(person=None),
        fate=TAKEN_OUT,
        why=_("So that details are kept right"),
        basis=PUBLIC_INTEREST,
        rules=("holidays",),
    ),
    of_model(
        "holiday-rounds",
        title=_("Holiday rounds you started as a coordinator"),
        model=HolidayRound,
        fields=("name", "started_at"),
        of=lambda person: HolidayRound.objects.filter(started_by=person),
        erase=clear(started_by=None),
        fate=TAKEN_OUT,
        why=_("So that details are kept right"),
        basis=PUBLIC_INTEREST,
        rules=("holidays",),
    ),
    of_model(
        "proposals",
        title=_("Changes you proposed to the catalogue"),
        model=ProposedEdit,
        fields=("service", "organisation", "status", "note", "reason", "record", "submitted_at", "decided_at"),
        of=lambda person: ProposedEdit.objects.filter(author=person),
        erase=clear(author=None),
        fate=TAKEN_OUT,
        why=_("Keeping listings right"),
        basis=PUBLIC_INTEREST,
        rules=("proposals",),
    ),
    of_model(
        "proposals-decided",
        title=_("Others’ proposals you decided on"),
        model=ProposedEdit,
        fields=("service", "organisation", "status", "reason", "decided_at"),
        of=lambda person: ProposedEdit.objects.filter(decided_by=person),
        erase=clear(decided_by=None),
        fate=TAKEN_OUT,
        why=_("Keeping listings right"),
        basis=PUBLIC_INTEREST,
        rules=("proposals",),
    ),
    of_model(
        "contacts",
        title=_("Contact details in the catalogue that are your address"),
        model=Contact,
        fields=("service", "place", "organisation", "name", "value"),
        of=lambda person: Contact.objects.filter(value__iexact=person.email),
        erase=leave,
        fate=_("They stay: they are how people reach the service. The organisation or the coordinator takes them off."),
        why=_("So that people find help"),
        basis=PUBLIC_INTEREST,
        how_long=_("Until the organisation takes them off"),
    ),
)
