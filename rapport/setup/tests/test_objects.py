"""Objects of one's own are made, changed, removed and brought back in the browser."""

import pytest

from rapport.accounts.testing import make_user, signed_in
from rapport.records.models import CustomObject

pytestmark = pytest.mark.django_db
SENT = {
    "label_en": "Device", "label_plural_en": "Devices", "label_plural_es": "Aparatos",
    "icon": "box", "access": "owned", "personal": "none",
}  # fmt: skip


def test_an_object_is_made_changed_removed_and_brought_back() -> None:
    web = signed_in(make_user())
    assert web.get("/setup/objects/new/").status_code == 200
    assert web.post("/setup/objects/new/", SENT).status_code == 302
    row = CustomObject.objects.get()
    assert (row.name, row.plural, row.state) == ("device", "devices", "waiting")
    assert "Being prepared" in web.get("/setup/fields/").content.decode()

    assert web.post(f"/setup/objects/{row.pk}/", {**SENT, "label_en": "Tool"}).status_code == 302
    row.refresh_from_db()
    assert row.label == {"en": "Tool"}
    assert "0 records leave" in web.get(f"/setup/objects/{row.pk}/remove/").content.decode()
    web.post(f"/setup/objects/{row.pk}/remove/")
    assert "Bring Devices back" in web.get("/setup/fields/").content.decode()
    web.post(f"/setup/objects/{row.pk}/restore/")
    row.refresh_from_db()
    assert row.removed_at is None


def test_what_is_wrong_is_said_at_its_field() -> None:
    web = signed_in(make_user())

    answer = web.post("/setup/objects/new/", {**SENT, "label_en": "", "plural": "people"})
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"label_en", "plural"}
    member = signed_in(make_user("Max", role="member", email="max@example.com"))
    assert member.post("/setup/objects/new/", SENT).status_code == 403
    assert not CustomObject.objects.exists()
