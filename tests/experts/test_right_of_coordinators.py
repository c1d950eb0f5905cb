"""Coordinating expert activity is a right of its own: coordinators give it, and do not have it by that."""

import pytest

from network.models import StatusEvent

from .factories import make_profile

pytestmark = pytest.mark.django_db
PAGE = "/kokemusasiantuntijat/koordinaattorit/"


def test_a_coordinator_gives_and_ends_the_right(as_user, coordinator, professional):
    client = as_user(coordinator)
    assert client.post(PAGE, {"email": professional.email}).status_code == 302
    professional.refresh_from_db()
    assert professional.coordinates_experts
    assert client.post(PAGE, {"email": professional.email}).status_code == 200  # has it already
    assert client.post(f"{PAGE}{professional.pk}/paata/").status_code == 302
    professional.refresh_from_db()
    assert not professional.coordinates_experts
    assert StatusEvent.objects.filter(by=coordinator, subject_id=professional.pk).count() == 2


def test_one_lays_it_down_oneself(as_user, expert_coordinator):
    assert as_user(expert_coordinator).post(f"{PAGE}{expert_coordinator.pk}/paata/").status_code == 302
    expert_coordinator.refresh_from_db()
    assert not expert_coordinator.coordinates_experts


def test_who_has_it_gives_it_to_nobody(as_user, expert_coordinator, professional):
    client = as_user(expert_coordinator)
    assert client.get(PAGE).status_code == client.post(PAGE, {"email": professional.email}).status_code == 403
    assert as_user(professional).post(f"{PAGE}{expert_coordinator.pk}/paata/").status_code == 403
    professional.refresh_from_db()
    assert not professional.coordinates_experts


def test_an_unknown_address_is_told_at_the_field(as_user, coordinator):
    assert as_user(coordinator).post(PAGE, {"email": "nobody@example.org"}).context["form"].errors["email"]


def test_the_desk_neither_shows_nor_gives_that_a_person_is_an_expert(as_user, coordinator, expert):
    make_profile(expert, shown_to="coordinators", shown_name="Salainen Nimi", speaks_of="Omasta toipumisesta")
    desk, secret = as_user(coordinator), ("Salainen Nimi", "toipumisesta", "expert-profile")
    url = f"/hallinta/network/user/{expert.pk}"
    told = [
        desk.get(f"{url}/tiedot/"), desk.post(f"{url}/tiedot/"), desk.get(f"{url}/change/"), desk.get(f"{url}/delete/"),
        desk.get(f"{url}/history/"), desk.get("/hallinta/network/user/?q=Salainen"),
    ]  # fmt: skip
    for response in told:
        page = response.content.decode()
        assert response.status_code == 200
        assert not [word for word in secret if word in page]
        assert "kokemusasiantuntijana" not in page.lower() or "Profiilisi" not in page


def test_the_expert_gets_all_of_it(as_user, expert):
    make_profile(expert, shown_to="coordinators", shown_name="Salainen Nimi")
    assert "Salainen Nimi" in as_user(expert).get("/omat/tiedot/").content.decode()
