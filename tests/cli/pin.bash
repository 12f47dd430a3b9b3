# shellcheck shell=bash disable=SC2016,SC2154 # variables of jq; bats sets the others
# What the cases about PINs share: the fake token, the probe of memories, a program stopped in the middle of a call, a
# person at a terminal, and what was sent.

# The module that keeps no PIN, and the probe; made once a file. Its token is no other file's, since a token is claimed
# for the whole machine.
fake_module() {
  local flags
  flags=$(pkg-config --cflags p11-kit-1)
  # shellcheck disable=SC2086 # a list of words
  cc -std=gnu11 $flags -shared -fPIC -o "$BATS_FILE_TMPDIR/fake_token.so" "$STAGE_ROOT/tests/cli/fake_token.c"
  cc -std=gnu11 -O1 -o "$BATS_FILE_TMPDIR/memory_probe" "$STAGE_ROOT/tests/cli/memory_probe.c"
  export FAKE=$BATS_FILE_TMPDIR/fake_token.so FAKE_TOKEN_SERIAL=FAKE$$
}

# For setup: files with the user PIN, the SO's, a wrong one and a new one. They are nobody else's, as are all files of the
# case from now on.
pin_files() {
  umask 077
  printf %s "$PRACTICE_PIN" >right
  printf 87654321 >so
  printf 99999999 >wrong
  printf 35792468 >fresh
}

# Files that cannot be right as a PIN; their names, to be taken one by one.
bad_pins() {
  printf '\xef\xbb\xbf12345678' >bom
  printf '1234\n5678' >newline
  printf '1234\0005678' >nul
  printf 123 >short
  head -c 256 /dev/zero | tr '\0' 1 >long
  echo bom newline nul short long
}

# stopped CALL COMMAND…: begins the command on the fake token and returns when that call waits; its number in `pid`.
stopped() {
  export FAKE_TOKEN_STOP=$1 FAKE_TOKEN_STOPPED=$BATS_TEST_TMPDIR/stopped
  shift
  "$@" <&0 >stdout 2>stderr 3>&- &
  pid=$!
  await_of "$pid" [ -e "$FAKE_TOKEN_STOPPED" ] || { cat stdout stderr && return 1; }
}

# Lets it go on, and leaves its exit status in `status`.
let_go() {
  rm -f "$FAKE_TOKEN_STOPPED"
  status=0
  wait "$pid" || status=$?
}

# remembered TEXT: the stopped program has it somewhere in its memory.
remembered() {
  local answer=0
  printf %s "$1" | "$BATS_FILE_TMPDIR/memory_probe" "$pid" || answer=$?
  [ "$answer" -ne 2 ] || { echo "the memory of $pid cannot be read" && return 2; }
  return "$answer"
}

# at_terminal [PATTERN ANSWER]… -- COMMAND…: the command on a terminal of its own, where ANSWER is typed when PATTERN
# is seen. All that the terminal showed is in `transcript`; its settings before and after in stty-before and stty-after;
# the exit status in `status`.
at_terminal() {
  needs expect
  rm -f transcript stty-before stty-after status
  timeout 600 expect -f "$STAGE_ROOT/tests/cli/pin_terminal.exp" "$@" >/dev/null 3>&- || true
  status=$(cat status)
  echo "exit $status" && cat -A transcript
}

tries() { grep -cE '^C_(Login|SetPIN|InitPIN) ' trace || true; }

# unsent STATUS CODE WORD…: refused with that document, and no PIN was sent.
unsent() {
  local expected=$1 code=$2 token=${LABEL[master]}
  shift 2
  # Of one that is not locked an unlock says so first.
  [ "$1" != unlock ] || token=${LABEL[locked]}
  run --separate-stderr ukey pin "$@" --json -t "$token" --trace=trace
  [ "$status" -eq "$expected" ]
  says '.error.code == $code and .error.call == null' --arg code "$code"
  [ "$(tries)" -eq 0 ]
}

# told STATUS WORD…: refused in both languages, which said_en and said_zh hold.
told() {
  local expected=$1 token=${LABEL[master]}
  shift
  [ "$1" != unlock ] || token=${LABEL[locked]}
  refused "$expected" pin "$@" -t "$token"
}

logins() { grep -c '^C_Login ' trace || true; }

# Nothing of these words was shown; the terminal's settings are as before.
unseen() {
  local word
  for word; do run ! grep -aqF "$word" transcript; done
  cmp stty-before stty-after
}

at_practice() {
  local name=$1
  shift
  at_terminal "$@" -m practice -t "${LABEL[$name]}" --trace=trace
}
