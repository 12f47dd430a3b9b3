#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # variables of jq; bats sets and reads the others
# What the pin commands ask of the module, as OpenSC's pkcs11-spy saw it: one try a wrong PIN (a C_Login, or a C_SetPIN
# for a change), none when the program refuses, the order of an unlock, and never C_InitToken, which erases a token.

load ../cli/stage
load ../cli/pin

setup_file() { quiet_environment; }

setup() {
  SPY=/usr/lib/x86_64-linux-gnu/pkcs11-spy.so
  [ -e "$SPY" ] || SPY=$(find /usr/lib /usr/lib64 -name pkcs11-spy.so 2>/dev/null | head -n 1)
  [ -n "$SPY" ] || skip "OpenSC's pkcs11-spy.so is not installed"
  forgive_leaks
  PKCS11SPY=$(practice_module)
  export PKCS11SPY PKCS11SPY_OUTPUT=$BATS_TEST_TMPDIR/log
  cd "$BATS_TEST_TMPDIR" || return 1
  pin_files
  drawer
}

teardown() { [ ! -e log ] || never_erased; }

# failures user|so COUNT: the token named in `token` has this many wrong tries behind it.
failures() { sed -i "s/^$1_failures .*/$1_failures $2/" "$(grep -lxF "label $token" "$UKEY_PRACTICE"/state/*)"; }

pin() {
  rm -f log
  run --separate-stderr ukey -m "$SPY" pin "$@" --json -t "$token"
  echo "pin $*: exit $status: $output $stderr"
}

calls_of() { grep -cE "^[0-9]+: $1\$" log || true; }

# The calls that concern PINs and flags, in their order; a login with the name of whose it is.
order() {
  awk '/^[0-9]+: C_(Login|Logout|InitPIN|SetPIN|GetTokenInfo|InitToken|CloseSession)$/ {name = $2}
    /^[0-9]+: C_(Logout|InitPIN|SetPIN|GetTokenInfo|InitToken|CloseSession)$/ {print name}
    /userType = / {sub("CKU_", "", $NF); print name "(" $NF ")"}' log
}

never_erased() { [ "$(calls_of C_InitToken)" -eq 0 ]; }

# sent STATUS CODE TRIES WORD…: refused so, after so many calls that cost a try: C_Login, or C_SetPIN for a change.
sent() {
  local expected=$1 code=$2 tries=$3 costs=C_Login others=C_SetPIN
  shift 3
  [ "$1" != change ] || costs=C_SetPIN others=C_Login
  pin "$@"
  [ "$status" -eq "$expected" ]
  says '.error.code == $code' --arg code "$code"
  [ "$(calls_of $costs)" -eq "$tries" ]
  [ "$(calls_of $others)" -eq 0 ]
  [ "$(calls_of C_InitPIN)" -eq 0 ]
  never_erased
}

@test "status of PINs asks for no login and is read from the token's own flags" {
  token=${LABEL[master]}
  pin status
  [ "$status" -eq 0 ]
  [ "$(calls_of C_Login)" -eq 0 ]
  [ "$(calls_of C_GetTokenInfo)" -ge 1 ]
}

@test "a wrong PIN is one try, whatever it was for and wherever it came from" {
  token=${LABEL[master]}
  sent 5 pin_wrong 1 verify --pin-file wrong
  sent 5 pin_wrong 1 change --yes --pin-file wrong --new-pin-file fresh
  sent 5 pin_wrong 1 unlock --yes --so-pin-file wrong --new-pin-file fresh
  drawer
  UKEY_PIN_HERE=99999999 sent 5 pin_wrong 1 verify --pin-env UKEY_PIN_HERE
  sent 5 pin_wrong 1 verify --pin-command 'cat wrong'
  sent 5 pin_wrong 1 verify --pin-stdin <wrong
}

@test "the tries that the token counted are those that were sent" {
  token=${LABEL[master]}
  sent 5 pin_wrong 1 verify --pin-file wrong
  sent 5 pin_wrong 1 change --yes --pin-file wrong --new-pin-file fresh
  grep -qx 'user_failures 2' "$(grep -lxF "label $token" "$UKEY_PRACTICE"/state/*)"
  sent 5 pin_wrong 1 unlock --yes --so-pin-file wrong --new-pin-file fresh
  grep -qx 'so_failures 1' "$(grep -lxF "label $token" "$UKEY_PRACTICE"/state/*)"
}

@test "a right PIN is verified by one C_Login" {
  token=${LABEL[master]}
  pin verify --pin-file right
  [ "$status" -eq 0 ]
  [ "$(order | grep -c '^C_Login(USER)$')" -eq 1 ]
  [ "$(calls_of C_Login)" -eq 1 ]
}

@test "flags are read right before each login" {
  token=${LABEL[master]}
  pin verify --pin-file right
  [ "$(order | grep -B 1 '^C_Login' | head -n 1)" = C_GetTokenInfo ]
}

