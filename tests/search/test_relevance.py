"""The search answers the project's own judged collection at least this well. `make relevance` prints the table."""

import pytest
from django.core.management import call_command

from services.management.commands.relevance import OWN, load
from services.search import relevance

pytestmark = pytest.mark.django_db

FLOOR = {"ndcg": 0.90, "recall": 0.90}


@pytest.fixture
def judged(settings, capsys):
    load(settings.BASE_DIR / OWN)
    return relevance.read(settings.BASE_DIR / OWN)


def test_the_collection_is_answered_no_worse_than_before(judged):
    run = relevance.ask_all(judged)
    figures = relevance.figures(judged, run)
    assert figures.ndcg >= FLOOR["ndcg"]
    assert figures.recall >= FLOOR["recall"]
    assert figures.empty == figures.should_be_empty
    # Far better than the database's own Finnish.
    assert figures.ndcg > relevance.figures(judged, relevance.ask_stock(judged)).ndcg + 0.4


def test_making_all_words_anew_changes_no_answer(judged):
    before = relevance.ask_all(judged[:8])
    call_command("reindex", verbosity=0)
    assert relevance.ask_all(judged[:8]) == before
