"""Clients written from the protocol's description alone: Python, `websockets`, nothing of ours.

    python3 independent-client.py ws://127.0.0.1:8080/contact 40

Each client types now and then, keeps what was not acknowledged, comes back after every break with
its token and its position, and writes down what it sees. Standard output gets a line `ack` for
each first acknowledgement and, at the end, one line of JSON. A line on standard input ends the
typing; what is still on its way is then brought to its end.
"""

import asyncio
import json
import random
import sys
from datetime import datetime, timezone

import websockets

ACK_WITHIN = 10  # seconds; then the connection counts as dead
GREETING_WITHIN = 8
SETTLE_WITHIN = 60
TEXTS = ["How do I deploy this? {}", "如何部署到生产环境？{}", "{} — crème brûlée 🚀", "{}\nWhich database?"]

typing = True
by_name = {}


def now():
    return datetime.now(timezone.utc).isoformat()


class Client:
    def __init__(self, name, address, shares_with=None):
        self.name, self.address, self.shares_with = name, address, shares_with
        self.events = []
        self.outbox = {}  # id → frame, in the order of typing
        self.sent_at = {}
        self.questions = set()  # acknowledged or seen in the history
        self.answered = set()
        self.token = self.epoch = self.conversation = None
        self.position = 0  # everything up to here was seen, without a gap
        self.ahead = set()
        self.socket = None
        self.live = False
        self.breaks = self.resumes = self.typed = 0

    # ── what the visitor does ────────────────────────────────────────────────

    async def type_now_and_then(self):
        while typing:
            await asyncio.sleep(random.uniform(0.2, 1.4))
            # A device that shares a conversation has nothing to say before there is one.
            if typing and (self.shares_with is None or self.token):
                await self.type()

    async def type(self):
        self.typed += 1
        key = f"{self.name}-{self.typed}"
        text = random.choice(TEXTS).format(key)
        kind = "contact_request" if self.typed % 9 == 0 else "chat_message"
        frame = {"type": kind, "id": key, "message": text, "timestamp": now()}
        if kind == "contact_request":
            frame.update(userAgent="independent", email="visitor@example.com")
        self.events.append({"type": "typed", "id": key, "text": text, "kind": kind})
        self.outbox[key] = frame
        if self.live:
            try:
                await self.send(key)
            except websockets.exceptions.ConnectionClosed:
                pass  # it stays in the outbox

    async def send(self, key):
        self.sent_at[key] = asyncio.get_running_loop().time()
        await self.socket.send(json.dumps(self.outbox[key]))

    # ── the connection ───────────────────────────────────────────────────────

    async def run(self):
        attempt = 0
        while True:
            if self.shares_with and not self.token:
                self.token = by_name[self.shares_with].token
                if not self.token:
                    await asyncio.sleep(0.05)
                    continue
            try:
                async with websockets.connect(
                    self.address, open_timeout=5, close_timeout=1, ping_interval=None, max_size=None
                ) as self.socket:
                    await self.converse()
                    attempt = 0
            except (OSError, EOFError, asyncio.TimeoutError, websockets.exceptions.WebSocketException):
                pass
            if self.live:
                attempt = 0
                self.breaks += 1
            self.live = False
            self.socket = None
            self.events.append({"type": "closed", "code": 1006})
            attempt += 1
            await asyncio.sleep(random.uniform(0, min(1.0, 0.05 * 2**attempt)))

    async def converse(self):
        hello = {"type": "hello", "protocol": 1}
        asked_from = None
        if self.token:
            hello["token"] = self.token
            hello["last_seq"] = asked_from = self.position
            if self.epoch:
                hello["epoch"] = self.epoch
        await self.socket.send(json.dumps(hello))
        greeted = False
        while True:
            wait = 0.5 if self.live else GREETING_WITHIN
            try:
                frame = json.loads(await asyncio.wait_for(self.socket.recv(), wait))
            except asyncio.TimeoutError:
                if not self.live or self.is_stuck():
                    return
                continue
            kind = frame["type"]
            if not greeted and kind != "connection_established":
                raise SystemExit(f"the first message was {kind}")
            greeted = True
            if kind == "session":
                self.begin_session(frame, asked_from)
            elif kind == "history":
                for message in frame["messages"]:
                    self.receive(message, "history")
                if frame.get("resume") and not frame["more"]:
                    await self.go_live()
            elif kind == "chat_message":
                self.receive(frame, "live")
            elif kind in ("chat_message_received", "contact_request_received"):
                self.acknowledged(frame)
            elif kind == "error":
                if self.refused(frame):
                    return  # to try again later, all of it

    def is_stuck(self):
        oldest = min(self.sent_at.values(), default=None)
        gone = asyncio.get_running_loop().time() - ACK_WITHIN
        return (oldest is not None and oldest < gone) or bool(self.ahead)

    def begin_session(self, frame, asked_from):
        event = {
            "type": "session",
            "conversationId": frame["conversation_id"],
            "resumed": frame["resumed"],
            "lastSeq": frame["last_seq"],
        }
        if asked_from is not None:
            event["askedFrom"] = asked_from
        self.events.append(event)
        if frame["resumed"]:
            self.resumes += 1
        else:
            self.position = 0
        self.ahead = set()
        self.token, self.epoch = frame["token"], frame.get("epoch")
        self.conversation = frame["conversation_id"]

    async def go_live(self):
        self.sent_at = {}
        for key in list(self.outbox):
            if key in self.outbox:
                await self.send(key)
        self.live = True
        # What was typed while the others were sent.
        for key in list(self.outbox):
            if key not in self.sent_at:
                await self.send(key)

    # ── what the server says ─────────────────────────────────────────────────

    def reached(self, seq):
        if seq > self.position:
            self.ahead.add(seq)
        while self.position + 1 in self.ahead:
            self.position += 1
            self.ahead.remove(self.position)

    def receive(self, message, via):
        seq, sender = message["seq"], message["sender"]
        self.events.append(
            {
                "type": "received",
                "id": message["id"],
                "seq": seq,
                "sender": sender,
                "text": message["message"],
                "via": via,
            }
        )
        self.reached(seq)
        if sender == "assistant":
            self.answered.update(message.get("answers") or [message["in_reply_to"]])
        elif sender == "visitor" and message.get("kind") != "contact_request":
            self.questions.add(message["id"])

    def acknowledged(self, frame):
        key, seq, duplicate = frame["id"], frame["seq"], frame.get("duplicate", False)
        self.events.append(
            {"type": "acknowledged", "id": key, "seq": seq, "duplicate": duplicate}
        )
        self.reached(seq)
        self.sent_at.pop(key, None)
        if self.outbox.pop(key, None) and frame["type"] == "chat_message_received":
            self.questions.add(key)
        print("ack", flush=True)

    def refused(self, frame):
        if frame["retryable"]:
            return True
        key = frame.get("ref")
        self.events.append({"type": "refused", "id": key or "", "code": frame["code"]})
        self.outbox.pop(key, None)
        self.sent_at.pop(key, None)
        return False

    def unfinished(self):
        owed = self.questions - self.answered
        if self.outbox or owed:
            return f"{self.name}: unsent {sorted(self.outbox)}, unanswered {sorted(owed)}"
        return None


