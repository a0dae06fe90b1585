-- Invoices: their numbers, what is paid of them, and what of an order is on one.

-- An invoice that was issued stays as it is, whoever writes; what is written in the transaction that
-- issues it belongs to it. An undo leaves those of our own numbers, whenever it comes.
CREATE OR REPLACE FUNCTION sales_is_fixed(number text, issued_at timestamptz) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT number <> '' AND CASE WHEN rapport_is_undo() THEN number ~ '^[IC]-[0-9]{4}-[0-9]{4,}$'
    ELSE issued_at IS DISTINCT FROM now() END
$$;

CREATE OR REPLACE FUNCTION sales_keep_issued(ids uuid[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM sales_invoice WHERE id = ANY (ids) AND sales_is_fixed(number, issued_at)) THEN
    RAISE EXCEPTION 'An invoice that was issued stays as it is.'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'invoice_issued_stays';
  END IF;
END $$;

-- How much of each line of orders is on invoices, drafts too: what two people bill at the same
-- moment is counted one after the other, and refused where it is more than was ordered.
CREATE OR REPLACE FUNCTION sales_count_invoiced(orders uuid[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  IF orders IS NULL OR cardinality(orders) = 0 THEN
    RETURN;
  END IF;
  PERFORM FROM sales_order WHERE id = ANY (orders) ORDER BY id FOR NO KEY UPDATE;
  PERFORM set_config('rapport.deriving', 'yes', true);
  UPDATE sales_orderline AS l SET invoiced = f.invoiced
  FROM (
    SELECT o.id, coalesce(sum(b.quantity) FILTER (WHERE i.id IS NOT NULL), 0) AS invoiced
    FROM sales_orderline AS o
    LEFT JOIN sales_invoice AS i ON i.order_id = o.order_id AND i.deleted_at IS NULL
      AND i.cancelled_at IS NULL AND i.kind = 'invoice'
    LEFT JOIN sales_invoiceline AS b ON b.invoice_id = i.id AND b.sort = 'line'
      AND b.order_line = o.position + 1
    WHERE o.order_id = ANY (orders) GROUP BY o.id
  ) AS f
  WHERE l.id = f.id AND l.invoiced <> f.invoiced;
  -- An order is invoiced once all that was delivered is on invoices that left the house.
  UPDATE sales_order AS o SET state = f.state
  FROM (
    SELECT l.order_id, CASE WHEN bool_and(l.invoiced >= l.quantity) AND NOT EXISTS (
      SELECT FROM sales_invoice AS i WHERE i.order_id = l.order_id AND i.deleted_at IS NULL
        AND i.number = '') THEN 'invoiced' ELSE 'delivered' END AS state
    FROM sales_orderline AS l
    WHERE l.sort = 'line' AND l.order_id = ANY (orders)
    GROUP BY l.order_id
  ) AS f
  WHERE o.id = f.order_id AND o.state IN ('delivered', 'invoiced');
  UPDATE sales_order SET to_invoice = NULL
  WHERE id = ANY (orders) AND state NOT IN ('delivered', 'invoiced');
  PERFORM set_config('rapport.deriving', '', true);
END $$;

-- What was delivered of an order and is on no invoice, before tax.
CREATE OR REPLACE FUNCTION sales_to_invoice(about uuid, code text) RETURNS numeric
LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN (SELECT coalesce(sum(s.net), 0) FROM (
    SELECT jsonb_agg(jsonb_build_object('sort', 'line', 'price', l.price, 'discount', l.discount,
      'quantity', greatest(l.delivered - l.invoiced, 0))) AS rest
    FROM sales_orderline AS l WHERE l.order_id = about AND l.sort = 'line'
  ) AS lines, LATERAL sales_quote_sums(coalesce(lines.rest, '[]'), code) AS s);
END $$;

-- The gates of the store say it in better words; this is for whoever writes past them.
CREATE OR REPLACE FUNCTION sales_refuse_invoiced() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM sales_orderline WHERE id = NEW.id AND invoiced > quantity) THEN
    RAISE EXCEPTION 'No more is invoiced than was ordered.' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS order_line_within ON sales_orderline;
CREATE CONSTRAINT TRIGGER order_line_within AFTER UPDATE ON sales_orderline
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.invoiced > NEW.quantity)
  EXECUTE FUNCTION sales_refuse_invoiced();

CREATE OR REPLACE FUNCTION sales_invoice_lines_new() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE ids uuid[] := ARRAY(SELECT DISTINCT invoice_id FROM new_rows);
BEGIN
  PERFORM sales_keep_issued(ids);
  PERFORM sales_add_up('sales_invoice', 'sales_invoiceline', 'invoice_id', ids);
  PERFORM sales_count_invoiced(ARRAY(
    SELECT DISTINCT order_id FROM sales_invoice WHERE id = ANY (ids) AND order_id IS NOT NULL));
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION sales_invoice_lines_gone() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE ids uuid[] := ARRAY(SELECT DISTINCT invoice_id FROM old_rows);
BEGIN
  PERFORM sales_keep_issued(ids);
  PERFORM sales_add_up('sales_invoice', 'sales_invoiceline', 'invoice_id', ids);
  PERFORM sales_count_invoiced(ARRAY(
    SELECT DISTINCT order_id FROM sales_invoice WHERE id = ANY (ids) AND order_id IS NOT NULL));
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER invoice_lines_added AFTER INSERT ON sales_invoiceline
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION sales_invoice_lines_new();
-- A product that is purged leaves its lines as they are: they say its name themselves.
CREATE OR REPLACE TRIGGER invoice_lines_gone AFTER DELETE ON sales_invoiceline
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION sales_invoice_lines_gone();

CREATE OR REPLACE FUNCTION sales_invoice_line_changed() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM sales_keep_issued(ARRAY[NEW.invoice_id]);
  PERFORM sales_add_up('sales_invoice', 'sales_invoiceline', 'invoice_id', ARRAY[NEW.invoice_id]);
  PERFORM sales_count_invoiced(ARRAY(
    SELECT order_id FROM sales_invoice WHERE id = NEW.invoice_id AND order_id IS NOT NULL));
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER invoice_line_changed AFTER UPDATE ON sales_invoiceline FOR EACH ROW
  WHEN ((OLD.position, OLD.name, OLD.sort, OLD.quantity, OLD.unit, OLD.price, OLD.discount, OLD.tax,
      OLD.note, OLD.order_line)
    IS DISTINCT FROM (NEW.position, NEW.name, NEW.sort, NEW.quantity, NEW.unit, NEW.price,
      NEW.discount, NEW.tax, NEW.note, NEW.order_line))
  EXECUTE FUNCTION sales_invoice_line_changed();

CREATE OR REPLACE FUNCTION sales_invoice_line_recosted() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM sales_add_up('sales_invoice', 'sales_invoiceline', 'invoice_id', ARRAY[NEW.invoice_id]);
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER invoice_line_recosted AFTER UPDATE ON sales_invoiceline FOR EACH ROW
  WHEN (OLD.cost IS DISTINCT FROM NEW.cost)
  EXECUTE FUNCTION sales_invoice_line_recosted();

CREATE OR REPLACE TRIGGER invoice_line_costed BEFORE INSERT OR UPDATE ON sales_invoiceline
  FOR EACH ROW EXECUTE FUNCTION sales_cost_line('sales_invoice');
CREATE OR REPLACE TRIGGER invoice_currency AFTER UPDATE ON sales_invoice
  FOR EACH ROW WHEN (OLD.currency IS DISTINCT FROM NEW.currency)
  EXECUTE FUNCTION sales_recost_lines('sales_invoiceline', 'invoice_id');

-- Within how many days a customer pays: as was agreed with the company, else as the firm wants it.
CREATE OR REPLACE FUNCTION sales_payment_days(company uuid) RETURNS int
LANGUAGE sql STABLE AS $$
  SELECT coalesce(
    (SELECT t.payment_days FROM sales_companyterms AS t WHERE t.company_id = company),
    (SELECT payment_days FROM accounts_letterhead LIMIT 1), 30)
$$;

-- The number of an invoice that is issued; what a file brings in the form of ours moves the series
-- on, so that the next one is the next.
CREATE OR REPLACE FUNCTION sales_invoice_number(kind text, given text, today date) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
  series text := CASE kind WHEN 'credit' THEN 'credit_note' ELSE 'invoice' END;
  letter text := CASE kind WHEN 'credit' THEN 'C' ELSE 'I' END;
  this_year int := extract(year FROM today);
BEGIN
  IF given = '' THEN
    RETURN letter || '-' || this_year || '-'
      || lpad(sales_next_number(series, this_year)::text, 4, '0');
  END IF;
  IF given ~ ('^' || letter || '-[0-9]{4}-[0-9]{4,9}$') THEN
    INSERT INTO sales_numberseries AS s (id, document, year, last)
    VALUES (gen_random_uuid(), series, split_part(given, '-', 2)::int, split_part(given, '-', 3)::int)
    ON CONFLICT (document, year) DO UPDATE SET last = greatest(s.last, EXCLUDED.last);
  END IF;
  RETURN given;
END $$;

CREATE OR REPLACE FUNCTION sales_comes_by_file() RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM records_changeset
    WHERE id = nullif(current_setting('rapport.change_set', true), '')::uuid AND via = 'import')
