#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # variables of jq; bats sets and reads the others
# A renewal by a program of the site that is `openssl ca`, read back by pkcs11-tool and `openssl verify`; and files that
# were encrypted before it, opened after it by ukey and by `openssl cms` through the pkcs11 engine.

load ../cli/stage
load issuer

setup_file() {
  quiet_environment
  needs openssl faketime pkcs11-tool jq
  forgive_leaks # of SoftHSM
  cd "$BATS_FILE_TMPDIR" || return 1
  ready_token master-due
  open_office
  site_program
  head -c 20001 /dev/urandom >bid
  openssl cms -encrypt -binary -in bid -outform DER -aes-256-cbc -out before.cbc old-encrypt.pem
  openssl cms -encrypt -binary -in bid -outform DER -aes-256-gcm -out before.gcm old-encrypt.pem
}

setup() {
  cd "$BATS_FILE_TMPDIR" || return 1
  anew
}

# The program that the site lets ask: `openssl ca` certifies the request, and the encryption key that the CA knows gets a
# certificate beside it. It gives the term that was asked for, or TERM_GIVEN.
site_program() {
  cat >program <<-EOF
	#!/bin/bash
	set -euo pipefail
	. "$STAGE_ROOT/tests/peers/issuer.bash"
	echo "asked \$*" >>asked
	cat >request.pem
	cp "\$UKEY_FACTS" facts.json
	jq -r .old.pem facts.json >old.pem
	USCC=\$(jq -r .holder.uscc facts.json)
	end=\$(due old.pem "\${TERM_GIVEN:-\$(jq '.years // 1' facts.json)}")
	sign_request request.pem "\$end"
	certify encrypt "\$end" encrypt.pub
	EOF
  chmod +x program
}

renew() {
  run --separate-stderr ukey renew run --ca-command "$PWD/program {serial}" --pin-file pin --no-open-bids --yes --json "$@"
  echo "exit $status: $output$stderr"
}

field() { openssl x509 -in "$1" -noout "${@:2}"; }

# Serial number and key of each certificate on the token, as pkcs11-tool finds them.
seen() {
  pkcs11-tool --module "$(practice_module)" -O --type cert 2>/dev/null |
    awk '/serial:/ {serial = tolower($2)} /ID:/ {print serial, tolower($2)}' | sort
}

told() { ukey cert list --json | jq -r '.certificates[] | "\(.serial) \(.key_id)"' | sort; }

# current sign|encrypt [KEY]: of the certificate that counts now.
current() {
  ukey cert list --json |
    jq -r '.certificates[] | select(.role == $role and .current)[$key]' --arg role "$1" --arg key "${2:-key_id}"
}

# The certificates that count now, in new-sign.pem and new-encrypt.pem.
fetch() {
  local role
  for role in sign encrypt; do ukey cert export "$(current "$role" sha256)" >"new-$role.pem"; done
}

# renewed YEARS: other tools find the renewed certificates beside the former ones, each with the key that it is for.
renewed() {
  local role
  seen >seen.now
  [ "$(wc -l <seen.now)" -eq 4 ]
  told | diff seen.now -
  fetch
  for role in sign encrypt; do
    openssl verify -x509_strict -CAfile "$UKEY_PRACTICE/ca/root.pem" -untrusted "$UKEY_PRACTICE/ca/bjca.pem" "new-$role.pem"
    [ "$(field "new-$role.pem" -subject -issuer)" = "$(field "old-$role.pem" -subject -issuer)" ]
    [ "$(field "new-$role.pem" -ext keyUsage)" = "$(field "old-$role.pem" -ext keyUsage)" ]
    [ "$(end_of "new-$role.pem")" -eq "$(due "old-$role.pem" "$1")" ]
    grep -i "^$(field "new-$role.pem" -serial | cut -d= -f2) " seen.now | grep "$(current "$role")"
    grep -i "^$(field "old-$role.pem" -serial | cut -d= -f2) " seen.now
    pkcs11-tool --module "$(practice_module)" --read-object --type pubkey --id "$(current "$role")" -o point 2>/dev/null
    [ "$(openssl pkey -pubin -inform DER -in point)" = "$(field "new-$role.pem" -pubkey)" ]
  done
}

