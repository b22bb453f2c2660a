"""The pages of those above."""

from django.apps import AppConfig


class Pages(AppConfig):
    """Supervision and questions."""

    name = "bihuan.web.leading"
    label = "leading_pages"
