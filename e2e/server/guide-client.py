"""A client as the usage guide has it: `websockets` and `json`, nothing of ours.

    python3 guide-client.py ws://127.0.0.1:8080/contact

Prints what it received, one JSON value a line, and ends with 0 where the dialogue went as the
guide says.
"""

import asyncio
import json
import sys
from datetime import datetime

import websockets

QUESTIONS = [
    "你好，这个博客系统是怎么构建的？",
    "能介绍一下使用的技术栈吗？",
    "如何部署到生产环境？",
    "你好，我想了解这个项目",
]


async def receive(websocket, expected):
    data = json.loads(await asyncio.wait_for(websocket.recv(), timeout=20))
    print(json.dumps(data), flush=True)
    if data["type"] != expected:
        raise SystemExit(f"expected {expected}, got {data['type']}")
    return data


async def talk(address):
    async with websockets.connect(address) as websocket:
        await receive(websocket, "connection_established")
        request = {
            "type": "contact_request",
            "message": "你好，我想联系博主",
            "timestamp": datetime.now().isoformat(),
            "userAgent": "Python客户端",
        }
        await websocket.send(json.dumps(request))
        await receive(websocket, "contact_request_received")
        for question in QUESTIONS:
            message = {
                "type": "chat_message",
                "message": question,
                "timestamp": datetime.now().isoformat(),
            }
            # Python's json writes what is not ASCII as \uXXXX; the other way is tried too.
            await websocket.send(json.dumps(message, ensure_ascii=question == QUESTIONS[0]))
            await receive(websocket, "chat_message_received")
            await receive(websocket, "chat_message")
            await websocket.send(json.dumps({"type": "ping"}))
            await receive(websocket, "pong")
        await websocket.send("{not json")
        await receive(websocket, "error")
        await websocket.send(json.dumps({"type": "ping"}))
        await receive(websocket, "pong")


asyncio.run(talk(sys.argv[1]))
