"""An expert writes a profile on her own terms: after a first consent, shown step by step, hidden at once."""

import datetime as dt
import io
import re

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from PIL import Image

from experts import answers, consents, orders
from experts.models import Consent, ExpertProfile, ProfileView, Unavailable

from .factories import make_offer, make_order, make_profile

pytestmark = pytest.mark.django_db
OWN = "/kokemusasiantuntijat/oma/"


def fields_of(page: str) -> dict[str, str]:
    """Hidden fields and their values, as a browser would send them."""
    found = {}
    for tag in re.findall(r"<input[^>]*>", page):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and 'type="hidden"' in tag and name[1] != "csrfmiddlewaretoken":
            found[name[1]] = value[1] if value else ""
    return found


def begin(client, **fields) -> object:
    hidden = fields_of(client.get(OWN).content.decode())
    return client.post(OWN, {**hidden, "shown_name": "Aino", "agrees": "on", **fields})


def keep(profile, verb="oma") -> str:
    return f"/kokemusasiantuntijat/{profile.slug}/{verb}/"


def test_nothing_is_saved_before_the_first_consent(as_user, expert):
    client = as_user(expert)
    assert client.get(OWN).status_code == 200
    hidden = fields_of(client.get(OWN).content.decode())
    assert client.post(OWN, {**hidden, "shown_name": "Aino"}).status_code == 200
    assert not ExpertProfile.objects.exists()
    assert not Consent.objects.exists()


def test_the_first_consent_keeps_its_words_and_shows_the_profile_to_coordinators_only(as_user, expert, professional):
    response = begin(as_user(expert))
    profile = ExpertProfile.objects.get()
    assert response.url == keep(profile)
    assert (profile.person, profile.shown_to) == (expert, "coordinators")
    consent = Consent.objects.get()
    assert (consent.scope, consent.is_given, consent.version, consent.how) == ("keep", True, 1, "self")
    assert consent.text == str(consents.TEXTS["keep"])
    assert as_user(professional).get(profile.get_absolute_url()).status_code == 404


def test_pressing_twice_makes_one_profile(as_user, expert):
    client = as_user(expert)
    data = {**fields_of(client.get(OWN).content.decode()), "shown_name": "Aino", "agrees": "on"}
    assert client.post(OWN, data).status_code == client.post(OWN, data).status_code == 302
    assert ExpertProfile.objects.count() == Consent.objects.count() == 1


def test_a_personal_identity_code_is_refused_and_nothing_is_lost(as_user, expert):
    response = begin(as_user(expert), shown_name="Aino 131052-308T")
    assert response.status_code == 200
    assert "131052-308T" in response.content.decode()
    assert not ExpertProfile.objects.exists()
    assert not Consent.objects.exists()


def test_each_step_is_a_consent_of_its_own_and_none_is_skipped(as_user, expert):
    profile, client = make_profile(expert, shown_to="coordinators"), as_user(expert)
    client.post(keep(profile, "nayta"), {"to": "public", "agrees": "on"})
    client.post(keep(profile, "nayta"), {"to": "members"})
    profile.refresh_from_db()
    assert profile.shown_to == "coordinators"
    for step in ("members", "public"):
        assert client.post(keep(profile, "nayta"), {"to": step, "agrees": "on"}).status_code == 302
        profile.refresh_from_db()
        assert profile.shown_to == step
    assert Consent.objects.in_force(profile.key) == {"keep", "members", "public"}


def test_the_database_refuses_a_profile_that_is_shown_without_consent(expert):
    profile = make_profile(expert, shown_to="coordinators")
    with pytest.raises(IntegrityError), transaction.atomic():
        ExpertProfile.objects.filter(pk=profile.pk).update(shown_to="public")


@pytest.mark.parametrize("to", ["members", "coordinators"])
def test_one_click_hides_it(as_user, expert, to):
    profile = make_profile(expert, shown_to="public")
    visitor = as_user(None)
    assert visitor.get(profile.get_absolute_url()).status_code == 200
    as_user(expert).post(keep(profile, "piilota"), {"to": to})
    assert visitor.get(profile.get_absolute_url()).status_code == 404
    profile.refresh_from_db()
    assert profile.shown_to == to
    assert "public" not in Consent.objects.in_force(profile.key)


def test_withdrawing_all_erases_it_and_leaves_consents_without_a_name(as_user, expert):
    profile = make_profile(expert)
    as_user(expert).post(keep(profile, "poista"))
    assert not ExpertProfile.objects.exists()
    assert Consent.objects.filter(is_given=False, scope="keep").exists()
    assert Consent.objects.in_force(profile.key) == set()


def test_an_agreed_task_keeps_the_shown_name_until_it_is_over(as_user, expert):
    profile = make_profile(expert, speaks_of="Omasta toipumisesta", shown_name="Aino")
    offer = make_offer(make_order(), profile)
    answers.accept(offer, answers.alternatives(offer)[0], by=expert)
    as_user(expert).post(keep(profile, "poista"))
    profile.refresh_from_db()
    assert (profile.shown_name, profile.speaks_of) == ("Aino", "")
    assert profile.closed_at
    assert Consent.objects.in_force(profile.key) == set()
    assert as_user(offer.order.ordered_by).get(profile.get_absolute_url()).status_code == 404
    assert as_user(expert).get(OWN).status_code == 200
    consents.erase_closed()
    assert ExpertProfile.objects.exists()
    orders.cancel(offer.order, by=offer.order.ordered_by, side="orderer", reason="Sairastuin")
    consents.erase_closed()
    assert not ExpertProfile.objects.exists()


