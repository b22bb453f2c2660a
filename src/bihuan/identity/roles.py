"""Roles as one table: what each may do (rights) and which cases exist for it (reach). Pure, no database."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

READ = "case.read"
REGISTER = "case.register"
ACCEPT = "case.accept"
DISPATCH = "case.dispatch"
RECEIVE = "case.receive"
HANDLE = "case.handle"
REVISIT = "case.revisit"
CONFIRM = "case.confirm"
"""Note that the customer has got a written answer: for those who handle it or call back."""
CLOSE = "case.close"
REOPEN = "case.reopen"
WITHDRAW = "case.withdraw"
CHASE = "case.chase"
MERGE = "case.merge"
REVEAL = "customer.reveal"
EXPORT = "case.export"
IMPORT = "case.import"
FIGURES = "figures.read"
SETUP = "setup.rules"
ACCOUNTS = "setup.accounts"
GRANTS = "setup.grants"
AUDIT = "audit.read"
DUTY = "duty.manage"
RULE = "case.rule"
"""Decide whose a complaint is when two units dispute it, and who owns it for good."""
KNOW_WRITE = "knowledge.write"
"""Write articles and send them for approval; reading them takes no more than `case.read`."""
KNOW_APPROVE = "knowledge.approve"
"""Publish, send back and retire what others wrote."""
APPEAL = "appeal.handle"
"""Take in, answer and file what comes through the regulator, 12300, 12345 and 12315; for cases in her reach."""
SUPERVISE = "case.supervise"
"""Order and end the supervision (督办) of cases in her reach."""
ASK = "case.ask"
"""Put a case to the duty manager or to a superior."""

MONEY = "money.approve"
"""Approve sums for customers (how much: the role's limit) and mark them as paid."""

PATROL = "oversight.inspect"
"""Record patrols and third-party evaluations, demand that a unit puts something right, and accept it."""
LEAK = "oversight.leaks"
"""Read and keep the files on leaks of data and their sanctions."""

REVIEW = "review.judge"
"""Judge whether what was passed on could have been solved at first contact; for cases in her reach."""

ALL_RIGHTS = (
    READ, REGISTER, ACCEPT, DISPATCH, RECEIVE, HANDLE, REVISIT, CONFIRM, CLOSE, REOPEN, WITHDRAW, CHASE, MERGE,
    REVEAL, EXPORT, IMPORT, FIGURES, SETUP, ACCOUNTS, GRANTS, AUDIT, DUTY, APPEAL, RULE,
    KNOW_WRITE, KNOW_APPROVE, SUPERVISE, ASK, MONEY, REVIEW, PATROL, LEAK,
)  # fmt: skip

TAKEN = "taken"
"""Cases she registered herself."""
UNIT = "unit"
"""Cases her own unit holds, or that were ever dispatched to it."""
TREE = "tree"
"""The same for her unit and every unit below."""
AREA = "area"
"""Cases that lie in her unit's area."""
REPLIED = "replied"
"""Cases of her unit's area that were replied (waiting for, in, or past revisit)."""
EVERYWHERE = "everywhere"


@dataclass(frozen=True)
class Role:
    """One role: `rights` it gives and the `reach` of cases that exist for it (none at all for administrators)."""

    code: str
    name: Promise
    rights: frozenset[str]
    reach: frozenset[str]


def _role(code: str, name: Promise, rights: set[str], reach: set[str]) -> Role:
    return Role(code, name, frozenset(rights), frozenset(reach))


_INTAKE = {READ, REGISTER, ACCEPT, CHASE, WITHDRAW, REVEAL, ASK}
_WORK = {READ, RECEIVE, HANDLE, CONFIRM, CHASE, REVEAL, ASK}

ROLES: dict[str, Role] = {
    role.code: role
    for role in (
        _role("agent", _("坐席"), _INTAKE | {HANDLE, CONFIRM, DISPATCH}, {TAKEN, UNIT}),
        _role(
            "dispatcher",
            _("派单员"),
            _INTAKE | {DISPATCH, HANDLE, CONFIRM, REOPEN, MERGE, EXPORT, FIGURES, APPEAL, KNOW_WRITE},
            {TAKEN, UNIT, AREA},
        ),
        _role("handler", _("处理人"), _WORK | {KNOW_WRITE}, {UNIT}),
        _role(
            "lead",
            _("班组长"),
            _INTAKE | _WORK | {DISPATCH, REOPEN, MERGE, EXPORT, FIGURES, DUTY, KNOW_WRITE, KNOW_APPROVE, MONEY, REVIEW},
            {TAKEN, TREE},
        ),
        _role("branch", _("分局人员"), _WORK | {REGISTER, ACCEPT, FIGURES}, {TAKEN, UNIT, AREA}),
        _role(
            "dutymanager",
            _("值班长"),
            _INTAKE
            | _WORK
            | {DISPATCH, REOPEN, MERGE, EXPORT, FIGURES, DUTY, APPEAL, RULE, SUPERVISE, KNOW_WRITE, MONEY, PATROL},
            {TAKEN, TREE, AREA},
        ),
        _role(
            "liaison",
            _("监管联络员"),
            _INTAKE | {HANDLE, CONFIRM, DISPATCH, REOPEN, MERGE, EXPORT, FIGURES, APPEAL},
            {TAKEN, UNIT, AREA},
        ),
        _role("revisit", _("回访员"), {READ, REVISIT, CONFIRM, CLOSE, REOPEN, CHASE, REVEAL, ASK}, {REPLIED}),
        _role("inspector", _("质检员"), {READ, FIGURES, REVIEW, KNOW_WRITE}, {AREA}),
        _role("analyst", _("分析员"), {READ, FIGURES, EXPORT}, {EVERYWHERE}),
        _role("hq", _("领导"), {READ, FIGURES, SUPERVISE, MONEY, PATROL, LEAK}, {EVERYWHERE}),
        _role(
            "manager",
            _("业务管理员"),
            {
                READ,
                SETUP,
                IMPORT,
                FIGURES,
                EXPORT,
                DUTY,
                RULE,
                SUPERVISE,
                KNOW_WRITE,
                KNOW_APPROVE,
                MONEY,
                PATROL,
                LEAK,
            },
            {EVERYWHERE},
        ),
        _role("system", _("对接系统"), {READ, REGISTER, CHASE}, {TAKEN}),
        _role("partner", _("合作方"), {READ, RECEIVE, HANDLE, CONFIRM}, {UNIT}),
        _role("sysadmin", _("系统管理员"), {ACCOUNTS}, set()),
        _role("secadmin", _("安全管理员"), {GRANTS}, set()),
        _role("auditor", _("审计管理员"), {AUDIT}, set()),
    )
}

ADMINISTRATORS = frozenset({"sysadmin", "secadmin", "auditor"})
"""The three separate administrators: none of these roles may be held with any other."""


def conflict(codes: set[str]) -> str:
    """The administrator role that may not stand beside the others in `codes`, or an empty string."""
    held = codes & ADMINISTRATORS
    return min(held) if held and len(codes) > 1 else ""
