#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # variables of jq; bats sets and reads the others
# Drivers that give every token one serial number, and one label too: each token is shown and reached for itself, and what
# is meant for one never goes to another. A module before the practice module says the names.

load stage
load renewal
load watching

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

@test "a row that names a serial number of two tokens is of neither, with the label it is of one" {
  printf 'serial,label,no_open_bids\n1234,,yes\n1234,%s,yes\n' "$SUB" >rows.csv
  ukey batch plan --manifest rows.csv --pin-file "$PIN" --json | jq -e '[.items[].verdict] == ["ambiguous", "renew", "unknown_token"]'
  run --separate-stderr ukey batch run --via cmp --ca-url "$CA_URL" --manifest rows.csv --pin-file "$PIN" --json
  [ "$(items 'map([.result, .reason // .token.label])')" = "[[\"skipped\",\"ambiguous\"],[\"skipped\",\"unknown_token\"],[\"renewed\",\"$SUB\"]]" ]
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
