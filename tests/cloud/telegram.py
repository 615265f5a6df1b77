"""A stand-in of Telegram's Bot API with one bot and one person, as strict as a test needs it.

    telegram.py TOKEN

Prints its address in a line and serves until it is ended. A member that it does not know, another type, another token
or a chat in which nobody has written is refused, in the vendor's own form. What the test itself asks for is below
/stand-in:

    GET  /stand-in          what was registered and sent, and what was refused: the webhook's secret is among it
    POST /stand-in/write    {"text": T, "origin": O}: the person writes, and the update is posted to the path that was
                            registered, at this origin; the answer's status comes back
    POST /stand-in/fail     the next message is answered with 500, and not taken
"""

import http.server
import itertools
import json
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

PERSON = {"id": 501, "first_name": "Tess", "username": "tess"}
SECONDS = 20
SECRET_LENGTH, TEXT_LENGTH = 256, 4096
# Of each method: its members, with their types, and those that have to be there.
METHODS = {
    "getMe": ({}, ()),
    "setWebhook": ({"url": str, "secret_token": str, "allowed_updates": list}, ("url",)),
    "deleteWebhook": ({}, ()),
    "sendMessage": ({"chat_id": int, "text": str, "reply_parameters": dict}, ("chat_id", "text")),
}


class Refused(Exception):
    def __init__(self, status: int, description: str) -> None:
        super().__init__(description)
        self.status = status


class Bot:
    """The bot, and the chat with the person. One request at a time changes it."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.me = {"id": int(token.split(":")[0]), "is_bot": True, "first_name": "Cloud", "username": "cloud_bot"}
        self.webhook: dict = {}
        self.sent: list[dict] = []
        self.refused: list[str] = []
        self.failures = 0
        self.has_written = False
        self.numbers, self.updates = itertools.count(1), itertools.count(1000)
        self.lock = threading.Lock()

    def call(self, token: str, method: str, body: dict) -> object:
        if token != self.token:
            raise Refused(401, "Unauthorized")
        if method not in METHODS:
            raise Refused(404, "Not Found: method not found")
        members, required = METHODS[method]
        for name, value in body.items():
            # True is no number here.
            if name not in members or type(value) is not members[name]:
                raise Refused(400, f"Bad Request: {method} has no such {name}")
        for name in required:
            if name not in body:
                raise Refused(400, f"Bad Request: {name} is missing")
        if method == "getMe":
            return self.me
        return self.send(body) if method == "sendMessage" else self.register(body)

    def register(self, body: dict) -> bool:
        secret = body.get("secret_token", "x")
        if not 1 <= len(secret) <= SECRET_LENGTH or not secret.replace("_", "").replace("-", "").isalnum():
            raise Refused(400, "Bad Request: secret token contains unallowed characters")
        self.webhook = body
        return True

    def send(self, body: dict) -> dict:
        if self.failures > 0:
            self.failures -= 1
            raise Refused(500, "Internal Server Error")
        text = body["text"].strip()
        if body["chat_id"] != PERSON["id"] or not self.has_written:
            raise Refused(400, "Bad Request: chat not found")
        if not 1 <= len(text.encode("utf-16-le")) // 2 <= TEXT_LENGTH:
            raise Refused(400, "Bad Request: message text is empty, or too long")
        message = {"message_id": next(self.numbers), "from": self.me, "text": text} | self.chat()
        self.sent.append(message)
        return message

    def write(self, text: str) -> tuple[str, dict, dict]:
        """The update of a message of the person: the path that it is posted to, its headers and its body."""
        self.has_written = True
        message = {"message_id": next(self.numbers), "from": PERSON | {"is_bot": False}, "text": text} | self.chat()
        headers = {"content-type": "application/json"}
        if "secret_token" in self.webhook:
            headers["x-telegram-bot-api-secret-token"] = self.webhook["secret_token"]
        path = urllib.parse.urlsplit(self.webhook["url"]).path
        return path, headers, {"update_id": next(self.updates), "message": message}

    def chat(self) -> dict:
        return {"chat": PERSON | {"type": "private"}, "date": int(time.time())}

    def state(self) -> dict:
        return {"webhook": self.webhook, "sent": self.sent, "refused": self.refused}


class Handler(http.server.BaseHTTPRequestHandler):
    bot: Bot
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        with self.bot.lock:
            self.answer(200, self.bot.state()) if self.path == "/stand-in" else self.refuse(404, "Not Found")

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("content-length") or 0))
        try:
            body = json.loads(raw or b"{}")
            assert isinstance(body, dict)
        except (ValueError, AssertionError):
            return self.refuse(400, "Bad Request: can't parse JSON object")
        if self.path == "/stand-in/write":
            return self.answer(200, {"status": self.posted(body)})
        with self.bot.lock:
            if self.path == "/stand-in/fail":
                self.bot.failures += 1
                return self.answer(200, {})
            if raw and self.headers.get_content_type() != "application/json":
                return self.refuse(400, "Bad Request: the stand-in reads application/json only")
            _, bot, *rest = self.path.split("/")
            if not bot.startswith("bot") or len(rest) != 1:
                return self.refuse(404, "Not Found")
            try:
                self.answer(200, {"ok": True, "result": self.bot.call(bot.removeprefix("bot"), rest[0], body)})
            except Refused as refused:
                self.refuse(refused.status, str(refused))

    def posted(self, asked: dict) -> int:
        """Posts outside the lock: the service may call the bot before it answers."""
        with self.bot.lock:
            path, headers, update = self.bot.write(asked["text"])
        request = urllib.request.Request(asked["origin"] + path, json.dumps(update).encode(), headers)
        try:
            with urllib.request.urlopen(request, timeout=SECONDS) as answer:
                return answer.status
        except urllib.error.HTTPError as answer:
            return answer.code

    def refuse(self, status: int, description: str) -> None:
        self.bot.refused.append(f"{status} {description}")
        self.answer(status, {"ok": False, "error_code": status, "description": description})

    def answer(self, status: int, value: object) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing: a path has the token in it."""


def main() -> None:
    (token,) = sys.argv[1:]
    Handler.bot = Bot(token)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
