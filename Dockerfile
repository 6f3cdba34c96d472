# The loader, for use with a Postgres of its own (see docker-compose.yml).
FROM python:3.11-slim

WORKDIR /app
COPY pyproject.toml README.md LICENSE ./
COPY loader loader
COPY schema schema
COPY migrations migrations
COPY sql sql
COPY samples samples
RUN pip install --no-cache-dir . && useradd --create-home hetang

USER hetang
WORKDIR /documents
ENTRYPOINT ["hetang"]
CMD ["--help"]
