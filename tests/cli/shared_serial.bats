#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # variables of jq; bats sets and reads the others
# Drivers that give every token one serial number, and one label too: each token is shown and reached for itself, and what
# is meant for one never goes to another. A module before the practice module says the names.

load stage
load renewal
load watching
load pin

setup_file() {
  renewal_stage
  export RENAMED_MODULE UKEY_MODULE=$BATS_FILE_TMPDIR/renamed.so
  RENAMED_MODULE=$(practice_module)
  # shellcheck disable=SC2046 # a list of words
  cc -std=c11 -shared -fPIC $(pkg-config --cflags p11-kit-1) -o "$UKEY_MODULE" "$STAGE_ROOT/tests/cli/renamed_token.c" -ldl
}
teardown_file() { end_renewal_stage; }

# Two tokens that are due are plugged in.
setup() {
  anew
  ukey practice unplug master master-expired jsca master-no-legal-seal expert locked blank >/dev/null
  export RENAMED_SERIAL=1234
}

by_cmp() { ukey "$@" --via cmp --ca-url "$CA_URL" --no-open-bids --yes; }
run_batch() { ukey batch run --via cmp --ca-url "$CA_URL" --no-open-bids --json "$@"; }
selectors() { ukey list --json | jq -r '.tokens[].token.selector'; }
items() { jq -sc "[.[] | select(.event == \"item\")] | $1" <<<"$output"; }
no_try_lost() { ukey list --json | jq -e '[.tokens[].pin.user] == ["ok", "ok"]'; }

@test "tokens of one serial number are listed, shown and planned one by one, each with a selector that fits it alone" {
  local serial chosen
  for serial in '' 0000000000000000 1234; do
    export RENAMED_SERIAL=$serial
    [ "$(selectors | sort)" = "$(printf '%s\n' "$DUE" "$SUB" | sort)" ]
    [ "$(ukey batch plan --json | jq -r '.items[].selector' | sort)" = "$(selectors | sort)" ]
    run ukey status
    [[ $output == *"renew run -t '$DUE'"* && $output == *"renew run -t '$SUB'"* ]]
    for chosen in "$DUE" "$SUB"; do
      ukey renew check -t "$chosen" --json | jq -e --arg name "$chosen" '.token.label == $name'
    done
  done
}

@test "tokens with the same names are told apart by the slot, in lists, in choices and in what to do next" {
  export RENAMED_LABEL="CAC II"
  local chosen
  [ "$(selectors | sort -u | grep -c '^pkcs11:slot-id=')" -eq 2 ]
  [ "$(ukey list | grep -c 'CAC II slot-id=')" -eq 2 ]
  [ "$(ukey batch plan | grep -c 'CAC II slot-id=')" -eq 2 ]
  refused 4 cert show -t "CAC II"
  while read -r chosen; do
    [[ $said_en == *"$chosen"* && $said_zh == *"$chosen"* ]]
    ukey renew check -t "$chosen" --json | jq -e --arg slot "${chosen#*:}" '.token.uri | contains($slot)'
    ukey status -t "$chosen" | grep -qF "renew run -t '$chosen'"
  done < <(selectors)
}

@test "a serial number of two tokens is ambiguous for whatever is asked, and no PIN goes anywhere" {
  local words
  for words in status list lock "renew check" "pin verify --pin-file $PIN" "renew run --pin-file $PIN --via cmp --ca-url $CA_URL --no-open-bids --yes" \
    "batch plan" "batch run --pin-file $PIN --via cmp --ca-url $CA_URL --no-open-bids"; do
    # shellcheck disable=SC2086 # a list of words
    refused 4 $words -t 1234 --trace=trace
    [[ $said_en == *"$DUE"* && $said_en == *"$SUB"* ]]
    ! grep -q ^C_Login trace
  done
  no_try_lost
}

@test "a PIN that a command finds by serial number goes to no token that shares it" {
  local serial
  for serial in 0000000000000000 1234; do
    export RENAMED_SERIAL=$serial
    refused 4 pin verify -t "$DUE" --pin-command "echo $PRACTICE_PIN {serial}" --trace=trace
    [[ $said_en == *"not the token's alone"* && $said_zh == *独有* ]]
    ! grep -q ^C_Login trace
    run --separate-stderr run_batch --pin-command "echo 99999999 {serial}"
    [ "$status" -eq 10 ]
    [ "$(items 'map(.reason)')" = '["ambiguous_token","ambiguous_token"]' ]
    ukey pin verify -t "$DUE" --pin-command "echo $PRACTICE_PIN"
  done
  no_try_lost
}

@test "a batch renews every token of one serial number, also where the labels are the same" {
  local label
  for label in '' "CAC II"; do
    anew
    [ -z "$label" ] || export RENAMED_LABEL=$label
    ukey practice unplug master master-expired jsca master-no-legal-seal expert locked blank >/dev/null
    run --separate-stderr run_batch --pin-file "$PIN" --jobs 8
    [ "$status" -eq 0 ]
    [ "$(items 'map(.result)')" = '["renewed","renewed"]' ]
    [ "$(items 'map(.new[].sha256) | unique | length')" -eq 4 ]
    ukey status --json | jq -e 'all(.tokens[]; .renewal.verdict == "too_early")'
  done
}

