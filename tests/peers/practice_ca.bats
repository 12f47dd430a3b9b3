#!/usr/bin/env bats
# shellcheck disable=SC2030,SC2031,SC2154 # bats sets and reads them
# The practice CA against OpenSSL's own CMP client and `openssl verify`, with keys in files: in RSA and on P-256.

load ../cli/stage

setup_file() {
  quiet_environment
  needs openssl curl
  cd "$BATS_FILE_TMPDIR" || return 1
  export UKEY_PRACTICE=$BATS_FILE_TMPDIR/drawer
  ukey practice create jsca blank --json >/dev/null
  CA=$UKEY_PRACTICE/ca
  export CA
  customer rsa 1001 RSA rsa_keygen_bits:2048
  customer ec 1002 EC ec_paramgen_curve:P-256
}

setup() {
  cd "$BATS_FILE_TMPDIR" || return 1
  CA_PID=
}

teardown() { [ -z "$CA_PID" ] || end_practice_ca || true; }

# certificate NAME ISSUER USAGE: a certificate of 20 days for NAME.key, by that intermediate.
certificate() {
  openssl req -new -key "$1.key" -utf8 -subj '/C=CN/O=青海练习软件有限公司/CN=青海练习软件有限公司' -out "$1.csr"
  printf '%s\n' "keyUsage=critical,$3" subjectKeyIdentifier=hash authorityKeyIdentifier=keyid \
    1.2.156.10260.4.1.4=ASN1:UTF8String:91630000PRACT099X1 >"$1.ext"
  openssl x509 -req -in "$1.csr" -CA "$CA/$2.pem" -CAkey "$CA/$2.key" -days 20 -extfile "$1.ext" -out "$1.pem" 2>/dev/null
}

# customer NAME NUMBER ALGORITHM OPTION: two key pairs with certificates, entered in the register as those of one token.
customer() {
  local role
  for role in sign encrypt; do
    openssl genpkey -quiet -algorithm "$3" -pkeyopt "$4" -out "$1-$role.key"
  done
  certificate "$1-sign" "${5:-bjca}" digitalSignature,nonRepudiation
  certificate "$1-encrypt" "${5:-bjca}" keyEncipherment,dataEncipherment
  {
    printf 'token %s\nbrand %s\nstate confirmed\n' "$1" "${5:-bjca}"
    cat "$1-sign.pem" "$1-encrypt.pem"
  } >"$CA/issued/$2.pem"
}

# asks COMMAND NAME NEWKEY ARGUMENT…: OpenSSL's client; the certificate comes in new.pem, those beside it in extra.pem.
asks() {
  local command=$1 name=$2 key=$3
  shift 3
  rm -f new.pem extra.pem
  [ "$command" != p10cr ] || set -- -csr request.csr "$@"
  openssl cmp -config '' -cmd "$command" -server "127.0.0.1:$CA_PORT" -path pkix/ -cert "$name-sign.pem" -key "$name-sign.key" \
    -newkey "$key" -trusted "$CA/root.pem" -out_trusted "$CA/root.pem" -certout new.pem -extracertsout extra.pem "$@" 2>&1
}

field() { openssl x509 -in "$1" -noout "${@:2}"; }

# The name, the numbers and the use are those of the old certificate, and the chain is good.
continues() {
  [ "$(field "$1" -subject -issuer)" = "$(field "$2" -subject -issuer)" ]
  [ "$(field "$1" -ext keyUsage)" = "$(field "$2" -ext keyUsage)" ]
  [ "$(field "$1" -text | grep -A1 1.2.156.10260.4.1.4)" = "$(field "$2" -text | grep -A1 1.2.156.10260.4.1.4)" ]
  openssl verify -CAfile "$CA/root.pem" -untrusted "$CA/bjca.pem" "$1"
}