def edited(client, profile, **fields):
    hidden = fields_of(client.get(keep(profile, "muokkaa")).content.decode())
    told = {"shown_name": "Aino", "title": "kokemustoimija", "company": "pair"}
    return client.post(keep(profile, "muokkaa"), {**hidden, **told, **fields})


def test_the_words_formats_trainings_and_days_away_are_saved_together(as_user, expert, region):
    profile, client = make_profile(expert), as_user(expert)
    day = timezone.localdate() + dt.timedelta(days=3)
    response = edited(
        client, profile, **{
            "will_not_speak_of": "Lapsistani", "training-0-course": "Kokemuskoulutus", "training-0-year": "2024",
            "away-0-first_day": day.isoformat(), "away-0-last_day": day.isoformat(),
        },
    )  # fmt: skip
    assert response.status_code == 302
    profile.refresh_from_db()
    assert (profile.title, profile.company, profile.will_not_speak_of) == ("kokemustoimija", "pair", "Lapsistani")
    assert profile.trainings.get().course == "Kokemuskoulutus"
    assert not ExpertProfile.objects.free_on(day).exists()


def test_a_wrong_day_saves_nothing_and_loses_nothing(as_user, expert, region):
    profile, client = make_profile(expert), as_user(expert)
    wrong = {"away-0-first_day": "2027-02-02", "away-0-last_day": "2027-02-01", "introduction": "Tervetuloa"}
    response = edited(client, profile, **wrong)
    assert response.status_code == 200
    assert "Tervetuloa" in response.content.decode()
    profile.refresh_from_db()
    assert profile.introduction == ""
    assert not Unavailable.objects.exists()


def test_pausing_is_seen_and_ends(as_user, expert):
    profile, client = make_profile(expert), as_user(expert)
    client.post(keep(profile, "tauko"), {"paused": "1"})
    assert not ExpertProfile.objects.taking_requests().exists()
    client.post(keep(profile, "tauko"), {"paused": "0"})
    assert ExpertProfile.objects.taking_requests().exists()


@pytest.mark.parametrize("verb", ["muokkaa", "oma", "oma-kuva", "nayta", "piilota", "poista", "tauko"])
def test_nobody_else_keeps_it(as_user, expert, professional, coordinator, expert_coordinator, verb):
    profile = make_profile(expert, shown_to="public")
    for person in (professional, coordinator, expert_coordinator):
        client = as_user(person)
        asked = client.get if verb in ("muokkaa", "oma", "oma-kuva") else client.post
        assert asked(keep(profile, verb)).status_code == 403
    assert as_user(None).post(keep(profile, verb)).status_code in (302, 405)
    assert ExpertProfile.objects.get().shown_to == "public"


def picture(**options) -> io.BytesIO:
    file = io.BytesIO()
    image = Image.new("RGB", (1200, 900), "green")
    exif = image.getexif()
    exif[0x010E] = "Kotiosoite"
    image.save(file, "JPEG", exif=exif, **options)
    file.seek(0)
    file.name = "kuva.jpg"
    return file


def test_a_picture_is_made_anew_and_seen_by_those_who_see_the_profile(as_user, expert, professional):
    profile, client = make_profile(expert), as_user(expert)
    assert client.post(keep(profile, "oma-kuva"), {"picture": picture(), "alt_text": "Aino"}).status_code == 302
    shown = as_user(professional).get(keep(profile, "kuva"))
    assert b"Kotiosoite" not in shown.content
    with Image.open(io.BytesIO(shown.content)) as image:
        assert max(image.size) == 800
        assert not image.getexif()
    assert as_user(None).get(keep(profile, "kuva")).status_code == 404
    client.post(keep(profile, "oma-kuva"), {"remove": "1"})
    assert as_user(professional).get(keep(profile, "kuva")).status_code == 404


def test_what_is_no_picture_is_refused(as_user, expert):
    profile, client = make_profile(expert), as_user(expert)
    file = io.BytesIO(b"<svg onload='x'/>")
    file.name = "kuva.jpg"
    response = client.post(keep(profile, "oma-kuva"), {"picture": file, "alt_text": "Aino"})
    assert response.status_code == 200
    profile.refresh_from_db()
    assert not hasattr(profile, "picture")


def test_who_opened_it_is_seen_by_the_expert(as_user, expert, professional):
    profile = make_profile(expert, shown_to="public")
    for person in (professional, professional, expert, None):
        as_user(person).get(profile.get_absolute_url())
    assert sorted(ProfileView.objects.values_list("viewer", flat=True), key=str) == [professional.pk, None]
    page = as_user(expert).get(keep(profile)).content.decode()
    assert str(professional) in page
