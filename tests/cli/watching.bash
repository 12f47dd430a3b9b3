# shellcheck shell=bash disable=SC2034,SC2154 # read and set by the cases
# A watch in the background, and what it says. Loaded by the bats files that watch.

# watching ARGUMENT…: a watch in the background; `said` and `errors` are what it says. It stands when it has said LINES
# lines that match PATTERN (until_said).
watching() {
  : >said # what an earlier one said is not waited for
  env --default-signal=INT,TERM "$UKEY_BIN" watch "$@" >said 2>errors </dev/null 3>&- &
  WATCH_PID=$!
}

# until_said LINES PATTERN [FILE]: waits for that many lines that match, at most 30 seconds.
until_said() {
  local tries
  for ((tries = 0; tries < 300; tries++)); do
    [ "$(grep -cE -- "$2" "${3:-said}")" -lt "$1" ] || return 0
    sleep 0.1
  done
  echo "not said $1 times: $2" && cat said errors && return 1
}

# ended SIGNAL: the exit status of the watch after that signal.
ended() {
  local status=0
  kill -"$1" "$WATCH_PID" 2>/dev/null || true
  wait "$WATCH_PID" || status=$?
  WATCH_PID=
  return "$status"
}

# events: what the lines so far tell, "plugged LABEL" and so on.
events() { jq -r '"\(.event) \(.token.label // .file // "")"' said; }

# A token that cannot be read, one that comes and goes, and a module that fails.
say_watch() {
  ukey practice unplug master >/dev/null
  (
    sleep 2
    ukey practice plug master
    sleep 2
    ukey practice unplug master
  ) >/dev/null &
  document UKEY_PRACTICE_FAULT=C_OpenSession:1=0x30 watch -m practice -m "$PWD/nothing.so" --for 8 --as-of 2030-01-01
  wait $!
  ukey practice plug master >/dev/null
  document UKEY_PRACTICE_FAULT=C_GetSlotList:3=0x30 watch -m practice -m "$(softhsm_module)" --for 8
}
