"""Rows for tests. Each call makes one valid row; give what the test is about and let the rest be."""

from itertools import count
from typing import Any

from allauth.mfa.models import Authenticator
from django.utils import timezone

from network.models import (
    Bulletin,
    Invitation,
    JoinRequest,
    Membership,
    Municipality,
    Network,
    Organisation,
    OrganisationMessage,
    User,
)
from services import editing
from services.models import Contact, ProposedEdit, Service, ServiceType

_numbers = count(1)

PASSWORD = "a-long-enough-password"


def use_region() -> Network:
    """The network gets a region: the county whose municipalities the reference data has."""
    network = Network.objects.get(pk=1)
    network.county_id = "20"
    network.region_name, network.region_name_in, network.region_name_whole = "Testimaa", "Testimaassa", "Koko Testimaa"
    network.save()
    return network


def make_user(email: str = "", *, password: str = PASSWORD, **fields: Any) -> User:
    return User.objects.create_user(email or f"person{next(_numbers)}@example.org", password, **fields)


def make_organisation(name: str = "", **fields: Any) -> Organisation:
    number = next(_numbers)
    fields.setdefault("slug", f"organisation-{number}")
    fields.setdefault("kind", Organisation.Kind.ASSOCIATION)
    return Organisation.objects.create(name=name or f"Yhdistys {number}", **fields)


def make_membership(person: User, organisation: Organisation, **fields: Any) -> Membership:
    return Membership.objects.create(person=person, organisation=organisation, **fields)


def make_service(
    name: str = "", *, published: bool = True, municipalities: tuple[str, ...] = (), **fields: Any
) -> Service:
    """A published listing with the essentials; many-to-many relations take lists of codes."""
    number = next(_numbers)
    relations = {key: fields.pop(key) for key in list(fields) if _is_relation(key)}
    fields.setdefault("slug", f"service-{number}")
    fields.setdefault("summary", "Apua ja tukea.")
    fields.setdefault("how_to_get", "Ota yhteyttä.")
    if "organisation" not in fields:
        fields["organisation"] = make_organisation()
    if "main_type" not in fields:
        fields["main_type"] = ServiceType.objects.get(code="peer-group")
    if published:
        fields.setdefault("published_at", timezone.now())
    service = Service.objects.create(name=name or f"Palvelu {number}", **fields)
    service.municipalities.set(Municipality.objects.filter(code__in=municipalities))
    for key, codes in relations.items():
        model = Service._meta.get_field(key).related_model
        getattr(service, key).set(
            codes if codes and not isinstance(codes[0], str) else model.objects.filter(code__in=codes)
        )
    return service


def _is_relation(name: str) -> bool:
    return name in {field.name for field in Service._meta.many_to_many}


def make_contact(**fields: Any) -> Contact:
    fields.setdefault("kind", Contact.Kind.PHONE)
    fields.setdefault("value", "040 000 0000")
    return Contact.objects.create(**fields)


def make_organisation_message(organisation: Organisation, **fields: Any) -> OrganisationMessage:
    fields.setdefault("body", "Onko ryhmässä tilaa?")
    return OrganisationMessage.objects.create(organisation=organisation, **fields)


def make_invitation(email: str = "", **fields: Any) -> Invitation:
    return Invitation.objects.create(email=email or f"invited{next(_numbers)}@example.org", **fields)


def make_join_request(**fields: Any) -> JoinRequest:
    number = next(_numbers)
    fields.setdefault("email", f"asking{number}@example.org")
    fields.setdefault("name", f"Pyytäjä {number}")
    if "organisation" not in fields:
        fields.setdefault("function", "Etsivä nuorisotyö")
    return JoinRequest.objects.create(**fields)


TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
RECOVERY_CODES = [f"{number:08}" for number in range(1000)]  # more than a person gets, so that tests do not run out


def make_second_factor(person: User) -> Authenticator:
    """An app that shows codes of TOTP_SECRET, and RECOVERY_CODES; the ones there are when there are some."""
    app, _made = Authenticator.objects.get_or_create(
        user=person, type=Authenticator.Type.TOTP, defaults={"data": {"secret": TOTP_SECRET}}
    )
    Authenticator.objects.get_or_create(
        user=person, type=Authenticator.Type.RECOVERY_CODES, defaults={"data": {"migrated_codes": RECOVERY_CODES}}
    )
    return app


def make_bulletin(title: str = "", *, sent: bool = True, **fields: Any) -> Bulletin:
    """A public bulletin that was sent a moment ago, without mails; relations take lists of rows."""
    relations = {key: fields.pop(key) for key in ("to_roles", "to_municipalities") if key in fields}
    fields.setdefault("body", "Tervetuloa **kaikki**.")
    fields.setdefault("is_public", True)
    if sent:
        fields.setdefault("sent_at", timezone.now())
    bulletin = Bulletin.objects.create(title=title or f"Tiedote {next(_numbers)}", **fields)
    for key, rows in relations.items():
        getattr(bulletin, key).set(rows)
    return bulletin


def make_proposal(service: Service, **fields: Any) -> ProposedEdit:
    """A text about the listing that waits for review, of a person of her own."""
    record = editing.record_of(service)
    fields.setdefault("author", make_user())
    return ProposedEdit.objects.create(service=service, base=record, record=record | {"cost": "5 €"}, **fields)