@test "a row that names a serial number of two tokens is of neither, with the label it is of one" {
  printf 'serial,label,no_open_bids\n1234,,yes\n1234,%s,yes\n' "$SUB" >rows.csv
  ukey batch plan --manifest rows.csv --pin-file "$PIN" --json | jq -e '[.items[].verdict] == ["ambiguous", "renew", "unknown_token"]'
  run --separate-stderr ukey batch run --via cmp --ca-url "$CA_URL" --manifest rows.csv --pin-file "$PIN" --json
  [ "$(items 'map([.result, .reason // .token.label])')" = "[[\"skipped\",\"ambiguous\"],[\"skipped\",\"unknown_token\"],[\"renewed\",\"$SUB\"]]" ]
}

@test "requests of tokens with one serial number are a file each" {
  mkdir out
  run --separate-stderr ukey batch run --via file --out out --no-open-bids --pin-file "$PIN" --json
  [ "$status" -eq 0 ]
  [ "$(ls out)" = $'1234-1.pem\n1234-2.pem' ]
}

@test "an interrupted renewal is gone on with on its own token alone, whatever the others are called" {
  local one two before undo
  export RENAMED_SERIAL RENAMED_LABEL="CAC II"
  for RENAMED_SERIAL in 1234 0000000000000000; do
    anew
    ukey practice unplug master master-expired jsca master-no-legal-seal expert locked blank >/dev/null
    { read -r one && read -r two; } < <(selectors)
    UKEY_PRACTICE_FAULT='C_CreateObject!:1=die' run by_cmp renew run -t "$one" --pin-file "$PIN"
    ukey renew check -t "$one" --json | jq -e .resume_due
    before=$(holdings "$two")
    for undo in '' --undo; do
      run --separate-stderr ukey renew resume $undo -t "$two" --pin-file "$PIN" --yes --json --trace=trace
      says '.result == "nothing_to_resume"'
      ! grep -q ^C_Login trace
    done
    [ "$(holdings "$two")" = "$before" ]
    ukey batch plan --pin-file "$PIN" --json | jq -e '[.items[].verdict] == ["interrupted", "renew"]'
    run --separate-stderr by_cmp renew run -t "$two" --pin-file "$PIN" --json
    says '.result == "renewed"'
    run --separate-stderr ukey renew resume -t "$one" --pin-file "$PIN" --yes --json
    says '.result == "renewed" and .generation == "renewed"'
  done
}

@test "a batch that is gone on with takes no token for another one of its serial number" {
  local before
  printf 'label,no_open_bids\n%s,yes\n' "$DUE" >rows.csv
  UKEY_PRACTICE_FAULT='C_CreateObject!:1=die' run --separate-stderr ukey batch run --via cmp --ca-url "$CA_URL" --manifest rows.csv --pin-file "$PIN" --json
  [ "$status" -eq 10 ]
  ukey practice unplug master-due >/dev/null
  before=$(holdings "$SUB")
  run --separate-stderr ukey batch resume --json --trace=trace
  [ "$status" -eq 10 ]
  [ "$(holdings "$SUB")" = "$before" ]
  ukey practice plug master-due >/dev/null
  run --separate-stderr ukey batch resume --json
  [ "$status" -eq 0 ]
  [ "$(items 'map([.result, .token.label])')" = "[[\"renewed\",\"$DUE\"]]" ]
  [ "$(holdings "$SUB")" = "$before" ]
}

@test "in the queue at the window a second token of a serial number is not taken for handled" {
  ukey practice unplug master-due sub-due >/dev/null
  watching --renew --via cmp --ca-url "$CA_URL" --pin-file "$PIN" --no-open-bids --json --for 60
  until_said 1 '"event":"watch"|"modules"'
  ukey practice plug sub-due >/dev/null
  until_said 1 '"event":"item"'
  ukey practice unplug sub-due >/dev/null
  until_said 1 '"unplugged"'
  ukey practice plug master-due >/dev/null
  until_said 2 '"event":"item"'
  ukey practice plug sub-due >/dev/null
  until_said 1 '"event":"handled"'
  ended TERM
  jq -se --arg one "$SUB" --arg two "$DUE" '[.[] | select(.event == "item") | [.token.label, .result]] == [[$one, "renewed"], [$two, "renewed"]]' said
}

@test "a serial number of zeros supersedes no main lock" {
  export RENAMED_SERIAL=0000000000000000
  run_batch --pin-file "$PIN" >/dev/null
  refused 2 batch status --superseded 0000000000000000
  ukey batch status --json | jq -e '.superseded == []'
}

@test "a token with the names of the one that a PIN was typed for gets no PIN in its place" {
  export RENAMED_SERIAL=0000000000000000 RENAMED_LABEL="CAC II"
  ukey practice unplug master-due >/dev/null
  local swap='until grep -q C_CloseSession trace; do sleep 0.1; done; "$0" practice unplug sub-due; "$0" practice plug master-due; echo swapped'
  at_terminal swapped 'yes\r' 'PIN of' '99999999\r' 'RENEW NOW.*\(y/N\)' 'no\r' \
    -- bash -c "($swap) & exec \"\$0\" watch --renew --allow-inserted --via cmp --ca-url $CA_URL --trace=trace --count 1" "$UKEY_BIN"
  grep -q "the token was unplugged" transcript
  ukey list --json | jq -e '[.tokens[].pin.user] == ["ok"]'
}
