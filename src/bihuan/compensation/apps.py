"""The room's conditions are named when it is loaded."""

from django.apps import AppConfig


class Compensation(AppConfig):
    """Money for customers."""

    name = "bihuan.compensation"

    def ready(self) -> None:
        """Register what can be said of cases."""
        from bihuan.compensation import conditions

        conditions.register()
