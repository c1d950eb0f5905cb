"""Who may open what: every address as every role. An address that the table does not know fails the test."""

import datetime as dt
from functools import cache

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone

from experts.links import token_of as order_link
from experts.models import FeeModelVersion, GuideVersion
from meetings.minutes import writing
from meetings.models import ActionItem, Attachment, AttachmentContent, CalendarFeed
from network.invitations import link_token
from network.models import Competence, DataRequest, Feedback, Message, Network, Statement, User, notice_version
from network.people import visible
from network.subscriptions import BULLETINS
from services.digest import CHANGES
from services.models import (
    ConfirmationRequest,
    Contact,
    HolidayInvitation,
    HolidayRound,
    LinkCheck,
    ListingReport,
    SearchCount,
    Service,
    ServiceNotice,
    ServicePlace,
    Synonym,
    Visit,
)
from services.models.contact import ADDRESS_SIGNER
from services.versions import versions_of

from . import factories
from .experts.factories import make_order, make_profile
from .meetings import factories as meeting_factories
from .meetings import minutes_rows

ROLES = ("visitor", "outsider", "professional", "ngo_editor", "expert", "coordinator")
SIGNED_IN = ROLES[1:]
MEMBERS = ("professional", "ngo_editor", "expert", "coordinator")
EDITORS = ("ngo_editor", "coordinator")

pytestmark = pytest.mark.django_db


@pytest.fixture
def client_of(request, as_user):
    """`client_of("expert")`: a client signed in as that person of the cast; as nobody for the visitor."""

    @cache
    def sign_in(role: str) -> Client:
        return as_user(None if role == "visitor" else request.getfixturevalue(role))

    return sign_in


def walk(patterns, prefix="", namespace=""):
    """(name, route) of every address; nameless ones are called after their route."""
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from walk(pattern.url_patterns, route, inner)
        else:
            yield namespace + (pattern.name or route), route


def everywhere() -> dict[str, str]:
    return dict(walk(get_resolver().url_patterns))


# The portal's own pages ---------------------------------------------------------------------------------------------

OPEN = dict.fromkeys(ROLES, 200)
READ_ONLY = dict.fromkeys(ROLES, 405)
REDIRECT = dict.fromkeys(ROLES, 302)
KEEPERS = dict.fromkeys(ROLES, 403) | {"visitor": 302, "ngo_editor": 200, "coordinator": 200}
NONE_FOUND = dict.fromkeys(ROLES, 404)
REFUSED = dict.fromkeys(ROLES, 403) | {"visitor": 302}
FOR_EDITORS = REFUSED | {"ngo_editor": 200, "coordinator": 200}
FOR_COORDINATORS = REFUSED | {"coordinator": 200}
MEMBERS_ONLY = OPEN | {"visitor": 302, "outsider": 403}
OWN_ONLY = NONE_FOUND | {"visitor": 302}
FOR_KEEPERS = OWN_ONLY | {"ngo_editor": 200, "coordinator": 200}
SIGNED_IN_ONLY = OPEN | {"visitor": 302}
NOT_BY_POST = READ_ONLY | {"visitor": 302}
NOWHERE = dict.fromkeys(ROLES, 404)
NOT_SIGNED_IN = REDIRECT | {"visitor": 200}
OWN = dict.fromkeys(ROLES, 200) | {"visitor": 302}
OWN_READ_ONLY = READ_ONLY | {"visitor": 302}
MEMBERS_WITHOUT = dict.fromkeys(ROLES, 404)  # a second factor: there is none to see
HAS_FACTOR = REDIRECT | {"coordinator": 200}
MISSING = dict.fromkeys(ROLES, 404)
HIDDEN = MISSING | {"visitor": 302}
MEMBERS_ONLY = dict.fromkeys(MEMBERS, 200) | {"visitor": 302, "outsider": 403}

HIDDEN_NAME = "Salanimi Kukkanen"  # of an expert whom coordinators of expert activity see, and nobody else
PROFILE_PAGES = [
    f"experts:profile_{page}"
    for page in ("detail", "picture", "flyer", "keep", "edit", "picture_edit", "widen", "narrow", "close", "pause")
]

