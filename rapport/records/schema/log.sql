CREATE TABLE records_change (
  id bigint GENERATED ALWAYS AS IDENTITY,
  at timestamptz NOT NULL DEFAULT now(),
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  change_set uuid NOT NULL,
  object text NOT NULL,
  table_name text NOT NULL,
  row_id uuid NOT NULL,
  record_id uuid,
  kind text NOT NULL,
  old jsonb,
  new jsonb,
  salt bytea,
  digest bytea NOT NULL
) PARTITION BY RANGE (at);
CREATE INDEX change_record ON records_change (record_id, at DESC, id DESC);
CREATE INDEX change_set ON records_change (change_set, id);
CREATE INDEX change_order ON records_change (xid, id);
CREATE TABLE records_change_rest PARTITION OF records_change DEFAULT;
