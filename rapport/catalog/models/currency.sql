-- A price without a currency is in the workspace's own.
CREATE OR REPLACE FUNCTION catalog_fill_currency() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.currency = '' THEN
    NEW.currency := coalesce((SELECT currency FROM accounts_workspace LIMIT 1), '');
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER product_currency BEFORE INSERT OR UPDATE OF currency ON catalog_product
  FOR EACH ROW EXECUTE FUNCTION catalog_fill_currency();
