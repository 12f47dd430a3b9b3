#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # variables of jq; bats sets and reads the others
# Renewals over CMP: with OpenSSL's own server, with the practice CA, and with servers that are down, silent or broken:
# those leave the token and the journal as they were.

load ../cli/stage
load issuer

setup_file() {
  quiet_environment
  needs openssl faketime jq cc
  forgive_leaks # of SoftHSM
  cd "$BATS_FILE_TMPDIR" || return 1
  ready_token master-due
  certify sign "$(due old-sign.pem 1)" sign.pub >next-sign.pem
  certify encrypt "$(due old-encrypt.pem 1)" encrypt.pub >next-encrypt.pem
  (umask 077 && echo practice >secret && echo mistaken >other-secret)
  cc -O1 -o bad_server "$STAGE_ROOT/tests/peers/bad_server.c"
  objects >objects.before
  certificates >certificates.before
}

setup() {
  cd "$BATS_FILE_TMPDIR" || return 1
  CA_PID='' SERVER=''
  anew
}

teardown() {
  [ -z "$CA_PID" ] || end_practice_ca || true
  stop
}

certificates() { ukey cert list --json | jq -r '.certificates[] | "\(.role) \(.sha256) \(.not_after) \(.current)"' | sort; }

# port_of PATTERN FILE: waits until the server in the background has said where it is.
port_of() {
  await_of "$SERVER" grep -qP "$1" "$2" || { cat "$2" && return 1; }
  PORT=$(grep -oP "$1" "$2")
}

# serves OPTION…: OpenSSL's CMP server in the background, which answers with the next certificates of this token.
serves() {
  stop
  openssl cmp -config '' -port 0 -srv_cert "$UKEY_PRACTICE/ca/bjca.pem" -srv_key "$UKEY_PRACTICE/ca/bjca.key" \
    -srv_trusted "$UKEY_PRACTICE/ca/root.pem" -srv_untrusted "$UKEY_PRACTICE/ca/bjca.pem" -rsp_cert next-sign.pem \
    -rsp_extracerts next-encrypt.pem -verbosity 7 "$@" >server.log 2>&1 3>&- </dev/null &
  SERVER=$!
  port_of 'ACCEPT \S*:\K[0-9]+' server.log
}

# misbehaves HOW: another server, which does.
misbehaves() {
  stop
  ./bad_server "$1" >server.log 2>&1 3>&- </dev/null &
  SERVER=$!
  port_of '^[0-9]+$' server.log
}

stop() {
  [ -z "${SERVER-}" ] || { kill "$SERVER" && wait "$SERVER"; } 2>/dev/null || true
  SERVER=
}

# asks URL OPTION…: a renewal by CMP.
asks() {
  run --separate-stderr ukey renew run --ca-url "$1" --pin-file pin --no-open-bids --yes --json "${@:2}"
  echo "renew run --ca-url $*: exit $status: $output$stderr"
}

url() { echo "http://127.0.0.1:$PORT/pkix/"; }

# renewed: the next certificates lie beside the former ones and count now; then all is put back as it was.
renewed() {
  local role
  [ "$status" -eq 0 ]
  says '.result == "renewed" and .generation == "renewed" and .via == "cmp" and all(.steps[]; .done)'
  for role in sign encrypt; do
    certificates | grep "^$role $(openssl x509 -in "next-$role.pem" -outform DER | sha256sum | cut -d' ' -f1) .* true$"
    certificates | grep "^$role $(openssl x509 -in "old-$role.pem" -outform DER | sha256sum | cut -d' ' -f1) .* false$"
  done
  [ "$(certificates | wc -l)" -eq 4 ]
  is_over
  anew
}

# failed STATUS CODE: the token holds what it held, and nothing is left to be finished.
failed() {
  [ "$status" -eq "$1" ]
  says '.error.code == $code and .result == "failed" and .generation == "former" and (.resume_due | not)' --arg code "$2"
  certificates | diff certificates.before -
  objects | diff objects.before -
  is_over
}

@test "OpenSSL's server answers cr and p10cr, protected by the token's old certificate" {
  local command
  for command in cr p10cr; do
    serves
    asks "$(url)" --cmp-command "$command"
    renewed
    grep -q "received ${command^^}\$" server.log
    grep -q 'received CERTCONF' server.log
  done
}

@test "OpenSSL's server is polled while it says to wait" {
  serves -poll_count 2 -check_after 1
  asks "$(url)" --cmp-command cr
  renewed
  [ "$(grep -c 'received POLLREQ' server.log)" -eq 2 ]
}

@test "OpenSSL's server takes a shared secret by its reference, and refuses a wrong one" {
  local command
  for command in cr p10cr; do
    serves -srv_secret pass:practice -srv_ref 0007
    asks "$(url)" --cmp-command "$command" --ca-secret-file secret --ca-reference 0007
    renewed
    serves -srv_secret pass:practice -srv_ref 0007
    asks "$(url)" --cmp-command "$command" --ca-secret-file other-secret --ca-reference 0007
    failed 9 ca_refused
  done
}

@test "a shared secret is no PIN and may have any characters" {
  (umask 077 && printf ' 口令０' >any-secret)
  serves -srv_secret 'pass: 口令０' -srv_ref 0007
  asks "$(url)" --cmp-command cr --ca-secret-file any-secret --ca-reference 0007
  renewed
}

