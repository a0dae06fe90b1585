-- Whether what a change set did counts: it was never undone, or its undoing was undone in turn.
CREATE OR REPLACE FUNCTION rapport_stands(given uuid) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  WITH RECURSIVE turns AS (
    SELECT given AS id, 0 AS turn
    UNION ALL
    SELECT c.id, turns.turn + 1 FROM turns JOIN records_changeset AS c ON c.undo_of_id = turns.id
  )
  SELECT max(turn) % 2 = 0 FROM turns
$$;

-- The record that another one went into, at the end of all merges that stand; NULL if it did not.
CREATE OR REPLACE FUNCTION rapport_survivor(given uuid) RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  WITH RECURSIVE chain AS (
    SELECT m.kept_id, ARRAY[m.gone_id] AS passed FROM records_merge AS m
    WHERE m.gone_id = given AND rapport_stands(m.change_set)
    UNION ALL
    SELECT m.kept_id, chain.passed || m.gone_id
    FROM chain JOIN records_merge AS m ON m.gone_id = chain.kept_id
    WHERE m.gone_id <> ALL (chain.passed) AND rapport_stands(m.change_set)
  )
  SELECT kept_id FROM chain ORDER BY cardinality(passed) DESC LIMIT 1
$$;
