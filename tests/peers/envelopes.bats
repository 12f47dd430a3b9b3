#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # variables of jq; bats sets and reads the others
# Envelopes that `openssl cms` makes, opened by ukey with keys on a token, and the other way round.

load ../cli/stage

setup_file() {
  quiet_environment
  needs openssl pkcs11-tool softhsm2-util cc
  forgive_leaks # of SoftHSM
  cd "$BATS_FILE_TMPDIR" || return 1
  UKEY_MODULE=$(softhsm_module)
  export UKEY_MODULE
  certificate rsa 90 keyEncipherment,dataEncipherment -newkey rsa:2048
  certificate ec 60 keyAgreement -newkey ec -pkeyopt ec_paramgen_curve:P-256
  certificate other 90 keyEncipherment -newkey rsa:2048
  store peer
  softhsm2-util --init-token --free --label peer --pin "$SOFTHSM_PIN" --so-pin 87654321 >/dev/null
  put rsa 01
  put ec 02 --usage-derive
  (umask 077 && printf %s "$SOFTHSM_PIN" >pin)
  head -c 100001 /dev/urandom >bid
  : >empty
  cc -O1 -o max_rss "$STAGE_ROOT/tests/peers/max_rss.c"
}

setup() {
  cd "$BATS_FILE_TMPDIR" || return 1
  export SOFTHSM2_CONF=$BATS_FILE_TMPDIR/peer.conf
}

# certificate NAME DAYS USAGE KEY-OPTION…: a self-signed one, and its key.
certificate() {
  openssl req -x509 -nodes -keyout "$1.key" -out "$1.pem" -days "$2" -subj "/C=CN/O=Practice/CN=$1" \
    -addext basicConstraints=critical,CA:FALSE -addext "keyUsage=critical,$3" "${@:4}" 2>/dev/null
  openssl x509 -in "$1.pem" -outform DER -out "$1.der"
  openssl pkcs8 -topk8 -nocrypt -in "$1.key" -outform DER -out "$1.key.der"
}

# put NAME ID [OPTION…]: key and certificate on the token.
put() {
  local tool=(pkcs11-tool --module "$UKEY_MODULE" --login --pin "$SOFTHSM_PIN" --id "$2" --label "$1")
  "${tool[@]}" --write-object "$1.key.der" --type privkey "${@:3}" >/dev/null 2>&1
  openssl pkey -in "$1.key" -pubout -outform DER -out "$1.pub"
  "${tool[@]}" --write-object "$1.pub" --type pubkey >/dev/null 2>&1
  "${tool[@]}" --write-object "$1.der" --type cert >/dev/null 2>&1
}

# opens NAME WHICH FILE: it opens with that certificate, and what comes out is what `bid` holds.
opens() {
  run ukey envelope check --json "$3"
  echo "$output"
  [ "$status" -eq 0 ]
  says '.envelopes | length == 1 and .[0].opens == $which and .[0].error == null' --arg which "$2"
  rm -f opened
  ukey envelope decrypt "$3" -o opened --pin-file pin
  cmp opened bid
}

# Every form in which openssl writes an envelope: a line of options each.
forms() {
  cat <<'FORMS'
-outform DER
-outform DER -stream
-outform PEM
-outform PEM -stream
-outform SMIME
-outform SMIME -stream
-outform DER -keyid
-outform DER -stream -aes-128-cbc
-outform DER -aes-256-gcm
-outform DER -aes-128-gcm -stream
-outform PEM -aes-256-gcm
-outform DER -des3
-outform DER -camellia-256-cbc
FORMS
}

@test "what openssl cms encrypts to an RSA key, ukey opens with the token, in every form" {
  while read -ra options; do
    echo "${options[*]}"
    openssl cms -encrypt -binary -in bid -out sealed "${options[@]}" rsa.pem
    opens rsa current sealed
  done < <(forms)
}

@test "what openssl cms encrypts to an EC key, ukey opens with the token, in every form" {
  while read -ra options; do
    echo "${options[*]}"
    openssl cms -encrypt -binary -in bid -out sealed "${options[@]}" ec.pem
    opens ec older sealed
  done < <(forms)
}

@test "an envelope for several opens wherever the token's certificate stands among them" {
  openssl cms -encrypt -binary -in bid -outform DER -out sealed other.pem rsa.pem
  opens rsa current sealed
  openssl cms -encrypt -binary -in bid -outform DER -out sealed rsa.pem other.pem ec.pem
  opens rsa current sealed
}

@test "OAEP is opened, or the token says that it cannot" {
  openssl cms -encrypt -binary -in bid -outform DER -out sealed -recip rsa.pem -keyopt rsa_padding_mode:oaep
  run ukey envelope check --json sealed
  says '.envelopes[0].opens == "current" and .envelopes[0].recipients[0].algorithm == "rsaesoaep"'
  opens rsa current sealed
}

@test "what ukey encrypts, openssl cms opens: with and without a tag, to RSA and EC, of any size" {
  local name size auth
  for name in rsa ec; do
    for size in 0 1 16 100001; do
      for auth in "" --auth; do
        echo "$name $size $auth"
        head -c "$size" bid >plain
        ukey envelope encrypt plain --file "$name.pem" -o sealed --yes $auth
        openssl cms -decrypt -inform DER -in sealed -inkey "$name.key" -recip "$name.pem" -binary -out opened
        cmp opened plain
      done
    done
  done
}