@test "a rejection by OpenSSL's server is told in its own words" {
  local command
  serves -pkistatus 2 -failure 2 -statusstring 'fee not paid 未缴费'
  for command in cr p10cr; do
    asks "$(url)" --cmp-command "$command"
    failed 9 ca_refused
    says '.error.subject | contains("fee not paid 未缴费") and contains("badRequest")'
  done
  serves -send_error
  asks "$(url)" --cmp-command cr
  failed 9 ca_refused
}

@test "an update is refused by OpenSSL's server, which knows its next certificate only, and the token is as it was" {
  serves
  asks "$(url)" # kur
  failed 9 ca_refused
  says '.error.subject | contains("wrong certid")'
}

@test "an answer of OpenSSL's server without the encryption certificate, or for another key, is not taken" {
  cp next-encrypt.pem saved.pem
  openssl x509 -in "$UKEY_PRACTICE/ca/bjca.pem" >next-encrypt.pem
  serves
  cp saved.pem next-encrypt.pem
  asks "$(url)" --cmp-command cr
  failed 8 certificate_unfit
  serves -rsp_cert next-encrypt.pem
  asks "$(url)" --cmp-command cr
  failed 8 certificate_unfit
}

@test "an answer that somebody else has signed is not taken" {
  openssl req -x509 -newkey rsa:2048 -nodes -keyout other.key -out other.pem -days 30 -subj '/C=CN/O=BJCA/CN=Other' 2>/dev/null
  serves -srv_cert other.pem -srv_key other.key
  asks "$(url)" --cmp-command cr
  failed 9 ca_refused
  asks "$(url)" --cmp-command cr --ca-file other.pem # named, it may sign
  renewed
}

# forgetful_ca OPTION…: the practice CA, which else gives again what it has issued for a key.
forgetful_ca() {
  rm -r "$UKEY_PRACTICE/ca/issued"
  cp -a pristine/ca/issued "$UKEY_PRACTICE/ca"
  practice_ca --listen 127.0.0.1:0 "$@"
}

@test "the practice CA updates by kur, for one year and for two, and with a new key" {
  local option
  for option in --years=1 --years=2 --rekey; do
    forgetful_ca
    asks "$CA_URL" --cmp-command kur "$option"
    [ "$status" -eq 0 ]
    says '.result == "renewed" and all(.certificates[]; .new.not_after > .old.not_after)'
    [ "$(certificates | wc -l)" -eq 4 ]
    is_over
    end_practice_ca
    anew
  done
}

@test "the practice CA's own faults: a reason, and a certificate for another key" {
  forgetful_ca --reject '资料不全'
  asks "$CA_URL"
  failed 9 ca_refused
  says '.error.subject | contains("资料不全")'
  end_practice_ca
  forgetful_ca --wrong-key
  asks "$CA_URL"
  failed 8 certificate_unfit
  says '.error | (.message | contains("not for this token'"'"'s key")) and (.hint | contains("--file") | not)'
}

@test "a server that is down, hangs up, sends rubbish or an error of HTTP is unreachable" {
  local how
  misbehaves silent
  stop # its port is closed now
  asks "$(url)"
  failed 9 ca_unreachable
  says '.error.subject | startswith($url)' --arg url "$(url)"
  for how in cut rubbish $'HTTP/1.0 500 Internal Server Error\r\n\r\n' \
    $'HTTP/1.0 404 Not Found\r\nContent-Type: text/html\r\n\r\n<p>none</p>' \
    $'HTTP/1.0 200 OK\r\nContent-Type: application/pkixcmp\r\nContent-Length: 4\r\n\r\n0\x01\x02\x03' \
    $'HTTP/1.0 200 OK\r\nContent-Type: application/pkixcmp\r\nContent-Length: 4000\r\n\r\n0'; do
    misbehaves "$how"
    asks "$(url)"
    echo "how: $how"
    failed 9 ca_unreachable
  done
}

# site SECONDS: the profile of the CA as a site has it, with the server that runs now.
site() {
  mkdir -p site/cas
  {
    cat "$STAGE_ROOT/pkcs11-profiles/cas/bjca.toml"
    printf '[renewal]\nvia = "cmp"\nurl = "%s"\ncmp_command = "cr"\ntimeout_seconds = %s\n' "$(url)" "$1"
  } >site/cas/bjca.toml
}

@test "a server that never answers, or lets wait too long, is given up after the time of the site's profile" {
  misbehaves silent
  site 2
  run --separate-stderr ukey renew run --profiles site --pin-file pin --no-open-bids --yes --json
  echo "exit $status: $output$stderr"
  failed 9 ca_unreachable
  serves -poll_count 100 -check_after 1
  site 3
  run --separate-stderr ukey renew run --profiles site --pin-file pin --no-open-bids --yes --json
  echo "exit $status: $output$stderr"
  failed 9 ca_unreachable
  serves
  site 30
  run --separate-stderr ukey renew run --profiles site --pin-file pin --no-open-bids --yes --json
  renewed
}

@test "with new keys a CA that cannot be reached leaves the pair for a resume, and --undo takes it away" {
  misbehaves silent
  stop
  asks "$(url)" --rekey
  [ "$status" -eq 9 ]
  says '.error.code == "ca_unreachable" and .generation == "former" and .resume_due'
  certificates | diff certificates.before -
  run --separate-stderr ukey renew resume --undo --pin-file pin --yes --json
  [ "$status" -eq 0 ]
  says '.result == "undone"'
  objects | diff objects.before -
  is_over
}
