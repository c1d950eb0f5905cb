"""Ways to reach a service: written right, linked right, and not handed to harvesters."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from services.models import Contact, ServicePlace
from services.models.contact import ADDRESS_SIGNER
from tests import factories

pytestmark = pytest.mark.django_db

Kind = Contact.Kind


@pytest.fixture
def service():
    return factories.make_service()


@pytest.mark.parametrize("value", ["040 123 4567", "+358 40 123 4567", "112", "08 12345", "116 117"])
def test_a_telephone_number_is_figures_and_spaces(value, service):
    Contact(service=service, kind=Kind.PHONE, value=value).full_clean()


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Kind.PHONE, "soita"), (Kind.PHONE, "040-1234567"), (Kind.PHONE, "1"), (Kind.PHONE, "040 123 4567 (ma)"),
        (Kind.PHONE, "++358"), (Kind.EMAIL, "ei osoite"), (Kind.EMAIL, "a@b"), (Kind.EMAIL, "a@example.org\nBcc: b@c.fi"),
        (Kind.WEB, "example.org"), (Kind.WEB, "javascript:alert(1)"), (Kind.WEB, "ftp://example.org/"),
        (Kind.BOOKING, "data:text/html,x"), (Kind.CHAT, "//example.org"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_told_at_the_value(kind, value, service):
    with pytest.raises(ValidationError) as error:
        Contact(service=service, kind=kind, value=value).full_clean()
    assert set(error.value.message_dict) == {"value"}


@pytest.mark.parametrize(
    ("kind", "value", "href", "display"),
    [
        (Kind.PHONE, "+358 40 123 4567", "tel:+358401234567", "+358 40 123 4567"),
        (Kind.PHONE, "116 117", "tel:116117", "116 117"),
        (Kind.WEB, "https://www.example.org/ryhma/", "https://www.example.org/ryhma/", "example.org/ryhma"),
        (Kind.BOOKING, "http://example.org", "http://example.org", "example.org"),
        (Kind.CHAT, "https://chat.example.org/?a=1", "https://chat.example.org/?a=1", "chat.example.org/?a=1"),
    ],
)
def test_each_kind_has_its_link_and_a_text_that_paper_can_show(kind, value, href, display, service):
    contact = factories.make_contact(service=service, kind=kind, value=value)
    assert (contact.href, contact.display) == (href, display)


def test_an_e_mail_address_is_behind_a_link(service, client):
    contact = factories.make_contact(service=service, kind=Kind.EMAIL, value="ryhma@example.org")
    assert contact.href == f"/palvelut/yhteys/{ADDRESS_SIGNER.sign(str(contact.pk))}/"
    assert contact.display == "ryhma (at) example.org"
    answer = client.get(contact.href)
    assert (answer.status_code, answer["Location"]) == (302, "mailto:ryhma@example.org")
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert "private" in answer["Cache-Control"]
    assert answer.content == b""


@pytest.mark.parametrize(
    ("value", "location"),
    [
        ("a+b@example.org", "mailto:a+b@example.org"),
        ("a?bcc=evil@example.org", "mailto:a%3Fbcc%3Devil@example.org"),
        ("a&cc=evil%40x@example.org", "mailto:a%26cc%3Devil%2540x@example.org"),
        ("ryhmä@esimerkkiäö.fi", "mailto:ryhm%C3%A4@esimerkki%C3%A4%C3%B6.fi"),
        ("a\r\nSet-Cookie: x=1@example.org", "mailto:a%0D%0ASet-Cookie%3A%20x%3D1@example.org"),
    ],
)
def test_an_address_adds_nothing_to_the_message(value, location, service, client):
    """Whatever stands in the row, the reader's mail program gets one address."""
    contact = factories.make_contact(service=service, kind=Kind.EMAIL, value=value)
    assert client.get(contact.href)["Location"] == location


def test_an_e_mail_link_is_not_for_search_engines(client):
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert {"Disallow: /palvelut/yhteys/", "Disallow: /*/palvelut/yhteys/"} <= set(lines)


def test_hours_and_cost_of_a_call_are_told_beside_the_number(service, client):
    contact = factories.make_contact(service=service, name="Ajanvaraus", hours="ma–pe 9–11", cost="Puhelun hinta")
    assert contact.note == "ma–pe 9–11. Puhelun hinta"
    page = client.get(service.get_absolute_url()).content.decode()
    for text in ("Ajanvaraus", "ma–pe 9–11. Puhelun hinta"):
        assert text in page


def test_a_contact_belongs_to_exactly_one_thing(service):
    place = ServicePlace.objects.create(service=service, name="Talo")
    for owners in (
        {},
        {"service": service, "place": place},
        {"service": service, "organisation": service.organisation},
    ):
        with pytest.raises(IntegrityError, match="a_contact_belongs_to_one_thing"), transaction.atomic():
            factories.make_contact(**owners)


def test_contacts_stand_in_the_order_given(service, client):
    for position, value in [(2, "040 000 0002"), (0, "040 000 0000"), (1, "040 000 0001")]:
        factories.make_contact(service=service, value=value, position=position)
    (group, _organisation) = client.get(service.get_absolute_url()).context["contact_groups"]
    assert [contact.value for contact in group["contacts"]] == ["040 000 0000", "040 000 0001", "040 000 0002"]


@pytest.mark.parametrize("token", ["1", "1:", "1:forged", "x:y"])
def test_an_address_is_not_found_by_counting_numbers(token, service, client):
    factories.make_contact(service=service, kind=Kind.EMAIL, value="ryhma@example.org", pk=1)
    assert client.get(f"/palvelut/yhteys/{token}/").status_code == 404