# Name of the address → statuses of GET and of POST (None: nothing that a person could post there).
PAGES = {
    "robots": (OPEN, READ_ONLY),
    "sitemap": (OPEN, None),
    "front_page": (OPEN, READ_ONLY),
    "own_pages": (SIGNED_IN_ONLY, NOT_BY_POST),
    "services:list": (OPEN, READ_ONLY),
    "services:csv": (OPEN, READ_ONLY),
    "services:suggestions": (OPEN, READ_ONLY),
    "services:guided": (OPEN, READ_ONLY),
    "services:guided_what": (OPEN, READ_ONLY),
    "services:guided_how": (OPEN, READ_ONLY),
    "services:detail": (OPEN, READ_ONLY),
    "services:contact_email": (REDIRECT, READ_ONLY),
    "services:confirm": (KEEPERS, KEEPERS | {"ngo_editor": 409, "coordinator": 409}),
    "services:organisation_confirm": (KEEPERS, KEEPERS | {"ngo_editor": 409, "coordinator": 409}),
    "services:confirm_own": (OPEN | {"visitor": 302}, REDIRECT),
    "services:confirm_by_link": (OPEN, REDIRECT),
    "services:holiday": (OPEN, REDIRECT),
    "experts:profile_list": (OPEN, READ_ONLY),
    "experts:about": (OPEN, READ_ONLY),
    "experts:flyer": (OPEN, READ_ONLY),
    "experts:share": (OPEN, READ_ONLY),
    "experts:embed": (OPEN, READ_ONLY),
    "experts:figures": (REFUSED, NOT_BY_POST),
    "experts:figures_csv": (REFUSED, NOT_BY_POST),
    "experts:news_list": (REFUSED, REFUSED),
    "experts:news_withdraw": (NOT_BY_POST, REFUSED),
    "experts:profile_all": (REFUSED, NOT_BY_POST),
    "experts:profile_new": (REFUSED, REFUSED),
    "experts:right_list": (FOR_COORDINATORS, FOR_COORDINATORS),
    "experts:right_end": (NOT_BY_POST, REFUSED | {"coordinator": 404}),
    "experts:own_profile": (MEMBERS_ONLY, MEMBERS_ONLY | {"visitor": 302}),
    "experts:profile_detail": (NOWHERE, READ_ONLY),  # hidden, as one that there is not
    "experts:profile_picture": (NOWHERE, READ_ONLY),
    "experts:profile_flyer": (NOWHERE, READ_ONLY),
    "experts:profile_keep": (HIDDEN, NOT_BY_POST),
    "experts:profile_edit": (HIDDEN, HIDDEN),
    "experts:profile_picture_edit": (HIDDEN, HIDDEN),
    "experts:profile_widen": (NOT_BY_POST, HIDDEN),
    "experts:profile_narrow": (NOT_BY_POST, HIDDEN),
    "experts:profile_close": (NOT_BY_POST, HIDDEN),
    "experts:profile_pause": (NOT_BY_POST, HIDDEN),
    "experts:order_new": (OPEN, OPEN),  # an empty form comes back
    "experts:order_sent": (OPEN, READ_ONLY),
    "experts:guide": (OPEN, READ_ONLY),
    "experts:order_list": (SIGNED_IN_ONLY, NOT_BY_POST),
    "experts:fee_list": (REFUSED, REFUSED),  # for a right of its own, which a coordinator does not have by herself
    "experts:fee_csv": (REFUSED, NOT_BY_POST),
    "experts:own_fees": (SIGNED_IN_ONLY, NOT_BY_POST),
    "experts:order_by_link": (REDIRECT, REDIRECT),
    "experts:order_detail": (OWN_ONLY, NOT_BY_POST),
    "experts:order_act": (NOT_BY_POST, OWN_ONLY),
    "services:history": (MEMBERS_ONLY, READ_ONLY | {"visitor": 302}),
    "services:organisation_history": (MEMBERS_ONLY, READ_ONLY | {"visitor": 302}),
    "services:restore_version": (KEEPERS, KEEPERS | {"ngo_editor": 409, "coordinator": 409}),
    "services:organisation_restore": (KEEPERS, KEEPERS | {"ngo_editor": 409, "coordinator": 409}),
    "services:report": (OPEN, OPEN),  # an empty form comes back
    "services:report_sent": (OPEN, READ_ONLY),
    "services:helped": (OPEN, OPEN),
    "services:helped_more": (REDIRECT, OPEN),
    "services:feedback": (OPEN, READ_ONLY),
    "services:changed": (OPEN, READ_ONLY),
    "services:changed_rss": (OPEN, READ_ONLY),
    "services:changed_unsubscribe": (OPEN, OPEN),
    "services:own": (SIGNED_IN_ONLY, NOT_BY_POST),
    "services:own_csv": (SIGNED_IN_ONLY, NOT_BY_POST),
    "services:new": (FOR_EDITORS, FOR_EDITORS),
    "services:edit": (FOR_EDITORS, FOR_EDITORS),
    "services:organisation_edit": (FOR_EDITORS, FOR_EDITORS),
    "services:move": (FOR_EDITORS, FOR_EDITORS),
    "services:organisation_archive": (FOR_EDITORS, FOR_EDITORS),
    "services:organisation_reopen": (NOT_BY_POST, REFUSED | {"ngo_editor": 302, "coordinator": 302}),
    "services:archive": (FOR_EDITORS, FOR_EDITORS),
    "services:duplicate": (NOT_BY_POST, REFUSED | {"ngo_editor": 302, "coordinator": 302}),
    "services:restore": (NOT_BY_POST, REFUSED | {"ngo_editor": 302, "coordinator": 302}),
    "services:capacity": (NOT_BY_POST, REFUSED | {"ngo_editor": 302, "coordinator": 302}),
    "services:proposal_withdraw": (NOT_BY_POST, NONE_FOUND | {"visitor": 302}),  # not the author's
    "services:review_list": (FOR_COORDINATORS, NOT_BY_POST),
    "services:review": (FOR_COORDINATORS, FOR_COORDINATORS),
    "meetings:list": (OPEN, READ_ONLY),
    "meetings:public_feed": (OPEN, READ_ONLY),
    "meetings:personal_feed": (OPEN, READ_ONLY),  # its address is the secret
    "meetings:trainings": (OPEN, READ_ONLY),
    "meetings:training_rss": (OPEN, READ_ONLY),
    "meetings:introductions": (MEMBERS_ONLY, NOT_BY_POST),
    "meetings:groups": (OPEN, READ_ONLY),
    "meetings:group": (OPEN, READ_ONLY),
    "meetings:group_join": (NOT_BY_POST, REDIRECT | {"outsider": 403}),
    "meetings:group_leave": (NOT_BY_POST, REDIRECT),
    "meetings:group_mail": (NOT_BY_POST, REFUSED),  # nobody is in the group any more
    "meetings:group_file_new": (FOR_COORDINATORS, FOR_COORDINATORS),
    "meetings:year_plan": (MEMBERS_ONLY, MEMBERS_ONLY),
    "meetings:month_edit": (FOR_COORDINATORS, FOR_COORDINATORS),
    "meetings:season": (FOR_COORDINATORS, REFUSED | {"coordinator": 302}),
    "meetings:attachment": (OPEN, READ_ONLY),
    "meetings:attachment_delete": (NOT_BY_POST, REFUSED | {"coordinator": 302}),
    "meetings:answer_by_link": (OPEN, OPEN),  # an empty form comes back
    "meetings:detail": (OPEN, READ_ONLY),
    "meetings:file": (OPEN, READ_ONLY),
    "meetings:flyer": (OPEN, READ_ONLY),
    "meetings:answer": (MEMBERS_ONLY, MEMBERS_ONLY),
    "meetings:register": (OPEN, OPEN),
    "meetings:registered": (OPEN, READ_ONLY),
    "meetings:propose": (OPEN, OPEN),
    "meetings:proposed": (OPEN, READ_ONLY),
    "meetings:organise": (FOR_COORDINATORS, NOT_BY_POST),
    "meetings:edit": (FOR_COORDINATORS, FOR_COORDINATORS),
    "meetings:copy": (NOT_BY_POST, REFUSED | {"coordinator": 302}),
    "meetings:publish": (NOT_BY_POST, REFUSED | {"coordinator": 302}),
    "meetings:invite": (FOR_COORDINATORS, REFUSED | {"coordinator": 302}),
    "meetings:tell": (FOR_COORDINATORS, REFUSED | {"coordinator": 302}),
    "meetings:cancel": (FOR_COORDINATORS, FOR_COORDINATORS),
    "meetings:guest_new": (FOR_COORDINATORS, FOR_COORDINATORS),
    "meetings:guest_edit": (FOR_COORDINATORS, FOR_COORDINATORS),
    "meetings:participants_csv": (FOR_COORDINATORS, NOT_BY_POST),
    "meetings:attendance": (FOR_COORDINATORS, FOR_COORDINATORS),
    "meetings:item_new": (FOR_COORDINATORS, FOR_COORDINATORS),
    "meetings:items_carry": (NOT_BY_POST, REFUSED | {"coordinator": 302}),
    "meetings:item_edit": (FOR_COORDINATORS, FOR_COORDINATORS),
    "meetings:item_decide": (FOR_COORDINATORS, FOR_COORDINATORS),
    "meetings:item_shift": (NOT_BY_POST, REFUSED | {"coordinator": 302}),
    "meetings:attachment_new": (FOR_COORDINATORS, FOR_COORDINATORS),
    "meetings:item_delete": (NOT_BY_POST, REFUSED | {"coordinator": 302}),
    "meetings:own_calendar": (SIGNED_IN_ONLY, REDIRECT),
    "meetings:archive": (OPEN, READ_ONLY),
    "meetings:search": (OPEN, READ_ONLY),
    "meetings:figures": (OPEN, READ_ONLY),
    "meetings:figures_csv": (OPEN, READ_ONLY),
    "meetings:minutes_rss": (OPEN, READ_ONLY),
    "meetings:decisions": (MEMBERS_ONLY, NOT_BY_POST),
    "meetings:minutes": (OPEN, READ_ONLY),
    "meetings:minutes_pdf": (OPEN, READ_ONLY),
    "meetings:minutes_version": (OPEN, READ_ONLY),
    "meetings:minutes_comment": (NOT_BY_POST, REFUSED),  # they are published: nothing to comment on
    "meetings:minutes_begin": (NOT_BY_POST, REFUSED | {"coordinator": 302}),
    "meetings:minutes_write": (FOR_COORDINATORS, FOR_COORDINATORS | {"coordinator": 409}),  # no text is named
    "meetings:minutes_attendance": (NOT_BY_POST, REFUSED | {"coordinator": 404}),  # nobody is named
    "meetings:minutes_walk_in": (NOT_BY_POST, FOR_COORDINATORS),
    "meetings:minutes_headcount": (NOT_BY_POST, REFUSED | {"coordinator": 302}),
    "meetings:minutes_item": (NOT_BY_POST, FOR_COORDINATORS),
    "meetings:minutes_wishes": (NOT_BY_POST, REFUSED | {"coordinator": 404}),  # no closing of a season
    "meetings:minutes_comments": (FOR_COORDINATORS, FOR_COORDINATORS),
    "meetings:minutes_publish": (FOR_COORDINATORS, FOR_COORDINATORS),
    "meetings:minutes_waiting": (SIGNED_IN_ONLY, NOT_BY_POST),
    "meetings:feedback": (OPEN, OPEN),  # an empty form comes back
    "meetings:feedback_own": (OWN_ONLY, NOT_BY_POST),
    "meetings:feedback_sent": (OPEN, READ_ONLY),
    "meetings:feedback_results": (FOR_COORDINATORS, NOT_BY_POST),
    "meetings:own_actions": (SIGNED_IN_ONLY, NOT_BY_POST),
    "meetings:action_done": (NOT_BY_POST, OWN_ONLY | {"coordinator": 302}),
    "meetings:action_postpone": (OWN_ONLY | {"coordinator": 200}, OWN_ONLY | {"coordinator": 200}),
    "organisation_list": (OPEN, READ_ONLY),
    "organisation_detail": (OPEN, READ_ONLY),
    "bulletin_list": (OPEN, READ_ONLY),
    "bulletin_detail": (OPEN, READ_ONLY),
    "bulletin_rss": (OPEN, READ_ONLY),
    "bulletin_propose": (MEMBERS_ONLY, MEMBERS_ONLY),
    "bulletin_subscription": (
        dict.fromkeys(SIGNED_IN, 200) | {"visitor": 302},
        REDIRECT | dict.fromkeys(SIGNED_IN, 200),
    ),
    "bulletin_unsubscribe": (OPEN, OPEN),
    "demo_letters": (MISSING, READ_ONLY),
    "demo_letter": (MISSING, READ_ONLY),
    "own_data": (OWN, OWN_READ_ONLY),
    "own_data_download": (OWN_READ_ONLY, OWN),
    "own_data_correct": (OWN, OWN),
    "own_data_erase": (OWN, REDIRECT),
    "own_data_erased": (OPEN, READ_ONLY),
    "account_keep": (NOWHERE, NOWHERE),
    "feedback": (OPEN, OPEN),  # an empty form comes back
    "feedback_sent": (OPEN, READ_ONLY),
    "about": (OPEN, READ_ONLY),
    "coordinator_email": (REDIRECT, READ_ONLY),
    "accessibility": (OPEN, READ_ONLY),
    "privacy": (OPEN, READ_ONLY),
    "privacy_versions": (OPEN, READ_ONLY),
    "privacy_version": (OPEN, READ_ONLY),
    "cookies": (OPEN, READ_ONLY),
    "styleguide": (OPEN, None),
    "profile": (SIGNED_IN_ONLY, SIGNED_IN_ONLY),
    "membership_new": (MEMBERS_ONLY, MEMBERS_ONLY),
    "membership_edit": (OWN_ONLY, OWN_ONLY),
    "membership_end": (NOT_BY_POST, NONE_FOUND | {"visitor": 302, "ngo_editor": 302, "coordinator": 302}),
    "member_list": (FOR_EDITORS, NOT_BY_POST),
    "member_edit": (FOR_KEEPERS, NONE_FOUND | {"visitor": 302, "ngo_editor": 302, "coordinator": 302}),
    "hand_over": (FOR_COORDINATORS, FOR_COORDINATORS),
    "deputy_name": (NOT_BY_POST, FOR_COORDINATORS),
    "deputy_end": (NOT_BY_POST, REFUSED | {"coordinator": 404}),
    "who_can_help": (OPEN, READ_ONLY),
    "person_email": (REDIRECT, READ_ONLY),
    "invitation_list": (FOR_EDITORS, FOR_EDITORS),
    "invitation_revoke": (NOT_BY_POST, NONE_FOUND | {"visitor": 302, "ngo_editor": 302, "coordinator": 302}),
    "invitation_resend": (NOT_BY_POST, NONE_FOUND | {"visitor": 302, "ngo_editor": 302, "coordinator": 302}),
    "invitation_accept": (OPEN, OPEN),  # whoever is signed in is told that it is for another address
    "join_request_new": (OPEN, OPEN),
    "join_request_sent": (OPEN, READ_ONLY),
    "join_request_list": (FOR_COORDINATORS, NOT_BY_POST),
    "join_request_detail": (FOR_COORDINATORS, FOR_COORDINATORS),
    "ground_rules": (OPEN, REDIRECT | {"visitor": 403}),
    "organisation_message_new": (OPEN, OPEN),
    "organisation_message_sent": (OPEN, READ_ONLY),
    "incoming_list": (SIGNED_IN_ONLY, NOT_BY_POST),
    "incoming_detail": (NONE_FOUND | {"visitor": 302, "ngo_editor": 200, "coordinator": 200},) * 2,
    # Signing in: for who is not. Whoever is signed in is sent on.
    "sign_in": (NOT_SIGNED_IN, NOT_SIGNED_IN),
    "account_login": (NOT_SIGNED_IN, NOT_SIGNED_IN),
    "account_request_login_code": (NOT_SIGNED_IN, NOT_SIGNED_IN),
    "account_confirm_login_code": (REDIRECT, REDIRECT),  # without a code that waits
    "account_reset_password": (OPEN, OPEN),
    "account_reset_password_done": (OPEN, READ_ONLY),
    "account_reset_password_from_key": (OPEN, OPEN),  # a page that says that the link does not work
    "account_reset_password_from_key_done": (OPEN, READ_ONLY),
    "account_confirm_email": (OPEN, dict.fromkeys(ROLES, 404)),
    "mfa_authenticate": (REDIRECT, REDIRECT),  # without a second step that waits
    "openid_connect_login": (NOWHERE, NOWHERE),  # no provider is configured
    "openid_connect_callback": (NOWHERE, NOWHERE),
    "openid_connect_refused": (OPEN, READ_ONLY),
    "socialaccount_login_error": (dict.fromkeys(ROLES, 401), READ_ONLY),
    "socialaccount_login_cancelled": (OPEN, READ_ONLY),
    # One's own account
    "account_email": (OWN, REDIRECT),
    "account_change_password": (OWN, OWN),
    "account_set_password": (REDIRECT, REDIRECT),  # everybody here has one
    "account_reauthenticate": (OWN, OWN),
    "account_request_reauthentication_code": (OWN, OWN),
    "account_confirm_reauthentication_code": (REDIRECT, REDIRECT),  # without a code that waits
    "mfa_index": (OWN, OWN_READ_ONLY),
    "mfa_reauthenticate": (HAS_FACTOR, HAS_FACTOR),
    "mfa_activate_totp": (REDIRECT, REDIRECT),  # asks who one is, or leads to what is in use
    "mfa_deactivate_totp": (MEMBERS_WITHOUT | {"visitor": 302, "coordinator": 302}, None),
    "mfa_view_recovery_codes": (MEMBERS_WITHOUT | {"visitor": 302, "coordinator": 302}, None),
    "mfa_generate_recovery_codes": (REDIRECT, REDIRECT),  # asks who one is
    "mfa_download_recovery_codes": (MEMBERS_WITHOUT | {"visitor": 302, "coordinator": 302}, None),
    "usersessions_list": (OWN, REDIRECT),
    # Last, for after it nobody is signed in
    "sign_out": (READ_ONLY, REDIRECT),
    "account_logout": (READ_ONLY, REDIRECT),
}


