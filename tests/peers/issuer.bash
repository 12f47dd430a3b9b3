# shellcheck shell=bash disable=SC2154 # the stage and the files that load it set the others
# What a CA with nothing but OpenSSL's tools answers: certificates after those of a practice token, made with the
# practice CA's keys. For bats files, and for the programs of a site that they write.

# From the certificates of the token with this label on: old-sign.pem, old-encrypt.pem, their public keys, and `holder`,
# which says who is certified.
note_former() {
  local role
  for role in sign encrypt; do
    ukey cert export "$role" -t "$1" >"old-$role.pem"
    openssl x509 -in "old-$role.pem" -noout -pubkey >"$role.pub"
  done
  ukey renew check -t "$1" --json | jq -r '"HOLDER=\(.holder.organisation) USCC=\(.holder.uscc)"' >holder
  # shellcheck source=/dev/null
  . ./holder
  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout nobody.key -out subject.csr -utf8 \
    -subj "/C=CN/O=$HOLDER/CN=$HOLDER" 2>/dev/null
}

end_of() { date -u -d "$(openssl x509 -in "$1" -noout -enddate | cut -d= -f2)" +%s; }

# due CERTIFICATE YEARS: the second in which its successor ends: the same of Beijing's calendar, so many years later.
due() {
  local beijing
  beijing=$(date -u -d "@$(($(end_of "$1") + 28800))" '+%F %T')
  echo $(($(date -u -d "$beijing $2 year" +%s) - 28800))
}

# uses sign|encrypt: the extensions of such a certificate.
uses() {
  case $1 in
    sign) echo keyUsage=critical,digitalSignature,nonRepudiation ;;
    encrypt) echo keyUsage=critical,keyEncipherment,dataEncipherment ;;
  esac
  printf '%s\n' subjectKeyIdentifier=hash authorityKeyIdentifier=keyid "1.2.156.10260.4.1.4=ASN1:UTF8String:$USCC"
}

# certify sign|encrypt END PUBLIC-KEY: for a key of which no request can be made, in PEM. `openssl x509` counts days from
# now, so its clock stands where whole days end in that second: less than a day before BEGIN, which is now unless it is set.
certify() {
  local days issuer=${ISSUER:-$UKEY_PRACTICE/ca/bjca} begin=${BEGIN:-$(date +%s)}
  days=$((($2 - begin) / 86400 + 1))
  TZ=UTC faketime -f "$(date -u -d "@$(($2 - days * 86400))" '+%F %T')" openssl x509 -req -in subject.csr -force_pubkey "$3" \
    -CA "$issuer.pem" -CAkey "$issuer.key" -days "$days" -set_serial "0x5e$(openssl rand -hex 8)" \
    -extfile <(uses "$1") 2>/dev/null
}

# both END: a signing and an encryption certificate for the keys that the token has.
both() { certify sign "$1" sign.pub && certify encrypt "$1" encrypt.pub; }

# Readies `openssl ca` with the practice intermediate in the folder `office`.
open_office() {
  mkdir office
  : >office/index.txt
  cat >office/ca.cnf <<-EOF
	[ca]
	default_ca = here
	[here]
	database = $PWD/office/index.txt
	new_certs_dir = $PWD/office
	rand_serial = yes
	certificate = $UKEY_PRACTICE/ca/bjca.pem
	private_key = $UKEY_PRACTICE/ca/bjca.key
	default_md = sha256
	policy = names
	preserve = yes
	unique_subject = no
	[names]
	countryName = match
	organizationName = supplied
	commonName = supplied
	EOF
}

# sign_request REQUEST END: what `openssl ca` makes of it, in PEM; it begins some minutes ago.
sign_request() {
  uses sign >office/uses
  openssl ca -batch -utf8 -notext -config office/ca.cnf -in "$1" -extfile office/uses \
    -startdate "$(date -u -d '5 minutes ago' +%Y%m%d%H%M%SZ)" -enddate "$(date -u -d "@$2" +%Y%m%d%H%M%SZ)" 2>office/log ||
    { cat office/log >&2 && return 1; }
}

# A token as it was made and nothing in the journal; the CA keeps what it has issued.
anew() {
  rm -rf "$UKEY_PRACTICE/tokens" "$UKEY_PRACTICE/state" "$HOME/.local"
  cp -a pristine/tokens pristine/state "$UKEY_PRACTICE"
}

# ready_token NAME…: a drawer of this file's own with these plugged in, kept as it was made; the first one's certificates.
ready_token() {
  local name
  drawer
  for name in "${!LABEL[@]}"; do
    case " $* " in *" $name "*) ;; *) echo "$name" ;; esac
  done | xargs "$UKEY_BIN" practice unplug >/dev/null
  export UKEY_MODULE=practice
  cp -a "$UKEY_PRACTICE" pristine
  (umask 077 && echo "$PRACTICE_PIN" >pin)
  note_former "${LABEL[$1]}"
}

# What lies on the token, keys too.
objects() { ukey object list --pin-file pin --json | jq -S '.objects | sort_by(tostring)'; }

# Nothing is left to be finished.
is_over() { [ "$(ukey renew resume --pin-file pin --yes --json | jq -r .result)" = nothing_to_resume ]; }
