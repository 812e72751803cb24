"""What must be true of the whole database whenever no deed is under way, asked in plain SQL.

Each sentence goes with a query for the rows that break it. The queries lean on nothing the deeds use: no model, no
trigger, no constraint, so that they also find what a restored backup or a hand in psql left behind.
"""

from members.choices import OPENS_A_GAP

_GAPS = ", ".join(f"'{reason}'" for reason in OPENS_A_GAP)


def _never_twice_a_day(table: str, *keys: str, condition: str = "TRUE") -> str:
    same = " AND ".join(f"a.{key} = b.{key}" for key in keys)
    return (
        f"SELECT a.id FROM {table} a JOIN {table} b ON {same} AND a.id < b.id AND a.valid && b.valid"  # noqa: S608
        f" WHERE a.voided_at IS NULL AND b.voided_at IS NULL AND ({condition})"
    )


def _has_a_first_day(table: str) -> str:
    return f"SELECT id FROM {table} WHERE isempty(valid) OR lower_inf(valid)"  # noqa: S608


def _agrees_with(cached: str, fact: str, owner: str, columns: tuple[str, ...], among: str) -> str:
    differs = " OR ".join(f"c.{column} IS DISTINCT FROM f.{column}" for column in columns)
    return (
        f"SELECT c.id FROM {cached} c LEFT JOIN {fact} f ON f.{owner} = c.id AND f.voided_at IS NULL"  # noqa: S608
        f" AND upper_inf(f.valid) WHERE {among} AND (f.id IS NULL OR {differs})"
    )