# ends YEARS OLD NEW: the new one ends so many calendar years after the old one, by Beijing's calendar.
ends() {
  local old new
  old=$(date -u -d "$(field "$2" -enddate | cut -d= -f2)" +%s)
  new=$(date -u -d "$(field "$3" -enddate | cut -d= -f2)" +%s)
  [ "$(date -u -d "$(date -u -d "@$((old + 28800))" +%FT%T) $1 year" +%s)" -eq $((new + 28800)) ]
}

# The file of the encryption certificate among those in a bundle.
encryption_of() {
  local file
  rm -f beside-*
  csplit -q -z -f beside- "$1" '/-----BEGIN/' '{*}'
  for file in beside-*; do
    if field "$file" -ext keyUsage | grep -q 'Key Encipherment'; then echo "$file"; fi
  done 2>/dev/null
}

@test "OpenSSL's client is given both certificates by kur, cr and p10cr, for a new key and for the old one" {
  local kind command key encryption
  practice_ca
  for kind in rsa ec; do
    for command in kur cr p10cr; do
      for key in $kind-sign.key fresh.key; do
        echo "$kind $command $key"
        openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out fresh.key
        openssl req -new -key "$key" -utf8 -subj '/C=CN/O=青海练习软件有限公司/CN=青海练习软件有限公司' -out request.csr
        asks "$command" "$kind" "$key"
        [ "$(field new.pem -pubkey)" = "$(openssl pkey -in "$key" -pubout)" ]
        continues new.pem $kind-sign.pem
        ends 1 $kind-sign.pem new.pem
        [ "$(grep -c BEGIN extra.pem)" -eq 2 ] # the encryption certificate and the intermediate
        encryption=$(encryption_of extra.pem)
        continues "$encryption" $kind-encrypt.pem
        [ "$(field "$encryption" -pubkey)" = "$(openssl pkey -in $kind-encrypt.key -pubout)" ]
        [ "$(field "$encryption" -dates)" = "$(field new.pem -dates)" ]
      done
    done
  done
  end_practice_ca
}

@test "an answer that was lost is given again, also by a CA that was started anew" {
  openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out lost.key
  practice_ca
  asks kur ec lost.key
  cp new.pem first.pem
  local before
  before=$(find "$CA/issued" -name '*.pem' | wc -l)
  asks kur ec lost.key
  cmp first.pem new.pem
  end_practice_ca
  practice_ca --as-of "$(date -u -d '1 hour' +%FT%TZ)"
  asks cr ec lost.key
  cmp first.pem new.pem
  [ "$(find "$CA/issued" -name '*.pem' | wc -l)" -eq "$before" ]
}

@test "the term is what --days asks for, else what --years says, and never another" {
  practice_ca --years 2
  openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out two.key
  asks kur ec two.key
  ends 2 ec-sign.pem new.pem
  openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out one.key
  asks kur ec one.key -days 365
  ends 1 ec-sign.pem new.pem
  openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ten.key
  run asks kur ec ten.key -days 3650
  [ "$status" -ne 0 ]
  [[ $output == *rejection*badCertTemplate*"1 or 2 years"* ]]
}

@test "JSCA, an expired certificate, a stranger, a password and no protection at all are refused" {
  customer legacy 1003 EC ec_paramgen_curve:P-256 jsca
  practice_ca
  run asks kur legacy legacy-sign.key
  [ "$status" -ne 0 ]
  [[ $output == *rejection*unacceptedPolicy*"no longer renews"* ]]
  run asks kur ec ec-sign.key -secret pass:practice
  [ "$status" -ne 0 ]
  [ ! -e new.pem ]
  run asks kur ec ec-sign.key -unprotected_requests
  [ "$status" -ne 0 ]
  [ ! -e new.pem ]
  run asks cr ec ec-sign.key -popo -1
  [ "$status" -ne 0 ]
  [[ $output == *badPOP* ]]
  run asks cr ec ec-sign.key -popo 0
  [ "$status" -ne 0 ]
  [[ $output == *badPOP* ]]
  openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out stranger-sign.key
  certificate stranger-sign bjca digitalSignature # right by the chain, not in the register
  run asks kur stranger stranger-sign.key
  [ "$status" -ne 0 ]
  [ ! -e new.pem ]
  end_practice_ca
  practice_ca --as-of "$(date -u -d '21 days' +%FT%TZ)"
  run asks kur ec ec-sign.key
  [ "$status" -ne 0 ]
  [[ $output == *rejection*signerNotTrusted*"has expired"* ]]
}

