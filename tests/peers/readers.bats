#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2153,SC2154,SC2317 # variables of jq; bats sets and reads the others
# What other makers' programs read from the practice tokens, certificate by certificate, against what `ukey --json` says:
# OpenSC's pkcs11-tool, GnuTLS's p11tool, OpenSSL.

load ../cli/stage

setup_file() {
  quiet_environment
  drawer
  needs pkcs11-tool openssl
  cd "$BATS_FILE_TMPDIR" || return 1
  UKEY_MODULE=practice ukey status --json >ours.json
  MODULE=$(practice_module)
  export MODULE
  # Each certificate of the drawer as OpenSC reads it: one file each, and a table of token label, object label and file.
  local label object file count=0
  while IFS=$'\t' read -r label object; do
    count=$((count + 1))
    file=$BATS_FILE_TMPDIR/$count.der
    pkcs11-tool --module "$MODULE" --token-label "$label" -r --type cert --label "$object" --output-file "$file" 2>/dev/null
    printf '%s\t%s\t%s\n' "$label" "$object" "$file"
  done < <(jq -r '.tokens[] | .token.label as $name | .certificates[] | [$name, .label] | @tsv' ours.json) >table
}

setup() { cd "$BATS_FILE_TMPDIR" || return 1; }

# ours KEY LABEL OBJECT: what the program says of that certificate.
ours() {
  jq -r --arg name "$2" --arg object "$3" \
    ".tokens[] | select(.token.label == \$name) | .certificates[] | select(.label == \$object) | .$1" ours.json
}

# each COMMAND: runs it for every certificate with token label, object label and the file that OpenSC wrote.
each() {
  local label object file
  [ -s table ]
  while IFS=$'\t' read -r label object file; do
    echo "$object on $label"
    "$1" "$label" "$object" "$file" # not before ||, where a failure within would count for nothing
  done <table
}

theirs() { openssl x509 -inform DER -in "$1" -noout "${@:2}"; }

rfc3339() { date -u -d "$1" +%Y-%m-%dT%H:%M:%SZ; }

@test "there are sixteen certificates and OpenSC read each of them" {
  cat table
  [ "$(wc -l <table)" -eq 16 ]
  [ "$(find . -name '*.der' -size +500c | wc -l)" -eq 16 ]
}

@test "the SHA-256 of every certificate is what OpenSSL computes of the octets that OpenSC read" {
  same() {
    [ "$(sha256sum <"$3" | cut -d' ' -f1)" = "$(ours sha256 "$1" "$2")" ]
    [ "$(theirs "$3" -fingerprint -sha256 | sed 's/.*=//; s/://g' | tr A-F a-f)" = "$(ours sha256 "$1" "$2")" ]
  }
  each same
}

@test "subject and issuer of every certificate are OpenSSL's, by RFC 2253 in UTF-8" {
  same() {
    [ "$(theirs "$3" -subject -nameopt RFC2253,-esc_msb,utf8 | sed 's/^subject=//')" = "$(ours subject "$1" "$2")" ]
    [ "$(theirs "$3" -issuer -nameopt RFC2253,-esc_msb,utf8 | sed 's/^issuer=//')" = "$(ours issuer "$1" "$2")" ]
  }
  each same
}

@test "the serial number of every certificate is OpenSSL's" {
  same() { [ "$(theirs "$3" -serial | sed 's/.*=//' | tr A-F a-f)" = "$(ours serial "$1" "$2")" ]; }
  each same
}

@test "beginning and end of every certificate are OpenSSL's" {
  same() {
    [ "$(rfc3339 "$(theirs "$3" -startdate | cut -d= -f2)")" = "$(ours not_before "$1" "$2")" ]
    [ "$(rfc3339 "$(theirs "$3" -enddate | cut -d= -f2)")" = "$(ours not_after "$1" "$2")" ]
  }
  each same
}

@test "the days left of every certificate follow from OpenSSL's end date by Beijing's calendar" {
  local now
  now=$(date -u -d "$(jq -r .as_of ours.json)" +%s)
  same() {
    local end=$(($(date -u -d "$(theirs "$3" -enddate | cut -d= -f2)" +%s)))
    [ $(((end + 28800) / 86400 - (now + 28800) / 86400)) = "$(ours days_left "$1" "$2")" ]
  }
  each same
}

@test "the role of every certificate follows from the key usage that OpenSSL prints" {
  same() {
    local usage
    usage=$(theirs "$3" -ext keyUsage)
    case $(ours role "$1" "$2") in
      sign) [[ $usage == *"Digital Signature"* && $usage != *Encipherment* ]] ;;
      encrypt) [[ $usage == *Encipherment* && $usage != *"Digital Signature"* ]] ;;
      *) return 1 ;;
    esac
  }
  each same
}

