FROM debian:stable-slim
RUN apt-get update && apt-get install --yes --no-install-recommends pgbouncer && rm -rf /var/lib/apt/lists/*
COPY pgbouncer.sh /usr/local/bin/pgbouncer.sh
USER 10001:10001
STOPSIGNAL SIGINT
ENTRYPOINT ["/bin/sh", "/usr/local/bin/pgbouncer.sh"]
