"""The portal's settings: read from the environment only, secure by default.

Every variable is listed in `.env.example`. The scheme of SITE_URL decides Secure cookies, HSTS, the redirect to
https and whether a proxy is believed, so that one variable cannot contradict another.
"""

import hashlib
import secrets
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
import pghistory
import pgtrigger
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from .logs import logging_config

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
if (BASE_DIR / ".env").exists():
    env.read_env(BASE_DIR / ".env")

DATA_DIR = Path(env.str("PORTAL_DATA_DIR", default="") or BASE_DIR / ".data").resolve()

# Dictionaries of the search, made at set-up by `manage.py build_words`; an image brings them along.
WORDS_DIR = Path(env.str("PORTAL_WORDS_DIR", default="") or DATA_DIR / "words").resolve()

TESTING = "pytest" in sys.modules
DEMO = env.bool("DEMO", default=False)
DEBUG = env.bool("DEBUG", default=False)

# --- where the site lives ---------------------------------------------------------------------------------------
SITE_URL = (env.str("SITE_URL", default="") or "http://127.0.0.1:8000").rstrip("/")
_site = urlsplit(SITE_URL)
if _site.scheme not in {"http", "https"} or not _site.hostname:
    raise ImproperlyConfigured("SITE_URL must be an http or https address, for example https://verkosto.example.org")
if f"{_site.scheme}://{_site.netloc}" != SITE_URL or "@" in _site.netloc:
    raise ImproperlyConfigured(
        "SITE_URL must be a scheme and a host and nothing more, for example https://verkosto.example.org: the portal "
        "needs a host name of its own, not a folder of another site."
    )
HTTPS = _site.scheme == "https"
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[]) or [_site.hostname]
if _site.hostname in _LOOPBACK or not HTTPS:
    ALLOWED_HOSTS = [*ALLOWED_HOSTS, "127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = [SITE_URL]

# --- secrets ------------------------------------------------------------------------------------------------------
# There is no secret that anybody could know beforehand. Without SECRET_KEY each process makes one that is forgotten
# when it ends: enough for commands, while `config/wsgi.py` refuses to serve pages with it.
SECRET_KEY = env.str("SECRET_KEY", default="")
SECRET_KEY_GIVEN = bool(SECRET_KEY)
SECRET_KEY = SECRET_KEY or secrets.token_urlsafe(50)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

# --- applications -------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "config.apps.ConfigConfig",
    "meetings",
    "experts",
    "services",
    "network",
    "config.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_filters",
    "pghistory",
    "pgtrigger",
    "procrastinate.contrib.django",
    "tree_queries",
]

MIDDLEWARE = [
    "config.middleware.RequestIdMiddleware",
    "config.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "config.middleware.PrivatePagesMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "config.middleware.AnonymousGZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "network.kept_forms.KeptFormsMiddleware",  # inside the session and the language, outside of what may refuse a form
    "config.middleware.RefuseNullBytesMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "network.actors.HistoryMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "network.accounts.middleware.SecondFactorMiddleware",
    "network.accounts.middleware.RulesFirstMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "network.context_processors.network",
            ],
            "builtins": ["network.templatetags.kept"],  # a form's token, with the mark of who opened it
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False

# --- database -----------------------------------------------------------------------------------------------------
DATABASE_URL = env.str("DATABASE_URL", default="")
# With no DATABASE_URL the backend starts the project's own PostgreSQL under DATA_DIR at the first connection.
EMBEDDED_POSTGRES = not DATABASE_URL
if DEMO and (DATABASE_URL or _site.hostname not in _LOOPBACK):
    raise ImproperlyConfigured(
        "DEMO shows a password to everybody: it works only on this machine's own address and with the embedded "
        "database. Unset DEMO, or unset DATABASE_URL and SITE_URL."
    )