$$;

CREATE OR REPLACE FUNCTION sales_derive_invoice() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE today date := sales_today();
BEGIN
  IF TG_OP = 'UPDATE' AND sales_is_fixed(OLD.number, OLD.issued_at)
     AND ((OLD.name, OLD.kind, OLD.order_id, OLD.credits_id, OLD.currency, OLD.day, OLD.payment_days,
           OLD.due, OLD.reference, OLD.language, OLD.bill_to, OLD.terms)
         IS DISTINCT FROM (NEW.name, NEW.kind, NEW.order_id, NEW.credits_id, NEW.currency, NEW.day,
           NEW.payment_days, NEW.due, NEW.reference, NEW.language, NEW.bill_to, NEW.terms)
       OR OLD.number <> NEW.number OR NEW.state = 'draft'
       OR OLD.cancelled_at IS NOT NULL AND NEW.cancelled_at IS NULL) THEN
    RAISE EXCEPTION 'An invoice that was issued stays as it is.'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'invoice_issued_stays';
  END IF;
  IF TG_OP = 'INSERT' THEN
    NEW.discount := 0; NEW.net := 0; NEW.tax := 0; NEW.gross := 0; NEW.paid := 0;
    NEW.disputed := 0; NEW.credited := 0;
    IF NEW.company_id IS NULL AND NEW.order_id IS NOT NULL THEN
      NEW.company_id := (SELECT o.company_id FROM sales_order AS o WHERE o.id = NEW.order_id);
    END IF;
    IF NEW.state = 'cancelled' AND NEW.number <> '' THEN
      NEW.cancelled_at := coalesce(NEW.cancelled_at, now());
    END IF;
  END IF;
  IF NEW.currency = '' THEN
    NEW.currency := coalesce(
      (SELECT o.currency FROM sales_order AS o WHERE o.id = NEW.order_id),
      (SELECT currency FROM accounts_workspace LIMIT 1), '');
  END IF;
  IF NEW.language = '' THEN
    NEW.language := sales_language_of(NEW.person_id);
  END IF;
  IF NEW.payment_days IS NULL THEN
    NEW.payment_days := coalesce(
      (SELECT o.payment_days FROM sales_order AS o WHERE o.id = NEW.order_id),
      sales_payment_days(NEW.company_id));
  END IF;
  -- Our numbers are given to what is issued here; a row of a file brings its own or is a draft.
  IF NEW.number = '' AND sales_comes_by_file() THEN
    NEW.state := 'draft';
  END IF;
  IF NEW.issued_at IS NULL AND (NEW.state <> 'draft' OR NEW.number <> '') THEN
    IF NEW.number = '' THEN
      NEW.day := today;
    END IF;
    NEW.number := sales_invoice_number(NEW.kind, NEW.number, today);
    NEW.due := coalesce(CASE WHEN NEW.number !~ '^[IC]-' THEN NEW.due END, NEW.day + NEW.payment_days::int);
    NEW.issued_at := now();
  ELSIF NEW.number = '' THEN
    NEW.due := NEW.day + NEW.payment_days::int;
  END IF;
  IF NEW.kind = 'invoice' AND NEW.number <> '' AND NEW.gross > 0 AND NEW.credited >= NEW.gross THEN
    NEW.cancelled_at := coalesce(NEW.cancelled_at, now());
  END IF;
  NEW.open_amount := CASE
    WHEN NEW.number = '' OR NEW.kind = 'credit' THEN 0
    WHEN NEW.cancelled_at IS NOT NULL THEN -NEW.paid
    ELSE NEW.gross - NEW.paid - coalesce(NEW.credited, 0) END;
  NEW.state := CASE
    WHEN NEW.number = '' THEN 'draft'
    WHEN NEW.cancelled_at IS NOT NULL THEN 'cancelled'
    WHEN NEW.kind = 'credit' THEN 'issued'
    WHEN NEW.open_amount <= 0 THEN 'paid'
    WHEN NEW.paid > 0 THEN 'partly_paid' ELSE 'issued' END;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER a_invoice_derived BEFORE INSERT OR UPDATE ON sales_invoice
  FOR EACH ROW EXECUTE FUNCTION sales_derive_invoice();

