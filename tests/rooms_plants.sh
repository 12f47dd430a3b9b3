#!/usr/bin/env bash
# Does rooms.sh see what it promises to see? Plants offences in a copy of the house, and beside them what looks like an
# offence and is none. Every planted line, and no line of the innocent, must be reported.
set -euo pipefail
export LC_ALL=C

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
cp -r "$here/../cli" "$here/../lib" "$here/../tests" "$copy"

planted=()

# plant FILE LINE WHAT <<< CONTENTS: the report must have a line that begins with FILE:LINE: and holds WHAT.
plant() {
  mkdir -p "$(dirname "$copy/$1")"
  cat >"$copy/$1"
  planted+=("$1:$2: $3")
}

# A source whose second line is the offence.
line() { plant "$1" 2 "$2" < <(printf '// planted\n%s\n' "$3"); }

innocent() { mkdir -p "$(dirname "$copy/$1")" && printf '%s\n' "$2" >"$copy/$1"; }

long_function() {
  echo "int long_one() {"
  for ((i = 2; i < $1; i++)); do echo "  (void)0;"; done
  echo "}"
}

lines() { for ((i = 0; i < $1; i++)); do echo "// line"; done; }

plant notes.txt 1 "top level" <<<"x"
plant lib/attic/x.cpp 1 "no room of the house" <<<"int x;"
plant lib/base/planted_utils.cpp 1 "named by a noun" <<<"int x;"
plant tests/base/common.cpp 1 "named by a noun" <<<"int x;"
plant lib/model/planted_bare.hpp 1 "opens with a comment" <<<"#pragma once"
plant lib/model/planted_once.hpp 1 "#pragma once is missing" <<<"// A header."
plant lib/x509/planted_long.cpp 300 "301 lines" < <(lines 301)
plant tests/cli/planted_long.bats 300 "301 lines" < <(lines 301)
plant lib/x509/planted_function.cpp 1 "long_one has 41 lines" < <(long_function 41)

plant lib/report/phrase_table.hpp 1 "no code ever says odd_phrase" < <(
  cat "$here/../lib/report/phrase_table.hpp"
  echo '#define PLANTED(X) X(odd_phrase, "", "")'
)
plant lib/base/error.hpp 1 "no code ever says odd_cause" < <(
  cat "$here/../lib/base/error.hpp"
  echo '#define PLANTED(X) X(odd_cause)'
)

line lib/policy/planted_a.cpp "may not include <openssl" '#include <openssl/evp.h>'
line lib/policy/planted_b.cpp "may not include <p11-kit" '#include <p11-kit/pkcs11.h>'
line lib/policy/planted_c.cpp "pure" '#include <fstream>'
line lib/policy/planted_d.cpp "may not include <unistd.h>" '#include <unistd.h>'
line lib/policy/planted_e.cpp "may not include the room p11" '#include "p11/module.hpp"'
line lib/x509/planted_a.cpp "may not include <dlfcn.h>" '#include <dlfcn.h>'
line lib/seal/planted_a.cpp "may not include <openssl/cmp.h>" '#include <openssl/cmp.h>'
line lib/p11/planted_a.cpp "may not include <openssl/evp.h>" '#include <openssl/evp.h>'
line lib/ops/planted_a.cpp "may not include the room report" '#include "report/words.hpp"'
line lib/ops/planted_b.cpp "may not include the room practice" '#include "practice/drawer.hpp"'
line lib/ops/planted_c.cpp "may not include <nlohmann" '#include <nlohmann/json_fwd.hpp>'
line lib/report/planted_a.cpp "may not include the room ops" '#include "ops/card.hpp"'
line lib/report/planted_b.cpp "may not include <toml++" '#include <toml++/toml.h>'
line lib/report/planted_c.cpp "may not include <CLI" '#include <CLI/CLI.hpp>'
line lib/p11/planted_b.cpp "may not include the room practice" '#include "practice/drawer.hpp"'
line lib/p11/planted_c.cpp "may not include the room cli" '#include "cli/context.hpp"'
line lib/p11/planted_d.cpp "not from the lib root" '#include "module.hpp"'
line lib/p11/planted_e.cpp "put together by fmt" '#include <iostream>'
line cli/planted_a.cpp "may not include <openssl" '#include <openssl/x509.h>'
line cli/zz_planted_b.cpp "CLI11 is included by" '#include <CLI/CLI.hpp>'
innocent cli/aa_parser.cpp '#include <CLI/CLI.hpp>'

