#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # variables of jq; bats sets and reads the others
# What a batch that was interrupted, and one whose processes die, must never do: renew without an answer, send a PIN to
# another token or twice, forget what was done.

load stage
load renewal

setup_file() {
  renewal_stage
  cd "$BATS_FILE_TMPDIR" || return 1
  (umask 077 && cp pin other-pin)
}
teardown_file() { end_renewal_stage; }

setup() {
  anew
  rm -rf "$CA_FOLDER/issued"
  cp -a "$BATS_FILE_TMPDIR/pristine/ca/issued" "$CA_FOLDER"
  # shellcheck disable=SC2046 # a list of words
  ukey practice unplug $(for name in "${!LABEL[@]}"; do [[ $name == *-due ]] || echo "$name"; done) >/dev/null
  HOW=(--via cmp --ca-url "$CA_URL" --json)
}

summary() { jq -se ".[-1] | $1" <<<"$output"; }

# begun ARGUMENT…: a batch that is killed, children and all, while it works on its first token.
begun() {
  UKEY_PRACTICE_DELAY_MS=${SLOW-30} "$UKEY_BIN" batch run "${HOW[@]}" --jobs 1 "$@" >events 2>said <&0 &
  local parent=$!
  await_of "$parent" grep -q "${AT-\"step\":\"login\"}" events
  kill -9 "$parent" || { cat events said && return 1; }
  wait "$parent" || true
  [ -n "${ORPHANS-}" ] || pkill -9 -f "^/proc/self/exe batch run .*$CA_URL" || true
}

@test "a row that was changed before a resume is never taken for another token" {
  printf 'label,pin_file,no_open_bids\n%s,%s,yes\n%s,%s,\n' "$DUE" "$PIN" "$SUB" "$PIN" >rows.csv
  begun --manifest rows.csv
  printf 'label,pin_file,no_open_bids\n%s,%s,\n%s,%s,yes\n' "$SUB" "$PIN" "$DUE" "$PIN" >rows.csv
  run --separate-stderr ukey batch resume --json
  [ "$status" -eq 10 ]
  summary '.renewed == 1 and .left == 1'
  jq -se '[.[] | select(.event == "item" and .result == "waiting") | .reason] == ["bid_unanswered"]' <<<"$output"
  ukey renew check -t "$SUB" --json | jq -e '.renewal.verdict == "open"'
}

@test "an item whose row is gone stays, also when an option would answer for it" {
  printf 'label,pin_file,no_open_bids\n%s,%s,yes\n%s,%s,no\n' "$DUE" "$PIN" "$SUB" "$PIN" >rows.csv
  begun --manifest rows.csv --no-open-bids
  printf 'label,pin_file,no_open_bids\n%s,%s,yes\n' "$DUE" "$PIN" >rows.csv
  run --separate-stderr ukey batch resume --json
  summary '.renewed == 1 and .left == 1'
  ukey renew check -t "$SUB" --json | jq -e '.renewal.verdict == "open"'
}

@test "without the PIN that came by standard input a resume leaves the items for another, which does them" {
  HOW+=(--pin-stdin --no-open-bids)
  begun <"$PIN"
  run --separate-stderr ukey batch resume --json
  [ "$status" -eq 10 ]
  summary '.renewed == 0 and .left == 2'
  run --separate-stderr ukey batch resume --pin-file "$PIN" --json
  [ "$status" -eq 0 ]
  summary '.renewed == 2 and .left == 0'
}

@test "a wrong PIN that an orphan sent is not sent again by the resume" {
  ukey practice unplug sub-due >/dev/null
  AT='"step":"bids"' SLOW=150 ORPHANS=1 begun --pin-file "$BATS_FILE_TMPDIR/wrong-pin" --no-open-bids
  run --separate-stderr ukey batch resume --json
  [ "$status" -eq 10 ]
  summary '.reasons.pin_wrong == 1'
  grep -rhE '^user_failures' "$UKEY_PRACTICE/state" | sort | uniq -c | grep -qE '^ *1 user_failures 1$'
}

@test "a driver that dies after it was sent a wrong PIN costs one token one try" {
  local fault
  for fault in C_Finalize=die 'C_Login!=die'; do
    rm -rf "$UKEY_PRACTICE/state" "$XDG_STATE_HOME"
    cp -a "$BATS_FILE_TMPDIR/pristine/state" "$UKEY_PRACTICE"
    UKEY_PRACTICE_FAULT=$fault run --separate-stderr ukey batch run "${HOW[@]}" --pin-file "$BATS_FILE_TMPDIR/wrong-pin" --no-open-bids --jobs 1
    [ "$status" -eq 10 ]
    echo "$fault: $(grep -rE '^user_failures [1-9]' "$UKEY_PRACTICE/state")"
    [ "$(grep -rhE '^user_failures [1-5]' "$UKEY_PRACTICE/state" | wc -l)" -eq 1 ]
  done
}

orphan_done() { ukey batch export --json | jq -e '[.attempts[] | select(.result == "renewed")] | length == 1' >/dev/null; }

@test "what an orphan finished counts as renewed at once, and on another day needs no answer and no PIN" {
  AT='"step":"submit"' SLOW=10 ORPHANS=1 begun --pin-stdin --no-open-bids <"$PIN"
  await orphan_done
  ukey batch status --json | jq -e '.batch.renewed == 1 and .batch.left == 1 and ([.items[] | select(.result == "running")] == [])'
  ukey batch status --all --json | jq -e '.batches[0].renewed == 1'
  run --separate-stderr ukey batch resume --json --as-of "$(date -u -d '+1 day' +%Y-%m-%dT%H:%M:%SZ)"
  summary '.renewed == 1 and .left == 1'
  jq -se '[.[] | select(.event == "item") | .result] == ["waiting"]' <<<"$output"
}

