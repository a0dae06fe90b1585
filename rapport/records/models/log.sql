-- What a seal says of the values of a row of the log: made from them, and kept once they are blanked.
CREATE OR REPLACE FUNCTION rapport_digest(logged records_change) RETURNS bytea
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN logged.tombstone IS NULL
    THEN sha256(logged.salt || convert_to(
      coalesce(logged.old::text, '') || coalesce(logged.new::text, ''), 'UTF8'))
    ELSE logged.digest END
$$;
