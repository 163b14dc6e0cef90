"""Readers of event streams, and who publishes to them.

read HOST PORT PATH COUNT SECONDS   opens COUNT streams, says "open", counts for SECONDS, prints JSON
publish KIND HOST PORT RATE SECONDS makes RATE events a second, each with the moment it was made
floor PORT COUNT RATE SECONDS       writes frames to COUNT sockets and does nothing else
"""

import http.client
import json
import re
import select
import socket
import sys
import time

SEEN = re.compile(rb'"seen_at": ?(\d+)')
# Every reader counts its bytes; one in so many also reads what they say.
SAMPLE = 25


def connect(host, port, path, token=""):
    reader = socket.create_connection((host, port))
    request = f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nAccept: text/event-stream\r\n"
    if token:
        request += f"Authorization: Bearer {token}\r\n"
    request += "\r\n"
    reader.sendall(request.encode())
    return reader


def read(host, port, path, count, seconds, token=""):
    poll = select.epoll()
    readers = {}
    for number in range(int(count)):
        reader = connect(host, int(port), path, token)
        reader.setblocking(False)
        readers[reader.fileno()] = (reader, number % SAMPLE == 0)
        poll.register(reader.fileno(), select.EPOLLIN)
    # The answers' heads and first frames.
    settle = time.time() + 5
    while time.time() < settle:
        for file, _ in poll.poll(0.1):
            readers[file][0].recv(65536)
    print("open", flush=True)
    received = dict.fromkeys(readers, 0)
    delays, ended = [], 0
    end = time.time() + float(seconds)
    while time.time() < end:
        for file, _ in poll.poll(0.1):
            reader, sampled = readers[file]
            try:
                data = reader.recv(65536)
            except ConnectionError:
                data = b""
            if not data:
                ended += 1
                poll.unregister(file)
                continue
            received[file] += len(data)
            if sampled:
                now = time.time() * 1000
                delays.extend(now - int(at) for at in SEEN.findall(data))
    delays.sort()
    sampled = [file for file, (_, one) in readers.items() if one]
    each = len(delays) / len(sampled)
    part = lambda share: delays[min(len(delays) - 1, int(len(delays) * share))] if delays else None
    print(
        json.dumps(
            {
                "frames": each * len(readers),
                "least_bytes": min(received.values()),
                "most_bytes": max(received.values()),
                "p50_ms": part(0.5),
                "p99_ms": part(0.99),
                "ended": ended,
            }
        ),
        flush=True,
    )


def publish(kind, host, port, rate, seconds):
    connection = http.client.HTTPConnection(host, int(port))
    start, made = time.time(), 0
    while time.time() < start + float(seconds):
        if kind == "console":
            headers = {
                "Content-Type": "application/x-www-form-urlencoded",
                "Sec-Fetch-Site": "same-origin",
                "Referer": f"http://{host}:{port}/models",
                "Accept": "text/html",
            }
            connection.request("POST", "/api/models/refresh", "account=bench", headers)
        else:
            view = {"id": "100000000000", "env": "dev", "state": "refreshed", "aws": None}
            view |= {"seen_at": int(time.time() * 1000), "next_look_at": None, "code": None, "v": 0}
            connection.request("POST", "/publish", json.dumps(view))
        answer = connection.getresponse()
        answer.read()
        if answer.status >= 400:
            sys.exit(f"publishing was answered {answer.status}")
        made += 1
        time.sleep(max(0, start + made / float(rate) - time.time()))
    print(made)


def floor(port, count, rate, seconds):
    listener = socket.create_server(("127.0.0.1", int(port)), backlog=4096)
    print("listening", flush=True)
    readers = []
    for _ in range(int(count)):
        reader, _ = listener.accept()
        reader.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        reader.recv(65536)
        reader.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
        readers.append(reader)
    time.sleep(6)
    start, made = time.time(), 0
    before = time.process_time()
    while time.time() < start + float(seconds):
        view = {"id": "100000000000", "env": "dev", "state": "refreshed", "aws": None}
        view |= {"seen_at": int(time.time() * 1000), "next_look_at": None, "code": None, "v": 0}
        frame = f"id: 1-{made}\nevent: inventory\ndata: {json.dumps(view)}\n\n".encode()
        for reader in readers:
            reader.send(frame)
        made += 1
        time.sleep(max(0, start + made / float(rate) - time.time()))
    used = (time.process_time() - before) * 1000
    print(json.dumps({"cpu_ms": used, "made": made}), flush=True)


{"read": read, "publish": publish, "floor": floor}[sys.argv[1]](*sys.argv[2:])
