-- People, companies and notes as they are found in a large firm, made by the database itself.
CREATE FUNCTION pg_temp.pick(list text[], n int, salt int) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT list[1 + abs(hashint4extended(n, salt)) %% cardinality(list)] $$;

CREATE TEMP TABLE crowd AS
SELECT n, uuidv7() AS id,
  CASE WHEN abs(hashint4(n)) %% 2000 = 0 THEN %(member)s::uuid ELSE %(owner)s::uuid END AS owner,
  CASE
    WHEN n = 777 THEN 'Theophila'
    WHEN n %% 10 = 0 THEN 'Magdalena'
    WHEN n %% 1000 = 7 THEN pg_temp.pick(ARRAY['秀英', '伟明', '美咲', '建国'], n, 1)
    ELSE pg_temp.pick(%(first)s, n, 2) END AS first,
  CASE
    WHEN n = 777 THEN 'Zwetschgenbaum'
    WHEN n %% 1000 = 7 THEN pg_temp.pick(ARRAY['王', '田中', '欧阳', '김'], n, 3)
    WHEN n %% 5 = 1 THEN initcap(translate(left(md5((n %% 200000)::text), 9),
                                           '0123456789', 'aeioulnrst'))
    ELSE pg_temp.pick(%(last)s, n, 4) END AS last
FROM generate_series(1, %(people)s) AS n;

INSERT INTO contacts_person (id, owner_id, first_name, last_name, job_title, city)
SELECT id, owner, first, last,
  pg_temp.pick(ARRAY['Buyer', 'Head of sales', 'Engineer', 'Nurse', 'Accountant', ''], n, 5),
  pg_temp.pick(%(towns)s, n, 6)
FROM crowd;

INSERT INTO contacts_party (id, object) SELECT id, 'person' FROM crowd;

INSERT INTO contacts_emailaddress (id, party_id, value, normalised, is_primary, position)
SELECT uuidv7(), id, mail, mail, true, 0 FROM (
  SELECT id, lower(translate(first, ' ', '')) || '.' || n || '@firm' || n %% 5000 || '.example'
    AS mail FROM crowd
) AS made;

INSERT INTO contacts_phonenumber (id, party_id, value, normalised, is_primary, position)
SELECT uuidv7(), id, '+4420' || lpad(n::text, 8, '0'), '+4420' || lpad(n::text, 8, '0'), true, 0
FROM crowd;

INSERT INTO contacts_company (id, owner_id, name, city)
SELECT uuidv7(), %(owner)s, pg_temp.pick(%(last)s, n, 7) || ' ' || pg_temp.pick(%(sector)s, n, 8)
  || ' ' || n, pg_temp.pick(%(towns)s, n, 9)
FROM generate_series(1, %(people)s / 20) AS n;

INSERT INTO activities_note (id, owner_id, body, at)
SELECT uuidv7(), %(owner)s, '<p>Asked for ' || pg_temp.pick(%(sector)s, n, 10) || ' and <b>'
  || pg_temp.pick(%(last)s, n, 11) || '</b> from ' || pg_temp.pick(%(towns)s, n, 12) || '.</p>',
  now() - n * interval '1 minute'
FROM generate_series(1, %(people)s / 10) AS n;
