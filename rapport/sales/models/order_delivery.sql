-- What a line of an order comes to in goods: itself, or the components of a bundle.
CREATE OR REPLACE FUNCTION sales_goods_of(product uuid, quantity numeric)
RETURNS TABLE (product_id uuid, wanted numeric)
LANGUAGE sql STABLE AS $$
  SELECT p.id, quantity FROM catalog_product AS p WHERE p.id = product AND p.kind = 'goods'
  UNION ALL
  SELECT c.product_id, c.quantity * $2
  FROM catalog_productcomponent AS c
  JOIN catalog_product AS p ON p.id = c.product_id AND p.kind = 'goods'
  WHERE c.bundle_id = product
$$;

-- What is sent from a place is kept there no more; what else is kept for it elsewhere comes second.
CREATE OR REPLACE FUNCTION sales_use_kept(about uuid, goods uuid, place uuid, quantity numeric)
RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  kept record;
  rest numeric := quantity;
BEGIN
  FOR kept IN
    SELECT r.id, r.quantity FROM catalog_reservation AS r
    WHERE r.object = 'order' AND r.record_id = about AND r.product_id = goods AND r."end" = ''
    ORDER BY r.place_id = place DESC, r.id FOR UPDATE
  LOOP
    EXIT WHEN rest <= 0;
    IF kept.quantity <= rest THEN
      UPDATE catalog_reservation SET "end" = 'sent', ended_at = now(),
        ended_by = nullif(current_setting('rapport.user', true), '')::uuid
      WHERE id = kept.id;
    ELSE
      UPDATE catalog_reservation AS r SET quantity = r.quantity - rest WHERE id = kept.id;
    END IF;
    rest := rest - kept.quantity;
  END LOOP;
END $$;

-- A delivery moves its goods through the ledger, in the same transaction and whoever writes it: an
-- undo that puts one back sends anew, and is refused where nothing is there.
CREATE OR REPLACE FUNCTION sales_deliver() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  found_line sales_orderline;
  part record;
  moved uuid;
BEGIN
  SELECT l.* INTO found_line FROM sales_orderline AS l
  JOIN sales_order AS o ON o.id = l.order_id
  WHERE l.order_id = NEW.order_id AND l.position = NEW.line - 1 AND l.sort = 'line'
    AND o.deleted_at IS NULL AND o.state IN ('confirmed', 'partly_delivered')
  FOR UPDATE OF l;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'Only lines of confirmed orders are sent.'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'order_delivery_open';
  END IF;
  IF NEW.quantity <= 0 OR found_line.delivered + NEW.quantity > found_line.quantity THEN
    RAISE EXCEPTION 'No more is sent than was ordered.'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'order_delivery_within';
  END IF;
  NEW.movements := '{}';
  FOR part IN
    SELECT * FROM sales_goods_of(found_line.product_id, NEW.quantity) ORDER BY product_id
  LOOP
    IF NEW.warehouse_id IS NULL THEN
      RAISE EXCEPTION 'Goods are sent from a warehouse.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'order_delivery_place';
    END IF;
    PERFORM sales_use_kept(NEW.order_id, part.product_id, NEW.warehouse_id, part.wanted);
    moved := uuidv7();
    INSERT INTO catalog_stockmovement
      (id, product_id, source_id, target_id, quantity, why, note, object, record_id, by)
    VALUES (moved, part.product_id, NEW.warehouse_id, '00000000-0000-7000-8000-000000000002',
      part.wanted, 'ship', NEW.note, 'order', NEW.order_id,
      nullif(current_setting('rapport.user', true), '')::uuid);
    NEW.movements := NEW.movements || moved;
  END LOOP;
  PERFORM set_config('rapport.deriving', 'yes', true);
  UPDATE sales_orderline SET delivered = delivered + NEW.quantity WHERE id = found_line.id;
  PERFORM set_config('rapport.deriving', '', true);
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER order_delivered BEFORE INSERT ON sales_orderdelivery
  FOR EACH ROW EXECUTE FUNCTION sales_deliver();