@test "the faults to train with: a reason, waiting, lateness, another key" {
  practice_ca --reject 'papers are missing'
  run asks kur ec ec-sign.key
  [ "$status" -ne 0 ]
  [[ $output == *rejection*"papers are missing"* ]]
  end_practice_ca
  practice_ca --poll 2 --delay-ms 200
  run asks kur ec ec-sign.key
  [ "$status" -eq 0 ]
  [ "$(grep -c 'sending POLLREQ' <<<"$output")" -eq 2 ]
  run asks kur ec ec-sign.key -msg_timeout 60 -keep_alive 0
  [ "$status" -eq 0 ]
  end_practice_ca
  practice_ca --delay-ms 5000
  run asks kur ec ec-sign.key -msg_timeout 1
  [ "$status" -ne 0 ]
  [[ $output == *[Tt]imeout* || $output == *timed\ out* ]]
  end_practice_ca
  practice_ca --wrong-key
  local before
  before=$(find "$CA/issued" -name '*.pem' | wc -l)
  run asks kur rsa rsa-sign.key
  [ "$status" -ne 0 ]
  [ "$(find "$CA/issued" -name '*.pem' | wc -l)" -eq "$before" ]
}

@test "eight clients at once each get their own" {
  practice_ca
  local i pids=()
  for i in {1..8}; do
    openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "many$i.key"
    mkdir -p "many$i"
    (
      cp ec-* "many$i.key" "many$i" && cd "many$i" && asks kur ec "many$i.key" >log
    ) &
    pids+=($!)
  done
  for i in "${pids[@]}"; do wait "$i"; done
  for i in {1..8}; do [ "$(field "many$i/new.pem" -pubkey)" = "$(openssl pkey -in "many$i.key" -pubout)" ]; done
}

@test "it says where it answers in one line or one document, ends cleanly, and answers nobody else" {
  practice_ca
  [ "$(wc -l <ca.said)" -eq 1 ]
  fits <ca.said
  grep -q 'practice only' ca.said
  # of the loopback device alone, in the kernel's hexadecimal
  grep -q " 0100007F:$(printf %04X "$CA_PORT") 00000000:0000 0A" /proc/net/tcp
  end_practice_ca TERM
  UKEY_LANG=zh practice_ca --listen localhost:0
  fits <ca.said
  grep -q '仅供练习' ca.said
  local ended=0
  end_practice_ca INT || ended=$? # not by run: only its own shell can wait for it
  [ "$ended" -eq 130 ]
  practice_ca --json
  jq -e '.command == "practice ca" and .years == 1 and (.url | test("^http://127.0.0.1:[0-9]+/pkix/$"))' ca.said
  end_practice_ca
  jq -es 'length == 1' ca.said
}

@test "another address, a taken port, no drawer and a drawer without a register are refused" {
  local place
  for place in 0.0.0.0:0 192.168.1.1:80 127.0.0.1 '[::]:0' example.org:80; do refused 2 practice ca --listen "$place"; done
  refused 2 practice ca --poll many
  refused 2 practice ca --years 3
  practice_ca
  refused 7 practice ca --listen "127.0.0.1:$CA_PORT"
  UKEY_PRACTICE=$PWD/nowhere run --separate-stderr ukey practice ca --json
  [ "$status" -eq 4 ]
  says '.error.code == "no_token"'
  [[ $stderr == *"ukey practice create"* ]]
  cp -a "$UKEY_PRACTICE" old
  rm -r old/ca/issued
  UKEY_PRACTICE=$PWD/old run --separate-stderr ukey practice ca --json
  [ "$status" -eq 7 ]
  says '.error.code == "bad_input"'
  [[ $stderr == *"make it anew: ukey practice create --force"* ]]
}
