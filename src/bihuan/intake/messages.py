"""What the customer is told when her complaint has been taken in."""

from datetime import datetime
from zoneinfo import ZoneInfo

_ZONE = ZoneInfo("Asia/Shanghai")


def receipt_text(number: str, promised_at: datetime | None) -> str:
    """The acknowledgement as a text message: number and promised date, in the customers' language."""
    if promised_at is None:
        return f"您的投诉已登记，编号 {number}。我们会尽快联系您。"
    local = promised_at.astimezone(_ZONE)
    return f"您的投诉已登记，编号 {number}。我们将在 {local:%Y年%m月%d日 %H:%M} 前办结并答复您。"
