#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # variables of jq; bats sets and reads the others
# `batch run | resume | status | export` on the nine practice tokens: what is due is renewed once, the rest is skipped
# with its reason, and all of it is remembered.

load stage
load renewal

setup_file() { renewal_stage; }
teardown_file() { end_renewal_stage; }
# The register too: who asks again for the same key gets what was issued before, whatever term is wanted now.
setup() {
  anew
  rm -rf "$CA_FOLDER/issued"
  cp -a "$BATS_FILE_TMPDIR/pristine/ca/issued" "$CA_FOLDER"
}

batch() { ukey batch "$1" --ca-url "$CA_URL" "${@:2}"; }
run_batch() { batch run --via cmp --pin-file "$PIN" --no-open-bids "$@"; }

# The events of a kind on stdout, one a line.
events() { jq -c --arg event "$1" 'select(.event == $event)' <<<"$output"; }
items() { events item | jq -sc "$1"; }

# The user PIN levels of all tokens.
levels() { ukey status --json | jq -c '[.tokens[] | .pin.user] | sort'; }

@test "a batch renews what is due, skips the rest with its reason, and that is no failure" {
  run --separate-stderr run_batch --json
  [ "$status" -eq 0 ]
  [ "$(events start | jq -r .items)" -eq 9 ]
  [ "$(items '[.[] | select(.result == "renewed")] | length')" -eq 4 ]
  [ "$(items '[.[] | select(.result == "skipped") | .reason] | sort')" = \
    '["expired","no_certificate","not_due","not_due","wrong_ca"]' ]
  items 'all(.[] | select(.result == "renewed"); (.new | length) == 2 and (.old | length) == 2)' | grep -qx true
  events summary | jq -e '.renewed == 4 and .skipped == 5 and .failed == 0 and .left == 0'
  ukey renew check -t "$DUE" --json | jq -e '.renewal.verdict == "too_early"'
}

