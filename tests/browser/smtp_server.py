#!/usr/bin/python3
"""A mail server on a free port of 127.0.0.1, for tests: prints the port, keeps what arrives as FOLDER/N.json (to, subject,
text), and ends when its input does, so that none is left behind."""
import email
import email.policy
import json
import os
import sys

from aiosmtpd.controller import Controller


class Inbox:
    def __init__(self, folder):
        self.folder, self.count = folder, 0

    async def handle_DATA(self, _server, _session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        body = message.get_body(("plain",))
        self.count += 1
        path = os.path.join(self.folder, f"{self.count:04}")
        with open(f"{path}.part", "w", encoding="utf-8") as file:
            json.dump({"to": envelope.rcpt_tos, "subject": message["Subject"],
                       "text": body.get_content().replace("\r\n", "\n")}, file)
        os.rename(f"{path}.part", f"{path}.json")
        return "250 OK"


class Server(Controller):
    def _trigger_server(self):  # connects to port 0 otherwise
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


server = Server(Inbox(sys.argv[1]), hostname="127.0.0.1", port=0)
server.start()
print(server.port, flush=True)
sys.stdin.read()
server.stop()
