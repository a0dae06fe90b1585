"""The floor: what this machine can do at best with Django and PostgreSQL.

A Django project in one file: no models, no permissions, one or two SQL statements a page, pooled
connections, and a session cookie that is looked up in the database, as any page for people who
signed in must do.

    FLOOR_URL=postgresql://… granian --interface wsgi --port 58000 bench.floor.app:application
"""

import json
import os
from secrets import token_hex
from typing import Any

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, JsonResponse
from django.urls import path
from psycopg.conninfo import conninfo_to_dict

from bench.floor import pages

URL: dict[str, Any] = dict(conninfo_to_dict(os.environ["FLOOR_URL"]))
settings.configure(
    DEBUG=False,
    SECRET_KEY=token_hex(),
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
    INSTALLED_APPS=[],
    USE_TZ=True,
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": URL["dbname"],
            "USER": URL["user"],
            "PASSWORD": URL.get("password", ""),
            "HOST": URL["host"],
            "OPTIONS": {
                "pool": {"min_size": 1, "max_size": 4},
                "server_side_binding": True,
                # A generic plan for "ilike … order by … limit" walks the sort index: 43 ms, not 3.
                "options": "-c plan_cache_mode=force_custom_plan",
            },
        }
    },
)
django.setup()

COLUMNS = """c.id, c.first_name, c.last_name, c.email, c.phone, c.city, k.id, k.name
FROM contacts c LEFT JOIN companies k ON k.id = c.company_id"""
COUNT = "SELECT count(*) FROM contacts c"
# Nobody reads a number of more than four digits.
COUNT_SOME = "SELECT count(*) FROM (SELECT 1 FROM contacts c WHERE {where} LIMIT 10001) AS counted"
NAMES = ("id", "first name", "last name", "email", "phone", "city", "company id", "company")
CARDS = """
SELECT d.id, d.name, k.name, s.stage, d.amount
FROM stages s,
LATERAL (SELECT * FROM deals d WHERE d.stage = s.stage AND {reach}
         ORDER BY d.close_date DESC, d.id LIMIT 20) d
LEFT JOIN companies k ON k.id = d.company_id"""
SUMS = """
SELECT d.stage, count(*), sum(d.amount) FROM deals d WHERE {reach}
GROUP BY d.stage ORDER BY d.stage"""
FOUND = """
(SELECT 'contact', c.id, c.first_name || ' ' || c.last_name FROM contacts c
 WHERE c.last_name ILIKE %s AND {contacts} LIMIT 10)
UNION ALL (SELECT 'company', c.id, c.name FROM companies c
 WHERE c.name ILIKE %s AND {companies} LIMIT 10)
UNION ALL (SELECT 'deal', d.id, d.name FROM deals d WHERE d.name ILIKE %s AND {deals} LIMIT 10)"""
#: Which rows each session reaches, as SQL by table; where nothing is said, all.
REACH: dict[str, dict[str, str]] = json.loads(os.environ.get("FLOOR_REACH", "{}"))
ALL = "true"


def login(request: HttpRequest) -> HttpResponse:
    """Give anybody the session asked for."""
    response = HttpResponse("ok")
    response.set_cookie("sid", request.GET.get("as", "all"))
    return response


def contacts(request: HttpRequest) -> HttpResponse:
    """The first 50 contacts, all or by part of the name or city; POST adds one."""
    if not _is_known(request):
        return HttpResponseForbidden()
    if request.method == "POST":
        return _add(request.POST)
    reach = _reach(request, "contacts")
    where, arguments = _conditions(request.GET, reach)
    if reach != ALL:
        total = _rows(COUNT_SOME.format(where=where), arguments)[0][0]
    elif arguments:
        total = _rows(f"{COUNT} WHERE {where}", arguments)[0][0]
    else:
        total = _rows("SELECT reltuples::bigint FROM pg_class WHERE oid = 'contacts'::regclass")
        total = total[0][0]
    order = " ORDER BY c.last_name, c.first_name, c.id LIMIT 50"
    found = _rows(f"SELECT {COLUMNS} WHERE {where}{order}", arguments)
    return _page("Contacts", pages.contact_list(total, found))


def contact(request: HttpRequest, key: str) -> HttpResponse:
    """One contact with deals and activities."""
    if not _is_known(request):
        return HttpResponseForbidden()
    found = _rows(f"SELECT {COLUMNS} WHERE c.id = %s AND {_reach(request, 'contacts')}", [key])[0]
    deals = _rows(
        "SELECT id, name, stage, amount FROM deals WHERE contact_id = %s ORDER BY id DESC LIMIT 20",
        [key],
    )
    activities = _rows(
        "SELECT kind, subject, starts FROM activities WHERE contact_id = %s "
        "ORDER BY starts DESC LIMIT 20",
        [key],
    )
    fields = zip(NAMES, found, strict=True)
    title = f"{found[1]} {found[2]}"
    return _page(title, pages.record(fields, deals, activities))


def board(request: HttpRequest) -> HttpResponse:
    """Twenty deals of each stage, with counts and sums."""
    if not _is_known(request):
        return HttpResponseForbidden()
    reach = _reach(request, "deals")
    sums, cards = _rows(SUMS.format(reach=reach)), _rows(CARDS.format(reach=reach))
    return _page("Deals", pages.board(sums, cards))


def search(request: HttpRequest) -> HttpResponse:
    """Contacts, companies and deals by part of their name."""
    if not _is_known(request):
        return HttpResponseForbidden()
    tables = ("contacts", "companies", "deals")
    found = FOUND.format(**{table: _reach(request, table) for table in tables})
    return JsonResponse({"results": _rows(found, [f"%{request.GET['q']}%"] * 3)})


def _reach(request: HttpRequest, table: str) -> str:
    return REACH.get(request.COOKIES.get("sid", ""), {}).get(table, ALL)


def _conditions(asked: Any, reach: str) -> tuple[str, list[str]]:
    where, arguments = [reach], []
    if part := asked.get("q"):
        where.append("c.last_name ILIKE %s")
        arguments.append(f"%{part}%")
    if city := asked.get("city"):
        where.append("c.city = %s")
        arguments.append(city)
    return " AND ".join(where), arguments


def _add(sent: Any) -> HttpResponse:
    names = ("first_name", "last_name", "email", "phone", "city")
    added = _rows(
        "INSERT INTO contacts (first_name, last_name, email, phone, city, company_id) "
        "VALUES (%s, %s, %s, %s, %s, (SELECT id FROM companies LIMIT 1)) RETURNING id",
        [sent[name] for name in names],
    )
    return HttpResponse(status=302, headers={"Location": f"/contacts/{added[0][0]}"})


def _is_known(request: HttpRequest) -> bool:
    statement = "SELECT u.id FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.key = %s"
    return bool(_rows(statement, [request.COOKIES.get("sid", "")]))


def _rows(statement: str, arguments: Any = ()) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, arguments)
        return list(cursor.fetchall())


def _page(title: str, body: str) -> HttpResponse:
    return HttpResponse(pages.page(title, body))


urlpatterns = [
    path("login", login),
    path("contacts", contacts),
    path("contacts/<str:key>", contact),
    path("deals", board),
    path("search", search),
]
application = get_wsgi_application()
