"""The whole catalogue can be written to a file, and the file is the whole catalogue."""

import json
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pghistory.models import Event

from network.models import Organisation
from services.exchange import shapes
from services.exchange.describing import describe
from services.exchange.dumping import dump, dump_text, parents_first
from services.exchange.keys import Keys
from services.exchange.loading import load
from services.models import (
    Service,
)

from .exchange_records import a_catalogue, a_service, an_organisation
from .full_portal import empty_portal, fill_portal

KAINUU = Path(__file__).parents[2] / "services" / "data" / "kainuu.json"
# People, and what they do on the way.
# What a file moves is the catalogue, its words and the network's own settings. These are people, and what people and
# machines do and tell in one portal.
NEVER_IN_A_FILE = {
    "network": {
        "Bulletin", "DataRequest", "Feedback", "GroundRules", "InternalNote", "Invitation", "JoinRequest", "KeptForm",
        "Membership", "Message", "OnceKey", "OrganisationAddress", "OrganisationDomain", "OrganisationMessage",
        "PeriodicWork", "CatalogueChange", "NoticeVersion", "RetentionPeriod", "RulesAcceptance", "StatusEvent", "User",
    },
    "services": {
        "AccessFeedback", "Confirmation", "ConfirmationRequest", "HolidayAnswer", "HolidayInvitation", "HolidayRound",
        "LinkCheck", "ListingReport", "ProposedEdit", "ServiceAddress", "ServiceNotice",
        "IndexedWord", "SearchCount", "SearchStart", "SearchVersion", "ServiceFacets", "ServiceWords", "StaleService", "Synonym",
    },
}  # fmt: skip

pytestmark = pytest.mark.django_db


def all_shapes() -> Iterator[shapes.Shape]:
    waiting = [value for value in vars(shapes).values() if isinstance(value, shapes.Shape)] + list(
        shapes.TERMS.values()
    )
    while waiting:
        shape = waiting.pop()
        yield shape
        waiting.extend(rows.shape for rows in shape.rows)


@pytest.mark.parametrize("app", ["network", "services"])
def test_every_field_of_every_model_is_in_the_file_or_left_out_on_purpose(app):
    by_model = {shape.model: shape for shape in all_shapes()}
    for model in apps.get_app_config(app).get_models():
        if (
            model.__name__ in NEVER_IN_A_FILE[app] or issubclass(model, Event) or model._meta.proxy
        ):  # the history of what is told
            continue
        shape = by_model[model]
        told = {column.attr for column in shape.columns} | {codes.attr for codes in shape.codes}
        concrete = [field for field in model._meta.concrete_fields if not field.generated]
        fields = {field.name for field in [*concrete, *model._meta.many_to_many]}
        assert fields == told | shape.left_out, model
        assert not told & shape.left_out, model


def test_the_full_portal_leaves_no_field_at_its_default():
    fill_portal()
    keys = Keys()
    for shape in all_shapes():
        rows = describe(shape, list(shape.model.objects.order_by()), keys).values()
        for key in shape.keys:
            assert any(row[key] != shape.defaults[key] for row in rows), (shape.model, key)


def test_a_full_portal_loaded_into_an_empty_one_is_written_as_the_same_bytes():
    fill_portal()
    first = dump_text()
    empty_portal()
    assert not Service.objects.exists()
    load(json.loads(first), "full.json")
    assert dump_text() == first


def test_a_full_portals_file_changes_nothing_in_the_portal_it_came_from():
    fill_portal()
    service = Service.objects.get(slug="palvelu")
    load(dump(), "full.json")
    load(dump(), "full.json")
    assert Service.objects.get(slug="palvelu").confirmed_at == service.confirmed_at
    with CaptureQueriesContext(connection) as queries:
        load(dump(), "full.json")
    assert [query["sql"] for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))] == []


def test_the_starting_data_comes_out_as_the_same_records():
    data = json.loads(KAINUU.read_text(encoding="utf-8"))
    load(data, "kainuu.json")
    out = dump()
    assert out["network"] == data["network"]
    assert sorted(data["organisations"], key=lambda one: one["slug"]) == sorted(
        ({**one} for one in out["organisations"]), key=lambda one: one["slug"]
    )
    assert [one["slug"] for one in out["services"]] == sorted(one["slug"] for one in data["services"])


def test_an_empty_portal_has_a_small_file_with_nobody_in_it():
    assert dump() == {
        "network": dump()["network"],
        "urgent_lines": dump()["urgent_lines"],
        "ready_searches": dump()["ready_searches"],
        "organisations": [],
        "services": [],
    }