@test "a token with one PIN try left is skipped and nothing is sent, unless that try may be spent" {
  local state
  state=$(grep -lxF "label $DUE" "$UKEY_PRACTICE"/state/*)
  sed -i 's/^user_failures .*/user_failures 5/' "$state"
  ukey batch plan --pin-file "$PIN" --json | jq -e '[.items[].verdict] | map(select(. == "final_try")) | length == 1'
  run --separate-stderr run_batch -t "$DUE" --json
  [ "$status" -eq 0 ]
  items 'map([.result, .reason])' | grep -qxF '[["skipped","final_try"]]'
  grep -qx 'user_failures 5' "$state"
  run --separate-stderr run_batch -t "$DUE" --use-final-try --json
  items 'map(.result)' | grep -qxF '["renewed"]'
  grep -qx 'user_failures 0' "$state"
}

@test "a spoilt PIN of a row fails its item alone and is not sent, unless --pin-as-is says so" {
  (umask 077 && printf '１２３４５６７８' >spoilt)
  printf 'label,pin_file,pin_env\n%s,spoilt,\n%s,,SPOILT\n%s,%s,\n' "$DUE" "${LABEL[expert]}" "$SUB" "$PIN" >rows.csv
  SPOILT=$(cat spoilt) run --separate-stderr batch run --via cmp --manifest rows.csv --no-open-bids --json
  [ "$status" -eq 10 ]
  items 'map(select(.result != "skipped") | [.result, .error.code]) | sort' | grep -qxF '[["failed","pin_invalid"],["failed","pin_invalid"],["renewed",null]]'
  awk '$1 == "user_failures" && $2 != 0 && $2 < 6' "$UKEY_PRACTICE"/state/* | diff /dev/null -
  ukey pin change -t "$DUE" --pin-file "$PIN" --new-pin-file spoilt --pin-as-is --yes >/dev/null
  run --separate-stderr batch run --via cmp --pin-file spoilt --pin-as-is --no-open-bids -t "$DUE" --json
  items 'map(.result)' | grep -qxF '["renewed"]'
}

@test "a second batch finds nothing due, and the CA has issued nothing more" {
  run_batch >/dev/null
  local before
  before=$(fingerprint "$CA_FOLDER")
  run --separate-stderr run_batch --json
  [ "$status" -eq 0 ]
  events summary | jq -e '.renewed == 0 and .skipped == 9'
  [ "$(fingerprint "$CA_FOLDER")" = "$before" ]
}

@test "every event is one line of JSON with its kind, and each renewal tells its steps" {
  run --separate-stderr run_batch --json
  jq -se 'all(.[]; .event | IN("start", "progress", "item", "summary"))' <<<"$output"
  [ "$(wc -l <<<"$output")" -eq "$(jq -s length <<<"$output")" ]
  events progress | jq -se '[.[].step] | (index("login") != null) and (index("key_test") != null)'
}

@test "people see a line for each token and the counts, in both languages and within 80 columns" {
  in_both batch run --via cmp --pin-file "$PIN" --no-open-bids
  [[ $said_en == *"RENEWED"*"until "* && $said_en == *"4 × "* || $said_en == *"renewed "* ]]
  [[ $said_zh == *跳过* ]]
}

@test "without an answer about bids nothing is renewed, and the batch has failures" {
  run --separate-stderr batch run --via cmp --pin-file "$PIN" --json
  [ "$status" -eq 10 ]
  events summary | jq -e '.renewed == 0 and .reasons.bid_unanswered == 4'
  levels | jq -e 'all(.[]; . != "count_low")'
}

@test "a wrong PIN is sent to one token alone, and its source is withdrawn, also for a resume" {
  run --separate-stderr batch run --via cmp --pin-file wrong-pin --no-open-bids --jobs 4 --json
  [ "$status" -eq 7 ] # no such file here
  cp "$BATS_FILE_TMPDIR/wrong-pin" .
  run --separate-stderr batch run --via cmp --pin-file wrong-pin --no-open-bids --jobs 4 --json
  [ "$status" -eq 10 ]
  events summary | jq -e '.reasons.pin_wrong == 1 and .reasons.pin_not_sent == 3'
  [ "$(levels | jq '[.[] | select(. == "count_low")] | length')" -eq 1 ]
  run --separate-stderr ukey batch resume --json
  [ "$(levels | jq '[.[] | select(. == "count_low")] | length')" -eq 1 ]
}

@test "a source that was withdrawn is told as such, not as a last try, in the summary and later, in both languages" {
  cp "$BATS_FILE_TMPDIR/wrong-pin" .
  in_both batch run --via cmp --pin-file wrong-pin --no-open-bids --jobs 4
  [[ $said_en == *"3 × the PIN was NOT sent: a login with a PIN from the same source failed"* ]]
  [[ $said_zh == *"3 × PIN码没有发给锁：此前用同一来源的PIN码登录没有成功"* ]]
  in_both ukey batch status
  [[ $said_en == *"same source"* && $said_en != *"one try is left"* ]]
  [[ $said_zh == *同一来源* && $said_zh != *最后一次* ]]
  ukey batch status --json | jq -e '[.items[] | select(.reason == "pin_not_sent") | .message] | length == 3 and all(.[]; contains("same source"))'
  ukey batch resume | grep -q "3 × the PIN was NOT sent: a login"
}

@test "every failed item has its attempt in the ledger, one that was never made has none" {
  cp "$BATS_FILE_TMPDIR/wrong-pin" .
  UKEY_PRACTICE_FAULT=@master-due/C_OpenSession=0x30 run --separate-stderr batch run --via cmp --pin-file wrong-pin --no-open-bids --json
  [ "$status" -eq 10 ]
  ukey batch status --json >status.json
  ukey batch export --json >export.json
  jq -es '.[0].items as $items | [.[1].attempts[].attempt] as $made
    | ([$items[] | select(.result == "failed")] | length) == 4 and all($items[] | .attempt | values; IN($made[]))' status.json export.json
  printf 'label,pin_env,no_open_bids\n%s,NOBODY_SET_IT,yes\n' "$DUE" >rows.csv
  run --separate-stderr batch run --via cmp --manifest rows.csv --json
  items 'map(select(.line == 2)) | .[0] | [.result, .reason]' | grep -qxF '["failed","pin_missing"]'
  ukey batch status -t "$DUE" --json | jq -e '.attempts[0] | .result == "failed" and .error.code == "pin_missing"'
}

@test "a row that says a bid is open keeps its token from being renewed, and is told as such" {
  printf 'label,pin_file,no_open_bids\n%s,%s,否\n%s,%s,no\n' "$DUE" "$PIN" "${LABEL[master]}" "$PIN" >rows.csv
  run --separate-stderr batch run --via cmp --manifest rows.csv --no-open-bids --json
  [ "$status" -eq 10 ]
  items 'map(select(.line) | [.result, .reason])' | grep -qxF '[["failed","bid_open"],["skipped","not_due"]]'
  ukey renew check -t "$DUE" --json | jq -e '.renewal.verdict == "open"'
}

@test "a stray UKEY_ITEM is refused, and a CA's command does not find ours" {
  local word
  for word in '{}' garbage '[1]'; do
    UKEY_ITEM=$word refused 2 batch run --via cmp --ca-url "$CA_URL" --pin-file "$PIN" --no-open-bids
  done
  cat >look <<'SH'
#!/bin/sh
env >"$0.seen"
exit 1
SH
  chmod +x look
  run --separate-stderr batch run --via command --ca-command "$PWD/look" --pin-file "$PIN" --no-open-bids -t "$DUE" --json
  [ -s look.seen ]
  run ! grep '^UKEY_ITEM=' look.seen
}

@test "a manifest says which tokens, with which PIN; bad rows and absent tokens are named with their line" {
  local serial
  serial=$(ukey list --json | jq -r --arg name "$SUB" '.tokens[] | select(.token.label == $name) | .token.serial')
  printf 'serial,label,years,pin_file,no_open_bids,note\r\n%s,,2,%s,yes,甲\r\n,%s,,%s,是,\r\n0000,,,,,\r\n%s,,9,,,\r\n' \
    "$serial" "$PIN" "$DUE" "$PIN" "$serial" | iconv -t GBK >rows.csv
  run --separate-stderr ukey batch run --manifest rows.csv --via cmp --ca-url "$CA_URL" --json
  [ "$status" -eq 10 ]
  items "sort_by(.number)[0:4] | map([.line, .result, .reason, .error.message])"
  [ "$(items 'sort_by(.number)[0:4] | map([.line, .result, .reason])')" = \
    '[[2,"renewed",null],[3,"renewed",null],[4,"skipped","not_present"],[5,"failed","bad_row"]]' ]
  [ "$(items '[.[] | select(.line == null) | .reason] | unique')" = '["unknown_token"]' ]
  ukey renew check -t "$SUB" --json | jq -e '.renewal.days_left > 700'
}

@test "PINs come from a variable or standard input once for all, and no child has them in its words or variables" {
  PRACTICE=$PRACTICE_PIN run --separate-stderr batch run --via cmp --pin-env PRACTICE --no-open-bids --json
  [ "$status" -eq 0 ]
  events summary | jq -e '.renewed == 4'
  anew
  run --separate-stderr bash -c '"$UKEY_BIN" batch run --via cmp --ca-url "$CA_URL" --pin-stdin --no-open-bids --json <"$PIN"'
  events summary | jq -e '.renewed == 4'
}

@test "killed in mid-batch, a resume renews the rest and nothing twice" {
  UKEY_PRACTICE_DELAY_MS=20 "$UKEY_BIN" batch run --via cmp --ca-url "$CA_URL" --pin-file "$PIN" --no-open-bids --jobs 2 --json >events 2>said &
  local parent=$!
  await_of "$parent" grep -q '"step":"submit"' events
  kill -9 "$parent"
  wait "$parent" || true
  run --separate-stderr ukey batch resume --json
  [ "$status" -eq 0 ]
  events summary | jq -e '.renewed == 4 and .left == 0'
  ukey batch status --json | jq -e '.batch.left == 0 and .batch.renewed == 4'
  ukey batch export --json | jq -e '[.attempts[] | select(.result == "renewed") | .token.serial] | length == 4 and (unique | length == 4)'
  ukey status --json | jq -e '[.tokens[] | select(.renewal.verdict == "open")] | length == 0'
}

@test "ctrl-C lets what is at work come to its end, and a resume does the rest" {
  UKEY_PRACTICE_DELAY_MS=20 env --default-signal=INT "$UKEY_BIN" batch run --via cmp --ca-url "$CA_URL" --pin-file "$PIN" --no-open-bids --jobs 1 --json >events 2>said &
  local parent=$! code=0
  await_of "$parent" grep -q '"step":"login"' events
  kill -INT "$parent"
  wait "$parent" || code=$?
  [ "$code" -eq 130 ]
  # each that was begun has come to its end
  jq -se '([.[] | select(.event == "progress" and .step) | .number] | unique) as $begun
    | [.[] | select(.event == "item" and .result == "renewed") | .number] | length > 0 and sort == $begun' events
  jq -se '.[-1] | .event == "summary" and .left > 0 and .left + .renewed + .skipped == 9' events
  ukey renew resume -t "$DUE" --json --pin-file "$PIN" --yes | jq -e '.result == "nothing_to_resume"'
  run --separate-stderr ukey batch resume --json
  [ "$status" -eq 0 ]
  events summary | jq -e '.renewed == 4 and .left == 0'
}

@test "while a batch is carried out, a resume of it is refused" {
  UKEY_PRACTICE_DELAY_MS=20 "$UKEY_BIN" batch run --via cmp --ca-url "$CA_URL" --pin-file "$PIN" --no-open-bids --jobs 1 --json >events 2>said &
  local parent=$!
  await_of "$parent" grep -q '"step":"login"' events
  kill -STOP "$parent"
  run --separate-stderr ukey batch resume --json
  kill -CONT "$parent"
  [ "$status" -eq 8 ]
  says '.error.code == "busy"'
  wait "$parent" || { jq -c 'select(.event == "item" and .result == "failed")' events && cat said && return 1; }
  jq -se '.[-1] | .renewed == 4' events
}

@test "a rehearsal renews nothing and is recorded nowhere" {
  local before
  before=$(everything)
  run --separate-stderr run_batch --dry-run --json
  [ "$status" -eq 0 ]
  events summary | jq -e '.renewed == 0 and .reasons.not_tried == 4'
  [ "$(everything)" = "$before" ]
  ukey batch export --json | jq -e '.attempts == []'
}

@test "the ledger tells of every token what was done, by whom and on whose word about bids" {
  run_batch --fee-receipt 收据-7 >/dev/null
  run --separate-stderr ukey batch status -t "$DUE" --json
  says '.attempts | length == 1' \
    '.attempts[0] | .result == "renewed" and .lock == "master" and .bids.answer == "none_open" and .fee_receipt == "收据-7"' \
    '.attempts[0] | (.user | length) > 0 and (.host | length) > 0 and ([.steps[].step] | index("submit") != null)'
  ukey batch export -o out.csv
  head -c 3 out.csv | xxd -p | grep -qx efbbbf
  grep -q 收据-7 out.csv
  run ! grep -rq "$PRACTICE_PIN" "$XDG_STATE_HOME" out.csv
}

@test "single renewals, refusals and unlocks are in the same ledger" {
  renew run --via cmp --ca-url "$CA_URL" >/dev/null
  run ! renew run --via cmp --ca-url "$CA_URL"
  ukey batch status -t "$DUE" --json | jq -e '[.attempts[] | [.result, .error.code]] | sort == [["failed", "window_closed"], ["renewed", null]]'
  (umask 077 && echo 87654321 >so && echo 23456789 >new)
  ukey pin unlock -t "${LABEL[locked]}" --so-pin-file so --new-pin-file new --yes >/dev/null
  ukey batch status -t "${LABEL[locked]}" --json | jq -e '.attempts[0] | .kind == "pin_unlock" and .result == "unlocked"'
}

@test "a batch that the ledger does not know is told with the way to those it knows" {
  local command
  for command in resume status export; do
    run --separate-stderr ukey batch "$command" 0123 --json
    [ "$status" -eq 6 ]
    says '.error | .code == "not_found" and .subject == "0123" and (.hint | contains("ukey batch status --all"))'
  done
  refused 6 batch resume
}

@test "a second main lock of a unit is a finding, until it is said to be superseded" {
  run_batch >/dev/null
  run --separate-stderr ukey batch status --json
  says '.findings == []'
  local serial
  serial=$(ukey batch export --json | jq -r '.attempts[0].token.serial')
  run --separate-stderr ukey batch status --superseded "$serial" --json
  says "[.superseded[].serial] == [\"$serial\"]"
  run --separate-stderr ukey batch status --superseded "$serial" --undo --json
  says '.superseded == []'
}

@test "a ledger that is of no use is told before any token is touched" {
  local before
  before=$(everything)
  echo "not a ledger, but long enough to be looked at" >text
  run --separate-stderr run_batch --ledger text --json
  [ "$status" -eq 7 ]
  says '.error.code == "ledger"'
  run --separate-stderr run_batch --ledger postgresql://u:secret@127.0.0.1/x --json
  [ "$status" -eq 2 ]
  [[ $output$stderr != *secret* ]]
  [ "$(everything)" = "$before" ]
}

@test "numbers that make no sense are refused before anything is done" {
  refused 2 batch run --jobs 0
  refused 2 batch run --jobs 65
  refused 2 batch run --item-timeout 1x
  refused 6 batch resume
  refused 6 batch status 0123456789
}
