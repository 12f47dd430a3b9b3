// Seals on tokens and in files, and the kind of lock that follows when they are private or false.
#include "ops/seals.hpp"

#include <fstream>

#include "contents.hpp"
#include "fixture.hpp"

using namespace ukey;
using namespace ukey::ops;
using namespace ukey::ops::test;
using base::Code;
using model::EvidenceReason;
using model::LockKind;
using model::LockReason;
using model::SealFormat;
using model::SealRole;

namespace {

std::string write(const TempFolder& folder, const std::string& name, const base::Bytes& octets) {
  const auto path = (folder.path() / name).string();
  std::ofstream{path, std::ios::binary}.write(reinterpret_cast<const char*>(octets.data()),
                                              static_cast<std::streamsize>(octets.size()));
  return path;
}

std::vector<std::string> labels_of(const TokenSeals& seals) {
  std::vector<std::string> labels;
  for (const auto& row : seals.rows) labels.push_back(row.object.label);
  std::ranges::sort(labels);
  return labels;
}

const model::SealRow& row_of(const TokenSeals& seals, std::string_view label) {
  for (const auto& row : seals.rows)
    if (row.object.label == label) return row;
  FAIL("no seal " << std::string{label});
  return seals.rows.front();
}

const model::Evidence& evidence_of(const model::Card& card, SealRole seal) {
  for (const auto& evidence : card.lock.evidence)
    if (evidence.seal == seal) return evidence;
  FAIL("no evidence");
  return card.lock.evidence.front();
}

}  // namespace

TEST_CASE("private seals leave the lock undetermined until someone logs in") {
  const OwnStore store({"private"}, [](Writer& writer) { make_master(writer, true); });
  const auto bench = bench_over({softhsm()});
  const auto before = read_only_card(bench, Depth::labels);
  CHECK(before.token.profile == "softhsm");
  CHECK(before.lock.kind == LockKind::undetermined);
  CHECK(before.lock.reason == LockReason::login_needed);
  CHECK(before.lock.missing.empty());  // nobody knows yet
  const Asked asked(*bench);
  const auto after = read_only_card(bench, Depth::contents);
  CHECK(after.lock.kind == LockKind::master);
  CHECK(after.lock.missing.empty());
  CHECK(read_token_seals(bench, false).rows.size() == 3);
}

TEST_CASE("an empty token whose objects may be private asks for a login before anything else") {
  const OwnStore store({"empty"});
  const auto bench = bench_over({softhsm()});
  const auto before = read_only_card(bench, Depth::labels);
  CHECK(before.lock.reason == LockReason::login_needed);
  CHECK(before.renewal.next_step == model::NextStep::login);
  const Asked asked(*bench);
  const auto after = read_only_card(bench, Depth::labels);
  CHECK(after.lock.kind == LockKind::blank);
  CHECK(after.renewal.next_step == model::NextStep::first_issue);
}

TEST_CASE("a token that has but a private key is not blank to who is logged in") {
  const OwnStore store({"key"}, [](Writer& writer) { put_key(writer, true, "1", 0); });
  const auto bench = bench_over({softhsm()});
  const Asked asked(*bench);
  CHECK(read_only_card(bench, Depth::labels).lock.kind == LockKind::undetermined);
}

TEST_CASE("what only bears a seal's label counts by label, and no more once it is read") {
  const OwnStore store({"false seal"}, [](Writer& writer) {
    make_master(writer);
    put_data(writer, "an attachment", picture());
  });
  const OwnStore with_false({"false seal"}, [](Writer& writer) {
    put_certificate(writer, "encrypt", "2", unit_certificate(1, false));
    put_data(writer, "单位公章", octets(std::string(80, 'x')));
    put_data(writer, "法人章", picture());
    put_data(writer, "手写签名", {});
  });
  const auto by_label = read_only_card(bench_over(), Depth::labels);
  CHECK(evidence_of(by_label, SealRole::unit).reason == EvidenceReason::by_label);
  CHECK(evidence_of(by_label, SealRole::signature).reason == EvidenceReason::empty);
  CHECK(by_label.lock.kind == LockKind::partial_master);
  CHECK(by_label.lock.missing == std::vector{SealRole::signature});
  const auto by_content = read_only_card(bench_over(), Depth::contents);
  const auto& unit = evidence_of(by_content, SealRole::unit);
  CHECK_FALSE(unit.found);
  CHECK(unit.reason == EvidenceReason::not_a_seal);
  CHECK(unit.format == SealFormat::unknown);
  CHECK(unit.bytes == 80ul);
  CHECK(evidence_of(by_content, SealRole::legal_rep).format == SealFormat::png);
  CHECK(by_content.lock.kind == LockKind::partial_master);
  CHECK(by_content.lock.missing == std::vector{SealRole::unit, SealRole::signature});
}

