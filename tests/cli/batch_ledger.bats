#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # variables of jq; bats sets and reads the others
# What batches and questions make of a ledger that is not there, may not be written, or is none.

load stage
load renewal

setup_file() { renewal_stage; }
teardown_file() { end_renewal_stage; }
setup() { anew; }

LEDGER_CODE='.error.code == "ledger"'

run_batch() { ukey batch run --via cmp --ca-url "$CA_URL" --pin-file "$PIN" --no-open-bids "$@"; }

# reader COMMAND…: as a user who owns nothing here.
reader() { setpriv --reuid 65534 --regid 65534 --clear-groups env HOME=/nonexistent XDG_STATE_HOME="$BATS_TEST_TMPDIR/nobody" "$@"; }

@test "to ask a ledger that was named and is not there is refused with its path, and makes nothing" {
  local verb
  for verb in status export; do
    run --separate-stderr ukey batch "$verb" --ledger none/ledgr.db --json
    [ "$status" -eq 7 ]
    jq -e "$LEDGER_CODE and .error.subject == \"none/ledgr.db\"" <<<"$output"
    UKEY_LEDGER=none/ledgr.db run --separate-stderr ukey batch "$verb" --json
    [ "$status" -eq 7 ]
  done
  [ ! -e none ]
}

@test "to ask the usual ledger before anything was done is answered with nothing, and makes nothing" {
  run --separate-stderr ukey batch status --json
  [ "$status" -eq 0 ]
  jq -e '.batch == null and .items == [] and .superseded == [] and .spooled == 0' <<<"$output"
  ukey batch status --all --json | jq -e '.batches == []'
  ukey batch export --json | jq -e '.attempts == []'
  run --separate-stderr ukey batch status 123456 --json
  [ "$status" -eq 6 ]
  [ ! -e "$XDG_STATE_HOME" ] || [ -z "$(find "$XDG_STATE_HOME" -name 'ledger.db*')" ]
}

@test "an address that is no URL is a usage error, never a file, and its password is not repeated" {
  local place
  for place in postgresql:u:s3cret postgres:u PostgreSQL:x dbname=/x host=db; do
    run ukey batch run --no-open-bids --ledger "$place" --json
    [ "$status" -eq 2 ]
    [[ $output != *s3cret* ]]
  done
  [ -z "$(ls -A)" ]
}

@test "a damaged ledger is refused before any token is touched, without a promise" {
  local before place=$BATS_TEST_TMPDIR/books/ledger.db
  ukey batch run --dry-run --via cmp --ca-url "$CA_URL" --pin-file "$PIN" --no-open-bids --ledger "$place" >/dev/null
  dd if=/dev/urandom of="$place" bs=4096 seek=3 count=4 conv=notrunc status=none
  before=$(everything)
  run --separate-stderr run_batch --ledger "$place" --json
  [ "$status" -eq 7 ]
  [[ $output$stderr != *follow\ later* ]]
  [ "$(everything)" = "$before" ]
}

@test "a file that is no ledger is refused without a promise that records follow later" {
  echo 'a list of things to do, which is long enough' >notes.txt
  run run_batch --ledger notes.txt
  [ "$status" -eq 7 ]
  [[ $output != *follow\ later* ]]
  [[ $output == *notes.txt* ]]
}

@test "who may only read the ledger asks it all the same, and renews nothing with it" {
  [ "$(id -u)" -eq 0 ] || skip "only root can be another user"
  local folder=/tmp/ukey-books-$$ asked
  mkdir -m 755 "$folder"
  run_batch -t "$DUE" --ledger "$folder/ledger.db" >/dev/null
  chmod 444 "$folder/ledger.db"
  asked=$(reader "$UKEY_BIN" batch export --ledger "$folder/ledger.db" --json | jq -r '.attempts | length')
  run reader "$UKEY_BIN" batch run --via cmp --ca-url "$CA_URL" --no-open-bids --ledger "$folder/ledger.db"
  rm -rf "$folder"
  [ "$asked" = 1 ]
  [ "$status" -eq 7 ]
  [[ $output == *$folder/ledger.db* ]]
}

@test "what waits for a ledger and cannot follow is counted on stderr, and the ledger is read without it" {
  local spool
  mkdir ledger.db
  renew run --via cmp --ca-url "$CA_URL" --ledger "$PWD/ledger.db" >/dev/null
  spool=$(find "$XDG_STATE_HOME/ukey/spool" -type d -name 'ledger_db-*')
  rmdir ledger.db
  run_batch -t "$DUE" --ledger "$PWD/ledger.db" >/dev/null
  [ -z "$(ls "$spool")" ]
  echo 'not a record' >"$spool/attempt-x.json"
  run --separate-stderr ukey batch export --ledger "$PWD/ledger.db" --json
  [ "$status" -eq 0 ]
  jq -e '[.attempts[] | select(.result == "renewed")] | length == 1' <<<"$output"
  [[ $stderr == *"1 records wait"* ]]
}

@test "a serial that the ledger has never seen is not found, and --undo alone is a usage error" {
  run_batch -t "$DUE" >/dev/null
  run ukey batch status --superseded nonsense
  [ "$status" -eq 6 ]
  [[ $output == *"ukey batch export"* ]]
  run ukey batch status --undo
  [ "$status" -eq 2 ]
  local serial
  serial=$(ukey batch export --json | jq -r '.attempts[0].token.serial')
  ukey batch status --superseded "$serial" --json | jq -e --arg serial "$serial" '.superseded[0].serial == $serial'
  ukey batch status --superseded "$serial" --undo --json | jq -e '.superseded == []'
}

@test "a serial that looks like a person's number stays whole, a person's number in a note does not" {
  printf 'serial,note\n1234567890123456,替 11010519491231002X\n' >rows.csv
  run_batch --manifest rows.csv --json | jq -se 'any(.[]; .selector == "1234567890123456")'
  ukey batch plan --manifest rows.csv --json | jq -e '.items[0].selector == "1234567890123456" and (.items[0].note | contains("****"))'
  ukey batch status --json | jq -e '.items[0].selector == "1234567890123456"'
  run grep -c 11010519491231002X -a "$XDG_STATE_HOME/ukey/ledger.db"
  [ "$output" = 0 ]
}

@test "batch plan takes a ledger, and a CA's address with a password in it is refused and kept nowhere" {
  ukey batch plan --ledger "$PWD/none.db" --json | jq -e '.items | length == 9'
  run ukey batch run --via cmp --ca-url http://user:s3cret@127.0.0.1:1/pkix/ --pin-file "$PIN" --no-open-bids
  [ "$status" -eq 2 ]
  [[ $output != *s3cret* ]]
}
