INSERT INTO members_member (
    id, uid, code, name, id_number, gender, ethnicity, birth_date, education, category, joined_on, converted_on, post,
    mobile, landline, address, standing, is_lost, is_migrant, flow_to, id_kind, native_place, degree, school, major,
    new_stratum, technical_title, employer_id, employer_text, email, remarks, name_pinyin, name_search,
    id_number_index, mobile_index, mobile_tail_index, version, recorded_at, void_reason)
SELECT p.id, p.uid, 'DY-' || (
        SELECT string_agg(substr('23456789ABCDEFGHJKMNPQRSTWXYZ', 1 + (p.code / size %% 29)::int, 1), '')
        FROM unnest(ARRAY[1, 29, 841, 24389, 707281, 20511149]) AS size),
    n.name, s.id_number, p.gender, p.ethnicity, p.born, p.education, p.category, p.joined,
    CASE WHEN p.category = 'full' THEN p.joined + 366 END, p.post, s.mobile, '', s.address, p.stands,
    p.draw BETWEEN 40 AND 44, p.draw BETWEEN 50 AND 69, CASE WHEN p.draw BETWEEN 50 AND 69 THEN '望川市' ELSE '' END,
    'resident', '', '', '', '', '', '', h.employer, '', '', '', n.pinyin, n.search,
    s.id_number_index, s.mobile_index, s.mobile_tail_index, 1, %(made_at)s, ''
FROM world_person p
JOIN world_sealed s USING (i)
JOIN world_name n ON n.number = p.name
JOIN world_home h ON h.number = p.home
WHERE p.i > %(after)s AND p.i <= %(until)s
ORDER BY p.i
