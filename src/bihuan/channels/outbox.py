"""The last metre: messages to a text-message gateway or a mail server, or, in development, to a page that shows them."""

import smtplib
import urllib.request
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

import msgspec
from django.conf import settings

from bihuan.customers import vault
from bihuan.customers.models import Party
from bihuan.kernel import outbox
from bihuan.kernel.models import Message
from bihuan.notices import actions as notices
from bihuan.text.personal import TOKEN

SECONDS = 10


def send() -> int:
    """Send what waits; returns how many left. A medium without a gateway stays in the outbox unless in development."""
    senders: dict[str, outbox.Sender] = {}
    if settings.SMS_GATEWAY:
        senders["sms"] = _to_gateway
    if settings.SMTP:
        senders["email"] = _to_mail_server
    if settings.DEMO:
        senders.setdefault("sms", _shown)
        senders.setdefault("email", _shown)
    return outbox.send_waiting(senders) if senders else 0


def _shown(message: Message) -> None:
    """The development outbox shows it; there is nothing more to do."""


def plain(message: Message) -> tuple[str, str]:
    """(address, text) of a message, opened for sending it; an empty address when the customer's record is shredded.

    What a colleague wrote is stored with tokens for personal numbers: whom it is sent to reads the numbers again.
    """
    text = vault.open_text(message.key_id, bytes(message.body), str(message.subject_id))
    if message.staff_id is not None:
        return notices.address_of(message.staff_id, message.medium), text
    party = Party.objects.filter(pk=message.recipient_id).first() if message.recipient_id else None
    if party is None or party.sealed is None:
        return "", text
    told = vault.open_party(party.key_id, bytes(party.sealed), party.id)
    return told.get(message.recipient_field, ""), TOKEN.sub(lambda token: told.get(token[0], token[0]), text)


class NoAddress(Exception):
    """The recipient's number is gone."""


def _to_gateway(message: Message) -> None:
    address, text = plain(message)
    if not address:
        raise NoAddress
    body = msgspec.json.encode({"to": address, "text": text, "id": message.pk})
    request = urllib.request.Request(  # noqa: S310 - the address is the administrator's setting
        settings.SMS_GATEWAY, data=body, headers={"Content-Type": "application/json"}, method="POST"
    )
    with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310
        answer.read(1024)


def _to_mail_server(message: Message) -> None:
    address, text = plain(message)
    if not address:
        raise NoAddress
    mail = EmailMessage()
    mail["From"] = settings.MAIL_FROM
    mail["To"] = address
    mail["Subject"] = text.splitlines()[0][:60]
    mail["Message-ID"] = f"<bihuan-{message.pk}@{urlsplit(settings.SMTP).hostname}>"
    mail.set_content(text)
    parts = urlsplit(settings.SMTP)
    kind = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
    with kind(parts.hostname or "localhost", parts.port or 25, timeout=SECONDS) as server:
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(mail)
