#!/bin/sh
# Runs once, on an empty database: the logins. The migrations belong to `segel_owner`; the server and the sequencer log in
# as accounts that hold one restricted role each and own nothing.
set -eu
psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
  -v owner="$OWNER_PASSWORD" -v server="$SERVER_PASSWORD" -v sequencer="$SEQUENCER_PASSWORD" \
  -v erasure="$ERASURE_PASSWORD" <<'SQL'
CREATE ROLE segel_app NOLOGIN;
CREATE ROLE segel_sequencer NOLOGIN;
CREATE ROLE segel_erasure NOLOGIN;
CREATE ROLE segel_owner LOGIN CREATEROLE PASSWORD :'owner';
GRANT segel_app, segel_sequencer, segel_erasure TO segel_owner WITH ADMIN OPTION;
CREATE ROLE segel_server_login LOGIN PASSWORD :'server' IN ROLE segel_app;
CREATE ROLE segel_sequencer_login LOGIN PASSWORD :'sequencer' IN ROLE segel_sequencer;
CREATE ROLE segel_erasure_login LOGIN PASSWORD :'erasure' IN ROLE segel_erasure;
CREATE DATABASE segel OWNER segel_owner ENCODING 'UTF8';
REVOKE ALL ON DATABASE segel FROM PUBLIC;
GRANT CONNECT ON DATABASE segel TO segel_app, segel_sequencer, segel_erasure;
SQL
