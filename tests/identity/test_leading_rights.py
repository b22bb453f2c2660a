"""Who supervises, and who asks."""

from bihuan.identity.roles import ASK, ROLES, SUPERVISE


def test_duty_managers_managers_and_leaders_supervise_and_nobody_else() -> None:
    assert {code for code, role in ROLES.items() if SUPERVISE in role.rights} == {"dutymanager", "manager", "hq"}


def test_whoever_works_with_cases_may_ask_and_partners_may_not() -> None:
    asking = {code for code, role in ROLES.items() if ASK in role.rights}
    assert asking == {"agent", "dispatcher", "handler", "lead", "branch", "dutymanager", "liaison", "revisit"}
