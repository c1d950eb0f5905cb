"""The order's page shows each party its own side, and lets nobody else in."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from experts import answers, endings, fees
from experts.fees import Season
from experts.models import FeeState, Offer, Order, OrderFeedback, OrderSession
from network.public_pages import KEEPER

from ..factories import make_user
from .factories import make_offer, make_order, make_profile, tomorrow

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(professional, expert):
    return make_offer(make_order(professional, topic="Kohtaaminen"), make_profile(expert, shown_name="Kaisu"))


def act(client, offer: Offer, verb: str, /, **data):
    return client.post(f"/tilaukset/{offer.order_id}/{verb}/", data)


def choice(client, offer: Offer) -> str:
    (row,) = client.get(f"/tilaukset/{offer.order_id}/").context["offers"]
    return row.forms["hyvaksy"].fields["choice"].choices[0][0]


def over(order: Order) -> None:
    start = tomorrow(days=-2)
    OrderSession.objects.filter(order=order).update(starts_at=start, ends_at=start + dt.timedelta(hours=1))


def test_from_asking_to_feedback_on_the_pages(asked, professional, expert, expert_coordinator, as_user, mailbox):
    orderer, hers = as_user(professional), as_user(expert)
    day = tomorrow(13, days=12)
    answer = act(hers, asked, "ehdota-aikaa", **{"counter-day_1": f"{day:%Y-%m-%d}", "counter-clock_1": "13:00", "counter-minutes": "60"})  # fmt: skip
    assert answer.status_code == 302
    page = orderer.get(f"/tilaukset/{asked.order_id}/")
    (row,) = page.context["offers"]
    assert "ota-aika" in row.may
    act(orderer, asked, "ota-aika", offer=asked.pk, time=row.newest[0].pk)
    order = Order.objects.get()
    assert (order.status, order.sessions.get().starts_at) == ("accepted", day)
    feedback = {"feedback-went": "5", "feedback-again": "4", "feedback-comment": "Lämmin kohtaaminen"}
    act(orderer, asked, "palaute", **feedback)
    assert not OrderFeedback.objects.exists()  # not before the end
    over(order)
    assert endings.finish_all() == 1
    for client in (orderer, hers):
        assert "palaute" in client.get(f"/tilaukset/{order.pk}/").context["may"]
        act(client, asked, "palaute", **feedback)
        act(client, asked, "palaute", **feedback)
    assert sorted(OrderFeedback.objects.values_list("side", flat=True)) == ["expert", "orderer"]
    assert (
        "Lämmin kohtaaminen" not in orderer.get(f"/tilaukset/{order.pk}/").content.decode()
    )  # comments are for the coordinator
    assert "Lämmin kohtaaminen" in as_user(expert_coordinator).get(f"/tilaukset/{order.pk}/").content.decode()


def test_the_expert_accepts_and_withdraws(asked, expert, as_user):
    Order.objects.update(contact_phone="040 000 0001")
    client, another = as_user(expert), make_offer(asked.order)

    def told(who) -> bool:
        return "040 000 0001" in who.get(f"/tilaukset/{asked.order_id}/").content.decode()

    assert not told(client)
    act(client, asked, "hyvaksy", **{"accept-choice": choice(client, asked), "accept-travel_minutes": "20"})
    assert Order.objects.get().status == "accepted"
    assert (told(client), told(as_user(another.profile.person))) == (True, False)  # who comes may call
    act(client, asked, "vetaydy")
    asked.refresh_from_db()
    assert (asked.status, told(client)) == ("withdrawn", False)


def test_the_coordinator_answers_for_an_expert(asked, expert_coordinator, as_user):
    client = as_user(expert_coordinator)
    act(client, asked, "hyvaksy", **{"offer": asked.pk, "accept-choice": choice(client, asked)})
    asked.refresh_from_db()
    assert (asked.status, asked.answered_for_her) == ("accepted", True)


def test_a_stale_page_tells_and_changes_nothing(asked, expert, as_user):
    client = as_user(expert)
    key = choice(client, asked)
    answers.decline(asked, by=expert)
    assert act(client, asked, "hyvaksy", **{"accept-choice": key}).status_code in (200, 302)
    asked.refresh_from_db()
    assert asked.status == "declined"


def test_why_an_expert_declined_arrives_on_the_page(asked, professional, expert, as_user):
    refused = act(as_user(expert), asked, "kieltaydy", **{"reason-because": "olematon"})
    assert refused.context["wrong"].errors.keys() == {"because"}
    act(as_user(expert), asked, "kieltaydy", **{"reason-because": "place", "reason-reason": "En aja talvella"})
    page = as_user(professional).get(f"/tilaukset/{asked.order_id}/").content.decode()
    assert str(Offer.Because.PLACE.label) in page
    assert "En aja talvella" in page


@pytest.mark.parametrize("verb", ["hyvaksy", "kieltaydy", "vetaydy", "ehdota-aikaa"])
def test_the_orderer_does_not_answer_for_the_expert(verb, asked, professional, as_user):
    assert act(as_user(professional), asked, verb, offer=asked.pk).status_code == 403
    asked.refresh_from_db()
    assert asked.status == "offered"


@pytest.mark.parametrize("verb", ["peru", "ota-aika", "ehdota-muuta", "ehdot", "kysy", "tarkista", "yksi-riittaa", "ei-pidetty"])  # fmt: skip
def test_the_expert_does_not_do_what_the_orderer_or_the_coordinator_does(verb, asked, expert, as_user):
    assert act(as_user(expert), asked, verb, offer=asked.pk).status_code == 403
    assert Order.objects.get().status == "offered"


def test_nobody_else_opens_an_order_or_does_anything(asked, coordinator, ngo_editor, outsider, as_user):
    """A coordinator of the network has no part in it without the right of its own."""
    for person in (coordinator, ngo_editor, outsider):
        client = as_user(person)
        assert client.get(f"/tilaukset/{asked.order_id}/").status_code == 404
        assert act(client, asked, "peru").status_code == 404
    assert Order.objects.get().status == "offered"


def test_a_right_without_a_second_factor_is_none(asked, expert_coordinator, client):
    client.force_login(expert_coordinator)
    assert client.get(f"/tilaukset/{asked.order_id}/").status_code == 302


def test_getting_an_address_of_a_verb_does_nothing(asked, expert, as_user):
    assert as_user(expert).get(f"/tilaukset/{asked.order_id}/hyvaksy/").status_code == 405
    assert as_user(expert).post(f"/tilaukset/{asked.order_id}/olematon/").status_code == 404


def test_messages_stay_on_the_page_and_between_their_two(asked, professional, expert, as_user, mailbox):
    other = make_offer(asked.order)
    client = as_user(professional)
    key = client.get(f"/tilaukset/{asked.order_id}/").context["forms"]["viesti"]["form_key"].value()
    for _press in range(2):
        act(client, asked, "viesti", **{"offer": asked.pk, "message-body": "Salainen sana", "message-form_key": key})
    assert asked.messages.count() == 1
    (message,) = mailbox.to(expert.email)
    assert "Salainen sana" not in message.text
    assert "Salainen sana" in as_user(expert).get(f"/tilaukset/{asked.order_id}/").content.decode()
    assert "Salainen sana" not in as_user(other.profile.person).get(f"/tilaukset/{asked.order_id}/").content.decode()


def test_an_identity_code_in_a_message_is_refused(asked, professional, as_user):
    answer = act(as_user(professional), asked, "viesti", **{"message-body": "Asiakas 131052-308T"})
    assert answer.status_code == 200
    assert not asked.order.messages.exists()


def test_a_hidden_expert_has_no_name_before_accepting_nor_after_the_end(professional, as_user):
    hidden = make_profile(make_user(), shown_to="coordinators", shown_name="Salanimi")
    offer = make_offer(make_order(professional), hidden)
    client = as_user(professional)

    def shown() -> bool:
        return "Salanimi" in client.get(f"/tilaukset/{offer.order_id}/").content.decode()

    assert not shown()
    answers.accept(offer, answers.alternatives(offer)[0], by=None)
    assert shown()
    over(offer.order)
    endings.finish_all()
    assert not shown()


@pytest.mark.parametrize("who", ["professional", "expert", "expert_coordinator"])
def test_the_list_costs_the_same_with_one_and_with_three(who, request, professional, expert, as_user):
    profile = make_profile(expert)
    person = request.getfixturevalue(who)

    def cost() -> int:
        KEEPER.forget()
        client = as_user(person)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get("/tilaukset/").status_code == 200
        return len(queries)

    make_offer(make_order(professional), profile)
    as_user(person).get("/tilaukset/")
    one = cost()
    for number in (1, 2):
        make_offer(make_order(professional, wish=tomorrow(days=20 + number)), profile)
    assert cost() == one


def test_the_list_is_kept_for_its_reader_alone_until_anything_changes(asked, professional, ngo_editor, expert, as_user):
    def seen(person) -> str:
        return as_user(person).get("/tilaukset/").content.decode()

    assert "Kohtaaminen" in seen(professional)
    with CaptureQueriesContext(connection) as captured:
        before = seen(professional)
    assert not [query for query in captured if "experts_order" in query["sql"]]
    assert "Kohtaaminen" not in seen(ngo_editor)
    assert "Kohtaaminen" in seen(expert)
    answers.decline(asked, by=expert)
    assert "Kohtaaminen" in seen(professional) != before
    Order.objects.all().delete()
    assert "Kohtaaminen" not in seen(professional) + seen(expert)


def test_fees_go_from_done_to_reported_to_paid_and_into_the_file(asked, professional, expert, expert_coordinator, as_user):  # fmt: skip
    answers.accept(asked, answers.alternatives(asked)[0], by=expert)
    over(asked.order)
    endings.finish_all()
    client, fee = as_user(expert_coordinator), FeeState.objects.get()
    assert client.get("/tilaukset/palkkiot/").status_code == 200
    client.post("/tilaukset/palkkiot/", {"to": "paid", "fee": fee.pk})
    fee.refresh_from_db()
    assert fee.status == "done"  # not paid before it is reported
    for state in ("reported", "paid"):
        client.post("/tilaukset/palkkiot/", {"to": state, "fee": fee.pk})
        fee.refresh_from_db()
        assert fee.status == state
    Order.objects.update(payer="=SUM(A1:A9)")
    file = client.get("/tilaukset/palkkiot/csv/").getvalue().decode()
    assert "Kaisu" in file
    assert expert.email not in file
    assert ";'=SUM(A1:A9);" in file  # a spreadsheet does not run it
    page = as_user(expert).get("/tilaukset/omat-palkkiot/")
    assert page.context["paid"] == 100
    assert as_user(professional).get("/tilaukset/palkkiot/").status_code == 403


def test_travel_and_meals_are_told_when_a_fee_is_reported(asked, expert, expert_coordinator, as_user):
    answers.accept(asked, answers.alternatives(asked)[0], by=expert)
    over(asked.order)
    endings.finish_all()
    client, fee = as_user(expert_coordinator), FeeState.objects.get()
    sums = {"to": "reported", "fee": fee.pk, f"travel-{fee.pk}": "12,50", f"meals-{fee.pk}": "kymppi"}
    page = client.post("/tilaukset/palkkiot/", sums)
    assert page.status_code == 200
    assert 'value="kymppi"' in page.content.decode()  # nothing typed is lost
    fee.refresh_from_db()
    assert (fee.status, fee.travel) == ("done", 0)
    client.post("/tilaukset/palkkiot/", sums | {f"meals-{fee.pk}": "10"})
    fee.refresh_from_db()
    assert (fee.status, str(fee.travel), fee.meals) == ("reported", "12.50", 10)
    assert client.get("/tilaukset/palkkiot/").context["totals"][0].sum == fee.amount + fee.travel + fee.meals


def test_a_fee_belongs_to_the_season_of_its_task(asked, expert):
    """Not to the one in which it was agreed."""
    answers.accept(asked, answers.alternatives(asked)[0], by=expert)
    held = Season(tomorrow().year + 1, 1)
    start = tomorrow().replace(year=held.year, month=3, day=1)
    OrderSession.objects.update(starts_at=start, ends_at=start + dt.timedelta(hours=1))
    now = Season.of(asked.order.accepted_at.date())
    assert [fees.of_season(one).count() for one in (now, held)] == [0, 1]
    assert fees.seasons() == [held, now]


def test_a_fee_belongs_to_the_year_in_which_it_is_paid(asked, expert, as_user):
    answers.accept(asked, answers.alternatives(asked)[0], by=expert)
    year = tomorrow().year
    FeeState.objects.update(status="paid", paid_at=tomorrow().replace(year=year - 1))
    client = as_user(expert)
    assert not client.get("/tilaukset/omat-palkkiot/").context["fees"]
    assert client.get(f"/tilaukset/omat-palkkiot/?vuosi={year - 1}").context["paid"] == 100
