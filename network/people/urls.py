from django.urls import path

from .views import helping, inbox, invitations, joining, profile

urlpatterns = [
    path("omat/profiili/", profile.profile, name="profile"),
    path("omat/profiili/jasenyys/uusi/", profile.membership_new, name="membership_new"),
    path("omat/profiili/jasenyys/<int:pk>/", profile.membership_edit, name="membership_edit"),
    path("omat/profiili/jasenyys/<int:pk>/paata/", profile.membership_end, name="membership_end"),
    path("omat/jasenet/", profile.member_list, name="member_list"),
    path("omat/jasenet/<int:pk>/", profile.member_edit, name="member_edit"),
    path("omat/viestit/", inbox.incoming_list, name="incoming_list"),
    path("omat/viestit/<slug:kind>/<int:pk>/", inbox.incoming_detail, name="incoming_detail"),
    path("omat/kutsut/", invitations.invitation_list, name="invitation_list"),
    path("omat/kutsut/<int:pk>/peru/", invitations.invitation_revoke, name="invitation_revoke"),
    path("omat/kutsut/<int:pk>/uudelleen/", invitations.invitation_resend, name="invitation_resend"),
    path("omat/liittymiset/", joining.join_request_list, name="join_request_list"),
    path("omat/liittymiset/<int:pk>/", joining.join_request_detail, name="join_request_detail"),
    path("kutsu/<str:token>/", invitations.invitation_accept, name="invitation_accept"),
    path("verkosto/auttaa/", helping.who_can_help, name="who_can_help"),
    path("verkosto/yhteys/<str:token>/", profile.person_email, name="person_email"),
    path("verkosto/liity/", joining.join_request_new, name="join_request_new"),
    path("verkosto/liity/kiitos/", joining.join_request_sent, name="join_request_sent"),
    path("verkosto/pelisaannot/", joining.ground_rules, name="ground_rules"),
    path("verkosto/<slug:slug>/viesti/", inbox.organisation_message_new, name="organisation_message_new"),
    path("verkosto/<slug:slug>/viesti/kiitos/", inbox.organisation_message_sent, name="organisation_message_sent"),
]
