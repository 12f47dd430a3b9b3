#!/usr/bin/env bats
# shellcheck disable=SC2030,SC2031,SC2153,SC2154 # bats sets and reads them
# The manual pages against the program: its commands, options, examples, exit statuses and the keys and symbols of its
# documents. Their form is the house tier's affair (mandoc -T lint).

load stage

MAN=$STAGE_ROOT/man
HERE=$STAGE_ROOT/tests/cli

setup_file() {
  quiet_environment
  own_drawer
  export UKEY_MODULE=practice
  PATH=$(dirname "$UKEY_BIN"):$PATH
}

setup() {
  cd "$BATS_TEST_TMPDIR" || return 1
}

# The commands that `ukey --help` lists, one a line.
commands() { ukey --help | awk '/^Commands:/ {on = 1; next} /^$/ {on = 0} on && match($0, /^  [a-z]+( [a-z]+)?  /) {print}' | sed -E 's/^  ([a-z]+( [a-z]+)?)  .*/\1/'; }

# The options, long and short, in a help text on stdin.
options() { grep -oE '^ +(-[a-z], )?--[a-z-]+' | grep -oE -- '--?[a-z][a-z-]*' | sort -u; }

# The options that a page names.
options_named() { grep -hE '^\.' "$@" | grep -oE '\bFl +-?[A-Za-z][A-Za-z-]*' | sed -E 's/^Fl +/-/' | sort -u; }

# all_in WHAT MISSING-FROM LIST LIST: every line of the first list is in the second.
all_in() {
  local missing
  missing=$(comm -23 <(sort -u <<<"$3") <(sort -u <<<"$4"))
  [ -z "$missing" ] || { printf '%s not in %s:\n%s\n' "$1" "$2" "$missing" && return 1; }
}

same() {
  all_in "$1" "$2" "$3" "$4"
  all_in "$1" "the program" "$4" "$3"
}

@test "every command has its page and its line in a synopsis, and every page has its commands" {
  local command page
  for page in "$MAN"/ukey-*.1; do
    sed -n 's/^\.Cm //p' <(sed -n '/^\.Sh SYNOPSIS/,/^\.Sh DESCRIPTION/p' "$page") >>synopses
    run ! grep -vE "^$(basename "$page" .1 | sed 's/^ukey-//')( |\$)" <(sed -n '/^\.Sh SYNOPSIS/,/^\.Sh DESCRIPTION/s/^\.Cm //p' "$page")
  done
  same "commands" "the synopses of man/ukey-*.1" "$(commands)" "$(cat synopses)"
  same "commands" "man/ukey.1" "$(commands | sed 's/ .*//')" \
    "$(sed -n '/^\.Ss Commands/,/^\.El/s/^\.It Cm //p' "$MAN/ukey.1")"
  while read -r command; do [ -e "$MAN/ukey-${command%% *}.1" ]; done < <(commands)
}

@test "every option of a command is in its page or in ukey(1), and no page names one that there is not" {
  local command all global own page
  all=$(ukey --help | options)
  global=$all
  while read -r command; do
    page=$MAN/ukey-${command%% *}.1
    # shellcheck disable=SC2086 # two words of a command
    own=$(ukey $command --help | options)
    all+=$'\n'$own
    echo "$own" >>"options.${command%% *}"
    all_in "options of $command" "$page and ukey.1" "$own" "$(options_named "$page" "$MAN/ukey.1")"
    all_in "own options of $command" "$page" "$(comm -23 <(echo "$own") <(echo "$global"))" "$(options_named "$page")"
  done < <(commands)
  for page in "$MAN"/ukey-*.1 "$MAN"/zh_CN/ukey-*.1; do
    all_in "options in $page" "its commands" "$(options_named "$page")" "$(cat "options.$(basename "$page" .1 | sed 's/^ukey-//')")"
  done
  for page in "$MAN/ukey.1" "$MAN/zh_CN/ukey.1"; do
    all_in "global options" "$page" "$global" "$(options_named "$page")"
    all_in "options in $page" "the program" "$(options_named "$page")" "$all"
  done
  all_in "options in the pages of section 5" "the program" "$(options_named "$MAN"/*.5)" "$all"
}

