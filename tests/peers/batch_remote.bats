#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # variables of jq; bats sets and reads the others
# The tokens of another machine, renewed in one batch through p11-kit's server.

load ../cli/stage
load ../cli/renewal
load remote

setup_file() {
  needs p11-kit jq
  [ ! -x "${UKEY_RELEASE_BIN-}" ] || export UKEY_BIN=$UKEY_RELEASE_BIN
  renewal_stage
  forgive_leaks # of p11-kit's client
  export XDG_RUNTIME_DIR=$BATS_FILE_TMPDIR/r
  mkdir -m 700 "$XDG_RUNTIME_DIR"
}

teardown_file() { end_renewal_stage; }

setup() {
  export UKEY_MODULE=practice
  anew
  needs_remoting
}

teardown() { all_fall; }

run_batch() { ukey batch run --via cmp --ca-url "$CA_URL" --pin-file "$PIN" --no-open-bids --json "$@"; }

@test "a batch of remote tokens renews what is due, several at once, each over a line of its own" {
  serve "$(practice_module)"
  run --separate-stderr run_batch --jobs 4
  [ "$status" -eq 0 ]
  jq -se '.[-1] | .renewed == 4 and .skipped == 5 and .failed == 0' <<<"$output"
  run --separate-stderr run_batch
  jq -se '.[-1] | .renewed == 0 and .skipped == 9' <<<"$output"
  UKEY_MODULE=practice ukey status --json | jq -e '[.tokens[] | select(.renewal.verdict == "open")] == []'
  ukey batch export --json | jq -e '[.attempts[] | select(.result == "renewed") | .token.serial] | length == 4 and (unique | length) == 4'
}

@test "a line that is cut during a batch fails what is under way, and a resume ends it whole" {
  serve "$(practice_module)" '@master-due/C_CreateObject!:1=die'
  run --separate-stderr run_batch --jobs 2
  [ "$status" -eq 10 ]
  jq -se '.[-1] | .renewed == 3 and .failed == 1' <<<"$output"
  all_fall
  serve "$(practice_module)"
  run --separate-stderr ukey batch resume --json
  [ "$status" -eq 0 ]
  jq -se '.[-1] | .renewed == 4 and .failed == 0' <<<"$output"
}

@test "a server that dies in mid-batch fails the tokens that were to come, and a resume renews them" {
  export UKEY_PRACTICE_DELAY_MS=10
  serve "$(practice_module)"
  run_batch --jobs 1 >events 2>said &
  local parent=$!
  await_of "$parent" grep -q '"result":"renewed"' events
  all_fall
  wait "$parent" || true
  unset UKEY_PRACTICE_DELAY_MS
  jq -se '.[-1] | .renewed >= 1 and .failed >= 1 and .left == 0' events
  serve "$(practice_module)"
  run --separate-stderr ukey batch resume --json
  jq -se '.[-1]' <<<"$output"
  [ "$status" -eq 0 ]
  jq -se '.[-1] | .renewed == 4 and .failed == 0 and .left == 0' <<<"$output"
}