@pytest.fixture
def page_args(association, outsider):
    Network.objects.update(coordinator_email="coordinator@example.org")
    service = factories.make_service("Ryhmä", slug="ryhma", organisation=association)
    contact = factories.make_contact(service=service, kind=Contact.Kind.EMAIL, value="ryhma@example.org")
    invitation = factories.make_invitation(organisation=association)
    asked = ConfirmationRequest.objects.create(person=factories.make_user())
    today = timezone.localdate()
    holiday_round = HolidayRound.objects.create(name="Joulu", first_day=today, last_day=today)
    order = make_order(contact_email="guest@example.org")
    holiday = HolidayInvitation.objects.create(person=asked.person, round=holiday_round)
    person = factories.make_user(name="Näkyvä", name_shown_to="everyone", contact_shown_to="everyone")
    colleague = factories.make_membership(person, association, until="2099-01-01")
    proposal = factories.make_proposal(service)
    listings = {
        f"services:{name}": [service.slug] for name in ("edit", "move", "archive", "duplicate", "restore", "capacity")
    }
    hidden = make_profile(shown_to="coordinators", shown_name=HIDDEN_NAME)
    return (
        listings
        | meeting_args()
        | {
            "services:detail": [service.slug],
            "services:organisation_edit": [association.slug],
            "services:organisation_archive": [association.slug],
            "services:organisation_reopen": [association.slug],
            "services:proposal_withdraw": [proposal.pk],
            "services:review": [proposal.pk],
            "services:confirm": [service.slug],
            "services:organisation_confirm": [association.slug],
            "services:confirm_by_link": [asked.token],
            "services:holiday": [holiday.token],
            **{page: [hidden.slug] for page in PROFILE_PAGES},
            "experts:order_by_link": [order_link(order), "peru"],
            "experts:order_detail": [order.pk],
            "experts:news_withdraw": [1],
            "experts:right_end": [person.pk],
            "experts:order_act": [order.pk, "peru"],
            "services:history": [service.slug],
            "services:organisation_history": [association.slug],
            "services:restore_version": [service.slug, versions_of(service)[0].key],
            "services:organisation_restore": [association.slug, versions_of(association)[0].key],
            "services:contact_email": [ADDRESS_SIGNER.sign(str(contact.pk))],
            "services:report": [service.slug],
            "services:report_sent": [service.slug],
            "services:helped": [service.slug],
            "services:helped_more": [service.slug],
            "services:changed_unsubscribe": [CHANGES.token_of(outsider)],
            "organisation_detail": [association.slug],
            "privacy_version": [notice_version.keep({"fi": "<p>x</p>"}).number],
            "bulletin_detail": [factories.make_bulletin().pk],
            "bulletin_unsubscribe": [BULLETINS.token_of(outsider)],
            "demo_letter": ["0123456789abcdef"],
            "deputy_end": [person.pk],
            "membership_edit": [colleague.pk],
            "membership_end": [colleague.pk],
            "member_edit": [colleague.pk],
            "person_email": [visible.SIGNER.sign(str(person.pk))],
            "organisation_message_new": [association.slug],
            "organisation_message_sent": [association.slug],
            "invitation_revoke": [invitation.pk],
            "invitation_resend": [invitation.pk],
            "invitation_accept": [link_token(factories.make_invitation())],
            "join_request_detail": [factories.make_join_request().pk],
            "incoming_detail": ["organisationmessage", factories.make_organisation_message(association).pk],
            "account_reset_password_from_key": ["1", "no-such-key"],
            "account_confirm_email": ["no-such-key"],
            "account_keep": ["no-such-token"],
        }
    )


