-- A person's company and job title are those of the current employment, whichever of the two is
-- written. Each side stands aside when the other side wrote it, and for an undo, which puts both back.
CREATE OR REPLACE FUNCTION contacts_person_moved() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF rapport_is_undo() OR pg_trigger_depth() > 1 THEN
    RETURN NULL;
  END IF;
  -- What is only worked out anew comes without a change set: nobody moved.
  IF coalesce(current_setting('rapport.deriving', true), '') = 'yes' THEN
    RETURN NULL;
  END IF;
  -- The work that ends now and had no row of its own yet.
  INSERT INTO contacts_employment (id, person_id, company_id, role, "end", is_current)
  SELECT uuidv7(), o.id, o.company_id, o.job_title, current_date, false
  FROM old_rows AS o JOIN new_rows AS n USING (id)
  WHERE o.company_id IS DISTINCT FROM n.company_id AND o.company_id IS NOT NULL
    AND NOT EXISTS (SELECT FROM contacts_employment AS e
                    WHERE e.person_id = o.id AND e.company_id = o.company_id AND e.is_current);
  UPDATE contacts_employment AS e
  SET is_current = false, "end" = greatest(e.start, coalesce(e."end", current_date))
  FROM old_rows AS o JOIN new_rows AS n USING (id)
  WHERE o.company_id IS DISTINCT FROM n.company_id AND e.person_id = o.id AND e.is_current;
  INSERT INTO contacts_employment (id, person_id, company_id, role, start, is_current)
  SELECT uuidv7(), n.id, n.company_id, n.job_title, current_date, true
  FROM old_rows AS o JOIN new_rows AS n USING (id)
  WHERE o.company_id <> n.company_id;
  UPDATE contacts_employment AS e SET role = n.job_title
  FROM old_rows AS o JOIN new_rows AS n USING (id)
  WHERE o.company_id = n.company_id AND o.job_title <> n.job_title
    AND e.person_id = n.id AND e.is_current AND e.role <> n.job_title;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION contacts_employment_began() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF rapport_is_undo() OR pg_trigger_depth() > 1 THEN
    RETURN NULL;
  END IF;
  UPDATE contacts_person AS p
  SET company_id = e.company_id, job_title = coalesce(nullif(e.role, ''), p.job_title)
  FROM new_rows AS e
  WHERE e.is_current AND p.id = e.person_id
    AND (p.company_id IS DISTINCT FROM e.company_id OR e.role NOT IN ('', p.job_title));
  RETURN NULL;
END $$;

-- Who ended his work here without beginning another works nowhere that we know of.
CREATE OR REPLACE FUNCTION contacts_employment_ended() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF rapport_is_undo() OR pg_trigger_depth() > 1 THEN
    RETURN NULL;
  END IF;
  UPDATE contacts_person AS p SET company_id = NULL
  FROM old_rows AS o JOIN new_rows AS n USING (id)
  WHERE o.is_current AND NOT n.is_current AND p.id = n.person_id AND p.company_id = n.company_id
    AND NOT EXISTS (SELECT FROM contacts_employment AS e WHERE e.person_id = p.id AND e.is_current);
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER person_moved AFTER UPDATE ON contacts_person
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION contacts_person_moved();
CREATE OR REPLACE TRIGGER employment_began AFTER INSERT ON contacts_employment
  REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION contacts_employment_began();
CREATE OR REPLACE TRIGGER employment_changed_began AFTER UPDATE ON contacts_employment
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION contacts_employment_began();
CREATE OR REPLACE TRIGGER employment_changed_ended AFTER UPDATE ON contacts_employment
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION contacts_employment_ended();
