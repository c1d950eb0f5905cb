"""A profile is seen by those to whom its expert has agreed, on every page, and by nobody else."""

import io
import re

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from experts.models import ActivitySettings, Consent, ExpertProfile, Offer, Order, ProfilePicture, ProfileView

from .factories import make_offer, make_order, make_profile

pytestmark = pytest.mark.django_db

TOKEN = re.compile(rb'(csrfmiddlewaretoken|form_writer)" value="[^"]*"')  # another one in every answer
NAME = "Salanimi Kukkanen"


def profile_of(person, shown_to):
    profile = make_profile(person, shown_to=shown_to, shown_name=NAME, speaks_of="Kukkanen kertoo")
    ProfilePicture.objects.create(profile=profile, image=b"jpeg", alt_text="Kukkanen")
    return profile


def test_a_hidden_profile_answers_as_one_that_there_is_not(as_user, professional, expert):
    profile = profile_of(expert, "coordinators")
    client = as_user(professional)
    for name in ("profile_detail", "profile_picture", "profile_flyer", "profile_keep", "profile_edit"):
        hidden = client.get(reverse(f"experts:{name}", args=[profile.slug]))
        missing = client.get(reverse(f"experts:{name}", args=["zzzzzzzzzz"]))
        assert (hidden.status_code, missing.status_code) == (404, 404)
        bodies = [
            TOKEN.sub(b"", one.content.replace(profile.slug.encode(), b"zzzzzzzzzz")) for one in (hidden, missing)
        ]
        assert bodies[0] == bodies[1]


def test_the_steps_go_one_by_one_each_with_its_words(as_user, expert):
    client = as_user(expert)
    assert client.get("/kokemusasiantuntijat/oma/").status_code == 200
    page = client.get("/kokemusasiantuntijat/oma/")
    key = page.context["form"].initial["form_key"]
    client.post("/kokemusasiantuntijat/oma/", {"shown_name": NAME, "form_key": key})
    assert (ExpertProfile.objects.count(), Consent.objects.count()) == (0, 0)
    for _again in range(2):
        client.post("/kokemusasiantuntijat/oma/", {"shown_name": NAME, "agrees": "on", "form_key": key})
    profile = ExpertProfile.objects.get()
    assert (profile.shown_to, Consent.objects.count()) == ("coordinators", 1)
    widen = reverse("experts:profile_widen", args=[profile.slug])
    client.post(widen, {"to": "public", "agrees": "on"})
    client.post(widen, {"to": "members"})
    profile.refresh_from_db()
    assert profile.shown_to == "coordinators"
    client.post(widen, {"to": "members", "agrees": "on"})
    client.post(widen, {"to": "public", "agrees": "on"})
    profile.refresh_from_db()
    assert profile.shown_to == "public"
    assert [(one.scope, one.version, bool(one.text)) for one in Consent.objects.all()] == [
        ("keep", 1, True), ("members", 1, True), ("public", 1, True),
    ]  # fmt: skip


def test_who_opened_the_profile_is_told_to_the_expert(as_user, expert, professional):
    profile = profile_of(expert, "members")
    for _again in range(2):
        as_user(professional).get(profile.get_absolute_url())
    as_user(expert).get(profile.get_absolute_url())
    assert [view.viewer for view in ProfileView.objects.all()] == [professional]
    page = as_user(expert).get(reverse("experts:profile_keep", args=[profile.slug]))
    assert professional.name in page.content.decode()


def test_nobody_else_changes_a_profile(as_user, expert, professional, expert_coordinator):
    profile = profile_of(expert, "public")
    for person in (professional, expert_coordinator):
        client = as_user(person)
        for name in ("narrow", "widen", "close", "pause", "edit"):
            posted = client.post(reverse(f"experts:profile_{name}", args=[profile.slug]), {"to": "coordinators"})
            assert posted.status_code == 403
    profile.refresh_from_db()
    assert profile.shown_to == "public"


def test_a_profile_without_tasks_is_erased(as_user, expert):
    profile = profile_of(expert, "members")
    as_user(expert).post(reverse("experts:profile_close", args=[profile.slug]))
    assert ExpertProfile.objects.count() == 0


def test_a_coordinator_keeps_a_profile_on_paper_consent(as_user, expert_coordinator):
    client = as_user(expert_coordinator)
    key = client.get("/kokemusasiantuntijat/kaikki/uusi/").context["form"].initial["form_key"]
    facts = {"shown_name": NAME, "signed_on": "2026-01-15", "paper_text": "Suostun.", "form_key": key}
    client.post("/kokemusasiantuntijat/kaikki/uusi/", facts)
    profile, consent = ExpertProfile.objects.get(), Consent.objects.get()
    assert (profile.person, consent.how, str(consent.signed_on), consent.text) == (
        None,
        "paper",
        "2026-01-15",
        "Suostun.",
    )
    page = client.get(reverse("experts:profile_keep", args=[profile.slug])).content.decode()
    assert "Suostun." in page


