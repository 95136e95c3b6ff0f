"""Numbers for Prometheus: how much is done, how long it takes, what waits. Nobody is named in them.

The text format is that of https://prometheus.io/docs/instrumenting/exposition_formats/.
"""

from __future__ import annotations

from typing import Callable, Dict, Iterator, Mapping, Optional

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sync_server.http.zero_copy import body_bytes

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_ROUTES = (
    "exchange",
    "relay",
    "enrol",
    "letter",
    "attachments",
    "repository",
    "healthz",
    "metrics",
)
_METHODS = ("GET", "HEAD", "PATCH", "POST")
_DURATIONS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 60.0)
_GROUPS = (1, 2, 4, 8, 16, 32, 64)


class Metrics:
    """One application's numbers."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._families: Dict[str, Gauge] = {}
        ProcessCollector(registry=self._registry)
        self.requests = Counter(
            "keruen_http_requests",
            "Requests answered",
            ["method", "route", "status"],
            registry=self._registry,
        )
        self.sent_bytes = Counter(
            "keruen_http_sent_bytes", "Bytes of bodies sent", ["route"], registry=self._registry
        )
        self.exchange_seconds = Histogram(
            "keruen_exchange_duration_seconds",
            "Time from a request's last byte to its answer's first",
            buckets=_DURATIONS_S,
            registry=self._registry,
        )
        self.group_size = Histogram(
            "keruen_group_size",
            "Exchanges that shared a turn of the store",
            buckets=_GROUPS,
            registry=self._registry,
        )

    def watch(
        self,
        name: str,
        what: str,
        value: Callable[[], float],
        labels: Optional[Mapping[str, str]] = None,
    ) -> None:
        """Show a number that is asked for whenever somebody reads."""
        if labels is None:
            Gauge(name, what, registry=self._registry).set_function(value)
            return
        family = self._families.get(name)
        if family is None:
            family = self._families[name] = Gauge(name, what, list(labels), registry=self._registry)
        family.labels(**labels).set_function(value)

    def text(self, counts: Mapping[str, int]) -> bytes:
        """Return everything, with what the store counts."""
        held = CollectorRegistry()
        held.register(_Held(counts))
        return bytes(generate_latest(self._registry) + generate_latest(held))


class _Held(Collector):
    """How many devices, people, classes, records and refused records the store holds."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._counts = counts

    def collect(self) -> Iterator[Metric]:
        family = GaugeMetricFamily("keruen_held", "What the store holds", labels=["what"])
        for what, count in self._counts.items():
            family.add_metric([what], count)
        yield family


class CountRequests:
    """Passes requests on and counts them by route: never by path, which a stranger chooses."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        first = scope["path"].lstrip("/").partition("/")[0]
        route = first if first in _ROUTES else "other"
        method = scope["method"] if scope["method"] in _METHODS else "other"

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._metrics.requests.labels(method, route, str(message["status"])).inc()
            else:
                self._metrics.sent_bytes.labels(route).inc(body_bytes(message))
            await send(message)

        try:
            await self._app(scope, receive, counted)
        except Exception:
            self._metrics.requests.labels(method, route, "500").inc()
            raise
