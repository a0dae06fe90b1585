-- What the lines of a quote, an order or an invoice come to: the one place where it is worked out,
-- for what is stored and for what somebody types. A line is quantity times price less its discount, rounded to the
-- currency's own places, half away from zero; tax is worked out once for each rate, of the sum of
-- its lines, and rounded so. Options and alternatives count if they are chosen.
CREATE OR REPLACE FUNCTION sales_quote_sums(lines jsonb, code text) RETURNS TABLE (
  discount numeric, net numeric, tax numeric, gross numeric, not_chosen numeric,
  cost numeric, margin numeric, margin_percent numeric, taxes jsonb)
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  WITH places AS (
    SELECT CASE WHEN code = ANY ('{BIF,CLP,DJF,GNF,ISK,JPY,KMF,KRW,PYG,RWF,UGX,UYI,VND,VUV,XAF,XOF,XPF}')
           THEN 0 ELSE 2 END AS n
  ), amounts AS (
    SELECT round(l.quantity * coalesce(l.price, 0), n) AS listed,
           round(l.quantity * coalesce(l.price, 0) * (100 - coalesce(l.discount, 0)) / 100, n) AS net,
           round(l.quantity * l.cost, n) AS cost,
           coalesce(l.tax, 0) AS rate,
           coalesce(l.is_chosen, false)
             OR NOT (coalesce(l.is_optional, false) OR coalesce(l.alternative, '') <> '') AS counts
    FROM jsonb_to_recordset(lines) AS l (
      sort text, quantity numeric, price numeric, discount numeric, tax numeric, cost numeric,
      is_optional boolean, alternative text, is_chosen boolean), places
    WHERE l.sort = 'line'
  ), rates AS (
    SELECT rate, sum(net) AS net, round(sum(net) * rate / 100, (SELECT n FROM places)) AS tax
    FROM amounts WHERE counts GROUP BY rate
  ), sums AS (
    SELECT coalesce(sum(listed - net) FILTER (WHERE counts), 0) AS discount,
           coalesce(sum(net) FILTER (WHERE counts), 0) AS net,
           coalesce(sum(net) FILTER (WHERE NOT counts), 0) AS not_chosen,
           sum(amounts.cost) FILTER (WHERE counts) AS cost,
           sum(net) FILTER (WHERE counts AND amounts.cost IS NOT NULL) AS costed
    FROM amounts
  )
  SELECT s.discount, s.net, t.tax, s.net + t.tax, s.not_chosen, s.cost, s.costed - s.cost,
         CASE WHEN s.costed <> 0 AND abs(s.costed - s.cost) < abs(s.costed) * 9999
              THEN round((s.costed - s.cost) * 100 / s.costed, 2) END,
         t.taxes
  FROM sums AS s, LATERAL (
    SELECT coalesce(sum(r.tax), 0) AS tax,
           coalesce(jsonb_agg(jsonb_build_object('percent', r.rate::text, 'net', r.net::text,
             'tax', r.tax::text) ORDER BY r.rate DESC), '[]') AS taxes
    FROM rates AS r) AS t
$$;

