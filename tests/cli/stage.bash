# shellcheck shell=bash disable=SC2034,SC2154 # read and set by the cases
# The stage that the cases play on: the program with an environment that says nothing, a drawer of practice tokens,
# plain SoftHSM tokens, and the assertions that several files use. Loaded by the bats files of tests/cli and tests/peers.
bats_require_minimum_version 1.5.0

STAGE_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
UKEY_BIN=${UKEY_BIN:-$STAGE_ROOT/build/release/bin/ukey}
STAGE_DRAWER=${UKEY_TEST_DRAWER:-${BATS_RUN_TMPDIR:?}/drawer}

# The practice tokens by name; the label of each says what it is for.
declare -gA LABEL=(
  [master-due]=练习-企业主锁-临期 [master]=练习-企业主锁-有效 [sub-due]=练习-企业副锁-临期
  [master-expired]=练习-企业主锁-过期 [jsca]=练习-江苏主锁-临期 [master-no-legal-seal]=练习-主锁-缺法人章
  [expert]=练习-评标专家 [locked]=练习-企业主锁-锁定 [blank]=练习-空白
)
export PRACTICE_PIN=12345678 SOFTHSM_PIN=123456 # published on purpose

ukey() { "$UKEY_BIN" "$@"; }

# await COMMAND…: until it succeeds. Nothing here takes minutes unless something is broken.
await() {
  local tries=2400
  until "$@"; do
    [ $((tries -= 1)) -gt 0 ] || { echo "in vain: $*" && return 1; }
    sleep 0.05
  done
}

# await_of PID COMMAND…: the same, in vain as soon as that process in the background is gone.
await_of() {
  await true_or_gone "$@"
  "${@:2}"
}

true_or_gone() { "${@:2}" || ! kill -0 "$1" 2>/dev/null; }

