#!/bin/sh
# A whole copy of the database at DATABASE_URL into BACKUPS, once or, with `forever`, every day; copies older than KEEP_DAYS go.
# What restores it: carillon db restore.
set -eu
umask 077

backup() {
    file=$BACKUPS/carillon-$(date -u +%Y-%m-%dT%H%M%SZ).dump
    pg_dump --format=custom --role=carillon_backup --enable-row-security --file="$file.part" "$DATABASE_URL"
    mv "$file.part" "$file"
    echo "wrote $file"
    find "$BACKUPS" -name 'carillon-*.dump' -mtime +"${KEEP_DAYS:-14}" -delete
}

if [ "${1:-}" != forever ]; then
    backup
    exit
fi
while :; do
    backup || echo "the backup failed" >&2
    sleep 86400 &
    wait $!
done
