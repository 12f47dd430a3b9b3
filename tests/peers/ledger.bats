#!/usr/bin/env bats
# shellcheck disable=SC2030,SC2031,SC2154 # bats sets and reads the others
# The ledger on PostgreSQL from the distribution, and its tables as psql and sqlite3 read them.

load ../cli/stage
load postgres

setup_file() {
  quiet_environment
  start_postgres
}

teardown_file() { stop_postgres; }

setup() {
  CASES=$STAGE_ROOT/build/dev/bin/test_ledger
  SERVER_CASES=$STAGE_ROOT/build/dev/bin/test_ledger_server
}

# all_passed: what the cases say of themselves, and that there were at least this many.
all_passed() {
  local passed
  passed=$(sed -n 's/^\[doctest\] test cases: *[0-9]* *| *\([0-9]*\) passed *| *0 failed.*/\1/p' <<<"$output")
  if [ "$status" -ne 0 ] || [ "${passed:-0}" -lt "$1" ]; then echo "$output" && return 1; fi
}

# The sample ledger's rows, as one line a row.
sample_query="SELECT a.serial, a.holder, a.result, a.error_code, s.step, s.done_at, b.ended, o.word, i.state, i.number
  FROM attempts a JOIN attempt_steps s ON s.attempt = a.id JOIN batches b ON b.id = a.batch
  JOIN batch_options o ON o.batch = b.id JOIN batch_items i ON i.batch = b.id
  WHERE b.id = '00000000000000000000000000000001' AND s.position = 1 AND o.position = 1 ORDER BY i.number"

sample_rows() {
  local row='590bee135b071e59|青海练习建设有限公司|failed|token_refused|bids|2026-11-22T02:00:02Z|2026-11-22T03:00:00Z|名单.csv|failed'
  printf '%s|%s\n' "$row" 1 "$row" 2
}

@test "every case of the store and of the book holds on PostgreSQL too, and leaves no entry double or in parts" {
  needs_postgres
  UKEY_TEST_POSTGRES=$PG_URL run "$CASES" --no-colors -tc='ledger:*,book: an entry*'
  all_passed 15
  [ "$(pg_asks 'SELECT version FROM ukey_schema')" = 1 ]
  [ "$(pg_asks 'SELECT count(*) FROM batch_items')" -ge 10000 ]
  # what a killed writer began is not there in parts
  [ "$(pg_asks "SELECT count(*) FROM attempts a WHERE bid_answer IS NOT NULL AND bid_at > '2000' AND
    (SELECT count(*) FROM attempt_bid_files f WHERE f.attempt = a.id) <> 3")" = 0 ]
  [ "$(pg_asks 'SELECT count(*) FROM attempt_steps WHERE attempt NOT IN (SELECT id FROM attempts)')" = 0 ]
}

@test "eight writers that find an empty database make its tables once and lose nothing" {
  local round
  needs_postgres
  for round in 1 2 3; do
    psql -q "$PG_URL" -c "CREATE DATABASE fresh$round"
    UKEY_TEST_POSTGRES=${PG_URL%/*}/fresh$round run "$CASES" --no-colors -tc='ledger: eight writers*'
    all_passed 1
    [ "$(psql -qAtX "${PG_URL%/*}/fresh$round" -c 'SELECT count(*), count(DISTINCT id) FROM attempts')" = "80|80" ]
  done
}

@test "a server that refuses, is cut off, frozen or stays away loses no entry, and says nothing of its secrets" {
  needs_postgres
  UKEY_TEST_POSTGRES=$PG_URL UKEY_TEST_POSTGRES_SWITCH=$(pg_switch) run "$SERVER_CASES" --no-colors
  all_passed 5
  [[ $output != *practice-only* ]]
}

@test "psql reads what the ledger keeps, in tables that need no explanation" {
  needs_postgres
  UKEY_TEST_LEFT=$PG_URL run "$CASES" --no-colors -tc='readers:*'
  all_passed 1
  diff <(pg_asks "$sample_query") <(sample_rows)
}

@test "sqlite3 reads the same from a ledger in a file, which is whole" {
  needs sqlite3
  UKEY_TEST_LEFT=$BATS_TEST_TMPDIR/ledger.db run "$CASES" --no-colors -tc='readers:*'
  all_passed 1
  diff <(sqlite3 "$BATS_TEST_TMPDIR/ledger.db" "$sample_query") <(sample_rows)
  [ "$(sqlite3 "$BATS_TEST_TMPDIR/ledger.db" 'PRAGMA integrity_check')" = ok ]
  [ "$(sqlite3 "$BATS_TEST_TMPDIR/ledger.db" 'PRAGMA journal_mode')" = wal ]
}

@test "no table has a place for a PIN" {
  needs sqlite3
  UKEY_TEST_LEFT=$BATS_TEST_TMPDIR/ledger.db run "$CASES" --no-colors -tc='readers:*'
  all_passed 1
  run sqlite3 "$BATS_TEST_TMPDIR/ledger.db" "SELECT m.name, p.name FROM sqlite_master m, pragma_table_info(m.name) p
    WHERE p.name LIKE '%pin%' OR p.name LIKE '%person%' OR p.name LIKE '%secret%'"
  [ "$output" = "batch_items|pin_source" ] # says which source, never what it gave
}

@test "who may only read a database asks it, and begins no batch with it" {
  needs_postgres
  local guest=${PG_URL/ukey@/guest@} export=$BATS_TEST_TMPDIR/attempts.json
  export UKEY_PRACTICE=$BATS_TEST_TMPDIR/drawer UKEY_MODULE=practice
  pg_asks 'DROP SCHEMA public CASCADE; CREATE SCHEMA public' >/dev/null
  UKEY_TEST_LEFT=$PG_URL run "$CASES" --no-colors -tc='readers:*'
  pg_asks 'GRANT USAGE ON SCHEMA public TO guest; GRANT SELECT ON ALL TABLES IN SCHEMA public TO guest' >/dev/null
  ukey batch export --ledger "$guest" --json >"$export"
  jq -e '.attempts | length >= 1' "$export"
  ukey batch status --all --ledger "$guest" --json | jq -e '.batches | length >= 1'
  run --separate-stderr ukey batch run --no-open-bids --ledger "$guest" --json
  [ "$status" -eq 7 ]
  jq -e '.error.code == "ledger"' <<<"$output"
  [[ $stderr != *follow\ later* ]]
}
