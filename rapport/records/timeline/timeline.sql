-- Bring the entries of these sources, and the weekly counts they feed, in line with the sources.
-- Counts are moved by what was added and taken, never recounted: two transactions that add to the
-- same week then meet at the row and both count. Everybody is told the same of them, so that what
-- others see nothing of is not counted.
CREATE OR REPLACE FUNCTION rapport_timeline_refresh(ids uuid[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE zone text := coalesce((SELECT timezone FROM accounts_workspace LIMIT 1), 'UTC');
BEGIN
  IF coalesce(cardinality(ids), 0) = 0 THEN
    RETURN;
  END IF;
  WITH gone AS (
    DELETE FROM records_timelineentry WHERE source_id = ANY (ids)
    RETURNING record_id, at, direction, private
  ), come AS (
    INSERT INTO records_timelineentry (
      id, record_id, at, kind, source_id, direction, is_open, private, kept_by
    )
    SELECT uuidv7(), record_id, at, kind, source_id, direction, is_open, private, kept_by
    FROM rapport_timeline_wanted(ids)
    RETURNING record_id, at, direction, private
  ), moved AS (
    SELECT record_id, at, direction, private, -1 AS n FROM gone
    UNION ALL SELECT record_id, at, direction, private, 1 FROM come
  ), net AS (
    SELECT record_id, date_trunc('week', at AT TIME ZONE zone)::date AS week,
           coalesce(sum(n) FILTER (WHERE direction = 'in'), 0) AS inbound,
           coalesce(sum(n) FILTER (WHERE direction = 'out'), 0) AS outbound
    FROM moved WHERE direction <> '' AND private <> 'nothing' GROUP BY 1, 2
  )
  INSERT INTO records_contactweek AS present (record_id, week, inbound, outbound)
  SELECT * FROM net WHERE inbound <> 0 OR outbound <> 0 ORDER BY record_id, week
  ON CONFLICT (record_id, week) DO UPDATE
  SET inbound = present.inbound + excluded.inbound, outbound = present.outbound + excluded.outbound;
END $$;

CREATE OR REPLACE FUNCTION rapport_timeline_rebuild() RETURNS void
LANGUAGE plpgsql AS $$
DECLARE zone text := coalesce((SELECT timezone FROM accounts_workspace LIMIT 1), 'UTC');
BEGIN
  LOCK TABLE records_timelineentry, records_contactweek IN SHARE ROW EXCLUSIVE MODE;
  DELETE FROM records_timelineentry;
  DELETE FROM records_contactweek;
  INSERT INTO records_timelineentry (
    id, record_id, at, kind, source_id, direction, is_open, private, kept_by
  )
  SELECT uuidv7(), record_id, at, kind, source_id, direction, is_open, private, kept_by
  FROM rapport_timeline_all();
  INSERT INTO records_contactweek (record_id, week, inbound, outbound)
  SELECT record_id, date_trunc('week', at AT TIME ZONE zone)::date,
         count(*) FILTER (WHERE direction = 'in'), count(*) FILTER (WHERE direction = 'out')
  FROM records_timelineentry WHERE direction <> '' AND private <> 'nothing' GROUP BY 1, 2;
END $$;

CREATE OR REPLACE FUNCTION rapport_timeline_source_added() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM rapport_timeline_refresh(ARRAY(SELECT id FROM new_rows));
  RETURN NULL;
END $$;

-- Trigger arguments: the columns that an entry is made of.
CREATE OR REPLACE FUNCTION rapport_timeline_source_changed() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM rapport_timeline_refresh(ARRAY(
    SELECT n.id
    FROM (SELECT id, to_jsonb(x) AS j FROM new_rows AS x) AS n
    JOIN (SELECT id, to_jsonb(x) AS j FROM old_rows AS x) AS o USING (id)
    WHERE EXISTS (SELECT FROM unnest(TG_ARGV) AS key WHERE n.j -> key IS DISTINCT FROM o.j -> key)
  ));
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION rapport_timeline_source_removed() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM rapport_timeline_refresh(ARRAY(SELECT id FROM old_rows));
  RETURN NULL;
END $$;

-- Trigger arguments: the roles of links by which a source concerns a record.
CREATE OR REPLACE FUNCTION rapport_timeline_linked() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM rapport_timeline_refresh(
    ARRAY(SELECT DISTINCT from_id FROM new_rows WHERE role = ANY (TG_ARGV))
  );
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION rapport_timeline_unlinked() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM rapport_timeline_refresh(
    ARRAY(SELECT DISTINCT from_id FROM old_rows WHERE role = ANY (TG_ARGV))
  );
  RETURN NULL;
END $$;
