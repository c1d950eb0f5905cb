"""Every page of the portal that a visitor may meet, for tests and pictures that want them all."""

from typing import NamedTuple


class PortalPage(NamedTuple):
    """`path` is the Finnish address.

    `role` is who looks at it: one of `data.CAST`, nobody by default.
    `framed` is False for pages that must work when nothing else does, and `found` for those that search engines are
    not to find, so that they name no address of their own.
    """

    name: str
    path: str
    status: int = 200
    framed: bool = True
    found: bool = True
    role: str = ""

    def in_language(self, code: str) -> str:
        return self.path if code == "fi" else f"/{code}{self.path}"


# Found in any portal that has the region's starting data.
EVERYWHERE = [
    PortalPage("front", "/"),
    PortalPage("list", "/palvelut/"),
    PortalPage(
        "list-filtered",
        "/palvelut/?q=ryhm%C3%A4&municipality=205&access=no-referral&type=peer-group&stage=treatment&sort=name",
    ),
    PortalPage("list-empty", "/palvelut/?q=olematonsana"),
    PortalPage("list-errors", "/palvelut/?municipality=999&age=kissa&access=olematon&type=peer-group"),
    PortalPage("list-page-2", "/palvelut/?page=2"),
    PortalPage("guided", "/palvelut/ohjattu/"),
    PortalPage("guided-what", "/palvelut/ohjattu/mihin/?audience=close-ones"),
    PortalPage("guided-how", "/palvelut/ohjattu/miten/?audience=close-ones&type=peer-group"),
    PortalPage("service", "/palvelut/laheisten-ryhma-kajaani/"),
    PortalPage("service-report", "/palvelut/laheisten-ryhma-kajaani/ilmoita/", found=False),
    PortalPage("service-reported", "/palvelut/laheisten-ryhma-kajaani/ilmoita/kiitos/", found=False),
    PortalPage("service-helped", "/palvelut/laheisten-ryhma-kajaani/loysitko-apua/", found=False),
    PortalPage("feedback", "/palvelut/kokemuksia/"),
    PortalPage("experts", "/kokemusasiantuntijat/"),
    PortalPage("experts-about", "/kokemusasiantuntijat/mika/"),
    PortalPage("experts-flyer", "/kokemusasiantuntijat/esite/", found=False),
    PortalPage("experts-share", "/kokemusasiantuntijat/jaa/", found=False),
    PortalPage("expert-guide", "/kokemusasiantuntijat/toimintaohje/", found=False),
    PortalPage("expert-order", "/kokemusasiantuntijat/pyyda/", found=False),
    PortalPage("changed", "/palvelut/muuttuneet/"),
    PortalPage("directory", "/verkosto/"),
    PortalPage("directory-empty", "/verkosto/?q=olematonsana"),
    PortalPage("organisation", "/verkosto/kajaanin-seurakunta/"),
    PortalPage("meetings", "/tapaamiset/"),
    PortalPage("meeting-archive", "/tapaamiset/arkisto/"),
    PortalPage("meeting-search", "/tapaamiset/haku/?q=tapaaminen", found=False),
    PortalPage("meeting-figures", "/tapaamiset/luvut/"),
    PortalPage("trainings", "/tapaamiset/koulutukset/"),
    PortalPage("groups", "/tapaamiset/ryhmat/"),
    PortalPage("group", "/tapaamiset/ryhmat/verkosto/"),
    PortalPage("sign-in", "/tili/kirjaudu/", found=False),
    PortalPage("bulletins", "/tiedotteet/"),
    PortalPage("code", "/tili/koodi/", found=False),
    PortalPage("password-forgotten", "/tili/salasana/unohtui/", found=False),
    PortalPage("password-sent", "/tili/salasana/unohtui/lahetetty/", found=False),
    PortalPage("password-link-old", "/tili/salasana/uusi/1-x/", found=False),
    PortalPage("password-saved", "/tili/salasana/uusi/valmis/", found=False),
    PortalPage("provider-refused", "/tili/organisaatio/ei-onnistu/", found=False),
    PortalPage("about", "/tietoa/"),
    PortalPage("accessibility", "/saavutettavuus/"),
    PortalPage("privacy", "/tietosuoja/"),
    PortalPage("cookies", "/evasteet/"),
    PortalPage("styleguide", "/styleguide/", found=False),
    PortalPage("400", "/palvelut/?q=%00", 400, framed=False, found=False),
    PortalPage("404", "/eitallaista/", 404, found=False),
]