# examples FILE: runs its examples in one shell, in a folder of their own with a drawer of their own, each line as it
# stands; says which did not end with the status that the file states.
examples() {
  local list folder status command count=0
  folder=$BATS_TEST_TMPDIR/$(basename "$(dirname "$1")")-$(basename "$1")
  list=$(awk -f "$HERE/manual_examples.awk" "$1")
  [ -n "$list" ] || { echo "no examples in $1" && return 1; }
  mkdir -p "$folder/work"
  # who makes a drawer finds none
  if ! grep -q 'ukey practice create' <<<"$list"; then cp -a "$UKEY_PRACTICE" "$folder/drawer"; fi
  while IFS=$'\t' read -r status command; do
    printf '%s\nended $? %d %q\n' "$command" "$status" "$command"
    count=$((count + 1))
  done <<<"$list" >"$folder/script"
  # shellcheck disable=SC2016 # for the inner shell
  (
    cd "$folder/work" || exit 1
    UKEY_PRACTICE=$folder/drawer bash -c '
      set -o pipefail
      bad=0
      ended() { [ "$1" -eq "$2" ] || { echo "exit status $1, not $2: $3" >&2; bad=1; }; }
      . "$1" >"$2"
      exit "$bad"' examples "$folder/script" "$folder/output" </dev/null
  ) 2>"$folder/errors" || { echo "$1:" && cat "$folder/errors" && return 1; }
}