def test_a_picture_loses_what_the_camera_wrote(as_user, expert):
    profile = make_profile(expert)
    made, exif = io.BytesIO(), Image.Exif()
    exif[0x010E] = "koti"
    Image.new("RGB", (1200, 900)).save(made, "JPEG", exif=exif)
    url = reverse("experts:profile_picture_edit", args=[profile.slug])
    client = as_user(expert)
    client.post(url, {"picture": SimpleUploadedFile("a.jpg", made.getvalue()), "alt_text": "Minä"})
    kept = Image.open(io.BytesIO(bytes(ProfilePicture.objects.get().image)))
    assert (kept.size, dict(kept.getexif()), b"koti" in bytes(ProfilePicture.objects.get().image)) == (
        (800, 600),
        {},
        False,
    )
    refused = client.post(url, {"picture": SimpleUploadedFile("a.jpg", b"<svg/>"), "alt_text": "Minä"})
    assert refused.context["form"].errors.keys() == {"picture"}


def test_an_edit_is_saved_whole(as_user, expert):
    profile = make_profile(expert, shown_to="coordinators")
    url, client = reverse("experts:profile_edit", args=[profile.slug]), as_user(expert)
    rows = {
        f"{one}-{key}": value
        for one in ("training", "away")
        for key, value in (("TOTAL_FORMS", 1), ("INITIAL_FORMS", 0))
    }
    facts = {"shown_name": NAME, "title": "kokemustoimija", "company": "either", "speaks_of": "Arjesta", **rows}
    client.post(url, facts | {"training-0-course": "Kurssi", "training-0-year": "2024"})
    profile.refresh_from_db()
    assert (profile.shown_name, [str(one) for one in profile.trainings.all()]) == (NAME, ["Kurssi, 2024"])
    refused = client.post(url, facts | {"shown_name": "Muu", "speaks_of": "131052-308T"})
    profile.refresh_from_db()
    assert (refused.status_code, profile.shown_name) == (200, NAME)


def test_the_list_asks_as_much_with_three_as_with_one(as_user, professional):
    client, numbers = as_user(professional), []
    for more in (1, 2):
        for _number in range(more):
            make_profile()
        client.get("/kokemusasiantuntijat/")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get("/kokemusasiantuntijat/")
        numbers.append(len(asked))
    assert numbers[0] == numbers[1]


def test_only_the_named_sites_may_frame_the_list(as_user):
    framed = as_user(None).get("/kokemusasiantuntijat/upotus/")
    assert "frame-ancestors 'none'" in framed["Content-Security-Policy"]
    assert "X-Frame-Options" not in framed


def test_figures_are_shown_from_five_up(as_user, expert_coordinator, coordinator):
    for _number in range(4):
        make_order()
    client = as_user(expert_coordinator)
    assert client.get("/kokemusasiantuntijat/luvut/").context["tables"][0].rows[0].number is None
    make_order()
    for order in Order.objects.all():
        make_offer(order, status="declined", because="topic")
    tables = client.get("/kokemusasiantuntijat/luvut/").context["tables"]
    assert tables[0].rows[0].number == 5
    (declined,) = [table for table in tables if str(Offer.Because.TOPIC.label) in {row.name for row in table.rows}]
    assert declined.rows == [(Offer.Because.TOPIC.label, 5)]
    assert client.get("/kokemusasiantuntijat/luvut/csv/").status_code == 200
    assert as_user(coordinator).get("/kokemusasiantuntijat/luvut/").status_code == 403


def test_registers_elsewhere_are_linked_from_the_explainer(as_user):
    ActivitySettings.objects.update(
        register_links="https://example.org/kainuu Kainuun rekisteri\n\nhttps://example.org/koko"
    )
    page = as_user(None).get("/kokemusasiantuntijat/mika/").content.decode()
    assert '<a href="https://example.org/kainuu">Kainuun rekisteri</a>' in page
    assert '<a href="https://example.org/koko">https://example.org/koko</a>' in page
    ActivitySettings.current().full_clean()
    with pytest.raises(ValidationError):
        ActivitySettings(pk=1, register_links="Kainuun rekisteri https://example.org/kainuu").full_clean()


def test_the_desk_has_no_list_of_profiles(as_user, coordinator):
    client = as_user(coordinator)
    assert client.get("/hallinta/experts/expertprofile/").status_code == 404
    for name in (
        "experttheme",
        "talkformat",
        "tasktype",
        "occasion",
        "guideversion",
        "feemodelversion",
        "activitysettings",
    ):
        assert client.get(f"/hallinta/experts/{name}/").status_code == 200
