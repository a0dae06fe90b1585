-- Text without case and accents. unaccent() is only STABLE, so indexes need this wrapper.
CREATE OR REPLACE FUNCTION rapport_fold(value text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN lower(public.unaccent('public.unaccent', value));
END $$;

-- The order of texts: folded, blanks last.
CREATE OR REPLACE FUNCTION rapport_sort(value text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  RETURN coalesce(nullif(lower(public.unaccent('public.unaccent', value)), ''), chr(1114111));
END $$;

CREATE OR REPLACE FUNCTION rapport_sort_all(given text[]) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT coalesce(array_agg(rapport_sort(one)), '{}') FROM unnest(given) AS one
$$;

-- A folded text with the wildcards of LIKE taken literally.
CREATE OR REPLACE FUNCTION rapport_like(value text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN replace(replace(replace(rapport_fold(value), '\', '\\'), '%', '\%'), '_', '\_');
END $$;

-- Whether two names may be one person's: 2 yes, 1 perhaps (some words in common), 0 no.
-- Every word of the shorter name must be a word, or the initial of a word, of the longer.
CREATE OR REPLACE FUNCTION rapport_names_agree(one text, other text) RETURNS int
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  a text[] := regexp_split_to_array(trim(regexp_replace(rapport_fold(coalesce(one, '')), '[^[:alnum:]]+', ' ', 'g')), ' +');
  b text[] := regexp_split_to_array(trim(regexp_replace(rapport_fold(coalesce(other, '')), '[^[:alnum:]]+', ' ', 'g')), ' +');
  c text[];
  common int;
BEGIN
  IF a = b OR a = '{""}' OR b = '{""}' THEN RETURN 2; END IF;
  IF cardinality(a) > cardinality(b) THEN c := a; a := b; b := c; END IF;
  SELECT count(*) INTO common FROM unnest(a) AS word
  WHERE word = ANY (b)
     OR (length(word) = 1 AND EXISTS (SELECT 1 FROM unnest(b) AS w WHERE left(w, 1) = word))
     OR EXISTS (SELECT 1 FROM unnest(b) AS w WHERE length(w) = 1 AND left(word, 1) = w);
  RETURN CASE WHEN common = cardinality(a) AND cardinality(a) > 1 THEN 2 WHEN common > 0 THEN 1 ELSE 0 END;
END $$;

-- The change set of this transaction; a write outside the store has none and is refused.
CREATE OR REPLACE FUNCTION rapport_change_set() RETURNS uuid
LANGUAGE plpgsql STABLE AS $$
DECLARE found text := coalesce(current_setting('rapport.change_set', true), '');
BEGIN
  IF found = '' THEN
    RAISE EXCEPTION 'This write did not go through the store: it has no change set.'
      USING ERRCODE = 'RP001';
  END IF;
  RETURN found::uuid;
END $$;

-- How far the log's numbers of transactions run ahead of the server's. A log restored on another
-- server brings the numbers of the old one along, and new rows must come after them. The restore
-- says how far; otherwise what is there is kept.
DO $$ BEGIN
  IF to_regprocedure('rapport_log_ahead()') IS NULL THEN
    CREATE FUNCTION rapport_log_ahead() RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT 0::bigint';
  END IF;
END $$;

-- The number under which the log knows a transaction. Whoever compares the log with a snapshot
-- asks here.
CREATE OR REPLACE FUNCTION rapport_log_number(given xid8) RETURNS xid8
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT (given::text::bigint + rapport_log_ahead())::text::xid8
$$;

-- Before this number no transaction adds to the log any more.
CREATE OR REPLACE FUNCTION rapport_log_edge() RETURNS xid8
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT rapport_log_number(pg_snapshot_xmin(pg_current_snapshot()))
$$;

-- Whether this transaction puts back what was: triggers that date or count changes stand aside then.
CREATE OR REPLACE FUNCTION rapport_is_undo() RETURNS boolean
LANGUAGE sql STABLE RETURN coalesce(current_setting('rapport.undo', true), '') = 'yes';

CREATE OR REPLACE FUNCTION rapport_touch() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  -- A refresh of derived columns is no change: nobody made it and nobody has to hear of it.
  IF coalesce(current_setting('rapport.deriving', true), '') = 'yes' THEN
    RETURN NEW;
  END IF;
  NEW.version := OLD.version + 1;
  NEW.updated_at := now();
  NEW.updated_by_id := nullif(current_setting('rapport.user', true), '')::uuid;
  RETURN NEW;
END $$;

-- A row without what says nothing in it; the log of new rows is kept so.
CREATE OR REPLACE FUNCTION rapport_filled(given jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM jsonb_each(given)
  WHERE value NOT IN ('null', '""')
$$;

-- New words wait in a list that every search reads through until they are sorted in; bulk work lets
-- that list grow and calls this when it is done, once for each of the lanes it works in. The indexes
-- are the owner's, hence the definer.
CREATE OR REPLACE FUNCTION rapport_settle_searches(lane int, lanes int) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT gin_clean_pending_list(i.oid) FROM (
    SELECT c.oid, row_number() OVER (ORDER BY c.oid) AS place
    FROM pg_class AS c
    JOIN pg_am AS m ON m.oid = c.relam AND m.amname = 'gin'
    JOIN pg_namespace AS n ON n.oid = c.relnamespace AND n.nspname = 'public'
    WHERE c.relkind = 'i'
  ) AS i WHERE i.place % lanes = lane;
$$;

-- What the database knows of an index that lists are ordered by: how many rows it holds, and keys that
-- lie as far apart as the next ones. What it knows of indexes it tells their owner only.
CREATE OR REPLACE FUNCTION rapport_order(index_name text, OUT entries bigint, OUT bounds text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT c.reltuples::bigint, s.histogram_bounds::text::text[]
  FROM pg_class AS c
  JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = 1
  LEFT JOIN pg_stats AS s
    ON s.schemaname = 'public' AND s.tablename = c.relname AND s.attname = a.attname
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'i' AND c.relname = index_name
    AND starts_with(c.relname, 'rx_')
$$;
