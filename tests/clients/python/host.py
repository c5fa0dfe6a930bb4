"""A real junmaid for the tests of the Python client, and what waits for events without sleeping.

The programs are named by the environment; see ../CMakeLists.txt.
"""
import asyncio
import json
import os
import shutil
import sys
import tempfile
import unittest

PATIENCE_S = 60
SKIPPED = 77

try:
    import websockets
except ImportError:
    print("SKIPPED: the package websockets is missing (Debian: python3-websockets)")
    sys.exit(SKIPPED)

from junmai import Client  # noqa: E402
from junmai._http import request  # noqa: E402


class Host:
    def __init__(self, limits, args):
        self.folder = tempfile.mkdtemp(prefix="junmai-test-")
        config = os.path.join(self.folder, "junmai.json")
        with open(config, "w", encoding="utf-8") as file:
            json.dump({"limits": limits} if limits else {}, file)
        self.args = ["--config", config, *args]
        self.port = 0

    async def start(self):
        """On the port that it had."""
        self.process = await asyncio.create_subprocess_exec(
            os.environ["JUNMAI_HOST"], "--data", os.path.join(self.folder, "data"), "--port",
            str(self.port), *self.args, stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL)
        async with asyncio.timeout(PATIENCE_S):
            line = (await self.process.stdout.readline()).decode()
        self.port = int(line.rsplit(":", 1)[1])
        self.url = f"http://127.0.0.1:{self.port}"

    async def kill(self):
        if self.process.returncode is None:
            self.process.kill()
        async with asyncio.timeout(PATIENCE_S):
            await self.process.wait()

    def forget(self):
        """The next start is a new life."""
        shutil.rmtree(os.path.join(self.folder, "data"))

    async def remove(self):
        await self.kill()
        shutil.rmtree(self.folder)

    async def get(self, path):
        response = await request(self.url + path, {})
        try:
            return (await response.body()).decode()
        finally:
            response.abort()


class Collector(list):
    """Collects what handlers are given, and wakes who waits for it."""

    def __init__(self):
        super().__init__()
        self._came = asyncio.Event()

    def add(self, *item):
        self.append(item[0] if len(item) == 1 else item)
        self._came.set()

    async def until(self, test):
        async with asyncio.timeout(PATIENCE_S):
            while not test(self):
                self._came.clear()
                await self._came.wait()

    async def count(self, number):
        await self.until(lambda items: len(items) >= number)


class HostTest(unittest.IsolatedAsyncioTestCase):
    async def host(self, limits=None, args=()):
        host = Host(limits, args)
        self.addAsyncCleanup(host.remove)
        await host.start()
        return host

    async def client(self, url, **options):
        """A client that comes back quickly; all that it tells is in lists of it."""
        client = Client(url, **{"retry_first_s": 0.02, "retry_most_s": 0.2, **options})
        client.events, client.lost = Collector(), Collector()
        client.errors, client.states = Collector(), Collector()
        client.on("*", client.events.add)
        client.on_lost(client.lost.add)
        client.on_error(client.errors.add)
        client.on_state(client.states.add)
        client.connect()
        self.addAsyncCleanup(client.close)
        return client


def main():
    unittest.main(verbosity=2)
