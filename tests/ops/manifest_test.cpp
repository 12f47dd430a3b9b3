#include "ops/manifest.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <string>

#include "base/text.hpp"
#include "tests/p11/caught.hpp"
#include "tests/practice/temp_folder.hpp"

namespace {

using namespace ukey;
using base::Cause;
using base::Code;
using tests::error_of;

model::Platform platform() {
  model::Platform out;
  out.term_years = {1, 2};
  return out;
}

/// A manifest in a folder of its own.
class File {
 public:
  explicit File(const std::string& text) { std::ofstream{path(), std::ios::binary} << text; }
  [[nodiscard]] std::string path() const { return folder_.path() / "m.csv"; }
  [[nodiscard]] std::string folder() const {
    return std::filesystem::absolute(folder_.path()).string();
  }
  [[nodiscard]] model::Manifest read() const { return ops::read_manifest(path(), platform()); }

 private:
  practice::test::TempFolder folder_;
};

std::vector<model::ManifestRow> rows(const std::string& text) { return File{text}.read().rows; }

/// The only row, which is good.
model::ManifestRow only(const std::string& text) {
  const auto all = rows(text);
  REQUIRE(all.size() == 1);
  if (all[0].error) FAIL(all[0].error->subject());
  return all[0];
}

/// What is wrong with the row under these titles.
base::Error fault_of(const std::string& text) {
  const File file{text};
  const auto read = file.read();
  REQUIRE(read.rows.size() == 1);
  REQUIRE(read.rows[0].error);
  const auto& error = *read.rows[0].error;
  CHECK(error.code() == Code::bad_input);
  CHECK(error.subject().starts_with(file.path() + ":2"));
  return error.about(error.subject().substr(file.path().size()));
}

/// Why a file cannot be used at all, and where.
base::Error refusal_of(const std::string& text) {
  const File file{text};
  const auto error = error_of([&] { (void)file.read(); });
  CHECK(error.code() == Code::bad_input);
  CHECK(error.subject().starts_with(file.path()));
  return error.about(error.subject().substr(file.path().size()));
}

std::string gbk(std::string_view text) { return base::encoded(text, "GBK"); }

constexpr std::string_view kMark = "\xef\xbb\xbf";
constexpr std::string_view kWhole =
    "serial,label,years,pin_file,no_open_bids,note\r\n"
    "0012,练习-企业主锁,2,/pins/a,是,\"张三说\"\"行\"\"，\n明天来\"\r\n";

}  // namespace

TEST_CASE("a manifest says the same in UTF-8, with a byte-order mark, and in GBK") {
  for (const auto& text : {std::string{kWhole}, std::string{kMark}.append(kWhole), gbk(kWhole)}) {
    const auto row = only(text);
    CHECK(row.line == 2);
    CHECK(row.serial == "0012");
    CHECK(row.label == "练习-企业主锁");
    CHECK(row.years == 2u);
    CHECK(row.pin_file == "/pins/a");
    CHECK(row.pin_env.empty());
    CHECK(row.no_open_bids == true);
    CHECK(row.note == "张三说\"行\"，\n明天来");
  }
}

TEST_CASE("one GBK character makes the whole file GBK, and a mark makes it UTF-8") {
  const auto all = rows("label,note\n" + gbk("单位公章") + ",plain\nplain," + gbk("青海") + "\n");
  REQUIRE(all.size() == 2);
  CHECK(all[0].label == "单位公章");
  CHECK(all[1].note == "青海");
  CHECK(refusal_of(std::string{kMark} + "label\n" + gbk("单位") + "\n").cause() == Cause::not_text);
}

TEST_CASE("what is neither UTF-8 nor GBK is refused whole") {
  CHECK(refusal_of("label\n\xff\xff\n").cause() == Cause::not_text);
  CHECK(refusal_of(std::string{"\xff\xfel\0a\0\n\0", 8}).cause() == Cause::not_text);
  CHECK(refusal_of(std::string{"label\na\0b\n", 10}).cause() == Cause::not_text);
}

