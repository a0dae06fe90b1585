-- Contracts: what follows from their row and lines, and what they brought in a month, day by day.

CREATE OR REPLACE FUNCTION sales_months(every text) RETURNS int
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE every WHEN 'quarter' THEN 3 WHEN 'half' THEN 6 WHEN 'year' THEN 12 ELSE 1 END
$$;

-- What the lines of a contract bring in a year; NULL where it has none.
CREATE OR REPLACE FUNCTION sales_yearly(contract uuid, usual text) RETURNS numeric
LANGUAGE sql STABLE AS $$
  SELECT sum(l.quantity * coalesce(l.price, 0) * (1 - coalesce(l.discount, 0) / 100)
    * 12 / sales_months(coalesce(nullif(l.every, ''), usual)))
  FROM sales_contractline AS l WHERE l.contract_id = contract AND l.sort = 'line'
$$;

-- The last day after another term. Months are counted from the start as long as the last day fits
-- it: from 31 January on, a month ends on 27 February and the next on 30 March.
CREATE OR REPLACE FUNCTION sales_next_end(start date, last date, months int) RETURNS date
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  begins date := last + 1;
  run int := (extract(year FROM begins) - extract(year FROM start)) * 12
    + extract(month FROM begins) - extract(month FROM start);
BEGIN
  IF (start + make_interval(months => run))::date = begins THEN
    RETURN (start + make_interval(months => run + months))::date - 1;
  END IF;
  RETURN (begins + make_interval(months => months))::date - 1;
END $$;

-- The last day to give notice: three months before 31 December are over on 30 September.
CREATE OR REPLACE FUNCTION sales_notice_by(last date, notice int, unit text) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN unit = 'day' THEN last - notice
    ELSE (last + 1 - make_interval(months => notice))::date - 1 END
$$;

CREATE OR REPLACE FUNCTION sales_derive_contract() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  this_year int := extract(year FROM sales_today());
  yearly numeric;
BEGIN
  IF NEW.currency = '' THEN
    NEW.currency := coalesce((SELECT currency FROM accounts_workspace LIMIT 1), '');
  END IF;
  IF NOT rapport_is_undo() AND NEW.term IS NOT NULL THEN
    IF NEW."end" IS NULL OR TG_OP = 'UPDATE' AND NEW."end" IS NOT DISTINCT FROM OLD."end"
       AND (NEW.start, NEW.term) IS DISTINCT FROM (OLD.start, OLD.term) THEN
      NEW."end" := sales_next_end(NEW.start, NEW.start - 1, NEW.term::int);
    END IF;
  END IF;
  IF NEW.state = 'notice' AND NEW.notice_on IS NULL THEN
    NEW.notice_on := sales_today();
  ELSIF NEW.state IN ('draft', 'active') THEN
    NEW.notice_on := NULL;
    NEW.late_accepted := false;
  END IF;
  IF NEW.state = 'ended' AND NEW."end" IS NULL THEN
    NEW."end" := greatest(sales_today(), NEW.start);
  END IF;
  IF NEW.state <> 'draft' AND NEW.number = '' THEN
    NEW.number := 'CT-' || this_year || '-'
      || lpad(sales_next_number('contract', this_year)::text, 4, '0');
  END IF;
  IF TG_OP = 'UPDATE' THEN
    yearly := sales_yearly(NEW.id, NEW.every);
  END IF;
  IF yearly IS NOT NULL THEN
    NEW.amount := round(yearly * sales_months(NEW.every) / 12, 2);
  ELSE
    yearly := NEW.amount * 12 / sales_months(NEW.every);
  END IF;
  NEW.arr := round(yearly, 2);
  NEW.mrr := round(yearly / 12, 2);
  NEW.notice_by := sales_notice_by(NEW."end", coalesce(NEW.notice, 0)::int, NEW.notice_unit);
  NEW.renewal_on := NEW.notice_by - coalesce(NEW.renewal_days, 30)::int;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER a_contract_derived BEFORE INSERT OR UPDATE ON sales_contract
  FOR EACH ROW EXECUTE FUNCTION sales_derive_contract();

