-- What one amount is worth in the workspace's currency at a day's rate; NULL when no rate is known.
-- It takes the place of the engine's own, which knows no rates.
CREATE OR REPLACE FUNCTION rapport_in_base(amount numeric, code text, on_day date) RETURNS numeric
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN amount IS NULL THEN NULL
    WHEN code = '' OR code = (SELECT currency FROM accounts_workspace LIMIT 1) THEN amount
    ELSE round(amount * (
      SELECT r.rate FROM sales_exchangerate AS r
      WHERE r.currency = code AND r.day <= on_day AND r.deleted_at IS NULL
      ORDER BY r.day DESC LIMIT 1), 2)
  END
$$;

-- What a deal's row and its stage decide. The state follows always; the
-- moments and the probability only when somebody moves the deal, not when an undo puts it back.
CREATE OR REPLACE FUNCTION sales_derive_deal() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  moved boolean := TG_OP = 'INSERT';
  found sales_stage%ROWTYPE;
BEGIN
  IF NEW.currency = '' THEN
    NEW.currency := coalesce((SELECT currency FROM accounts_workspace LIMIT 1), '');
  END IF;
  IF TG_OP = 'UPDATE' THEN
    moved := NEW.stage_id IS DISTINCT FROM OLD.stage_id AND NOT rapport_is_undo();
    IF NEW.pipeline_id IS DISTINCT FROM OLD.pipeline_id AND NOT rapport_is_undo()
       AND NEW.stage_id IS NOT DISTINCT FROM OLD.stage_id THEN
      NEW.stage_id := NULL;
      moved := true;
    END IF;
  END IF;
  IF NEW.stage_id IS NULL AND NOT rapport_is_undo() THEN
    NEW.stage_id := (
      SELECT s.id FROM sales_stage AS s JOIN sales_pipeline AS p ON p.id = s.pipeline_id
      WHERE s.deleted_at IS NULL AND p.deleted_at IS NULL AND s.state = 'open'
        AND (NEW.pipeline_id IS NULL OR s.pipeline_id = NEW.pipeline_id)
      ORDER BY p.position, p.id, s.position, s.id LIMIT 1);
  END IF;
  SELECT * INTO found FROM sales_stage WHERE id = NEW.stage_id;
  NEW.state := coalesce(found.state, 'open');
  IF moved THEN
    NEW.pipeline_id := coalesce(found.pipeline_id, NEW.pipeline_id);
    NEW.stage_since := CASE WHEN TG_OP = 'INSERT' THEN coalesce(NEW.stage_since, now()) ELSE now() END;
    IF TG_OP = 'INSERT' THEN
      NEW.probability := coalesce(NEW.probability, found.probability, 0);
    ELSIF NEW.probability IS NOT DISTINCT FROM OLD.probability THEN
      NEW.probability := coalesce(found.probability, 0);
    END IF;
    IF NEW.state = 'open' THEN
      NEW.closed_at := NULL;
    ELSIF TG_OP = 'INSERT' THEN
      -- At noon, so that it is the same day for nearly everybody.
      NEW.closed_at := coalesce(NEW.closed_at, least(now(), (NEW.close_date + time '12:00')
        AT TIME ZONE coalesce((SELECT timezone FROM accounts_workspace LIMIT 1), 'UTC')));
    ELSIF NEW.closed_at IS NOT DISTINCT FROM OLD.closed_at THEN
      NEW.closed_at := now();
    END IF;
    IF NEW.state <> 'won' THEN
      NEW.won_reason := '';
    END IF;
    IF NEW.state <> 'lost' THEN
      NEW.lost_reason := '';
      NEW.lost_note := '';
    END IF;
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER deal_derived BEFORE INSERT OR UPDATE ON sales_deal
  FOR EACH ROW EXECUTE FUNCTION sales_derive_deal();

-- Base amounts after a rate or the workspace's currency changed, those of every domain.
DROP FUNCTION IF EXISTS sales_refresh_base(text[]);

CREATE OR REPLACE FUNCTION sales_rate_changed() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM rapport_refresh_bases(ARRAY(SELECT DISTINCT currency FROM new_rows));
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION sales_currency_changed() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM rapport_refresh_bases(NULL);
  RETURN NULL;
END $$;

-- The pipeline's words and chances may be edited: a stage's state is then that of its deals.
CREATE OR REPLACE FUNCTION sales_stage_changed() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('rapport.deriving', 'yes', true);
  UPDATE sales_deal AS d SET state = n.state
  FROM new_rows AS n WHERE d.stage_id = n.id AND d.state <> n.state;
  PERFORM set_config('rapport.deriving', '', true);
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER rate_added AFTER INSERT ON sales_exchangerate
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION sales_rate_changed();
CREATE OR REPLACE TRIGGER rate_changed AFTER UPDATE ON sales_exchangerate
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION sales_rate_changed();
CREATE OR REPLACE TRIGGER currency_changed AFTER UPDATE ON accounts_workspace
  FOR EACH ROW WHEN (OLD.currency IS DISTINCT FROM NEW.currency)
  EXECUTE FUNCTION sales_currency_changed();
CREATE OR REPLACE TRIGGER stage_changed AFTER UPDATE ON sales_stage
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION sales_stage_changed();

-- A lead from which a deal came is converted from that moment on.
CREATE OR REPLACE FUNCTION sales_lead_converted() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF NOT rapport_is_undo() THEN
    UPDATE contacts_lead AS l SET converted_at = now()
    FROM new_rows AS d WHERE l.id = d.lead_id AND l.converted_at IS NULL;
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER lead_converted AFTER INSERT ON sales_deal
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION sales_lead_converted();