TEST_CASE("semicolons and tabs separate as commas do") {
  CHECK(only("serial;note\n01;a,b\n").note == "a,b");
  CHECK(only("serial\tnote\n01\ta;b\n").note == "a;b");
}

TEST_CASE("titles come in any order and in capitals, and columns without a title stay empty") {
  const auto row = only(" NOTE , Serial,,\nx,01,,\n");
  CHECK(row.note == "x");
  CHECK(row.serial == "01");
  CHECK(fault_of("serial,\n01,stray\n").cause() == Cause::extra_field);
  CHECK(fault_of("serial,note\n01,a,b\n").subject() == ":2: 3");
}

TEST_CASE("a column that nobody knows is refused by its name, a repeated one too") {
  const auto misspelt = refusal_of("serial,no_open_bid\n01,yes\n");
  CHECK(misspelt.cause() == Cause::unknown_column);
  CHECK(misspelt.subject() == ":1: no_open_bid");
  const auto twice = refusal_of("\n\nserial,Serial\n01,01\n");
  CHECK(twice.cause() == Cause::repeated_column);
  CHECK(twice.subject() == ":3: Serial");
}

TEST_CASE("data in place of titles are not repeated: a PIN may be among them") {
  const auto error = refusal_of("12345678,label\n01,甲\n");
  CHECK(error.cause() == Cause::unknown_column);
  CHECK(error.subject() == ":1: 1");
}

TEST_CASE("a manifest without a column that names tokens is refused, and so is an empty one") {
  CHECK(refusal_of("years,note\n1,x\n").cause() == Cause::missing_column);
  CHECK(refusal_of("").cause() == Cause::missing_column);
  CHECK(refusal_of("\n,,\n").cause() == Cause::missing_column);
  CHECK(rows("serial\n").empty());
}

TEST_CASE("a bad row has its line, and the rows around it are read") {
  const auto all = rows("serial,years,note\n01,1,\"a\nb\"\n02,3,\n\n,,\n03,2,\n");
  REQUIRE(all.size() == 3);
  CHECK_FALSE(all[0].error);
  CHECK(all[1].line == 4);
  REQUIRE(all[1].error);
  CHECK(all[1].error->cause() == Cause::bad_value);
  CHECK(all[1].error->subject().ends_with("m.csv:4: years (1,2)"));
  CHECK(all[1].serial == "02");
  CHECK_FALSE(all[2].error);
  CHECK(all[2].line == 7);
}

TEST_CASE("the term is one that the platform allows") {
  CHECK(only("serial,years\n01,1\n").years == 1u);
  CHECK_FALSE(only("serial,years\n01,\n").years);
  for (const char* years : {"0", "3", "-1", "1.0", "two", "1 year", "99999999999999999999"}) {
    CAPTURE(years);
    const auto fault = fault_of(std::string{"serial,years\n01,"} + years + "\n");
    CHECK(fault.cause() == Cause::bad_value);
    CHECK(fault.subject() == ":2: years (1,2)");
  }
}

TEST_CASE("the answer about bids is a yes, a no, or nothing") {
  const auto answer = [](const std::string& text) {
    return only("serial,no_open_bids\n01," + text + "\n").no_open_bids;
  };
  for (const char* yes : {"yes", "YES", "True", "1", "是"}) CHECK(answer(yes) == true);
  for (const char* no : {"no", "No", "FALSE", "0", "否"}) CHECK(answer(no) == false);
  CHECK_FALSE(answer(""));
  for (const char* other : {"y", "ok", "2", "没有", "-"})
    CHECK(fault_of(std::string{"serial,no_open_bids\n01,"} + other + "\n").cause() ==
          Cause::bad_value);
}

