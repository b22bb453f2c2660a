"""The room's conditions are named when it is loaded."""

from django.apps import AppConfig


class Assistance(AppConfig):
    """Help of other units."""

    name = "bihuan.assistance"

    def ready(self) -> None:
        """Register what can be said of cases."""
        from bihuan.assistance import conditions

        conditions.register()
