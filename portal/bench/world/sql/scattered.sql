-- The same numbers as Shape.scattered. One expression, so that it is worked out in place.
CREATE OR REPLACE FUNCTION pg_temp.scattered(number bigint, salt bigint, seed bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE AS $$
    SELECT (((((number * 2654435761 + salt * 2246822519 + seed * 374761393) & 4294967295)
        # (((number * 2654435761 + salt * 2246822519 + seed * 374761393) & 4294967295) >> 15))
        * 668265263) & 4294967295) >> 8
$$
