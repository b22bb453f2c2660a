"""Priority from urgency, impact, complexity and customer level (DI2): 1 highest … 5 lowest."""

SECURITY = "security"
MAJOR = "major"


def with_major(flags: list[str], urgency: int, impact: int) -> list[str]:
    """The flags with `major` (重大) where a matter is at least major in urgency and touches an area, without it where not."""
    kept = [flag for flag in flags if flag != MAJOR]
    return [*kept, MAJOR] if urgency >= 3 and impact >= 3 else kept


def priority_of(urgency: int, impact: int, complexity: int, customer_level: int, flags: list[str]) -> int:
    """`urgency` and `impact` 1–4, `complexity` 1–3, `customer_level` 0–7 stars; a data-security matter is always 1.

    The score is urgency × impact (1–16), raised by half a step for complex matters and for each two stars.
    """
    if SECURITY in flags:
        return 1
    score = urgency * impact + (complexity - 1) + customer_level * 0.5
    for bound, priority in ((12, 1), (8, 2), (4.5, 3), (1.5, 4)):
        if score >= bound:
            return priority
    return 5


def raised(priority: int) -> int:
    """One step more urgent, never beyond 1."""
    return max(1, priority - 1)