-- What credit notes take back of their invoice; whoever issues one waits for the others of it.
CREATE OR REPLACE FUNCTION sales_follow_credits() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE was text := coalesce(current_setting('rapport.deriving', true), '');
BEGIN
  PERFORM FROM sales_invoice WHERE id = NEW.credits_id FOR NO KEY UPDATE;
  PERFORM set_config('rapport.deriving', 'yes', true);
  UPDATE sales_invoice AS i SET credited = -coalesce((
    SELECT sum(n.gross) FROM sales_invoice AS n
    WHERE n.credits_id = i.id AND n.kind = 'credit' AND n.number <> '' AND n.deleted_at IS NULL), 0)
  WHERE i.id = NEW.credits_id;
  PERFORM set_config('rapport.deriving', was, true);
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER invoice_credited AFTER INSERT OR UPDATE ON sales_invoice FOR EACH ROW
  WHEN (NEW.kind = 'credit' AND NEW.credits_id IS NOT NULL AND NEW.number <> '')
  EXECUTE FUNCTION sales_follow_credits();

-- What becomes of an invoice changes what is left to bill of its order.
CREATE OR REPLACE FUNCTION sales_recount_order() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM sales_count_invoiced(ARRAY(
    SELECT DISTINCT o FROM unnest(ARRAY[OLD.order_id, NEW.order_id]) AS o WHERE o IS NOT NULL));
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER invoice_recounts AFTER UPDATE ON sales_invoice FOR EACH ROW
  WHEN ((OLD.number, OLD.cancelled_at, OLD.deleted_at, OLD.order_id, OLD.kind)
    IS DISTINCT FROM (NEW.number, NEW.cancelled_at, NEW.deleted_at, NEW.order_id, NEW.kind))
  EXECUTE FUNCTION sales_recount_order();
