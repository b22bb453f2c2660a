"""Who writes knowledge and who approves it."""

from bihuan.identity.roles import KNOW_APPROVE, KNOW_WRITE, ROLES


def test_leads_duty_managers_dispatchers_managers_and_handlers_write() -> None:
    writers = {code for code, role in ROLES.items() if KNOW_WRITE in role.rights}
    assert writers == {"lead", "dutymanager", "dispatcher", "manager", "handler", "inspector"}


def test_managers_and_leads_approve_and_nobody_else() -> None:
    assert {code for code, role in ROLES.items() if KNOW_APPROVE in role.rights} == {"manager", "lead"}
