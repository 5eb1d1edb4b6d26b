#!/bin/sh
# Start PgBouncer with the password of its own login, which finds everybody else's.
set -eu
umask 077
list=${RUN:-/run/pgbouncer}/users.txt
printf '"pooler" "%s"\n' "$(printf %s "$POOLER_PASSWORD" | sed 's/"/""/g')" >"$list"
exec pgbouncer "${1:-/etc/pgbouncer/pgbouncer.ini}"
