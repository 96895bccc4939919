"""Answers a recorded run again: a server that takes 50 ms per call and next to no CPU.

`python -m benchmarks.replay FILE` prints its port; when its input ends it prints, as JSON, what
it was asked."""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.exchange import Answer, identity
from benchmarks.recording import Recording
from benchmarks.world import World

DELAY = 0.05
HOST = "127.0.0.1"
REASONS = {200: "OK", 201: "Created", 204: "No Content"}


@dataclass
class Replay:
    """The server."""

    world: World

    async def serve(self) -> None:
        """Until our input ends."""
        server = await asyncio.start_server(self._connected, HOST, 0, backlog=512)
        print(server.sockets[0].getsockname()[1], flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
        print(json.dumps({"asked": self.world.asked, "unknown": self.world.unknown}))

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                await self._exchange(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        begun = asyncio.get_running_loop().time()
        first, *lines = head.rstrip().split("\r\n")
        method, path, _ = first.split(" ")
        pairs = (line.split(": ", 1) for line in lines)
        headers = {name.lower(): value for name, value in pairs}
        if "expect" in headers:
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        asked = identity(method, path, headers, body)
        said = _said(self.world.answer(asked), method)
        await asyncio.sleep(begun + DELAY - asyncio.get_running_loop().time())
        writer.write(said)
        await writer.drain()


def _said(answer: Answer, method: str) -> bytes:
    body = answer.body.encode()
    lines = [f"HTTP/1.1 {answer.status} {REASONS.get(answer.status, 'Said')}"]
    lines += [f"{name}: {value}" for name, value in answer.headers]
    lines += [] if answer.status == 204 else [f"Content-Length: {len(body)}"]
    head = "\r\n".join([*lines, "", ""]).encode()
    return head if method == "HEAD" else head + body


if __name__ == "__main__":
    asyncio.run(Replay(World(Recording.load(Path(sys.argv[1])))).serve())
