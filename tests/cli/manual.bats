#!/usr/bin/env bats
# shellcheck disable=SC2030,SC2031,SC2153,SC2154 # bats sets and reads them
# The manual pages against the program: its commands, options, examples, exit statuses and the keys and symbols of its
# documents. Their form is the house tier's affair (mandoc -T lint).

load stage
load manual_documents
load watching

MAN=$STAGE_ROOT/man
HERE=$STAGE_ROOT/tests/cli

setup_file() {
  quiet_environment
  drawer
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

@test "ukey-json(5) lists every key that a command says, and none that no command says" {
  local listed said
  say_everything
  listed=$(awk -f "$HERE/manual_keys.awk" "$MAN/ukey-json.5")
  said=$(keys_said)
  said+=$'\n'$(grep '^batch run' <<<"$said" | sed 's/^batch run/batch resume/')
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

@test "every key that has words is a key of some document" {
  all_in "keys with words" "ukey-json.5" "$(symbols_of UKEY_KEYS "$STAGE_ROOT/lib/report/key_table.hpp")" \
    "$(awk -f "$HERE/manual_keys.awk" "$MAN/ukey-json.5" | cut -f 2 | tr . '\n' | tr -d '[]')"
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
