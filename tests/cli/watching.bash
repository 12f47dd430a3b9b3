# shellcheck shell=bash disable=SC2034,SC2154 # read and set by the cases
# A watch in the background, and what it says. Loaded by the bats files that watch.

# watching ARGUMENT…: a watch in the background, in the namespaces that INSIDE enters; `said` and `errors` are what it says.
watching() {
  : >said 2>errors # what an earlier one said is not waited for, and what is not there yet says nothing
  "${INSIDE[@]}" env --default-signal=INT,TERM "$UKEY_BIN" watch "$@" >said 2>errors </dev/null 3>&- &
  WATCH_PID=$!
}

# until_said LINES PATTERN [FILE]: waits for that many lines that match.
until_said() { await_of "$WATCH_PID" said_times "$@" || { cat said errors && return 1; }; }

said_times() { [ "$(grep -cE -- "$2" "${3:-said}")" -ge "$1" ]; }

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
  UKEY_PRACTICE_FAULT=C_OpenSession:1=0x30 watching --json -m practice -m "$PWD/nothing.so" --as-of 2030-01-01
  until_said 1 '"present"'
  ukey practice plug master >/dev/null
  until_said 1 '"plugged"'
  ukey practice unplug master >/dev/null
  until_said 1 '"unplugged"'
  ended TERM
  cat said >>documents
  ukey practice plug master >/dev/null
  UKEY_PRACTICE_FAULT=C_GetSlotList:3=0x30 watching --json -m practice -m "$(softhsm_module)"
  until_said 1 '"failed"'
  ended TERM
  cat said >>documents
}
