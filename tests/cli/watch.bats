#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # variables of jq; bats sets and reads the others
# `ukey watch` on practice tokens that are plugged in and taken out by another program meanwhile.

load stage
load watching

setup_file() {
  quiet_environment
  drawer
  export UKEY_MODULE=practice
}

setup() {
  cd "$BATS_TEST_TMPDIR" || return 1
  ukey practice unplug master master-due sub-due master-expired jsca master-no-legal-seal locked blank >/dev/null
  ukey practice plug expert >/dev/null
  WATCH_PID=
}

teardown() { [ -z "$WATCH_PID" ] || ended KILL || true; }

@test "a token that comes is shown with its card, one that goes with its name, in both languages" {
  local lang in out present
  for lang in en zh; do
    if [ "$lang" = en ]; then present='already in: ' in='in: ' out='out: '; else present=已插着： in=插入： out=拔出：; fi
    watching --lang "$lang"
    until_said 1 "^[0-9:]{8} $present${LABEL[expert]} \([0-9a-f]{16}\)\$"
    ukey practice plug master-due >/dev/null
    until_said 1 "^[0-9:]{8} $in${LABEL[master-due]} \([0-9a-f]{16}\)\$"
    ukey practice unplug master-due >/dev/null
    until_said 1 "^[0-9:]{8} $out${LABEL[master-due]} \([0-9a-f]{16}\)\$"
    ended TERM
    fits <said
    # the card is that of status
    ukey practice plug master-due >/dev/null
    ukey status --lang "$lang" -t "${LABEL[master-due]}" >card
    grep -A"$(wc -l <card)" "^[0-9:]* $in" said | tail -n +2 | diff card -
    ukey practice unplug master-due >/dev/null
    cp said "said_$lang" && cp errors "errors_$lang"
  done
  run ! cmp -s said_en said_zh
  run ! cmp -s errors_en errors_zh
  [ "$(wc -l <errors_en)" -eq 1 ]
}

