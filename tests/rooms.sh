#!/usr/bin/env bash
# Holds the house together: which room may include what, where certain words may stand, how long files and functions
# may grow, what lies at the top. Prints each offence as "file:line: what"; exit status 1 when there is one.
#   rooms.sh              check the project this script belongs to
#   rooms.sh --root DIR   check another tree
#   rooms.sh --self-test  plant offences in a copy and see each one caught
set -euo pipefail
export LC_ALL=C

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$here")
case ${1-} in
  --self-test) exec bash "$here/rooms_plants.sh" ;;
  --root) root=$2 ;;
  '') ;;
  *) sed -n '2,6s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
esac
cd "$root"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

posix='(errno|fcntl|iconv|langinfo|poll|pthread|pwd|signal|spawn|string|termios|unistd)\.h|sys/[a-z_]+\.h'
openssl='openssl/[a-z0-9_]+\.h'
http='microhttpd\.h|arpa/inet\.h|netinet/in\.h'
pkcs11='p11-kit/[a-z0-9-]+\.h|dlfcn\.h'

# A room, the rooms it may include beside itself, and the foreign headers it may include beside the standard library.
rooms_table() {
  cat <<TABLE
base     ;                                                      ; fmt/[a-z]+\.h|$posix
model    ; base                                                 ; fmt/[a-z]+\.h
policy   ; model base                                           ; fmt/[a-z]+\.h
p11      ; model base                                           ; fmt/[a-z]+\.h|$posix|$pkcs11
x509     ; model base                                           ; fmt/[a-z]+\.h|$openssl
seal     ; x509 model base                                      ; fmt/[a-z]+\.h|openssl/(asn1t?|objects)\.h
envelope ; x509 model base                                      ; fmt/[a-z]+\.h|$posix|$openssl|(archive|archive_entry|locale)\.h
profile  ; model base                                           ; fmt/[a-z]+\.h|toml\+\+/[a-z_]+\.h
ca       ; x509 model base                                      ; fmt/[a-z]+\.h|(errno|poll)\.h|$openssl|nlohmann/json(_fwd)?\.hpp
ledger   ; model base                                           ; fmt/[a-z]+\.h|$posix|nlohmann/json(_fwd)?\.hpp|soci/.*
practice ; p11 x509 model base                                  ; fmt/[a-z]+\.h|$posix|$pkcs11|$openssl|$http
ops      ; policy p11 x509 seal envelope profile ca ledger model base    ; fmt/[a-z]+\.h|sys/(file|socket|un)\.h|fcntl\.h|unistd\.h
report   ; model base                                           ; fmt/[a-z]+\.h|nlohmann/json(_fwd)?\.hpp
cli      ; ops report practice policy p11 x509 seal envelope profile ca ledger model base ; fmt/[a-z]+\.h|$posix|nlohmann/json(_fwd)?\.hpp|CLI/.*
TABLE
}

# The top level is fixed; dotfiles and what tools look for at the root may lie there, and the build does.
top_level() {
  local name
  for name in *; do
    case $name in
      CMakeLists.txt | CMakePresets.json | README.md | LICENSE* | cli | lib | pkcs11-profiles | tests | man | build) ;;
      *) echo "$name:1: the top level is fixed, this does not belong there" ;;
    esac
  done
}

# Nouns only, and none of those that mean "everything".
names() {
  find lib cli tests -type f | sort |
    awk -F/ 'tolower($NF) ~ /(^|[_.-])(utils?|helpers?|misc|common|managers?)([_.-]|$)/ {
      print $0 ":1: a file is named by a noun that says what is in it" }'
}

texts() {
  find lib cli tests -type f \( -name '*.cpp' -o -name '*.hpp' -o -name '*.sh' -o -name '*.bash' -o -name '*.bats' \
    -o -name '*.awk' -o -path tests/run -o -path cli/quickstart \) ! -name '*words*' ! -name '*_table.*' ! -name '*_tables.*'
}

lengths() {
  texts | sort | xargs -r -d '\n' awk '
    FNR == 1 && NR > 1 { if (lines > 300) print file ":300: the file has " lines " lines, 300 are allowed" }
    { file = FILENAME; lines = FNR }
    END { if (lines > 300) print file ":300: the file has " lines " lines, 300 are allowed" }'
}

# unsaid TABLE ENUM…: rows of an X-macro table that no source names as an enumerator.
unsaid() {
  local table=$1 enums
  shift
  enums=$(IFS='|' && echo "$*")
  comm -23 <(grep -oE '\bX\([a-z_0-9]+' "$table" | cut -c 3- | sort -u) \
    <(xargs grep -hoE "\b($enums)::[a-z_0-9]+" <"$scratch/sources" | sed 's/.*:://' | sort -u) |
    sed "s|.*|$table:1: no code ever says &|"
}

# First line, last line, file and name of each function that has a body.
functions() {
  ctags -x --languages=C++ --language-force=C++ --kinds-C++=f --_xformat='%n %e %F %N' -L "$scratch/sources" 2>/dev/null
}

if ! ctags --version 2>/dev/null | grep -q Universal; then
  echo "tests/rooms.sh:1: universal-ctags is missing, functions cannot be measured" >&2
  exit 1
fi
find lib cli -type f \( -name '*.cpp' -o -name '*.hpp' \) | sort >"$scratch/sources"
rooms_table >"$scratch/rooms"
functions >"$scratch/functions"
[ -s "$scratch/functions" ] || echo "- - - -" >"$scratch/functions"
{
  top_level
  names
  lengths
  unsaid lib/report/phrase_table.hpp Phrase
  unsaid lib/base/error.hpp Code Cause
  xargs -r -d '\n' awk -f "$here/rooms.awk" "$scratch/rooms" "$scratch/functions" <"$scratch/sources"
} | sort -t: -k1,1 -k2,2n >"$scratch/offences"
cat "$scratch/offences"
[ ! -s "$scratch/offences" ]
