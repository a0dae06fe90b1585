-- The four sides of the world that goods come from and go to, under keys that never change.
INSERT INTO catalog_place (id, kind) VALUES
  ('00000000-0000-7000-8000-000000000001', 'supplier'),
  ('00000000-0000-7000-8000-000000000002', 'customer'),
  ('00000000-0000-7000-8000-000000000003', 'loss'),
  ('00000000-0000-7000-8000-000000000004', 'production')
ON CONFLICT DO NOTHING;

-- A warehouse is a place from its first moment on.
CREATE OR REPLACE FUNCTION catalog_add_place() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO catalog_place (id, kind) SELECT id, 'own' FROM new_rows ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER warehouse_place AFTER INSERT ON catalog_warehouse
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION catalog_add_place();

-- Lock what stands of some products at some places, in one order for everybody, so that two who
-- change several of them wait for one another and never both. Rows that are missing come first:
-- who waits to add one holds no lock that another adds behind.
CREATE OR REPLACE FUNCTION catalog_lock_stock(products uuid[], places uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO catalog_stock (id, product_id, place_id, on_hand, reserved, may_owe, is_guarded)
  SELECT gen_random_uuid(), w.product_id, w.place_id, 0, 0, w.may_owe, NOT w.may_owe
  FROM (
    SELECT DISTINCT p.id AS product_id, l.id AS place_id,
      l.kind <> 'own' OR p.backorder OR coalesce(h.backorder, false) AS may_owe
    FROM unnest(products, places) AS g (product_id, place_id)
    JOIN catalog_product AS p ON p.id = g.product_id
    JOIN catalog_place AS l ON l.id = g.place_id
    LEFT JOIN catalog_warehouse AS h ON h.id = l.id
    WHERE NOT EXISTS (
      SELECT FROM catalog_stock AS s
      WHERE s.product_id = g.product_id AND s.place_id = g.place_id)
  ) AS w
  ORDER BY w.product_id, w.place_id
  ON CONFLICT DO NOTHING;
  PERFORM FROM catalog_stock AS s
  JOIN (SELECT DISTINCT * FROM unnest(products, places)) AS g (product_id, place_id)
    USING (product_id, place_id)
  ORDER BY s.product_id, s.place_id FOR UPDATE OF s;
END $$;

-- Add differences to what stands. Who may not owe and owes nothing is guarded by a constraint.
CREATE OR REPLACE FUNCTION catalog_change_stock(
  products uuid[], places uuid[], on_hands numeric[], reserveds numeric[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE found_rows bigint;
BEGIN
  -- One row needs no order, and is nearly always there.
  IF cardinality(products) = 1 THEN
    UPDATE catalog_stock AS s
    SET on_hand = s.on_hand + on_hands[1], reserved = s.reserved + reserveds[1],
      is_guarded = NOT s.may_owe AND (s.is_guarded OR
        s.on_hand + on_hands[1] >= greatest(s.reserved + reserveds[1], 0))
    WHERE s.product_id = products[1] AND s.place_id = places[1];
    IF FOUND THEN
      RETURN;
    END IF;
  END IF;
  PERFORM catalog_lock_stock(products, places);
  UPDATE catalog_stock AS s
  SET on_hand = s.on_hand + d.on_hand, reserved = s.reserved + d.reserved,
    is_guarded = NOT s.may_owe AND (s.is_guarded OR
      s.on_hand + d.on_hand >= greatest(s.reserved + d.reserved, 0))
  FROM unnest(products, places, on_hands, reserveds) AS d (product_id, place_id, on_hand, reserved)
  WHERE s.product_id = d.product_id AND s.place_id = d.place_id;
  GET DIAGNOSTICS found_rows = ROW_COUNT;
  IF found_rows <> cardinality(products) THEN
    RAISE EXCEPTION 'Stock of a product or at a place that is not there.'
      USING ERRCODE = 'foreign_key_violation';
  END IF;
END $$;

-- Each movement takes from one place what it gives to another: the sum of all is always zero.
CREATE OR REPLACE FUNCTION catalog_movements_made() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM catalog_change_stock(
    array_agg(d.product_id), array_agg(d.place_id), array_agg(d.quantity), array_agg(0::numeric))
  FROM (
    SELECT b.product_id, b.place_id, sum(b.quantity) AS quantity
    FROM (
      SELECT product_id, source_id AS place_id, -quantity AS quantity FROM new_rows
      UNION ALL SELECT product_id, target_id, quantity FROM new_rows
    ) AS b GROUP BY b.product_id, b.place_id
  ) AS d HAVING count(*) > 0;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER movements_made AFTER INSERT ON catalog_stockmovement
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION catalog_movements_made();

CREATE OR REPLACE FUNCTION catalog_movements_stay() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'Movements stay as they were written; take one back by another.'
    USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE OR REPLACE TRIGGER movements_stay BEFORE UPDATE OR DELETE ON catalog_stockmovement
  FOR EACH STATEMENT EXECUTE FUNCTION catalog_movements_stay();

-- What is promised follows reservations that are open, as what is there follows movements.
CREATE OR REPLACE FUNCTION catalog_reservations_made() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM catalog_change_stock(
    array_agg(d.product_id), array_agg(d.place_id), array_agg(0::numeric), array_agg(d.quantity))
  FROM (
    SELECT product_id, place_id, sum(quantity) AS quantity
    FROM new_rows WHERE "end" = '' GROUP BY product_id, place_id
  ) AS d HAVING count(*) > 0;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION catalog_reservations_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM catalog_change_stock(
    array_agg(d.product_id), array_agg(d.place_id), array_agg(0::numeric), array_agg(d.quantity))
  FROM (
    SELECT b.product_id, b.place_id, sum(b.quantity) AS quantity
    FROM (
      SELECT product_id, place_id, quantity FROM new_rows WHERE "end" = ''
      UNION ALL SELECT product_id, place_id, -quantity FROM old_rows WHERE "end" = ''
    ) AS b GROUP BY b.product_id, b.place_id HAVING sum(b.quantity) <> 0
  ) AS d HAVING count(*) > 0;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER reservations_made AFTER INSERT ON catalog_reservation
  REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION catalog_reservations_made();
CREATE OR REPLACE TRIGGER reservations_changed AFTER UPDATE ON catalog_reservation
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION catalog_reservations_changed();

-- Whether more may go than is there is said at the product or at the warehouse. What is owed
-- when that ends stays owed, and is guarded once it is made good.
CREATE OR REPLACE FUNCTION catalog_owing_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE catalog_stock AS s
  SET may_owe = n.may_owe,
    is_guarded = NOT n.may_owe AND s.on_hand >= greatest(s.reserved, 0)
  FROM (
    SELECT t.id, p.backorder OR h.backorder AS may_owe
    FROM catalog_stock AS t
    JOIN catalog_product AS p ON p.id = t.product_id
    JOIN catalog_warehouse AS h ON h.id = t.place_id
    WHERE t.product_id = NEW.id OR t.place_id = NEW.id
    ORDER BY t.product_id, t.place_id FOR UPDATE OF t
  ) AS n
  WHERE s.id = n.id;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER product_owing AFTER UPDATE OF backorder ON catalog_product
  FOR EACH ROW WHEN (OLD.backorder IS DISTINCT FROM NEW.backorder)
  EXECUTE FUNCTION catalog_owing_changed();
CREATE OR REPLACE TRIGGER warehouse_owing AFTER UPDATE OF backorder ON catalog_warehouse
  FOR EACH ROW WHEN (OLD.backorder IS DISTINCT FROM NEW.backorder)
  EXECUTE FUNCTION catalog_owing_changed();
