-- What quotes, orders and invoices have in common: sums of their lines, and what lines cost.

-- The sums of documents of one kind after their lines, or their currency, changed.
CREATE OR REPLACE FUNCTION sales_add_up(
  documents regclass, lines regclass, reference text, ids uuid[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  options text := CASE documents::text WHEN 'sales_quote' THEN 'not_chosen = s.not_chosen,' ELSE '' END;
BEGIN
  PERFORM set_config('rapport.deriving', 'yes', true);
  EXECUTE format($sums$
    UPDATE %1$s AS d SET %4$s
      discount = s.discount, net = s.net, tax = s.tax, gross = s.gross,
      cost = s.cost, margin = s.margin, margin_percent = s.margin_percent, taxes = s.taxes
    FROM unnest($1) AS one (id), LATERAL (
      SELECT coalesce(jsonb_agg(to_jsonb(l)), '[]') AS lines
      FROM %2$s AS l WHERE l.%3$I = one.id) AS of_document,
      LATERAL sales_quote_sums(of_document.lines, (SELECT currency FROM %1$s WHERE id = one.id)) AS s
    WHERE d.id = one.id
  $sums$, documents, lines, reference, options) USING ids;
  PERFORM set_config('rapport.deriving', '', true);
END $$;

-- What a line's product costs in the document's currency, as of the day on which it was written.
-- Each kind of document has a statement of its own: they are planned once, not for each line.
CREATE OR REPLACE FUNCTION sales_cost_line() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  code text;
  of_day date;
BEGIN
  IF NEW.product_id IS NULL AND (TG_OP = 'INSERT' OR OLD.product_id IS NULL) THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE' AND NEW.product_id IS NOT DISTINCT FROM OLD.product_id
     AND NEW.cost IS NOT NULL THEN
    RETURN NEW;
  END IF;
  CASE TG_ARGV[0]
    WHEN 'sales_quote' THEN
      SELECT d.currency, d.day INTO code, of_day FROM sales_quote AS d WHERE d.id = NEW.quote_id;
    WHEN 'sales_order' THEN
      SELECT d.currency, d.day INTO code, of_day FROM sales_order AS d WHERE d.id = NEW.order_id;
    WHEN 'sales_invoice' THEN
      SELECT d.currency, d.day INTO code, of_day FROM sales_invoice AS d WHERE d.id = NEW.invoice_id;
  END CASE;
  NEW.cost := (SELECT catalog_in(p.cost, p.currency, code, coalesce(of_day, current_date))
               FROM catalog_product AS p WHERE p.id = NEW.product_id);
  RETURN NEW;
END $$;

-- Another currency has other places to round to, and lines cost something else in it.
CREATE OR REPLACE FUNCTION sales_recost_lines() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('UPDATE %s SET cost = NULL WHERE %I = $1', TG_ARGV[0]::regclass, TG_ARGV[1])
  USING NEW.id;
  RETURN NULL;
END $$;

-- Today where the workspace is.
CREATE OR REPLACE FUNCTION sales_today() RETURNS date
LANGUAGE sql STABLE AS $$
  SELECT (now() AT TIME ZONE coalesce((SELECT timezone FROM accounts_workspace LIMIT 1), 'UTC'))::date
$$;
