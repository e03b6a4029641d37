"""What digestbot counts about itself, for /metrics and /status. One object, built once and handed round."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

LATENESS_BUCKETS = (1, 5, 15, 30, 60, 120, 300, 900, 3600, 21600)
CALL_BUCKETS = (0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20)


class Metrics:
    """Counters of one process; names begin with `digestbot_`, times are in seconds."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        r = self.registry
        self.documents = Counter(
            "digestbot_documents", "Documents taken up, by outcome", ["outcome"], registry=r
        )
        self.analysis_seconds = Histogram(
            "digestbot_analysis_seconds", "Time to extract and analyse one document", registry=r
        )
        self.sources = Gauge("digestbot_sources", "Sources, by state", ["state"], registry=r)
        self.editions = Counter("digestbot_editions", "Editions composed and rendered", registry=r)
        self.slots = Counter("digestbot_slots", "Slots decided over, by state", ["state"], registry=r)
        self.sends = Counter(
            "digestbot_sends",
            "Attempts to send, by outcome (sent, or the error's code)",
            ["outcome"],
            registry=r,
        )
        self.send_seconds = Histogram(
            "digestbot_send_seconds",
            "Time of one call that sends",
            buckets=CALL_BUCKETS,
            registry=r,
        )
        self.limiter_seconds = Counter(
            "digestbot_limiter_seconds", "Time messages waited for the limits", registry=r
        )
        self.lateness = Histogram(
            "digestbot_lateness_seconds",
            "From when a digest was due to when Telegram took its part",
            buckets=LATENESS_BUCKETS,
            registry=r,
        )
        self.queue_depth = Gauge(
            "digestbot_queue_depth", "Rows of the outbox, by state", ["state"], registry=r
        )
        self.queue_age = Gauge(
            "digestbot_queue_age_seconds", "Age of the oldest row that may be sent and is not", registry=r
        )
        self.uncertain = Counter("digestbot_uncertain", "Attempts whose outcome nobody knows", registry=r)
        self.updates = Counter("digestbot_updates", "Updates, by outcome", ["outcome"], registry=r)
        self.updates_waiting = Gauge("digestbot_updates_waiting", "Updates not handled yet", registry=r)
        self.update_seconds = Histogram(
            "digestbot_update_seconds",
            "From storing an update to having handled it",
            buckets=CALL_BUCKETS,
            registry=r,
        )
        self.job_seconds = Histogram("digestbot_job_seconds", "Time of one tick", ["job"], registry=r)
        self.job_failures = Counter("digestbot_job_failures", "Ticks that failed", ["job"], registry=r)
        self.last_tick = Gauge(
            "digestbot_last_tick_seconds", "When a job last ended well", ["job"], registry=r
        )
