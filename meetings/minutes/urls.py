"""Addresses of minutes and of what looks back on meetings; part of `meetings.urls`."""

from django.urls import path

from . import (
    action_views,
    archive_views,
    feedback_views,
    publishing_views,
    reading_views,
    roll_views,
    writing_views,
)

urlpatterns = [
    path("tapaamiset/arkisto/", archive_views.archive, name="archive"),
    path("tapaamiset/haku/", archive_views.minutes_search, name="search"),
    path("tapaamiset/luvut/", archive_views.meeting_figures, name="figures"),
    path("tapaamiset/luvut/csv/", archive_views.meeting_figures_csv, name="figures_csv"),
    path("tapaamiset/paatokset/", action_views.decision_list, name="decisions"),
    path("tapaamiset/muistiot/kesken/", reading_views.minutes_waiting, name="minutes_waiting"),
    path("tapaamiset/muistiot/rss/", reading_views.minutes_rss, name="minutes_rss"),
    path("tapaamiset/palaute/<str:token>/", feedback_views.meeting_feedback, name="feedback"),
    path("tapaamiset/<int:pk>/palaute/", feedback_views.feedback_own, name="feedback_own"),
    path("tapaamiset/<int:pk>/palaute/kiitos/", feedback_views.feedback_sent, name="feedback_sent"),
    path("tapaamiset/<int:pk>/palaute/tulokset/", feedback_views.feedback_results, name="feedback_results"),
    path("tapaamiset/<int:pk>/muistio/", reading_views.minutes_detail, name="minutes"),
    path("tapaamiset/<int:pk>/muistio/pdf/", reading_views.minutes_pdf, name="minutes_pdf"),
    path("tapaamiset/<int:pk>/muistio/versio/<int:number>/", reading_views.minutes_version, name="minutes_version"),
    path("tapaamiset/<int:pk>/muistio/kommentoi/", reading_views.minutes_comment, name="minutes_comment"),
    path("tapaamiset/<int:pk>/muistio/kirjoita/", writing_views.minutes_write, name="minutes_write"),
    path("tapaamiset/<int:pk>/muistio/aloita/", writing_views.minutes_begin, name="minutes_begin"),
    path("tapaamiset/<int:pk>/muistio/paikalla/", roll_views.minutes_attendance, name="minutes_attendance"),
    path("tapaamiset/<int:pk>/muistio/tuli-paikalle/", roll_views.minutes_walk_in, name="minutes_walk_in"),
    path("tapaamiset/<int:pk>/muistio/maarat/", roll_views.minutes_headcount, name="minutes_headcount"),
    path("tapaamiset/<int:pk>/muistio/kohta/", writing_views.minutes_item, name="minutes_item"),
    path("tapaamiset/<int:pk>/muistio/toiveet/", writing_views.minutes_wishes, name="minutes_wishes"),
    path("tapaamiset/<int:pk>/muistio/kommentoitavaksi/", publishing_views.minutes_comments, name="minutes_comments"),
    path("tapaamiset/<int:pk>/muistio/julkaise/", publishing_views.minutes_publish, name="minutes_publish"),
    path("omat/tehtavat/", action_views.own_actions, name="own_actions"),
    path("omat/tehtavat/<int:pk>/tehty/", action_views.action_done, name="action_done"),
    path("omat/tehtavat/<int:pk>/siirra/", action_views.action_postpone, name="action_postpone"),
]
