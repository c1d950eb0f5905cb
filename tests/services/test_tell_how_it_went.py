"""Löysitkö apua?: one press, no identity anywhere, figures from five answers up."""

import datetime as dt
import logging
import re
import uuid

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import caches
from django.db import connection, models
from django.test import Client

from network.models import OnceKey
from services import feedback
from services.models import AccessFeedback, ServiceType
from services.public_forms import ANSWERS_AN_HOUR

from .. import factories

pytestmark = pytest.mark.django_db
ADDRESS, MORE = "/palvelut/ryhma/loysitko-apua/", "/palvelut/ryhma/loysitko-apua/lisaa/"
TODAY = dt.date(2026, 11, 26)


@pytest.fixture
def service(association):
    return factories.make_service("Ryhmä", slug="ryhma", organisation=association)


def key_of(page) -> str:
    return re.search(r'name="key" value="([^"]+)"', page.content.decode()).group(1)


def answers(service, count, day, helped="yes", **more):
    for _ in range(count):
        AccessFeedback.objects.create(service=service, service_type=service.main_type, helped=helped, on=day, **more)


# One answer ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("helped", ["yes", "partly", "no"])
def test_one_press_is_an_answer(client, service, helped):
    page = client.post(ADDRESS, {"key": key_of(client.get(ADDRESS)), "helped": helped})
    assert page.status_code == 200
    row = AccessFeedback.objects.get()
    assert (row.service, row.service_type, row.helped) == (service, service.main_type, helped)
    assert (row.getting_in, row.being_met) == (None, None)


def test_two_more_questions_are_answered_at_choice(client, service):
    page = client.post(ADDRESS, {"key": key_of(client.get(ADDRESS)), "helped": "yes"})
    assert client.post(MORE, {"key": key_of(page), "getting_in": "4", "being_met": ""}).status_code == 200
    row = AccessFeedback.objects.get()
    assert (row.getting_in, row.being_met) == (4, None)


def test_two_presses_of_one_page_are_one_answer_the_last_one(client, service):
    key = key_of(client.get(ADDRESS))
    for helped in ("yes", "yes", "no"):
        client.post(ADDRESS, {"key": key, "helped": helped})
    assert [row.helped for row in AccessFeedback.objects.all()] == ["no"]


@pytest.mark.parametrize(
    "wrong", [{"helped": "ehkä"}, {"helped": ""}, {"key": ""}, {"key": "x:y:z"}, {"key": "ä" * 400}]
)
def test_a_wrong_press_keeps_nothing(client, service, wrong):
    page = client.post(ADDRESS, {"key": key_of(client.get(ADDRESS)), "helped": "yes"} | wrong)
    assert page.status_code == 200
    assert 'id="virhe"' in page.content.decode()
    assert not AccessFeedback.objects.exists()


def test_a_key_is_for_its_own_service_and_step_only(client, service):
    other = factories.make_service(slug="toinen")
    assert client.post(ADDRESS, {"key": feedback.fresh_key(other), "helped": "yes"}).status_code == 200
    assert not AccessFeedback.objects.exists()
    answers(service, 1, TODAY)
    row = AccessFeedback.objects.get()
    client.post(MORE, {"key": feedback.fresh_key(service), "getting_in": "1"})
    client.post(MORE, {"key": feedback.key_for_more(row.pk, other), "getting_in": "1"})
    client.post(ADDRESS, {"key": feedback.key_for_more(row.pk, service), "helped": "no"})
    row.refresh_from_db()
    assert (row.getting_in, row.helped) == (None, "yes")


def test_after_an_hour_nothing_can_be_added(client, service, monkeypatch):
    answers(service, 1, TODAY)
    row = AccessFeedback.objects.get()
    key = feedback.key_for_more(row.pk, service)
    import django.core.signing as signing

    now = signing.time.time()
    monkeypatch.setattr(signing.time, "time", lambda: now + 3601)
    assert client.post(MORE, {"key": key, "getting_in": "1"}).status_code == 200
    row.refresh_from_db()
    assert row.getting_in is None


def test_a_wrong_further_answer_comes_back(client, service):
    page = client.post(ADDRESS, {"key": key_of(client.get(ADDRESS)), "helped": "yes"})
    page = client.post(MORE, {"key": key_of(page), "getting_in": "9"})
    assert "invalid-feedback" in page.content.decode() or 'id="virhe"' in page.content.decode()
    assert AccessFeedback.objects.get().getting_in is None


def test_the_second_page_alone_leads_to_the_first(client, service):
    assert client.get(MORE).url == ADDRESS


def test_no_form_for_what_is_not_published(client, association):
    factories.make_service(slug="ryhma", organisation=association, published=False)
    assert [client.get(ADDRESS).status_code, client.post(ADDRESS).status_code, client.post(MORE).status_code] == [
        404
    ] * 3


def test_a_flood_from_one_place_is_stopped_and_changing_ones_mind_is_not(client, service):
    keys = [feedback.fresh_key(service) for _ in range(ANSWERS_AN_HOUR + 1)]
    for key in keys:
        client.post(ADDRESS, {"key": key, "helped": "yes"})
    assert AccessFeedback.objects.count() == ANSWERS_AN_HOUR
    client.post(ADDRESS, {"key": keys[0], "helped": "no"})
    assert AccessFeedback.objects.filter(helped="no").count() == 1


# Nobody --------------------------------------------------------------------------------------------------------------


def test_the_table_has_no_place_for_who_or_when():
    fields = {field.name: field for field in AccessFeedback._meta.get_fields()}
    assert set(fields) == {"id", "service", "service_type", "helped", "getting_in", "being_met", "on"}
    assert isinstance(fields["id"], models.UUIDField)
    assert type(fields["on"]) is models.DateField
    assert not any(field.related_model is get_user_model() for field in fields.values())


