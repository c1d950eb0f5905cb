"""Contact persons get the activity's news from the coordinator of expert activity, as they have chosen to get bulletins."""

import datetime as dt

import pytest

from network import bulletins
from network.models import Bulletin, Message

from ..factories import make_membership, make_user

pytestmark = pytest.mark.django_db
URL = "/kokemusasiantuntijat/yhdyshenkilot/"


def test_news_reach_contact_persons_who_want_bulletins_and_nobody_else(
    expert_coordinator, professional, parish, as_user
):
    at_once, weekly, unwilling, past = (make_user(bulletin_delivery=how) for how in ("at-once", "weekly", "none", "at-once"))  # fmt: skip
    for person in (at_once, weekly, unwilling):
        make_membership(person, parish, is_contact_person=True)
    make_membership(past, parish, is_contact_person=True, since=dt.date(2020, 1, 1), until=dt.date(2021, 1, 1))
    client = as_user(expert_coordinator)
    page = client.get(URL)
    assert page.context["page"].paginator.count == 3
    facts = {"title": "Syksyn koulutus", "body": "Tule mukaan.", "form_key": page.context["form"]["form_key"].value()}
    assert "body" in client.post(URL, facts | {"body": "Asiakas 131052-308T"}).context["form"].errors
    for _press in range(2):
        assert client.post(URL, facts).status_code == 302
    bulletin = Bulletin.objects.get()
    assert (bulletin.is_public, bulletin.to_contact_persons, bulletin.state) == (False, True, "sent")
    bulletins.mail(bulletin.pk, bulletin.version)
    assert list(Message.objects.values_list("address", flat=True)) == [at_once.email]
    assert "List-Unsubscribe" in Message.objects.get().headers
    assert {person.pk for person in bulletin.audience()} == {at_once.pk, weekly.pk, unwilling.pk}
    assert as_user(professional).get(bulletin.get_absolute_url()).status_code == 200  # members read it on the portal
    assert as_user(None).get(bulletin.get_absolute_url()).status_code == 404


def test_the_coordinator_of_expert_activity_withdraws_own_news_and_no_other_bulletin(expert_coordinator, as_user):
    client = as_user(expert_coordinator)
    news, other = (Bulletin.objects.create(title="A", body="B", to_contact_persons=own) for own in (True, False))
    for bulletin in (news, other):
        bulletin.send(by=None)
    assert [client.post(f"{URL}{one.pk}/peru/").status_code for one in (news, other, news)] == [302, 404, 404]
    assert [one.state for one in Bulletin.objects.order_by("pk")] == ["withdrawn", "sent"]
