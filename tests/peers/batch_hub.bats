#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2153,SC2154 # variables of jq; bats sets and reads the others
# A hub of many tokens with 5 ms a call, renewed by CMP at the practice CA: once each, several at a time, whatever is
# killed meanwhile. The program is the one that is installed.

load ../cli/stage
load ../cli/renewal
load postgres

COUNT=${UKEY_FULL:+64}
COUNT=${COUNT:-16}

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

# How many tokens were at work at the same time, at most: those of which a step was told, and not yet the end.
most_at_once() {
  jq -s 'reduce (.[] | select(.number)) as $told ({};
      if $told.event == "item" then del(.at[$told.number | tostring]) else .at[$told.number | tostring] = true end
      | .most = ([.most, (.at | length)] | max)) | .most' events
}

@test "every token is renewed once, up to eight at a time, or one at a time" {
  local most
  run_batch >events
  summary events | jq -e --argjson count "$COUNT" '.renewed == $count and .failed == 0'
  most=$(most_at_once)
  [[ $most -gt 1 && $most -le 8 ]]
  all_once
  setup
  rm -rf "$XDG_STATE_HOME"
  run_batch --jobs 1 >events
  summary events | jq -e --argjson count "$COUNT" '.renewed == $count'
  [ "$(most_at_once)" -eq 1 ]
}

# After a kill: resumes until the batch has come to its end.
resume_to_end() { await ends_with_resume || { cat resumed said && return 1; }; }

ends_with_resume() {
  ukey batch resume --json >resumed 2>said || true
  summary resumed | jq -e '.left == 0' >/dev/null
}

# told COUNT: so many events so far.
told() { [ "$(wc -l <events)" -ge "$1" ]; }

@test "whoever is killed at whatever moment, parent or children, a resume ends with all renewed, none twice" {
  local round rounds=2 parent at
  [ -z "${UKEY_FULL-}" ] || rounds=20
  for round in $(seq 1 "$rounds"); do
    setup
    rm -rf "$XDG_STATE_HOME"
    "$UKEY_BIN" batch run "${HOW[@]}" >events 2>said &
    parent=$!
    at=$((round * 37 % (COUNT * 7)))
    await true_or_gone "$parent" told "$at"
    pkill -9 -P "$parent" || true
    await true_or_gone "$parent" told $((at + round % 10))
    kill -9 "$parent" 2>/dev/null || true
    wait "$parent" || true
    if [ $((round % 2)) -eq 0 ]; then pkill -9 -f "^/proc/self/exe batch run .*$CA_URL" || true; fi
    resume_to_end
    # a child that was killed while its parent lived is a failure of that batch; another batch takes it up
    run_batch >again 2>said || true
    all_once || { echo "round $round" && return 1; }
  done
}

@test "a token whose module crashes, one that hangs and one that is pulled out are named, the others are renewed" {
  local run_status=0
  export UKEY_PRACTICE_FAULT=@master-due-05/C_Sign=crash,@master-due-11/C_FindObjectsInit=hang,@master-due-16/C_CreateObject=unplug
  run_batch --timeout 5 >events || run_status=$?
  unset UKEY_PRACTICE_FAULT
  [ "$run_status" -eq 10 ]
  summary events | jq -e --argjson count "$COUNT" '.renewed == $count - 3 and .failed == 3'
  jq -se '[.[] | select(.event == "item" and .result == "failed") | [.token.label, .reason]] | sort ==
    [["练习-企业主锁-临期-05", "module_broken"], ["练习-企业主锁-临期-11", "module_timeout"], ["练习-企业主锁-临期-16", "token_removed"]]' events
  ukey practice plug master-due-16 >/dev/null
  resume_to_end
  run_batch >again || true
  all_once
}

@test "a slot that crashes or hangs whoever looks at it is named, and the other tokens are renewed" {
  local run_status=0
  export UKEY_PRACTICE_FAULT=@master-due-02/C_GetTokenInfo=crash,@master-due-03/C_GetTokenInfo=hang
  run_batch --timeout 5 >events || run_status=$?
  [ "$run_status" -eq 10 ]
  summary events | jq -e --argjson count "$COUNT" '.renewed == $count - 2 and .failed == 2'
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
  all_once "$COUNT" --ledger "$PG_URL"
  [ "$(pg_asks "SELECT count(DISTINCT serial) FROM attempts WHERE result = 'renewed'")" -eq "$COUNT" ]
}

# stands_still PID COUNT: a batch stops when so many tokens are done.
stands_still() {
  await_of "$1" done_so_far "$2"
  kill -STOP "$1"
}

done_so_far() { [ "$(grep -c '"event":"item"' events)" -ge "$1" ]; }

@test "a database that goes away in mid-run loses nothing: what was done waits here and follows" {
  needs_postgres
  pg_asks 'DROP SCHEMA public CASCADE; CREATE SCHEMA public' >/dev/null
  "$UKEY_BIN" batch run "${HOW[@]}" --ledger "$PG_URL" >events 2>said &
  local parent=$!
  stands_still "$parent" 3
  pg_stop "$PG_FOLDER" immediate
  kill -CONT "$parent"
  wait "$parent"
  summary events | jq -e --argjson count "$COUNT" '.renewed == $count'
  grep -q ledger said
  pg_start "$PG_FOLDER"
  ukey batch status --ledger "$PG_URL" --json | jq -e --argjson count "$COUNT" '.spooled == 0 and .batch.renewed == $count and .batch.left == 0'
  all_once "$COUNT" --ledger "$PG_URL"
}

@test "a database that freezes in mid-run does not stop the batch, and what was done follows when it thaws" {
  needs_postgres
  pg_asks 'DROP SCHEMA public CASCADE; CREATE SCHEMA public' >/dev/null
  { echo serial && jq -r '.practice[:10][].serial' "$BATS_FILE_TMPDIR/create.json"; } >rows.csv
  "$UKEY_BIN" batch run "${HOW[@]}" --ledger "$PG_URL" --manifest rows.csv >events 2>said &
  local parent=$!
  stands_still "$parent" 1
  pg_signal "$PG_FOLDER" STOP
  kill -CONT "$parent"
  wait "$parent"
  pg_signal "$PG_FOLDER" CONT
  summary events | jq -e '.renewed == 10'
  grep -q ledger said
  ukey batch status --ledger "$PG_URL" --json | jq -e '.spooled == 0 and .batch.renewed == 10 and .batch.left == 0'
  all_once 10 --ledger "$PG_URL"
}
