#!/usr/bin/env bats
# shellcheck disable=SC2030,SC2031,SC2153,SC2154 # bats sets and reads them
# `status` and `list` on the nine practice tokens: what they say, in which shape, and to which stream.

load stage

setup_file() {
  quiet_environment
  drawer
  export UKEY_MODULE=practice
  made_at >"$BATS_FILE_TMPDIR/made"
  ukey status --json --as-of "$(made_at)" >"$BATS_FILE_TMPDIR/status.json"
}

# is FILTER "LABEL VALUE"…: what the filter gives for each token, by label.
is() {
  local filter=$1 label
  shift
  while [ $# -gt 0 ]; do
    label=${LABEL[$1]}
    jq -e --arg name "$label" --argjson wanted "$2" \
      "[.tokens[] | select(.token.label == \$name) | $filter] == [\$wanted]" "$BATS_FILE_TMPDIR/status.json" >/dev/null || {
      echo "$1: $filter is not $2 but:"
      jq -c --arg name "$label" ".tokens[] | select(.token.label == \$name) | $filter" "$BATS_FILE_TMPDIR/status.json"
      return 1
    }
    shift 2
  done
}

# The card of one token out of the text of all.
card() { awk -v RS= -v label="$1" 'index($0, label " ·")' <<<"$output"; }

@test "status shows each of the nine practice tokens once" {
  run --separate-stderr jq -r '.tokens[].token.label' "$BATS_FILE_TMPDIR/status.json"
  [ "$(sort <<<"$output")" = "$(printf '%s\n' "${LABEL[@]}" | sort)" ]
}

@test "the kind of lock follows from the seals on each token" {
  is .lock.kind master-due '"master"' master '"master"' sub-due '"sub"' master-expired '"master"' jsca '"master"' \
    master-no-legal-seal '"partial_master"' expert '"master"' locked '"master"' blank '"blank"'
  is .lock.reason master-due '"all_found"' sub-due '"none_found"' master-no-legal-seal '"some_missing"' \
    blank '"nothing_on_token"' expert '"all_found"'
  is .lock.basis master '"label"' sub-due '"label"' blank '"label"'
}

@test "a master without the legal representative's seal names just that seal as missing" {
  is .lock.missing master-no-legal-seal '["legal_rep"]' master '[]' expert '[]' \
    sub-due '["unit","legal_rep","signature"]'
  is '[.lock.evidence[] | select(.found) | .object]' master-no-legal-seal '["单位公章","手写签名"]' expert '["手写签名"]'
}

@test "days are counted by Beijing's calendar from the day the drawer was made" {
  is .renewal.days_left master-due 20 master 200 sub-due 12 master-expired -15 jsca 20 master-no-legal-seal 25 \
    expert 8 locked 100 blank null
  is '[.certificates[].days_left] | unique' master-expired '[-15]' locked '[100]' blank '[]'
}

@test "the renewal verdict and the next step fit each other" {
  is '[.renewal.verdict, .renewal.next_step]' master-due '["open","renew_now"]' master '["too_early","wait"]' \
    sub-due '["open","renew_now"]' master-expired '["expired","first_issue"]' jsca '["ca_not_renewable","first_issue"]' \
    master-no-legal-seal '["open","renew_now"]' expert '["open","renew_now"]' locked '["too_early","wait"]' \
    blank '["no_certificate","first_issue"]'
}

@test "the CA is known by its issuer's name, and JSCA is not renewable" {
  is '[.ca.id, .ca.renewable]' master '["bjca",true]' jsca '["jsca",false]' expert '["hbca",true]' blank '["unknown",false]'
}

@test "an enterprise and an individual are told apart" {
  is .holder.kind master '"enterprise"' sub-due '"enterprise"' expert '"individual"' blank '"unknown"'
  is '.holder.uscc | type' master '"string"' expert '"null"' blank '"null"'
}

@test "the PIN of the locked token is locked and no other is" {
  is .pin.user locked '"locked"' master '"ok"' blank '"ok"'
  is '[.pin.min_length, .pin.max_length, .pin.retry_limit]' master '[4,255,6]'
  jq -e '[.tokens[].pin.so] | all(. == "ok")' "$BATS_FILE_TMPDIR/status.json"
}

@test "each holder has a current signing and a current encryption certificate" {
  is '[.certificates[] | select(.current) | .role] | sort' master-due '["encrypt","sign"]' expert '["encrypt","sign"]' blank '[]'
  is '[.certificates[].state] | unique' master-expired '["expired"]' master '["valid"]'
  is '[.certificates[].has_private_key] | unique' master '[null]'
}

@test "the document has the envelope and the keys of the contract in their order" {
  run --separate-stderr ukey --json
  says 'keys_unsorted == ["schema","command","as_of","tokens","modules","findings"]' \
    '.schema == "ukey/1" and .command == "status"' \
    '.as_of | test("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$")' \
    'all(.tokens[]; keys_unsorted == ["token","state","pin","holder","ca","lock","certificates","renewal"])' \
    'all(.tokens[].token; keys_unsorted == ["uri","serial","label","manufacturer","model","modules","profile","selector"])' \
    'all(.tokens[].pin; keys_unsorted == ["user","so","min_length","max_length","retry_limit"])' \
    'all(.tokens[].holder; keys_unsorted == ["name","organisation","uscc","person_id","kind"])' \
    'all(.tokens[].ca; keys_unsorted == ["id","name","renewable"])' \
    'all(.tokens[].lock; keys_unsorted == ["kind","basis","reason","evidence","missing"])' \
    'all(.tokens[].lock.evidence[]; keys_unsorted == ["seal","found","reason","object","format","bytes"])'
  says 'all(.tokens[].certificates[]; keys_unsorted == ["role","current","state","subject","issuer","serial","not_before",
    "not_after","days_left","algorithm","key_id","has_private_key","label","sha256"])'
  says 'all(.tokens[].renewal; keys_unsorted == ["verdict","opens","closes","days_left","recommended_by","next_step"])' \
    'all(.modules[]; keys_unsorted == ["file","profile","state","error"])' \
    '.modules | length == 1 and .[0].state == "ready" and .[0].profile == "practice" and .[0].error == null'
}