@test "a locked PIN is not sent" {
  token=${LABEL[locked]}
  sent 5 pin_locked 0 verify --pin-file right
  sent 5 pin_locked 0 verify --pin-file right --use-final-try
  sent 5 pin_locked 0 change --yes --pin-file right --new-pin-file fresh
  failures so 6
  sent 5 pin_locked 0 unlock --yes --so-pin-file so --new-pin-file fresh --use-final-try
}

@test "a final try is not spent unasked, neither the user's nor the SO's" {
  token=${LABEL[master]}
  failures user 5
  failures so 5
  sent 5 pin_not_sent 0 verify --pin-file right
  sent 5 pin_not_sent 0 change --yes --pin-file right --new-pin-file fresh
  sent 5 pin_not_sent 0 unlock --yes --so-pin-file so --new-pin-file fresh
}

@test "an old PIN or an SO PIN that cannot be right is not sent" {
  token=${LABEL[master]}
  local file
  for file in $(bad_pins); do
    sent 5 pin_invalid 0 verify --pin-file "$file"
    sent 5 pin_invalid 0 change --yes --pin-file "$file" --new-pin-file fresh
    sent 5 pin_invalid 0 unlock --yes --so-pin-file "$file" --new-pin-file fresh
  done
  : >empty
  sent 5 pin_missing 0 verify --pin-file empty
  sent 7 file_io 0 verify --pin-file missing
  sent 5 pin_missing 0 unlock --yes --so-pin-file empty --new-pin-file fresh
  sent 7 file_io 0 unlock --yes --so-pin-file missing --new-pin-file fresh
}

@test "a new PIN that cannot be right keeps the old one and the SO PIN from being sent" {
  token=${LABEL[master]}
  local file
  for file in $(bad_pins); do
    sent 5 pin_invalid 0 change --yes --pin-file right --new-pin-file "$file"
    sent 5 pin_invalid 0 unlock --yes --so-pin-file so --new-pin-file "$file"
  done
  : >empty
  mkdir folder
  sent 5 pin_missing 0 change --yes --pin-file right --new-pin-file empty
  sent 5 pin_missing 0 unlock --yes --so-pin-file so --new-pin-file empty
  sent 7 file_io 0 change --yes --pin-file right --new-pin-file missing
  sent 7 file_io 0 unlock --yes --so-pin-file so --new-pin-file folder
}

@test "an SO PIN in the environment is not taken unless its variable is named" {
  token=${LABEL[locked]}
  local name
  for name in UKEY_SO_PIN SO_PIN UKEY_PIN PIN; do
    run --separate-stderr env "$name=87654321" setsid -w "$UKEY_BIN" -m "$SPY" pin unlock --yes --json -t "$token" \
      --new-pin-file fresh </dev/null
    [ "$status" -eq 5 ]
    says '.error.code == "pin_missing"'
    [ "$(calls_of C_Login)" -eq 0 ]
  done
}

@test "two tokens and one PIN: it is sent to neither" {
  run --separate-stderr ukey -m "$SPY" pin verify --json --pin-file wrong
  [ "$status" -eq 4 ]
  says '.error.code == "ambiguous_token"'
  [ "$(calls_of C_Login)" -eq 0 ]
}

@test "an unlock is SO login, C_InitPIN, logout, login with the new PIN, and flags read again" {
  token=${LABEL[locked]}
  pin unlock --so-pin-file so --new-pin-file fresh --yes
  [ "$status" -eq 0 ]
  local all
  all=$(order | grep -v '^C_CloseSession$' | uniq | paste -sd' ')
  echo "$all"
  [[ $all == *"C_GetTokenInfo C_Login(SO) C_InitPIN C_Logout "*"C_Login(USER) "*"C_GetTokenInfo"* ]]
  [ "$(calls_of C_Login)" -eq 2 ]
  [ "$(calls_of C_InitPIN)" -eq 1 ]
  [ "$(calls_of C_Logout)" -eq 2 ]
  never_erased
}

@test "a change is one C_SetPIN and no other try" {
  token=${LABEL[master-due]}
  pin change --yes --pin-file right --new-pin-file fresh
  [ "$status" -eq 0 ]
  [ "$(calls_of C_SetPIN)" -eq 1 ]
  [ "$(calls_of C_Login)" -eq 0 ]
  [ "$(calls_of C_InitPIN)" -eq 0 ]
}

@test "with --dry-run no PIN is set" {
  token=${LABEL[sub-due]}
  pin change --yes --dry-run --pin-file right --new-pin-file fresh
  [ "$(calls_of C_SetPIN)" -eq 0 ]
  pin unlock --yes --dry-run --so-pin-file so --new-pin-file fresh
  [ "$(calls_of C_InitPIN)" -eq 0 ]
}
