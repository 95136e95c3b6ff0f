# A server for a region: docker build -f build/server.dockerfile -t keruen-server .
FROM python:3.12-slim

COPY pyproject.toml README.md LICENSE /keruen/
COPY client /keruen/client
COPY content /keruen/content
COPY sync /keruen/sync
COPY sync_server /keruen/sync_server
RUN pip install --no-cache-dir "/keruen[server]" \
    && useradd --create-home --uid 10001 keruen \
    && install --directory --owner keruen --mode 0700 /data

USER keruen
VOLUME /data
EXPOSE 8765
STOPSIGNAL SIGTERM
HEALTHCHECK CMD ["python3", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8765/healthz', timeout=5)"]
ENTRYPOINT ["keruen-server"]
CMD ["run", "--data", "/data"]
