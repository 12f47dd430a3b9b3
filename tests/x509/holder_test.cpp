#include "x509/holder.hpp"

#include <doctest/doctest.h>

#include "x509/issue.hpp"
#include "x509/number.hpp"

using namespace ukey;
using model::HolderKind;
using x509::NameParts;
using x509::text_extension;

namespace {

// The examples that GB 32100-2015 and GB 11643-1999 themselves give.
constexpr auto kUscc = "91350100M000100Y43";
constexpr auto kResident = "11010519491231002X";

const NameParts kNamed{{"C", "CN"}, {"CN", "演练"}};

model::Holder holder_with(std::vector<x509::Extension> extensions,
                          const NameParts& subject = kNamed) {
  return x509::read_holder(subject, {}, extensions);
}

base::Bytes octets(std::string_view text) {
  const auto view = base::as_bytes(text);
  return {view.begin(), view.end()};
}

/// `text` behind a header with a short length.
base::Bytes tagged(std::uint8_t tag, const base::Bytes& content) {
  base::Bytes out{tag, static_cast<std::uint8_t>(content.size())};
  out.insert(out.end(), content.begin(), content.end());
  return out;
}

}  // namespace

TEST_CASE("A unified social credit code needs the right length, alphabet and check character") {
  CHECK(x509::is_uscc(kUscc));
  CHECK_FALSE(x509::is_uscc("91350100M000100Y44"));
  CHECK_FALSE(x509::is_uscc("91350100M000100Y4"));
  CHECK_FALSE(x509::is_uscc("91350100M000100Y430"));
  CHECK_FALSE(x509::is_uscc("91350100MI00100Y43"));
  CHECK_FALSE(x509::is_uscc("91350100m000100y43"));
  CHECK_FALSE(x509::is_uscc(""));
}

TEST_CASE("Exactly one check character fits each body of a unified social credit code") {
  for (const auto* body : {"91630000MA0000000", "12100000000000000", "Y1ABCDEFGHJKLMNPQ"}) {
    int fits = 0;
    for (const char c : std::string_view{"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"})
      fits += x509::is_uscc(std::string{body} + c) ? 1 : 0;
    CHECK(fits == 1);
  }
}

TEST_CASE("A resident identity number needs a real birth date and the right check character") {
  CHECK(x509::is_resident_id(kResident));
  CHECK_FALSE(x509::is_resident_id("110105194912310021"));
  CHECK_FALSE(x509::is_resident_id("11010519491331002X"));
  CHECK_FALSE(x509::is_resident_id("11010519490230002X"));
  CHECK_FALSE(x509::is_resident_id("11010519491231002"));
}

TEST_CASE("A code is found inside other text, but not inside a longer number") {
  CHECK(x509::uscc_in(std::string{kUscc} + "演练测试") == kUscc);
  CHECK(x509::uscc_in("演练(" + std::string{kUscc} + ")") == kUscc);
  CHECK_FALSE(x509::uscc_in("1" + std::string{kUscc}));
  CHECK_FALSE(x509::uscc_in(std::string{kUscc} + "A"));
  CHECK_FALSE(x509::uscc_in("91350100M000100Y4"));
}

TEST_CASE(
    "A code with a wrong check character is taken for what it is meant to be, a person's number "
    "never") {
  CHECK(x509::uscc_in("91630000PRACT0017T演练") == "91630000PRACT0017T");
  CHECK(x509::uscc_in("91630000PRACT0017T " + std::string{kUscc}) == kUscc);
  CHECK_FALSE(x509::looks_like_uscc("11010519491231003X"));
  CHECK_FALSE(x509::looks_like_uscc("110105194912310032"));
  CHECK_FALSE(x509::looks_like_uscc("91630000PRICT0017T"));
  CHECK_FALSE(x509::looks_like_uscc("9163A000PRACT0017T"));
  CHECK_FALSE(x509::looks_like_uscc("Z1630000PRACT0017T"));
}

TEST_CASE("A resident identity number that also fits as a code is not shown as one") {
  // One in 31 does; look for the first among consecutive made-up numbers.
  std::string both;
  for (int i = 0; i < 1000 && both.empty(); ++i) {
    const auto body = "63010219000101" + std::to_string(1000 + i).substr(1);
    for (const char c : std::string_view{"0123456789X"})
      if (x509::is_resident_id(body + c) && x509::is_uscc(body + c)) both = body + c;
  }
  REQUIRE_FALSE(both.empty());
  CHECK_FALSE(x509::uscc_in(both));
  const auto holder = holder_with({text_extension("1.2.156.112562.2.1.1.8", both)});
  CHECK_FALSE(holder.uscc);
  CHECK(holder.person_id == both);
}

TEST_CASE("Every place where a CA writes an organisation's code is read") {
  const std::string code = kUscc;
  for (const auto& [oid, value] : std::vector<std::pair<std::string, std::string>>{
           {"1.2.156.10260.4.1.4", code},
           {"1.2.156.112562.2.1.1.1", "JJ" + code},
           {"1.2.156.112562.2.1.1.1", code},
           {"1.2.156.112562.2.1.1.4", "JJ" + code},
           {"1.2.156.112562.2.1.1.8", code},
           {"1.2.156.112562.2.1.1.17", code},
           {"1.2.156.112562.2.1.2.2", "JJ" + code},
           {"1.2.156.112562.2.1.1.23", "1@215009JJ0" + code},
           {"1.2.156.112562.2.1.1.23", "-1@215009JJ0" + code},
           {"2.4.16.11.7.2", code},
           {"1.2.86.11.7.4", code}}) {
    CAPTURE(oid);
    CAPTURE(value);
    const auto holder = holder_with({text_extension(oid, value)});
    CHECK(holder.uscc == code);
    CHECK(holder.kind == HolderKind::enterprise);
    CHECK_FALSE(holder.person_id);
  }
}

