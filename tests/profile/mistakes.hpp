// Files with a mistake in them, and what the reader says of it.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "profile/reader.hpp"
#include "tests/profile/scratch.hpp"

namespace ukey::profile::test {

/// What the reader says of the file after its name: "4: retry_limit"; absent when it reads it.
inline std::optional<std::string> fault(const std::string& name, const std::string& text) {
  const Scratch scratch;
  const auto file = scratch.put(name, text);
  try {
    if (name.starts_with("tokens/")) static_cast<void>(read_token_profile(file));
    if (name.starts_with("cas/")) static_cast<void>(read_ca_profile(file));
    if (name.starts_with("platforms/")) static_cast<void>(read_platform(file));
  } catch (const base::Error& error) {
    CHECK(error.code() == base::Code::bad_profile);
    REQUIRE(error.subject().starts_with(file));
    const auto all = check_file(file);  // the checker agrees about the first
    REQUIRE_FALSE(all.empty());
    CHECK(all.front().subject() == error.subject());
    return error.subject().substr(std::min(file.size() + 1, error.subject().size()));
  }
  CHECK(check_file(file).empty());
  return std::nullopt;
}

struct Mistake {
  std::string from, to, said;
};

inline void expect(const std::string& name, const std::string& text,
                   const std::vector<Mistake>& mistakes) {
  CHECK_FALSE(fault(name, text).has_value());
  for (const auto& mistake : mistakes) {
    CAPTURE(mistake.to);
    CHECK(fault(name, changed(text, mistake.from, mistake.to)).value_or("nothing") == mistake.said);
  }
}

/// A whole CA file.
inline const std::string kCa = R"(id = "c"
name = { zh = "甲", en = "a" }
certificates = "dual"
issuers = [
  { O = "Test CA" },
]
trust_sha256 = ["0123456789abcdef0123456789abcdef0123456789abcdef0123456789ABCDEF"]
unique_id_oids = ["1.2.3"]
[renewal]
via = "cmp"
url = "http://ca.example/"
cmp_command = "cr"
recipient = "CN=Test CA"
command = "ask 'a b' {serial}"
timeout_seconds = 60
)";

}  // namespace ukey::profile::test