-- Lines were written: the contract comes to something else.
CREATE OR REPLACE FUNCTION sales_contract_lines_new() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('rapport.deriving', 'yes', true);
  UPDATE sales_contract SET amount = amount
  WHERE id IN (SELECT contract_id FROM new_rows);
  PERFORM set_config('rapport.deriving', '', true);
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION sales_contract_lines_gone() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('rapport.deriving', 'yes', true);
  UPDATE sales_contract SET amount = amount
  WHERE id IN (SELECT contract_id FROM old_rows);
  PERFORM set_config('rapport.deriving', '', true);
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER contract_lines_added AFTER INSERT ON sales_contractline
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION sales_contract_lines_new();
CREATE OR REPLACE TRIGGER contract_lines_changed AFTER UPDATE ON sales_contractline
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION sales_contract_lines_new();
CREATE OR REPLACE TRIGGER contract_lines_gone AFTER DELETE ON sales_contractline
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION sales_contract_lines_gone();

-- At the rate of a day; before the first day that is known, at the first rate.
CREATE OR REPLACE FUNCTION sales_in_base_on(amount numeric, code text, on_day date) RETURNS numeric
LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN coalesce(rapport_in_base(amount, code, on_day), rapport_in_base(amount, code, (
    SELECT min(r.day) FROM sales_exchangerate AS r
    WHERE r.currency = code AND r.deleted_at IS NULL)));
END $$;

-- What the contract brings from a day on. A change counts from the day it names, if that is later
-- than the last one, else from today; several of one day are one. What an undo takes back never was.
CREATE OR REPLACE FUNCTION sales_step_contract(c sales_contract) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  mine numeric := coalesce(c.mrr, 0);
  steps sales_contractstanding[] := ARRAY(
    SELECT s FROM sales_contractstanding AS s WHERE s.contract_id = c.id ORDER BY s.since DESC);
  newest sales_contractstanding := steps[1];
  begins date := greatest(sales_today(), c.start);
BEGIN
  IF newest.id IS NULL THEN
    INSERT INTO sales_contractstanding (id, contract_id, since, mrr, is_end)
    VALUES (uuidv7(), c.id, c.start, mine, false);
  ELSIF newest.mrr = mine THEN
    RETURN;
  ELSIF rapport_is_undo() AND steps[2].mrr = mine THEN
    DELETE FROM sales_contractstanding WHERE id = newest.id;
  ELSE
    IF c.price_from > newest.since THEN
      begins := c.price_from;
    END IF;
    IF begins <= newest.since OR newest.mrr = 0 AND cardinality(steps) = 1 THEN
      UPDATE sales_contractstanding SET mrr = mine WHERE id = newest.id;
    ELSE
      INSERT INTO sales_contractstanding (id, contract_id, since, mrr, is_end)
      VALUES (uuidv7(), c.id, begins, mine, false);
    END IF;
  END IF;
END $$;

CREATE OR REPLACE FUNCTION sales_keep_contract() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  -- Whoever changes lines in the same moment waits for the row of the contract already.
  DELETE FROM sales_contractstanding
  WHERE contract_id = NEW.id AND (is_end OR NEW.state = 'draft');
  IF NEW.state = 'draft' THEN
    RETURN NULL;
  END IF;
  IF TG_OP = 'UPDATE' AND NEW.start <> OLD.start THEN
    DELETE FROM sales_contractstanding AS s WHERE s.contract_id = NEW.id AND s.since <= NEW.start
      AND s.since <> (SELECT max(o.since) FROM sales_contractstanding AS o
        WHERE o.contract_id = NEW.id AND (o.since <= NEW.start OR o.since = OLD.start));
    UPDATE sales_contractstanding SET since = NEW.start WHERE contract_id = NEW.id
      AND since = (SELECT min(o.since) FROM sales_contractstanding AS o WHERE o.contract_id = NEW.id);
  END IF;
  PERFORM sales_step_contract(NEW);
  IF NEW.state IN ('notice', 'ended') AND NEW."end" IS NOT NULL THEN
    DELETE FROM sales_contractstanding WHERE contract_id = NEW.id AND since > NEW."end";
    INSERT INTO sales_contractstanding (id, contract_id, since, mrr, is_end)
    VALUES (uuidv7(), NEW.id, NEW."end" + 1, 0, true);
  END IF;
  UPDATE sales_contractstanding AS s SET until = n.next,
    mrr_base = sales_in_base_on(s.mrr, NEW.currency, NEW.start)
  FROM (SELECT o.id, lead(o.since) OVER (ORDER BY o.since) AS next
        FROM sales_contractstanding AS o WHERE o.contract_id = NEW.id) AS n
  WHERE n.id = s.id;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER contract_kept AFTER INSERT ON sales_contract
  FOR EACH ROW WHEN (NEW.state <> 'draft') EXECUTE FUNCTION sales_keep_contract();
