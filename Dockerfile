# One image for every part: api-server, scheduler, dag-processor, worker, migration, newsroom.

FROM python:3.12-slim AS build
ENV UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never VIRTUAL_ENV=/opt/venv
RUN python -m pip install --no-cache-dir --disable-pip-version-check uv \
 && uv venv --python "$(command -v python3)" "$VIRTUAL_ENV"
WORKDIR /build
COPY pyproject.toml requirements.lock ./
# The lock as a constraint: its versions and hashes hold, without the tools of development that it names besides.
# Bytecode now, or every task compiles its imports anew.
RUN uv pip install --no-cache --compile-bytecode --constraint requirements.lock --extra celery -r pyproject.toml
COPY README.md LICENSE feeds.opml ./
COPY sql sql
COPY dags dags
COPY pipeline pipeline
RUN uv pip install --no-cache --compile-bytecode --no-deps --build-constraints requirements.lock .

FROM python:3.12-slim
RUN useradd --uid 50000 --create-home --home-dir /var/lib/writethru --shell /usr/sbin/nologin writethru \
 && install --directory --owner writethru --mode 0700 /var/lib/writethru/secrets \
 && install --directory --owner writethru /var/lib/writethru/airflow /var/lib/writethru/logs /var/lib/writethru/newsroom
COPY --from=build /opt/venv /opt/venv
COPY dags /opt/writethru/dags
COPY docker/make_secrets.py docker/follow_newsroom.py docker/scheduler /opt/writethru/
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    WRITETHRU_HOME=/var/lib/writethru \
    AIRFLOW_HOME=/var/lib/writethru/airflow \
    AIRFLOW__CORE__DAGS_FOLDER=/opt/writethru/dags \
    AIRFLOW__CORE__LOAD_EXAMPLES=False \
    AIRFLOW__LOGGING__BASE_LOG_FOLDER=/var/lib/writethru/logs
USER writethru
WORKDIR /var/lib/writethru
EXPOSE 8080
CMD ["writethru", "--help"]
