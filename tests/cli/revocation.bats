#!/usr/bin/env bats
# Revocation lists made by openssl for the practice CA, and what the renewal verdict makes of them.

load stage

setup_file() {
  quiet_environment
  drawer
  local ca=$UKEY_PRACTICE/ca
  export UKEY_MODULE=practice LISTS=$BATS_FILE_TMPDIR/lists
  mkdir "$LISTS"
  ukey cert export sign -t "${LABEL[master-due]}" --out "$LISTS/sign.pem"
  crl_of "$ca/bjca" none
  crl_of "$ca/bjca" revoked "$LISTS/sign.pem"
  crl_of "$ca/hbca" foreign
}

# crl_of CA NAME [CERTIFICATE]: a list of that CA that names the certificate, as openssl ca makes it.
crl_of() {
  local folder=$LISTS/$2.ca config=$LISTS/$2.cnf
  mkdir -p "$folder"
  : >"$folder/index.txt"
  printf '%s\n' '[ca]' 'default_ca = a' '[a]' "database = $folder/index.txt" 'default_md = sha256' \
    'default_crl_days = 30' >"$config"
  if [ $# -gt 2 ]; then openssl ca -batch -config "$config" -cert "$1.pem" -keyfile "$1.key" -revoke "$3" 2>/dev/null; fi
  openssl ca -batch -config "$config" -cert "$1.pem" -keyfile "$1.key" -gencrl -out "$LISTS/$2.crl" 2>/dev/null
}

# verdict LIST…: of the token that is due, with the practice CA trusted.
verdict() {
  local list options=()
  for list; do options+=(--crl "$LISTS/$list.crl"); done
  run --separate-stderr ukey renew check -t "${LABEL[master-due]}" --json --ca-dir "$UKEY_PRACTICE/ca" "${options[@]}"
}

@test "a certificate that a list names is revoked, whatever the window says, and the step is the CA" {
  verdict revoked
  [ "$status" -eq 1 ]
  jq -e '.renewal.verdict == "revoked" and .renewal.next_step == "contact_ca"' <<<"$output"
}

@test "a list that does not name it changes nothing" {
  verdict none
  [ "$status" -eq 0 ]
  jq -e '.renewal.verdict == "open"' <<<"$output"
}

@test "a list of another CA, or one that nobody can verify, answers nothing and is refused" {
  verdict foreign
  [ "$status" -eq 7 ]
  jq -e '.error.code == "bad_input" and .error.subject == "--crl"' <<<"$output"
  run --separate-stderr ukey renew check -t "${LABEL[master-due]}" --json --crl "$LISTS/revoked.crl"
  [ "$status" -eq 7 ]
}

@test "the card says REVOKED in both languages" {
  run --separate-stderr ukey status -t "${LABEL[master-due]}" --ca-dir "$UKEY_PRACTICE/ca" --crl "$LISTS/revoked.crl"
  [[ ${lines[0]} == *REVOKED* ]]
  UKEY_LANG=zh run --separate-stderr ukey status -t "${LABEL[master-due]}" --ca-dir "$UKEY_PRACTICE/ca" --crl "$LISTS/revoked.crl"
  [[ ${lines[0]} == *已吊销* ]]
}