@test "with --json each event is one line that is written at once, event first" {
  watching --json
  until_said 1 '"event":"present"'
  ukey practice plug master >/dev/null
  until_said 1 '"event":"plugged"'
  ukey practice unplug expert >/dev/null
  until_said 1 '"event":"unplugged"'
  ended TERM
  [ "$(wc -l <said)" -eq 4 ]
  run ! grep -vE '^\{"event":"[a-z]+",' said
  [ "$(events)" = "start 
present ${LABEL[expert]}
plugged ${LABEL[master]}
unplugged ${LABEL[expert]}" ]
  jq -se '.[0] | .schema == "ukey/1" and .command == "watch" and .modules[0].state == "ready" and has("as_of")' said
  jq -se '.[1:3] | all(.state == "ready" and (.at | endswith("Z")) and .lock.kind == "master" and .renewal.verdict != null)' said
  jq -se '.[3] | keys == ["at", "event", "token"]' said
  [ ! -s errors ]
  ukey practice plug expert >/dev/null
  diff <(jq -S 'select(.event == "plugged") | del(.event, .at, .as_of)' said) \
    <(ukey status --json -t "${LABEL[master]}" | jq -S '.tokens[0]')
}

@test "ctrl-C ends a watch with status 130 and no word more, SIGTERM with 0" {
  watching --json -q
  until_said 1 present
  status=0
  ended INT || status=$?
  [ "$status" -eq 130 ]
  [ "$(events | wc -l)" -eq 2 ]
  [ ! -s errors ]
  watching -q
  until_said 1 "${LABEL[expert]}"
  ended TERM
  [ ! -s errors ]
}

@test "ctrl-C ends a watch also while a module hangs" {
  export UKEY_PRACTICE_FAULT=C_GetTokenInfo:12=hang # in the first round of the slots
  watching --json --timeout 3600
  until_said 1 present
  await hangs "$WATCH_PID"
  status=0
  ended INT || status=$?
  [ "$status" -eq 130 ]
}

@test "--for and --count end a watch; tokens that were in do not count" {
  run --separate-stderr ukey watch --for 1 --json
  [ "$status" -eq 0 ]
  [ "${#lines[@]}" -eq 2 ]
  watching --count 2
  until_said 1 "${LABEL[expert]}"
  ukey practice plug sub-due jsca locked >/dev/null
  wait "$WATCH_PID"
  WATCH_PID=
  [ "$(grep -c '^[0-9:]* in: ' said)" -eq 2 ]
}

@test "bounds that are none are refused" {
  local bound
  for bound in "--for 0" "--for -1" "--for soon" "--for 2592001" "--count 0" "--count 1x" "--count 1000001"; do
    # shellcheck disable=SC2086 # two words
    refused 2 watch $bound
  done
}

@test "-t limits a watch to the tokens that it fits" {
  watching --json -t "${LABEL[master-expired]}"
  until_said 1 start
  ukey practice plug master-expired sub-due >/dev/null
  until_said 1 plugged
  ukey practice unplug expert sub-due master-expired >/dev/null
  until_said 1 unplugged
  ended TERM
  [ "$(events | tail -n +2)" = "plugged ${LABEL[master-expired]}
unplugged ${LABEL[master-expired]}" ]
}

@test "a token that cannot be read is shown with its error, and the watch goes on" {
  export UKEY_PRACTICE_FAULT=C_OpenSession:1=0x30
  watching --json
  until_said 1 present
  ukey practice plug master >/dev/null
  until_said 1 plugged
  ended TERM
  jq -se '.[1] | .state == "failed" and .error.ckr == "CKR_DEVICE_ERROR" and .pin == null' said
  jq -se '.[2] | .state == "ready" and (has("error") | not)' said
}

@test "a card that no driver recognises says so, and what to do" {
  export UKEY_PRACTICE_FAULT=C_GetTokenInfo=0xe1
  local lang
  for lang in en zh; do
    run --separate-stderr ukey watch --for 1 --lang "$lang"
    [ "$status" -eq 0 ]
    [[ $output == *"ukey profile list"* && $output == *CKR_TOKEN_NOT_RECOGNIZED* ]]
    fits <<<"$output"
    printf -v "said_$lang" %s "$output"
  done
  [[ $said_en == *"driver missing or card not recognised"* && $said_zh == *没有装驱动* ]]
  run --separate-stderr ukey watch --for 1 --json
  jq -se '.[1] | .event == "present" and .state == "unrecognised" and .error.code == "token_unusable"' <<<"$output"
}

@test "a module that fails is named once and the others go on; the last one ends the watch" {
  export UKEY_PRACTICE_FAULT=C_GetSlotList:3=0x30
  unset UKEY_MODULE
  watching -m practice -m "$(softhsm_module)" --trace=trace
  until_said 1 'C_GetSlotList' errors
  until_said $(($(grep -c . trace) + 10)) . trace
  ended TERM
  [ "$(grep -c ukey-practice.so errors)" -eq 1 ]
  watching --json -m practice -m "$(softhsm_module)"
  until_said 1 '"event":"failed"'
  ended TERM
  jq -se '.[-1] | .event == "failed" and .state == "failed" and (.file | endswith("ukey-practice.so"))
    and .error.code == "module_broken"' said
  [ ! -s errors ]
  run --separate-stderr ukey watch --json -m practice --for 60
  [ "$status" -eq 3 ]
  jq -e '.error.code == "module_broken" and .command == "watch"' <<<"${lines[-1]}"
}

@test "what fails before the watch begins is one document on one line with --json" {
  run --separate-stderr ukey watch --json -m /nonexistent.so
  [ "$status" -eq 3 ]
  [ "${#lines[@]}" -eq 1 ]
  says '.error.code == "no_module"'
  run --separate-stderr ukey watch --json --for x
  [ "$status" -eq 2 ]
  [ "${#lines[@]}" -eq 1 ]
}

@test "a watch whose output nobody reads any more ends with file_io" {
  run bash -c '"$0" watch --for 30 | :; exit "${PIPESTATUS[0]}"' "$UKEY_BIN"
  [ "$status" -eq 7 ]
}

@test "--as-of judges the cards of a watch, and the start says so" {
  run --separate-stderr ukey watch --for 1 --json --as-of 2030-01-01
  jq -se '.[0] | has("as_of_overridden") and .as_of == "2029-12-31T16:00:00Z"' <<<"$output"
  jq -se '.[1] | .renewal.verdict == "expired" and (.as_of | startswith("2029-12-31T16:00"))' <<<"$output"
}

@test "while nothing happens a look is one call, and one for a slot in its turn or the list" {
  watching --trace=trace --json
  until_said 10 '^C_WaitForSlotEvent' trace
  ended TERM
  sed '0,/C_CloseSession/d; /C_Finalize/,$d' trace >looks
  [ "$(wc -l <looks)" -le $((2 * $(grep -c '^C_WaitForSlotEvent' looks))) ]
}
