"""Wait until the web process answers."""

import http.client
import time

from rapport.project.instance import InstanceError

from .child import Child

READY_SECONDS = 90


def await_first_answer(web: Child, host: str, port: int) -> None:
    """Return once a page can be had. Raises InstanceError if the process ends or takes too long."""
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and web.is_running:
        if _answers(host, port):
            return
        time.sleep(0.03)
    raise InstanceError("The web process could not be started; what it said stands above.")


def _answers(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(_reachable(host), port, timeout=10)
    try:
        connection.request("GET", "/healthz", headers={"Host": "localhost"})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _reachable(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - not bound here
