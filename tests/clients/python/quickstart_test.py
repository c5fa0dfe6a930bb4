"""The quick start of the README, run as it stands: only the address is that of the test."""
import asyncio
import os
import re
import sys

from host import HostTest, main


class QuickStart(HostTest):
    async def test_prints_what_happens(self):
        host = await self.host()
        with open(os.environ["JUNMAI_README"], encoding="utf-8") as file:
            code = re.search(r"## Quick start\n\n```python\n(.*?)```", file.read(), re.S)[1]
        program = await asyncio.create_subprocess_exec(
            sys.executable, "-uc", code.replace("http://localhost:5100", host.url),
            stdout=asyncio.subprocess.PIPE)
        publisher = await self.client(host.url)
        line = asyncio.ensure_future(program.stdout.readline())
        # It prints nothing when it is subscribed: an event is sent until one arrives.
        while not line.done():
            await publisher.publish("photo_imported", {"file_name": "IMG_1.CR3"}, channel="photos")
        self.assertEqual(line.result(), b"new photo IMG_1.CR3\n")
        await publisher.publish("job_progress", {"job_id": "j", "progress": 50}, channel="jobs")
        async with asyncio.timeout(60):
            while await program.stdout.readline() != b"j 50\n":
                pass
        program.kill()
        await program.wait()


if __name__ == "__main__":
    main()