def minutes_args() -> dict[str, list]:
    """Minutes that are published, minutes that are written, and a meeting that has none yet."""
    writer = factories.make_user(is_staff=True)
    held, draft, bare = (minutes_rows.make_meeting() for _number in range(3))
    minutes_rows.make_published(held, writer)
    writing.begin(draft, by=writer)
    actions = [ActionItem.objects.create(meeting=held, text="Soita") for _number in range(2)]
    there = minutes_rows.make_participation(held, name="Osallistuja", attendance="present")
    of_held = ("", "_pdf", "_comment")
    of_draft = ("_write", "_attendance", "_walk_in", "_headcount", "_item", "_wishes", "_comments", "_publish")
    args = {f"minutes{name}": [held.pk] for name in of_held} | {f"minutes{name}": [draft.pk] for name in of_draft}
    args |= {
        "minutes_begin": [bare.pk],
        "minutes_version": [held.pk, 1],
        "feedback": [there.token],
        **{name: [held.pk] for name in ("feedback_own", "feedback_sent", "feedback_results")},
        "action_done": [actions[0].pk],
        "action_postpone": [actions[1].pk],
    }
    return {f"meetings:{name}": each for name, each in args.items()}


def meeting_args() -> dict[str, list]:
    """A public meeting that anybody may register for and propose to, and a group that members may join."""
    meeting = meeting_factories.make_meeting(is_public=True, open_to_non_members=True)
    item, other = (meeting_factories.make_item(meeting, publicity="public") for _number in range(2))
    files = [
        Attachment.objects.create(item=item, name="Diat", file_name="a.pdf", content_type="application/pdf", size=1)
        for _number in range(2)
    ]
    for file in files:
        AttachmentContent.objects.create(attachment=file, data=b"%PDF-")
    one = meeting_factories.ask(meeting, factories.make_user())
    group = meeting_factories.make_group(is_open=True, is_public=True)
    of_group = ("group", "group_join", "group_leave", "group_mail", "group_file_new")
    of_meeting = (
        "detail", "file", "flyer", "answer", "register", "registered", "propose", "proposed", "organise", "edit", "copy", "publish",
        "invite", "tell", "cancel", "guest_new", "participants_csv", "attendance", "item_new", "items_carry",
    )  # fmt: skip
    of_item = ("item_edit", "item_decide", "item_shift", "attachment_new")
    args = {name: [group.slug] for name in of_group} | {name: [meeting.pk] for name in of_meeting}
    args |= {name: [meeting.pk, item.pk] for name in of_item} | {
        "item_delete": [meeting.pk, other.pk],
        "personal_feed": [CalendarFeed.objects.create(person=one.person).key],
        "year_plan": ["verkosto"],
        "month_edit": ["verkosto", 2026, 1],
        "season": [meeting_factories.make_series().pk],
        "attachment": [files[0].pk],
        "attachment_delete": [files[1].pk],
        "answer_by_link": [one.token],
        "guest_edit": [meeting.pk, meeting_factories.make_guest(meeting).pk],
    }
    return {f"meetings:{name}": each for name, each in args.items()} | minutes_args()


