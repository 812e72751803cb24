-- People drawn by their codes, with all that is known of them.
SELECT m.uid::text, concat_ws('|',
        m.code, m.name, m.gender, m.ethnicity, m.birth_date, m.education, m.category, m.standing, m.joined_on,
        m.converted_on, m.post, m.is_lost, m.is_migrant, m.name_pinyin, m.name_search, c.name, p.name, w.name,
        (SELECT string_agg(concat_ws(':', s.valid, s.entry_reason, s.exit_reason), ',' ORDER BY s.valid)
            FROM members_membership s WHERE s.member_id = m.id)),
    m.id_number, m.mobile, m.address
FROM members_member m
JOIN LATERAL (
    SELECT cell_id FROM members_membership s WHERE s.member_id = m.id ORDER BY valid DESC LIMIT 1) last ON true
JOIN cells_cell c ON c.id = last.cell_id
JOIN cells_cell p ON p.id = c.parent_id
LEFT JOIN cells_company w ON w.id = m.employer_id
ORDER BY md5(m.code), m.code
LIMIT %s
