-- The roster below one cell, cell by cell. What stands in braces is empty on the first page.
SELECT m.code, m.name, m.id_number, m.gender, m.ethnicity, m.birth_date, m.education, m.category, m.joined_on,
    m.converted_on, m.post, m.mobile, m.landline, m.address, m.standing, m.is_lost, m.lost_on, m.is_migrant, m.flow_to,
    c.code, c.name, lower(s.valid), m.id_kind, m.archive_birth_date, m.native_place, m.degree, m.school, m.major,
    m.work_started_on, m.applied_on, m.new_stratum, m.technical_title, e.code, e.name, m.employer_text, m.email,
    m.remarks, m.version, m.uid::text, m.mobile_index, c.path, m.name_pinyin, s.id
FROM cells_cell c
JOIN members_membership s ON s.cell_id = c.id
JOIN members_member m ON m.id = s.member_id
LEFT JOIN cells_company e ON e.id = m.employer_id
WHERE c.path >= %(top)s AND c.path < %(top)s || '~' AND s.voided_at IS NULL AND upper_inf(s.valid) {beyond}
ORDER BY c.path, m.name_pinyin, s.id
LIMIT 51
