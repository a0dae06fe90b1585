-- The words of a text, folded, with a blank between. Where Chinese, Japanese and Korean are written
-- without blanks every pair of letters counts as a word: of a text also its last letter, so that
-- each letter begins one. Most texts are plain letters: what costs is kept for those that are not.
CREATE OR REPLACE FUNCTION rapport_spaced(value text, is_sought boolean) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  folded text := public.rapport_fold(left(value, 50000));
  letters CONSTANT text := '\u1100-\u11FF\u3005\u3040-\u30FF\u3130-\u318F\u31F0-\u31FF\u3400-\u4DBF\u4E00-\u9FFF\uA960-\uA97F\uAC00-\uD7FF\uF900-\uFAFF\U00020000-\U0003FFFF';
BEGIN
  IF octet_length(folded) = length(folded) THEN
    folded := translate(folded, E'!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~\t\r\n\f\v', '                                     ');
  ELSE
    folded := regexp_replace(folded, '[^[:alnum:]]+', ' ', 'g');
    IF folded ~ ('[' || letters || ']') THEN
      folded := (
        SELECT string_agg(w.word, ' ' ORDER BY r.turn, w.at)
        FROM regexp_matches(folded, '[' || letters || ']+|[^' || letters || ' ]+', 'g')
          WITH ORDINALITY AS r (run, turn)
        CROSS JOIN LATERAL (
          SELECT r.run[1] AS word, 1 AS at WHERE r.run[1] !~ ('^[' || letters || ']')
          UNION ALL
          SELECT substr(r.run[1], at, 2), at
          FROM generate_series(1, greatest(length(r.run[1]) - is_sought::int, 1)) AS at
          WHERE r.run[1] ~ ('^[' || letters || ']')
        ) AS w);
    END IF;
  END IF;
  IF length(folded) > 60 AND folded ~ '[^ ]{61}' THEN
    folded := regexp_replace(folded, '([^ ]{60})[^ ]+', '\1', 'g');
  END IF;
  RETURN folded;
END $$;

-- The words that were typed.
CREATE OR REPLACE FUNCTION rapport_words(value text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT array_remove(string_to_array(rapport_spaced(value, true), ' '), '')
$$;

-- A record's words as its document holds them: those of its name, and those of its other text. Of
-- a long text the first ten thousand: a document has to stay under a megabyte.
CREATE OR REPLACE FUNCTION rapport_document(object text, name text, rest text) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  named text := object || '=';
  told text := object || '-';
BEGIN
  RETURN array_to_tsvector(
    array_remove(string_to_array(
      named || replace(public.rapport_spaced(coalesce(name, ''), false), ' ', ' ' || named), ' '), named)
    || (array_remove(string_to_array(
      told || replace(public.rapport_spaced(coalesce(rest, ''), false), ' ', ' ' || told), ' '), told)
    )[1:10000]);
END $$;

-- Text that people laid out, without its tags.
CREATE OR REPLACE FUNCTION rapport_plain(value text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  IF strpos(value, '<') = 0 AND strpos(value, '&') = 0 THEN
    RETURN value;
  END IF;
  RETURN replace(replace(replace(replace(replace(
    regexp_replace(value, '<[^>]*>?', ' ', 'g'),
    '&nbsp;', ' '), '&lt;', '<'), '&gt;', '>'), '&quot;', '"'), '&amp;', '&');
END $$;

-- A word and what remains of it without one of its letters: words that share one of these are one
-- mistyped letter apart, be it left out, added, another one, or two in the wrong order.
CREATE OR REPLACE FUNCTION rapport_shortened(word text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT array_agg(DISTINCT left(word, at - 1) || substr(word, at + 1)) || word
  FROM generate_series(1, least(length(word), 40)) AS at
$$;

-- The words that the lexicon holds: long enough to be mistyped, and no numbers.
CREATE OR REPLACE FUNCTION rapport_is_lexical(word text) RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT length(word) BETWEEN 3 AND 40 AND word !~ '[0-9]'
$$;

-- The number itself. A statement that calls it is worked off by one process: to start others takes
-- longer than a search.
CREATE OR REPLACE FUNCTION rapport_alone(most bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL UNSAFE AS $$ SELECT most $$;

-- Have the planner learn what documents there are, and plans that were kept for fewer made anew. The
-- table is the owner's, hence the definer.
CREATE OR REPLACE FUNCTION rapport_survey_documents() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  ANALYZE records_searchdocument;
END $$;
