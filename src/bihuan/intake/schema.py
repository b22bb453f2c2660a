"""What a complaint looks like when it comes in: one definition for the API, the desk, the public form and files."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

Line = Annotated[str, Meta(max_length=200)]

CHANNELS = (
    "hotline", "web", "wechat", "weibo", "app", "sms", "terminal", "email", "on_site", "hall", "system", "urgent",
    "regulator",
)  # fmt: skip
MAX_CONTENT = 20_000


class Customer(Struct, forbid_unknown_fields=True, kw_only=True):
    """Who complains. At least `phone` or `other_contact` is needed: a complaint nobody can answer is no use."""

    name: Annotated[str, Meta(max_length=100, description="Name as told")] = ""
    identity_number: Annotated[str, Meta(max_length=40, description="Identity card, passport or company number")] = ""
    phone: Annotated[str, Meta(max_length=32, description="Where she can be reached")] = ""
    other_contact: Annotated[str, Meta(max_length=100, description="Another number or an e-mail address")] = ""
    level: Annotated[int, Meta(ge=0, le=7, description="Member level, 0–7 stars")] = 0


class Location(Struct, forbid_unknown_fields=True, kw_only=True):
    """A position; `datum` says in which system the degrees are."""

    lat: Annotated[float, Meta(ge=-90, le=90)]
    lon: Annotated[float, Meta(ge=-180, le=180)]
    datum: Annotated[str, Meta(pattern="^(wgs84|gcj02|bd09)$")] = "wgs84"


class ComplaintIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """One complaint as it comes in. Codes are those of the catalog; names that are unique there do as well."""

    channel: Annotated[str, Meta(description="One of: " + ", ".join(CHANNELS), max_length=20)]
    content: Annotated[str, Meta(min_length=1, max_length=MAX_CONTENT, description="What happened, in plain words")]
    customer: Customer
    source_system: Annotated[str, Meta(max_length=64, description="System it comes from")] = ""
    source_number: Annotated[str, Meta(max_length=64, description="That system's own number, unique within it")] = ""
    called_hotline: Annotated[str, Meta(max_length=32, description="Hotline number that was called")] = ""
    relation: Annotated[str, Meta(pattern="^(self|on_behalf)$", description="self or on_behalf")] = "self"
    demand: Annotated[str, Meta(max_length=4000, description="What the customer asks for")] = ""
    occurred_at: datetime | None = None
    frequency: Annotated[str, Meta(max_length=200, description="How often it happens")] = ""
    area: Annotated[str, Meta(max_length=100, description="Area code, unique name or full path")] = ""
    address: Annotated[str, Meta(max_length=500)] = ""
    location: Location | None = None
    product: Annotated[str, Meta(max_length=100, description="Product code or name")] = ""
    complained_number: Annotated[str, Meta(max_length=64, description="Number or account complained about")] = ""
    calling_number: Annotated[str, Meta(max_length=32)] = ""
    called_number: Annotated[str, Meta(max_length=32)] = ""
    terminal: Annotated[str, Meta(max_length=200, description="Device model")] = ""
    category: Annotated[str, Meta(max_length=200, description="Phenomenon code or name")] = ""
    dispute: Annotated[str, Meta(max_length=100, description="Dispute type; follows from the category if left out")] = (
        ""
    )
    urgency: Annotated[str, Meta(max_length=16, description="normal, important, major or urgent")] = ""
    impact: Annotated[str, Meta(max_length=16, description="single, several, area or wide")] = ""
    complexity: Annotated[str, Meta(max_length=16, description="simple, normal or complex")] = ""
    extra: dict[str, str | int | float | bool | None] = {}


class Past(Struct, kw_only=True):
    """What a finished or half-way order's own record says happened when (imports). Moments are aware."""

    registered_at: datetime
    accepted_at: datetime | None = None
    dispatched_at: datetime | None = None
    received_at: datetime | None = None
    replied_at: datetime | None = None
    revisited_at: datetime | None = None
    closed_at: datetime | None = None
    due_at: datetime | None = None
    reply: str = ""
    satisfaction: int | None = None
    acceptor_id: int | None = None
    taken_unit_id: int | None = None
    holder_unit_id: int | None = None
    finished: bool = True
    """True: history, nothing is sent and no clock runs. False: still open, its clocks go on from what has elapsed."""


class Registered(Struct, kw_only=True):
    """The answer to a complaint: its number and the promised date."""

    number: str
    status: str
    registered_at: datetime
    promised_at: datetime | None
    repeat_of: str | None = None
    href: str | UnsetType = UNSET


complaint_decoder = msgspec.json.Decoder(ComplaintIn)
