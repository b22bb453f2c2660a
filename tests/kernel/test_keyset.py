"""Pages along a key: together they are the whole list, each row once, in order, whatever the size of a page."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bihuan.kernel import keyset
from bihuan.kernel.errors import RuleError
from bihuan.notices.models import Notice

_START = datetime(2026, 3, 2, 1, tzinfo=UTC)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 5), max_size=12), st.integers(1, 5), st.booleans())
def test_the_pages_are_the_list(db: None, offsets: list[int], size: int, down: bool) -> None:
    from django.db import transaction

    with transaction.atomic():
        Notice.objects.bulk_create(
            Notice(staff_id=1, kind="general", made_at=_START + timedelta(microseconds=one)) for one in offsets
        )
        order = ("-made_at", "-id") if down else ("made_at", "id")
        whole = list(Notice.objects.order_by(*order).values_list("id", flat=True))
        found, after = [], ""
        while True:
            rows, after = keyset.page(Notice.objects.all(), order, size, after)
            found += [row.pk for row in rows]
            if not after:
                break
        assert found == whole
        transaction.set_rollback(True)


@pytest.mark.parametrize("key", ["x", "1_2_3", "1_", "9" * 30 + "_1", "1_99999999999999999999"])
def test_a_key_no_page_gave_out_is_refused(db: None, key: str) -> None:
    with pytest.raises(RuleError) as refused:
        keyset.page(Notice.objects.all(), ("made_at", "id"), 5, key)
    assert refused.value.field == "after"
