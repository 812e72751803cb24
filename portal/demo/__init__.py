"""The fictional association that a newcomer finds: who signs in, and the world they find there."""

# Role, user name, password. Printed at start; the accounts exist in the demo alone.
PASSWORD = "zhibu-demo"  # noqa: S105 -- printed on purpose, and never made outside the demo
SIGN_INS = [
    ("协会党委工作人员", "staff", PASSWORD),
    ("党委工作人员", "committee", PASSWORD),
    ("支部书记", "secretary", PASSWORD),
    ("组织委员", "organiser", PASSWORD),
    ("党建工作指导员", "advisor", PASSWORD),
    ("审计人员", "auditor", PASSWORD),
    ("技术管理员", "technician", PASSWORD),
    ("党员", "member", PASSWORD),
]
