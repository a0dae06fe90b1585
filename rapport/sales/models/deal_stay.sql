-- The stays of deals in stages. The open one is where the deal stands: its stage, and its moment
-- `stage_since`. So an undo, which puts both back, ends later stays and opens the earlier one again;
-- it does so column by column, the stage first, and only then is the pair right.
CREATE OR REPLACE FUNCTION sales_add_stays() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO sales_dealstay
    (id, deal_id, stage_id, entered_at, moved_by_id, amount, currency)
  SELECT uuidv7(), d.id, d.stage_id, d.stage_since,
         nullif(current_setting('rapport.user', true), '')::uuid, d.amount, d.currency
  FROM new_rows AS d WHERE d.stage_id IS NOT NULL;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION sales_move_stays() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE moved uuid[] := ARRAY(
  SELECT n.id FROM new_rows AS n JOIN old_rows AS o USING (id)
  WHERE n.stage_since IS DISTINCT FROM o.stage_since
     OR n.stage_id IS DISTINCT FROM o.stage_id AND NOT rapport_is_undo());
BEGIN
  IF moved = '{}' THEN
    RETURN NULL;
  END IF;
  -- What began at that moment or later never was; a move within one act leaves no trace of the
  -- stages passed on the way.
  DELETE FROM sales_dealstay AS s USING new_rows AS d
  WHERE s.deal_id = d.id AND d.id = ANY (moved) AND s.entered_at >= d.stage_since
    AND (s.entered_at, s.stage_id) <> (d.stage_since, d.stage_id);
  -- The moment of a deal that stayed where it was may be set right, by an import say.
  UPDATE sales_dealstay AS s SET entered_at = d.stage_since
  FROM new_rows AS d JOIN old_rows AS o USING (id)
  WHERE s.deal_id = d.id AND d.id = ANY (moved) AND d.stage_id = o.stage_id
    AND s.left_at IS NULL AND s.stage_id = d.stage_id AND s.entered_at = o.stage_since;
  UPDATE sales_dealstay AS s
  SET left_at = CASE WHEN s.entered_at < d.stage_since THEN d.stage_since END
  FROM new_rows AS d
  WHERE s.deal_id = d.id AND d.id = ANY (moved)
    AND (s.left_at IS NULL OR s.left_at >= d.stage_since);
  INSERT INTO sales_dealstay
    (id, deal_id, stage_id, entered_at, moved_by_id, amount, currency)
  SELECT uuidv7(), d.id, d.stage_id, d.stage_since,
         nullif(current_setting('rapport.user', true), '')::uuid, d.amount, d.currency
  FROM new_rows AS d WHERE d.id = ANY (moved) AND d.stage_id IS NOT NULL
  ON CONFLICT (deal_id, entered_at) DO NOTHING;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION sales_drop_stays() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM sales_dealstay AS s USING old_rows AS d WHERE s.deal_id = d.id;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER stays_begun AFTER INSERT ON sales_deal
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION sales_add_stays();
CREATE OR REPLACE TRIGGER stays_moved AFTER UPDATE ON sales_deal
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION sales_move_stays();
CREATE OR REPLACE TRIGGER stays_gone AFTER DELETE ON sales_deal
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION sales_drop_stays();

-- All stays from the log, as far back as it reaches, for deals that were there before stays were
-- kept. What was undone never was.
CREATE OR REPLACE FUNCTION sales_rebuild_stays() RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM sales_dealstay;
  INSERT INTO sales_dealstay
    (id, deal_id, stage_id, entered_at, left_at, moved_by_id, amount, currency)
  SELECT uuidv7(), m.deal, m.stage, m.at, m.until, m.by, m.amount, coalesce(m.currency, '')
  FROM (
    SELECT c.record_id AS deal, (c.new->>'stage_id')::uuid AS stage, s.user_id AS by, a.at,
           lead(a.at) OVER (PARTITION BY c.record_id ORDER BY c.at, c.id) AS until,
           sales_logged(c.record_id, 'amount', c.at, c.id)::numeric AS amount,
           sales_logged(c.record_id, 'currency', c.at, c.id) AS currency
    FROM records_change AS c JOIN records_changeset AS s ON s.id = c.change_set
    CROSS JOIN LATERAL (SELECT coalesce((c.new->>'stage_since')::timestamptz, c.at) AS at) AS a
    WHERE c.table_name = 'sales_deal' AND c.kind IN ('create', 'update')
      AND c.new->>'stage_id' IS NOT NULL AND s.undo_of_id IS NULL AND rapport_stands(s.id)
  ) AS m JOIN sales_deal AS d ON d.id = m.deal
  WHERE m.at < d.stage_since AND (m.until IS NULL OR m.at < m.until)
  ON CONFLICT (deal_id, entered_at) DO NOTHING;
  UPDATE sales_dealstay AS s SET left_at = d.stage_since FROM sales_deal AS d
  WHERE s.deal_id = d.id AND (s.left_at IS NULL OR s.left_at > d.stage_since);
  INSERT INTO sales_dealstay (id, deal_id, stage_id, entered_at, amount, currency)
  SELECT uuidv7(), d.id, d.stage_id, d.stage_since, d.amount, d.currency
  FROM sales_deal AS d WHERE d.stage_id IS NOT NULL AND d.stage_since IS NOT NULL
  ON CONFLICT (deal_id, entered_at) DO NOTHING;
END $$;

-- What the log says a deal's column held at that moment.
CREATE OR REPLACE FUNCTION sales_logged(deal uuid, name text, moment timestamptz, change bigint)
RETURNS text LANGUAGE sql STABLE AS $$
  SELECT c.new->>name FROM records_change AS c
  WHERE c.record_id = deal AND c.table_name = 'sales_deal' AND c.new ? name
    AND (c.at, c.id) <= (moment, change)
  ORDER BY c.at DESC, c.id DESC LIMIT 1
$$;

DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM sales_dealstay) THEN
    PERFORM sales_rebuild_stays();
  END IF;
END $$;
