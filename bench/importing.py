"""Bring a CSV file into the opened instance by the product's own import."""

from collections.abc import Callable, Mapping
from pathlib import Path
from shutil import copyfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rapport.records.imports.running import Progress
    from rapport.records.models import ImportRun


def import_file(
    file: Path,
    object_name: str,
    fields: Mapping[str, str],
    report: Callable[["Progress"], None] = lambda _progress: None,
) -> "ImportRun":
    """Take the file in as the owner; `fields` names the field of each column that has one."""
    from django.conf import settings

    from rapport.accounts.models import User, Workspace
    from rapport.accounts.principals import principal_of
    from rapport.kit.ids import uuid7
    from rapport.records.imports.running import Assigned, run_import
    from rapport.records.models import ImportRun
    from rapport.records.reading import context_for

    owner = principal_of(User.objects.order_by("created_at").first())
    workspace = Workspace.objects.get()
    stored = Path(settings.MEDIA_ROOT) / f"{uuid7()}.csv"
    stored.parent.mkdir(parents=True, exist_ok=True)
    copyfile(file, stored)
    header = file.open(encoding="utf-8").readline().strip().split(",")
    mapping = [
        Assigned(column, place, fields[column]).as_json()
        for place, column in enumerate(header)
        if column in fields
    ]
    run = ImportRun.objects.create(
        object=object_name, filename=file.name, storage=stored.name, mapping=mapping,
        policy="update", is_dry_run=False,
    )  # fmt: skip
    context = context_for(owner, workspace)
    return run_import(run, owner, context, report)
