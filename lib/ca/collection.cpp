#include "ca/collection.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"

namespace ukey::ca {

namespace {

constexpr std::size_t kMostCertificates = 100;
constexpr std::size_t kMostColumns = 300;

}  // namespace

void Collection::add(base::ByteView der) {
  auto& all = answer_.certificates;
  const auto same = [der](const base::Bytes& known) {
    return std::equal(known.begin(), known.end(), der.begin(), der.end());
  };
  if (std::any_of(all.begin(), all.end(), same)) return;
  if (all.size() == kMostCertificates) throw not_understood();
  all.emplace_back(der.begin(), der.end());
}

base::Error not_understood() {
  return base::Error{base::Code::ca_refused}.because(base::Cause::odd_answer);
}

std::string cleaned(base::ByteView words) {
  return base::shortened(base::printable(base::trimmed(base::decoded(words))), kMostColumns);
}

}  // namespace ukey::ca