@test "what failed before anything was begun is taken up again by a resume, as another attempt" {
  UKEY_PRACTICE_FAULT=C_OpenSession=0x30 run --separate-stderr ukey batch run "${HOW[@]}" --pin-file "$PIN" --no-open-bids
  [ "$status" -eq 10 ]
  summary '.failed == 2 and .renewed == 0'
  run --separate-stderr ukey batch resume --json
  [ "$status" -eq 0 ]
  summary '.renewed == 2 and .failed == 0'
  ukey batch export --json | jq -e '[.attempts[].result] | sort == ["failed", "failed", "renewed", "renewed"]'
}

@test "a child that is killed before its first step is taken up again by a resume" {
  local parent child
  UKEY_PRACTICE_DELAY_MS=30 "$UKEY_BIN" batch run "${HOW[@]}" --jobs 1 --pin-file "$PIN" --no-open-bids >events 2>said &
  parent=$!
  await_of "$parent" grep -q '"event":"progress"' events
  await_of "$parent" pgrep -P "$parent"
  child=$(pgrep -P "$parent" | head -n 1)
  kill -9 "$child"
  wait "$parent" || true
  jq -se '[.[] | select(.event == "item") | .result] | sort == ["failed", "renewed"]' events
  run --separate-stderr ukey batch resume --json
  [ "$status" -eq 0 ]
  summary '.renewed == 2'
}

# tries: how many tries are spent on all tokens together, but for those of the locked one.
tries() { cat "$UKEY_PRACTICE"/state/* | awk '$1 == "user_failures" && $2 < 6 { spent += $2 } END { print spent + 0 }'; }

@test "however a login ends that did not succeed, no other token gets that PIN, also after a resume" {
  local answer
  for answer in '!=0x80000a01' '!=0x30' '!=0x5' '!=0x101' '!=0xe0' '!=0xa1' '!=0xa2' '!=unplug' '!=hang'; do
    setup
    UKEY_PRACTICE_FAULT="C_Login$answer" run --separate-stderr ukey batch run "${HOW[@]}" --timeout 2 --jobs 4 \
      --pin-file "$BATS_FILE_TMPDIR/wrong-pin" --no-open-bids
    echo "$answer: $(tries) spent, $(jq -sc 'map(select(.event == "item") | .reason)' <<<"$output")"
    [ "$status" -eq 10 ]
    [ "$(tries)" -eq 1 ]
    summary '.reasons.pin_not_sent == 1'
    run --separate-stderr ukey batch resume --json
    [ "$(tries)" -eq 1 ]
  done
}

@test "what goes wrong before a PIN is sent takes its source from nobody" {
  local fault
  for fault in @master-due/C_GetTokenInfo:2=0x30 @master-due/C_OpenSession=0x30 @master-due/C_OpenSession:2=0x5; do
    setup
    UKEY_PRACTICE_FAULT=$fault run --separate-stderr ukey batch run "${HOW[@]}" --jobs 1 --pin-file "$PIN" --no-open-bids
    echo "$fault: $(jq -sc 'map(select(.event == "item") | [.token.label, .result, .error.call])' <<<"$output")"
    [ "$status" -eq 10 ]
    jq -se --arg name "$SUB" '[.[] | select(.event == "item" and .token.label == $name) | .result] == ["renewed"]' <<<"$output"
    summary '.failed == 1 and (.reasons | has("pin_not_sent") | not)'
  done
}

@test "who attested about bids, and the steps, outlive a kill with an immediate resume" {
  ORPHANS=1 begun --pin-file "$PIN" --no-open-bids
  run --separate-stderr ukey batch resume --json
  [ "$status" -eq 0 ]
  ukey batch export --json | jq -e '[.attempts[] | select(.result == "renewed")] | length == 2 and
    all(.[]; .bids.answer == "none_open" and ([.steps[].step] | index("key_test") != null))'
}

@test "a damaged record of one token is that item's failure, and the others are finished" {
  local record
  AT='"step":"request"' begun --pin-file "$PIN" --no-open-bids
  record=$(find "$XDG_STATE_HOME/ukey/renewals" -name '*.json' | head -n 1)
  echo '{x' >"$record"
  run --separate-stderr ukey batch resume --json
  [ "$status" -eq 10 ]
  summary '.renewed == 1 and .reasons.ledger == 1'
}

@test "PINs in variables that rows name are in no child's environment" {
  printf 'label,pin_env,no_open_bids\n%s,ONE,yes\n%s,TWO,yes\n0000,THREE,yes\n' "$DUE" "$SUB" >rows.csv
  cat >look <<'SH'
#!/bin/sh
tr '\0' '\n' </proc/self/environ >>"$0.seen"
tr '\0' '\n' </proc/$PPID/environ >>"$0.seen"
exit 1
SH
  chmod +x look
  ONE=$PRACTICE_PIN TWO=$PRACTICE_PIN THREE=33333333 run --separate-stderr ukey batch run --via command --ca-command "$PWD/look" --manifest rows.csv --json
  [ -s look.seen ]
  run ! grep -E "^(ONE|TWO|THREE)=" look.seen
}
