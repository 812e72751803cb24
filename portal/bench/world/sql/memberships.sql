-- Who moved belonged somewhere else first; who left belongs nowhere now.
INSERT INTO members_membership (
    member_id, cell_id, entry_reason, exit_reason, note, valid, recorded_at, void_reason)
SELECT p.id, h.cell, step.enters, step.leaves, '', step.valid, %(made_at)s, ''
FROM world_person p CROSS JOIN LATERAL (
    SELECT p.home, CASE WHEN p.moved_on IS NULL THEN 'opening_balance' ELSE 'placed' END AS enters, p.leaves,
        daterange(COALESCE(p.moved_on, p.began), p.left_on) AS valid
    UNION ALL
    SELECT p.earlier, 'opening_balance', 'placed', daterange(p.began, p.moved_on) WHERE p.moved_on IS NOT NULL
) AS step
JOIN world_home h ON h.number = step.home
WHERE p.i > %(after)s AND p.i <= %(until)s
ORDER BY p.i
