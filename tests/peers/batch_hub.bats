#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2153,SC2154 # variables of jq; bats sets and reads the others
# A hub of 64 tokens with 5 ms a call, renewed by CMP at the practice CA: once each, several at a time, whatever is
# killed meanwhile. The program is the one that is installed: what it costs counts here.

load ../cli/stage
load ../cli/renewal
load postgres

COUNT=64

setup_file() {
  [ ! -x "${UKEY_RELEASE_BIN-}" ] || export UKEY_BIN=$UKEY_RELEASE_BIN
  quiet_environment
  export UKEY_PRACTICE=$BATS_FILE_TMPDIR/hub UKEY_MODULE=practice
  export PIN=$BATS_FILE_TMPDIR/pin CA_FOLDER=$UKEY_PRACTICE/ca CA_URL
  ukey practice create --count "$COUNT" master-due --json >"$BATS_FILE_TMPDIR/create.json"
  cp -a "$UKEY_PRACTICE" "$BATS_FILE_TMPDIR/pristine"
  cd "$BATS_FILE_TMPDIR" || return 1
  (umask 077 && echo "$PRACTICE_PIN" >pin)
  practice_ca --json
  echo "$CA_PID" >ca.pid
  start_postgres
}

teardown_file() {
  kill "$(cat "$BATS_FILE_TMPDIR/ca.pid")"
  stop_postgres
}

# The tokens as they were made and an empty register: what the CA issues counts from here.
setup() {
  cd "$BATS_TEST_TMPDIR" || return 1
  export XDG_STATE_HOME=$BATS_TEST_TMPDIR/records UKEY_PRACTICE_DELAY_MS=5
  rm -rf "$UKEY_PRACTICE/tokens" "$UKEY_PRACTICE/state" "$CA_FOLDER/issued"
  cp -a "$BATS_FILE_TMPDIR"/pristine/{tokens,state} "$UKEY_PRACTICE"
  cp -a "$BATS_FILE_TMPDIR/pristine/ca/issued" "$CA_FOLDER"
  HOW=(--via cmp --ca-url "$CA_URL" --pin-file "$PIN" --no-open-bids --json)
}

run_batch() { ukey batch run "${HOW[@]}" "$@"; }
summary() { jq -c 'select(.event == "summary")' "$@"; }

# How many issues the register has beyond those that the tokens were made with.
issued() { echo $(($(find "$CA_FOLDER/issued" -type f -name '[0-9]*' | wc -l) - $(find "$BATS_FILE_TMPDIR/pristine/ca/issued" -type f -name '[0-9]*' | wc -l))); }

# all_once [COUNT]: ledger, tokens and CA agree that so many tokens were renewed, each once.
all_once() {
  local count=${1:-$COUNT}
  export UKEY_PRACTICE_DELAY_MS=0
  ukey batch export --json "${@:2}" >attempts.json
  jq -e --argjson count "$count" '[.attempts[] | select(.result == "renewed")] | length == $count and
    ([.[].token.serial] | unique | length == $count)' attempts.json >/dev/null || { echo "ledger: $(jq -c '[.attempts[].result] | group_by(.) | map([.[0], length])' attempts.json)" && return 1; }
  [ "$(issued)" -eq "$count" ] || { echo "the CA issued $(issued)" && return 1; }
  ukey status --json >status.json
  # a kill inside SoftHSM's C_CreateObject may leave an object with nothing in it, which is no certificate
  jq -e --argjson count "$count" '[.tokens[] | select(.renewal.verdict == "too_early" and ([.certificates[] | select(.error | not)] | length) == 4)] | length == $count' status.json >/dev/null ||
    { echo "tokens: $(jq -c '[.tokens[] | [.renewal.verdict, (.certificates | length)]] | group_by(.) | map([.[0], length])' status.json)" && return 1; }
}

@test "64 tokens are renewed once each, eight at a time in a sixth of the time that one at a time takes" {
  local since=$EPOCHREALTIME together alone
  run_batch >events
  together=$(bc <<<"$EPOCHREALTIME - $since")
  summary events | jq -e '.renewed == 64 and .failed == 0'
  all_once
  setup
  rm -rf "$XDG_STATE_HOME"
  since=$EPOCHREALTIME
  run_batch --jobs 1 >events
  alone=$(bc <<<"$EPOCHREALTIME - $since")
  echo "# eight at a time $together s, one at a time $alone s" >&3
  summary events | jq -e '.renewed == 64'
  [ "$(bc <<<"$together * 6 <= $alone")" -eq 1 ]
}

# After a kill: resumes until the batch has come to its end.
resume_to_end() {
  for _ in {1..5}; do
    ukey batch resume --json >resumed 2>said || true
    if summary resumed | jq -e '.left == 0' >/dev/null; then return 0; fi
    sleep 1
  done
  cat resumed said
  return 1
}

