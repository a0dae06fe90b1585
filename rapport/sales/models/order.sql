-- Lines of orders: their sums, what their products cost, and that an undo leaves what is confirmed.
CREATE OR REPLACE FUNCTION sales_keep_confirmed_orders(ids uuid[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  IF rapport_is_undo() AND EXISTS (
    SELECT FROM sales_order WHERE id = ANY (ids) AND state <> 'draft') THEN
    RAISE EXCEPTION 'An order that was confirmed stays as it is.' USING ERRCODE = 'check_violation';
  END IF;
END $$;

CREATE OR REPLACE FUNCTION sales_order_lines_new() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE ids uuid[] := ARRAY(SELECT DISTINCT order_id FROM new_rows);
BEGIN
  -- How much of a line was sent changes no sums.
  IF coalesce(current_setting('rapport.deriving', true), '') = 'yes' THEN
    RETURN NULL;
  END IF;
  PERFORM sales_keep_confirmed_orders(ids);
  PERFORM sales_add_up('sales_order', 'sales_orderline', 'order_id', ids);
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION sales_order_lines_gone() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE ids uuid[] := ARRAY(SELECT DISTINCT order_id FROM old_rows);
BEGIN
  PERFORM sales_keep_confirmed_orders(ids);
  PERFORM sales_add_up('sales_order', 'sales_orderline', 'order_id', ids);
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER order_lines_added AFTER INSERT ON sales_orderline
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION sales_order_lines_new();
CREATE OR REPLACE TRIGGER order_lines_changed AFTER UPDATE ON sales_orderline
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION sales_order_lines_new();
CREATE OR REPLACE TRIGGER order_lines_gone AFTER DELETE ON sales_orderline
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION sales_order_lines_gone();
CREATE OR REPLACE TRIGGER order_line_costed BEFORE INSERT OR UPDATE ON sales_orderline
  FOR EACH ROW EXECUTE FUNCTION sales_cost_line('sales_order');
CREATE OR REPLACE TRIGGER order_currency AFTER UPDATE ON sales_order
  FOR EACH ROW WHEN (OLD.currency IS DISTINCT FROM NEW.currency)
  EXECUTE FUNCTION sales_recost_lines('sales_orderline', 'order_id');

-- What follows from the rest of an order. An undo may take its confirmation back, which lets go
-- what is kept for it, but it can't confirm: goods are kept by asking for them anew.
CREATE OR REPLACE FUNCTION sales_derive_order() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE this_year int := extract(year FROM sales_today());
BEGIN
  -- Who trashes it is told so by a gate; an undo passes that.
  IF TG_OP = 'UPDATE' AND rapport_is_undo() AND NEW.deleted_at IS NOT NULL AND OLD.deleted_at IS NULL
     AND EXISTS (SELECT FROM sales_invoice WHERE order_id = NEW.id AND deleted_at IS NULL) THEN
    RAISE EXCEPTION 'An order that is on an invoice is kept.' USING ERRCODE = 'check_violation';
  END IF;
  IF TG_OP = 'UPDATE' AND NEW.deleted_at IS NOT NULL AND OLD.deleted_at IS NULL
     AND NEW.state = 'confirmed' THEN
    NEW.state := 'cancelled';
  END IF;
  IF TG_OP = 'UPDATE' AND rapport_is_undo()
     AND coalesce(current_setting('rapport.deriving', true), '') <> 'yes' THEN
    IF NEW.deleted_at IS NULL AND OLD.deleted_at IS NOT NULL THEN
      NEW.state := OLD.state;
    END IF;
    -- It follows the deliveries, which the undo takes back or sends anew.
    IF NEW.state IN ('confirmed', 'partly_delivered', 'delivered')
       AND OLD.state IN ('confirmed', 'partly_delivered', 'delivered') THEN
      NEW.state := OLD.state;
    END IF;
    IF NEW.state <> OLD.state AND NOT (
       NEW.state IN ('draft', 'cancelled') AND OLD.state IN ('draft', 'confirmed', 'cancelled')
       OR NEW.state = 'delivered' AND OLD.state = 'invoiced') THEN
      RAISE EXCEPTION 'What is kept for an order or was sent is not changed by an undo.'
        USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.state <> 'draft' AND NEW.state <> 'draft'
       AND (OLD.name, OLD.currency, OLD.day, OLD.warehouse_id)
         IS DISTINCT FROM (NEW.name, NEW.currency, NEW.day, NEW.warehouse_id) THEN
      RAISE EXCEPTION 'An order that was confirmed stays as it is.' USING ERRCODE = 'check_violation';
    END IF;
  END IF;
  IF TG_OP = 'INSERT' THEN
    NEW.discount := 0; NEW.net := 0; NEW.tax := 0; NEW.gross := 0;
  END IF;
  IF NEW.currency = '' THEN
    NEW.currency := coalesce(
      (SELECT d.currency FROM sales_deal AS d WHERE d.id = NEW.deal_id),
      (SELECT currency FROM accounts_workspace LIMIT 1), '');
  END IF;
  IF TG_OP = 'INSERT' AND NEW.company_id IS NULL THEN
    NEW.company_id := (SELECT d.company_id FROM sales_deal AS d WHERE d.id = NEW.deal_id);
  END IF;
  NEW.payment_days := coalesce(NEW.payment_days, sales_payment_days(NEW.company_id));
  NEW.to_invoice := CASE WHEN NEW.state IN ('confirmed', 'partly_delivered', 'delivered')
    AND TG_OP = 'UPDATE' THEN sales_to_invoice(NEW.id, NEW.currency) ELSE 0 END;
  IF NEW.state NOT IN ('draft', 'cancelled') AND NEW.number = '' THEN
    NEW.number := 'O-' || this_year || '-'
      || lpad(sales_next_number('order', this_year)::text, 4, '0');
  END IF;
  IF NEW.state IN ('draft', 'cancelled') THEN
    NEW.confirmed_at := NULL;
  ELSIF NEW.confirmed_at IS NULL THEN
    NEW.confirmed_at := now();
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER a_order_derived BEFORE INSERT OR UPDATE ON sales_order
  FOR EACH ROW EXECUTE FUNCTION sales_derive_order();

-- Nothing is kept for an order that is open no more, whoever brought it there.
CREATE OR REPLACE FUNCTION sales_let_go_of_order() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  UPDATE catalog_reservation SET "end" = 'released', ended_at = now(),
    ended_by = nullif(current_setting('rapport.user', true), '')::uuid
  WHERE object = 'order' AND record_id = NEW.id AND "end" = '';
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER order_let_go AFTER UPDATE ON sales_order
  FOR EACH ROW WHEN (OLD.state <> NEW.state AND NEW.state IN ('draft', 'cancelled')
    OR NEW.deleted_at IS NOT NULL AND OLD.deleted_at IS NULL)
  EXECUTE FUNCTION sales_let_go_of_order();