@test "what openssl cms -decrypt opens in spite of octets behind it, ukey opens too" {
  openssl cms -encrypt -binary -in bid -outform DER -out sealed rsa.pem
  { cat sealed && echo trailing && cat sealed; } >longer
  openssl cms -decrypt -inform DER -in longer -inkey rsa.key -binary -out opened
  cmp opened bid
  ukey envelope decrypt longer -o opened --yes --pin-file pin
  cmp opened bid
  run ukey envelope check --json longer
  says '[.envelopes[] | [.opens, .entry]] == [["current", null], ["current", $at]]' --arg at "@$(($(stat -c %s sealed) + 9))"
}

@test "an envelope that openssl signed, or put into a message, is found in it" {
  local form options
  openssl cms -encrypt -binary -in bid -outform DER -out sealed rsa.pem
  for form in DER PEM SMIME; do
    for options in -nodetach "-nodetach -stream" ""; do
      [ "$form$options" != DER ] && [ "$form$options" != PEM ] || continue # a signature by itself
      echo "$form $options"
      # shellcheck disable=SC2086 # a list of words
      openssl cms -sign -binary $options -in sealed -outform "$form" -signer other.pem -inkey other.key -out signed
      run ukey envelope check --json signed
      echo "$output"
      says '.envelopes | length == 1 and .[0].opens == "current" and .[0].error == null'
    done
  done
  openssl cms -encrypt -binary -in bid -outform SMIME -out sealed.eml rsa.pem
  openssl cms -sign -in sealed.eml -outform SMIME -signer other.pem -inkey other.key -out signed
  run ukey envelope check --json signed
  says '.envelopes | length == 1 and .[0].opens == "current" and .[0].error == null'
}

@test "without --file the token's current encryption certificate is taken" {
  ukey envelope encrypt bid -o sealed --yes
  openssl cms -decrypt -inform DER -in sealed -inkey rsa.key -binary -out opened
  cmp opened bid
}

@test "what is for somebody else is not opened, and no PIN is asked for" {
  openssl cms -encrypt -binary -in bid -outform DER -out sealed other.pem
  run ukey envelope check --json sealed
  [ "$status" -eq 1 ]
  says '.envelopes[0] | .opens == "no" and .certificate == null and (.recipients[0].issuer | contains("CN=other"))'
  rm -f opened
  refused 6 envelope decrypt sealed -o opened --pin-file nothing
  [[ $said_en == *sealed* ]]
  [ ! -e opened ]
}

# flipped FILE OFFSET: the file with one bit of one octet changed.
flipped() {
  local octet
  octet=$(od -An -tu1 -j "$2" -N 1 "$1")
  head -c "$2" "$1"
  # shellcheck disable=SC2059 # the octet is the format
  printf "\\x$(printf %02x $((octet ^ 1)))"
  tail -c +$(($2 + 2)) "$1"
}

@test "a changed octet in an authenticated envelope leaves no file behind" {
  openssl cms -encrypt -binary -in bid -outform DER -aes-256-gcm -out sealed rsa.pem
  rm -rf empty-folder && mkdir empty-folder
  local at size
  size=$(stat -c %s sealed)
  for at in 5000 50000 $((size - 1)) $((size - 16)) 250; do
    flipped sealed "$at" >broken
    run ukey envelope decrypt broken -o empty-folder/opened --pin-file pin
    echo "$at: $status $output"
    [ "$status" -ne 0 ]
    [ -z "$(ls -A empty-folder)" ]
  done
}

@test "standard output gets nothing of a changed envelope, and all of a right one" {
  openssl cms -encrypt -binary -in bid -outform DER -aes-256-gcm -out sealed rsa.pem
  ukey envelope decrypt sealed -o - --pin-file pin | cmp - bid
  flipped sealed $(($(stat -c %s sealed) - 1)) >broken
  run --separate-stderr ukey envelope decrypt broken -o - --pin-file pin
  [ "$status" -eq 7 ]
  [ -z "$output" ]
}

# peak ARGUMENT…: the most memory that the command had, in KiB.
peak() {
  ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}quarantine_size_mb=1 ./max_rss "$UKEY_BIN" "$@" 3>&1 >/dev/null 2>&1
}

# constant_memory FILE OPTION: encrypted, checked and decrypted, it needs no more than a small one, 16 MiB aside.
constant_memory() {
  local small large what
  ukey envelope encrypt pin -o small.sealed --yes "$2"
  for what in "encrypt $1 -o large.sealed --yes $2" "check large.sealed" "decrypt large.sealed -o large.opened --yes --pin-file pin"; do
    # shellcheck disable=SC2086 # words of a command
    large=$(peak envelope $what)
    what=${what//large.sealed/small.sealed}
    # shellcheck disable=SC2086 # words of a command
    small=$(peak envelope ${what//"$1"/pin})
    echo "$what: $small KiB, $large KiB"
    [ $((large - small)) -lt 16384 ]
  done
  cmp large.opened "$1"
  rm -f large.*
}

@test "a file of 64 MiB needs no more memory than a small one" {
  head -c 67108864 /dev/zero | openssl enc -aes-128-ctr -K 00 -iv 00 >large 2>/dev/null
  constant_memory large --auth
  constant_memory large --quiet
}

@test "a file of 3 GiB needs no more memory than a small one" {
  [ -n "${UKEY_FULL-}" ] || skip "only in a full run"
  truncate -s 3G large
  constant_memory large --auth
  constant_memory large --quiet
  rm -f large
}
