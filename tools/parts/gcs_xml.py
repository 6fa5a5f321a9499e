"""Google Cloud Storage's XML API in front of a server that has only the JSON API: `gcs_xml.py PORT PORT_BEHIND`.

The server behind (fake-gcs-server) keeps the objects, decides conditional writes, reads ranges and pages listings. Here
the same requests are merely worded as clients of the XML API word them; and uploads in parts, which the server behind
does not have, lie in this process's folder until one request puts them together. Rewrites belong to the JSON API and are
passed on as they are; the server behind makes each at once, so here a long one takes several requests, as it may with
Google.
"""

import base64
import hashlib
import http.client
import itertools
import json
import re
import secrets
import shutil
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit
from xml.etree import ElementTree
from xml.sax.saxutils import escape

CODES = {400: "InvalidArgument", 404: "NoSuchKey", 412: "PreconditionFailed", 416: "InvalidRange"}
# A part but the last has at least so many bytes, as Google wants it.
SMALLEST_PART = 5 << 20
PIECE = 1 << 20
# One request rewrites at most so much.
REWRITTEN_AT_ONCE = 48 << 20
REWRITE = re.compile("/storage/v1/b/[^/]+/o/[^/]+/rewriteTo/b/[^/]+/o/[^/]+")
COPIED_HEADERS = ("Content-Type", "Content-Range", "ETag", "Last-Modified", "X-Goog-Generation", "X-Goog-Hash")


class Behind:
    """The server behind."""

    port = 0

    @classmethod
    def ask(cls, method, path, body=None, headers=None):
        """An answer that is still to be read, and its connection."""
        connection = http.client.HTTPConnection("127.0.0.1", cls.port, timeout=60)
        connection.request(method, path, body, headers or {})
        return connection.getresponse(), connection

    @classmethod
    def told(cls, method, path, body=None, headers=None):
        """An answer's status and JSON."""
        answer, connection = cls.ask(method, path, body, headers)
        try:
            text = answer.read()
        finally:
            connection.close()
        return answer.status, json.loads(text) if text.strip().startswith(b"{") else {}


def bucket_path(bucket):
    return f"/storage/v1/b/{quote(bucket, safe='')}"


def object_path(bucket, key):
    return f"{bucket_path(bucket)}/o/{quote(key, safe='')}"


def upload(bucket, key, size, pieces, generation):
    """Writes an object whole, if its generation is the one that is wanted: only this kind of upload looks at that."""
    boundary = secrets.token_hex(16)
    head = (f"--{boundary}\r\nContent-Type: application/json\r\n\r\n{json.dumps({'name': key})}\r\n"
            f"--{boundary}\r\nContent-Type: application/octet-stream\r\n\r\n").encode()
    tail = f"\r\n--{boundary}--\r\n".encode()
    query = {"uploadType": "multipart"} | ({"ifGenerationMatch": generation} if generation is not None else {})
    headers = {"Content-Type": f"multipart/related; boundary={boundary}",
               "Content-Length": str(len(head) + size + len(tail))}
    return Behind.told("POST", f"/upload{bucket_path(bucket)}/o?{urlencode(query)}",
                       itertools.chain([head], pieces, [tail]), headers)


def listing(bucket, found, prefix):
    contents = "".join(
        f"<Contents><Key>{escape(item['name'])}</Key><Generation>{item['generation']}</Generation>"
        f"<LastModified>{item['updated']}</LastModified><ETag>&quot;{escape(item['etag'])}&quot;</ETag>"
        f"<Size>{item['size']}</Size></Contents>" for item in found.get("items", []))
    prefixes = "".join(f"<CommonPrefixes><Prefix>{escape(one)}</Prefix></CommonPrefixes>"
                       for one in found.get("prefixes", []))
    token = found.get("nextPageToken")
    more = f"<NextContinuationToken>{escape(token)}</NextContinuationToken>" if token else ""
    return (f"<ListBucketResult><Name>{escape(bucket)}</Name><Prefix>{escape(prefix)}</Prefix>"
            f"<IsTruncated>{'true' if token else 'false'}</IsTruncated>{more}{contents}{prefixes}</ListBucketResult>")