# through_engine FILE: what `openssl cms` makes of it with the token's former encryption key, by way of the pkcs11 engine.
through_engine() {
  local engine id
  engine=$(openssl version -e | sed 's/.*"\(.*\)"/\1/')/pkcs11.so
  [ -e "$engine" ] || skip "OpenSSL's pkcs11 engine is not installed"
  printf '%s\n' 'openssl_conf = start' '[start]' 'engines = engines' '[engines]' 'pkcs11 = pkcs11' '[pkcs11]' \
    'engine_id = pkcs11' "dynamic_path = $engine" "MODULE_PATH = $(practice_module)" 'init = 0' >engine.cnf
  id=$(current encrypt | sed 's/../%&/g')
  OPENSSL_CONF=$PWD/engine.cnf openssl cms -decrypt -binary -in "$1" -inform DER -recip old-encrypt.pem -engine pkcs11 \
    -keyform engine -inkey "pkcs11:id=$id;type=private;pin-value=$PRACTICE_PIN" 2>engine.log || { cat engine.log && return 1; }
}

# still_opens FILE: with an older certificate, by ukey and by OpenSSL.
still_opens() {
  run ukey envelope check --login --pin-file pin --json "$1"
  [ "$status" -eq 0 ]
  says '.envelopes | length == 1 and .[0].opens == "older" and .[0].has_private_key'
  ukey envelope decrypt "$1" -o - --pin-file pin | cmp - bid
  through_engine "$1" | cmp - bid
}

@test "what \`openssl ca\` answers is on the token afterwards, as pkcs11-tool and \`openssl verify\` find" {
  rm -f asked
  renew --years 1
  [ "$status" -eq 0 ]
  says '.result == "renewed" and .generation == "renewed" and .via == "command" and .error == null and all(.steps[]; .done)' \
    '.certificates | map(.role) | sort == ["encrypt", "sign"]'
  renewed 1
  is_over
  [ "$(cat asked)" = "asked $(jq -r .token.serial facts.json)" ]
  openssl req -in request.pem -noout -verify
  [ "$(openssl req -in request.pem -noout -pubkey)" = "$(cat sign.pub)" ]
  [ "$(openssl req -in request.pem -noout -subject)" = "$(field old-sign.pem -subject)" ]
  jq -e '.years == 1 and .role == "sign" and .ca.id == "bjca"' facts.json
  cmp <(jq -r .old.pem facts.json | openssl x509) <(openssl x509 -in old-sign.pem)
}

@test "the term is the one that was asked for, and without one what the CA gives" {
  renew --years 2
  [ "$status" -eq 0 ]
  renewed 2
  anew
  TERM_GIVEN=2 renew
  [ "$status" -eq 0 ]
  jq -e '.years == null' facts.json
  renewed 2
}

@test "another term than the one asked for, or than the platform allows, is refused" {
  local before
  before=$(objects)
  TERM_GIVEN=2 renew --years 1
  [ "$status" -eq 8 ]
  says '.error.code == "certificate_unfit" and .generation == "former" and (.resume_due | not)' \
    '[.certificates[].fitness[] | select(.result != "ok").check] | unique == ["term"]'
  TERM_GIVEN=3 renew
  [ "$status" -eq 8 ]
  says '[.certificates[].fitness[] | select(.result != "ok").check] | unique == ["term"]'
  is_over
  diff <(objects) - <<<"$before"
}

