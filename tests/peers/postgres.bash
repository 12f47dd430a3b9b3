# shellcheck shell=bash disable=SC2154 # bats sets the others
# A PostgreSQL server of the distribution, of a file's or a case's own: loopback only, any free port, nothing left of it.
# Loaded by bats files; as a program it stops, starts, freezes or thaws the server in a folder: postgres.bash FOLDER stop|start|freeze|thaw.

# Where the server's programs lie; they are in nobody's PATH.
pg_programs() {
  local found
  found=$(compgen -G '/usr/lib/postgresql/*/bin/postgres' | sort -V | tail -n 1)
  [ -z "$found" ] || dirname "$found"
}

# Why there is no PostgreSQL here; nothing when there may be.
pg_reason() {
  [ -n "$(pg_programs)" ] || { echo "PostgreSQL's server is not installed" && return; }
  command -v psql >/dev/null || { echo "psql is not installed" && return; }
  [ "$(id -u)" -ne 0 ] || id -u postgres >/dev/null 2>&1 || echo "there is no user for PostgreSQL"
}

# pg_as COMMAND…: as a user that the server runs for, which is never root.
pg_as() {
  if [ "$(id -u)" -eq 0 ]; then
    (cd / && setpriv --reuid postgres --regid postgres --clear-groups "$@")
  else
    "$@"
  fi
}

# For setup_file or setup. Makes a server's folder and starts it: users "ukey" (owner of the database "ukey") and "guest"
# (who may connect and no more), both let in by password alone. Exports PG_FOLDER, PG_PORT, PGPASSFILE and PG_URL, which
# holds no password; none of them where no server can be.
start_postgres() {
  [ -z "$(pg_reason)" ] || return 0
  PG_FOLDER=$(mktemp -d /tmp/ukey-postgres-XXXXXX)
  printf 'practice-only' >"$PG_FOLDER/password"
  [ "$(id -u)" -ne 0 ] || chown -R postgres: "$PG_FOLDER"
  pg_as "$(pg_programs)/initdb" -D "$PG_FOLDER/data" -U ukey --pwfile="$PG_FOLDER/password" -A scram-sha-256 -E UTF8 \
    --locale=C.UTF-8 --no-sync >"$BATS_FILE_TMPDIR/initdb.log" 2>&1
  # another suite may take the port meanwhile
  for _ in 1 2 3; do
    PG_PORT=$(pg_free_port)
    if pg_start "$PG_FOLDER" "$PG_PORT"; then break; fi
  done
  export PGPASSFILE=$BATS_FILE_TMPDIR/pgpass PG_FOLDER PG_PORT
  printf '127.0.0.1:%s:*:%s:practice-only\n' "$PG_PORT" ukey "$PG_PORT" guest >"$PGPASSFILE"
  chmod 600 "$PGPASSFILE"
  PG_URL=postgresql://ukey@127.0.0.1:$PG_PORT/ukey
  export PG_URL
  psql -q "postgresql://ukey@127.0.0.1:$PG_PORT/postgres" -c 'CREATE DATABASE ukey' \
    -c "CREATE USER guest PASSWORD 'practice-only'"
}

# For each case that asks it.
needs_postgres() { [ -n "${PG_URL-}" ] || skip "$(pg_reason)"; }

# A port that nobody listens on now, above those that are handed out.
pg_free_port() {
  local port
  for _ in {1..50}; do
    port=$((20000 + RANDOM % 12000))
    (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port" && return; }
  done
  return 1
}

# pg_start FOLDER [PORT]: starts the server in this folder, on its former port when none is given.
pg_start() {
  local port=${2-}
  [ -z "$port" ] || echo "$port" >"$1/port"
  port=$(cat "$1/port")
  pg_as "$(pg_programs)/pg_ctl" -D "$1/data" -l "$1/log" -w -t 60 -s \
    -o "-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories= -c fsync=off -c max_connections=60" \
    start 3>&- >/dev/null 2>&1 </dev/null || { cat "$1/log" && return 1; }
}

# pg_stop FOLDER [MODE]: without waiting for its clients; "immediate" is what a power cut does.
pg_stop() { pg_as "$(pg_programs)/pg_ctl" -D "$1/data" -m "${2-fast}" -w -s stop 3>&- >/dev/null 2>&1 </dev/null; }

# pg_signal FOLDER SIGNAL: to the server and each process that serves a connection. A frozen one (STOP) keeps its
# connections and answers nothing until CONT.
pg_signal() {
  local postmaster
  postmaster=$(pg_as head -n 1 "$1/data/postmaster.pid")
  pg_as kill -s "$2" "$postmaster" $(pgrep -P "$postmaster")
}

# The words of a command that does to this server what follows: "stop", "start", "freeze" or "thaw".
pg_switch() { printf 'bash %q %q' "$STAGE_ROOT/tests/peers/postgres.bash" "$PG_FOLDER"; }

# For teardown_file or teardown: nothing of it is left.
stop_postgres() {
  [ -n "${PG_FOLDER-}" ] || return 0
  pg_signal "$PG_FOLDER" CONT || true
  pg_stop "$PG_FOLDER" immediate || true
  rm -rf "$PG_FOLDER"
}

# pg_asks SQL…: what another program reads there, one row a line.
pg_asks() { psql -qAtX "$PG_URL" -c "$1"; }

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
  case ${2-} in
    start) pg_start "$1" ;;
    stop) pg_stop "$1" ;;
    freeze) pg_signal "$1" STOP ;;
    thaw) pg_signal "$1" CONT ;;
    *) exit 2 ;;
  esac
fi
