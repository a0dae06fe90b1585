-- What a customer signed stays as it was signed. It goes with its quote alone, once that is purged.
CREATE OR REPLACE FUNCTION sales_keep_decision() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND NOT EXISTS (SELECT FROM sales_quote WHERE id = OLD.quote_id) THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'What a customer decided stays as it is.' USING ERRCODE = 'check_violation';
END $$;

CREATE OR REPLACE TRIGGER quote_decision_kept BEFORE UPDATE OR DELETE ON sales_quotedecision
  FOR EACH ROW EXECUTE FUNCTION sales_keep_decision();

-- Nor does a quote become something else than what its customer made of it, by an undo neither.
CREATE OR REPLACE FUNCTION sales_keep_decided_state() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM sales_quotedecision WHERE quote_id = OLD.id) THEN
    RAISE EXCEPTION 'What a customer decided stays as it is.' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER quote_state_kept BEFORE UPDATE ON sales_quote
  FOR EACH ROW WHEN (OLD.state IN ('accepted', 'declined') AND OLD.state IS DISTINCT FROM NEW.state)
  EXECUTE FUNCTION sales_keep_decided_state();