INVARIANTS = {
    "a cell's path is its superior's path and its own number": """
        SELECT c.id FROM cells_cell c LEFT JOIN cells_cell p ON p.id = c.parent_id
        WHERE c.path <> COALESCE(p.path, '/') || c.id || '/'""",
    "no cell stands below itself": """
        WITH RECURSIVE above(id, parent_id, seen) AS (
            SELECT id, parent_id, ARRAY[id] FROM cells_cell
            UNION ALL
            SELECT a.id, p.parent_id, a.seen || p.id FROM above a JOIN cells_cell p ON p.id = a.parent_id
            WHERE NOT p.id = ANY(a.seen)
        )
        SELECT DISTINCT a.id FROM above a WHERE a.parent_id = ANY(a.seen)""",
    "a cell is in one place at a time": _never_twice_a_day("cells_placement", "cell_id"),
    "a placement has a first day": _has_a_first_day("cells_placement"),
    "a standing cell is where its placement says": _agrees_with(
        "cells_cell",
        "cells_placement",
        "cell_id",
        ("kind", "name", "short_name", "parent_id", "path"),
        "c.dissolved_on IS NULL",
    ),
    "a dissolved cell has no members": """
        SELECT m.id FROM members_membership m JOIN cells_cell c ON c.id = m.cell_id
        WHERE m.voided_at IS NULL AND upper_inf(m.valid) AND c.dissolved_on IS NOT NULL""",
    "nothing stands of what was voided": """
        SELECT f.id FROM cells_placement f JOIN cells_cell c ON c.id = f.cell_id
        WHERE c.voided_at IS NOT NULL AND f.voided_at IS NULL
        UNION ALL SELECT f.id FROM cells_appointment f JOIN cells_cell c ON c.id = f.cell_id
        WHERE c.voided_at IS NOT NULL AND f.voided_at IS NULL
        UNION ALL SELECT f.id FROM members_membership f JOIN cells_cell c ON c.id = f.cell_id
        WHERE c.voided_at IS NOT NULL AND f.voided_at IS NULL
        UNION ALL SELECT f.id FROM cells_companyfact f JOIN cells_company c ON c.id = f.company_id
        WHERE c.voided_at IS NOT NULL AND f.voided_at IS NULL
        UNION ALL SELECT f.id FROM members_memberfact f JOIN members_member m ON m.id = f.member_id
        WHERE m.voided_at IS NOT NULL AND f.voided_at IS NULL
        UNION ALL SELECT f.id FROM members_membership f JOIN members_member m ON m.id = f.member_id
        WHERE m.voided_at IS NOT NULL AND f.voided_at IS NULL""",
    "what an act undid is undone": """
        SELECT u.id FROM acts_act u JOIN acts_act a ON a.id = u.undoes_id WHERE a.undone_at IS NULL""",
    "no act is under way when nothing is": "SELECT id FROM acts_trace",
    "no superior is dissolved before its cells": """
        SELECT c.id FROM cells_cell c JOIN cells_cell p ON p.id = c.parent_id
        WHERE c.dissolved_on IS NULL AND p.dissolved_on IS NOT NULL""",
    "terms of a cell do not overlap": _never_twice_a_day("cells_term", "cell_id"),
    "a company has one set of facts at a time": _never_twice_a_day("cells_companyfact", "company_id"),
    "a company is as its facts say": _agrees_with(
        "cells_company", "cells_companyfact", "company_id", ("keeper_id", "cover_cell_id"), "c.voided_at IS NULL"
    ),
    "a covered company names the cell that covers it": """
        SELECT id FROM cells_companyfact WHERE (cover = 'none') <> (cover_cell_id IS NULL)""",
    "a credit code belongs to one company": """
        SELECT min(id) FROM cells_company WHERE credit_code <> '' AND voided_at IS NULL
        GROUP BY credit_code HAVING count(*) > 1""",
    "an office is held once by one person": _never_twice_a_day("cells_appointment", "holder_id", "office", "cell_id"),
    "a cell has one secretary at a time": _never_twice_a_day(
        "cells_appointment", "cell_id", condition="a.office = 'secretary' AND b.office = 'secretary'"
    ),
    "nobody appoints themselves": "SELECT id FROM cells_appointment WHERE appointed_by_id = holder_id",
    "an advisor looks after a company once at a time": _never_twice_a_day(
        "cells_assignment", "advisor_id", "company_id"
    ),
    "an assignment has a first day": _has_a_first_day("cells_assignment"),
    "nobody assigns themselves": "SELECT id FROM cells_assignment WHERE assigned_by_id = advisor_id",
    "a task of a set-up list is confirmed once at a time": _never_twice_a_day("cells_setupmark", "cell_id", "task"),
    "memberships of a member do not overlap": _never_twice_a_day("members_membership", "member_id"),
    "a membership has a first day": _has_a_first_day("members_membership"),
    "an active member belongs to exactly one cell, others to none": """
        SELECT m.id FROM members_member m
        LEFT JOIN members_membership p ON p.member_id = m.id AND p.voided_at IS NULL AND upper_inf(p.valid)
        GROUP BY m.id
        HAVING count(p.id) <> (m.standing = 'normal' AND m.voided_at IS NULL AND m.merged_into_id IS NULL)::int""",
    "a record that stands has belonged somewhere": """
        SELECT m.id FROM members_member m WHERE m.voided_at IS NULL AND m.merged_into_id IS NULL AND NOT EXISTS (
            SELECT 1 FROM members_membership p WHERE p.member_id = m.id AND p.voided_at IS NULL)""",
    "a gap between memberships has a reason": f"""
        SELECT id FROM (
            SELECT id, lower(valid) AS began, lag(upper(valid)) OVER line AS ended, lag(exit_reason) OVER line AS reason
            FROM members_membership WHERE voided_at IS NULL
            WINDOW line AS (PARTITION BY member_id ORDER BY lower(valid))
        ) AS steps WHERE began > ended AND reason NOT IN ({_GAPS})""",  # noqa: S608
    "a membership that ended says why": """
        SELECT id FROM members_membership WHERE upper_inf(valid) <> (exit_reason = '')""",
    "members belong to branches and their groups": """
        SELECT m.id FROM members_membership m JOIN cells_cell c ON c.id = m.cell_id
        WHERE m.voided_at IS NULL AND upper_inf(m.valid) AND c.kind IN ('committee', 'general_branch')""",
    "a member has one set of facts at a time": _never_twice_a_day("members_memberfact", "member_id"),
    "a member is as the facts say": _agrees_with(
        "members_member",
        "members_memberfact",
        "member_id",
        ("category", "standing", "education", "post"),
        "c.voided_at IS NULL AND c.merged_into_id IS NULL",
    ),
    "an ID number belongs to one member": """
        SELECT min(id) FROM members_member
        WHERE id_number_index <> '' AND voided_at IS NULL AND merged_into_id IS NULL
        GROUP BY id_number_index HAVING count(*) > 1""",
    "a number is sealed and has its index": """
        SELECT id FROM members_member
        WHERE (id_number <> '') <> (id_number_index <> '') OR (mobile <> '') <> (mobile_index <> '')
           OR (mobile <> '') <> (mobile_tail_index <> '')
           OR (id_number <> '' AND id_number NOT LIKE 'v1|%') OR (mobile <> '' AND mobile NOT LIKE 'v1|%')
           OR (address <> '' AND address NOT LIKE 'v1|%')""",
    "a merged record points at one that stands": """
        SELECT m.id FROM members_member m JOIN members_member k ON k.id = m.merged_into_id
        WHERE k.voided_at IS NOT NULL OR k.id = m.id""",
    "a full member was converted, a probationary one was not": """
        SELECT id FROM members_member
        WHERE voided_at IS NULL AND merged_into_id IS NULL AND (category = 'full') <> (converted_on IS NOT NULL)""",
    "an effect that is done says when": "SELECT id FROM work_outbox WHERE (state = 'done') <> (done_at IS NOT NULL)",
    "one key has one open job": """
        SELECT min(id) FROM work_job WHERE key IS NOT NULL AND state IN ('queued', 'running')
        GROUP BY key HAVING count(*) > 1""",
    "a job that ended says when": """
        SELECT id FROM work_job WHERE (state IN ('done', 'failed', 'cancelled')) <> (finished_at IS NOT NULL)""",
    "a schedule runs once in a period": """
        SELECT min(id) FROM work_scheduledrun GROUP BY job, period HAVING count(*) > 1""",
    "an entry is sealed once": "SELECT min(sequence) FROM audit_seal GROUP BY entry_id HAVING count(*) > 1",
    "the chain of seals has no hole": """
        SELECT s.sequence FROM audit_seal s LEFT JOIN audit_seal p ON p.sequence = s.sequence - 1
        WHERE s.sequence > (SELECT min(sequence) FROM audit_seal) AND (p.hash IS NULL OR p.hash <> s.previous)""",
    "an entry waits for its seal or has it": """
        SELECT e.id FROM audit_entry e LEFT JOIN audit_seal s ON s.entry_id = e.id
        LEFT JOIN audit_unsealed u ON u.entry_id = e.id WHERE s.entry_id IS NULL AND u.entry_id IS NULL""",
}
