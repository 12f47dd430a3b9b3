# shellcheck shell=bash disable=SC2034,SC2154 # bats sets the others
# What the cases about renewals share: a drawer that begins anew with each case, its CA in the background, and what a
# token holds.

# For setup_file: the drawer, its CA, and the practice PIN in a file.
renewal_stage() {
  quiet_environment
  drawer
  export UKEY_MODULE=practice PIN=$BATS_FILE_TMPDIR/pin
  export DUE=${LABEL[master-due]} SUB=${LABEL[sub-due]} CA_FOLDER=$UKEY_PRACTICE/ca CA_URL
  cd "$BATS_FILE_TMPDIR" || return 1
  cp -a "$UKEY_PRACTICE" pristine
  (umask 077 && echo "$PRACTICE_PIN" >pin && echo 99999999 >wrong-pin)
  practice_ca --json
  echo "$CA_PID" >ca.pid
}

end_renewal_stage() { kill "$(cat "$BATS_FILE_TMPDIR/ca.pid")"; }

# For setup: the tokens as they were made, and no record of a renewal. The CA keeps its register.
anew() {
  cd "$BATS_TEST_TMPDIR" || return 1
  export XDG_STATE_HOME=$BATS_TEST_TMPDIR/records
  rm -rf "$UKEY_PRACTICE/tokens" "$UKEY_PRACTICE/state" "$XDG_STATE_HOME"
  cp -a "$BATS_FILE_TMPDIR/pristine/tokens" "$BATS_FILE_TMPDIR/pristine/state" "$UKEY_PRACTICE"
}

# renew VERB ARGUMENT…: of the token that is due, with the PIN, without open bids, unasked.
renew() { ukey renew "$1" -t "$DUE" --pin-file "$PIN" --no-open-bids --yes "${@:2}"; }

# The certificates of a token, to see which it holds.
holdings() { ukey cert list -t "${1:-$DUE}" --json | jq -c '[.certificates[].sha256] | sort'; }

# Everything that a renewal could change: the objects of all tokens (SoftHSM notes logins in token.object), and the
# register of the CA.
everything() {
  fingerprint "$CA_FOLDER"
  find "$UKEY_PRACTICE/tokens" -name '*.object' ! -name token.object -print0 | sort -z | xargs -0 sha256sum
}

# The record of the last renewal.
record() { cat "$XDG_STATE_HOME"/ukey/renewals/*/*.json; }

# in_both COMMAND…: the command in both languages, its text in `said_en` and `said_zh`, which fit 80 columns but for the
# lines of an error; its exit status in `status`.
in_both() {
  local lang
  for lang in en zh; do
    UKEY_LANG=$lang run "$@"
    echo "$lang, exit $status: $output"
    fits < <(sed '/^ukey: /,+1d' <<<"$output"; echo .)
    printf -v "said_$lang" %s "$output"
  done
  [ "$said_en" != "$said_zh" ]
}
