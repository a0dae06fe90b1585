"""An independent tester of SCIM servers finds nothing to complain about."""

from collections.abc import Iterator

import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from scim2_client.engines.wsgi import WSGISCIMClient
from scim2_tester import Status, check_server

from rapport.accounts.models import Role
from rapport.accounts.scim.actions import change_provisioning, create_directory_token
from rapport.accounts.testing import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.long]


@pytest.fixture
def _one_connection() -> Iterator[None]:
    """All requests stay within the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("_one_connection")
def test_a_tester_of_servers_finds_nothing() -> None:
    make_user()
    found = change_provisioning({"default_role": Role.objects.get(key="member")})
    secret = create_directory_token(found)
    client = WSGISCIMClient(
        get_wsgi_application(),
        base_url="http://testserver/scim/v2",
        headers={"Authorization": f"Bearer {secret}"},
    )
    results = check_server(client)
    good = [one for one in results if one.status == Status.SUCCESS]
    others = {one.title: one.reason for one in results if one.status != Status.SUCCESS}
    # Users and groups are not searched at once: the standard has an answer for that.
    assert list(others) == ["search_with_attributes"]
    assert len(good) > 50
