"""Whom the portal asks to keep an organisation's listings right."""

import datetime as dt

import pytest
from django.utils import timezone

from network.models import User
from tests import factories

pytestmark = pytest.mark.django_db


def editors_of(organisation) -> set[str]:
    return set(User.objects.editors_of(organisation).values_list("email", flat=True))


def test_its_own_editors_are_asked(ngo_editor, expert, association):
    assert editors_of(association) == {ngo_editor.email}


def test_a_unit_without_editors_asks_those_of_the_body_above(ngo_editor, association):
    unit = factories.make_organisation(parent=factories.make_organisation(parent=association))
    assert editors_of(unit) == {ngo_editor.email}


def test_a_unit_with_an_editor_does_not_trouble_the_body_above(ngo_editor, association):
    unit = factories.make_organisation(parent=association)
    own = factories.make_user()
    factories.make_membership(own, unit, is_editor=True)
    assert editors_of(unit) == {own.email}
    assert editors_of(association) == {ngo_editor.email}


def test_who_has_left_or_whose_account_is_closed_is_not_asked(ngo_editor, association):
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    gone = factories.make_user()
    factories.make_membership(gone, association, is_editor=True, since=yesterday, until=yesterday)
    User.objects.filter(pk=ngo_editor.pk).update(is_active=False)
    assert editors_of(association) == set()


def test_nobody_edits_for_no_organisation(ngo_editor):
    assert editors_of(None) == set()