def test_every_address_is_in_the_table():
    assert {name for name in everywhere() if not name.startswith("admin:")} == set(PAGES)


# The rights are the same in every language: those with the least and with the most open the pages of another too.
@pytest.mark.parametrize(
    ("role", "language"),
    [
        *((role, "") for role in ROLES),
        ("visitor", "/sv"),
        ("visitor", "/en"),
        ("coordinator", "/sv"),
    ],
)
def test_pages_open_to_whom_the_table_says(role, language, client_of, page_args):
    found, wanted = {}, {}
    addresses = {name: reverse(name, args=page_args.get(name, [])) for name in PAGES}
    for name, (get, post) in PAGES.items():
        address = (
            addresses[name] if name in {"robots", "sitemap", "openid_connect_callback"} else language + addresses[name]
        )
        answer = client_of(role).get(address)
        found[name] = answer.status_code
        wanted[name] = get[role]
        assert (name, HIDDEN_NAME.encode() in answer.getvalue()) == (name, False)
        if post is not None and not (language and role != "visitor"):
            found["post " + name] = client_of(role).post(address).status_code
            wanted["post " + name] = post[role]
    assert found == wanted


# The coordinator's desk ---------------------------------------------------------------------------------------------

DESK_MODELS = {
    "network": ["bulletin", "message", "groundrules", "invitation", "joinrequest", "memberrole", "membership", "network", "urgentline",
                "statement", "organisation", "user", "unittype", "competence",
                "municipality", "wellbeingcounty", "datarequest", "feedback", "retentionperiod"],
    "services": ["service", "serviceplace", "addiction", "stage", "setting", "aim", "component", "channel", "language",
                 "servicetype", "audience", "readysearch", "holidayround", "listingreport", "servicenotice", "linkcheck", "synonym", "searchcount"],
    "meetings": ["meeting", "meetingseries", "group", "meetingtheme"],
    "experts": ["guideversion", "feemodelversion", "activitysettings", "experttheme", "talkformat", "tasktype", "occasion"],
}  # fmt: skip
DESK_VIEWS = {"changelist": 200, "add": 200, "history": 200, "delete": 200, "change": 200}
DESK_EXCEPTIONS = {  # one network: no second one is made, and it is not taken away
    "admin:network_network_changelist": 302,
    "admin:network_invitation_add": 403,
    "admin:network_invitation_delete": 403,
    "admin:network_invitation_change": 302,  # to the pages where it is answered
    "admin:network_joinrequest_add": 403,
    "admin:network_joinrequest_delete": 403,
    "admin:network_joinrequest_change": 302,
    "admin:network_groundrules_delete": 403,  # what was published stays
    "admin:network_network_add": 403,
    "admin:network_network_delete": 403,
    "admin:network_datarequest_delete": 403,  # a log
    "admin:network_feedback_add": 403,  # it comes by its form
    "admin:network_retentionperiod_add": 403,  # one for each rule of the code
    "admin:network_retentionperiod_delete": 403,
    "admin:experts_activitysettings_add": 403,  # one row
    "admin:experts_activitysettings_delete": 403,
    "admin:network_message_add": 403,  # only to look at
    "admin:network_message_delete": 403,
    **{
        f"admin:services_{name}_{view}": 403  # only to look at
        for name in ("listingreport", "servicenotice", "linkcheck", "searchcount")
        for view in ("add", "delete")
    },
    "admin:services_searchcount_change": 302,  # there are rows only
    "admin:services_searchcount_history": 302,
    "admin:services_serviceplace_add": 403,  # a place is added on its service's page
}
DESK_FRAME = {  # what the coordinator gets
    "admin:index": 200,
    "admin:login": 302,  # to where the coordinator was going
    "admin:logout": 405,
    "admin:password_change": 302,  # to the page of everybody
    "admin:password_change_done": 302,
    "admin:autocomplete": 200,
    "admin:jsi18n": 200,
    "admin:view_on_site": 302,
    "admin:app_list": 302,
    "admin:hallinta/(?P<url>.*)$": 404,
}


