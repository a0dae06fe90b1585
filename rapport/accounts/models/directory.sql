-- When a user or a team became what directories are shown of it: `meta.lastModified`. Sign-ins, roles
-- and the like are no part of that.
CREATE OR REPLACE FUNCTION accounts_touch() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  NEW.changed_at := statement_timestamp();
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER touch BEFORE UPDATE ON accounts_user FOR EACH ROW
WHEN ((OLD.name, OLD.email, OLD.is_active) IS DISTINCT FROM (NEW.name, NEW.email, NEW.is_active))
EXECUTE FUNCTION accounts_touch();

CREATE OR REPLACE TRIGGER touch BEFORE UPDATE ON accounts_team FOR EACH ROW
WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION accounts_touch();

CREATE OR REPLACE FUNCTION accounts_touch_members() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  UPDATE accounts_user SET changed_at = statement_timestamp()
  WHERE id IN (SELECT user_id FROM accounts_membership WHERE team_id = NEW.id);
  RETURN NULL;
END $$;

-- Users say what their teams are called.
CREATE OR REPLACE TRIGGER touch_members AFTER UPDATE ON accounts_team FOR EACH ROW
WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION accounts_touch_members();

CREATE OR REPLACE FUNCTION accounts_touch_both() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  UPDATE accounts_user SET changed_at = statement_timestamp()
  WHERE id IN (SELECT user_id FROM moved);
  UPDATE accounts_team SET changed_at = statement_timestamp()
  WHERE id IN (SELECT team_id FROM moved);
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER touch_joined AFTER INSERT ON accounts_membership
REFERENCING NEW TABLE AS moved FOR EACH STATEMENT EXECUTE FUNCTION accounts_touch_both();
CREATE OR REPLACE TRIGGER touch_left AFTER DELETE ON accounts_membership
REFERENCING OLD TABLE AS moved FOR EACH STATEMENT EXECUTE FUNCTION accounts_touch_both();

CREATE OR REPLACE FUNCTION accounts_touch_told() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  -- A user whom the directory has deleted is seen in no group.
  IF TG_OP = 'UPDATE' AND OLD.removed_at IS DISTINCT FROM NEW.removed_at THEN
    UPDATE accounts_team SET changed_at = statement_timestamp()
    WHERE id IN (SELECT team_id FROM accounts_membership WHERE user_id = NEW.user_id);
  ELSIF TG_OP = 'UPDATE' AND (OLD.user_name, OLD.external_id, OLD.told)
      IS NOT DISTINCT FROM (NEW.user_name, NEW.external_id, NEW.told) THEN
    RETURN NULL;
  END IF;
  UPDATE accounts_user SET changed_at = statement_timestamp() WHERE id = NEW.user_id;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER touch_told AFTER INSERT OR UPDATE ON accounts_provisioneduser
FOR EACH ROW EXECUTE FUNCTION accounts_touch_told();

CREATE OR REPLACE FUNCTION accounts_touch_told_team() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' OR OLD.external_id <> NEW.external_id THEN
    UPDATE accounts_team SET changed_at = statement_timestamp() WHERE id = NEW.team_id;
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER touch_told AFTER INSERT OR UPDATE ON accounts_provisionedteam
FOR EACH ROW EXECUTE FUNCTION accounts_touch_told_team();
