"""Puts the rules of calling back and closing and an interview sheet into the database; what is there stays as it is."""

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
REQUIRED: dict[str, list[str]] = {
    "": ["cause"],
    "N": ["cause", "evidence", "loss"],
    "C": ["cause", "proof", "loss"],
    "S": ["cause", "loss"],
    "S07": [],
}
"""What closing needs, by category: network quality the cause, an evidence kind and the cause of loss; charging disputes
the cause, a proof and the cause of loss; service the cause and the cause of loss; questions and wishes the reply alone."""
_SHEET = [
    {"text": "您最初通过什么途径反映？", "kind": "choice", "choices": ["热线", "营业厅", "APP", "其他"]},
    {"text": "等待答复的时间能否接受？", "kind": "yes_no"},
    {"text": "对处理人员专业程度打分", "kind": "score"},
    {"text": "您认为我们最该改进什么？", "kind": "text"},
]


def seed() -> dict[str, int]:
    """Adds the missing rules and one interview sheet, in one transaction; answers how many.

    Where the manager has edited a rule or made her own, hers stay in force: what comes later is added switched off.
    """
    with transaction.atomic():
        general = {
            "days": [1, 2, 3, 4, 5, 6, 7], "media": ["call"], "script": SCRIPT, "script_en": SCRIPT_EN,
            "hour_from": 8, "hour_to": 21,
        }  # fmt: skip
        ours = Rule.objects.exclude(category="", version=1).exists()
        new = 0
        for category, required in REQUIRED.items():
            own = {"required": required, "follows": bool(category), "active": not (ours and category)}
            new += Rule.objects.get_or_create(category=category, defaults={**general, **own})[1]
        sheet = {"name": "投诉客户访谈表", "name_en": "Interview with a complainant", "questions": _SHEET}
        _sheet, made = Sheet.objects.get_or_create(code="visit", defaults=sheet)
        return {"rules": new, "sheets": int(made)}
