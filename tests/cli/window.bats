#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # variables of jq; bats sets and reads the others
# The renewal window of a real certificate on a token, to the second: by --as-of and by the machine's own clock.

load stage

setup_file() {
  quiet_environment
  drawer
  needs openssl pkcs11-tool
  export UKEY_MODULE=practice
  pkcs11-tool --module "$(practice_module)" --token-label "${LABEL[master-due]}" -r --type cert --label 签名证书 \
    >"$BATS_FILE_TMPDIR/sign.der" 2>/dev/null
  ends=$(seconds_of "$(openssl x509 -inform DER -in "$BATS_FILE_TMPDIR/sign.der" -noout -enddate | cut -d= -f2)")
  begins=$(seconds_of "$(openssl x509 -inform DER -in "$BATS_FILE_TMPDIR/sign.der" -noout -startdate | cut -d= -f2)")
  # Midnight in Beijing of the day thirty days before the last one.
  opens=$((((ends + 8 * 3600) / 86400 - 30) * 86400 - 8 * 3600))
  export ends begins opens
}

seconds_of() { date -u -d "$1" +%s; }

rfc3339() { date -u -d "@$1" +%Y-%m-%dT%H:%M:%SZ; }

# The day in Beijing that a second belongs to.
day() { date -u -d "@$(($1 + 8 * 3600))" +%Y-%m-%d; }

# check STATUS VERDICT WORD…: what `renew check` answers for the token whose window this is.
check() {
  local expected=$1 verdict=$2
  shift 2
  run --separate-stderr ukey renew check --json -t "${LABEL[master-due]}" "$@"
  says '.renewal.verdict == $verdict' --arg verdict "$verdict"
  [ "$status" -eq "$expected" ]
}

# The same under a machine's clock that stands at the given second.
check_at_clock() {
  local at=$1 expected=$2 verdict=$3
  run --separate-stderr env TZ=UTC FAKETIME_DONT_FAKE_MONOTONIC=1 ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0" \
    faketime -f "$(date -u -d "@$at" '+%Y-%m-%d %H:%M:%S')" "$UKEY_BIN" renew check --json -t "${LABEL[master-due]}"
  says '.as_of == $at and (has("as_of_overridden") | not)' --arg at "$(rfc3339 "$at")"
  says '.renewal.verdict == $verdict' --arg verdict "$verdict"
  [ "$status" -eq "$expected" ]
}

@test "the second before the window opens it is too early" {
  check 1 too_early --as-of "$(rfc3339 $((opens - 1)))"
  says '.renewal.days_left == 31 and .renewal.next_step == "wait"'
}

@test "the second the window opens the certificate may be renewed" {
  check 0 open --as-of "$(rfc3339 "$opens")"
  says '.renewal.days_left == 30 and .renewal.next_step == "renew_now"' \
    '.renewal.opens == $opens and .renewal.closes == $ends' --arg opens "$(rfc3339 "$opens")" --arg ends "$(rfc3339 "$ends")"
}

@test "the last second of the certificate it may still be renewed" {
  check 0 open --as-of "$(rfc3339 "$ends")"
  says '.renewal.days_left == 0'
}

@test "one second after its end the certificate is expired" {
  check 1 expired --as-of "$(rfc3339 $((ends + 1)))"
  says '.renewal.days_left == -1 and .renewal.next_step == "first_issue"'
}

@test "the second before the certificate begins, the clock is to be checked" {
  check 1 not_yet_valid --as-of "$(rfc3339 $((begins - 1)))"
  says '.renewal.next_step == "check_clock"'
  check 1 too_early --as-of "$(rfc3339 "$begins")"
}

@test "a date alone means its start in Beijing" {
  check 0 open --as-of "$(day "$opens")"
  says '.as_of == $opens' --arg opens "$(rfc3339 "$opens")"
  check 1 too_early --as-of "$(day $((opens - 1)))"
  check 0 open --as-of "$(day "$ends")"
  check 1 expired --as-of "$(day $((ends + 1)))"
}