CREATE OR REPLACE TRIGGER contract_kept_on AFTER UPDATE ON sales_contract
  FOR EACH ROW WHEN ((OLD.state, OLD.mrr, OLD.start, OLD."end", OLD.currency, OLD.price_from)
    IS DISTINCT FROM (NEW.state, NEW.mrr, NEW.start, NEW."end", NEW.currency, NEW.price_from))
  EXECUTE FUNCTION sales_keep_contract();

CREATE OR REPLACE FUNCTION sales_drop_contract_standings() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM sales_contractstanding AS s USING old_rows AS c WHERE s.contract_id = c.id;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER contract_standings_gone AFTER DELETE ON sales_contract
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT
  EXECUTE FUNCTION sales_drop_contract_standings();

-- A rate, or the currency of the workspace, changed.
CREATE OR REPLACE FUNCTION sales_contracts_in_base() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  UPDATE sales_contractstanding AS s SET mrr_base = sales_in_base_on(s.mrr, c.currency, c.start)
  FROM sales_contract AS c WHERE c.id = s.contract_id
    AND s.mrr_base IS DISTINCT FROM sales_in_base_on(s.mrr, c.currency, c.start);
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER contract_rates_added AFTER INSERT ON sales_exchangerate
  FOR EACH STATEMENT EXECUTE FUNCTION sales_contracts_in_base();
CREATE OR REPLACE TRIGGER contract_rates_changed AFTER UPDATE ON sales_exchangerate
  FOR EACH STATEMENT EXECUTE FUNCTION sales_contracts_in_base();
CREATE OR REPLACE TRIGGER contract_currency_changed AFTER UPDATE ON accounts_workspace
  FOR EACH ROW WHEN (OLD.currency IS DISTINCT FROM NEW.currency)
  EXECUTE FUNCTION sales_contracts_in_base();

-- A renewal deal was closed: won, it brings its contract another term at the price of the deal;
-- lost, it lets the contract end. An undo puts the contract back by the log.
CREATE OR REPLACE FUNCTION sales_renewal_closed() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  c sales_contract;
  months int;
  agreed numeric;
BEGIN
  IF rapport_is_undo() THEN
    RETURN NULL;
  END IF;
  FOR c IN SELECT * FROM sales_contract AS o WHERE o.renewal_deal_id = NEW.id
    AND o.state IN ('active', 'notice') AND o."end" = o.renewal_for AND o.deleted_at IS NULL
    ORDER BY o.id FOR NO KEY UPDATE
  LOOP
    IF NEW.state = 'lost' THEN
      UPDATE sales_contract SET state = 'notice', notice_on = coalesce(c.notice_on, sales_today()),
        late_accepted = coalesce(c.notice_by < sales_today(), false),
        cancel_note = coalesce(nullif(NEW.lost_note, ''), c.cancel_note),
        cancel_reason = CASE WHEN NEW.lost_reason IN (
          'price', 'competitor', 'no_budget', 'no_need', 'features') THEN NEW.lost_reason
          ELSE 'other' END
      WHERE id = c.id;
      CONTINUE;
    END IF;
    months := coalesce(c.renewal_term, c.term, 12);
    agreed := CASE WHEN NEW.currency = c.currency AND NEW.amount IS NOT NULL
      AND round(c.arr * months / 12, 2) <> round(NEW.amount, 2)
      THEN NEW.amount / months * sales_months(c.every) END;
    UPDATE sales_contract SET state = 'active', price_from = c."end" + 1,
      amount = coalesce(round(agreed, 2), c.amount),
      "end" = sales_next_end(c.start, c."end", months)
    WHERE id = c.id;
    IF agreed IS NOT NULL AND c.amount > 0 THEN
      UPDATE sales_contractline SET price = round(price * agreed / c.amount, 4)
      WHERE contract_id = c.id;
    END IF;
  END LOOP;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER renewal_closed AFTER UPDATE ON sales_deal
  FOR EACH ROW WHEN (OLD.state = 'open' AND NEW.state IN ('won', 'lost'))
  EXECUTE FUNCTION sales_renewal_closed();
