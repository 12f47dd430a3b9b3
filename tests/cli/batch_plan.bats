#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2153,SC2154 # jq's variables; bats sets and reads them
# `batch plan`: every token and every row of a manifest with its verdict; manifests as spreadsheets write them.

load stage

setup_file() {
  quiet_environment
  drawer
  export UKEY_MODULE=practice
  ukey list --json >"$BATS_FILE_TMPDIR/list.json"
}

setup() {
  cd "$BATS_TEST_TMPDIR" || return 1
}

serial() { jq -r --arg name "${LABEL[$1]}" '.tokens[].token | select(.label == $name) | .serial' "$BATS_FILE_TMPDIR/list.json"; }

# planned FORMAT ARGUMENT…: writes the manifest m.csv as printf does and plans it; the document is in output.
planned() {
  # shellcheck disable=SC2059 # the caller's format
  printf "$@" >m.csv
  run --separate-stderr ukey batch plan --manifest m.csv --json --as-of "$(made_at)" --pin-env UNREAD
  [ "$status" -eq 0 ]
  [ -z "$stderr" ]
}

@test "every token is planned once, with the verdict of its certificates" {
  run --separate-stderr ukey batch plan --json --pin-env UNREAD --as-of "$(made_at)"
  [ "$status" -eq 0 ]
  says 'keys_unsorted == ["schema","command","as_of","as_of_overridden","manifest","items","findings","modules"]' \
    '.manifest == null and (.items | length == 9) and .findings == []'
  says '[.items[] | {(.token.label): .verdict}] | add == $wanted' --argjson wanted "$(jq -n \
    --arg a "${LABEL[master-due]}" --arg b "${LABEL[master]}" --arg c "${LABEL[sub-due]}" --arg d "${LABEL[master-expired]}" \
    --arg e "${LABEL[jsca]}" --arg f "${LABEL[master-no-legal-seal]}" --arg g "${LABEL[expert]}" --arg h "${LABEL[locked]}" \
    --arg i "${LABEL[blank]}" '{($a): "renew", ($b): "not_due", ($c): "renew", ($d): "expired", ($e): "wrong_ca",
      ($f): "renew", ($g): "renew", ($h): "not_due", ($i): "no_certificate"}')"
  says 'all(.items[]; .line == null and .error == null and .selector == .token.serial)'
}

@test "without a PIN source what is due has no PIN, and the exit status is 0 all the same" {
  run --separate-stderr ukey batch plan --json
  [ "$status" -eq 0 ]
  says '[.items[].verdict] | (map(select(. == "no_pin")) | length == 4) and (index("renew") | not)'
}

@test "both languages show a line for each token and a count of each verdict, within 80 columns" {
  local now lang
  now=$(made_at)
  printf 'label,note\n%s,明天来取，先打电话\n%s,\nnowhere,\n,x\n' "${LABEL[expert]}" "${LABEL[expert]}" >m.csv
  for lang in en zh; do
    UKEY_LANG=$lang run --separate-stderr ukey batch plan --as-of "$now"
    [ "$status" -eq 0 ]
    fits <<<"$output"
    [ "${#lines[@]}" -ge 11 ]
    UKEY_LANG=$lang run --separate-stderr ukey batch plan --manifest m.csv --as-of "$now"
    fits <<<"$output"
    [[ $output == *明天来取* && $output == *m.csv:5* ]]
  done
  [[ ${lines[-1]} == *"没有插着 1"*"前面已有此锁 1"* ]]
}

@test "a manifest in UTF-8, with a byte-order mark, in GBK, with any line ends and separators is one" {
  local rows wanted separator
  rows=$(printf 'label,years,no_open_bids,note\n%s,2,是,窗口\n%s,1,no,"a, ""b"""\n' "${LABEL[master-due]}" "${LABEL[sub-due]}")
  planned '%s\n' "$rows"
  says '[.items[0:2][] | [.line, .selector, .verdict, .note]] ==
    [[2, $a, "renew", "窗口"], [3, $b, "renew", "a, \"b\""]]' --arg a "${LABEL[master-due]}" --arg b "${LABEL[sub-due]}"
  wanted=$(jq .items <<<"$output")
  planned '\xef\xbb\xbf%s' "$rows"
  [ "$(jq .items <<<"$output")" = "$wanted" ]
  planned '%s' "${rows//$'\n'/$'\r\n'}"
  [ "$(jq .items <<<"$output")" = "$wanted" ]
  iconv -f UTF-8 -t GBK <<<"$rows" >gbk.csv
  run --separate-stderr ukey batch plan --manifest gbk.csv --json --as-of "$(made_at)" --pin-env UNREAD
  [ "$(jq .items <<<"$output")" = "$wanted" ]
  for separator in ';' $'\t'; do
    planned '%s' "$(sed "s/,\\([^ ]\\)/$separator\\1/g; s/,\$/$separator/" <<<"$rows")"
    [ "$(jq .items <<<"$output")" = "$wanted" ]
  done
}