def pieces_of(files):
    for file in files:
        with open(file, "rb") as part:
            while piece := part.read(PIECE):
                yield piece


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # What rewrites that go on are about, and how far they are, by their tokens.
    rewrites = {}
    # Head and body of an answer go out apart; together with what the other end does this would cost 40 ms each time.
    disable_nagle_algorithm = True

    def do_GET(self):
        self.answer_to(self.download if self.find() else self.list)

    def do_HEAD(self):
        self.find()
        self.answer_to(self.download)

    def do_PUT(self):
        self.find()
        self.answer_to(self.put_part if "uploadId" in self.query else self.put)

    def do_POST(self):
        self.find()
        if REWRITE.fullmatch(urlsplit(self.path).path):
            return self.answer_to(self.rewrite)
        return self.answer_to(self.begin_upload if "uploads" in self.query else self.complete_upload)

    def do_DELETE(self):
        self.find()
        self.answer_to(self.abort_upload if "uploadId" in self.query else self.delete)

    def find(self):
        """What the request is about; returns whether it is an object."""
        url = urlsplit(self.path)
        bucket, _, key = url.path[1:].partition("/")
        self.bucket, self.key = unquote(bucket), unquote(key)
        self.query = {name: values[-1] for name, values in parse_qs(url.query, keep_blank_values=True).items()}
        # Read at once: a request whose body stays unread would be taken for the beginning of the next.
        self.body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        return bool(self.key)

    def answer_to(self, work):
        try:
            work()
        except ConnectionError:
            self.close_connection = True

    def list(self):
        wanted = {"maxResults": self.query.get("max-keys", "1000"), "prefix": self.query.get("prefix", ""),
                  "delimiter": self.query.get("delimiter", ""), "pageToken": self.query.get("continuation-token", "")}
        status, found = Behind.told("GET", f"{bucket_path(self.bucket)}/o?{urlencode(wanted)}")
        if status != 200:
            return self.fail(status)
        return self.say(200, listing(self.bucket, found, wanted["prefix"]))

    def download(self):
        wanted = {"Range": self.headers["Range"]} if "Range" in self.headers else {}
        path = f"/download{object_path(self.bucket, self.key)}"
        answer, connection = Behind.ask(self.command, path, headers=wanted)
        try:
            if answer.status not in (200, 206):
                return self.fail(answer.status)
            self.send_response(answer.status)
            for name in COPIED_HEADERS:
                if answer.headers[name]:
                    self.send_header(name, answer.headers[name])
            self.send_header("Content-Length", answer.headers["Content-Length"])
            self.end_headers()
            if self.command == "GET":
                shutil.copyfileobj(answer, self.wfile, PIECE)
        finally:
            connection.close()

    def put(self):
        generation = self.headers.get("x-goog-if-generation-match")
        self.written(*upload(self.bucket, self.key, len(self.body), [self.body], generation))

    def written(self, status, made, text=""):
        if status != 200:
            return self.fail(status)
        return self.say(200, text.format(tag=escape(f'"{made["etag"]}"')),
                        {"ETag": f'"{made["etag"]}"', "x-goog-generation": made["generation"]})

    def delete(self):
        status, _ = Behind.told("DELETE", object_path(self.bucket, self.key))
        if status not in (200, 204):
            return self.fail(status)
        return self.say(204)

    def begin_upload(self):
        if Behind.told("GET", bucket_path(self.bucket))[0] != 200:
            return self.fail(404)
        number = secrets.token_hex(16)
        Path(number).mkdir()
        return self.say(200, f"<InitiateMultipartUploadResult><Bucket>{escape(self.bucket)}</Bucket>"
                             f"<Key>{escape(self.key)}</Key><UploadId>{number}</UploadId>"
                             "</InitiateMultipartUploadResult>")

    def parts(self):
        """The folder of the upload that the request names, or None."""
        number = self.query.get("uploadId", "")
        return Path(number) if re.fullmatch("[0-9a-f]{32}", number) and Path(number).is_dir() else None

    def put_part(self):
        folder, number = self.parts(), self.query.get("partNumber", "")
        if folder is None:
            return self.fail(404, "NoSuchUpload")
        if not number.isdecimal() or not 1 <= int(number) <= 10_000:
            return self.fail(400)
        coming = folder / f"coming-{secrets.token_hex(8)}"
        coming.write_bytes(self.body)
        coming.rename(folder / number)
        return self.say(200, "", {"ETag": tag_of(self.body)})

    def complete_upload(self):
        folder = self.parts()
        if folder is None:
            return self.fail(404, "NoSuchUpload")
        files = []
        for part in ElementTree.fromstring(self.body):
            told = {field.tag.rpartition("}")[2]: field.text for field in part}
            file = folder / str(int(told["PartNumber"]))
            if not file.exists() or tag_of(file.read_bytes()) != told["ETag"]:
                return self.fail(400, "InvalidPart")
            files.append(file)
        sizes = [file.stat().st_size for file in files]
        if any(size < SMALLEST_PART for size in sizes[:-1]):
            return self.fail(400, "EntityTooSmall")
        status, made = upload(self.bucket, self.key, sum(sizes), pieces_of(files), None)
        shutil.rmtree(folder)
        return self.written(status, made, "<CompleteMultipartUploadResult><ETag>{tag}</ETag></CompleteMultipartUploadResult>")

    def abort_upload(self):
        folder = self.parts()
        if folder is None:
            return self.fail(404, "NoSuchUpload")
        shutil.rmtree(folder, ignore_errors=True)
        return self.say(204)

    def rewrite(self):
        path, generation = urlsplit(self.path).path, self.query.get("sourceGeneration", "")
        status, source = Behind.told("GET", f"{path.partition('/rewriteTo/')[0]}?{urlencode({'generation': generation})}")
        if status != 200:
            return self.tell(status, source)
        size, wanted, token = int(source["size"]), (path, generation), self.query.get("rewriteToken")
        begun, rewritten = self.rewrites.get(token, (None, 0)) if token else (wanted, 0)
        if begun != wanted:
            return self.tell(400, {"error": {"code": 400, "message": "This token is of no such rewrite.",
                                             "errors": [{"reason": "invalid"}]}})
        rewritten = min(size, rewritten + REWRITTEN_AT_ONCE)
        if rewritten < size:
            # Letters that must be written otherwise in an address are among these.
            token = base64.b64encode(secrets.token_bytes(100)).decode()
            self.rewrites[token] = wanted, rewritten
            return self.tell(200, {"kind": "storage#rewriteResponse", "totalBytesRewritten": str(rewritten),
                                   "objectSize": str(size), "done": False, "rewriteToken": token})
        return self.tell(*Behind.told("POST", f"{path}?{urlencode({'sourceGeneration': generation})}"))

    def tell(self, status, told):
        """Answers as the JSON API does."""
        self.send(status, json.dumps(told).encode(), "application/json; charset=UTF-8")

    def fail(self, status, code=None):
        if not code:
            code = CODES.get(status, "InternalError")
            if status == 404 and Behind.told("GET", bucket_path(self.bucket))[0] == 404:
                code = "NoSuchBucket"
        self.say(status, f"<Error><Code>{code}</Code><Message>{self.command} of {escape(self.path)}</Message></Error>")

    def say(self, status, text="", headers=None):
        body = f"<?xml version='1.0' encoding='UTF-8'?>{text}".encode() if text else b""
        self.send(status, b"" if self.command == "HEAD" else body, "application/xml; charset=UTF-8", headers)

    def send(self, status, body, kind, headers=None):
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format, *args):
        """Thousands of requests a minute: what went wrong is in the log of the test that made them."""


def tag_of(content):
    return f'"{hashlib.md5(content).hexdigest()}"'


class Server(ThreadingHTTPServer):
    request_queue_size = 128


if __name__ == "__main__":
    Behind.port = int(sys.argv[2])
    Server(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