line lib/ops/planted_d.cpp "clock" 'auto t = std::chrono::system_clock::now();'
line lib/ops/planted_e.cpp "clock" 'auto t = time(nullptr);'
line lib/profile/planted_a.cpp "environment" 'auto* p = std::getenv("HOME");'
line lib/ops/planted_f.cpp "printing" 'void f() { std::cout << 1; }'
line lib/ops/planted_g.cpp "printing" 'void f() { std::printf("x"); }'
line lib/report/planted_d.cpp "terminal" 'bool b = isatty(1);'
line lib/base/planted_a.cpp "ending the program" 'void f() { std::exit(1); }'
line lib/ops/planted_l.cpp "closes itself" 'void f() { close(descriptor); }'
line cli/planted_e.cpp "closes itself" 'void f() { ::close(descriptor); }'
line lib/p11/planted_f.cpp "C_InitToken" 'auto f = &CK_FUNCTION_LIST::C_InitToken;'
line lib/ops/planted_h.cpp "PKCS#11 is spoken" 'CK_RV rv = 0;'
line lib/model/planted_c.cpp "PKCS#11 is spoken" 'auto rv = CKR_OK;'
line cli/planted_c.cpp "PKCS#11 is spoken" 'void f() { C_Login(1); }'
line lib/ops/planted_i.cpp "words for people" 'auto s = "主锁";'
line cli/planted_d.cpp "words for people" 'auto s = R"(a，b)";'
line lib/report/planted_e.cpp "full-width marks" 'auto s = "已存在:{}";'
line cli/planted_words.cpp "full-width marks" 'auto s = "替换(y/N)吗";'
plant lib/ops/planted_j.cpp 1 "catch (...)" <<<'void f() { try { g(); } catch (...) { } }'
plant lib/ops/planted_k.cpp 4 "PKCS#11 is spoken" < <(printf 'auto s = R"x(\n//"\n)x"; CK_RV a; /* CK_RV\n */ CK_RV b;\n')

innocent lib/ops/innocent.cpp "$(cat <<'INNOCENT'
// CK_RV, getenv(, 主锁, std::cout and exit( in a comment
auto s = "CKR_PIN_INCORRECT getenv( exit( std::cout // isatty";  // 副锁 C_InitToken
/* #include <openssl/evp.h>
   CK_RV */
auto r = R"(C_Login( " system_clock::now // )"; int exit_status(int); int runtime(int);
char c = '"'; int n = 1'000'000; auto q = "\"CK_RV";
struct CHECK_CK { int my_C_Login(int); int atexit(int); };
void f() {
  try {
  } catch (...) {  // a note is all that can be done here
  }
  try {
  } catch (...) {
    throw;
  }
}
void Thing::close() { pipe.close(); iconv_close(cd); pipe->close(1); close(); }
struct Guard {
  ~Guard() {
    try {
    } catch (...) {
    }
  }
};
INNOCENT
)"
mkdir -p "$copy/lib/ops" "$copy/lib/report"
long_function 40 >"$copy/lib/ops/innocent_function.cpp"
lines 300 >"$copy/lib/ops/innocent_length.cpp"
lines 400 >"$copy/lib/report/innocent_words.cpp"
innocent lib/p11/evp_key_innocent.cpp '#include <openssl/evp.h>'
innocent lib/report/innocent.cpp 'auto s = pick(lang, "主锁：{}，替换吗？(y/N) ", ": ");'
innocent lib/practice/innocent.cpp 'void f(CK_RV) { C_InitToken(); }'

report=$(bash "$here/rooms.sh" --root "$copy") && { echo "rooms.sh found nothing in a house full of offences"; exit 1; }
failed=0
for offence in "${planted[@]}"; do
  where=${offence%%: *}
  what=${offence#*: }
  if ! grep -F "$where: " <<<"$report" | grep -qF -- "$what"; then
    echo "not seen: $offence"
    failed=1
  fi
done
if grep -F innocent <<<"$report"; then failed=1; fi
echo "${#planted[@]} offences planted"
exit "$failed"
