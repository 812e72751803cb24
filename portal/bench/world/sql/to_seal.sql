-- What passes through Python to be sealed. The last digit of an ID number checks the others.
SELECT i, uid::text, number || substr('10X98765432', 1 + (
    SELECT sum(substr(number, place, 1)::int * (ARRAY[7,9,10,5,8,4,2,1,6,3,7,9,10,5,8,4,2])[place])
    FROM generate_series(1, 17) AS place)::int %% 11, 1), mobile, address
FROM world_person WHERE i > %(after)s AND i <= %(until)s
