"""Puts the general rule of calling back and an interview sheet into the database; what is there stays as it is."""

from django.db import transaction

from bihuan.revisit.models import Rule, Sheet

SCRIPT = (
    "您好，这里是客户服务中心。您反映的问题我们已经处理并答复，想占用您一分钟核实：问题是否已经彻底解决？"
    "还有没有没办完的事？您对这次处理是否满意？"
)
SCRIPT_EN = (
    "Hello, this is customer service. We have dealt with your complaint and answered it. May I take a minute: is it solved"
    " for good? Is anything left over? Are you satisfied with how it was handled?"
)
_SHEET = [
    {"text": "您最初通过什么途径反映？", "kind": "choice", "choices": ["热线", "营业厅", "APP", "其他"]},
    {"text": "等待答复的时间能否接受？", "kind": "yes_no"},
    {"text": "对处理人员专业程度打分", "kind": "score"},
    {"text": "您认为我们最该改进什么？", "kind": "text"},
]


def seed() -> dict[str, int]:
    """Adds the general rule and one interview sheet where they are missing, in one transaction."""
    with transaction.atomic():
        general = {
            "days": [1, 2, 3, 4, 5, 6, 7], "media": ["call"], "script": SCRIPT, "script_en": SCRIPT_EN,
            "hour_from": 8, "hour_to": 21,
        }  # fmt: skip
        _rule, new = Rule.objects.get_or_create(category="", defaults=general)
        sheet = {"name": "投诉客户访谈表", "name_en": "Interview with a complainant", "questions": _SHEET}
        _sheet, made = Sheet.objects.get_or_create(code="visit", defaults=sheet)
        return {"rules": int(new), "sheets": int(made)}