@test "a bad row is reported with its line and what is wrong, and the others are planned" {
  planned 'serial,label,years,pin_file,pin_env,no_open_bids,note\n%s,,3,,,,\n1.23E+12,,,,,,\n,,,,,,"two\nlines"\n%s,,,a,B,,\n%s,,1,,,maybe,\n%s,,1,,,yes,\n' \
    "$(serial master-due)" "$(serial sub-due)" "$(serial expert)" "$(serial master-no-legal-seal)"
  says '[.items[] | select(.line) | [.line, .verdict]] == [[2,"bad_row"],[3,"bad_row"],[4,"bad_row"],[6,"bad_row"],[7,"bad_row"],[8,"renew"]]' \
    '[.items[] | select(.verdict == "bad_row") | .error | .code == "bad_input" and (.message | length > 20)] | all'
  says '[.items[] | select(.verdict == "bad_row") | .error.subject] ==
    ["m.csv:2: years (1,2)","m.csv:3: serial","m.csv:4","m.csv:6","m.csv:7: no_open_bids (yes,no)"]'
  says '[.items[] | select(.line == null) | .verdict] | length == 8 and all(. == "unknown_token")'
}

@test "a misspelt column is refused by its name, in both languages" {
  printf 'serial,no_open_bid\n1,yes\n' >m.csv
  refused 7 batch plan --manifest m.csv
  [[ $said_en == *"m.csv:1: no_open_bid"* && $said_zh == *"m.csv:1: no_open_bid"* ]]
}

@test "a file that is no manifest at all is refused: no text, no titles, no end of a quotation, not there" {
  printf '\xff\xfes\0e\0r\0' >m.csv
  refused 7 batch plan --manifest m.csv
  printf 'years\n1\n' >m.csv
  refused 7 batch plan --manifest m.csv
  printf 'serial,note\n1,"x\n2,y\n' >m.csv
  refused 7 batch plan --manifest m.csv
  [[ $said_en == *m.csv:2* ]]
  refused 7 batch plan --manifest nothing.csv
}

