# shellcheck shell=bash disable=SC2154 # bats sets the others
# Tokens behind p11-kit's server on this machine: the servers of a case, and their end.

# For setup: no server runs yet.
needs_remoting() {
  SERVERS=()
  [ -e /usr/lib/x86_64-linux-gnu/pkcs11/p11-kit-client.so ] || [ -e /usr/lib64/pkcs11/p11-kit-client.so ] ||
    skip "p11-kit's client module is not installed"
}

# Ends the servers, and the processes of runs that hang in there.
all_fall() {
  local server
  for server in "${SERVERS[@]}"; do
    pkill -KILL -P "$server" || true
    kill "$server" 2>/dev/null || true
  done
  SERVERS=()
}

# stands SOCKET COMMAND…: the command in the background, once its socket is there; from now on that is the server.
stands() {
  rm -f "$1"
  "${@:2}" >>served 2>&1 3>&- </dev/null &
  SERVERS+=($!)
  await_of "${SERVERS[-1]}" [ -S "$1" ]
  export UKEY_MODULE=remote P11_KIT_SERVER_ADDRESS=unix:path=$1
}

# serve MODULE [FAULT]: its tokens, with this fault of the practice module in each run's own process.
serve() {
  local socket=$XDG_RUNTIME_DIR/${#SERVERS[@]}
  UKEY_PRACTICE_FAULT=${2-} stands "$socket" p11-kit server -f -n "$socket" --provider "$1" pkcs11:
}
