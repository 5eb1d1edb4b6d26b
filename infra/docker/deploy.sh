#!/bin/sh
# carillon deploy, for compose: a new image in place of the one that serves. From the folder of server.env:
#   CARILLON_VERSION=0.2.0 infra/docker/deploy.sh
# The new container has to be healthy (its database, its schema) before the old one ends; else it is removed, the old one
# serves on, and the exit code is not 0.
set -eu
: "${CARILLON_VERSION:?set it to the release}"
export CARILLON_VERSION
compose() { docker compose --project-directory . -f infra/docker/compose.yml --env-file server.env --profile deploying "$@"; }

if [ -n "$(compose ps --quiet --status running green)" ]; then old=green new=blue; else old=blue new=green; fi
echo "$old serves; $new will be $CARILLON_VERSION"
[ -n "${CARILLON_BUILD:-}" ] && compose build "$new" || compose pull "$new"
compose run --rm --no-deps migrate
if ! compose up --detach --no-deps --wait --wait-timeout 30 "$new"; then
    compose logs --tail 50 "$new" >&2 || true
    compose rm --stop --force "$new"
    echo "rejected: $old serves on" >&2
    exit 1
fi
sleep "${CADDY_SECONDS:-3}" # Caddy asks for health every two
compose stop "$old"
compose rm --force "$old"
echo "$new serves $CARILLON_VERSION"