async def main():
    global typing
    address, count = sys.argv[1], int(sys.argv[2])
    for index in range(count):
        # The last tenth are second devices of the first ones.
        shares = f"p{index - count * 9 // 10}" if index >= count * 9 // 10 else None
        by_name[f"p{index}"] = Client(f"p{index}", address, shares)
    clients = list(by_name.values())
    runs = [asyncio.create_task(client.run()) for client in clients]
    visitors = [asyncio.create_task(client.type_now_and_then()) for client in clients]
    loop = asyncio.get_running_loop()
    line = await loop.run_in_executor(None, sys.stdin.readline)
    if not line:
        raise SystemExit("whoever started this is gone")
    typing = False
    await asyncio.gather(*visitors)
    until = loop.time() + SETTLE_WITHIN
    while any(client.unfinished() for client in clients) and loop.time() < until:
        await asyncio.sleep(0.1)
    for run in runs:
        run.cancel()
    broken = [
        repr(end)
        for end in await asyncio.gather(*runs, return_exceptions=True)
        if not isinstance(end, asyncio.CancelledError)
    ]
    result = {
        "clients": [{"client": client.name, "events": client.events} for client in clients],
        "unfinished": [client.unfinished() for client in clients if client.unfinished()],
        "broken": broken,
        "breaks": sum(client.breaks for client in clients),
        "resumes": sum(client.resumes for client in clients),
    }
    print(json.dumps(result), flush=True)


asyncio.run(main())
