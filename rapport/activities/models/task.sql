-- A closed task knows since when; reopened it forgets. An undo puts the old moment back by itself.
CREATE OR REPLACE FUNCTION activities_date_task() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF rapport_is_undo() THEN
    RETURN NEW;
  END IF;
  IF NEW.status NOT IN ('done', 'dropped') THEN
    NEW.done_at := NULL;
  ELSIF TG_OP = 'INSERT' OR NEW.done_at IS NOT DISTINCT FROM OLD.done_at THEN
    NEW.done_at := coalesce(NEW.done_at, now());
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER task_begun BEFORE INSERT ON activities_task
  FOR EACH ROW WHEN (NEW.status IN ('done', 'dropped')) EXECUTE FUNCTION activities_date_task();
CREATE OR REPLACE TRIGGER task_closed BEFORE UPDATE ON activities_task
  FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION activities_date_task();