_database: dict[str, Any] = (
    env.db_url("DATABASE_URL", engine="config.postgres")
    if DATABASE_URL
    else {"ENGINE": "config.postgres", "NAME": "portal_demo" if DEMO else "portal"}
)
CHECKOUT = hashlib.sha256(str(BASE_DIR).encode()).hexdigest()[:8]  # keeps two checkouts' tests on one server apart
DATABASES = {
    "default": {
        **_database,
        "CONN_MAX_AGE": 0,  # the pool keeps connections
        "CONN_HEALTH_CHECKS": False,  # config.postgres asks each connection of the pool itself, see there
        "OPTIONS": {
            **_database.get("OPTIONS", {}),
            **({"options": "-c synchronous_commit=off"} if TESTING else {}),
            "pool": {
                "min_size": 0 if TESTING else env.int("DATABASE_POOL_MIN", default=1),
                "max_size": env.int("DATABASE_POOL_MAX", default=12),  # more than gunicorn's threads
                "timeout": 10,
            },
        },
        "TEST": {"NAME": f"test_{_database['NAME']}_{CHECKOUT}"},
    }
}
# The history of listings and organisations is written by triggers: one for each statement, which keeps bulk loads quick.
# Events point nowhere that the database checks, so that they block no deletion and outlive what they tell of.
PGHISTORY_LEVEL = pgtrigger.Statement
PGHISTORY_CREATED_AT_FUNCTION = "clock_timestamp()"  # the order in which rows were written, not transactions begun
PGHISTORY_FOREIGN_KEY_FIELD = pghistory.ForeignKey(db_index=False)
PGHISTORY_CONTEXT_FIELD = pghistory.ContextForeignKey(db_index=False)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Counters of tries stand in the database: one for all processes. With Django's 300 entries old ones would be thrown away
# too soon. `limits` is the portal's own name for it; allauth counts in `default`, so that both are this one table.
_limits = {
    "BACKEND": "django.core.cache.backends.db.DatabaseCache",
    "LOCATION": "limits",
    "OPTIONS": {"MAX_ENTRIES": 100_000},
    "KEY_FUNCTION": "network.accounts.counters.hidden_key",
}
CACHES = {"default": _limits, "limits": _limits}
# Open pages are kept in each process for those who are not signed in: network/public_pages.py
KEPT_PAGES_BYTES = env.int("KEPT_PAGES_MEGABYTES", default=16) * 1_000_000

# --- people -------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "network.User"
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "own_pages"
LOGOUT_REDIRECT_URL = "front_page"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
DEMO_PASSWORD = env.str("DEMO_PASSWORD", default="")

# --- signing in (django-allauth) ------------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = ["network.accounts.backend.AddressBackend"]
PASSWORD_RESET_TIMEOUT = 24 * 3600
# Proxies in front of the portal whose X-Forwarded-For tells the visitor's address, by which tries are counted.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int(
    "TRUSTED_PROXY_COUNT", default=1 if env.bool("BEHIND_PROXY", default=HTTPS) else 0
)
ACCOUNT_ADAPTER = "network.accounts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_ENABLED = False  # accounts come from coordinators, invitations and organisations' domains
ACCOUNT_EMAIL_VERIFICATION = "none"  # every account's address is a verified one: docs/decisions/0110
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 2
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = LOGOUT_REDIRECT_URL
ACCOUNT_FORMS = {
    "login": "network.accounts.forms.SignInForm",
    "request_login_code": "network.accounts.forms.RequestCodeForm",
    "confirm_login_code": "network.accounts.forms.CodeForm",
    "reset_password": "network.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "network.accounts.forms.NewPasswordForm",
    "change_password": "network.accounts.forms.ChangePasswordForm",
    "set_password": "network.accounts.forms.SetPasswordForm",
    "add_email": "network.accounts.forms.ChangeAddressForm",
    "reauthenticate": "network.accounts.forms.ReauthenticateForm",
    "confirm_reauthentication_code": "network.accounts.forms.ReauthenticationCodeForm",
}
# How often: per address of the network (ip), per e-mail address (key), per person (user).
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/300s/key",
    "request_login_code": "20/m/ip,3/300s/key,10/d/key",
    "confirm_login_code": "20/m/ip,10/300s/key",
    "reset_password": "20/m/ip,3/300s/key,10/d/key",
    "reset_password_from_key": "20/m/ip",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
    "manage_email": "10/m/user,20/d/user",
    "confirm_email": "1/60s/key,10/d/key",
    "provider": "20/m/ip",
}
MFA_ADAPTER = "network.accounts.adapters.SecondFactorAdapter"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # a waiting change of address is the only unverified one
MFA_TOTP_TOLERANCE = 1  # a clock that is half a minute wrong
MFA_FORMS = {
    "authenticate": "network.accounts.forms.SecondFactorForm",
    "reauthenticate": "network.accounts.forms.SecondFactorAgainForm",
    "activate_totp": "network.accounts.forms.ActivateAppForm",
}