@test "the key of every certificate is of the kind and size that OpenSSL finds" {
  same() {
    [ "$(ours algorithm "$1" "$2")" = rsa-2048 ]
    theirs "$3" -pubkey | openssl pkey -pubin -noout -text | grep -q 'Public-Key: (2048 bit)'
  }
  each same
}

@test "pkcs11-tool lists the same tokens: label, serial, maker, model and PIN lengths" {
  pkcs11-tool --module "$MODULE" -T 2>/dev/null |
    awk -F ' *: *' '/token label/ {label = $2} /token manufacturer/ {maker = $2} /token model/ {model = $2}
      /serial num/ {serial = $2} /pin min\/max/ {print label "|" serial "|" maker "|" model "|" $2}' | sort >theirs
  jq -r '.tokens[] | [.token.label, .token.serial, .token.manufacturer, .token.model,
    "\(.pin.min_length)/\(.pin.max_length)"] | join("|")' ours.json | sort >mine
  [ "$(wc -l <theirs)" -eq 9 ]
  cmp theirs mine
}

@test "pkcs11-tool sees the locked PIN on the token that is called locked, and on no other" {
  pkcs11-tool --module "$MODULE" -T 2>/dev/null |
    awk -F ' *: *' '/token label/ {label = $2} /token flags/ && /user PIN locked/ {print label}' >theirs
  jq -r '.tokens[] | select(.pin.user == "locked") | .token.label' ours.json >mine
  [ "$(cat mine)" = "${LABEL[locked]}" ]
  cmp theirs mine
}

@test "pkcs11-tool lists the same certificates by object label and ID on every token" {
  local label
  while read -r label; do
    pkcs11-tool --module "$MODULE" --token-label "$label" -O --type cert 2>/dev/null |
      awk '/^ *label:/ {sub(/^ *label: */, ""); label = $0} /^ *ID:/ {print label "|" $2}' | sort >theirs
    jq -r --arg name "$label" '.tokens[] | select(.token.label == $name) | .certificates[] | [.label, .key_id] | join("|")' \
      ours.json | sort >mine
    cmp theirs mine
    cat theirs
  done < <(jq -r '.tokens[].token.label' ours.json) >all
  [ "$(wc -l <all)" -eq 16 ]
}

@test "pkcs11-tool sees the seals that make a master, with the same names" {
  local label
  while read -r label; do
    pkcs11-tool --module "$MODULE" --token-label "$label" -O --type data 2>/dev/null |
      sed -n "s/^ *label: *'\(.*\)'/\1/p" | sort >theirs
    jq -r --arg name "$label" '.tokens[] | select(.token.label == $name) | .lock.evidence[] | select(.found) | .object' \
      ours.json | sort >mine
    cmp theirs mine
    cat theirs
  done < <(jq -r '.tokens[].token.label' ours.json) >all
  [ "$(wc -l <all)" -eq 18 ] # five masters, one without the legal representative's seal, an expert's signature
}

@test "p11tool lists the same certificates with label, ID and last second" {
  needs p11tool
  local label uri
  while IFS=$'\t' read -r label uri; do
    TZ=UTC p11tool --provider "$MODULE" --list-all-certs "$uri" 2>/dev/null |
      awk -F ': ' '/Expires:/ {expires = $2} /Label:/ {label = $2} /ID:/ {gsub(/:/, "", $2); print label "|" $2 "|" expires}' |
      while IFS='|' read -r object id expires; do echo "$object|$id|$(rfc3339 "$expires")"; done | sort >theirs
    jq -r --arg name "$label" '.tokens[] | select(.token.label == $name) | .certificates[] | [.label, .key_id, .not_after] |
      join("|")' ours.json | sort >mine
    cmp theirs mine
    cat theirs
  done < <(jq -r '.tokens[].token | [.label, .uri] | @tsv' ours.json) >all
  [ "$(wc -l <all)" -eq 16 ]
}

@test "p11tool finds each token by the URI that the program gives" {
  needs p11tool
  p11tool --provider "$MODULE" --list-tokens 2>/dev/null | sed -n 's/^.*URL: //p' | sort >theirs
  local uri
  while read -r uri; do
    p11tool --provider "$MODULE" --list-tokens 2>/dev/null | grep -qF "$uri"
  done < <(jq -r '.tokens[].token.uri' ours.json)
  [ "$(grep -c 'manufacturer=ukey' theirs)" -eq 9 ]
}

@test "OpenSSL accepts the chain of every certificate that has not expired" {
  local ca=$UKEY_PRACTICE/ca
  same() {
    cat "$ca"/{bjca,hbca,jsca}.pem >middle
    openssl x509 -inform DER -in "$3" -out leaf.pem
    local state
    state=$(ours state "$1" "$2")
    if openssl verify -CAfile "$ca/root.pem" -untrusted middle leaf.pem >/dev/null 2>&1; then
      [ "$state" = valid ]
    else
      [ "$state" = expired ]
    fi
  }
  each same
}
