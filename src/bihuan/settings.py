"""All settings in one place, read from the environment by typed readers that raise."""

import os
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.kernel import env

PACKAGE = Path(__file__).resolve().parent
DATA_DIR = env.folder("BIHUAN_DATA", Path.cwd() / ".data")

DEBUG = False
DEMO = env.flag("BIHUAN_DEMO")
"""Demo operator: the sign-in page lists one login a role and the development outbox is shown."""
SECRET_KEY = env.text("BIHUAN_SECRET_KEY", "only-for-commands-and-tests-never-for-a-served-site")
KEY_FILE = env.folder("BIHUAN_KEY_FILE", DATA_DIR / "keys.json")
ALLOWED_HOSTS = env.words("BIHUAN_HOSTS", "localhost,127.0.0.1,[::1],testserver")
CSRF_TRUSTED_ORIGINS = env.words("BIHUAN_TRUSTED_ORIGINS")
TRUSTED_PROXIES = env.networks("BIHUAN_TRUSTED_PROXIES")
"""Proxies whose X-Forwarded-For is believed; nobody else's is."""
SECURE = env.flag("BIHUAN_HTTPS")
"""True behind TLS: cookies are then sent over TLS only and HSTS is on."""
WEB_WORKERS = env.integer("BIHUAN_WEB_WORKERS", min(4, len(os.sched_getaffinity(0))), least=1)
"""Processes that answer requests; each computes on one core at a time."""

DATABASE_URL = env.text("DATABASE_URL")


_NAMED_APART = {"dbname", "user", "password", "host", "port"}
"""Everything else of the address (sslmode, sslrootcert, target_session_attrs …) goes to the driver as it stands."""


def _database(url: str) -> dict[str, Any]:
    from psycopg.conninfo import conninfo_to_dict

    parts = conninfo_to_dict(url) if url else {}
    further = {name: value for name, value in parts.items() if name not in _NAMED_APART}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.get("dbname", "bihuan"),
        "USER": parts.get("user", ""),
        "PASSWORD": parts.get("password", ""),
        "HOST": parts.get("host", ""),
        "PORT": str(parts.get("port", "")),
        "CONN_MAX_AGE": 0,
        "OPTIONS": {
            **further,
            # seconds: nobody waits long for a database that is away, and it is asked again soon after
            "pool": {
                "min_size": 1,
                "max_size": env.integer("BIHUAN_DB_POOL", 8, least=1),
                "timeout": 5,
                "reconnect_timeout": 3,
            },
        },
        # after a restart of the database the pool holds dead connections: each is looked at before it is handed out
        "CONN_HEALTH_CHECKS": True,
        "TEST": {"NAME": f"test_{parts.get('dbname', 'bihuan')}"},
    }


DATABASES = {"default": _database(DATABASE_URL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    "bihuan.kernel",
    "bihuan.identity",
    "bihuan.catalog",
    "bihuan.customers",
    "bihuan.cases",
    "bihuan.text",
    "bihuan.sla",
    "bihuan.notices",
    "bihuan.intake",
    "bihuan.triage",
    "bihuan.dispatch",
    "bihuan.handling",
    "bihuan.revisit",
    "bihuan.requests",
    "bihuan.reviews",
    "bihuan.appeals",
    "bihuan.knowledge",
    "bihuan.escalation",
    "bihuan.supervision",
    "bihuan.asking",
    "bihuan.assistance",
    "bihuan.compensation",
    "bihuan.tracking",
    "bihuan.progress",
    "bihuan.majors",
    "bihuan.fieldwork",
    "bihuan.oversight",
    "bihuan.flow",
    "bihuan.insight",
    "bihuan.channels.file",
    "bihuan.api",
    "bihuan.web",
    "bihuan.web.setup",
    "bihuan.web.public",
    "bihuan.web.desk",
    "bihuan.web.hotline",
    "bihuan.web.appeals",
    "bihuan.web.closing",
    "bihuan.web.knowledge",
    "bihuan.web.teamwork",
    "bihuan.web.fieldwork.apps.FieldworkPages",
    "bihuan.web.proof",
    "bihuan.web.sharing",
    "bihuan.web.notices",
    "bihuan.web.leading",
    "bihuan.web.oversight.apps.Pages",
    "bihuan.web.imports",
    "bihuan.web.reports",
]
AUTH_USER_MODEL = "identity.Staff"
AUTHENTICATION_BACKENDS = ["bihuan.identity.signin.Door"]
PASSWORD_DAYS = env.integer("BIHUAN_PASSWORD_DAYS", 90)
"""After so many days a new password has to be chosen; 0: never."""
IDLE_MINUTES = env.integer("BIHUAN_IDLE_MINUTES", 30, least=1)
"""Who does nothing for so long is signed out."""
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = SECURE
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_HTTPONLY = True
CSRF_USE_SESSIONS = False
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31536000 if SECURE else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
X_FRAME_OPTIONS = "DENY"

MIDDLEWARE = [
    "bihuan.web.middleware.ClientAddress",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "bihuan.web.middleware.OnePicture",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "bihuan.web.middleware.Headers",
    "bihuan.web.guard.Guard",
    "bihuan.web.middleware.Errors",
]
SITE = env.text("BIHUAN_SITE")
"""Where customers reach the platform, e.g. https://service.example.com; without it no survey is sent."""

ROOT_URLCONF = "bihuan.urls"
FORM_RENDERER = "bihuan.web.form_renderer.Renderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "bihuan.web.context.shell",
            ],
        },
    },
]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "lang"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
FORMAT_MODULE_PATH = ["bihuan.web.formats"]

STATIC_URL = "/static/"
STATICFILES_DIRS: list[Path] = []
STATIC_ROOT = DATA_DIR / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600
WHITENOISE_ADD_HEADERS_FUNCTION = None

DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024  # what is uploaded as evidence never lies open in a temporary folder
EVIDENCE_DIR = env.folder("BIHUAN_EVIDENCE", DATA_DIR / "evidence")
CLAMD = env.text("BIHUAN_CLAMD")
"""`unix:/run/clamav/clamd.ctl` or `tcp://127.0.0.1:3310`: the virus scanner; empty: files are marked as not scanned."""
IMPORT_DIR = env.folder("BIHUAN_IMPORTS", DATA_DIR / "imports")

SMS_GATEWAY = env.text("BIHUAN_SMS_GATEWAY")
"""HTTP address that takes {"to", "text", "id"} as JSON; empty: text messages stay in the outbox."""
SMTP = env.text("BIHUAN_SMTP")
"""`smtp://user:password@host:port` or `smtps://…`; empty: mails stay in the outbox."""
MAIL_FROM = env.text("BIHUAN_MAIL_FROM", "noreply@localhost")

OPERATOR_NAME = env.text("BIHUAN_OPERATOR", "")
PRODUCT_NAME = _("闭环投诉处理平台")
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": env.text("BIHUAN_LOG", "WARNING")},
}
