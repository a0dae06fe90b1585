"""Takes webhooks on this machine and says how many: `python -m bench.receiver` prints its port."""

import asyncio
import sys

ANSWER = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"
LENGTH = b"content-length:"


async def main() -> None:
    """Take what comes until the one who started this goes."""
    server = await asyncio.start_server(take, "127.0.0.1", 0, backlog=512)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)


async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Read one request and answer it."""
    head = await reader.readuntil(b"\r\n\r\n")
    lines = (line.lower() for line in head.splitlines())
    length = next(int(line[len(LENGTH) :]) for line in lines if line.startswith(LENGTH))
    await reader.readexactly(length)
    writer.write(ANSWER)
    await writer.drain()
    writer.close()


if __name__ == "__main__":
    asyncio.run(main())
