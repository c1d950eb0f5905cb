"""Messages about personal data and about what came in: one function each."""

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from network import mail, retention
from network.emails import language_of, link
from network.models import DataRequest, Membership, Network, Organisation, User

if TYPE_CHECKING:
    from network.models import Feedback

UNUSED = "account_unused:"  # how the events of the question “do you want to stay?” begin
YOU_COORDINATE = _("You get this because you are a coordinator of the network.")


def account_unused(person: User, token: str) -> None:
    """Whoever has not been here for long is asked whether to stay; also whose account is closed: it is erased as well."""
    if person.warned_at is None:
        return
    mail.send(
        "network/account_unused",
        to=person,
        event=f"{UNUSED}{person.pk}:{person.warned_at:%Y-%m-%d}",
        context={
            "link": link("account_keep", token, language=person.language),
            "days": warning_days(),
            "stands_for": person.memberships.current().exists(),
        },
        why=_("You get this because you have an account in the network’s portal."),
    )


def warning_days() -> int:
    return retention.days_of()["warned-accounts"]


def to_coordinators(name: str, event: str, context: dict, page: str, pk: int) -> None:
    """To the network's own address when nobody has the rights yet. `page`: the desk's page of it, for the link."""
    address = Network.current().coordinator_email
    people: list[User | str] = list(User.objects.coordinators())
    for to in people or ([address] if address else []):
        told = {**context, "link": link(page, pk, language=language_of(to))}
        mail.send(name, to=to, event=event, context=told, why=YOU_COORDINATE)


def request_came(request: DataRequest) -> None:
    """The words of the request stand at the desk, not in mail."""
    page = "admin:network_datarequest_change"
    to_coordinators("network/request_came", f"data_request:{request.pk}", {"request": request}, page, request.pk)


def no_editor_left(organisation: Organisation) -> None:
    """Without a word of who it was."""
    event = f"no_editor_left:{organisation.pk}:{uuid.uuid4().hex[:12]}"
    page = "admin:network_organisation_change"
    to_coordinators("network/no_editor_left", event, {"organisation": organisation}, page, organisation.pk)


def feedback_came(feedback: "Feedback") -> None:
    page = "admin:network_feedback_change"
    to_coordinators("network/feedback_came", f"feedback:{feedback.pk}", {"feedback": feedback}, page, feedback.pk)


def organisation_merged(old: Organisation, membership: Membership) -> None:
    """Whoever stood for the old one hears for whom she stands now, and whether she edits its details."""
    if membership.organisation is None or not membership.person.is_active:
        return
    language = membership.person.language
    with translation.override(language):
        url = settings.SITE_URL + membership.organisation.get_absolute_url()
    mail.send(
        "network/organisation_merged",
        to=membership.person,
        event=f"organisation_merged:{old.pk}:{membership.pk}",
        context={"old": old, "membership": membership, "new": membership.organisation, "link": url},
        why=_("You get this because you stood for the organisation in the network."),
    )
