#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # variables of jq; bats sets and reads the others
# `watch --renew`, the queue at the window: each due token that comes is asked about and renewed, once a day.

load stage
load renewal
load watching
load pin

setup_file() { renewal_stage; }
teardown_file() { end_renewal_stage; }

setup() {
  anew
  ukey practice unplug master-due sub-due >/dev/null
}

renewing() { watching --renew --via cmp --ca-url "$CA_URL" --pin-file "$PIN" --no-open-bids --json "$@"; }

item() { jq -ce 'select(.event == "item")' said; }

@test "a due token that comes is renewed, and its steps are told before the end" {
  renewing --count 1 --for 60
  until_said 7 '"present"'
  ukey practice plug sub-due >/dev/null
  wait "$WATCH_PID"
  item | jq -e --arg name "$SUB" '.token.label == $name and .result == "renewed" and (.new | length) == 2'
  jq -se '[.[] | select(.event == "progress") | .step] | index("login") < index("key_test")' said
  ukey renew check -t "$SUB" --json | jq -e '.renewal.verdict == "too_early"'
  ukey batch status -t "$SUB" --json | jq -e '[.attempts[].result] == ["renewed"] and .attempts[0].bids.typed == false'
}

@test "tokens that are in at the start are left alone, with --allow-inserted they are renewed" {
  ukey practice plug sub-due >/dev/null
  local before
  before=$(everything)
  run --separate-stderr ukey watch -t "$SUB" --renew --via cmp --ca-url "$CA_URL" --pin-file "$PIN" --no-open-bids --for 2
  [ "$status" -eq 0 ]
  [[ $stderr == *"left alone"* ]]
  [ "$(everything)" = "$before" ]
  watching -t "$SUB" --renew --allow-inserted --via cmp --ca-url "$CA_URL" --pin-file "$PIN" --no-open-bids
  until_said 1 RENEWED
  until_said 1 'may be taken out'
  ended TERM
}

@test "a token that was renewed today is recognised when it comes again" {
  renewing --for 30
  until_said 7 '"present"'
  ukey practice plug sub-due >/dev/null
  until_said 1 '"event":"item"'
  ukey practice unplug sub-due >/dev/null
  until_said 1 '"unplugged"'
  ukey practice plug sub-due >/dev/null
  until_said 1 '"event":"handled"'
  ended TERM
  [ "$(item | wc -l)" -eq 1 ]
  jq -ce 'select(.event == "handled")' said | jq -e --arg name "$SUB" 'keys == ["at", "event", "token"] and .token.label == $name'
}

@test "a token that was renewed today is told so in words too" {
  ukey practice plug sub-due >/dev/null
  ukey renew run -t "$SUB" --via cmp --ca-url "$CA_URL" --pin-file "$PIN" --no-open-bids --yes >/dev/null
  UKEY_LANG=zh run --separate-stderr ukey watch -t "$SUB" --renew --via cmp --ca-url "$CA_URL" --pin-file "$PIN" --no-open-bids --for 1
  [[ $stderr == *"$SUB：今天已经办过"* ]]
}

@test "one wrong PIN is sent to one token alone, and the queue goes on" {
  watching --renew --via cmp --ca-url "$CA_URL" --pin-file "$BATS_FILE_TMPDIR/wrong-pin" --no-open-bids --json --for 60
  until_said 7 '"present"'
  ukey practice plug sub-due >/dev/null
  until_said 1 '"event":"item"'
  ukey practice plug master-due >/dev/null
  until_said 2 '"event":"item"'
  ended TERM
  [ "$(item | jq -sc 'map(.reason)')" = '["pin_wrong","pin_not_sent"]' ]
  ukey status -t "$DUE" --json | jq -e '.tokens[0].pin.user == "ok"'
}

@test "a spoilt PIN is not sent to a token that comes" {
  (umask 077 && printf '１２３４５６７８' >spoilt)
  watching --renew --via cmp --ca-url "$CA_URL" --pin-file spoilt --no-open-bids --json --count 1 --for 60
  until_said 7 '"present"'
  ukey practice plug sub-due >/dev/null
  wait "$WATCH_PID" || true
  [ "$(item | jq -r .error.code)" = pin_invalid ]
  ukey status -t "$SUB" --json | jq -e '.tokens[0].pin.user == "ok"'
}

@test "a login that fails in whatever way keeps its PIN from the tokens that come after" {
  local answer
  for answer in 0x80000a01 0x30 unplug; do
    anew
    ukey practice plug master-due sub-due >/dev/null
    UKEY_PRACTICE_FAULT="C_Login!=$answer" watching --renew --allow-inserted --via cmp --ca-url "$CA_URL" \
      --pin-file "$BATS_FILE_TMPDIR/wrong-pin" --no-open-bids --json
    until_said 2 '"event":"item"'
    ended TERM
    echo "$answer: $(item | jq -sc 'map(.reason)')"
    item | jq -se 'map(.reason) | .[0] != "pin_not_sent" and all(.[1:][]; . == "pin_not_sent")'
    [ "$(cat "$UKEY_PRACTICE"/state/* | awk '$1 == "user_failures" && $2 < 6 { spent += $2 } END { print spent + 0 }')" -eq 1 ]
  done
}

# shown LINES PATTERN: waits until the terminal has shown them.
shown() { await said_times "$@" transcript; }

@test "at a terminal the bid question and the PIN are asked for each token, and a no renews nothing" {
  (shown 7 'already in' && ukey practice plug sub-due && shown 1 'may be taken out' && ukey practice plug master-due) \
    >/dev/null 2>&1 3>&- &
  at_terminal '\(y/N\)' 'yes\r' 'PIN of' "$PRACTICE_PIN\\r" 'may be taken out' '' '\(y/N\)' 'no\r' \
    -- "$UKEY_BIN" watch --renew --via cmp --ca-url "$CA_URL" --count 2 --for 50
  [ "$status" -eq 0 ]
  grep -q "not answered\|bid" transcript
  ukey batch status -t "$SUB" --json | jq -e '.attempts[0] | .result == "renewed" and .bids.typed'
  ukey renew check -t "$DUE" --json | jq -e '.renewal.verdict == "open"'
  run ! grep -q "$PRACTICE_PIN" transcript
}

@test "ctrl-C at a question ends the queue with 130 and no word more" {
  local question
  ukey practice plug sub-due >/dev/null
  for question in bids pin; do
    case $question in
      bids) at_terminal '\(y/N\)' "\x03" -- "$UKEY_BIN" watch --renew --allow-inserted --via cmp --ca-url "$CA_URL" --for 50 ;;
      pin) at_terminal '\(y/N\)' 'y\r' 'PIN of' "\x03" -- "$UKEY_BIN" watch --renew --allow-inserted --via cmp --ca-url "$CA_URL" --for 50 ;;
    esac
    echo "$question: exit $status"
    [ "$status" -eq 130 ]
    run ! grep -q "ukey: " transcript
  done
  ukey renew check -t "$SUB" --json | jq -e '.renewal.verdict == "open"'
}

@test "that the answer about bids was typed is recorded of a renewal that fails as well" {
  (shown 7 'already in' && ukey practice plug sub-due) >/dev/null 2>&1 3>&- &
  UKEY_PRACTICE_FAULT=C_CreateObject=0x30 at_terminal '\(y/N\)' 'yes\r' 'PIN of' "$PRACTICE_PIN\\r" \
    -- "$UKEY_BIN" watch --renew --via cmp --ca-url "$CA_URL" --count 1 --for 50
  ukey batch status -t "$SUB" --json | jq -e '.attempts[0] | .result == "failed" and .bids.typed'
}
