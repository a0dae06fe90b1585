-- How a person is called in full: given names first, but family name first and joined where the
-- name is written in Chinese characters, kana or Hangul. Used by a generated column: IMMUTABLE.
-- Most names are plain words: what costs is kept for those that are not.
CREATE OR REPLACE FUNCTION contacts_full_name(first text, middle text, last text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  whole text;
BEGIN
  IF first <> '' AND last <> '' AND first || middle || last ~ '^[!-~]+$' THEN
    RETURN first || CASE WHEN middle = '' THEN ' ' ELSE ' ' || middle || ' ' END || last;
  END IF;
  whole := concat(first, last);
  IF octet_length(whole) > length(whole) AND whole ~ '^[\u1100-\u11FF\u3005\u3040-\u30FF\u3130-\u318F\u31F0-\u31FF\u3400-\u4DBF\u4E00-\u9FFF\uA960-\uA97F\uAC00-\uD7FF\uF900-\uFAFF\U00020000-\U0003FFFF]+$' THEN
    RETURN concat(last, middle, first);
  END IF;
  RETURN trim(regexp_replace(concat_ws(' ', first, middle, last), '\s+', ' ', 'g'));
END $$;
