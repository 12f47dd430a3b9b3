#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # variables of jq; bats sets and reads the others
# Files that are there already where --out says: one rule for every command that writes one.

load stage
load pin
load renewal

setup_file() {
  quiet_environment
  own_drawer
  export UKEY_MODULE=practice PIN=$BATS_FILE_TMPDIR/pin DUE=${LABEL[master-due]}
  cd "$BATS_FILE_TMPDIR" || return 1
  (umask 077 && echo "$PRACTICE_PIN" >pin)
}

setup() {
  cd "$BATS_TEST_TMPDIR" || return 1
  export XDG_STATE_HOME=$BATS_TEST_TMPDIR/records
}

# The commands that write to --out, a line of words each.
writers() {
  cat <<LINES
cert export sign -t $DUE
seal export 法人章 -t $DUE
batch export
renew request -t $DUE --pin-file $PIN --no-open-bids
renew run -t $DUE --pin-file $PIN --no-open-bids --via file
envelope encrypt $PIN -t $DUE
LINES
}

@test "a file that is there stays as it is without a yes, and is replaced with --yes" {
  local words
  while read -ra words; do
    echo "${words[*]}"
    echo old >target
    refused 2 "${words[@]}" --out target --trace=calls </dev/null
    [[ $said_en == *--yes* && $said_zh == *--yes* ]]
    [ "$(cat target)" = old ]
    [ "${words[0]}" != renew ] || run ! grep C_Login calls
    ukey "${words[@]}" --out target --yes >/dev/null </dev/null
    [ "$(head -c 4 target)" != old ]
    rm target
    [ "${words[*]:0:2}" = "renew run" ] || ukey "${words[@]}" --out target >/dev/null </dev/null
  done < <(writers)
}

@test "at a terminal it is asked for by name, and only a yes replaces it" {
  local answer
  for answer in 'n\r' '\r'; do
    echo old >target
    at_terminal 'target is there already' "$answer" -- "$UKEY_BIN" cert export sign -t "$DUE" -o target
    [ "$status" -eq 2 ]
    [ "$(cat target)" = old ]
  done
  at_terminal 'target is there already' 'y\r' -- "$UKEY_BIN" cert export sign -t "$DUE" -o target
  [ "$status" -eq 0 ]
  openssl x509 -in target -noout
}

@test "of several files in a folder none is written when one is there and nobody says yes" {
  ukey cert export -t "$DUE" -o folder >/dev/null
  local first
  first=$(find folder -type f | head -n 1)
  find folder -type f ! -path "$first" -delete
  echo old >"$first"
  refused 2 cert export -t "$DUE" -o folder
  [ "$(cat "$first")" = old ]
  [ "$(find folder -type f | wc -l)" -eq 1 ]
  ukey cert export -t "$DUE" -o folder --yes >/dev/null
  openssl x509 -in "$first" -noout
}

@test "devices and pipes are written to without a question" {
  ukey cert export sign -t "$DUE" -o /dev/null >/dev/null
  mkfifo pipe
  cat pipe >got &
  ukey cert export sign -t "$DUE" -o pipe >/dev/null
  wait $!
  openssl x509 -in got -noout
}