TEST_CASE("An organisation's number without a right check character says enterprise and no code") {
  const auto holder = holder_with({text_extension("1.2.156.10260.4.1.4", "00000000-0")});
  CHECK(holder.kind == HolderKind::enterprise);
  CHECK_FALSE(holder.uscc);
}

TEST_CASE("Attributes of the subject hold the code when no extension does") {
  for (const auto* attribute : {"organizationIdentifier", "serialNumber", "name", "OU", "CN"}) {
    CAPTURE(attribute);
    const auto holder = holder_with({}, {{"C", "CN"}, {attribute, kUscc}});
    CHECK(holder.uscc == kUscc);
    CHECK(holder.kind == HolderKind::enterprise);
  }
  CHECK(holder_with({}, {{"O", std::string{kUscc} + "演练测试"}, {"CN", "42"}}).uscc == kUscc);
}

TEST_CASE("A personal number in an extension makes the holder an individual, even beside an O") {
  const std::string id = kResident;
  for (const auto& [oid, value] : std::vector<std::pair<std::string, std::string>>{
           {"1.2.156.10260.4.1.1", id},
           {"1.2.156.10260.4.1.1.1", id},
           {"1.2.156.112562.2.1.1.1", "SF" + id},
           {"1.2.156.112562.2.1.1.8", id},
           {"1.2.156.112562.2.1.1.23", "1@215009SF0" + id},
           {"1.2.86.21.1.1", "1@5013SF0" + id},
           {"1.2.86.11.7.1", id}}) {
    CAPTURE(oid);
    const auto holder = holder_with({text_extension(oid, value)}, {{"O", "演练"}, {"CN", "演练"}});
    CHECK(holder.person_id == id);
    CHECK(holder.kind == HolderKind::individual);
    CHECK_FALSE(holder.uscc);
  }
}

TEST_CASE("An IdentifyCode is read with either tagging and in any string type") {
  const auto id = octets(kResident);
  for (int choice = 0; choice <= 2; ++choice) {
    const auto explicit_tag = static_cast<std::uint8_t>(0xa0 + choice);
    const auto implicit_tag = static_cast<std::uint8_t>(0x80 + choice);
    const std::vector<base::Bytes> values{tagged(explicit_tag, tagged(0x13, id)),
                                          tagged(explicit_tag, tagged(0x0c, id)),
                                          tagged(implicit_tag, id),
                                          tagged(0x13, id),
                                          tagged(0x16, id),
                                          tagged(0x04, tagged(0x0c, id)),
                                          id};
    for (const auto& value : values) {
      CAPTURE(base::hex(value));
      CHECK(holder_with({{"1.2.156.10260.4.1.1", value}}).person_id == kResident);
    }
  }
}

TEST_CASE("Garbage and placeholders in extensions are ignored") {
  for (const auto& value : std::vector<base::Bytes>{
           {},
           {0x00},
           {0x0c},
           {0x0c, 0x05, 'a'},
           {0x0c, 0x00},
           {0xff, 0xfe, 0x31},
           {0x30, 0x80},
           octets("0"),
           octets("-"),
           octets("无"),
           octets("  "),
           octets("1\x1b[2J"),
           base::Bytes(5000, '1'),
           tagged(0xa3, octets("1")),
           tagged(0xa0, tagged(0xa0, tagged(0xa0, tagged(0xa0, octets(kResident)))))}) {
    CAPTURE(base::hex(base::ByteView{value}.first(std::min<std::size_t>(value.size(), 40))));
    const auto holder = holder_with({{"1.2.156.10260.4.1.1", value}});
    CHECK_FALSE(holder.person_id);
    CHECK(holder.kind == HolderKind::individual);  // by the subject: a name and no O
  }
  for (const auto* text :
       {"JJ", "SF", "JJ  ", "@", "1@", "1@215009", "1@215009JJ", "1@215009XX0123"}) {
    CAPTURE(text);
    const auto holder = holder_with({text_extension("1.2.156.112562.2.1.1.23", text)});
    CHECK_FALSE(holder.uscc);
    CHECK_FALSE(holder.person_id);
    CHECK(holder.kind == HolderKind::individual);
  }
}

TEST_CASE(
    "Without numbers an O means enterprise, a subject without O individual, nothing unknown") {
  CHECK(holder_with({}, {{"O", "演练"}}).kind == HolderKind::enterprise);
  CHECK(holder_with({}, {{"CN", "演练"}}).kind == HolderKind::individual);
  CHECK(holder_with({}, {{"CN", "演练"}, {"O", "  "}}).kind == HolderKind::individual);
  CHECK(holder_with({}, {}).kind == HolderKind::unknown);
  CHECK(holder_with({}, {{"CN", ""}}).kind == HolderKind::unknown);
}

TEST_CASE("Of two organisations in a subject the issuer's own is not the holder's") {
  const NameParts issuer{{"C", "CN"}, {"O", "Practice"}};
  const auto named = [&](const NameParts& subject) {
    return x509::read_holder(subject, issuer, {}).organisation;
  };
  CHECK(named({{"CN", "演练"}, {"O", "Practice"}, {"O", "演练测试"}}) == "演练测试");
  CHECK(named({{"O", "演练测试"}, {"O", "Practice"}}) == "演练测试");
  CHECK(named({{"O", "Practice"}}) == "Practice");
  CHECK_FALSE(named({{"CN", "演练"}}));
}