# The organisation's own sign-in: one OpenID Connect provider, when all of it is told.
OIDC_SERVER_URL = env.str("OIDC_SERVER_URL", default="").rstrip("/")
OIDC_NAME = env.str("OIDC_NAME", default="")
OIDC_ALLOWED_DOMAINS = [domain.strip().lower() for domain in env.list("OIDC_ALLOWED_DOMAINS", default=[])]
_oidc_client = env.str("OIDC_CLIENT_ID", default=""), env.str("OIDC_CLIENT_SECRET", default="")
if OIDC_SERVER_URL and not (all(_oidc_client) and OIDC_NAME and OIDC_ALLOWED_DOMAINS):
    raise ImproperlyConfigured(
        "OIDC_SERVER_URL needs OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, OIDC_NAME and OIDC_ALLOWED_DOMAINS beside it."
    )
SOCIALACCOUNT_ADAPTER = "network.accounts.adapters.ProviderAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False  # allauth's own way would sign anybody in as anybody, a coordinator too
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "organisaatio",
                "name": OIDC_NAME,
                "client_id": _oidc_client[0],
                "secret": _oidc_client[1],
                "settings": {"server_url": OIDC_SERVER_URL},
            }
        ]
        if OIDC_SERVER_URL
        else [],
    }
}

# --- languages and time -------------------------------------------------------------------------------------------
LANGUAGE_CODE = "fi"
LANGUAGES = [("fi", _("Finnish")), ("sv", _("Swedish")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
TIME_ZONE = "Europe/Helsinki"
USE_TZ = True

# --- files --------------------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Without `collectstatic` the manifest is missing and every page would be a 500: tests use plain storage, and one
# test of their own shows the manifest.
STATIC_MANIFEST = env.bool("STATIC_MANIFEST", default=not (DEBUG or TESTING))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_MANIFEST
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000  # bytes of a posted form
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
DATA_UPLOAD_MAX_NUMBER_FILES = 10
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
PUBLIC_FORM_SECONDS = 0 if TESTING else 3  # a public form sent sooner was sent by a machine
FILE_UPLOAD_PERMISSIONS = 0o640

# --- search -------------------------------------------------------------------------------------------------------
SEARCH_TIMEOUT_MS = env.int("SEARCH_TIMEOUT_MS", default=1500)  # a search that takes longer gives up calmly

# --- security -----------------------------------------------------------------------------------------------------
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=365 * 24 * 3600) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS and env.bool("HSTS_SUBDOMAINS", default=False)
SECURE_HSTS_PRELOAD = HTTPS and env.bool("HSTS_PRELOAD", default=False)
# `check --deploy` asks for both. They bind every other host of the domain, some of which the portal's keeper may not
# know, and a preload list takes months to leave: that is for the domain's owner to decide.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
# gunicorn does not end https here: where people use https, a proxy does. Not believing it would send each of its
# requests to https again and again.
if env.bool("BEHIND_PROXY", default=HTTPS):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
# Whose pages may show the list of public experts in a frame; nobody's by default.
EXPERTS_FRAME_ANCESTORS = env.list("EXPERTS_FRAME_ANCESTORS", default=[]) or [NONE]
# The button of the organisation's own sign-in is a form that ends at the provider.
FORM_ORIGINS = [f"{_oidc.scheme}://{_oidc.netloc}"] if (_oidc := urlsplit(OIDC_SERVER_URL)).netloc else []
CSRF_FAILURE_VIEW = "network.kept_forms.token_refused"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF, *FORM_ORIGINS],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    feature: []
    for feature in (
        "accelerometer", "browsing-topics", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer",
        "microphone", "midi", "payment", "usb",
    )
}  # fmt: skip

# --- logs ---------------------------------------------------------------------------------------------------------
LOGGING = logging_config(env.str("LOG_FORMAT", default="json"), env.str("LOG_LEVEL", default="INFO"))

# --- e-mail and jobs ------------------------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="portal@example.org")
EMAIL_TIMEOUT = 20  # seconds; the message's row is held meanwhile
DEMO_MAIL_DIR = DATA_DIR / "demo_mail"
if DEMO:  # nothing leaves the machine
    EMAIL_BACKEND = "config.demo_mail.EmailBackend"
elif env.str("EMAIL_URL", default=""):
    _email = env.email_url("EMAIL_URL")
    globals().update(_email)
else:
    EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
