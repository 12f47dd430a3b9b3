#!/usr/bin/env bats
# shellcheck disable=SC2154 # bats sets and reads the others
# Long lines of errors and notes: folded on a terminal, whole where a program or grep reads them.

load stage
load pin

setup_file() {
  quiet_environment
  drawer
  export UKEY_MODULE=practice
}

setup() { cd "$BATS_TEST_TMPDIR" || return 1; }

long_name() { printf '标书%.0s' {1..40}; }

@test "on a terminal an error fits its width in both languages, and nothing of it is lost" {
  local lang width name
  name=$(long_name)
  for lang in en zh; do
    for width in 60 80 132; do
      # shellcheck disable=SC2016 # the inner shell's
      at_terminal -- sh -c 'stty cols "$1"; shift; exec "$@"' sh "$width" "$UKEY_BIN" --lang "$lang" status -t "${LABEL[master]}" --platform "$name"
      [ "$status" -eq 3 ]
      [ "$(LC_ALL=C.UTF-8 wc -L <<<"$(tr -d '\r' <transcript)")" -le "$width" ]
      [[ "$(tr -d '\r\n ' <transcript)" == *"$name"* ]]
    done
  done
}

@test "elsewhere the headline of an error stays one line, however long" {
  run --separate-stderr ukey status --platform "$(long_name)"
  [ "$status" -eq 3 ]
  [[ ${stderr_lines[0]} == "ukey: "*"$(long_name)"* ]]
}
