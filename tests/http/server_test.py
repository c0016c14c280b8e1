#!/usr/bin/python3
"""The server as browsers, proxies and strangers meet it: caps, bad requests, headers, sessions, being killed."""
import http.client
import os
import resource
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.parse

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import ANKETA, ROOT, Client, Server, anketa, contains, equal, read_all, run_tests, test  # noqa: E402

BODY_MAX = 2 << 20
FIELDS_MAX = 20000
CSP = ("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
       "form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Accept": "application/json"}

server = Server()


def status_of(answer):
    """The status of a raw answer; 0 when the server closed without one."""
    return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/1.1 ") else 0


def get_raw(path, extra=""):
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n{extra}\r\n".encode()


def assert_alive():
    equal(Client(server).get("/").status, 200, "the server afterwards")


def check_headers(reply, what):
    equal(reply["Content-Security-Policy"], CSP, what)
    equal(reply["X-Content-Type-Options"], "nosniff", what)
    equal(reply["Referrer-Policy"], "same-origin", what)
    equal(reply["Cross-Origin-Opener-Policy"], "same-origin", what)
    contains(reply["Permissions-Policy"], "camera=()", what)


def address_of(kind):
    """The address of the style sheet or the script, as a page names it."""
    page = Client(server).get("/").text
    start = page.index(f"/static/anketa.{kind}?v=")
    return page[start:page.index('"', start)]


# --- pages and headers


@test
def every_reply_carries_the_security_headers():
    client = Client(server)
    for method, path, status in (("GET", "/", 200), ("GET", "/nothing", 404), ("GET", "/work", 303), ("PUT", "/", 405),
                                 ("POST", "/language", 403), ("GET", "/%zz", 400), ("GET", "/static/anketa.css", 200)):
        reply = client.ask(method, path, headers=FORM if method == "POST" else {})
        equal(reply.status, status, path)
        check_headers(reply, path)


@test
def pages_are_not_stored_and_name_their_language():
    reply = Client(server).get("/")
    equal(reply["Cache-Control"], "no-store")
    equal(reply["Content-Type"], "text/html; charset=utf-8")
    contains(reply.text, '<html lang="lv">')
    contains(Client(server).get("/", Accept_Language="en-GB,en;q=0.9").text, '<html lang="en">')
    contains(Client(server).get("/", Accept_Language="de,ru;q=0.3").text, '<html lang="ru">')