# Made by `data.fill` and `urls`: listings at their fullest and barest, and errors that do not come by themselves.
IN_TESTS = [
    PortalPage("service-full", "/palvelut/esimerkki-taysi/"),
    PortalPage("service-bare", "/palvelut/esimerkki-paljas/"),
    PortalPage("privacy-versions", "/tietosuoja/versiot/", found=False),
    PortalPage("privacy-version", "/tietosuoja/versiot/1/", found=False),
    PortalPage("service-closed", "/palvelut/esimerkki-paattynyt/", 410, found=False),
    PortalPage("organisation-full", "/verkosto/esimerkki-taysi/"),
    PortalPage("organisation-bare", "/verkosto/esimerkki-paljas/"),
    PortalPage("bulletin", "/tiedotteet/900000/"),
    PortalPage("meeting", "/tapaamiset/900000/"),
    PortalPage("minutes", "/tapaamiset/900010/muistio/"),
    PortalPage("minutes-version", "/tapaamiset/900010/muistio/versio/2/", found=False),
    PortalPage("feedback-sent", "/tapaamiset/900010/palaute/kiitos/", found=False),
    PortalPage("meeting-flyer", "/tapaamiset/900000/juliste/", found=False),
    PortalPage("meeting-register", "/tapaamiset/900000/ilmoittaudu/", found=False),
    PortalPage("meeting-registered", "/tapaamiset/900000/ilmoittaudu/kiitos/", found=False),
    PortalPage("meeting-propose", "/tapaamiset/900000/ehdota/", found=False),
    PortalPage("meeting-proposed", "/tapaamiset/900000/ehdota/kiitos/", found=False),
    PortalPage("403", "/testi/403/", 403, found=False),
    PortalPage("500", "/testi/500/", 500, framed=False, found=False),
]

