-- How often a coupon was used: counted where the row is locked, so that the limit holds however
-- many redeem at once. No version is counted and nothing logged: nobody changed the coupon.
CREATE OR REPLACE FUNCTION catalog_count_coupon() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('rapport.deriving', 'yes', true);
  IF TG_OP = 'INSERT' THEN
    UPDATE catalog_discount SET used = used + 1 WHERE id = NEW.discount_id;
  ELSE
    UPDATE catalog_discount SET used = used - 1 WHERE id = OLD.discount_id;
  END IF;
  PERFORM set_config('rapport.deriving', '', true);
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER coupon_counted AFTER INSERT OR DELETE ON catalog_couponuse
  FOR EACH ROW EXECUTE FUNCTION catalog_count_coupon();

CREATE OR REPLACE TRIGGER discount_currency BEFORE INSERT OR UPDATE OF currency ON catalog_discount
  FOR EACH ROW EXECUTE FUNCTION catalog_fill_currency();
CREATE OR REPLACE TRIGGER list_currency BEFORE INSERT OR UPDATE OF currency ON catalog_pricelist
  FOR EACH ROW EXECUTE FUNCTION catalog_fill_currency();

-- What an amount in one currency is in another on a day; NULL when no rate is known.
CREATE OR REPLACE FUNCTION catalog_in(amount numeric, code text, other text, on_day date)
RETURNS numeric LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN code = other THEN amount
    ELSE round(
      rapport_in_base(amount, code, on_day) / nullif(rapport_in_base(1000000, other, on_day), 0)
      * 1000000, 4)
  END
$$;
