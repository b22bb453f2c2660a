"""The last metre: what a customer reads is what was written to her, not what is stored."""

from bihuan.cases.models import Case
from bihuan.channels.outbox import plain
from bihuan.flow import actions as flow
from bihuan.kernel.models import Message
from cast import Cast


def test_numbers_in_a_reply_are_stored_as_tokens_and_sent_as_numbers(cast: Cast) -> None:
    case = cast.case()
    locked = Case.objects.select_for_update().get(pk=case.pk)
    flow.answer(locked, cast.doer("an"), "sms", "已修复。如再中断请打维护班长 13655556666，随时可以。", despite=True)
    message = Message.objects.get(purpose="reply", subject_id=case.id)
    address, text = plain(message)
    assert address == "13912345678"
    assert "13655556666" in text and "⟦" not in text
    assert b"13655556666" not in bytes(message.body)
