"""English texts are compiled before any test asks for them."""

import pytest

from bihuan.ops import messages


@pytest.fixture(scope="session", autouse=True)
def english() -> None:
    messages.compile_stale()
