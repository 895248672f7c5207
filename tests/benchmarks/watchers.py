"""Many people who watch a session: prints, for each text that appeared, how many saw it and when the last one did."""

import asyncio
import json
import re
import sys
import time
from collections import defaultdict

PATIENCE = 20  # seconds after the last word
TEXT = re.compile(r'"text": "bench (\d+)[ "]')

seen: dict[int, dict[int, float]] = defaultdict(dict)  # text -> watcher -> when
known: dict[bytes, list[int]] = {}  # an event is the same for all: it is read once


def read(line: bytes) -> list[int]:
    if line not in known:
        known.clear()
        known[line] = [int(found) for found in TEXT.findall(line.decode())]
    return known[line]


async def watch(number: int, port: int, address: str, there: asyncio.Semaphore) -> None:
    """One browser, which comes back when the server goes."""
    while True:
        try:
            async with there:
                reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**22)
                writer.write(f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
                while (await reader.readline()).strip():
                    pass
                await reader.readline()
            while line := await reader.readline():
                if line.startswith(b"data: "):
                    moment = time.time()
                    for text in read(line):
                        seen[text].setdefault(number, moment)
        except OSError:
            pass
        await asyncio.sleep(2)


async def main(port: int, address: str, watchers: int) -> None:
    there = asyncio.Semaphore(50)  # who knock at a time
    tasks = [asyncio.create_task(watch(number, port, address, there)) for number in range(watchers)]
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(None, sys.stdin.readline)  # until the benchmark has enough
    for task in tasks:
        task.cancel()
    told = {text: [len(moments), max(moments.values())] for text, moments in seen.items()}
    print(json.dumps(told))


asyncio.run(main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
