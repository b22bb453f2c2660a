"""The answer letter's versions: written, checked, sent. What left stays as it was."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.appeals import papers, queries
from bihuan.appeals.actions import append
from bihuan.appeals.models import Appeal, Letter
from bihuan.cases import chain
from bihuan.cases.actions import Doer
from bihuan.cases.days import local_day
from bihuan.cases.models import Case, CaseEvent
from bihuan.customers import queries as customers
from bihuan.customers import vault
from bihuan.kernel import clock
from bihuan.kernel.errors import Conflict, NotFound, RuleError
from bihuan.text import personal
from bihuan.text.vaulted import vaulted

LEAST, MOST = 20, 10_000
"""Characters of a letter."""


def proposal(appeal: Appeal, case: Case, operator: str) -> tuple[str, str]:
    """Title and text of a new letter, from the body's template and what is known; tokens and personal placeholders stay."""
    reply = queries.latest_reply(case.id)
    facts = {
        "转办单位": str(appeal.own.get("office") or appeal.body.name),
        "收到日期": local_day(appeal.transferred_at).isoformat(),
        "诉求": " ".join((case.demand or case.content).split()),
        "企业": operator or "我公司",
    }
    if reply:
        facts["处理结果"] = " ".join(reply.split())
    if appeal.liable is not None:
        facts["责任认定"] = "经核查，我公司负有责任。" if appeal.liable else "经核查，我公司不负有责任。"
    return "关于申诉（编号 {申诉编号}）的答复", papers.filled(appeal.body.letter, facts)


def numbers_of(appeal: Appeal, case: Case) -> dict[str, str]:
    """The numbers that are filled in on paper."""
    return {"申诉编号": appeal.number, "工单编号": case.number}


def check_own_numbers(case: Case, text: str, field: str) -> None:
    """Refuses a number that is not this customer's: a letter must carry nobody else's data."""
    for found in personal.find(text):
        if not customers.belongs(case.party_id, found.value):
            shown = vault.mask_of(found.kind, found.value)
            raise RuleError(
                "letter.foreign",
                _("文中的 %(number)s 不是这位客户的号码，请删去或核对。") % {"number": shown},
                field=field,
            )


@transaction.atomic
def write(case: Case, appeal: Appeal, doer: Doer, title: str, text: str) -> Letter:
    """Keep a new version of the letter. The same text again is the version there is."""
    numbers = numbers_of(appeal, case)
    title, text = papers.numbered(title, numbers), papers.numbered(text, numbers)
    for name, told in (("title", title), ("text", text)):
        papers.check(told, name)
        check_own_numbers(case, told, name)
    headed, said = vaulted(case.party_id, title, 200, "title"), vaulted(case.party_id, text, MOST, "text")
    headed = " ".join(headed.split())
    if not headed or len(said) < LEAST:
        raise RuleError("letter.empty", _("请写明标题和答复内容：核查情况、处理结果。"), field="text")
    last = Letter.objects.filter(appeal=appeal).first()
    if last is not None and last.sent_at is None and (last.title, last.text) == (headed, said):
        return last
    letter = Letter.objects.create(
        appeal=appeal, version=last.version + 1 if last else 1, title=headed, text=said, made_at=clock.now(),
        made_by_id=doer.staff_id,
    )  # fmt: skip
    append(case, doer, "appeal_drafted", {"letter": letter.version, "text_digest": chain.digest_of(headed, said)})
    return letter


def find(appeal: Appeal, version: int) -> Letter:
    """One version; `NotFound` for another."""
    letter = Letter.objects.filter(appeal=appeal, version=version).first()
    if letter is None:
        raise NotFound("letter")
    return letter


def check_ready(appeal: Appeal, letter: Letter) -> None:
    """Refuses to send what was sent, what an ended appeal no longer needs, and what is not finished."""
    if letter.sent_at is not None:
        raise Conflict("letter.sent", _("这一版已经发出；要更正请另写一版。"))
    if appeal.status not in {"in_hand", "mediation"}:
        raise Conflict("letter.ended", _("申诉已经办结，不能再发答复；转办单位退回的请先“退回重办”。"))
    left = papers.unfilled(letter.text)
    if left:
        raise RuleError(
            "letter.unfilled",
            _("还有没填的内容：%(what)s。") % {"what": "、".join(f"{{{name}}}" for name in left)},
            field="text",
        )


@transaction.atomic
def sent(
    case: Case, appeal: Appeal, doer: Doer, letter: Letter, copies: Mapping[str, int], at: datetime | None = None
) -> CaseEvent:
    """Note that this version left for the body; `copies` are the evidence ids of what was sent (`word`, `pdf`)."""
    check_ready(appeal, letter)
    moment = at or clock.now()
    Letter.objects.filter(pk=letter.pk).update(
        sent_at=moment, sent_by_id=doer.staff_id, word_id=copies.get("word"), pdf_id=copies.get("pdf")
    )
    appeal.answered_at = moment
    appeal.save(update_fields=["answered_at"])
    payload = {"letter": letter.version, "body": appeal.body.code, "evidence": copies.get("pdf") or copies.get("word")}
    return append(case, doer, "appeal_answered", payload, at=moment)