-- An undo writes past the gates of the store: what the customer was sent stays as it is there, too.
CREATE OR REPLACE FUNCTION sales_keep_sent_quotes(ids uuid[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  IF rapport_is_undo() AND EXISTS (
    SELECT FROM sales_quote WHERE id = ANY (ids) AND state <> 'draft') THEN
    RAISE EXCEPTION 'A quote that was sent stays as it is.' USING ERRCODE = 'check_violation';
  END IF;
END $$;

CREATE OR REPLACE FUNCTION sales_quote_lines_new() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM sales_keep_sent_quotes(ARRAY(SELECT DISTINCT quote_id FROM new_rows));
  PERFORM sales_add_up('sales_quote', 'sales_quoteline', 'quote_id',
    ARRAY(SELECT DISTINCT quote_id FROM new_rows));
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION sales_quote_lines_gone() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM sales_keep_sent_quotes(ARRAY(SELECT DISTINCT quote_id FROM old_rows));
  PERFORM sales_add_up('sales_quote', 'sales_quoteline', 'quote_id',
    ARRAY(SELECT DISTINCT quote_id FROM old_rows));
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER quote_lines_added AFTER INSERT ON sales_quoteline
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION sales_quote_lines_new();
CREATE OR REPLACE TRIGGER quote_lines_changed AFTER UPDATE ON sales_quoteline
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION sales_quote_lines_new();
CREATE OR REPLACE TRIGGER quote_lines_gone AFTER DELETE ON sales_quoteline
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION sales_quote_lines_gone();

CREATE OR REPLACE TRIGGER quote_line_costed BEFORE INSERT OR UPDATE ON sales_quoteline
  FOR EACH ROW EXECUTE FUNCTION sales_cost_line('sales_quote');

-- The next number of a kind of document in a year. The row stays locked until the writer commits,
-- so that numbers have no gaps: who takes one back by a rollback leaves it to the next.
CREATE OR REPLACE FUNCTION sales_next_number(kind text, in_year int) RETURNS int
LANGUAGE sql AS $$
  INSERT INTO sales_numberseries AS s (id, document, year, last)
  VALUES (gen_random_uuid(), kind, in_year, 1)
  ON CONFLICT (document, year) DO UPDATE SET last = s.last + 1 RETURNING last
$$;

-- The language of a document: that of the contact person, else the firm's.
CREATE OR REPLACE FUNCTION sales_language_of(person uuid) RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT coalesce(
    (SELECT left(lower(p.language), 2) FROM contacts_person AS p
     WHERE p.id = person AND left(lower(p.language), 2) IN ('en', 'es')),
    (SELECT left(w.language, 2) FROM accounts_workspace AS w
     WHERE left(w.language, 2) IN ('en', 'es') LIMIT 1),
    'en')
$$;

CREATE OR REPLACE FUNCTION sales_derive_quote() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  today date := (now() AT TIME ZONE coalesce((SELECT timezone FROM accounts_workspace LIMIT 1), 'UTC'))::date;
BEGIN
  IF TG_OP = 'UPDATE' AND rapport_is_undo() AND OLD.state <> 'draft' AND NEW.state <> 'draft'
     AND (OLD.name, OLD.company_id, OLD.person_id, OLD.currency, OLD.day, OLD.valid_until,
          OLD.language, OLD.terms)
       IS DISTINCT FROM (NEW.name, NEW.company_id, NEW.person_id, NEW.currency, NEW.day,
          NEW.valid_until, NEW.language, NEW.terms) THEN
    RAISE EXCEPTION 'A quote that was sent stays as it is.' USING ERRCODE = 'check_violation';
  END IF;
  -- What an undo sends again may break a rule by now, and it asks nobody.
  IF TG_OP = 'UPDATE' AND rapport_is_undo() AND OLD.state = 'draft' AND NEW.state <> 'draft'
     AND EXISTS (SELECT FROM sales_approvalrule) THEN
    RAISE EXCEPTION 'Send the quote anew.' USING ERRCODE = 'check_violation';
  END IF;
  IF TG_OP = 'INSERT' THEN
    NEW.discount := 0; NEW.net := 0; NEW.tax := 0; NEW.gross := 0; NEW.not_chosen := 0;
  END IF;
  IF NEW.currency = '' THEN
    NEW.currency := coalesce(
      (SELECT d.currency FROM sales_deal AS d WHERE d.id = NEW.deal_id),
      (SELECT currency FROM accounts_workspace LIMIT 1), '');
  END IF;
  IF NEW.language = '' THEN
    NEW.language := sales_language_of(NEW.person_id);
  END IF;
  NEW.revision := coalesce(NEW.revision, 1);
  IF NEW.original_id IS NOT NULL AND NEW.revision = 1 THEN
    NEW.revision := 1 + coalesce((SELECT max(q.revision) FROM sales_quote AS q
      WHERE (q.id = NEW.original_id OR q.original_id = NEW.original_id)
        AND q.deleted_at IS NULL), 1);
    NEW.number := (SELECT q.number FROM sales_quote AS q WHERE q.id = NEW.original_id)
      || ' v' || NEW.revision;
  END IF;
  IF TG_OP = 'INSERT' AND NEW.company_id IS NULL THEN
    NEW.company_id := (SELECT d.company_id FROM sales_deal AS d WHERE d.id = NEW.deal_id);
  END IF;
  IF NEW.state <> 'draft' AND NEW.number = '' THEN
    NEW.number := 'Q-' || extract(year FROM today) || '-'
      || lpad(sales_next_number('quote', extract(year FROM today)::int)::text, 4, '0');
  END IF;
  IF NEW.state <> 'draft' AND NEW.sent_at IS NULL THEN
    NEW.sent_at := now();
  END IF;
  IF NEW.state NOT IN ('accepted', 'declined') THEN
    NEW.decided_at := NULL;
  ELSIF NEW.decided_at IS NULL THEN
    NEW.decided_at := now();
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER a_quote_derived BEFORE INSERT OR UPDATE ON sales_quote
  FOR EACH ROW EXECUTE FUNCTION sales_derive_quote();

-- A version that is sent takes the place of those before it that are still out.
CREATE OR REPLACE FUNCTION sales_replace_versions() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  UPDATE sales_quote SET state = 'replaced'
  WHERE (id = NEW.original_id OR original_id = NEW.original_id) AND revision < NEW.revision
    AND state IN ('sent', 'expired') AND deleted_at IS NULL;
  IF rapport_is_undo() AND EXISTS (
    SELECT FROM sales_quote
    WHERE (id = NEW.original_id OR original_id = NEW.original_id) AND id <> NEW.id
      AND state = 'accepted' AND deleted_at IS NULL) THEN
    RAISE EXCEPTION 'Another version was accepted.' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER quote_versions_replaced AFTER UPDATE OF state ON sales_quote
  FOR EACH ROW WHEN (OLD.state = 'draft' AND NEW.state = 'sent' AND NEW.original_id IS NOT NULL)
  EXECUTE FUNCTION sales_replace_versions();

CREATE OR REPLACE TRIGGER quote_currency AFTER UPDATE ON sales_quote
  FOR EACH ROW WHEN (OLD.currency IS DISTINCT FROM NEW.currency)
  EXECUTE FUNCTION sales_recost_lines('sales_quoteline', 'quote_id');
DROP FUNCTION IF EXISTS sales_add_up_quotes(uuid[]), sales_cost_quote_line(), sales_quote_currency();
