"""A server of its own for a test: a data folder with the e-index round, people, a free port. Tests print TAP lines."""
import atexit
import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import traceback
import urllib.parse

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
ANKETA = os.environ.get("ANKETA", os.path.join(ROOT, "build/san/anketa"))
PEOPLE = (("anna@example.org", "Anna Bērziņa", "contact", "VARAM"), ("janis@example.org", "Jānis Kalniņš", "contact", "VARAM"),
          ("zane@example.org", "Zane Liepa", "contact", "FM"), ("ilze@example.org", "Ilze Ozola", "coordinator", None),
          ("martins@example.org", "Mārtiņš Liepa", "researcher", None))
PATIENCE_S = 60

tests = []
started = []


@atexit.register
def end_servers():
    """Those that a failed test left behind."""
    for process in started:
        if process.poll() is None:
            process.kill()


def test(function):
    tests.append(function)
    return function


def run_tests():
    """Runs what @test has collected; the process's exit code."""
    failed = 0
    print(f"1..{len(tests)}", flush=True)
    for number, function in enumerate(tests, 1):
        name = function.__name__.replace("_", " ")
        try:
            function()
            print(f"ok {number} - {name}", flush=True)
        except Exception:
            failed += 1
            print(f"not ok {number} - {name}")
            print("\n".join("# " + line for line in traceback.format_exc().splitlines()), flush=True)
    return 1 if failed else 0


def equal(got, expected, what=""):
    if got != expected:
        raise AssertionError(f"{what}: expected {expected!r}, got {got!r}")


def contains(text, part, what=""):
    if part not in text:
        raise AssertionError(f"{what}: expected {part!r} in {text[:2000]!r}")


def anketa(*words):
    done = subprocess.run([ANKETA, *words], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=PATIENCE_S)
    if done.returncode != 0:
        raise AssertionError(f"anketa {' '.join(words)}: {done.returncode}: {done.stderr.decode()}")
    return done.stdout.decode().strip()


class Server:
    def __init__(self, *options, people=PEOPLE, staff_links=True, env=None, folder="questionnaires/e-index-2017"):
        """staff_links: staff sign in by their link alone, as contacts do."""
        self.data = tempfile.mkdtemp(prefix="anketa-http-")
        self.options = (*options, "--staff-links") if staff_links else options
        self.env = env or {}
        self.log = []
        anketa("round", "load", folder, "--data", self.data, "--opens", "2026-11-01",
               "--deadline", "2099-12-06")
        for email, name, role, institution in people:
            anketa("person", "add", email, "--data", self.data, "--name", name, "--role", role,
                   *(("--institution", institution) if institution else ()))
        self.port = 0
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [ANKETA, "serve", "--data", self.data, "--port", str(self.port), *self.options], cwd=ROOT,
            stderr=subprocess.PIPE, env=dict(os.environ, ANKETA_STRICT="1", **self.env))
        started.append(self.process)
        while True:
            line = self.process.stderr.readline().decode()
            self.log.append(line)
            found = re.search(r"serving \S+ at http\S*:(\d+)$", line.strip())
            if found:
                break
            if not line:
                raise AssertionError("the server did not start: " + "".join(self.log))
        self.port = int(found[1])
        self.reader = threading.Thread(target=self._read_log, args=(self.process,), daemon=True)
        self.reader.start()

    def _read_log(self, process):
        for line in process.stderr:
            self.log.append(line.decode("utf-8", "replace"))

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def stop(self, how=signal.SIGTERM):
        """The exit code; the sanitizers say there whether something leaked."""
        self.process.send_signal(how)
        code = self.process.wait(PATIENCE_S)
        self.reader.join()
        self.process.stderr.close()
        return code

    def remove(self):
        if self.process.poll() is None:
            equal(self.stop(), 0, "exit code of the server; its log: " + "".join(self.log[-40:]))
        shutil.rmtree(self.data)

    def link(self, email):
        """The path of a new personal link."""
        return urllib.parse.urlparse(anketa("link", "new", email, "--data", self.data)).path

    def resident_kb(self):
        with open(f"/proc/{self.process.pid}/status") as status:
            return int(re.search(r"VmRSS:\s+(\d+)", status.read())[1])

    def raw(self, data, timeout=20, parts=None, pause=0.0):
        """What comes back for these bytes until the server closes or is silent for `timeout` seconds."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=timeout) as connection:
            try:
                for part in parts if parts is not None else [data]:
                    connection.sendall(part)
                    time.sleep(pause)
            except OSError:
                pass
            return read_all(connection)


def read_all(connection):
    received = b""
    try:
        while True:
            piece = connection.recv(65536)
            if not piece:
                return received
            received += piece
    except OSError:
        return received


class Reply:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def text(self):
        return self.body.decode("utf-8")

    def __getitem__(self, name):
        return self.headers.get(name)

    @property
    def csrf(self):
        found = re.search(r'name="csrf" value="([0-9a-f]+)"', self.text)
        return found[1] if found else None


class Client:
    """A browser's cookies, without the browser."""

    def __init__(self, server, email=None):
        self.server = server
        self.cookies = {}
        self.csrf = None
        if email is not None:
            self.sign_in(server.link(email))

    def ask(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=PATIENCE_S)
        try:
            own = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())} if self.cookies else {}
            connection.request(method, path, body, {**own, **(headers or {})})
            reply = Reply(connection.getresponse())
        finally:
            connection.close()
        for cookie in reply.headers.get_all("Set-Cookie") or []:
            name, value = cookie.split(";")[0].split("=", 1)
            if "Max-Age=0" in cookie:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value
        if reply["Content-Type"] and reply["Content-Type"].startswith("text/html") and method == "GET":
            self.csrf = reply.csrf or self.csrf
        return reply

    def get(self, path, **headers):
        return self.ask("GET", path, headers={k.replace("_", "-"): v for k, v in headers.items()})

    def post(self, path, fields=None, headers=None, csrf=True):
        """fields: a dict or a list of pairs. The token of the last page is added."""
        pairs = list(fields.items() if isinstance(fields, dict) else fields or [])
        if csrf:
            pairs.append(("csrf", self.csrf or ""))
        return self.ask("POST", path, urllib.parse.urlencode(pairs),
                        {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})})

    def sign_in(self, link):
        equal(self.get(link).status, 200, "page of the link")
        reply = self.post(link)
        equal(reply.status, 303, "signing in")
        return reply
