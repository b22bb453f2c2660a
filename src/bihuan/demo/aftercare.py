"""What follows an answer, played for the demo: rules of calling back, ratings, care calls, interviews, enquiries handed on,
passed-on reviews, and a few things that wait for somebody right now."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.conf import settings
from django.db.models import Max

from bihuan.cases.actions import Doer
from bihuan.cases.models import Case, CaseEvent
from bihuan.flow import actions as flow
from bihuan.flow import aftercare
from bihuan.flow import requests as handing_on
from bihuan.flow import reviews as scripts
from bihuan.identity.models import Unit
from bihuan.identity.viewer import Viewer
from bihuan.intake.actions import Draft, register_one
from bihuan.intake.schema import ComplaintIn, Customer
from bihuan.kernel import clock
from bihuan.requests import actions as requests
from bihuan.requests.models import Request
from bihuan.reviews import actions as reviews
from bihuan.revisit import actions as revisit
from bihuan.revisit import editing, interviews
from bihuan.revisit.models import Care, Interview, Rule, Sheet, Survey
from bihuan.revisit.survey import Answers
from bihuan.triage import actions as triage

Viewers = Mapping[str, Viewer]
_SITE = "http://127.0.0.1:8000"
_GOOD = ("处理很快，谢谢", "师傅很耐心", "", "", "", "终于好了", "希望以后别再出问题")
_BAD = ("晚上又断了，根本没修好", "一直说在规划，没有人给准信", "话费退了一部分，还差二十多")
_CARE = ("客户称使用正常", "一切正常，感谢回访", "正常，问了套餐到期时间")
_WISHES = (
    ("lead", "公司新租了办公楼，想了解企业专线和云桌面的资费。", "企业专线一年多少钱，要两条。"),
    ("service", "想把家里宽带移机到新房，下周搬家。", "下周三移机到新地址。"),
    ("lead", "开了三家奶茶店，想装监控和收银专网，问能不能打包。", "三家门店的监控和专网打包报价。"),
    ("service", "出国三个月，想办停机保号。", "下月起停机保号三个月。"),
    ("lead", "小区物业想给 200 户装千兆，问团购价。", "千兆宽带团购报价。"),
    ("service", "想把主卡和副卡的套餐换一下。", "主副卡套餐互换。"),
)
_LACKS = (("knowledge",), ("authority",), ("system", "data"), ("knowledge", "training"), ("authority", "process"))


@contextmanager
def reachable() -> Iterator[None]:
    """Surveys are sent while the month is played, whether this installation has a public address or not."""
    before = settings.SITE
    settings.SITE = before or _SITE
    try:
        yield
    finally:
        settings.SITE = before


_AT_WORK = ("received", "in_handling", "waiting")
"""States in which others still play something on a case, in the time after the newest event."""
_WAITING = timedelta(hours=30)
"""Care calls that fell due so lately still wait."""
_RATED = timedelta(hours=34)
"""Whoever rates does so within this time."""


def rules() -> None:
    """The general rule with care calls after a week, and one for signal complaints that asks for evidence."""
    general = Rule.objects.get(category="")
    if general.version > 1 or Rule.objects.filter(category="N01").exists():  # played before, or not a demo's
        return
    editing.edit_rule(general.pk, {"care_days": 7, "care_within": 3}, None)
    own = editing.add_rule("N01", None)
    asked = {
        "required": ["cause", "evidence", "loss"],
        "questions": ["室内外信号都恢复了吗？", "忙时网速够用吗？"],
        "active": True,
    }
    editing.edit_rule(own.pk, {**asked, "care_days": 5}, None)


def play(viewers: Viewers, now: datetime) -> dict[str, int]:
    """All of it up to `now`, in the caller's transaction; answers how many of each."""
    if Interview.objects.exists():
        return {}
    rng = Random(20161)  # noqa: S311
    return {
        "care": Care.objects.exclude(done_at=None).count(),
        "ratings": Survey.objects.exclude(answered_at=None).count(),
        "interviews": _interviews(viewers, now, rng),
        "requests": _requests(viewers, now),
        "reviews": _reviews(viewers, now, rng),
        "promised": _promised(viewers, now),
    }


def _locked(case_id: int) -> Case:
    return Case.objects.select_for_update().get(pk=case_id)


def _revisitor(viewers: Viewers, case: Case) -> Doer:
    return Doer.of(viewers["revisit1" if case.city_id == 320400 else "revisit2"])


def meanwhile(viewers: Viewers, now: datetime, end: datetime) -> None:
    """What fell due in the hours before `now`, while the month until `end` is played: care calls within the day, of the
    newest some still wait; every second customer rates, badly only lately, so that it is still being worked on."""
    for pk, due_at in Care.objects.filter(done_at=None, due_at__lte=now).values_list("pk", "due_at"):
        rng = Random(pk)  # noqa: S311
        if due_at < end - _WAITING and due_at + timedelta(hours=rng.uniform(0, 18)) <= now:
            _call(viewers, Care.objects.get(pk=pk), now, rng)
    for pk, sent_at in Survey.objects.filter(answered_at=None, sent_at__gt=now - _RATED).values_list("pk", "sent_at"):
        rng = Random(pk)  # noqa: S311
        if rng.random() < 0.5 and sent_at + timedelta(hours=rng.uniform(0.2, 30)) <= now:
            _rate(Survey.objects.get(pk=pk), now, end, rng)