@test "no key and no symbol of the document depends on the language" {
  local now
  now=$(cat "$BATS_FILE_TMPDIR/made")
  UKEY_LANG=zh run --separate-stderr ukey status --json --as-of "$now"
  [ "$status" -eq 0 ]
  [ "$(jq -S 'del(.as_of_overridden)' <<<"$output")" = "$(jq -S 'del(.as_of_overridden)' "$BATS_FILE_TMPDIR/status.json")" ]
}

@test "hex is lower case without separators and times are UTC" {
  jq -e '[.tokens[].certificates[] | .serial, .sha256, .key_id] | all(test("^[0-9a-f]+$"))' "$BATS_FILE_TMPDIR/status.json"
  jq -e '[.tokens[].certificates[] | .not_before, .not_after] | length > 0 and all(test("^[0-9-]{10}T[0-9:]{8}Z$"))' \
    "$BATS_FILE_TMPDIR/status.json"
  jq -e '[.tokens[].certificates[].sha256 | length] | unique == [64]' "$BATS_FILE_TMPDIR/status.json"
}

cards_name_the_facts() {
  local lang=$1 name verdict holder closes date shown
  declare -A word
  eval "word=($2)"
  UKEY_LANG=$lang run --separate-stderr ukey status
  [ "$status" -eq 0 ]
  fits <<<"$output"
  for name in "${!LABEL[@]}"; do
    shown=$(card "${LABEL[$name]}")
    IFS=$'\t' read -r verdict holder closes < <(jq -r --arg name "${LABEL[$name]}" '.tokens[]
      | select(.token.label == $name) | [.renewal.verdict, .holder.name // "-", .renewal.closes // "-"] | @tsv' \
      "$BATS_FILE_TMPDIR/status.json")
    echo "$name: $verdict $holder $closes"
    echo "$shown"
    [[ $shown == *"${word[$verdict]}"* ]]
    [ "$holder" = - ] || [[ $shown == *"$holder"* ]]
    [ "$closes" = - ] && continue
    date=$(date -u -d "$closes + 8 hours" +%Y-%m-%d)
    [[ $shown == *"$date"* ]]
  done
}

@test "an English card names verdict, holder and the last day in Beijing, within 80 columns" {
  cards_name_the_facts en '[open]="RENEW NOW" [too_early]="not due yet" [expired]=EXPIRED
    [ca_not_renewable]="CA does not renew" [no_certificate]="no certificate"'
}

@test "a Chinese card names verdict, holder and the last day in Beijing, within 80 columns" {
  cards_name_the_facts zh '[open]=可以续期 [too_early]=未到期 [expired]=已过期
    [ca_not_renewable]=此CA不能续期 [no_certificate]=没有证书'
}

@test "without a command the program says what status says" {
  run --separate-stderr ukey
  local bare=$output
  [ "$status" -eq 0 ]
  [ -z "$stderr" ]
  run --separate-stderr ukey status
  [ "$output" = "$bare" ]
}

@test "list gives one line a token under one heading" {
  run --separate-stderr ukey list
  [ "$status" -eq 0 ]
  [ "${#lines[@]}" -eq 10 ]
  fits <<<"$output"
  local label
  for label in "${LABEL[@]}"; do [ "$(grep -cF "$label" <<<"$output")" -eq 1 ]; done
  UKEY_LANG=zh run --separate-stderr ukey list
  [ "${#lines[@]}" -eq 10 ]
  fits <<<"$output"
}

@test "a token that failed still takes one line in list" {
  UKEY_PRACTICE_FAULT=C_OpenSession:3=0x30 run --separate-stderr ukey list
  [ "$status" -eq 0 ]
  [ "${#lines[@]}" -eq 10 ]
}

@test "list as a document has the first four parts of status" {
  run --separate-stderr ukey list --json
  says '.command == "list" and (.tokens | length == 9)' \
    'all(.tokens[]; keys_unsorted == ["token","state","pin","holder"])'
}

@test "a driver that does not work is a note on stderr, and stdout holds the cards alone" {
  run --separate-stderr ukey -m practice -t "${LABEL[master]}"
  local alone=$output
  run --separate-stderr ukey -m practice -m /nonexistent.so -t "${LABEL[master]}"
  [ "$status" -eq 0 ]
  [ "$output" = "$alone" ]
  [ "${#stderr_lines[@]}" -eq 1 ]
  [[ $stderr == *"/nonexistent.so"* ]]
  run --separate-stderr ukey -q -m practice -m /nonexistent.so -t "${LABEL[master]}"
  [ -z "$stderr" ]
  run --separate-stderr ukey --json -m practice -m /nonexistent.so -t "${LABEL[master]}"
  [ -z "$stderr" ]
  says '[.modules[] | .state] == ["ready","failed"] and .modules[1].error.code == "no_module"'
}

@test "a failure with --json is exactly one document on stdout and nothing on stderr" {
  run --separate-stderr ukey status --json -t nosuch
  [ "$status" -eq 4 ]
  [ -z "$stderr" ]
  says 'keys_unsorted == ["schema","command","error"] and .command == "status"' \
    '.error | keys_unsorted == ["code","message","hint","subject","call","ckr","rv"]' \
    '.error.code == "no_token" and .error.subject == "nosuch" and .error.call == null and .error.rv == null'
}

@test "message and hint of a failure follow the language and nothing else does" {
  run --separate-stderr ukey status --json -t nosuch
  local english=$output
  UKEY_LANG=zh run --separate-stderr ukey status --json -t nosuch
  [ "$(jq -c 'del(.error.message, .error.hint)' <<<"$output")" = "$(jq -c 'del(.error.message, .error.hint)' <<<"$english")" ]
  [ "$(jq -r .error.message <<<"$output")" != "$(jq -r .error.message <<<"$english")" ]
  [ "$(jq -r .error.hint <<<"$output")" != "$(jq -r .error.hint <<<"$english")" ]
}

@test "a person's number is masked everywhere until --show-ids asks for it" {
  local masked whole
  run --separate-stderr ukey status --json -t "${LABEL[expert]}"
  masked=$(jq -r '.tokens[0].holder.person_id' <<<"$output")
  run --separate-stderr ukey status --json -t "${LABEL[expert]}" --show-ids
  whole=$(jq -r '.tokens[0].holder.person_id' <<<"$output")
  [[ $whole =~ ^[0-9]{17}[0-9X]$ && $masked =~ ^[0-9]{3}\*{11}[0-9X]{4}$ ]]
  [[ ${masked:0:3} == "${whole:0:3}" && ${masked: -4} == "${whole: -4}" ]]
  local words
  for words in status "renew check" lock "cert show" "cert show --json" "status --json" list; do
    # shellcheck disable=SC2086 # a list of words
    run ukey $words -t "${LABEL[expert]}"
    [[ $status == 0 && -n $output && $output != *"$whole"* ]]
  done
  run --separate-stderr ukey status --show-ids -t "${LABEL[expert]}"
  [[ $output == *"$whole"* ]]
}
