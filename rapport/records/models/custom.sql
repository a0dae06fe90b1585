-- Values of custom fields out of the JSON they are kept in. None of them raises for what somebody
-- wrote past the application, and all are immutable, so that indexes may hold what they give.
CREATE OR REPLACE FUNCTION rapport_custom_number(given jsonb) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN jsonb_typeof(given) = 'number' THEN given::numeric END
$$;

CREATE OR REPLACE FUNCTION rapport_custom_day(given text) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN given ~ '^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])$'
                OR given ~ '^\d{4}-(0[13-9]|1[0-2])-(29|30)$'
                OR given ~ '^\d{4}-(0[13578]|1[02])-31$'
                OR (given ~ '^\d{4}-02-29$' AND extract(day FROM
                    make_date(greatest(substr(given, 1, 4)::int, 1), 3, 1) - interval '1 day') = 29)
    THEN make_date(greatest(substr(given, 1, 4)::int, 1), substr(given, 6, 2)::int,
                   substr(given, 9, 2)::int) END
$$;

CREATE OR REPLACE FUNCTION rapport_custom_moment(given text) RETURNS timestamptz
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN given ~ '^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{6}Z$'
    THEN (public.rapport_custom_day(substr(given, 1, 10)) + make_interval(
            hours => substr(given, 12, 2)::int, mins => substr(given, 15, 2)::int,
            secs => substr(given, 18, 9)::double precision)) AT TIME ZONE 'UTC' END
$$;

CREATE OR REPLACE FUNCTION rapport_custom_uuid(given text) RETURNS uuid
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN given ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN given::uuid END
$$;

CREATE OR REPLACE FUNCTION rapport_custom_list(given jsonb) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN jsonb_typeof(given) = 'array'
    THEN ARRAY(SELECT jsonb_array_elements_text(given)) ELSE '{}' END
$$;

CREATE OR REPLACE FUNCTION rapport_custom_put(custom jsonb, gone text[], given jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (custom - gone) || given
$$;