def _call(viewers: Viewers, row: Care, now: datetime, rng: Random) -> None:
    with clock.at(now + timedelta(seconds=rng.uniform(1, 59))):
        case = _locked(row.case_id)
        if rng.random() < 0.12:
            aftercare.care_called(case, _revisitor(viewers, case), "unreached", note="无人接听")
        else:
            told = rng.choice((3, 3, 3, 2))
            aftercare.care_called(case, _revisitor(viewers, case), "fine", satisfaction=told, note=rng.choice(_CARE))


def _rate(row: Survey, now: datetime, end: datetime, rng: Random) -> None:
    told = _bad(rng) if end - now < timedelta(days=2) and rng.random() < 0.15 else _good(rng)
    with clock.at(now + timedelta(seconds=rng.uniform(1, 59))):
        if Case.objects.filter(pk=row.case_id, status="closed").exists():
            aftercare.answer_survey(row.pk, told)


def _since(case: Case, at: datetime, now: datetime) -> datetime:
    """`at`, or where the case went on after it, soon after its newest event: others still need the time up to `now`."""
    last = CaseEvent.objects.filter(case_id=case.id).aggregate(last=Max("at"))["last"]
    return at if at > last else min(last + timedelta(minutes=4), last + (now - last) / 2)


def _good(rng: Random) -> Answers:
    parts = {name: rng.choice((3, 4, 5, 5)) for name in ("attitude", "speed", "communication") if rng.random() < 0.8}
    return Answers(rng.choice((3, 4, 4, 5, 5, 5)), rng.choice((True, True, None)), parts, rng.choice(_GOOD))


def _bad(rng: Random) -> Answers:
    return Answers(rng.choice((1, 2)), False, {"attitude": rng.choice((2, 3, 4)), "speed": 1}, rng.choice(_BAD))


def _interviews(viewers: Viewers, now: datetime, rng: Random) -> int:
    sheet = Sheet.objects.filter(code="visit").first()
    if sheet is None:
        return 0
    closed = Case.objects.filter(status="closed", city_id=320400, ended_at__lt=now - timedelta(days=2)).order_by("-id")
    found = list(closed[:6])
    for case in found:
        answers = [rng.choice(("热线", "APP")), rng.choice(("yes", "no")), rng.choice("345"), "希望进度短信再勤一点"]
        with clock.at(_since(case, now - timedelta(hours=rng.uniform(2, 40)), now)):
            interviews.hold(_locked(case.id), Doer.of(viewers["revisit1"]), sheet, answers)
    return len(found)


def _requests(viewers: Viewers, now: datetime) -> int:
    """Six enquiries handed on: waiting, in work, done, won, lost."""
    agent, dispatcher = viewers["agent1"], viewers["dispatcher1"]
    unit = Unit.objects.filter(code="cz.marketing").first()
    if unit is None:
        return 0
    seller = viewers.get("czmarketing2")
    for place, (kind, content, wish) in enumerate(_WISHES):
        at = now - timedelta(days=6 - place, hours=3)
        with clock.at(at):
            told = ComplaintIn(
                channel="hotline", content=content, area="320412",
                customer=Customer(name=f"{'赵钱孙李周吴'[place]}先生", phone=f"1380051{7000 + place}"),
            )  # fmt: skip
            case = Case.objects.get(number=register_one(Draft(told, Doer.of(agent))).number)
            flow.accept(_locked(case.id), Doer.of(dispatcher))
            case = _locked(case.id)
            triage.classify(case, Doer.of(dispatcher), category="S0201", service_type="enquiry")
            handing_on.convert(case, Doer.of(dispatcher), kind, unit.id, wish)
        if seller is not None:
            _worked(Request.objects.get(case_id=case.id), seller, place, at)
    return len(_WISHES)


def _worked(row: Request, seller: Viewer, place: int, at: datetime) -> None:
    endings: Mapping[int, tuple[str, str, Any]] = {
        0: ("win", "签两条 200M 专线，一年合同", Decimal(28800)), 1: ("completion", "已约下周三上门移机", None),
        2: ("loss", "客户选了别家的打包方案", None),
    }  # fmt: skip
    if place > 3:
        return
    with clock.at(at + timedelta(hours=2)):
        requests.step(row, _locked(row.case_id), Doer.of(seller), "taking")
    if place in endings:
        code, note, worth = endings[place]
        with clock.at(at + timedelta(days=1)):
            requests.step(row, _locked(row.case_id), Doer.of(seller), code, note, worth=worth)


def _reviews(viewers: Viewers, now: datetime, rng: Random) -> int:
    """The inspector looked back at forty; every third could have been solved at once; one became a draft."""
    who = viewers["inspector1"]
    passed = Case.objects.filter(dispatched_at__isnull=False, city_id=320400, registered_by_id__isnull=False)
    found = list(passed.exclude(status="merged").order_by("-id")[30:70])
    drafted = False
    for case in found:
        solvable = rng.random() < 0.35
        at = now - timedelta(hours=rng.uniform(1, 60))
        with clock.at(at if case.status in _AT_WORK else _since(case, at, now)):
            held = _locked(case.id)
            reviews.judge(held, Doer.of(who), solvable, rng.choice(_LACKS) if solvable else ())
            if solvable and not drafted and held.status == "closed":
                scripts.draft_script(held, who)
                drafted = True
    return len(found)


def _promised(viewers: Viewers, now: datetime) -> int:
    """Two customers said when to call them."""
    found = list(Case.objects.filter(status="in_revisit", city_id=320400).order_by("-id")[:2])
    for place, case in enumerate(found):
        with clock.at(now - timedelta(minutes=12)):
            revisit.attempt(
                _locked(case.id), Doer.of(viewers["revisit1"]), "正在开会，请晚点打",
                again_at=now + timedelta(minutes=40 + 55 * place),
            )  # fmt: skip
    return len(found)