# hangs PID: a thread of it is in the sleep of a practice module that was told to hang.
hangs() { cat "/proc/$1"/task/*/wchan 2>/dev/null | grep -q nanosleep; }

# Nothing of the caller's settings reaches the program; English unless a case says otherwise.
quiet_environment() {
  local name
  for name in $(compgen -e UKEY_); do
    case $name in UKEY_BIN | UKEY_RELEASE_BIN | UKEY_BUILD_DIR | UKEY_TEST_DRAWER | UKEY_SAMPLES | UKEY_FULL) ;; *) unset "$name" ;; esac
  done
  unset LC_ALL LC_MESSAGES LC_CTYPE LANGUAGE NO_COLOR PKCS11SPY PKCS11SPY_OUTPUT
  unset XDG_DATA_HOME XDG_CONFIG_HOME XDG_STATE_HOME XDG_CACHE_HOME
  mkdir -p "$BATS_FILE_TMPDIR/home" "$BATS_FILE_TMPDIR/no-store"
  echo "directories.tokendir = $BATS_FILE_TMPDIR/no-store" >"$BATS_FILE_TMPDIR/no-store.conf"
  export HOME=$BATS_FILE_TMPDIR/home LANG=C.UTF-8 TERM=dumb UKEY_LANG=en UKEY_BIN
  export SOFTHSM2_CONF=$BATS_FILE_TMPDIR/no-store.conf UKEY_PRACTICE=$BATS_FILE_TMPDIR/drawer
}

# drawer [FOLDER]: the nine tokens as they were made, in a drawer of this file's own, or of a case's. They are made once a
# run, by whoever asks first.
drawer() {
  export UKEY_PRACTICE=${1:-$BATS_FILE_TMPDIR/drawer}
  (
    flock 9
    [ -e "$STAGE_DRAWER/ukey-practice-drawer" ] || UKEY_PRACTICE=$STAGE_DRAWER ukey practice create --json
  ) 9>"$STAGE_DRAWER.lock" >"$BATS_FILE_TMPDIR/create.json"
  rm -rf "$UKEY_PRACTICE"
  cp -a "$STAGE_DRAWER" "$UKEY_PRACTICE"
}

# Puts another main lock of the unit that holds `master` into the drawer.
second_master() {
  local other=$BATS_TEST_TMPDIR/second-master part
  UKEY_PRACTICE=$other ukey practice create master >/dev/null
  for part in tokens state; do cp -a "$other/$part/." "$UKEY_PRACTICE/$part/"; done
}

# When the drawer was made: its dates count from that day.
made_at() { date -u -r "$UKEY_PRACTICE/ukey-practice-drawer" +%Y-%m-%dT%H:%M:%SZ; }

practice_module() {
  local found
  for found in "$(dirname "$UKEY_BIN")"/../lib*/ukey/ukey-practice.so "$(dirname "$UKEY_BIN")"/../lib/*/ukey/ukey-practice.so; do
    if [ -e "$found" ]; then realpath "$found" && return 0; fi
  done
  return 1
}

softhsm_module() {
  local found
  for found in /usr/lib/softhsm/libsofthsm2.so /usr/lib64/pkcs11/libsofthsm2.so /usr/lib64/softhsm/libsofthsm2.so; do
    if [ -e "$found" ]; then echo "$found" && return 0; fi
  done
  skip "SoftHSM is not installed"
}

# An empty SoftHSM store of this name; SOFTHSM2_CONF points at it from now on.
store() {
  mkdir -p "$BATS_FILE_TMPDIR/$1"
  printf 'directories.tokendir = %s\nobjectstore.backend = file\nlog.level = ERROR\n' "$BATS_FILE_TMPDIR/$1" \
    >"$BATS_FILE_TMPDIR/$1.conf"
  export SOFTHSM2_CONF=$BATS_FILE_TMPDIR/$1.conf
}

# The writer of what ordinary tools refuse to write.
put_object() {
  [ -x "$BATS_FILE_TMPDIR/put_object" ] || {
    # shellcheck disable=SC2046 # a list of words
    cc -std=c11 $(pkg-config --cflags p11-kit-1) -o "$BATS_FILE_TMPDIR/put_object" "$STAGE_ROOT/tests/cli/put_object.c" -ldl
  }
  "$BATS_FILE_TMPDIR/put_object" "$(softhsm_module)" "$@"
}

# For cases with another maker's module that never frees what it allocates.
forgive_leaks() { export ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0; }

needs() {
  local name
  for name; do command -v "$name" >/dev/null || skip "$name is not installed"; done
}

# says FILTER… [OPTION…]: jq finds each filter true of the one document on stdout; the options are jq's.
says() {
  local filters=() checks
  while [[ $# -gt 0 && $1 != --* ]]; do filters+=("$1") && shift; done
  printf -v checks ', ([%s] | length > 0 and all)' "${filters[@]}"
  checks=$(jq -sc "$@" "[length == 1, (.[0] | [${checks#, }][])]" <<<"$output") || { echo "$output" && return 1; }
  [[ $checks == *false* ]] || return 0
  jq -rn --argjson checks "$checks" '["one document", $ARGS.positional[]] | .[$checks | indices(false)[]] | "not true: \(.)"' --args "${filters[@]}"
  echo "$output"
  return 1
}

# There is something on stdin, and every line of it fits a terminal of 80 columns; wide characters count as two.
fits() {
  local widest
  widest=$(LC_ALL=C.UTF-8 wc -L)
  [[ $widest -gt 0 && $widest -le 80 ]] || { echo "a line of $widest columns" && return 1; }
}

# refused STATUS WORD…: in both languages the program refuses with that status: nothing on stdout, on stderr a headline,
# perhaps what the token answered, and a hint; the tokens of which one is to be chosen stand between, further in. Leaves what it said in `said_en` and `said_zh`.
refused() {
  local expected=$1 lang
  shift
  for lang in en zh; do
    UKEY_LANG=$lang run --separate-stderr ukey "$@"
    echo "$lang, exit $status: $output"
    echo "$stderr"
    [ "$status" -eq "$expected" ]
    [ -z "$output" ]
    [[ $(grep -cv '^    ' <<<"$stderr") == [23] ]]
    [[ ${stderr_lines[0]} == "ukey: "?* && ${stderr_lines[1]} == "  "?* && ${stderr_lines[-1]} == "  "?* ]]
    printf -v "said_$lang" %s "$stderr"
  done
  [ "$said_en" != "$said_zh" ]
  LC_ALL=C.UTF-8 grep -qP '\p{Han}' <<<"$said_zh"
}

# One number for all that lies in a folder, to see that nothing was changed.
fingerprint() { find "$1" -type f ! -name '*.lock' -print0 | sort -z | xargs -0 -r sha256sum | sha256sum; }

# practice_ca ARGUMENT…: the practice CA in the background, until end_practice_ca; what it says first is in ca.said here,
# and CA_URL, CA_PORT and CA_PID tell where it is.
practice_ca() {
  rm -f ca.said
  "$UKEY_BIN" practice ca "$@" >ca.said 2>ca.errors 3>&- </dev/null &
  CA_PID=$!
  await_of "$CA_PID" [ -s ca.said ] || { cat ca.errors && return 1; }
  CA_URL=$(grep -o 'http://[^ "]*' ca.said)
  CA_PORT=${CA_URL##*:}
  CA_PORT=${CA_PORT%%/*}
}

# end_practice_ca [SIGNAL]: its exit status.
end_practice_ca() {
  local status=0
  kill -"${1:-TERM}" "$CA_PID" && wait "$CA_PID" || status=$?
  CA_PID=
  return "$status"
}
