"""Who inspects, and who reads the files on leaks."""

from bihuan.identity.roles import LEAK, PATROL, ROLES


def test_duty_managers_managers_and_leaders_inspect_and_nobody_else() -> None:
    assert {code for code, role in ROLES.items() if PATROL in role.rights} == {"dutymanager", "manager", "hq"}


def test_only_managers_and_leaders_read_files_on_leaks() -> None:
    assert {code for code, role in ROLES.items() if LEAK in role.rights} == {"manager", "hq"}
