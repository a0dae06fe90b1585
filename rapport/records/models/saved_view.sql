-- Views are kept in every process; the number tells them when to read anew.
INSERT INTO records_viewsversion (id, number) VALUES (1, 1) ON CONFLICT DO NOTHING;

CREATE OR REPLACE FUNCTION rapport_views_changed() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE records_viewsversion SET number = number + 1;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER views_changed AFTER INSERT OR UPDATE OR DELETE ON records_savedview
FOR EACH STATEMENT EXECUTE FUNCTION rapport_views_changed();
CREATE OR REPLACE TRIGGER views_changed AFTER INSERT OR UPDATE OR DELETE ON records_viewuse
FOR EACH STATEMENT EXECUTE FUNCTION rapport_views_changed();
