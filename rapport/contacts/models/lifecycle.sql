-- The moment a lifecycle stage was reached; an undo puts the old moment back by itself.
CREATE OR REPLACE FUNCTION contacts_date_lifecycle() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF NOT rapport_is_undo() THEN
    NEW.lifecycle_at := CASE WHEN NEW.lifecycle <> '' THEN now() END;
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER lifecycle_reached BEFORE UPDATE ON contacts_person
  FOR EACH ROW WHEN (OLD.lifecycle IS DISTINCT FROM NEW.lifecycle) EXECUTE FUNCTION contacts_date_lifecycle();
CREATE OR REPLACE TRIGGER lifecycle_reached BEFORE UPDATE ON contacts_company
  FOR EACH ROW WHEN (OLD.lifecycle IS DISTINCT FROM NEW.lifecycle) EXECUTE FUNCTION contacts_date_lifecycle();
CREATE OR REPLACE TRIGGER lifecycle_begun BEFORE INSERT ON contacts_person
  FOR EACH ROW WHEN (NEW.lifecycle <> '' AND NEW.lifecycle_at IS NULL) EXECUTE FUNCTION contacts_date_lifecycle();
CREATE OR REPLACE TRIGGER lifecycle_begun BEFORE INSERT ON contacts_company
  FOR EACH ROW WHEN (NEW.lifecycle <> '' AND NEW.lifecycle_at IS NULL) EXECUTE FUNCTION contacts_date_lifecycle();
