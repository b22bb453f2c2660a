"""Puts the shipped limits per role into the database; what is there already is left as it is."""

from bihuan.compensation.models import Limit
from bihuan.compensation.rules import SHIPPED


def seed() -> dict[str, int]:
    """Adds every missing role's limit; answers how many."""
    known = set(Limit.objects.values_list("role", flat=True))
    missing = [Limit(role=role, amount=amount) for role, amount in SHIPPED.items() if role not in known]
    Limit.objects.bulk_create(missing)
    return {"limits": len(missing)}