def test_what_is_empty_is_not_written_and_keys_stand_in_one_order():
    load(a_catalogue(a_service(keywords=["b", "a"], access={"free": True}, audiences=["youth", "adults"])), "file.json")
    (record,) = dump()["services"]
    published_at = record.pop("published_at")
    assert published_at.endswith("Z")
    assert json.dumps(record, ensure_ascii=False) == (
        '{"slug": "ryhma", "name": "Ryhma", "organisations": ["yhdistys"], "summary": "Apua.", "how_to_get": "Soita.", '
        '"types": ["peer-group"], "audiences": ["adults", "youth"], "access": ["free"], "keywords": ["b", "a"]}'
    )


def test_a_fact_known_to_be_otherwise_is_written_as_such():
    load(a_catalogue(a_service(access={"free": True, "anonymous": False})), "file.json")
    assert dump()["services"][0]["access"] == {"free": True, "anonymous": False}


def test_a_draft_stays_a_draft():
    load(a_catalogue(a_service()), "file.json", draft=True)
    assert dump()["services"][0]["published_at"] is None


def test_parents_come_before_their_units_and_the_rest_is_alphabetical():
    load(
        {
            "organisations": [
                an_organisation("z"), an_organisation("b", parent="z"), an_organisation("a", parent="b"),
                an_organisation("c"), an_organisation("d", parent="z"),
            ]
        },
        "file.json",
    )  # fmt: skip
    assert [one["slug"] for one in dump()["organisations"]] == ["c", "z", "b", "a", "d"]


def test_not_even_a_circle_loses_an_organisation():
    assert parents_first({"a": "b", "b": "a", "c": None}) == ["c", "a", "b"]


def test_the_public_file_has_only_what_a_visitor_sees():
    fill_portal()
    Service.objects.filter(slug="palvelu").update(archived_at=None)
    public = dump(public=True)
    (service,) = public["services"]
    assert service["slug"] == "palvelu"
    assert "consult" not in service
    assert "next_steps" not in service  # the next one is a draft
    assert [place["name"] for place in service["places"]] == ["Avoin paikka"]
    assert [contact["value"] for contact in service["contacts"]] == ["a@example.org"]
    (unit,) = (one for one in public["organisations"] if one["slug"] == "alfa")
    assert [contact["value"] for contact in unit["contacts"]] == ["a@example.org"]
    assert not any(key.startswith("coordinator") for key in public["network"])
    assert "000 000" not in json.dumps(public)


def test_the_full_file_has_the_rest_but_no_people(coordinator):
    fill_portal()
    text = dump_text()
    assert "Kysy." in text
    assert "000 000" in text
    assert coordinator.email not in text


def test_the_number_of_queries_does_not_grow_with_the_records():
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            dump()
        return len(captured)

    place = {"name": "Talo", "opening_hours": [{"weekday": 1, "opens": "09:00", "closes": "10:00"}]}
    load(a_catalogue(a_service("a", places=[place])), "file.json")
    few = queries()
    load(a_catalogue(*(a_service(f"palvelu-{number}", places=[place]) for number in range(30))), "file.json")
    assert queries() == few


# --- the command -------------------------------------------------------------------------------------------------


def test_the_command_writes_to_the_screen_or_to_a_file(tmp_path, capsys):
    load(a_catalogue(), "file.json")
    call_command("dump_catalogue")
    shown = capsys.readouterr().out
    path = tmp_path / "dump.json"
    call_command("dump_catalogue", str(path))
    assert path.read_text(encoding="utf-8") == shown == dump_text()
    assert shown.endswith("]\n}\n")


def test_a_full_file_can_be_read_by_its_owner_only(tmp_path):
    call_command("dump_catalogue", str(tmp_path / "full.json"))
    call_command("dump_catalogue", str(tmp_path / "public.json"), "--public")
    modes = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("full.json", "public.json")]
    assert modes == [0o600, 0o644]


def test_a_dump_that_fails_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "dump.json"
    path.write_text("old")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(CommandError, match="cannot be written: No space left on device"):
        call_command("dump_catalogue", str(path))
    assert path.read_text() == "old"
    assert [one.name for one in tmp_path.iterdir()] == ["dump.json"]


def test_a_folder_that_is_not_there_is_told_so(tmp_path):
    with pytest.raises(CommandError, match="cannot be written: No such file or directory"):
        call_command("dump_catalogue", str(tmp_path / "none" / "dump.json"))


@pytest.mark.django_db(transaction=True)
def test_a_dump_sees_one_moment_and_writes_nothing():
    load(a_catalogue(), "file.json")
    with CaptureQueriesContext(connection) as queries:
        dump()
    assert "REPEATABLE READ, READ ONLY" in queries[1]["sql"] or "REPEATABLE READ, READ ONLY" in queries[0]["sql"]
    assert Organisation.objects.count() == 1
