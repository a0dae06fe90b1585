-- What formulas call. None of these raises for any value: an index on a formula would turn that
-- into records nobody can save. All are immutable; what has no answer is NULL.
CREATE OR REPLACE FUNCTION rapport_formula_number(given numeric) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN abs(given) < 1e17 THEN trim_scale(round(given, 10)) END
$$;

CREATE OR REPLACE FUNCTION rapport_formula_whole(given numeric, low int, high int) RETURNS int
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT greatest(low::numeric, least(high::numeric, trunc(given)))::int
$$;

CREATE OR REPLACE FUNCTION rapport_formula_modulo(one numeric, other numeric) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT mod(mod(one, nullif(other, 0)) + other, nullif(other, 0))
$$;

CREATE OR REPLACE FUNCTION rapport_formula_replace(given text, old text, new text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT left(replace(left(given, 2000), old, left(new, 300)), 2000)
$$;

CREATE OR REPLACE FUNCTION rapport_formula_parse(given text) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN given ~ '^ *-?[0-9]{1,17}([.][0-9]{1,10})? *$' THEN trim(given)::numeric END
$$;

-- A day so many days after another; NULL beyond the years 1 to 9999.
CREATE OR REPLACE FUNCTION rapport_formula_days(given date, n numeric) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN trunc(n) BETWEEN make_date(1, 1, 1) - given AND make_date(9999, 12, 30) - given
    THEN given + trunc(n)::int END
$$;

-- The same day so many months later, or the last of that month.
CREATE OR REPLACE FUNCTION rapport_formula_months(given date, n numeric) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN extract(year FROM given) * 12 + extract(month FROM given) - 1 + trunc(n)
                   BETWEEN 12 AND 9999 * 12 + 10
    THEN (given + make_interval(months => trunc(n)::int))::date END
$$;

CREATE OR REPLACE FUNCTION rapport_formula_months_between(one date, other date) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (extract(year FROM other) - extract(year FROM one)) * 12
    + extract(month FROM other) - extract(month FROM one)
    - (extract(day FROM other) < extract(day FROM one))::int
$$;

CREATE OR REPLACE FUNCTION rapport_formula_date(y numeric, m numeric, d numeric) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT rapport_custom_day(lpad(trunc(y)::text, 4, '0') || '-' || lpad(trunc(m)::text, 2, '0')
    || '-' || lpad(trunc(d)::text, 2, '0'))
  WHERE y >= 1 AND y < 10000 AND m >= 1 AND m < 13 AND d >= 1 AND d < 32
$$;

CREATE OR REPLACE FUNCTION rapport_formula_day_text(given date) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT lpad(extract(year FROM given)::text, 4, '0') || '-'
    || lpad(extract(month FROM given)::text, 2, '0') || '-'
    || lpad(extract(day FROM given)::text, 2, '0')
$$;

CREATE OR REPLACE FUNCTION rapport_formula_moment_text(given timestamp) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT rapport_formula_day_text(given::date) || ' '
    || lpad(extract(hour FROM given)::text, 2, '0') || ':'
    || lpad(extract(minute FROM given)::text, 2, '0')
$$;

-- A moment so many days later, broken ones too.
CREATE OR REPLACE FUNCTION rapport_formula_later(given timestamptz, n numeric) RETURNS timestamptz
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN extract(epoch FROM given) + n * 86400 BETWEEN -62135337600 AND 253402041600
    THEN ((given AT TIME ZONE 'UTC')
          + make_interval(secs => (n * 86400)::double precision)) AT TIME ZONE 'UTC' END
$$;

-- The first moment of a day in a time zone.
CREATE OR REPLACE FUNCTION rapport_formula_midnight(given date, zone text) RETURNS timestamptz
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT given::timestamp AT TIME ZONE zone
$$;

-- A stored measure put beside the others of a record, taken away where there is none.
CREATE OR REPLACE FUNCTION rapport_rollup_put(derived jsonb, key text, value jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN value IS NULL OR value = 'null' THEN nullif(derived - key, '{}')
              ELSE coalesce(derived, '{}') || jsonb_build_object(key, value) END
$$;
