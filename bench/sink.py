"""A server that takes InfluxDB writes and keeps nothing: python -m bench.sink PORT."""

import http.server
import sys


class Sink(http.server.BaseHTTPRequestHandler):
    """Answers 204 to everything, as InfluxDB does to a good write."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Take a write."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(204)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


if __name__ == "__main__":
    http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Sink).serve_forever()
