-- What one answer is worth: by its choice or choices, from a number on, or for being there at all.
CREATE OR REPLACE FUNCTION contacts_points(answer jsonb, points jsonb) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(CASE
    WHEN answer IS NULL OR answer IN ('null', '""', '[]') THEN 0
    WHEN points ? 'by' AND jsonb_typeof(answer) = 'array' THEN (
      SELECT sum((points -> 'by' ->> one)::integer) FROM jsonb_array_elements_text(answer) AS one)
    WHEN points ? 'by' THEN (points -> 'by' ->> (answer #>> '{}'))::integer
    WHEN points ? 'steps' THEN (
      SELECT (step ->> 1)::integer FROM jsonb_array_elements(points -> 'steps') AS step
      WHERE (step ->> 0)::numeric <= rapport_custom_number(answer)
      ORDER BY (step ->> 0)::numeric DESC LIMIT 1)
    ELSE (points ->> 'filled')::integer
  END, 0)
$$;

-- The points of a lead, and what they suggest. Without questions or a goal nothing is suggested.
CREATE OR REPLACE FUNCTION contacts_assess_lead() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  asked integer;
  answered integer;
  earned integer;
  goal integer;
BEGIN
  SELECT count(*),
         count(*) FILTER (WHERE coalesce(NEW.custom -> f.key, 'null') NOT IN ('null', '""', '[]')),
         sum(contacts_points(NEW.custom -> f.key, f.points))
  INTO asked, answered, earned
  FROM (SELECT replace(q.field_id::text, '-', '') AS key, q.points
        FROM contacts_leadquestion AS q JOIN records_customfield AS c ON c.id = q.field_id
        WHERE c.removed_at IS NULL) AS f;
  SELECT s.goal INTO goal FROM contacts_leadsettings AS s WHERE s.id = 1;
  NEW.assessment_score := CASE WHEN asked > 0 THEN greatest(earned, 0) END;
  NEW.assessment := CASE
    WHEN asked = 0 OR goal IS NULL THEN ''
    WHEN earned >= goal THEN 'qualified'
    WHEN answered < asked THEN 'open'
    ELSE 'short'
  END;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER lead_assessed BEFORE INSERT OR UPDATE OF custom ON contacts_lead
  FOR EACH ROW EXECUTE FUNCTION contacts_assess_lead();

-- After questions, points or the goal changed: leads that nobody has judged yet.
CREATE OR REPLACE FUNCTION contacts_assess_leads() RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('rapport.deriving', 'yes', true);
  UPDATE contacts_lead SET custom = custom
  WHERE deleted_at IS NULL AND status IN ('new', 'working', 'recycled');
  PERFORM set_config('rapport.deriving', '', true);
END $$;
