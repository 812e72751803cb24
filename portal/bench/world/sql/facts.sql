INSERT INTO members_memberfact (
    member_id, category, standing, standing_reason, education, post, valid, recorded_at, void_reason)
SELECT p.id, p.category, step.stands, step.leaves, p.education, p.post, step.valid, %(made_at)s, ''
FROM world_person p CROSS JOIN LATERAL (
    SELECT 'normal' AS stands, '' AS leaves, daterange(p.began, p.left_on) AS valid
    UNION ALL
    SELECT p.stands, p.leaves, daterange(p.left_on, NULL) WHERE p.left_on IS NOT NULL
) AS step
WHERE p.i > %(after)s AND p.i <= %(until)s
ORDER BY p.i
