"""The records of an instance as tables of the floor: the same rows under the same keys."""

from pathlib import Path

import psycopg
from psycopg import sql

HERE = Path(__file__).parent
#: The floor's tables, in the order in which they point at each other, and what is in them.
TABLES = {
    "companies": "SELECT id, name, city, industry, owner_id FROM contacts_company",
    "contacts": """
        SELECT p.id, first_name, last_name, e.normalised AS email, t.normalised AS phone, city,
               company_id, owner_id
        FROM contacts_person AS p
        LEFT JOIN contacts_emailaddress AS e ON e.party_id = p.id AND e.is_primary
        LEFT JOIN contacts_phonenumber AS t ON t.party_id = p.id AND t.is_primary""",
    "stages": """
        SELECT id::text AS stage FROM sales_stage WHERE pipeline_id =
          (SELECT id FROM sales_pipeline ORDER BY position, id LIMIT 1)""",
    "deals": """
        SELECT d.id, name, company_id, w.person_id AS contact_id, d.stage_id::text AS stage,
               amount_base AS amount, close_date, owner_id
        FROM sales_deal AS d LEFT JOIN sales_dealperson AS w ON w.deal_id = d.id AND w.position = 0
        WHERE pipeline_id = (SELECT id FROM sales_pipeline ORDER BY position, id LIMIT 1)""",
    "activities": """
        SELECT e.kind, '' AS subject, e.record_id AS contact_id, e.at AS starts
        FROM records_timelineentry AS e JOIN contacts_person AS p ON p.id = e.record_id""",
    "shares": "SELECT record_id FROM records_share",
}


def copy_to_floor(ours: str, server: str, floor: str) -> None:
    """Make the database `floor` beside the instance's and fill it. `server` may make databases."""
    name = psycopg.conninfo.conninfo_to_dict(floor)["dbname"]
    with psycopg.connect(server, autocommit=True) as connection:
        made = sql.Identifier(str(name))
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(made))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(made))
    with psycopg.connect(ours) as source, psycopg.connect(floor) as target:
        schema, _empty, indexes = (HERE / "floor" / "company.sql").read_text().partition("\n\n")
        target.execute(schema.encode())
        for table, query in TABLES.items():
            _copy(source, target, table, query)
        target.execute(indexes.encode())
    with psycopg.connect(floor, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def _copy(source: psycopg.Connection, target: psycopg.Connection, table: str, query: str) -> None:
    columns = [one.name for one in source.execute(f"{query} LIMIT 0".encode()).description or ()]
    into = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    out = f"COPY ({query}) TO STDOUT".encode()
    with source.cursor().copy(out) as read, target.cursor().copy(into) as written:
        for part in read:
            written.write(part)
