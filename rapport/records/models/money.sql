-- What one amount is worth in the workspace's currency on a day; NULL where nobody knows. A domain
-- that keeps rates puts its own function in the place of this one, which knows none.
CREATE OR REPLACE FUNCTION rapport_in_base(amount numeric, code text, on_day date) RETURNS numeric
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN code = '' OR code = (SELECT currency FROM accounts_workspace LIMIT 1)
    THEN amount END
$$;

-- What the amount of a custom field comes to: it lies beside the record under its key and a "b", as
-- its currency does in the record's custom values under a "c". What names no currency is its own.
CREATE OR REPLACE FUNCTION rapport_custom_base(custom jsonb, derived jsonb, key text) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN coalesce(custom ->> (key || 'c'), '') = ''
    THEN public.rapport_custom_number(custom -> key)
    ELSE public.rapport_custom_number(derived -> (key || 'b')) END
$$;

CREATE OR REPLACE FUNCTION rapport_with_bases(derived jsonb, custom jsonb, on_day date) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT nullif(coalesce(derived - ARRAY(
      SELECT k FROM jsonb_object_keys(derived) AS k WHERE length(k) = 33 AND k LIKE '%b'), '{}')
    || coalesce((
      SELECT jsonb_object_agg(left(c.key, 32) || 'b', c.base) FROM (
        SELECT e.key, rapport_in_base(
          rapport_custom_number(custom -> left(e.key, 32)), e.value, on_day) AS base
        FROM jsonb_each_text(custom) AS e WHERE length(e.key) = 33 AND e.key LIKE '%c'
      ) AS c WHERE c.base IS NOT NULL), '{}'), '{}')
$$;

-- The day whose rate counts: the one on which a record was closed, else today.
CREATE OR REPLACE FUNCTION rapport_rate_day(row_of jsonb) RETURNS date
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT coalesce((row_of ->> 'closed_at')::timestamptz::date, current_date)
$$;

CREATE OR REPLACE FUNCTION rapport_keep_bases() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM jsonb_object_keys(NEW.custom) AS k WHERE length(k) = 33 AND k LIKE '%c') THEN
    NEW.derived := rapport_with_bases(
      NEW.derived, NEW.custom, rapport_rate_day(to_jsonb(NEW)));
  END IF;
  RETURN NEW;
END $$;

-- The same for all records, and for amounts in columns (`schema/amounts.py`), after a rate or the workspace's currency changed, and when a day begins;
-- NULL stands for every currency. Versions and the log know nothing of it.
CREATE OR REPLACE FUNCTION rapport_refresh_bases(codes text[]) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  one record;
  worth text;
  found bigint;
  count bigint := 0;
BEGIN
  PERFORM set_config('rapport.deriving', 'yes', true);
  FOR one IN
    SELECT t.tgrelid::regclass AS tab, replace(f.id::text, '-', '') || 'c' AS key
    FROM pg_trigger AS t JOIN records_customfield AS f
      ON f.object = split_part(encode(t.tgargs, 'escape'), '\000', 1) AND f.kind = 'money'
    WHERE t.tgname = 'keep_bases' ORDER BY 1, 2
  LOOP
    EXECUTE format(
      'UPDATE %s AS r
       SET derived = rapport_with_bases(r.derived, r.custom, rapport_rate_day(to_jsonb(r)))
       WHERE r.custom ? $1 AND ($2 IS NULL OR r.custom ->> $1 = ANY ($2)) AND r.derived IS DISTINCT
         FROM rapport_with_bases(r.derived, r.custom, rapport_rate_day(to_jsonb(r)))', one.tab)
    USING one.key, codes;
    GET DIAGNOSTICS found = ROW_COUNT;
    count := count + found;
  END LOOP;
  FOR one IN
    SELECT t.tgrelid::regclass AS tab, string_to_array(encode(t.tgargs, 'escape'), '\000') AS columns
    FROM pg_trigger AS t WHERE t.tgname LIKE 'keep\_amount\_%' ORDER BY 1, t.tgname
  LOOP
    worth := format('rapport_in_base(r.%I, r.%I, %s)', one.columns[1], one.columns[2],
      CASE WHEN one.columns[4] = '' THEN 'current_date'
        ELSE format('coalesce(r.%I::date, current_date)', one.columns[4]) END);
    EXECUTE format(
      'UPDATE %1$s AS r SET %4$I = %5$s
       WHERE r.%2$I IS NOT NULL AND ($1 IS NULL OR r.%3$I = ANY ($1))
         AND r.%4$I IS DISTINCT FROM %5$s',
      one.tab, one.columns[1], one.columns[2], one.columns[3], worth)
    USING codes;
    GET DIAGNOSTICS found = ROW_COUNT;
    count := count + found;
  END LOOP;
  PERFORM set_config('rapport.deriving', '', true);
  RETURN count;
END $$;