def desk_expected() -> dict[str, int]:
    """Name of the address → what the coordinator gets. Visitors are sent to sign in, everybody else is refused."""
    expected = dict(DESK_FRAME)
    for app, names in DESK_MODELS.items():
        for name in names:
            for view, status in DESK_VIEWS.items():
                expected[f"admin:{app}_{name}_{view}"] = status
            expected[f"admin:hallinta/{app}/{name}/<path:object_id>/"] = 302  # the old address of the change page
    expected["admin:network_bulletin_preview"] = 200
    expected["admin:network_user_own_data"] = 200
    expected["admin:network_user_second_factor"] = 200
    expected["admin:network_organisation_merge"] = 200
    return expected | DESK_EXCEPTIONS


@pytest.fixture
def desk_addresses(association, ngo_editor, region):
    """Name → address, with a row of every kind to open."""
    service = factories.make_service(organisation=association)
    ServicePlace.objects.create(service=service, name="Talo")
    ListingReport.objects.create(service=service, kind="other", body="Väärin.")
    ServiceNotice.objects.create(service=service, kind="new")
    LinkCheck.objects.create(url="https://example.org/")
    factories.make_invitation()
    factories.make_join_request()
    Competence.objects.create(code="talk", name="Puhuminen")
    bulletin = factories.make_bulletin()
    Message.objects.create(event="test:1", address="a@example.org", language="fi", subject="Aihe")
    Statement.objects.create(page=Statement.ABOUT)
    DataRequest.objects.create(kind="other", person=ngo_editor)
    Feedback.objects.create(kind="idea", body="Lisää väriä")
    HolidayRound.objects.create(name="Joulu", first_day=timezone.localdate(), last_day=timezone.localdate())
    meeting_factories.make_meeting(published=False)
    meeting_factories.make_series()
    GuideVersion.objects.create(version=1, body="Näin toimitaan.")
    FeeModelVersion.objects.create(version=1, valid_from=timezone.localdate())
    make_profile(ngo_editor, shown_to="coordinators", shown_name=HIDDEN_NAME)
    Synonym.objects.create(terms="sana\ntoinen")
    SearchCount.objects.create(words="sana", day=timezone.localdate(), found=1)
    content_type = ContentType.objects.get_for_model(Service)
    special = {
        "admin:app_list": "/hallinta/network/",
        "admin:hallinta/(?P<url>.*)$": "/hallinta/no-such-page/",
        "admin:view_on_site": reverse("admin:view_on_site", args=[content_type.pk, service.pk]),
        "admin:autocomplete": reverse("admin:autocomplete")
        + "?app_label=services&model_name=service&field_name=organisation",
    }
    addresses = {}
    for name, route in everywhere().items():
        if name in special:
            addresses[name] = special[name]
        elif name.startswith("admin:"):
            app, model = [*route.split("/"), "", ""][1:3]
            if "<path:object_id>" in route:
                row = ContentType.objects.get_by_natural_key(app, model).model_class()._default_manager.first()
                assert row, f"there is no {model} to open"
                route = route.replace("<path:object_id>", str(row.pk))
            addresses[name] = "/" + route.replace("<int:pk>", str(bulletin.pk))
    return addresses


def test_every_address_of_the_desk_is_in_the_table():
    assert {name for name in everywhere() if name.startswith("admin:")} == set(desk_expected())