TEST_CASE("the seals of a token are listed by label, and by what they are when they are read") {
  const OwnStore store({"one"}, [](Writer& writer) {
    put_data(writer, "某练习公司单位公章", picture());
    put_data(writer, "attachment", picture());
    put_data(writer, "note", octets("plain text"));
    put_data(writer, "法人章", octets("no picture"));
  });
  const auto unread = read_token_seals(bench_over(), false);
  CHECK(labels_of(unread) == std::vector<std::string>{"某练习公司单位公章", "法人章"});
  for (const auto& row : unread.rows) {
    CHECK_FALSE(row.contents);
    CHECK_FALSE(row.object.format);
  }
  CHECK(row_of(unread, "某练习公司单位公章").object.size == picture().size());
  const auto read = read_token_seals(bench_over(), true);
  CHECK(labels_of(read) == std::vector<std::string>{"attachment", "某练习公司单位公章", "法人章"});
  const auto& unit = row_of(read, "某练习公司单位公章");
  CHECK(unit.object.role == SealRole::unit);
  CHECK(unit.contents->octets == picture());
  CHECK(unit.contents->picture->width == 20ul);
  CHECK_FALSE(row_of(read, "attachment").object.role);
  CHECK(row_of(read, "法人章").contents->format == SealFormat::unknown);
}

TEST_CASE("a seal that is told by its label or its role is picked, and no other") {
  const NineTokens tokens;
  const auto rows = read_token_seals(bench_of(label_of("master")), false).rows;
  REQUIRE(rows.size() == 3);
  CHECK(picked(rows, "").size() == 3);
  REQUIRE(picked(rows, "legal_rep").size() == 1);
  CHECK(picked(rows, "legal_rep")[0].object.label == "法人章");
  CHECK(picked(rows, "unit")[0].object.role == SealRole::unit);
  CHECK(picked(rows, "signature")[0].object.label == "手写签名");
  CHECK(picked(rows, "手写签名").size() == 1);
  for (const char* nothing : {"手写", "Unit", "seal"}) {
    const auto error = error_of([&] { (void)picked(rows, nothing); });
    CHECK(error.code() == Code::not_found);
    CHECK(error.subject() == nothing);
  }
  CHECK(error_of([] { (void)picked(std::vector<model::SealRow>{}, "unit"); }).code() ==
        Code::not_found);
}

TEST_CASE("a picture in a file is a seal, garbage and nothing are not") {
  const TempFolder folder;
  const auto row = file_seal(write(folder, "seal.png", picture()));
  CHECK(row.object.label == "seal.png");
  CHECK(row.object.size == picture().size());
  CHECK(row.object.format == SealFormat::png);
  CHECK(row.contents->octets == picture());
  CHECK(row.contents->picture->height == 20ul);
  for (const auto& bad : {octets("no seal at all"), octets("\x30\x82"), base::Bytes{}}) {
    const auto path = write(folder, "bad.esl", bad);
    const auto error = error_of([&] { (void)file_seal(path); });
    CHECK(error.code() == Code::bad_input);
    CHECK(error.subject() == path);
  }
  const auto missing = (folder.path() / "missing.esl").string();
  const auto error = error_of([&] { (void)file_seal(missing); });
  CHECK(error.code() == Code::file_io);
  CHECK(error.subject() == missing);
}

TEST_CASE("a token without seals has an empty list of them") {
  const NineTokens tokens;
  for (const char* name : {"sub-due", "blank"}) {
    const auto seals = read_token_seals(bench_of(label_of(name)), true);
    CHECK(seals.rows.empty());
    CHECK(seals.token.label == label_of(name));
  }
}