CREATE OR REPLACE TRIGGER invoice_gone AFTER DELETE ON sales_invoice FOR EACH ROW
  WHEN (OLD.order_id IS NOT NULL) EXECUTE FUNCTION sales_recount_order();

CREATE OR REPLACE FUNCTION sales_keep_invoice() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'An invoice that was issued is not deleted.'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'invoice_issued_stays';
END $$;

CREATE OR REPLACE TRIGGER invoice_kept BEFORE DELETE ON sales_invoice FOR EACH ROW
  WHEN (OLD.number ~ '^[IC]-[0-9]{4}-[0-9]{4,}$') EXECUTE FUNCTION sales_keep_invoice();

-- Payments: whoever registers one waits for the others of its invoice, and the state follows.
CREATE OR REPLACE FUNCTION sales_follow_payments() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE ids uuid[] := ARRAY(SELECT DISTINCT invoice_id FROM changed ORDER BY 1);
BEGIN
  PERFORM FROM sales_invoice WHERE id = ANY (ids) ORDER BY id FOR NO KEY UPDATE;
  IF EXISTS (SELECT FROM sales_invoice AS i WHERE i.id = ANY (ids) AND (i.number = '' OR i.kind = 'credit')
      AND EXISTS (SELECT FROM sales_invoicepayment AS p WHERE p.invoice_id = i.id)) THEN
    RAISE EXCEPTION 'Only what was issued is paid.'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'invoice_payment_issued';
  END IF;
  PERFORM set_config('rapport.deriving', 'yes', true);
  UPDATE sales_invoice AS i SET paid = coalesce(
    (SELECT sum(p.amount) FROM sales_invoicepayment AS p WHERE p.invoice_id = i.id), 0)
  WHERE i.id = ANY (ids);
  PERFORM set_config('rapport.deriving', '', true);
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER payment_added AFTER INSERT ON sales_invoicepayment
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION sales_follow_payments();
CREATE OR REPLACE TRIGGER payment_changed AFTER UPDATE ON sales_invoicepayment
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION sales_follow_payments();
CREATE OR REPLACE TRIGGER payment_gone AFTER DELETE ON sales_invoicepayment
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION sales_follow_payments();

-- What was ordered and is on no invoice, tax included, in the workspace's currency.
CREATE OR REPLACE FUNCTION sales_unbilled(about uuid) RETURNS numeric
LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN (
    SELECT coalesce(rapport_in_base(s.gross, o.currency, current_date), 0)
    FROM sales_order AS o, LATERAL (
      SELECT jsonb_agg(jsonb_build_object('sort', 'line', 'price', l.price, 'discount', l.discount,
        'tax', l.tax, 'quantity', greatest(l.quantity - l.invoiced, 0))) AS rest
      FROM sales_orderline AS l WHERE l.order_id = o.id AND l.sort = 'line'
    ) AS lines, LATERAL sales_quote_sums(coalesce(lines.rest, '[]'), o.currency) AS s
    WHERE o.id = about AND o.state IN ('confirmed', 'partly_delivered', 'delivered'));
END $$;

-- What a company owes and will owe: open invoices, those in the making, and what is ordered besides.
CREATE OR REPLACE FUNCTION sales_exposure(customer uuid) RETURNS numeric
LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN coalesce((
    SELECT sum(CASE WHEN i.number = '' THEN rapport_in_base(i.gross, i.currency, current_date)
      ELSE i.open_base END)
    FROM sales_invoice AS i WHERE i.company_id = customer AND i.deleted_at IS NULL
      AND (i.open_amount > 0 OR i.number = '' AND i.order_id IS NOT NULL)), 0)
  + coalesce((
    SELECT sum(sales_unbilled(o.id)) FROM sales_order AS o
    WHERE o.company_id = customer AND o.deleted_at IS NULL
      AND o.state IN ('confirmed', 'partly_delivered', 'delivered')), 0);
END $$;
