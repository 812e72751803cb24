"""Somebody who receives webhooks on this machine, and a verifier written from the standard alone."""

import base64
import hashlib
import hmac
import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Receiver:
    """What came in, and what is answered: a status, headers and a body, or a function that is called first."""

    def __init__(self):
        self.messages = []
        self.status, self.headers, self.body, self.before = 204, {}, b"", None

    def __call__(self, path, headers, body):
        self.messages.append((path, headers, body))
        if self.before:
            self.before()

    @property
    def ids(self):
        return [headers["webhook-id"] for _path, headers, _body in self.messages]

    @property
    def said(self):
        return [json.loads(body) for _path, _headers, body in self.messages]


@contextmanager
def listening():
    """A receiver on a port of its own, as long as the block goes on; its ``url`` leads there."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
            self.send_response(receiver.status)
            for name, value in receiver.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(receiver.body)))
            self.end_headers()
            self.wfile.write(receiver.body)

        def do_GET(self):
            receiver(self.path, {}, b"GET")
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_args):
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    receiver.url = f"http://127.0.0.1:{server.server_port}/hook"
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def verifies(secret, headers, body):
    """Does one of the signatures hold for this secret? As the standard says it, in a few lines."""
    key = base64.b64decode(secret.split("_", 1)[1])
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    ours = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return ours in [one.split(",", 1)[1] for one in headers["webhook-signature"].split(" ")]