TEST_CASE("a serial that a spreadsheet rounded is refused, one that only looks like it is not") {
  for (const char* rounded : {"1.23457E+12", "1E+05", "1.2e+08", "\"1,23457E+12\"", "'1E+05"}) {
    CAPTURE(rounded);
    const auto fault = fault_of(std::string{"serial,note\n"} + rounded + ",\n");
    CHECK(fault.cause() == Cause::rounded_number);
    CHECK(fault.subject() == ":2: serial");
  }
  for (const char* serial : {"12E5", "1e10", "E+12", "A1E+12", "1234567890123456"})
    CHECK(only(std::string{"serial\n"} + serial + "\n").serial == serial);
}

TEST_CASE("what a spreadsheet needs to leave a serial alone is no part of it") {
  CHECK(only("serial\n=\"0012\"\n").serial == "0012");
  CHECK(only("serial\n\"=\"\"0012\"\"\"\n").serial == "0012");
  CHECK(only("serial\n'0012\n").serial == "0012");
  CHECK(only("label\n'-甲\n").label == "-甲");
}

TEST_CASE("a row must name a token, and one PIN source at most") {
  CHECK(fault_of("serial,label,note\n,,x\n").cause() == Cause::no_selector);
  CHECK(fault_of("serial,note\n',x\n").cause() == Cause::no_selector);
  CHECK(fault_of("serial,pin_file,pin_env\n01,a,B\n").cause() == Cause::two_sources);
  CHECK(only("serial,pin_file,pin_env\n01,,PIN_1\n").pin_env == "PIN_1");
}

TEST_CASE("what cannot be a variable's name is refused without repeating it: it may be a PIN") {
  for (const char* name : {"12345678", "a-b", "A=1", "密码"}) {
    const auto fault = fault_of(std::string{"serial,pin_env\n01,"} + name + "\n");
    CHECK(fault.cause() == Cause::bad_value);
    CHECK(fault.subject() == ":2: pin_env");
  }
}

TEST_CASE("a relative PIN file is looked for beside the manifest, wherever the program runs") {
  const File file{"serial,pin_file\n01,pins/a.txt\n02,../b.txt\n03,/c.txt\n"};
  const auto read = file.read();
  REQUIRE(read.rows.size() == 3);
  CHECK(read.rows[0].pin_file == file.folder() + "/pins/a.txt");
  CHECK(read.rows[1].pin_file ==
        (std::filesystem::path{file.folder()}.parent_path() / "b.txt").string());
  CHECK(read.rows[2].pin_file == "/c.txt");
}

TEST_CASE("a quotation mark out of place spoils its row, one without an end the file") {
  CHECK(fault_of("serial,note\n01,\"a\"b\n").cause() == Cause::bad_quote);
  const auto open = refusal_of("serial,note\n01,x\n02,\"never closed\n03,y\n");
  CHECK(open.cause() == Cause::bad_quote);
  CHECK(open.subject() == ":3");
}

TEST_CASE("fields, rows and files have limits, and what is at the limit is read") {
  CHECK(only("serial,note\n01," + std::string(4096, 'x') + "\n").note.size() == 4096);
  CHECK(fault_of("serial,note\n01," + std::string(4097, 'x') + "\n").cause() == Cause::too_large);
  std::string many = "serial\n";
  for (int i = 0; i < 100'000; ++i) many += "x\n";
  CHECK(rows(many).size() == 100'000);
  CHECK(refusal_of(many + "x\n").cause() == Cause::too_large);
  CHECK(refusal_of("serial\n" + std::string(16U << 20, '\n')).cause() == Cause::too_large);
}

TEST_CASE("a file that is not there, or is a folder, is told as such") {
  const auto missing = error_of([] { (void)ops::read_manifest("/nonexistent.csv", platform()); });
  CHECK(missing.code() == Code::file_io);
  CHECK(missing.subject() == "/nonexistent.csv");
  CHECK(error_of([] { (void)ops::read_manifest("/", platform()); }).code() == Code::file_io);
}