@test "with new keys \`openssl ca\` certifies the new one, and pkcs11-tool finds the pair beside the old one" {
  local before
  before=$(current sign)
  renew --rekey --years 1
  [ "$status" -eq 0 ]
  renewed 1
  [ "$(current sign)" != "$before" ]
  [ "$(openssl req -in request.pem -noout -pubkey)" != "$(cat sign.pub)" ]
  local kind
  for kind in privkey pubkey; do
    pkcs11-tool --module "$(practice_module)" --login --pin "$PRACTICE_PIN" -O --type "$kind" 2>/dev/null >keys
    [ "$(grep -c 'ID:' keys)" -eq 3 ]
    grep -q "ID: *$before" keys
    grep -q "ID: *$(current sign)" keys
  done
  # another tool signs with it, and OpenSSL verifies by the new certificate
  pkcs11-tool --module "$(practice_module)" --login --pin "$PRACTICE_PIN" --id "$(current sign)" --sign \
    --mechanism SHA256-RSA-PKCS -i bid -o bid.signature 2>/dev/null
  openssl dgst -sha256 -verify <(field new-sign.pem -pubkey) -signature bid.signature bid
}

@test "a CA that wants a request for each key gets both, and with new keys each is signed by its own" {
  mkdir -p each/cas
  sed 's/^certificates = .*/certificates = "each_key"/' "$STAGE_ROOT/pkcs11-profiles/cas/bjca.toml" >each/cas/bjca.toml
  cat >certifier <<-EOF
	#!/bin/bash
	set -euo pipefail
	. "$STAGE_ROOT/tests/peers/issuer.bash"
	cat >request.pem
	openssl req -in request.pem -noout -verify
	openssl req -in request.pem -noout -pubkey >request.pub
	. ./holder
	jq -r .old.pem "\$UKEY_FACTS" >old.pem
	certify "\$(jq -r .role "\$UKEY_FACTS")" "\$(due old.pem 1)" request.pub
	EOF
  chmod +x certifier
  run --separate-stderr ukey --profiles each renew run --ca-command "$PWD/certifier" --pin-file pin --no-open-bids --yes --rekey --json
  echo "exit $status: $output$stderr"
  [ "$status" -eq 0 ]
  says '.result == "renewed" and (.certificates | map(.role) | sort) == ["encrypt", "sign"] and all(.certificates[]; .new_key)'
  ukey envelope encrypt bid -o each.cms --yes
  ukey envelope decrypt each.cms -o - --pin-file pin | cmp - bid
}

@test "a program that refuses is told in its own words, and the token is as it was" {
  local before
  before=$(objects)
  printf '#!/bin/sh\necho looking >&2\necho "费用未缴 fee not paid" >&2\nexit 3\n' >refusing
  chmod +x refusing
  run --separate-stderr ukey renew run --ca-command ./refusing --pin-file pin --no-open-bids --yes --json
  echo "exit $status: $output"
  [ "$status" -eq 9 ]
  says '.error.code == "ca_refused" and (.error.subject | contains("费用未缴 fee not paid"))'
  is_over
  diff <(objects) - <<<"$before"
}

@test "a file encrypted before a renewal is opened after it, by ukey and by OpenSSL's pkcs11 engine" {
  run ukey envelope check --json before.cbc before.gcm
  says '[.envelopes[].opens] == ["current", "current"]'
  renew
  [ "$status" -eq 0 ]
  still_opens before.cbc
  still_opens before.gcm
  fetch
  openssl cms -encrypt -binary -in bid -outform DER -aes-256-cbc -out after new-encrypt.pem
  run ukey envelope check --json after
  says '[.envelopes[].opens] == ["current"]'
  ukey envelope decrypt after -o - --pin-file pin | cmp - bid
}

@test "a file encrypted before a renewal with new keys and removal is opened after it all the same" {
  renew --rekey --retire-old
  [ "$status" -eq 0 ]
  says 'any(.certificates[]; .role == "sign" and .old_removed) and all(.certificates[]; .role == "sign" or (.old_removed | not))'
  still_opens before.cbc
  still_opens before.gcm
}