@test
def head_is_get_without_the_body():
    for path in ("/", "/nothing", "/static/anketa.css"):
        answers = [server.raw(f"{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
                   for method in ("GET", "HEAD")]
        heads = [answer.split(b"\r\n\r\n", 1) for answer in answers]
        equal(heads[1][1], b"", path)
        lengths = [[line for line in head[0].split(b"\r\n") if line.startswith(b"Content-Length")] for head in heads]
        equal(lengths[0], lengths[1], path)
        equal(status_of(answers[0]), status_of(answers[1]), path)
        if len(heads[0][1]) == 0:
            raise AssertionError("GET gave no body")


@test
def other_methods_are_refused_with_what_is_allowed():
    client = Client(server)
    for method in ("PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "FOO"):
        reply = client.ask(method, "/")
        equal(reply.status, 405, method)
        equal(reply["Allow"], "GET, HEAD, POST", method)
    equal(client.ask("POST", "/privacy", "", FORM).status, 405)
    equal(client.ask("POST", "/privacy", "", FORM)["Allow"], "GET, HEAD")
    equal(client.get("/sign-out").status, 405)
    equal(client.get("/sign-out")["Allow"], "POST")
    equal(client.ask("PUT", "/static/anketa.css").status, 405)


@test
def what_is_not_there_is_404_also_as_json():
    client = Client(server)
    for path in ("/nothing", "/work/", "//work", "/r", "/static/", "/static/nothing.css", "/r/1/s/A/more"):
        equal(client.get(path).status, 404, path)
    reply = client.ask("GET", "/nothing", headers=JSON)
    equal((reply.status, reply["Content-Type"]), (404, "application/json"))
    contains(reply.text, '{"error":"not_found","message":"')


# --- static files


@test
def a_static_file_with_its_hash_is_kept_for_ever():
    address = address_of("css")
    client = Client(server)
    reply = client.get(address)
    equal((reply.status, reply["Content-Type"]), (200, "text/css; charset=utf-8"))
    equal(reply["Cache-Control"], "public, max-age=31536000, immutable")
    with open(os.path.join(ROOT, "templates/static/anketa.css"), "rb") as file:
        equal(reply.body, file.read(), "bytes")
    equal(reply["ETag"].strip('"'), address[-8:])
    equal(client.get(address_of("js"))["Content-Type"], "text/javascript; charset=utf-8")
    equal(client.get("/static/icon.svg")["Content-Type"], "image/svg+xml")


@test
def a_static_file_without_its_hash_is_asked_for_again():
    client = Client(server)
    for path in ("/static/anketa.css", "/static/anketa.css?v=00000000"):
        reply = client.get(path)
        equal((reply.status, reply["Cache-Control"]), (200, "no-cache"), path)
    again = client.get("/static/anketa.css", If_None_Match=reply["ETag"])
    equal((again.status, again.body), (304, b""))
    equal(client.get("/static/anketa.css", If_None_Match='"00000000"').status, 200)
    equal(reply["Set-Cookie"], None)


@test
def static_names_do_not_leave_their_folder():
    for path in ("/static/../messages/lv.txt", "/static/%2e%2e/messages/lv.txt", "/static/..%2fmessages%2flv.txt",
                 "/static//etc/passwd", "/static/.hidden", "/static/../../src/store/schema.sql", "/templates/head.html"):
        equal(status_of(server.raw(get_raw(path))), 404, path)


# --- bad requests


@test
def bad_addresses_are_refused():
    for path in ("/%", "/%4", "/%zz", "/a%00b", "/%ff", "/%c0%80", "/?a=%", "/?a=%00", "/?a=%ff", "/?%zz=1",
                 "/static/%ff"):
        equal(status_of(server.raw(get_raw(path))), 400, path)
    equal(status_of(server.raw(get_raw("/%C4%81%C4%80"))), 404)
    equal(status_of(server.raw(get_raw("/?a=%C4%81+b"))), 200)
    answer = server.raw(b"GET /\xff\xfe HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    equal(status_of(answer), 400, "raw bytes that are not UTF-8")


@test
def bad_bodies_are_refused():
    client = Client(server)
    client.get("/")
    token = "csrf=" + client.csrf
    for body in ("a=%", "a=%4", "a=%zz", "a=%00", "a=%ff", "a=%ed%a0%80", "%=1"):
        equal(client.ask("POST", "/language", token + "&" + body, FORM).status, 400, body)
    equal(client.ask("POST", "/language", (token + "&a=").encode() + b"\0", FORM).status, 400, "a raw NUL")
    equal(client.ask("POST", "/language", '{"csrf":1}', {"Content-Type": "application/json"}).status, 400, "JSON")
    equal(client.ask("POST", "/language", token, {"Content-Type": "multipart/form-data; boundary=x"}).status, 403,
          "a form with files where none are taken: it is not read, so it has no token")
    equal(client.ask("POST", "/language", token, FORM).status, 303, "a good one")


@test
def broken_requests_do_no_harm():
    for data in (b"\r\n\r\n", b"GET\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc", b"GET / HTTP/9.9\r\n\r\n",
                 b"GET / HTTP/1.1\r\n\r\n", b"GET http://[ HTTP/1.1\r\nHost: x\r\n\r\n",
                 b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
                 b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n",
                 b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999999\r\n\r\n",
                 b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                 b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
                 b"GET / HTTP/1.1\r\nHost: x\r\nA\0B: c\r\n\r\n", b"GET /\0 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"):
        status = status_of(server.raw(data, timeout=1))
        if status in (500, 502, 503):
            raise AssertionError(f"{data!r}: {status}")
    assert_alive()


# --- caps


@test
def a_huge_header_is_refused():
    for size in (17 << 10, 60 << 10, 1 << 20):
        answer = server.raw(get_raw("/", "X-Long: " + "a" * size + "\r\n"), timeout=5)
        if status_of(answer) not in (0, 413, 414, 431):
            raise AssertionError(f"{size} bytes: {answer[:60]!r}")
    answer = server.raw(get_raw("/", "".join(f"X-{i}: {i}\r\n" for i in range(5000))), timeout=5)
    if status_of(answer) not in (0, 413, 431):
        raise AssertionError(f"many: {answer[:60]!r}")
    equal(status_of(server.raw(get_raw("/", "X-Long: " + "a" * (12 << 10) + "\r\n"))), 200, "12 KB")
    assert_alive()


@test
def a_body_over_the_limit_is_refused_before_it_is_sent():
    head = f"POST /language HTTP/1.1\r\nHost: x\r\nContent-Type: {FORM['Content-Type']}\r\n"
    for extra in ("", "Expect: 100-continue\r\n"):
        started = time.monotonic()
        with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
            connection.sendall(f"{head}{extra}Content-Length: {BODY_MAX + 1}\r\n\r\n".encode())
            answer = read_all(connection)
        equal(status_of(answer), 413, extra)
        contains(answer, b"Content-Security-Policy: default-src", extra)
        contains(answer, b"</html>", extra)
        if time.monotonic() - started > 5:
            raise AssertionError("the answer ended late")


@test
def a_body_over_the_limit_is_answered_while_it_comes():
    client = Client(server)
    client.get("/")
    reply = client.ask("POST", "/language", "csrf=" + client.csrf + "&a=" + "x" * BODY_MAX, FORM)
    equal(reply.status, 413)
    check_headers(reply, "413")


@test
def a_chunked_body_over_the_limit_is_answered_at_once():
    head = f"POST /language HTTP/1.1\r\nHost: x\r\nContent-Type: {FORM['Content-Type']}\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        connection.sendall(head.encode())
        for _ in range(BODY_MAX // 65536 + 1):  # the body does not end here
            connection.sendall(chunk)
        started = time.monotonic()
        answer = read_all(connection)
    equal(status_of(answer), 413)
    contains(answer, b"</html>")
    if time.monotonic() - started > 5:
        raise AssertionError("the answer ended late")
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        connection.sendall(head.encode())
        sent = 0
        try:
            while sent < 20 * BODY_MAX:
                connection.sendall(chunk)
                sent += 65536
            raise AssertionError("the server reads on and on")
        except (BrokenPipeError, ConnectionResetError):
            pass
    assert_alive()


@test
def a_body_at_the_limit_is_taken():
    client = Client(server)
    client.get("/")
    start = "csrf=" + client.csrf + "&language=en&return=/privacy&a="
    reply = client.ask("POST", "/language", start + "x" * (BODY_MAX - len(start)), FORM)
    equal((reply.status, reply["Location"]), (303, "/privacy"))


@test
def too_many_fields_are_refused():
    client = Client(server)
    client.get("/")
    start = "csrf=" + client.csrf
    equal(client.ask("POST", "/language", start + "&a" * FIELDS_MAX, FORM).status, 413)
    equal(client.ask("POST", "/language", start + "&a" * (FIELDS_MAX - 1), FORM).status, 303)


@test
def a_slow_client_is_served_and_holds_up_nobody():
    request = get_raw("/")
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as slow:
        for at in range(0, len(request) - 2):
            slow.sendall(request[at:at + 1])
            if at % 20 == 0:
                assert_alive()
        slow.sendall(request[-2:])
        equal(status_of(read_all(slow)), 200)


@test
def requests_in_one_packet_are_answered_in_turn():
    answer = server.raw(b"GET /privacy HTTP/1.1\r\nHost: x\r\n\r\nHEAD / HTTP/1.1\r\nHost: x\r\n\r\n"
                        b"GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n" + get_raw("/static/icon.svg"))
    statuses = [int(part[:3]) for part in answer.split(b"HTTP/1.1 ")[1:]]
    equal(statuses, [200, 200, 404, 200])


@test
def many_idle_connections_leave_room():
    idle = [socket.create_connection(("127.0.0.1", server.port), timeout=20) for _ in range(300)]
    try:
        for connection in idle[::3]:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
        assert_alive()
    finally:
        for connection in idle:
            connection.close()
    assert_alive()


@test
def more_connections_than_there_is_room_for_do_no_harm():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, hard), hard))
    for count in (2010, 2300):
        many = []
        try:
            for _ in range(count):
                many.append(socket.create_connection(("127.0.0.1", server.port), timeout=20))
                try:
                    many[-1].sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
                except OSError:
                    pass
        finally:
            for connection in many:
                connection.close()
        for _ in range(20):
            assert_alive()
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


# --- where a change comes from


@test
def a_change_needs_the_token_of_its_page():
    client, other = Client(server), Client(server)
    client.get("/")
    other.get("/")
    for csrf in ("", "x", other.csrf, client.csrf[:-1], client.csrf + "0"):
        reply = client.post("/language", {"csrf": csrf}, csrf=False)
        equal(reply.status, 403, csrf)
        check_headers(reply, "403")
    equal(client.post("/language", csrf=False).status, 403, "no token")
    equal(Client(server).post("/language", {"csrf": client.csrf}, csrf=False).status, 403, "no cookie")
    json = client.post("/language", {}, JSON, csrf=False)
    equal(json.status, 403)
    contains(json.text, '{"error":"csrf","message":"')
    equal(client.post("/language").status, 303)
    equal(client.get("/language?csrf=" + client.csrf).status, 405, "a change by GET")
    equal(client.ask("POST", "/language?csrf=" + client.csrf, "", FORM).status, 403, "a token in the address")


@test
def a_change_comes_from_our_own_pages():
    client = Client(server)
    client.get("/")
    host = f"127.0.0.1:{server.port}"
    for header, value, status in (
            ("Origin", f"http://{host}", 303), ("Origin", "http://evil.example", 403), ("Origin", "null", 403),
            ("Origin", f"https://{host}", 403), ("Origin", f"http://{host}.evil.example", 403), ("Origin", "http:", 403),
            ("Origin", f"http://127.0.0.1:{server.port + 1}", 403), ("Origin", "", 403),
            ("Sec-Fetch-Site", "same-origin", 303), ("Sec-Fetch-Site", "none", 303),
            ("Sec-Fetch-Site", "cross-site", 403), ("Sec-Fetch-Site", "same-site", 403)):
        equal(client.post("/language", {}, {header: value}).status, status, f"{header}: {value}")
    reply = client.post("/language", {}, {"Host": "anketa.test:81", "Origin": "http://anketa.test:81"})
    equal(reply.status, 303, "the name that people use")


# --- sessions


@test
def a_link_signs_in_and_signing_out_ends_it():
    client = Client(server)
    link = server.link("anna@example.org")
    page = client.get(link)
    contains(page.text, "Anna Bērziņa")
    equal("anketa" in client.cookies, False, "a session before anybody agreed")
    reply = client.post(link)
    equal((reply.status, reply["Location"]), (303, "/"))
    cookie = [c for c in reply.headers.get_all("Set-Cookie") if c.startswith("anketa=")][0]
    for part in ("; Path=/", "; HttpOnly", "; SameSite=Lax", "; Max-Age="):
        contains(cookie, part)
    equal("Secure" in cookie, False)
    page = client.get("/work")
    equal(page.status, 200)
    contains(page.text, "Anna Bērziņa")
    stale = Client(server)
    stale.cookies = dict(client.cookies)
    reply = client.post("/sign-out")
    equal((reply.status, reply["Location"]), (303, "/"))
    equal("anketa" in client.cookies, False)
    reply = stale.get("/work")
    equal((reply.status, reply["Location"]), (303, "/?next=/work"), "the session is over, not only its cookie")
    contains(stale.get("/").text, "</html>", "a page for the cookie of an ended session")
    stale.sign_in(link)
    equal(stale.get("/work").status, 200, "signing in again over an ended session")


@test
def without_a_session_a_page_asks_to_sign_in_and_comes_back():
    client = Client(server)
    for path, back in (("/work", "/work"), ("/r/1/s/A?x=%C4%81&y=1", "/r/1/s/A%3Fx%3D%25C4%2581%26y%3D1")):
        reply = client.get(path)
        equal((reply.status, reply["Location"]), (303, "/?next=" + back))
        equal(urllib.parse.unquote(reply["Location"][7:]), path)
    reply = client.ask("GET", "/work", headers=JSON)
    equal(reply.status, 401)
    contains(reply.text, '{"error":"signin","message":"')
    client.get("/")
    reply = client.post("/r/1/s/A", {"a": "1"})
    equal((reply.status, reply["Location"]), (303, "/?next=/r/1/s/A"))
    link = server.link("anna@example.org")
    client.get(link)
    equal(client.post(link, {"next": "/work?a=1"})["Location"], "/work?a=1")


@test
def nobody_is_sent_elsewhere():
    link = server.link("anna@example.org")
    for next_path in ("http://evil.example/", "//evil.example/", "/\\evil.example", "evil", "/a\r\nX: y", "javascript:1"):
        client = Client(server)
        client.get(link)
        reply = client.post(link, {"next": next_path})
        equal((reply.status, reply["Location"], reply["X"]), (303, "/", None), next_path)
        reply = client.post("/language", {"language": "lv", "return": next_path, "csrf": client.get("/work").csrf}, csrf=False)
        equal((reply.status, reply["Location"], reply["X"]), (303, "/", None), next_path)


@test
def a_page_of_another_role_is_a_page_that_is_not_there():
    contact, coordinator = Client(server, "anna@example.org"), Client(server, "ilze@example.org")
    equal(coordinator.get("/field").status, 200)
    equal(contact.get("/work").status, 200)
    for client, path in ((contact, "/field"), (contact, "/data"), (coordinator, "/work")):
        forbidden, missing = client.get(path), client.get("/nothing")
        equal(forbidden.status, 404, path)
        equal(forbidden.text.replace(path, ""), missing.text.replace("/nothing", ""), path)
    equal(contact.post("/field").status, 404)


@test
def links_that_are_wrong_or_revoked_do_not_sign_in():
    link = server.link("zane@example.org")
    client = Client(server)
    client.get(link)
    anketa("link", "revoke", "zane@example.org", "--data", server.data)
    for path in (link, "/e/x", "/e/" + "A" * 43, "/e/" + "A" * 5000, "/e/%C4%81"):
        equal(client.get(path).status, 404, path[:60])
        reply = client.post(path)
        equal((reply.status, "anketa" in client.cookies), (404, False), path[:60])


@test
def strange_cookies_are_nobody():
    for value in ("x", "A" * 43, "A" * 44, "", "A" * 42 + ";", "%00", "a=b", "'; DROP TABLE session; --"):
        client = Client(server)
        client.cookies = {"other": "1", "anketa": value, "lang": "xx"}
        equal(client.get("/").status, 200, value)
        client.cookies["anketa"] = value
        equal(client.get("/work").status, 303, value)


@test
def the_language_stays_with_visitor_and_person():
    visitor = Client(server)
    visitor.get("/")
    reply = visitor.post("/language", {"language": "ru", "return": "/privacy"})
    equal((reply.status, reply["Location"]), (303, "/privacy"))
    contains(visitor.get("/privacy").text, '<html lang="ru">')
    contains(visitor.get("/privacy?x=1&y=2").text, 'name="return" value="/privacy?x=1&amp;y=2"', "the way back")
    person = Client(server, "janis@example.org")
    contains(person.get("/work").text, '<html lang="lv">')
    equal(person.post("/language", {"language": "en", "return": "/work"}).status, 303)
    contains(person.get("/work").text, '<html lang="en">')
    contains(Client(server, "janis@example.org").get("/work").text, '<html lang="en">', "on another device")


@test
def signing_in_and_leaving_at_once_leaves_nothing_behind():
    link = server.link("anna@example.org")
    client = Client(server)
    client.get(link)
    body = "csrf=" + client.csrf
    cookie = "; ".join(f"{k}={v}" for k, v in client.cookies.items())
    request = (f"POST {link} HTTP/1.1\r\nHost: x\r\nContent-Type: {FORM['Content-Type']}\r\nCookie: {cookie}\r\n"
               f"Content-Length: {len(body)}\r\n\r\n{body}").encode()
    for i in range(100):
        with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
            if i % 2:  # closed with a reset, while the commit is under way
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            connection.sendall(request)
    assert_alive()
    equal(client.post(link).status, 303)


# --- downloads


@test
def a_download_has_a_name_and_ends():
    client = Client(server, "martins@example.org")
    path = "/data/export?set=e-index-2017/self-assessment//csv"
    reply = client.get(path)
    equal(reply.status, 200)
    contains(reply["Content-Disposition"], 'attachment; filename="')
    equal(reply.body.count(b"\n") > 50, True, "rows")
    equal(client.ask("HEAD", path).status, 200)
    equal(Client(server, "anna@example.org").get(path).status, 404)


@test
def downloads_that_nobody_reads_hold_up_nobody():
    client = Client(server, "martins@example.org")
    cookie = "; ".join(f"{k}={v}" for k, v in client.cookies.items())
    request = get_raw("/data/export?set=e-index-2017/self-assessment//csv", f"Cookie: {cookie}\r\n")
    held = []
    try:
        for _ in range(12):
            connection = socket.socket()
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.settimeout(20)
            connection.connect(("127.0.0.1", server.port))
            connection.sendall(request)
            held.append(connection)
        assert_alive()
        equal(client.get("/data").status, 200)
    finally:
        for connection in held:
            connection.close()
    assert_alive()


# --- the life of the process


@test
def nothing_of_all_that_leaked():
    equal(server.stop(), 0, "exit code; log: " + "".join(server.log[-30:]))  # the sanitizers look at the exit
    server.start()


@test
def a_session_outlives_a_server_that_is_killed():
    client = Client(server, "anna@example.org")
    link = server.link("anna@example.org")
    server.stop(signal.SIGKILL)
    server.start()
    equal(client.get("/work").status, 200, "the session")
    other = Client(server)
    other.sign_in(link)
    equal(other.get("/work").status, 200, "a link from before")


@test
def it_stops_cleanly_with_connections_open():
    idle = socket.create_connection(("127.0.0.1", server.port))
    half = socket.create_connection(("127.0.0.1", server.port))
    half.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
    kept = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    kept.request("GET", "/")
    kept.getresponse().read()
    started = time.monotonic()
    equal(server.stop(), 0, "exit code; log: " + "".join(server.log[-30:]))
    if time.monotonic() - started > 10:
        raise AssertionError("stopping took too long")
    for connection in (idle, half, kept):
        connection.close()
    server.start()
    assert_alive()
    equal(server.stop(signal.SIGINT), 0, "by Ctrl-C")
    server.start()


def serve(*options):
    done = subprocess.run([ANKETA, "serve", *options], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=30)
    return done.returncode, done.stderr.decode()


@test
def it_says_why_it_does_not_start():
    code, text = serve("--data", server.data, "--port", str(server.port))
    equal(code, 3)
    contains(text, f"port {server.port} of 127.0.0.1 is taken")
    code, text = serve("--data", "/nowhere/at/all", "--port", "0")
    equal(code, 1)
    contains(text, "there is no data folder /nowhere/at/all")
    for port in ("x", "-1", "65536", "80x"):
        code, text = serve("--data", server.data, "--port", port)
        equal(code, 2, port)
        contains(text, "expected a number from 0 to 65535")
    code, text = serve("--data", server.data, "--address", "example")
    equal(code, 2)
    contains(text, "is no IP address")
    code, text = serve("--data", server.data, "--templates", "/nowhere")
    equal(code, 1)
    contains(text, "templates/messages/lv.txt")
    newer = tempfile.mkdtemp()
    try:
        shutil.copytree(server.data, newer, dirs_exist_ok=True)
        with sqlite3.connect(os.path.join(newer, "anketa.db")) as db:
            db.execute("UPDATE meta SET value = '9999' WHERE name = 'schema_version'")
        db.close()
        code, text = serve("--data", newer, "--port", "0")
        equal(code, 3)
        contains(text, "written by a newer program")
    finally:
        shutil.rmtree(newer)


@test
def behind_https_cookies_are_for_https():
    secure = Server("--secure", "--base", "https://anketa.example:8443")
    try:
        client = Client(secure)
        reply = client.get("/")
        contains(reply["Set-Cookie"], "__Host-anketa-visit=")
        contains(reply["Set-Cookie"], "; Secure")
        origin = {"Origin": "https://anketa.example:8443"}
        equal(client.post("/language", {}, {"Origin": "http://anketa.example:8443"}).status, 403)
        equal(client.post("/language", {}, {"Origin": "https://anketa.example"}).status, 403)
        equal(client.post("/language", {}, origin).status, 303)
        link = secure.link("anna@example.org")
        client.get(link)
        equal(client.post(link, {}, origin).status, 303)
        equal("__Host-anketa" in client.cookies, True)
        equal(client.get("/work").status, 200)
        client.cookies["anketa"] = client.cookies.pop("__Host-anketa")
        equal(client.get("/work").status, 303, "a cookie that another host could have set")
    finally:
        secure.remove()


@test
def a_failure_is_one_line_in_the_log_without_secrets():
    tree = tempfile.mkdtemp()
    broken = None
    try:
        shutil.copytree(os.path.join(ROOT, "templates"), os.path.join(tree, "templates"))
        os.makedirs(os.path.join(tree, "src"))
        shutil.copytree(os.path.join(ROOT, "src/store"), os.path.join(tree, "src/store"))
        with open(os.path.join(tree, "templates/link.html"), "a") as page:
            page.write("{{no_such_key}}\n")
        broken = Server("--templates", tree)
        link = broken.link("anna@example.org")
        reply = Client(broken).get(link)
        equal(reply.status, 500)
        check_headers(reply, "500")
        broken.stop()
        lines = [line for line in broken.log if "no_such_key" in line]
        equal(len(lines), 1, "lines")
        contains(lines[0], "/e/:token")
        equal(link[3:] in "".join(broken.log), False, "the token is in the log")
    finally:
        if broken is not None:
            broken.remove()
        shutil.rmtree(tree)


@test
def the_log_is_quiet():
    equal(server.stop(), 0, "exit code; log: " + "".join(server.log[-30:]))
    errors = [line for line in server.log if " error " in line and "downloads under way" not in line]
    equal(errors, [], "errors in the log")
    server.remove()


if __name__ == "__main__":
    sys.exit(run_tests())