-- A delivery that is taken back: its movements the other way round, unless the ledger has that
-- already, and what came back is kept for the order again. The order itself may be on its way out.
CREATE OR REPLACE FUNCTION sales_take_back() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE came record;
BEGIN
  IF NOT EXISTS (SELECT FROM sales_order WHERE id = OLD.order_id) THEN
    RETURN OLD;
  END IF;
  IF EXISTS (SELECT FROM sales_order WHERE id = OLD.order_id AND state = 'invoiced') THEN
    RAISE EXCEPTION 'What was invoiced does not come back as if it had not been sent.'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'order_delivery_invoiced';
  END IF;
  FOR came IN
    INSERT INTO catalog_stockmovement
      (id, product_id, source_id, target_id, quantity, why, note, object, record_id, reverses_id, by)
    SELECT uuidv7(), m.product_id, m.target_id, m.source_id, m.quantity, 'reverse', m.note,
      m.object, m.record_id, m.id, nullif(current_setting('rapport.user', true), '')::uuid
    FROM catalog_stockmovement AS m
    WHERE m.id = ANY (OLD.movements)
      AND NOT EXISTS (SELECT FROM catalog_stockmovement AS b WHERE b.reverses_id = m.id)
    ORDER BY m.product_id
    RETURNING product_id, target_id, quantity
  LOOP
    INSERT INTO catalog_reservation (id, product_id, place_id, quantity, object, record_id, by)
    SELECT uuidv7(), came.product_id, came.target_id, came.quantity, 'order', OLD.order_id,
      nullif(current_setting('rapport.user', true), '')::uuid
    FROM sales_order WHERE id = OLD.order_id AND deleted_at IS NULL;
  END LOOP;
  PERFORM set_config('rapport.deriving', 'yes', true);
  UPDATE sales_orderline SET delivered = delivered - OLD.quantity
  WHERE order_id = OLD.order_id AND position = OLD.line - 1;
  PERFORM set_config('rapport.deriving', '', true);
  RETURN OLD;
END $$;

CREATE OR REPLACE TRIGGER order_taken_back BEFORE DELETE ON sales_orderdelivery
  FOR EACH ROW EXECUTE FUNCTION sales_take_back();

-- What was sent is not rewritten: it is taken back and sent anew.
CREATE OR REPLACE FUNCTION sales_deliveries_stay() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'A delivery stays as it was sent.'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'order_delivery_stays';
END $$;

CREATE OR REPLACE TRIGGER order_delivery_stays BEFORE UPDATE ON sales_orderdelivery
  FOR EACH ROW WHEN ((OLD.order_id, OLD.line, OLD.quantity, OLD.warehouse_id)
    IS DISTINCT FROM (NEW.order_id, NEW.line, NEW.quantity, NEW.warehouse_id))
  EXECUTE FUNCTION sales_deliveries_stay();

-- The state of orders follows what of them was sent.
CREATE OR REPLACE FUNCTION sales_follow_deliveries() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('rapport.deriving', 'yes', true);
  UPDATE sales_order AS o SET state = f.state
  FROM (
    SELECT l.order_id, CASE WHEN bool_and(l.delivered >= l.quantity) THEN 'delivered'
      WHEN bool_or(l.delivered > 0) THEN 'partly_delivered' ELSE 'confirmed' END AS state
    FROM sales_orderline AS l
    WHERE l.sort = 'line' AND l.order_id IN (SELECT order_id FROM changed)
    GROUP BY l.order_id
  ) AS f
  WHERE o.id = f.order_id AND o.state <> f.state
    AND o.state IN ('confirmed', 'partly_delivered', 'delivered');
  UPDATE sales_order SET to_invoice = NULL WHERE id IN (SELECT order_id FROM changed);
  PERFORM set_config('rapport.deriving', '', true);
  PERFORM sales_count_invoiced(ARRAY(
    SELECT DISTINCT i.order_id FROM sales_invoice AS i JOIN changed AS c ON c.order_id = i.order_id));
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER order_follows_sent AFTER INSERT ON sales_orderdelivery
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION sales_follow_deliveries();
CREATE OR REPLACE TRIGGER order_follows_back AFTER DELETE ON sales_orderdelivery
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION sales_follow_deliveries();
