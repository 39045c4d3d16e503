"""A python-socketio client: asks one question, says what it hears as lines of JSON, and asks again after a drop."""

import json
import sys
import threading

import socketio


# handlers run in threads of their own
saying = threading.Lock()


def say(kind, **members):
    with saying:
        sys.stdout.write(json.dumps({"kind": kind, **members}) + "\n")
        sys.stdout.flush()


asked = json.loads(sys.argv[2])
client = socketio.Client(reconnection_delay=0.1, reconnection_delay_max=0.5)
seen = {"after": None, "connections": 0}


@client.event
def connect():
    seen["connections"] += 1
    question = dict(asked)
    if seen["after"] is not None:
        question["after"] = seen["after"]
    client.emit("generate_query", question, callback=lambda ack: say("ack", ack=ack))


def heard(event):
    def on(body):
        seen["after"] = body.get("seq", seen["after"])
        say(event, body=body, connections=seen["connections"])
        if event in ("query_result", "query_error"):
            client.disconnect()

    return on


for name in ("query_progress", "query_token", "query_result", "query_error"):
    client.on(name, heard(name))

client.connect(sys.argv[1], transports=json.loads(sys.argv[3]), wait_timeout=20)
client.wait()