@test "all examples of all pages end with the exit status that the page states" {
  local page bad=0
  for page in "$MAN"/*.1 "$MAN"/ukey-json.5 "$MAN"/zh_CN/*; do examples "$page" || bad=1; done
  [ "$bad" -eq 0 ]
}

@test "the console examples of the README run" {
  [ -e "$STAGE_ROOT/README.md" ] || skip "there is no README yet"
  examples "$STAGE_ROOT/README.md"
}

# document [NAME=VALUE…] ARGUMENT…: what the program says with --json, whatever its exit status.
document() {
  local settings=()
  while [[ ${1-} == *=* && $1 != -* ]]; do settings+=("$1") && shift; done
  env "${settings[@]}" "$UKEY_BIN" --json "$@" </dev/null 2>>errors >>documents || true
}

# Documents of every command, also of what seldom occurs.
# shellcheck disable=SC2086 # two words of a command
say_everything() {
  local one=(-t "${LABEL[master]}") due=(-t "${LABEL[master-due]}") command
  printf %s "$PRACTICE_PIN" >pin
  document --as-of 2030-01-01 status
  document status -m practice -m "$PWD/nothing.so"
  document UKEY_PRACTICE_FAULT=C_GetTokenInfo:1=0x30 status
  document UKEY_PRACTICE_FAULT=C_GetTokenInfo:1=0x30 list --all --as-of 2030-01-01
  document list -m practice -m "$PWD/nothing.so"
  ukey cert export sign "${one[@]}" -o certificate.pem >/dev/null
  ukey cert export encrypt "${one[@]}" -o encrypt.pem >/dev/null
  ukey seal export unit --raw "${one[@]}" -o unit.esl >/dev/null
  for command in "cert list" "cert show" "cert verify"; do
    document $command "${one[@]}" --as-of 2030-01-01
    document $command --file certificate.pem
    document UKEY_PRACTICE_FAULT=C_GetAttributeValue=0x6 $command "${one[@]}"
  done
  document cert verify "${one[@]}"
  document cert export "${one[@]}" -o certificates --as-of 2030-01-01
  document cert export --file certificate.pem -o again.pem
  document lock "${one[@]}" --as-of 2030-01-01
  for command in "seal list" "seal show"; do
    document $command "${one[@]}" --as-of 2030-01-01
    document $command --file unit.esl
  done
  document UKEY_PRACTICE_FAULT=C_GetAttributeValue:4=0x6 seal show "${one[@]}"
  document seal export "${one[@]}" -o seals --as-of 2030-01-01
  document seal export --file unit.esl -o again.png
  document renew check "${due[@]}"
  document renew check "${one[@]}" --as-of 2030-01-01
  (say_renewals)
  (say_batches)
  say_pins
  say_envelopes
  document guide renew --as-of 2030-01-01
  document guide first-issue
  document object list "${one[@]}" --pin-file pin --as-of 2030-01-01
  document UKEY_PRACTICE_FAULT=C_GetAttributeValue=0x6 object list "${one[@]}"
  document mechanism list "${one[@]}" --as-of 2030-01-01
  document UKEY_PRACTICE_FAULT=C_GetMechanismInfo=0x6 mechanism list "${one[@]}"
  say_profiles
  for command in "list" "unplug master" "plug master" "remove master --yes"; do
    document practice $command --as-of 2030-01-01
  done
  document UKEY_PRACTICE="$PWD/drawer" practice create blank --as-of 2030-01-01
  practice_ca --json --as-of 2030-01-01
  end_practice_ca
  cat ca.said >>documents
  document lock
  document nonsense
}

# On a drawer and with records of its own, of which nothing is left for the others.
# shellcheck disable=SC2046 # a list of words
say_renewals() {
  local due=(-t "${LABEL[master-due]}" --as-of "$(made_at)") said=(--pin-file pin --no-open-bids --yes) by_cmp
  cp -a "$UKEY_PRACTICE" renewing
  export UKEY_PRACTICE=$PWD/renewing XDG_STATE_HOME=$PWD/state
  practice_ca --as-of "$(made_at)"
  by_cmp=(--ca-url "$CA_URL" "${said[@]}")
  document renew run -t "${LABEL[master]}" --if-due --ca-url "$CA_URL" "${said[@]}"
  document renew run "${due[@]}" --dry-run "${by_cmp[@]}"
  document renew run "${due[@]}" --out request.pem "${said[@]}"
  document renew request "${due[@]}" --out request.pem "${said[@]}"
  document UKEY_PRACTICE_FAULT=C_CreateObject=0x30 renew run "${due[@]}" "${by_cmp[@]}"
  document UKEY_PRACTICE_FAULT=C_Sign:2=die renew run "${due[@]}" "${by_cmp[@]}"
  document renew resume "${due[@]}" --undo --pin-file pin --yes
  document UKEY_PRACTICE_FAULT=C_Sign:2=die renew run "${due[@]}" "${by_cmp[@]}"
  document renew resume "${due[@]}" --pin-file pin --yes
  document renew resume "${due[@]}"
  ukey cert export "${due[@]}" -o renewed >/dev/null
  document renew install "${due[@]}" "${said[@]}" \
    $(ukey cert list "${due[@]}" --json | jq -r '.certificates[] | select(.current) | "renewed/\(.serial).pem"')
  document renew install "${due[@]}" "${said[@]}" certificate.pem
  document renew run -t "${LABEL[sub-due]}" "${by_cmp[@]}"
  end_practice_ca
}

# On a drawer of its own, in which one unit has two main locks.
say_batches() {
  cp -a "$UKEY_PRACTICE" twofold
  export UKEY_PRACTICE=$PWD/twofold
  second_master
  printf 'serial,years\n01,7\n' >manifest.csv
  document batch plan
  document batch plan --manifest manifest.csv --as-of 2030-01-01
  document status -m practice
}

say_pins() {
  local one=(-t "${LABEL[master]}" --as-of 2030-01-01)
  printf 87654321 >so
  printf 24681357 >new
  document pin status "${one[@]}"
  document pin verify "${one[@]}" --pin-file pin
  document pin change "${one[@]}" --pin-file pin --new-pin-file new --dry-run
  document pin unlock "${one[@]}" --so-pin-file so --new-pin-file new --dry-run
  document UKEY_PRACTICE_FAULT=C_InitPIN=0x32 pin unlock "${one[@]}" --so-pin-file so --new-pin-file new --yes
}

say_envelopes() {
  local one=(-t "${LABEL[master]}" --as-of 2030-01-01) today=(-t "${LABEL[master]}")
  document envelope encrypt pin "${today[@]}" -o sealed
  document envelope encrypt pin --file encrypt.pem -o sealed --yes --as-of "$(made_at)"
  document envelope check sealed pin "${one[@]}"
  document envelope decrypt sealed "${one[@]}" --pin-file pin -o opened
}

say_profiles() {
  local profile=$STAGE_ROOT/pkcs11-profiles
  document profile list --as-of 2030-01-01
  # one of every kind with all that it may say: the examples of ukey-profile(5)
  mkdir -p own/tokens own/cas own/platforms
  awk '/^\.\\" file: / {file = "own/" $3} /^\.Ed/ {file = ""} /^\.Bd/ {next} file != "" && !/^\./ {print >file}' "$MAN/ukey-profile.5"
  cp "$profile"/platforms/qinghai.toml own/platforms
  document profile show practice --as-of 2030-01-01
  document profile show example --profiles own
  document profile show exampleca --profiles own
  document profile show qinghai
  document profile check
  echo 'id = "other"' >wrong.toml
  document profile check wrong.toml
}

# COMMAND <tab> PATH of every key in the documents, list indices folded to []; where keys are data, to *.
keys_said() {
  jq -r '(if has("error") then "error" else .command end) as $command
    | paths | select(.[-1] | type == "string")
    | if .[0:2] == ["profile", "sources"] and length > 2 then ["profile", "sources", "*"]
      elif .[0:2] == ["profile", "issuers"] and length > 3 then ["profile", "issuers", 0, "*"] else . end
    | "\($command)\t" + (map(if type == "number" then "[]" else "." + . end) | add | ltrimstr("."))' documents | sort -u
}

@test "ukey-json(5) lists every key that a command says, and none that no command says" {
  local listed said
  say_everything
  listed=$(awk -f "$HERE/manual_keys.awk" "$MAN/ukey-json.5")
  said=$(keys_said)
  all_in "keys" "ukey-json.5" "$said" "$(cut -f 1,2 <<<"$listed")"
  all_in "keys of ukey-json.5" "the documents" "$(grep -v 'situational$' <<<"$listed" | cut -f 1,2)" "$said"
  all_in "commands" "ukey-json.5" "$(commands | grep -v '^completion$')" "$(cut -f 1 <<<"$listed")"
  all_in "commands of ukey-json.5" "the program" "$(cut -f 1 <<<"$listed" | grep -v '^error$')" "$(commands)"
}

@test "a failure says all keys of the error document, also of an unknown command" {
  document nonsense
  document lock
  jq -se 'map(.error.code) == ["usage", "ambiguous_token"]' documents
  jq -se "map(keys == [\"command\", \"error\", \"schema\"]) | all" documents
}

# symbols_of TABLE FILE: the first column of that X-macro table, and the second where it is a number.
symbols_of() {
  awk -v table="$1" '$0 ~ "^#define " table "\\(X\\)" {on = 1} on {print} on && !/\\$/ {exit}' "$2" |
    grep -oE '\bX\([a-z_0-9]+(, [0-9]+)?' | sed -E 's/^X\(//; s/,//'
}

# symbols_listed TABLE PAGE: the symbols in the list behind the roff comment that names the table.
symbols_listed() {
  awk -v table="$1" '/^\.\\" set: / {on = $3 == table} on && /^\.It [0-9]/ {number = " " $2} on && /^\.It Li / {print $3 number}
    /^\.S[hs]/ {on = 0}' "$2"
}

@test "the closed sets of symbols in ukey-json(5) are those of the program" {
  local table words=$STAGE_ROOT/lib/report/word_tables.hpp
  while read -r table; do
    same "$table" "ukey-json.5" "$(symbols_of "$table" "$words")" "$(symbols_listed "$table" "$MAN/ukey-json.5")"
  done < <(sed -nE 's/^#define (UKEY_[A-Z_]+)\(X\).*/\1/p' "$words")
}

@test "the error codes in ukey(1) and their exit statuses are those of the program" {
  local page
  for page in "$MAN/ukey.1" "$MAN/zh_CN/ukey.1"; do
    same "codes" "$page" "$(symbols_of UKEY_ERROR_CODES "$STAGE_ROOT/lib/base/error.hpp")" \
      "$(symbols_listed UKEY_ERROR_CODES "$page")"
  done
}