@test "a time with an offset is the same instant" {
  check 0 open --as-of "$(day "$opens")T00:00:00+08:00"
  says '.as_of == $opens' --arg opens "$(rfc3339 "$opens")"
  check 1 expired --as-of "$(day $((ends + 1)))T00:00:00+08:00"
}

@test "the document tells the real time beside the one that was judged by" {
  local before after
  before=$(date -u +%Y-%m-%dT%H:%M:%SZ)
  check 0 open --as-of "$(rfc3339 "$opens")"
  after=$(date -u +%Y-%m-%dT%H:%M:%SZ)
  says 'keys_unsorted[:4] == ["schema","command","as_of","as_of_overridden"]' \
    '.as_of_overridden >= $before and .as_of_overridden <= $after' --arg before "$before" --arg after "$after"
  run --separate-stderr ukey renew check --json -t "${LABEL[master-due]}"
  says 'has("as_of_overridden") | not'
}

@test "the machine's time zone moves nothing" {
  local zone
  for zone in America/New_York Pacific/Kiritimati UTC; do
    TZ=$zone check 1 too_early --as-of "$(rfc3339 $((opens - 1)))"
    TZ=$zone check 0 open --as-of "$(day "$opens")"
  done
}

@test "the machine's own clock gives the same verdicts to the second" {
  needs faketime
  check_at_clock $((opens - 1)) 1 too_early
  check_at_clock "$opens" 0 open
  check_at_clock "$ends" 0 open
  check_at_clock $((ends + 1)) 1 expired
  check_at_clock $((begins - 1)) 1 not_yet_valid
}

@test "--as-of beats the machine's clock" {
  needs faketime
  run --separate-stderr env TZ=UTC FAKETIME_DONT_FAKE_MONOTONIC=1 ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0" \
    faketime -f '2001-02-03 04:05:06' "$UKEY_BIN" renew check --json -t "${LABEL[master-due]}" --as-of "$(rfc3339 "$opens")"
  [ "$status" -eq 0 ]
  says '.renewal.verdict == "open" and .as_of_overridden == "2001-02-03T04:05:06Z"'
}

@test "the whole drawer seen on another day is judged by that day" {
  run --separate-stderr ukey status --json --as-of "$(rfc3339 $((ends + 1)))"
  says '[.tokens[] | select(.token.label == $name) | .renewal.verdict, (.certificates[].state)] == ["expired","expired","expired"]' \
    --arg name "${LABEL[master-due]}"
  says '[.tokens[] | select(.token.label == $name) | .renewal.days_left] == [179]' --arg name "${LABEL[master]}"
}

@test "a certificate of Jiangsu CA is refused with the materials of a first issue" {
  run --separate-stderr ukey renew check --json -t "${LABEL[jsca]}"
  [ "$status" -eq 1 ]
  says '.renewal | .verdict == "ca_not_renewable" and .next_step == "first_issue"' \
    '.ca.id == "jsca" and .ca.renewable == false and .guide.service == "first_issue"'
  local lang
  for lang in en zh; do
    UKEY_LANG=$lang run --separate-stderr ukey renew check -t "${LABEL[jsca]}"
    [ "$status" -eq 1 ]
    [ -z "$stderr" ]
    fits <<<"$output"
    local form
    for form in 法人授权委托书 单位数字证书申请表 签章采集表 数字证书服务责任书 0971-6138132 0971-5115239; do
      [[ $output == *"$form"* ]]
    done
    [[ $output != *个人数字证书申请表* ]]
  done
}

@test "an open window is told with the renewal's materials, which need no seal sampling" {
  UKEY_LANG=zh run --separate-stderr ukey renew check -t "${LABEL[master-due]}"
  [ "$status" -eq 0 ]
  [[ $output == *单位数字证书申请表* && $output != *签章采集表* ]]
  [[ $output == *0971-6138132* && $output != *0971-5115239* ]]
}
