"""A listing keeps its addresses: an old one leads on for good, and a closed one tells what has become of it."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from services import addresses
from services.exchange.loading import load
from services.exchange.problems import CatalogueError
from services.models import Service, ServiceAddress

from .. import factories
from .exchange_records import a_catalogue, a_service, an_organisation

pytestmark = pytest.mark.django_db
Reason = Service.ArchiveReason


@pytest.fixture
def service(association):
    return factories.make_service("Ryhmä", slug="ryhma", organisation=association, municipalities=("205",))


def rename(service, slug):
    service.slug = slug
    service.save()


# Old addresses ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["", "/sv", "/en"])
def test_an_old_address_leads_to_the_new_one_for_good(client, service, language):
    rename(service, "uusi-ryhma")
    answer = client.get(f"{language}/palvelut/ryhma/")
    assert (answer.status_code, answer["Location"]) == (301, f"{language}/palvelut/uusi-ryhma/")
    assert answer["Cache-Control"] == "no-cache"  # the name may be taken again: browsers ask each time


def test_every_old_address_leads_to_the_newest(client, service):
    for slug in ("toka", "kolmas", "neljas"):
        rename(service, slug)
    found = {old: client.get(f"/palvelut/{old}/")["Location"] for old in ("ryhma", "toka", "kolmas")}
    assert set(found.values()) == {"/palvelut/neljas/"}


def test_it_may_have_its_old_address_back(client, service):
    rename(service, "toka")
    rename(service, "ryhma")
    assert client.get("/palvelut/ryhma/").status_code == 200
    assert client.get("/palvelut/toka/")["Location"] == "/palvelut/ryhma/"
    assert set(ServiceAddress.objects.values_list("slug", flat=True)) == {"toka"}


def test_an_update_without_the_model_keeps_the_address_too(client, service):
    Service.objects.filter(pk=service.pk).update(slug="toka")
    assert client.get("/palvelut/ryhma/")["Location"] == "/palvelut/toka/"


def test_an_old_address_is_never_given_to_another(service):
    rename(service, "toka")
    for take in (lambda: factories.make_service(slug="ryhma"), lambda: rename(factories.make_service(), "ryhma")):
        with pytest.raises(IntegrityError), transaction.atomic():
            take()
    assert not addresses.is_free("ryhma")
    assert addresses.is_free("ryhma", service)
    assert addresses.free_slug("Ryhmä") == "ryhma-2"
    assert addresses.free_slug("Muuttuneet") == "muuttuneet-2"
    assert addresses.free_slug("?!") == "palvelu"


def test_a_visitor_is_not_led_to_a_draft(client, service, ngo_editor, as_user):
    rename(service, "toka")
    service.unpublish()
    assert client.get("/palvelut/ryhma/").status_code == 404
    assert as_user(ngo_editor).get("/palvelut/ryhma/").status_code == 301


def test_a_deleted_listing_takes_its_addresses_with_it(client, service):
    rename(service, "toka")
    service.delete()
    assert client.get("/palvelut/ryhma/").status_code == 404
    assert factories.make_service(slug="ryhma")


def test_the_coordinators_form_refuses_an_address_that_another_had(service, coordinator, as_user):
    rename(service, "toka")
    page = as_user(coordinator).post("/hallinta/services/service/add/", {"name": "Toinen", "slug": "ryhma"})
    assert page.status_code == 200
    assert "slug" in page.context["adminform"].form.errors


def test_a_file_that_takes_an_old_address_is_refused_whole(service):
    rename(service, "toka")
    with pytest.raises(CatalogueError, match="had this address before"):
        load(a_catalogue(services=[a_service(slug="ryhma"), a_service(slug="kolmas")]), "file.json")
    assert not Service.objects.filter(slug="kolmas").exists()


def test_a_file_that_takes_an_organisations_old_address_is_told_whose_it_was():
    organisation = factories.make_organisation(slug="vanha-ry")
    organisation.slug = "uusi-ry"
    organisation.save()
    with pytest.raises(CatalogueError, match=r"uusi-ry. had this address before"):
        load({"organisations": [an_organisation(slug="vanha-ry")]}, "file.json")


def test_a_saved_list_of_an_organisations_services_works_after_its_address_changed(client):
    organisation, other = factories.make_organisation(slug="vanha-ry"), factories.make_organisation(slug="liittyva")
    service = factories.make_service(organisation=organisation)
    organisation.slug = "uusi-ry"
    organisation.save()
    other.merge_into(organisation, by=None)
    for slug in ("vanha-ry", "liittyva", "uusi-ry"):
        page = client.get(f"/palvelut/?organisation={slug}")
        assert [row.pk for row in page.context["page"]] == [service.pk]
    assert "virhe" not in client.get("/palvelut/?organisation=vanha-ry").content.decode().split("<form")[0]


@pytest.mark.django_db(transaction=True)
def test_of_a_rename_and_a_new_listing_at_once_only_one_gets_the_address():
    service = factories.make_service(slug="ryhma")
    organisation, main_type = service.organisation, service.main_type
    moving, outcomes = threading.Event(), []

    def take():
        moving.wait()
        try:
            factories.make_service(slug="ryhma", organisation=organisation, main_type=main_type)
            outcomes.append("taken")
        except IntegrityError:
            outcomes.append("refused")
        finally:
            connection.close()

    other = threading.Thread(target=take)
    other.start()
    with transaction.atomic():
        rename(service, "toka")
        moving.set()
        other.join(0.3)
    other.join()
    assert outcomes == ["refused"]


# Closed listings ----------------------------------------------------------------------------------------------------


def test_the_address_of_a_closed_listing_tells_why_and_what_replaces_it(client, service, parish):
    other = factories.make_service("Uusi ryhmä", slug="uusi-ryhma", organisation=parish)
    similar = factories.make_service("Samanlainen", organisation=parish, municipalities=("205",))
    far = factories.make_service("Kaukana", municipalities=("765",))
    service.archive(reason=Reason.MERGED, note="Ryhmät yhdistettiin syksyllä.", replaced_by=other)
    answer = client.get("/palvelut/ryhma/")
    page = answer.content.decode()
    assert (answer.status_code, answer["Cache-Control"]) == (410, "no-cache")  # it may come back
    assert '<meta name="robots" content="noindex">' in page
    assert "Ryhmät yhdistettiin syksyllä." in page
    assert f'href="{other.get_absolute_url()}"' in page
    assert f'href="{similar.get_absolute_url()}"' in page
    assert f'href="{service.organisation.get_absolute_url()}"' in page
    assert far.get_absolute_url() not in page
    assert "csrfmiddlewaretoken" not in page


def test_a_service_on_a_break_has_a_page_that_is_not_gone(client, service):
    service.archive(reason=Reason.PAUSED)
    assert client.get("/palvelut/ryhma/").status_code == 200
    assert "noindex" in client.get("/palvelut/ryhma/").content.decode()


def test_a_listing_that_was_never_published_tells_nothing(client, association):
    draft = factories.make_service(slug="ryhma", organisation=association, published=False)
    draft.archive(reason=Reason.ENDED, note="Salaisuus")
    assert client.get("/palvelut/ryhma/").status_code == 404


def test_what_replaces_it_is_not_told_while_it_is_a_draft(client, service):
    draft = factories.make_service("Salainen", published=False)
    service.archive(replaced_by=draft)
    assert "Salainen" not in client.get("/palvelut/ryhma/").content.decode()


def test_an_old_address_of_a_closed_listing_leads_to_its_page(client, service):
    rename(service, "toka")
    service.archive()
    assert client.get("/palvelut/ryhma/")["Location"] == "/palvelut/toka/"
    assert client.get("/palvelut/toka/").status_code == 410


def test_the_editor_still_sees_the_whole_listing(service, ngo_editor, professional, as_user):
    service.archive(reason=Reason.ENDED)
    assert as_user(ngo_editor).get("/palvelut/ryhma/").status_code == 200
    assert as_user(professional).get("/palvelut/ryhma/").status_code == 410


def test_a_closed_listing_is_in_no_list(client, service):
    service.archive()
    for address in ("/palvelut/", "/palvelut/csv/", "/sitemap.xml", service.organisation.get_absolute_url()):
        assert "ryhma/" not in client.get(address).getvalue().decode()


def test_restoring_forgets_why_it_closed(client, service):
    other = factories.make_service()
    service.archive(reason=Reason.OTHER, note="Erehdys", replaced_by=other)
    service.restore()
    service.refresh_from_db()
    assert (service.archive_reason, service.archive_note, service.replaced_by) == ("", "", None)
    assert client.get("/palvelut/ryhma/").status_code == 200


def test_a_service_is_not_replaced_by_itself(service):
    with pytest.raises(ValidationError):
        service.archive(replaced_by=service)
    service.refresh_from_db()
    assert service.archived_at is None
    with pytest.raises(IntegrityError), transaction.atomic():
        Service.objects.filter(pk=service.pk).update(replaced_by=service)


def test_a_file_tells_why_a_listing_closed_and_brings_it_back(client, service):
    now = timezone.now().isoformat()
    closed = {"archived_at": now, "archive_reason": "ended", "archive_note": "Loppui.", "replaced_by": "uusi-ryhma"}
    records = [a_service(slug="ryhma", **closed), a_service(slug="uusi-ryhma")]
    load(a_catalogue(services=records), "file.json")
    service.refresh_from_db()
    assert (service.archive_note, service.replaced_by.slug) == ("Loppui.", "uusi-ryhma")
    load(a_catalogue(services=[a_service(slug="ryhma", archived_at=None)]), "file.json")
    service.refresh_from_db()
    assert (service.archived_at, service.archive_note, service.replaced_by) == (None, "", None)
    with pytest.raises(CatalogueError, match="replaced by itself"):
        load(a_catalogue(services=[a_service(slug="ryhma", **closed | {"replaced_by": "ryhma"})]), "file.json")
