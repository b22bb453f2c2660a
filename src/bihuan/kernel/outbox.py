"""Messages leave through here: written in the business transaction, handed to a sender afterwards, retried until gone."""

import logging
from collections.abc import Callable
from datetime import timedelta

from django.db import transaction

from bihuan.kernel import clock
from bihuan.kernel.models import Message

Sender = Callable[[Message], None]
"""Hands one message over; raises when it could not be."""

MOST_TRIES = 8
_log = logging.getLogger(__name__)


def send_waiting(senders: dict[str, Sender], limit: int = 200) -> int:
    """Send what is due, at most `limit`; returns how many left. Several workers never take the same message."""
    gone = 0
    with transaction.atomic():
        due = Message.objects.select_for_update(skip_locked=True).filter(
            sent_at=None, next_try_at__lte=clock.now(), medium__in=list(senders)
        )
        for message in due.order_by("next_try_at")[:limit]:
            gone += _send(message, senders[message.medium])
    return gone


def _send(message: Message, sender: Sender) -> int:
    message.attempts += 1
    try:
        sender(message)
    except Exception as error:  # noqa: BLE001 - whatever a gateway throws, the message stays and is tried again
        _log.warning("message %s not sent, try %s: %s", message.pk, message.attempts, type(error).__name__)
        wait = timedelta(seconds=min(3600, 2**message.attempts * 5))
        message.next_try_at = clock.now() + wait if message.attempts < MOST_TRIES else None
        message.error = type(error).__name__
        message.save(update_fields=["attempts", "next_try_at", "error"])
        return 0
    message.sent_at = clock.now()
    message.next_try_at = None
    message.error = ""
    message.save(update_fields=["attempts", "sent_at", "next_try_at", "error"])
    return 1
