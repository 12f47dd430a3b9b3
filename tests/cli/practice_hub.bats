#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # variables of jq; bats sets and reads the others
# A hub of many practice tokens: numbered copies with holders of their own, and one bad token among good ones.

load stage

setup_file() {
  quiet_environment
  export UKEY_MODULE=practice UKEY_PRACTICE=$BATS_FILE_TMPDIR/hub
  ukey practice create --count 2 master-due expert --json >"$BATS_FILE_TMPDIR/hub.json"
}

setup() { cd "$BATS_TEST_TMPDIR" || return 1; }

serial_of() { jq -r --arg name "$1" '.practice[] | select(.name == $name) | .serial' "$BATS_FILE_TMPDIR/hub.json"; }

# The states of the four tokens in status, by label.
states() { jq -c '[.tokens | sort_by(.token.label)[].state]' <<<"$output"; }

@test "copies stand by kind and number, and each has a serial and a label of its own" {
  output=$(cat "$BATS_FILE_TMPDIR/hub.json")
  says '[.practice[].name] == ["master-due-01", "master-due-02", "expert-01", "expert-02"]' \
    '[.practice[].label] == ["练习-企业主锁-临期-01", "练习-企业主锁-临期-02", "练习-评标专家-01", "练习-评标专家-02"]' \
    '[.practice[].serial] | unique | length == 4'
}

@test "every copy is of another holder and is otherwise like the token that it copies" {
  run --separate-stderr ukey status --json --show-ids
  [ "$status" -eq 0 ]
  says '[.tokens[].holder.uscc | values] | length == 2 and (unique | length == 2)' \
    '[.tokens[].holder.person_id | values] | length == 2 and (unique | length == 2)' \
    '[.tokens[].holder.name] | unique | length == 4' \
    '[.tokens[] | select(.lock.kind == "master") | .renewal.verdict] == ["open", "open", "open", "open"]' \
    'all(.tokens[]; .state == "ready" and (.certificates | length == 2))' \
    '[.tokens[].certificates[].serial] | unique | length == 8'
}

@test "a number of copies without names, of nothing, of too many or of no number is refused" {
  local count
  export UKEY_PRACTICE=$BATS_TEST_TMPDIR/none
  refused 2 practice create --count 2
  for count in 0 257 -1 two 2x ""; do refused 2 practice create --count "$count" blank; done
  refused 2 practice create --count 2 blank blank
  [ ! -e "$UKEY_PRACTICE" ]
}

@test "a hub may be larger than a drawer, and its tokens are plugged and removed by number" {
  export UKEY_PRACTICE=$BATS_TEST_TMPDIR/large
  ukey practice create --count 100 blank --json | jq -e '.practice | length == 100 and .[99].name == "blank-100"'
  # shellcheck disable=SC2046 # a list of words
  run --separate-stderr ukey practice unplug $(printf 'blank-%03d ' {1..100}) --json
  says 'all(.practice[]; .plugged | not)'
  ukey practice plug blank-077
  ukey list --json | jq -e '[.tokens[].token.label] == ["练习-空白-077"]'
  run --separate-stderr ukey practice remove blank-001 blank-100 --yes --json
  says '.practice | length == 98'
}

@test "a token that answers errors is one failed row, whether told by serial, name or label" {
  local token
  for token in "$(serial_of expert-02)" expert-02 练习-评标专家-02; do
    UKEY_PRACTICE_FAULT=@$token/C_OpenSession=0x32 run --separate-stderr ukey status --json
    [ "$status" -eq 0 ]
    [ "$(states)" = '["ready","ready","ready","failed"]' ]
    says '[.tokens[].error | values | [.code, .rv]] == [["token_removed", "0x32"]]'
  done
}

@test "a token that crashes or hangs takes nobody along who uses another" {
  local fault
  for fault in crash die hang; do
    export UKEY_PRACTICE_FAULT=@master-due-01/C_OpenSession=$fault
    run --separate-stderr ukey cert list -t 练习-企业主锁-临期-02 --json
    [ "$status" -eq 0 ]
  done
  UKEY_PRACTICE_FAULT=@master-due-01/C_OpenSession=crash run ! ukey cert list -t 练习-企业主锁-临期-01
  [ "$status" -eq $((128 + 11)) ]
  UKEY_PRACTICE_FAULT=@master-due-01/C_OpenSession=hang run --separate-stderr ukey cert list -t 练习-企业主锁-临期-01 --json --timeout 2
  says '.error.code == "module_timeout"'
}

@test "a token that is pulled out at a call is gone until it is plugged in again" {
  UKEY_PRACTICE_FAULT=@master-due-02/C_FindObjectsInit=unplug run --separate-stderr ukey cert list -t 练习-企业主锁-临期-02 --json
  [ "$status" -eq 4 ]
  says '.error.code == "token_removed"'
  ukey practice list --json | jq -e '[.practice[] | select(.plugged | not) | .name] == ["master-due-02"]'
  ukey list --json | jq -e '.tokens | length == 3'
  ukey practice plug master-due-02
  run --separate-stderr ukey status --json
  [ "$(states)" = '["ready","ready","ready","ready"]' ]
}

@test "several processes log in to a token each while others read them all" {
  local name child children=()
  for name in 企业主锁-临期-01 企业主锁-临期-02 评标专家-01 评标专家-02; do
    ukey pin verify -t "练习-$name" --pin-env PRACTICE_PIN --json >"$name.json" 3>&- &
    children+=($!)
    ukey status --json >"all-$name.json" 3>&- &
    children+=($!)
  done
  for child in "${children[@]}"; do wait "$child"; done
  jq -se 'length == 4 and all((.tokens | length) == 4 and all(.tokens[]; .state == "ready"))' all-*.json
  [ "$(cat "$UKEY_PRACTICE"/state/*.state | grep -c '^user_failures 0')" -eq 4 ]
}
