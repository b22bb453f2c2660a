"""The survey after closing: a link by message, opened by a token nobody can guess, answered once."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from bihuan.cases.actions import CUSTOMER, append
from bihuan.cases.models import Case
from bihuan.customers import actions as customers
from bihuan.kernel import clock
from bihuan.kernel.errors import Conflict, RuleError
from bihuan.kernel.phrases import phrase
from bihuan.revisit.book import RuleInfo
from bihuan.revisit.models import Survey
from bihuan.text.vaulted import vaulted

ASKED = phrase(gettext_noop("您的投诉 %(number)s 已办结，请用半分钟评价：%(link)s （%(days)s 天内有效）"))
PATH = "/service/survey/"
SCALE = range(1, 6)
PARTS = ("attitude", "speed", "communication")


@dataclass(frozen=True)
class Answers:
    """What the customer ticked: `score` and the parts 1 to 5, the parts and `solved` None where left out."""

    score: int
    solved: bool | None = None
    parts: Mapping[str, int | None] | None = None
    words: str = ""


def digest_of(token: str) -> bytes:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).digest()


def send(case: Case, rule: RuleInfo, at: datetime) -> str:
    """Write the link into the outbox; answers the token, empty where none is sent: the rule says so, the customer gave
    no number for messages, or this installation has no public address."""
    if not rule.survey or not settings.SITE or case.mode != "live":
        return ""
    token = secrets.token_urlsafe(18)
    link = f"{settings.SITE.rstrip('/')}{PATH}{token}/"
    text = ASKED.said(number=case.number, link=link, days=rule.survey_days)
    if customers.tell(case.party_id, "survey", text, case.id) is None:
        return ""
    Survey.objects.filter(case_id=case.id, answered_at=None, expires_at__gt=at).update(expires_at=at)
    Survey.objects.create(
        case_id=case.id, sent_at=at, expires_at=at + timedelta(days=rule.survey_days), digest=digest_of(token),
        rule_id=rule.id, rule_version=rule.version,
    )  # fmt: skip
    return token


def find(token: str) -> Survey | None:
    """The survey behind a token, whatever became of it."""
    return Survey.objects.filter(digest=digest_of(token)).first() if 16 <= len(token) <= 64 else None


def is_open(row: Survey) -> bool:
    """True while it may be answered."""
    return row.answered_at is None and row.expires_at > clock.now()


@transaction.atomic
def answer(case: Case, survey_id: int, told: Answers, rule: RuleInfo) -> Survey:
    """Keep the answers with the locked case; once only, and not after it expired. Says whether it was a bad rating."""
    row = Survey.objects.select_for_update().get(pk=survey_id, case_id=case.id)
    if not is_open(row):
        raise Conflict("survey.over", _("这份评价已经提交过或已过期，谢谢您。"))
    parts = {name: (told.parts or {}).get(name) for name in PARTS}
    if any(value is not None and value not in SCALE for value in (told.score, *parts.values())):
        raise RuleError("survey.scale", _("请在 1 到 5 之间选择。"), field="score")
    row.answered_at, row.score, row.solved = clock.now(), told.score, told.solved
    row.attitude, row.speed, row.communication = (parts[name] for name in PARTS)
    row.words = vaulted(case.party_id, told.words, 1000, "words")
    row.bad = told.score <= rule.bad_score or told.solved is False
    row.save()
    payload = {"score": row.score, "solved": row.solved, **parts, "bad": row.bad, "text": row.words}
    append(case, "survey_answered", CUSTOMER, at=row.answered_at, payload=payload)
    return row
