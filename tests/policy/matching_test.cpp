#include "policy/matching.hpp"

#include <doctest/doctest.h>

#include <string>

namespace {

using namespace ukey;

model::TokenRef shown(std::string serial, std::string label, std::string maker = "ukey") {
  model::TokenRef out;
  out.serial = std::move(serial);
  out.label = std::move(label);
  out.manufacturer = std::move(maker);
  return out;
}

model::ManifestRow asked(std::string serial, std::string label = {}) {
  model::ManifestRow out;
  out.serial = std::move(serial);
  out.label = std::move(label);
  return out;
}

std::vector<policy::RowMatch> matched(const std::vector<model::ManifestRow>& rows,
                                      const std::vector<model::TokenRef>& tokens) {
  std::vector<const model::TokenRef*> pointers;
  for (const auto& one : tokens) pointers.push_back(&one);
  return policy::match_rows(rows, pointers);
}

}  // namespace

TEST_CASE("a row finds its token by serial, by label, or by both") {
  const std::vector tokens{shown("01", "甲"), shown("02", "乙"), shown("03", "乙")};
  const auto found = matched(
      {asked("02"), asked("", "甲"), asked("03", "乙"), asked("01", "乙"), asked("04")}, tokens);
  CHECK(found[0].fits == 1);
  CHECK(found[0].token == 1);
  CHECK(found[1].fits == 1);
  CHECK(found[1].token == 0);
  CHECK(found[2].fits == 1);
  CHECK(found[2].token == 2);
  CHECK(found[3].fits == 0);
  CHECK(found[4].fits == 0);
}

TEST_CASE("a serial is not taken for a label, nor the other way round") {
  const std::vector tokens{shown("A", "B")};
  const auto found = matched({asked("B"), asked("", "A")}, tokens);
  CHECK(found[0].fits == 0);
  CHECK(found[1].fits == 0);
}

TEST_CASE("a label, or a serial of two makers, that fits two tokens fits none of them alone") {
  const std::vector tokens{shown("01", "甲"), shown("02", "甲"), shown("01", "乙", "other")};
  const auto found = matched({asked("", "甲"), asked("01"), asked("01", "乙")}, tokens);
  CHECK(found[0].fits == 2);
  CHECK(found[1].fits == 2);
  CHECK(found[2].fits == 1);
  CHECK(found[2].token == 2);
  CHECK_FALSE(found[2].repeated);
}

TEST_CASE("of two rows of one token the later is repeated, however each names it") {
  const std::vector tokens{shown("01", "甲")};
  const auto found = matched({asked("01"), asked("", "甲"), asked("01", "甲")}, tokens);
  CHECK_FALSE(found[0].repeated);
  CHECK(found[1].repeated);
  CHECK(found[2].repeated);
}

TEST_CASE("a row with an error fits nothing and takes no token from another") {
  const std::vector tokens{shown("01", "甲")};
  auto bad = asked("01");
  bad.error = base::Error{base::Code::bad_input};
  const auto found = matched({bad, asked("01")}, tokens);
  CHECK(found[0].fits == 0);
  CHECK(found[1].fits == 1);
  CHECK_FALSE(found[1].repeated);
}

TEST_CASE("a token without serial or label is found by nothing that is empty") {
  const std::vector tokens{shown("", ""), shown("", "甲")};
  const auto found = matched({asked("", "甲"), asked("", "")}, tokens);
  CHECK(found[0].fits == 1);
  CHECK(found[0].token == 1);
  CHECK(found[1].fits == 0);
}
