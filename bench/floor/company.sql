-- The floor's tables for the large company; its records are copied in at the empty line.
create extension if not exists pg_trgm;
create table companies(
  id uuid primary key default gen_random_uuid(),
  name text,
  city text,
  industry text,
  owner_id uuid
);
create table contacts(
  id uuid primary key default gen_random_uuid(),
  first_name text,
  last_name text,
  email text,
  phone text,
  city text,
  company_id uuid references companies,
  owner_id uuid
);
create table stages(
  stage text primary key
);
create table deals(
  id uuid primary key,
  name text,
  company_id uuid references companies,
  contact_id uuid references contacts,
  stage text,
  amount numeric,
  close_date date,
  owner_id uuid
);
create table activities(
  kind text,
  subject text,
  contact_id uuid,
  starts timestamptz
);
create table shares(
  record_id uuid
);
create table users(
  id int primary key,
  name text
);
create table sessions(
  key text primary key,
  user_id int references users
);
insert into users values (1, 'bench');
insert into sessions select unnest(array['all', 'own', 'below', 'rule']), 1;

create index on contacts(last_name, first_name, id);
create index on contacts(city, last_name, first_name, id);
create index on contacts(owner_id, last_name, first_name, id);
create index on contacts(company_id);
create index on contacts using gin(last_name gin_trgm_ops);
create index on companies using gin(name gin_trgm_ops);
create index on companies(industry);
create index on deals using gin(name gin_trgm_ops);
create index on deals(stage, close_date desc, id);
create index on deals(owner_id, stage);
create index on deals(contact_id);
create index on activities(contact_id, starts desc);
