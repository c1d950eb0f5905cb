# The portal's web server. Two stages: the second has neither pip's leftovers nor anything that only builds.
FROM python:3.11-slim-bookworm AS build
ENV PYTHONDONTWRITEBYTECODE=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /venv
COPY requirements.txt .
RUN /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt
WORKDIR /portal
COPY . .
ENV PORTAL_WORDS_DIR=/portal/words
RUN /venv/bin/python manage.py build_words && /venv/bin/python manage.py compilemessages && /venv/bin/python manage.py collectstatic --noinput

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --no-create-home portal
COPY --from=build /venv /venv
COPY --from=build /portal /portal
WORKDIR /portal
ENV PORTAL_WORDS_DIR=/portal/words PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PORTAL_DATA_DIR=/tmp/portal BIND=0.0.0.0:8000
USER portal
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import os, urllib.request as r; r.build_opener(r.ProxyHandler({})).open('http://127.0.0.1:' + os.environ['BIND'].split(':')[-1] + '/health/live', timeout=4)"]
CMD ["gunicorn", "-c", "deploy/gunicorn.conf.py"]
