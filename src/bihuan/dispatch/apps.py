"""The room's conditions are named when it is loaded."""

from django.apps import AppConfig


class Dispatch(AppConfig):
    """Whose a complaint is, and who decides it."""

    name = "bihuan.dispatch"

    def ready(self) -> None:
        """Register what can be said of cases."""
        from bihuan.dispatch import conditions

        conditions.register()
