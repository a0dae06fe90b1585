-- Layouts are kept in every process, with the fields; the number tells them when to read anew.
CREATE OR REPLACE FUNCTION rapport_layouts_changed() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE accounts_workspace SET metadata_version =
    greatest(metadata_version + 1, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint);
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER layouts_changed AFTER INSERT OR UPDATE OR DELETE ON records_pagelayout
FOR EACH STATEMENT EXECUTE FUNCTION rapport_layouts_changed();