def test_keys_are_random(service):
    assert uuid.UUID(str(feedback.opened(feedback.fresh_key(service), service))).version == 4


def test_no_history_is_kept_of_answers():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgrelid = 'services_accessfeedback'::regclass"
        )
        assert cursor.fetchall() == [("catalogue_changed",)]  # a number that tells that something changed, not what


def test_a_visitor_gets_no_cookie_and_no_token(client, service):
    page = client.get(ADDRESS)
    assert not page.cookies
    assert "csrfmiddlewaretoken" not in page.content.decode()
    answer = Client(enforce_csrf_checks=True).post(ADDRESS, {"key": key_of(page), "helped": "yes"})
    assert (answer.status_code, len(answer.cookies)) == (200, 0)
    assert page["Cache-Control"] == "no-store"


def test_who_is_signed_in_needs_the_token_and_is_not_written_down(service, ngo_editor):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ngo_editor)
    page = strict.get(ADDRESS)
    form = {"key": key_of(page), "helped": "yes"}
    assert strict.post(ADDRESS, form).status_code == 403
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.content.decode()).group(1)
    assert strict.post(ADDRESS, form | {"csrfmiddlewaretoken": token}).status_code == 200
    assert AccessFeedback.objects.count() == 1


def test_the_log_line_of_an_answer_has_no_request_id(client, service, caplog):
    seen = []

    class Listener(logging.Handler):
        def emit(self, record):
            from config.logs import request_id

            seen.append(request_id.get())

    listener = Listener()
    logging.getLogger("portal.access").addHandler(listener)
    try:
        key = key_of(client.get(ADDRESS, headers={"X-Request-ID": "from-the-proxy"}))
        client.post(ADDRESS, {"key": key, "helped": "yes"}, headers={"X-Request-ID": "from-the-proxy"})
        client.get("/palvelut/", headers={"X-Request-ID": "from-the-proxy"})
    finally:
        logging.getLogger("portal.access").removeHandler(listener)
    assert seen == ["-", "-", "from-the-proxy"]


def test_nothing_else_remembers_the_answers_key(client, service):
    client.post(ADDRESS, {"key": key_of(client.get(ADDRESS)), "helped": "yes"})
    assert not OnceKey.objects.exists()
    pk = AccessFeedback.objects.get().pk
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key, value FROM limits")
        rows = str(cursor.fetchall())
    assert pk.hex not in rows
    assert "127.0.0.1" not in rows
    assert service.slug not in rows
    assert caches["limits"]


# Figures --------------------------------------------------------------------------------------------------------------


def test_figures_come_from_five_answers_of_a_closed_quarter(service):
    answers(service, 4, dt.date(2026, 8, 1))
    assert feedback.by_type(TODAY) == []
    answers(service, 1, dt.date(2026, 8, 2), helped="no")
    (type_figures,) = feedback.by_type(TODAY)
    ((period, figures),) = type_figures.periods
    assert type_figures.service_type == service.main_type
    assert (figures.people, figures.yes, figures.partly, figures.no) == (5, 4, 0, 1)
    assert (period.first_day, period.last_day) == (dt.date(2026, 7, 1), dt.date(2026, 9, 30))


def test_the_further_questions_are_told_from_five_answers_of_their_own(service):
    answers(service, 4, dt.date(2026, 8, 1), getting_in=4, being_met=1)
    answers(service, 2, dt.date(2026, 8, 1), being_met=3)
    ((_period, figures),) = feedback.by_type(TODAY)[0].periods
    assert (figures.getting_in, figures.being_met) == (None, 33)


def test_an_answer_today_changes_no_figure(service):
    answers(service, 5, dt.date(2026, 8, 1))
    before = feedback.by_type(TODAY)
    answers(service, 9, TODAY, helped="no")
    assert feedback.by_type(TODAY) == before
    assert feedback.of_service(service, TODAY).people == 5


def test_a_listing_that_changes_its_type_moves_no_answers(service):
    answers(service, 5, dt.date(2026, 8, 1))
    before = feedback.by_type(TODAY)
    service.main_type = ServiceType.objects.get(code="debt")
    service.save()
    assert feedback.by_type(TODAY) == before
    service.delete()
    assert feedback.by_type(TODAY) == before


def test_one_listings_figures_do_not_tell_of_the_others(service):
    """The type's eleven less this listing's eight would be three people of the other."""
    other = factories.make_service()
    answers(service, 8, dt.date(2026, 8, 1))
    answers(other, 3, dt.date(2026, 8, 1))
    assert feedback.by_type(TODAY)[0].periods[0][1].people == 11
    assert feedback.of_service(service, TODAY) is None
    assert feedback.of_service(other, TODAY) is None


def test_a_listings_figures_are_shown_when_they_are_safe(client, service):
    other = factories.make_service()
    answers(service, 8, dt.date(2025, 8, 1))
    answers(other, 5, dt.date(2025, 8, 1))
    answers(service, 2, dt.date(2025, 11, 1), helped="no")
    assert feedback.of_service(service, TODAY).people == 8
    assert "100 % " in client.get("/palvelut/ryhma/").content.decode()


def test_the_page_shows_figures_and_says_when_there_are_none(client, service):
    assert client.get("/palvelut/kokemuksia/").status_code == 200
    answers(service, 7, dt.date(2025, 8, 1), helped="partly")
    page = client.get("/palvelut/kokemuksia/").content.decode()
    assert '<td class="n">7</td>' in page
    assert "heinäkuu–syyskuu 2025" in page