def test_the_desk_opens_to_the_coordinator(desk_addresses, client_of):
    client = client_of("coordinator")
    told = {name: client.get(address) for name, address in desk_addresses.items()}
    assert {name: answer.status_code for name, answer in told.items()} == desk_expected()
    assert [name for name, answer in told.items() if HIDDEN_NAME.encode() in answer.getvalue()] == []


def test_the_desk_is_refused_to_members(desk_addresses, client_of):
    client = client_of("ngo_editor")
    for name, address in desk_addresses.items():
        for ask in (client.get, client.post):
            assert (name, ask(address).status_code) == (name, 403)


@pytest.mark.parametrize("role", ["outsider", "professional", "expert"])
def test_no_list_of_the_desk_opens_to_anybody_else(role, desk_addresses, client_of):
    client = client_of(role)
    for name, address in desk_addresses.items():
        if not name.endswith(("_add", "_history", "_delete", "_change")):
            assert (name, client.get(address).status_code) == (name, 403)


@pytest.mark.parametrize("language", ["", "/sv", "/en"])
def test_the_desk_sends_visitors_to_sign_in(language, desk_addresses, client_of):
    client = client_of("visitor")
    for address in desk_addresses.values():
        for answer in [client.get(language + address)] + ([] if language else [client.post(address)]):
            assert (address, answer.status_code) == (address, 302)
            assert answer["Location"].startswith(
                (f"{language}/tili/kirjaudu/?next=", f"{language}/hallinta/login/?next=")
            )


def test_a_person_whose_account_was_closed_is_a_visitor(coordinator, as_user):
    client = as_user(coordinator)
    coordinator.is_active = False
    coordinator.save()
    assert client.get("/hallinta/").status_code == 302


# Listings by their state --------------------------------------------------------------------------------------------


def statuses(client_of, address) -> dict[str, int]:
    return {role: client_of(role).get(address).status_code for role in ROLES}


def text_of(response) -> str:
    return response.getvalue().decode()


def seen_by(client_of, address, *texts) -> tuple[str, ...]:
    """The roles that get the page and find the text in it; of several texts all or none are found."""
    pages = {role: text_of(client_of(role).get(address)) for role in ROLES}
    found = {role: [text in page for text in texts] for role, page in pages.items()}
    assert all(all(each) or not any(each) for each in found.values()), found
    return tuple(role for role in ROLES if all(found[role]))


STATES = [{"published": False}, {"archived_at": timezone.now()}, {"published": False, "archived_at": timezone.now()}]


@pytest.mark.parametrize("state", STATES, ids=["draft", "archived", "archived draft"])
def test_a_listing_that_is_not_published_is_found_by_its_editors_only(state, association, client_of):
    service = factories.make_service("Salainen suunnitelma", organisation=association, **state)
    refused = 410 if service.is_closed else 404  # what was there for everybody tells that it has closed
    expected = dict.fromkeys(ROLES, refused) | {"ngo_editor": 200, "coordinator": 200}
    assert statuses(client_of, service.get_absolute_url()) == expected
    for address in ("/", "/palvelut/", "/palvelut/csv/", association.get_absolute_url(), "/sitemap.xml"):
        assert seen_by(client_of, address, "Salainen") == ()
    assert seen_by(client_of, "/sitemap.xml", service.slug) == ()


def test_a_draft_of_another_organisation_is_not_an_editors_to_see(parish, client_of):
    service = factories.make_service(organisation=parish, published=False)
    assert statuses(client_of, service.get_absolute_url()) == dict.fromkeys(ROLES, 404) | {"coordinator": 200}


def test_a_draft_without_an_organisation_is_the_coordinators(client_of):
    service = factories.make_service(organisation=None, main_type=None, published=False)
    assert statuses(client_of, service.get_absolute_url()) == dict.fromkeys(ROLES, 404) | {"coordinator": 200}


def test_an_editor_keeps_the_units_of_the_organisation_too(association, client_of):
    unit = factories.make_organisation(parent=association)
    team = factories.make_organisation(parent=unit)
    service = factories.make_service(organisation=team, published=False)
    assert client_of("ngo_editor").get(service.get_absolute_url()).status_code == 200


def test_an_editor_of_a_unit_does_not_keep_what_is_above_it(parish, as_user):
    unit = factories.make_organisation(parent=parish)
    person = factories.make_user()
    factories.make_membership(person, unit, is_editor=True)
    service = factories.make_service(organisation=parish, published=False)
    assert as_user(person).get(service.get_absolute_url()).status_code == 404


def test_producing_a_service_gives_no_right_to_its_draft(parish, association, client_of):
    service = factories.make_service(organisation=parish, producers=[association.pk], published=False)
    assert client_of("ngo_editor").get(service.get_absolute_url()).status_code == 404


def test_drafts_are_not_offered_as_next_steps_or_related(association, client_of):
    shown = factories.make_service("Näkyvä", organisation=association)
    draft = factories.make_service("Keskeneräinen", organisation=association, published=False)
    shown.next_steps.add(draft)
    assert seen_by(client_of, shown.get_absolute_url(), "Keskeneräinen") == ()


# What only some readers of a public page see --------------------------------------------------------------------------


@pytest.fixture
def service(association):
    return factories.make_service("Ryhmä", slug="ryhma", organisation=association)


@pytest.fixture
def confidential_place(service):
    return ServicePlace.objects.create(
        service=service, name="Turvatalo", street_address="Salakuja 1", confidential=True
    )


def test_a_confidential_place_reaches_editors_only(service, confidential_place, client_of):
    confidential_place.opening_hours.create(service=service, weekday=1, opens="03:07", closes="04:08")
    confidential_place.opening_exceptions.create(
        service=service, first_day="2099-12-24", last_day="2099-12-24", note="Avain on kukkaruukussa"
    )
    factories.make_contact(place=confidential_place, value="040 555 0001")
    texts = ("Salakuja", "Turvatalo", "3.07", "kukkaruukussa", "040 555 0001")
    assert seen_by(client_of, service.get_absolute_url(), *texts) == EDITORS
    for address in ("/palvelut/", "/palvelut/csv/", service.organisation.get_absolute_url()):
        assert seen_by(client_of, address, *texts) == ()


