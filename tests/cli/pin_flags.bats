#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # variables of jq; bats sets and reads the others
# What a token says of its PINs, through one module or two, and which of it is believed; and how long a PIN may be.

load stage
load pin

# Of CK_TOKEN_INFO: initialised and login required; those with a user PIN; and what says that a PIN is in danger.
UNSET=0x404 SET=0x40c USER_FINAL=0x2040c USER_LOCKED=0x4040c SO_FINAL=0x20040c SO_LOCKED=0x40040c

setup_file() {
  quiet_environment
  fake_module
  # shellcheck disable=SC2046 # a list of words
  cc -std=gnu11 $(pkg-config --cflags p11-kit-1) -DFLAGS_VARIABLE='"FAKE_OTHER_FLAGS"' -shared -fPIC \
    -o "$BATS_FILE_TMPDIR/fake_other.so" "$STAGE_ROOT/tests/cli/fake_token.c"
  export OTHER=$BATS_FILE_TMPDIR/fake_other.so
}

setup() {
  cd "$BATS_TEST_TMPDIR" || return 1
  forgive_leaks
  pin_files
  export FAKE_TOKEN_LOG=$BATS_TEST_TMPDIR/sent
}

@test "a PIN that logged in is set, whatever the flags say" {
  export FAKE_TOKEN_FLAGS=$UNSET
  local words
  for words in 'verify --pin-file right' 'change --yes --pin-file right --new-pin-file fresh' \
    'unlock --yes --so-pin-file so --new-pin-file fresh'; do
    # shellcheck disable=SC2086 # a list of words
    run --separate-stderr ukey pin $words -m "$FAKE"
    echo "$output $stderr"
    [ "$status" -eq 0 ]
    [[ $output != *"no PIN is set"* ]]
    # shellcheck disable=SC2086 # a list of words
    run --separate-stderr ukey pin $words -m "$FAKE" --json
    says '.pin.user == "ok"'
  done
  run --separate-stderr ukey pin status --json -m "$FAKE"
  says '.pin.user == "not_set"'
}

# held_back CODE FLAGS WORD…: with these flags from either of two modules nothing is sent.
held_back() {
  local code=$1 flags=$2 modules variable
  shift 2
  for variable in FAKE_TOKEN_FLAGS FAKE_OTHER_FLAGS; do
    for modules in "$FAKE $OTHER" "$OTHER $FAKE"; do
      run --separate-stderr env "$variable=$flags" "$UKEY_BIN" "$@" --json -m "${modules% *}" -m "${modules#* }"
      echo "$variable $modules: $status $output"
      [ "$status" -eq 5 ]
      says '.error.code == $code and .error.call == null' --arg code "$code"
      [ ! -e sent ]
    done
  done
}

@test "of two modules that show one token the graver is believed" {
  held_back pin_not_sent $USER_FINAL pin verify --pin-file right
  held_back pin_not_sent $USER_FINAL pin change --yes --pin-file right --new-pin-file fresh
  held_back pin_not_sent $USER_FINAL lock --pin-file right
  held_back pin_locked $USER_LOCKED pin verify --pin-file right --use-final-try
  held_back pin_locked $USER_LOCKED cert list --pin-file right
  held_back pin_not_sent $SO_FINAL pin unlock --yes --so-pin-file so --new-pin-file fresh
  held_back pin_locked $SO_LOCKED pin unlock --yes --so-pin-file so --new-pin-file fresh --use-final-try
  FAKE_OTHER_FLAGS=$USER_LOCKED run --separate-stderr ukey pin status --json -m "$FAKE" -m "$OTHER"
  says '.pin.user == "locked"'
  FAKE_OTHER_FLAGS=$SET run --separate-stderr ukey pin verify --json -m "$FAKE" -m "$OTHER" --pin-file right \
    --trace=trace
  [ "$status" -eq 0 ]
  says '.result == "ok" and (.token.modules | length) == 2'
  [ "$(cat sent)" = 'C_Login USER 8' ]
}

# of_length COUNT END: a PIN of so many octets, and this after it, in the file "long".
of_length() {
  head -c "$1" /dev/zero | tr '\0' 7 >long
  # shellcheck disable=SC2059 # escapes
  printf "$2" >>long
}

# with_long STATUS: "long" from each source ends so; 0: it was sent in 255 octets.
with_long() {
  local expected=$1 words
  for words in '--pin-file long' '--pin-stdin' '--pin-env LONG' '--pin-command "cat long"' \
    "-t pkcs11:serial=$FAKE_TOKEN_SERIAL?pin-source=file:long"; do
    rm -f sent
    eval "words=($words)"
    # A variable as the shell reads it: octet by octet, its line end too.
    LONG=$(cat long && printf .) && LONG=${LONG%.}
    export LONG
    run --separate-stderr ukey pin verify --json -m "$FAKE" "${words[@]}" <long
    echo "${words[*]}: $status $output"
    [ "$status" -eq "$expected" ]
    [ "$expected" -eq 0 ] || says '.error.code == "pin_invalid" and .error.call == null'
    [ "$expected" -ne 0 ] || [ "$(cat sent)" = 'C_Login USER 255' ]
    [ "$expected" -eq 0 ] || [ ! -e sent ]
  done
}

@test "a PIN has at most 255 octets, and one line end beside them, wherever it comes from" {
  export FAKE_TOKEN_MOST=1000
  local end
  for end in '' '\n' '\r\n'; do
    of_length 255 "$end"
    with_long 0
    of_length 256 "$end"
    with_long 5
  done
  of_length 255 '\n\n'
  with_long 5
  of_length 100000 ''
  with_long 5
}

@test "a new PIN and one of the security officer have the same limit" {
  export FAKE_TOKEN_MOST=1000
  of_length 255 '\r\n'
  run --separate-stderr ukey pin unlock --yes --json -m "$FAKE" --so-pin-file long --new-pin-file long
  [ "$status" -eq 0 ]
  printf 'C_Login SO 255\nC_InitPIN SO 255\nC_Login USER 255\n' | diff - sent
  rm sent
  of_length 256 ''
  local words
  for words in '--so-pin-file long --new-pin-file fresh' '--so-pin-file so --new-pin-file long' \
    '--so-pin-env LONG --new-pin-file fresh'; do
    # shellcheck disable=SC2086 # a list of words
    LONG=$(cat long) run --separate-stderr ukey pin unlock --yes --json -m "$FAKE" $words
    [ "$status" -eq 5 ]
    says '.error.code == "pin_invalid"'
    [ ! -e sent ]
  done
}
