-- A party comes and goes with its person or company, whoever writes the row: form, import or undo.
CREATE OR REPLACE FUNCTION contacts_add_parties() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO contacts_party (id, object) SELECT id, TG_ARGV[0] FROM new_rows
  ON CONFLICT (id) DO NOTHING;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION contacts_remove_parties() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM contacts_party AS p USING old_rows AS o WHERE p.id = o.id;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER party_add AFTER INSERT ON contacts_person
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION contacts_add_parties('person');
CREATE OR REPLACE TRIGGER party_add AFTER INSERT ON contacts_company
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION contacts_add_parties('company');
CREATE OR REPLACE TRIGGER party_remove AFTER DELETE ON contacts_person
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION contacts_remove_parties();
CREATE OR REPLACE TRIGGER party_remove AFTER DELETE ON contacts_company
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION contacts_remove_parties();
