-- Where a deal stands in the forecast: where it says, else its stage, else by the stage's chance.
CREATE OR REPLACE FUNCTION sales_category(own text, of_stage text, chance numeric) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(nullif(own, ''), nullif(of_stage, ''), CASE
    WHEN chance >= 90 THEN 'commit' WHEN chance >= 60 THEN 'best_case' ELSE 'pipeline' END)
$$;

-- How all open deals stand now.
CREATE OR REPLACE FUNCTION sales_standing_now() RETURNS TABLE (
  deal_id uuid, owner_id uuid, stage_id uuid, close_date date, category text,
  probability numeric, amount numeric, currency text, amount_base numeric)
LANGUAGE sql STABLE AS $$
  SELECT d.id, d.owner_id, d.stage_id, d.close_date,
         sales_category(d.forecast, s.forecast, s.probability),
         d.probability, d.amount, d.currency, d.amount_base
  FROM sales_deal AS d LEFT JOIN sales_stage AS s ON s.id = d.stage_id
  WHERE d.state = 'open' AND d.deleted_at IS NULL
$$;

-- Keep how open deals stand on a day; false if that day, or a later one, is kept already.
-- What nothing asks for any more goes.
CREATE OR REPLACE FUNCTION sales_take_snapshot(on_day date) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('sales_take_snapshot'));
  IF EXISTS (SELECT FROM sales_forecastsnapshot WHERE day >= on_day) THEN
    RETURN false;
  END IF;
  INSERT INTO sales_forecastsnapshot (day, taken_at) VALUES (on_day, clock_timestamp());
  UPDATE sales_dealstanding AS s SET until = on_day
  WHERE s.until IS NULL AND NOT EXISTS (
    SELECT FROM sales_standing_now() AS n
    WHERE n.deal_id = s.deal_id
      AND (n.owner_id, n.stage_id, n.close_date, n.category, n.probability, n.amount, n.currency,
           n.amount_base)
          IS NOT DISTINCT FROM
          (s.owner_id, s.stage_id, s.close_date, s.category, s.probability, s.amount, s.currency,
           s.amount_base));
  INSERT INTO sales_dealstanding
    (id, deal_id, owner_id, stage_id, close_date, category, probability, amount, currency,
     amount_base, since)
  SELECT uuidv7(), n.*, on_day FROM sales_standing_now() AS n
  WHERE NOT EXISTS (
    SELECT FROM sales_dealstanding AS s WHERE s.deal_id = n.deal_id AND s.until IS NULL);
  DELETE FROM sales_dealstanding WHERE until < on_day - interval '3 years';
  DELETE FROM sales_forecastsnapshot WHERE day < on_day - interval '3 years';
  RETURN true;
END $$;

CREATE OR REPLACE FUNCTION sales_drop_standings() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM sales_dealstanding AS s USING old_rows AS d WHERE s.deal_id = d.id;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER standings_gone AFTER DELETE ON sales_deal
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION sales_drop_standings();

-- Another currency of the workspace counts for what was kept as well, at the rates of its days.
CREATE OR REPLACE FUNCTION sales_standings_in_base() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  UPDATE sales_dealstanding SET amount_base = rapport_in_base(amount, currency, since);
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER standings_currency_changed AFTER UPDATE ON accounts_workspace
  FOR EACH ROW WHEN (OLD.currency IS DISTINCT FROM NEW.currency)
  EXECUTE FUNCTION sales_standings_in_base();
