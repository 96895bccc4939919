# muvi-converge as an image: everything that the lock pins, as scripts/setup installs it, and no shell
# needed to run it. Credentials and YAML come from outside: docs/workflows/README.md.
FROM python:3.11.16-slim-bookworm@sha256:0bee7276f83efd4a1ee05bbbf4281d95ed28e079220a9457f25a93e3f1e3c31b

ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1
RUN useradd --uid 10001 --user-group --create-home muvi && python -m venv /opt/venv

WORKDIR /opt/muvi-converge
COPY requirements.lock ./
RUN pip install --quiet --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock

COPY setup.cfg pyproject.toml README.md ./
COPY schemas schemas
COPY resources resources
COPY reconciler reconciler
RUN pip install --quiet --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation .

USER 10001:10001
WORKDIR /work
ENTRYPOINT ["muvi-converge"]
CMD ["--help"]
