"""The Python client that others generate from our document, made and imported as it comes."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from openapi_python_client import generate
from openapi_python_client.config import Config, ConfigFile, MetaType

PACKAGE = "rapport_client"


class GeneratedClient:
    """A generated package: its operations by tag and name, its models by name."""

    def __init__(self, package: str, address: str, secret: str) -> None:
        self.package = package
        made = importlib.import_module(package)
        self.client = made.AuthenticatedClient(
            base_url=f"{address}/api/v1", token=secret, raise_on_unexpected_status=True
        )
        self.models = importlib.import_module(f"{package}.models")
        self.types = importlib.import_module(f"{package}.types")

    def ask(self, operation: str, *arguments: Any, **options: Any) -> Any:
        """The whole answer to an operation, as `tags.list_tags`; parsed into its model."""
        module = importlib.import_module(f"{self.package}.api.{operation}")
        return module.sync_detailed(*arguments, client=self.client, **options)

    def __call__(self, operation: str, *arguments: Any, **options: Any) -> Any:
        """What the operation answers, as its model."""
        return self.ask(operation, *arguments, **options).parsed


def generate_client(document: Mapping[str, Any], folder: Path) -> list[str]:
    """Write the package for a document into the folder; what the generator could not do."""
    source = folder / "openapi.json"
    source.write_text(json.dumps(document))
    config = Config.from_sources(
        ConfigFile(post_hooks=[]), MetaType.NONE, source, "utf-8", True, folder / PACKAGE
    )
    return [f"{one.header}: {one.detail}" for one in generate(config=config)]


@contextmanager
def imported_client(folder: Path, address: str, secret: str) -> Iterator[GeneratedClient]:
    """The package of the folder, until it is let go of."""
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    try:
        api = GeneratedClient(PACKAGE, address, secret)
        with api.client:
            yield api
    finally:
        sys.path.remove(str(folder))
        for name in [one for one in sys.modules if one.partition(".")[0] == PACKAGE]:
            del sys.modules[name]


def part_of(document: Mapping[str, Any], *firsts: str) -> dict[str, Any]:
    """The document with only the paths that begin with one of these words, as it has them."""
    paths = {path: one for path, one in document["paths"].items() if path.split("/")[1] in firsts}
    return {**document, "paths": paths}
