# The hub, and the demo devices. docker-compose.yml builds and runs it.
FROM python:3.13.11-slim AS build
# Two environments: what builds the hub is not in the image.
RUN python -m venv /opt/build && python -m venv /opt/smartlife-hub
ENV PATH=/opt/smartlife-hub/bin:$PATH PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /src
# The packages in a layer of their own: they change less often than the hub.
COPY requirements/run.txt requirements/build.txt requirements/
RUN pip install --require-hashes -r requirements/run.txt
RUN /opt/build/bin/pip install --require-hashes -r requirements/build.txt
COPY pyproject.toml README.md LICENSE ./
COPY hub hub
COPY devices devices
COPY schemas schemas
RUN /opt/build/bin/pip wheel --no-deps --no-build-isolation --wheel-dir /wheels . \
    && pip install --no-deps --no-index /wheels/*.whl

FROM python:3.13.11-slim
# A fixed user, so that a volume has the same owner after the image is built again.
RUN groupadd --gid 10001 hub \
    && useradd --uid 10001 --gid hub --no-create-home --home-dir /nonexistent \
        --shell /usr/sbin/nologin hub \
    && install -d -o hub -g hub -m 0750 /var/lib/smartlife-hub \
    && install -d -o hub -g hub -m 0755 /etc/smartlife-hub/broker
COPY --from=build /opt/smartlife-hub /opt/smartlife-hub
# Beyond loopback the hub does not start without HUB_OPS_TOKEN.
ENV PATH=/opt/smartlife-hub/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HUB_DATA=/var/lib/smartlife-hub \
    HUB_HTTP=0.0.0.0:8080
WORKDIR /var/lib/smartlife-hub
VOLUME /var/lib/smartlife-hub
USER 10001:10001
EXPOSE 8080
# An answer other than 200 raises, which ends with exit code 1. No proxy stands between the two.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "from os import environ as e; from urllib.request import *; build_opener(ProxyHandler({})).open(Request('http://127.0.0.1:' + e['HUB_HTTP'].rpartition(':')[2] + '/api/health', headers={'Authorization': 'Bearer ' + e.get('HUB_OPS_TOKEN', '')}), timeout=4)"]
ENTRYPOINT ["hub"]
CMD ["run"]
