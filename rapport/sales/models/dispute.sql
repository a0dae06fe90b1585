-- A dispute is of the company of its invoice, and in its currency; the invoice shows what is disputed.
CREATE OR REPLACE FUNCTION sales_derive_dispute() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' OR NEW.invoice_id <> OLD.invoice_id THEN
    SELECT i.company_id, coalesce(nullif(NEW.currency, ''), i.currency)
    INTO NEW.company_id, NEW.currency FROM sales_invoice AS i WHERE i.id = NEW.invoice_id;
  END IF;
  NEW.currency := coalesce(NEW.currency, '');
  IF NEW.state NOT IN ('settled', 'rejected') THEN
    NEW.ended_at := NULL;
  ELSIF NEW.ended_at IS NULL THEN
    NEW.ended_at := now();
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER a_dispute_derived BEFORE INSERT OR UPDATE ON sales_dispute
  FOR EACH ROW EXECUTE FUNCTION sales_derive_dispute();

CREATE OR REPLACE FUNCTION sales_count_disputed() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE ids uuid[] := ARRAY(SELECT DISTINCT i FROM unnest(ARRAY[OLD.invoice_id, NEW.invoice_id]) AS i
  WHERE i IS NOT NULL ORDER BY i);
BEGIN
  PERFORM FROM sales_invoice WHERE id = ANY (ids) ORDER BY id FOR NO KEY UPDATE;
  PERFORM set_config('rapport.deriving', 'yes', true);
  UPDATE sales_invoice AS i SET disputed = coalesce((
    SELECT sum(d.amount) FROM sales_dispute AS d
    WHERE d.invoice_id = i.id AND d.deleted_at IS NULL AND d.state NOT IN ('settled', 'rejected')), 0)
  WHERE i.id = ANY (ids);
  PERFORM set_config('rapport.deriving', '', true);
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER dispute_counts AFTER INSERT OR UPDATE OR DELETE ON sales_dispute
  FOR EACH ROW EXECUTE FUNCTION sales_count_disputed();
