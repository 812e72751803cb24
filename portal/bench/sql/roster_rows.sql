-- What a list of the roster shows, as it is kept.
SELECT m.name, m.gender, m.birth_date, m.education, m.category, m.joined_on, m.converted_on, c.name, m.mobile
FROM cells_cell c
JOIN members_membership s ON s.cell_id = c.id
JOIN members_member m ON m.id = s.member_id
WHERE c.path >= %(top)s AND c.path < %(top)s || '~' AND s.voided_at IS NULL AND upper_inf(s.valid)
ORDER BY m.name_pinyin, s.id
LIMIT %(most)s
