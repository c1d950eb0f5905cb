"""The demo's meetings: made once, with nothing that an organiser would have to tell of yet."""

import pytest

from config import demo_meetings
from meetings import inviting
from meetings.models import Meeting

pytestmark = pytest.mark.django_db


def test_last_months_and_next_months_meetings_are_there_once(
    coordinator, professional, ngo_editor, expert, association, parish
):
    people = {"coordinator": coordinator, "professional": professional, "ngo": ngo_editor, "expert": expert}
    for _start in range(2):
        demo_meetings.make(people, {"ngo": association, "professional": parish})
    assert Meeting.objects.past().count() == 1
    assert Meeting.objects.upcoming().count() == 2
    following = Meeting.objects.upcoming().filter(invited_at__isnull=False).get()
    assert inviting.changed(following) == []
    assert following.items.filter(carried_from__isnull=False).exists()
    assert following.items.proposed().count() == 1
    assert "(demo)" in following.title
