-- A party comes and goes with its person or company, whoever writes the row: form, import or undo.
CREATE OR REPLACE FUNCTION contacts_add_parties() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO contacts_party (id, object) SELECT id, TG_ARGV[0] FROM new_rows;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION contacts_remove_parties() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM contacts_emailaddress AS w USING old_rows AS o WHERE w.party_id = o.id;
  DELETE FROM contacts_phonenumber AS w USING old_rows AS o WHERE w.party_id = o.id;
  DELETE FROM contacts_party AS p USING old_rows AS o WHERE p.id = o.id;
  RETURN NULL;
END $$;

-- A foreign key would ask for every address by itself, and at the end of the transaction: an import
-- spent as long on that as on the addresses.
CREATE OR REPLACE FUNCTION contacts_known_parties() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  -- The limit makes it look each party up: a join would read all of them for a thousand addresses.
  IF EXISTS (SELECT FROM new_rows AS r LEFT JOIN LATERAL (
               SELECT true AS here FROM contacts_party AS p WHERE p.id = r.party_id LIMIT 1
             ) AS p ON true WHERE p.here IS NULL) THEN
    RAISE EXCEPTION 'An address in % belongs to nobody.', TG_TABLE_NAME
      USING ERRCODE = 'foreign_key_violation';
  END IF;
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
CREATE OR REPLACE TRIGGER known_party AFTER INSERT ON contacts_emailaddress
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION contacts_known_parties();
CREATE OR REPLACE TRIGGER known_party AFTER INSERT ON contacts_phonenumber
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION contacts_known_parties();