@test "whoever is killed at whatever moment, parent or children, a resume ends with 64 renewed, none twice" {
  local round rounds=2 parent
  [ -z "${UKEY_FULL-}" ] || rounds=20
  for round in $(seq 1 "$rounds"); do
    setup
    rm -rf "$XDG_STATE_HOME"
    "$UKEY_BIN" batch run "${HOW[@]}" >events 2>said &
    parent=$!
    sleep "$((RANDOM % 4 + 1)).$((RANDOM % 10))"
    pkill -9 -P "$parent" || true
    sleep "0.$((RANDOM % 10))"
    kill -9 "$parent" 2>/dev/null || true
    wait "$parent" || true
    if [ $((round % 2)) -eq 0 ]; then pkill -9 -f "^/proc/self/exe batch run .*$CA_URL" || true; fi
    resume_to_end
    # a child that was killed while its parent lived is a failure of that batch; another batch takes it up
    run_batch >again 2>said || true
    all_once || { echo "round $round" && return 1; }
  done
}

@test "a token whose module crashes, one that hangs and one that is pulled out are named, the other 61 are renewed" {
  local run_status=0
  export UKEY_PRACTICE_FAULT=@master-due-05/C_Sign=crash,@master-due-17/C_FindObjectsInit=hang,@master-due-33/C_CreateObject=unplug
  run_batch --timeout 2 >events || run_status=$?
  unset UKEY_PRACTICE_FAULT
  [ "$run_status" -eq 10 ]
  summary events | jq -e '.renewed == 61 and .failed == 3'
  jq -se '[.[] | select(.event == "item" and .result == "failed") | [.token.label, .reason]] | sort ==
    [["练习-企业主锁-临期-05", "module_broken"], ["练习-企业主锁-临期-17", "module_timeout"], ["练习-企业主锁-临期-33", "token_removed"]]' events
  ukey practice plug master-due-33 >/dev/null
  resume_to_end
  run_batch >again || true
  all_once
}

@test "a slot that crashes or hangs whoever looks at it is named, and the other tokens are renewed" {
  local run_status=0
  export UKEY_PRACTICE_FAULT=@master-due-02/C_GetTokenInfo=crash,@master-due-03/C_GetTokenInfo=hang
  run_batch --timeout 2 >events || run_status=$?
  [ "$run_status" -eq 10 ]
  summary events | jq -e '.renewed == 62 and .failed == 2'
  jq -se '[.[] | select(.event == "item" and .result == "failed") | .reason] | sort == ["module_broken", "module_timeout"]' events
}

@test "two batches at once on two halves of the tokens share one PostgreSQL ledger and lose nothing" {
  needs_postgres
  local half first second
  for half in 0 1; do
    { echo serial && jq -r ".practice[] | select((.name | .[-2:] | tonumber) % 2 == $half) | .serial" "$BATS_FILE_TMPDIR/create.json"; } >half$half.csv
  done
  "$UKEY_BIN" batch run "${HOW[@]}" --ledger "$PG_URL" --manifest half0.csv >events0 2>said0 &
  first=$!
  XDG_STATE_HOME=$BATS_TEST_TMPDIR/other "$UKEY_BIN" batch run "${HOW[@]}" --ledger "$PG_URL" --manifest half1.csv >events1 2>said1 &
  second=$!
  wait "$first"
  wait "$second"
  all_once 64 --ledger "$PG_URL"
  [ "$(pg_asks "SELECT count(DISTINCT serial) FROM attempts WHERE result = 'renewed'")" -eq 64 ]
}

@test "a database that goes away in mid-run loses nothing: what was done waits here and follows" {
  needs_postgres
  pg_asks 'DROP SCHEMA public CASCADE; CREATE SCHEMA public' >/dev/null
  "$UKEY_BIN" batch run "${HOW[@]}" --ledger "$PG_URL" >events 2>said &
  local parent=$!
  for _ in {1..200}; do [ "$(grep -c '"event":"item"' events)" -ge 5 ] && break || sleep 0.1; done
  pg_stop "$PG_FOLDER" immediate
  wait "$parent"
  summary events | jq -e '.renewed == 64'
  grep -q ledger said
  pg_start "$PG_FOLDER"
  ukey batch status --ledger "$PG_URL" --json | jq -e '.spooled == 0 and .batch.renewed == 64 and .batch.left == 0'
  all_once 64 --ledger "$PG_URL"
}

@test "a database that freezes in mid-run does not stop the batch, and what was done follows when it thaws" {
  needs_postgres
  pg_asks 'DROP SCHEMA public CASCADE; CREATE SCHEMA public' >/dev/null
  { echo serial && jq -r '.practice[:10][].serial' "$BATS_FILE_TMPDIR/create.json"; } >rows.csv
  timeout 200 "$UKEY_BIN" batch run "${HOW[@]}" --ledger "$PG_URL" --manifest rows.csv >events 2>said &
  local parent=$!
  for _ in {1..200}; do [ "$(grep -c '"event":"item"' events)" -ge 3 ] && break || sleep 0.05; done
  pg_signal "$PG_FOLDER" STOP
  wait "$parent"
  pg_signal "$PG_FOLDER" CONT
  summary events | jq -e '.renewed == 10'
  grep -q ledger said
  ukey batch status --ledger "$PG_URL" --json | jq -e '.spooled == 0 and .batch.renewed == 10 and .batch.left == 0'
  all_once 10 --ledger "$PG_URL"
}