def test_whom_to_consult_is_for_members(service, client_of):
    Service.objects.filter(pk=service.pk).update(consult="Kysy päihdelääkäriltä")
    assert seen_by(client_of, service.get_absolute_url(), "päihdelääkäriltä") == MEMBERS
    assert seen_by(client_of, "/palvelut/csv/", "päihdelääkäriltä") == ()


@pytest.mark.parametrize("of", ["service", "organisation", "place"])
def test_a_members_only_number_is_for_members(of, service, client_of):
    owner = {
        "service": service,
        "organisation": service.organisation,
        "place": ServicePlace.objects.create(service=service, name="Talo"),
    }[of]
    factories.make_contact(**{of: owner}, value="040 555 0002", members_only=True)
    pages = {"service": ["/palvelut/", "/palvelut/ryhma/"], "place": ["/palvelut/ryhma/"]}
    pages["organisation"] = [*pages["service"], service.organisation.get_absolute_url()]
    for address in pages[of]:
        assert (address, seen_by(client_of, address, "040 555 0002")) == (address, MEMBERS)
    assert seen_by(client_of, "/palvelut/csv/", "040 555 0002") == ()


@pytest.mark.parametrize(
    ("dates", "sees"),
    [
        ({"until": dt.timedelta(days=-1)}, False),
        ({"until": dt.timedelta(0)}, True),
        ({"since": dt.timedelta(days=1)}, False),
        ({"since": dt.timedelta(0)}, True),
    ],
)
def test_members_only_facts_follow_the_days_of_the_membership(dates, sees, service, parish, as_user):
    person, today = factories.make_user(), timezone.localdate()
    since = {"since": today - dt.timedelta(days=90)} | {key: today + days for key, days in dates.items()}
    factories.make_membership(person, parish, **since)
    factories.make_contact(service=service, value="040 555 0003", members_only=True)
    assert ("040 555 0003" in as_user(person).get("/palvelut/ryhma/").content.decode()) is sees


def test_an_editor_whose_membership_has_ended_edits_no_more(association, as_user):
    person = factories.make_user()
    since, until = (timezone.localdate() - dt.timedelta(days=days) for days in (9, 1))
    factories.make_membership(person, association, is_editor=True, since=since, until=until)
    draft = factories.make_service(organisation=association, published=False)
    assert as_user(person).get(draft.get_absolute_url()).status_code == 404


# E-mail addresses behind their link --------------------------------------------------------------------------


def mailed_by(client_of, **fields) -> tuple[str, ...]:
    """The roles whose mail program opens from the contact's link, wherever they have it from; the rest find nothing."""
    contact = factories.make_contact(kind=Contact.Kind.EMAIL, value="apu@example.org", **fields)
    address = reverse("services:contact_email", args=[ADDRESS_SIGNER.sign(str(contact.pk))])
    found = statuses(client_of, address)
    assert set(found.values()) <= {302, 404}
    return tuple(role for role in ROLES if found[role] == 302)


def test_a_public_address_is_for_all(service, client_of):
    place = ServicePlace.objects.create(service=service, name="Talo")
    assert mailed_by(client_of, service=service) == ROLES
    assert mailed_by(client_of, place=place) == ROLES
    assert mailed_by(client_of, organisation=service.organisation) == ROLES


def test_a_members_only_address_is_for_members(service, client_of):
    place = ServicePlace.objects.create(service=service, name="Talo")
    assert mailed_by(client_of, service=service, members_only=True) == MEMBERS
    assert mailed_by(client_of, place=place, members_only=True) == MEMBERS
    assert mailed_by(client_of, organisation=service.organisation, members_only=True) == MEMBERS


@pytest.mark.parametrize("state", STATES, ids=["draft", "archived", "archived draft"])
def test_the_address_of_an_unpublished_listing_is_for_its_editors(state, association, client_of):
    service = factories.make_service(organisation=association, **state)
    place = ServicePlace.objects.create(service=service, name="Talo")
    assert mailed_by(client_of, service=service) == EDITORS
    assert mailed_by(client_of, place=place) == EDITORS


def test_the_address_of_a_confidential_place_is_for_its_editors(confidential_place, client_of):
    assert mailed_by(client_of, place=confidential_place) == EDITORS


def test_the_address_of_a_draft_without_an_organisation_is_the_coordinators(client_of):
    draft = factories.make_service(organisation=None, published=False)
    hidden = ServicePlace.objects.create(service=draft, name="Talo", confidential=True)
    assert mailed_by(client_of, service=draft) == ("coordinator",)
    assert mailed_by(client_of, place=hidden) == ("coordinator",)


def test_only_an_e_mail_address_has_such_a_link(service, client_of):
    phone = factories.make_contact(service=service)
    assert statuses(
        client_of, reverse("services:contact_email", args=[ADDRESS_SIGNER.sign(str(phone.pk))])
    ) == dict.fromkeys(ROLES, 404)


# Small things that leak ------------------------------------------------------------------------------------------------


def test_a_visitor_is_told_the_same_of_a_draft_as_of_nothing(association, client):
    draft = factories.make_service(organisation=association, published=False)
    hidden, missing = client.get(draft.get_absolute_url()), client.get("/palvelut/ei-ole-olemassa/")
    assert hidden.content.decode().replace(draft.slug, "") == missing.content.decode().replace("ei-ole-olemassa", "")


def test_past_staff_rights_do_not_come_from_a_membership(association, client_of, as_user):
    """Being an editor never makes a coordinator, and keeps nobody one whose right was taken away."""
    assert client_of("ngo_editor").get("/hallinta/services/service/").status_code == 403
    person = factories.make_user(is_staff=True)
    factories.make_membership(person, association, is_editor=True)
    client = as_user(person)
    assert client.get("/hallinta/services/service/").status_code == 200
    User.objects.filter(pk=person.pk).update(is_staff=False)
    assert client.get("/hallinta/services/service/").status_code == 403


def test_a_visit_of_a_draft_is_not_public(association, client_of):
    draft = factories.make_service("Kioski", organisation=association, published=False)
    Visit.objects.create(service=draft, date=timezone.localdate(), venue="Torikatu")
    assert seen_by(client_of, draft.get_absolute_url(), "Torikatu") == EDITORS