@test "the table holds the same as the document, as another reader of CSV sees it" {
  needs sqlite3
  local note='=1+1, "x"'
  printf 'label,note\n%s,"=1+1, ""x"""\nnowhere,甲\n' "${LABEL[expert]}" >m.csv
  ukey batch plan --manifest m.csv --csv --as-of "$(made_at)" >plan.csv
  ukey batch plan --manifest m.csv --json --as-of "$(made_at)" >plan.json
  [ "$(head -c 3 plan.csv)" = $'\xef\xbb\xbf' ]
  tail -c +4 plan.csv >table.csv
  sqlite3 :memory: '.mode csv' '.import table.csv t' '.mode json' 'select * from t' >table.json
  jq -e --slurpfile table table.json --arg note "'$note" '
    [.items[] | [(.line // "" | tostring), .verdict, .selector, .token.serial // "", .holder.name // "",
      (.renewal.days_left // "" | tostring)]] ==
    [$table[0][] | [.line, .verdict, .selector, .["token.serial"], .["holder.name"], .["renewal.days_left"]]]
    and $table[0][0].note == $note and $table[0][1].note == "甲"' plan.json
}

@test "the columns of the table are keys of the document" {
  local column
  ukey batch plan --csv | head -n 1 | tail -c +4 | tr -d '\r' | tr , '\n' >columns
  awk -f "$STAGE_ROOT/tests/cli/manual_keys.awk" "$STAGE_ROOT/man/ukey-json.5" | awk -F '\t' '$1 == "batch plan" {print $2}' >keys
  while read -r column; do grep -qxF "items[].$column" keys || { echo "$column is no key" && return 1; }; done <columns
  [ "$(wc -l <columns)" -gt 10 ]
}

@test "a table and a document at once is a usage error" {
  run --separate-stderr ukey batch plan --csv --json
  [ "$status" -eq 2 ]
  says '.error.code == "usage"'
}

@test "a plan logs in nowhere, reads no PIN file and writes nothing" {
  local before
  before=$(fingerprint "$UKEY_PRACTICE")
  printf 'label,pin_file\n%s,nothing.txt\n' "${LABEL[expert]}" >m.csv
  run --separate-stderr ukey batch plan --manifest m.csv --pin-file nothing.txt --trace=calls.txt --json
  [ "$status" -eq 0 ]
  says '.items[0].verdict == "renew"'
  [ "$(grep -c '^C_OpenSession' calls.txt)" -eq 9 ]
  run ! grep -E 'C_Login|C_SetPIN|C_CreateObject|C_DestroyObject|C_SetAttributeValue|C_GenerateKeyPair' calls.txt
  [ "$(fingerprint "$UKEY_PRACTICE")" = "$before" ]
  [ ! -e "$HOME/.local/state" ]
}

@test "one token is planned alone, and a selector that fits none or several is refused" {
  run --separate-stderr ukey batch plan --json -t "${LABEL[expert]}"
  says '[.items[].token.label] == [$name]' --arg name "${LABEL[expert]}"
  printf 'label\n%s\n%s\n' "${LABEL[expert]}" "${LABEL[master]}" >m.csv
  run --separate-stderr ukey batch plan --json -t "${LABEL[expert]}" --manifest m.csv
  says '[.items[].line] == [2]'
  refused 4 batch plan -t nowhere
}

@test "without any token there is no plan but with a manifest, whose rows are not present" {
  printf 'serial\n1\n2\n' >m.csv
  store empty-store
  refused 4 batch plan -m "$(softhsm_module)"
  run --separate-stderr ukey batch plan -m "$(softhsm_module)" --manifest m.csv --json
  [ "$status" -eq 0 ]
  says '[.items[].verdict] == ["not_present","not_present"]'
}

@test "two main locks of one unit are found by plan and by status, and bar nothing" {
  local lang
  cp -a "$UKEY_PRACTICE" twofold
  export UKEY_PRACTICE=$PWD/twofold
  second_master
  run --separate-stderr ukey status --json
  [ "$status" -eq 0 ]
  says '[.findings[] | .finding, (.tokens | length)] == ["several_masters", 2]' \
    '.findings[0] | keys_unsorted == ["finding","uscc","holder","tokens"]' \
    '.findings[0].tokens[] | keys_unsorted == ["serial","label","manufacturer","model","present","seen"] and .present' \
    '.as_of == .findings[0].tokens[0].seen'
  run --separate-stderr ukey batch plan --json --pin-env UNREAD
  says '(.findings | length == 1) and ([.items[] | select(.token.label == $name) | .verdict] == ["not_due", "not_due"])' \
    --arg name "${LABEL[master]}"
  for lang in "en has 2 main locks" "zh 有 2 把主锁"; do
    UKEY_LANG=${lang%% *} run --separate-stderr ukey status
    [[ $output == *"! "*"${lang#* }"* ]]
    fits <<<"$output"
    UKEY_LANG=${lang%% *} run --separate-stderr ukey batch plan
    [[ $output == *"! "*"${lang#* }"* ]]
    fits <<<"$output"
  done
}

@test "a manifest of 10,000 rows takes less than 50 MB beyond the tokens' own" {
  [ -x "${UKEY_RELEASE_BIN:=$STAGE_ROOT/build/release/bin/ukey}" ] || skip "there is no program without sanitizers"
  cc -O1 -o max_rss "$STAGE_ROOT/tests/peers/max_rss.c"
  {
    echo serial,label,years,pin_file,no_open_bids,note
    seq 9990 | sed 's/.*/SN000000&,,1,pins\/&.txt,yes,第&位，在窗口等/'
    jq -r '.tokens[] | .token | ",\(.label),2,,,"' "$BATS_FILE_TMPDIR/list.json"
    echo 1.2E+12,,,,,
  } >m.csv
  local kib
  ./max_rss "$UKEY_RELEASE_BIN" batch plan --json 3>kib.alone >plan.json
  ./max_rss "$UKEY_RELEASE_BIN" batch plan --manifest m.csv --json 3>kib >plan.json
  kib=$(($(cat kib) - $(cat kib.alone)))
  echo "# 10,000 rows: $kib KiB more than $(cat kib.alone)" >&3
  jq -e '(.items | length == 10000) and ([.items[].verdict] | map(select(. == "bad_row")) | length == 1)' plan.json
  [ "$kib" -lt 51200 ]
}