# Pages of people who are signed in; `data.fill` makes what they show.
OWN: list[PortalPage] = [
    PortalPage("own-pages", "/omat/", role="coordinator"),
    PortalPage("profile", "/omat/profiili/", role="expert"),
    PortalPage("own-data", "/omat/tiedot/", role="professional"),
    PortalPage("invitations", "/omat/kutsut/", role="ngo_editor"),
    PortalPage("hand-over", "/omat/luovutus/", role="coordinator"),
    PortalPage("editor-service", "/palvelut/esimerkki-taysi/", role="ngo_editor"),
    PortalPage("editor-confirms-own", "/omat/palvelut/vahvista/", role="ngo_editor"),
    PortalPage("editor-confirms", "/palvelut/esimerkki-taysi/vahvista/", role="ngo_editor"),
    PortalPage("editor-history", "/palvelut/esimerkki-taysi/historia/", role="ngo_editor"),
    PortalPage("member-history", "/verkosto/esimerkki-taysi/historia/", role="professional"),
    PortalPage("editor-draft", "/palvelut/esimerkki-luonnos/", role="ngo_editor"),
    PortalPage("editor-organisation", "/verkosto/esimerkki-taysi/", role="ngo_editor"),
    PortalPage("own-listings", "/omat/palvelut/", role="ngo_editor"),
    PortalPage("listing-new", "/palvelut/uusi/", role="ngo_editor"),
    PortalPage("listing-edit", "/palvelut/esimerkki-taysi/muokkaa/?osa=contacts", role="ngo_editor"),
    PortalPage("listing-edit-hours", "/palvelut/esimerkki-taysi/muokkaa/?osa=hours", role="ngo_editor"),
    PortalPage("listing-archive", "/palvelut/esimerkki-taysi/arkistoi/", role="ngo_editor"),
    PortalPage("organisation-archive", "/verkosto/esimerkki-taysi/arkistoi/", role="ngo_editor"),
    PortalPage("listing-move", "/palvelut/esimerkki-taysi/siirra/", role="ngo_editor"),
    PortalPage("organisation-edit", "/verkosto/esimerkki-taysi/muokkaa/?osa=contacts", role="ngo_editor"),
    PortalPage("review-list", "/tarkistettavat/", role="coordinator"),
    PortalPage("minutes-member", "/tapaamiset/900010/muistio/", role="professional"),
    PortalPage("minutes-write", "/tapaamiset/900011/muistio/kirjoita/", role="coordinator"),
    PortalPage("minutes-publish", "/tapaamiset/900011/muistio/julkaise/", role="coordinator"),
    PortalPage("minutes-comments", "/tapaamiset/900011/muistio/kommentoitavaksi/", role="coordinator"),
    PortalPage("minutes-waiting", "/tapaamiset/muistiot/kesken/", role="coordinator"),
    PortalPage("meeting-feedback-results", "/tapaamiset/900010/palaute/tulokset/", role="coordinator"),
    PortalPage("decisions", "/tapaamiset/paatokset/", role="professional"),
    PortalPage("own-actions", "/omat/tehtavat/", role="professional"),
    PortalPage("meeting-member", "/tapaamiset/900000/", role="professional"),
    PortalPage("meeting-answer", "/tapaamiset/900000/vastaa/", role="professional"),
    PortalPage("meeting-member-proposes", "/tapaamiset/900000/ehdota/", role="professional"),
    PortalPage("meeting-organise", "/tapaamiset/900000/jarjesta/", role="coordinator"),
    PortalPage("meeting-edit", "/tapaamiset/900000/muokkaa/", role="coordinator"),
    PortalPage("meeting-invite", "/tapaamiset/900000/kutsu/", role="coordinator"),
    PortalPage("meeting-attendance", "/tapaamiset/900000/lasna/", role="coordinator"),
    PortalPage("meeting-item", "/tapaamiset/900000/kohdat/900000/", role="coordinator"),
    PortalPage("meeting-item-decide", "/tapaamiset/900000/kohdat/900001/paata/", role="coordinator"),
    PortalPage("year-plan", "/tapaamiset/ryhmat/verkosto/vuosikello/", role="professional"),
    PortalPage("season", "/tapaamiset/sarjat/900000/kausi/", role="coordinator"),
    PortalPage("introductions", "/tapaamiset/esittaytymiset/", role="professional"),
    PortalPage("orders", "/tilaukset/", role="professional"),
    PortalPage("order", "/tilaukset/900000/", role="professional"),
    PortalPage("order-asked", "/tilaukset/900000/", role="expert"),
    PortalPage("own-fees", "/tilaukset/omat-palkkiot/", role="expert"),
    PortalPage("orders-all", "/tilaukset/", role="expert_coordinator"),
    PortalPage("order-coordinated", "/tilaukset/900000/", role="expert_coordinator"),
    PortalPage("fees", "/tilaukset/palkkiot/", role="expert_coordinator"),
    PortalPage("expert-news", "/kokemusasiantuntijat/yhdyshenkilot/", role="expert_coordinator"),
    PortalPage("profiles-all", "/kokemusasiantuntijat/kaikki/", role="expert_coordinator"),
    PortalPage("profile-new", "/kokemusasiantuntijat/kaikki/uusi/", role="expert_coordinator"),
    PortalPage("expert-figures", "/kokemusasiantuntijat/luvut/", role="expert_coordinator"),
    PortalPage("own-calendar", "/omat/kalenteri/", role="professional"),
    PortalPage("experts-member", "/kokemusasiantuntijat/", role="professional"),
    PortalPage("experts-right", "/kokemusasiantuntijat/koordinaattorit/", role="coordinator"),
    PortalPage("experts-own", "/kokemusasiantuntijat/oma/", role="professional"),
    PortalPage("account-email", "/tili/sahkoposti/", role="professional"),
    PortalPage("account-sessions", "/tili/istunnot/", role="professional"),
    PortalPage("second-step-none", "/tili/kaksivaiheinen/", role="professional"),
    PortalPage("second-step", "/tili/kaksivaiheinen/", role="coordinator"),
    PortalPage("show-again", "/tili/varmista/", role="professional"),
]

PAGES = EVERYWHERE + IN_TESTS
FRAMED = [page for page in PAGES if page.framed]
FOUND = [page for page in PAGES if page.found]
