-- Everybody, with all that follows from their number. Multiplying by the stride meets every day, and every place in
-- the large branch, once before any of them twice. Each step is kept, so that no number is worked out again and again.
CREATE TEMP TABLE world_person ON COMMIT DROP AS
WITH drawn AS MATERIALIZED (
    SELECT i,
        date '1954-01-01' + (i * %(stride)s %% %(days)s)::int AS born,
        i / %(days)s AS serial,
        pg_temp.scattered(i, 1, %(seed)s) %% %(names)s AS name,
        CASE WHEN pg_temp.scattered(i, 2, %(seed)s) %% 100 < 56 THEN '1' ELSE '2' END AS gender,
        (pg_temp.scattered(i, 4, %(seed)s) %% 300)::int AS late,
        (pg_temp.scattered(i, 5, %(seed)s) %% 5000)::int AS early,
        pg_temp.scattered(i, 6, %(seed)s) %% 1000 AS draw,
        (pg_temp.scattered(i, 17, %(seed)s) %% 700)::int AS left_ago,
        CASE WHEN i * %(stride)s %% %(members)s < %(large)s THEN 0
            ELSE 1 + pg_temp.scattered(i, 7, %(seed)s) %% %(others)s END AS home,
        1 + pg_temp.scattered(i, 8, %(seed)s) %% %(others)s AS earlier
    FROM generate_series(1, %(members)s::bigint) AS i
), joined AS MATERIALIZED (
    SELECT *,
        CASE WHEN draw < 40 THEN %(last_day)s - 30 - late ELSE LEAST(born + 6700 + early, %(last_day)s - 800) END
            AS joined,
        CASE WHEN draw >= 993 THEN 'suspended' WHEN draw >= 988 THEN 'left' WHEN draw >= 980 THEN 'deceased'
            ELSE 'normal' END AS stands
    FROM drawn
), belonging AS MATERIALIZED (
    SELECT *, GREATEST(joined, %(begun)s) AS began FROM joined
)
SELECT i, %(first_key)s + i - 1 AS id, md5(%(seed)s || ':person:' || i)::uuid AS uid,
    (i * 433494437 + %(seed)s * 7919) %% 594823321 AS code,
    name, draw, born, gender, joined, began, stands, home, earlier,
    CASE WHEN stands <> 'normal' THEN GREATEST(began + 1, %(last_day)s - left_ago) END AS left_on,
    CASE stands WHEN 'suspended' THEN 'suspended' WHEN 'left' THEN 'expelled' WHEN 'deceased' THEN 'died' ELSE '' END
        AS leaves,
    CASE WHEN draw BETWEEN 100 AND 219 AND %(last_day)s - began > 800 THEN began + 300 END AS moved_on,
    CASE WHEN draw < 40 THEN 'probationary' ELSE 'full' END AS category,
    (ARRAY['11','14','14','21','21','21','21','31'])[1 + pg_temp.scattered(i, 15, %(seed)s) %% 8] AS education,
    (ARRAY['022','022','022','021','024'])[1 + pg_temp.scattered(i, 16, %(seed)s) %% 5] AS post,
    (ARRAY['01','01','01','01','01','01','01','11','03','10'])[1 + pg_temp.scattered(i, 18, %(seed)s) %% 10]
        AS ethnicity,
    '999999' || to_char(born, 'YYYYMMDD') || lpad((serial * 2 + (gender = '1')::int)::text, 3, '0') AS number,
    CASE WHEN pg_temp.scattered(i, 9, %(seed)s) %% 25 = 0 THEN '' ELSE
        '1' || substr('3578', 1 + (i %% 4)::int, 1) || pg_temp.scattered(i, 10, %(seed)s) %% 10 || '0000'
        || lpad((i * 7919 %% 10000)::text, 4, '0') END AS mobile,
    CASE WHEN pg_temp.scattered(i, 11, %(seed)s) %% 16 = 0 THEN '' ELSE
        '青澜市示例路' || 1 + pg_temp.scattered(i, 12, %(seed)s) %% 900 || '号'
        || 1 + pg_temp.scattered(i, 13, %(seed)s) %% 30 || '栋' || 101 + pg_temp.scattered(i, 14, %(seed)s) %% 2704
        END AS address
FROM belonging
