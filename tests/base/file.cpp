#include "base/file.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sys/stat.h>
#include <unistd.h>
#include <filesystem>
#include <string>

#include <cstdlib>
#include <filesystem>

#include "base/error.hpp"
#include "tests/base/fixture.hpp"

using namespace ukey::base;
using ukey::base_test::Folder;
namespace fs = std::filesystem;

namespace {

Code code_of_reading(const std::string& path, std::size_t most) {
  try {
    (void)read_file(path, most);
  } catch (const Error& error) {
    if (error.cause() != Cause::large_file) CHECK(error.subject() == path);
    return error.code();
  }
  return Code::bug;
}

}  // namespace

TEST_CASE("what was written to a file is read from it, octet for octet") {
  const Folder folder;
  const Bytes contents{0x00, 0xff, '\n', 0x80};
  write_file(folder.file("a"), contents);
  CHECK(read_file(folder.file("a"), 4) == contents);
  write_file(folder.file("a"), Bytes{});
  CHECK(read_file(folder.file("a"), 0).empty());
}

TEST_CASE("a file larger than the bound is refused, one of exactly that size is not") {
  const Folder folder;
  write_file(folder.file("a"), Bytes(100'000, 'x'));
  CHECK(read_file(folder.file("a"), 100'000).size() == 100'000);
  CHECK(code_of_reading(folder.file("a"), 99'999) == Code::bad_input);
}

TEST_CASE("the refusal of a file that is too large says the bound") {
  const Folder folder;
  write_file(folder.file("a"), Bytes((std::size_t{2} << 20) + 1, 'x'));
  for (const auto& [most, said] : {std::pair{std::size_t{2} << 20, " (2 MiB)"},
                                   std::pair{(std::size_t{2} << 20) - 1, " (2097151 B)"}}) {
    try {
      (void)read_file(folder.file("a"), most);
      FAIL("it was read");
    } catch (const Error& error) {
      CHECK(error.cause() == Cause::large_file);
      CHECK(error.subject() == folder.file("a") + said);
    }
  }
}

TEST_CASE("what is missing, a folder or a device is no file to read") {
  const Folder folder;
  CHECK(code_of_reading(folder.file("missing"), 10) == Code::file_io);
  CHECK(code_of_reading(folder.file(""), 10) == Code::file_io);
  CHECK(code_of_reading("/dev/zero", 10) == Code::file_io);
  CHECK(code_of_reading("", 10) == Code::file_io);
}

TEST_CASE("a file that cannot be written leaves nothing behind") {
  const Folder folder;
  CHECK_THROWS_AS(write_file(folder.file("no/such/folder"), Bytes{1}), Error);
  fs::create_directory(folder.file("taken"));
  CHECK_THROWS_AS(write_file(folder.file("taken"), Bytes{1}), Error);
  CHECK(std::distance(fs::directory_iterator{folder.file("")}, fs::directory_iterator{}) == 1);
}

TEST_CASE("a new file obeys the umask, and takes the place of the old one") {
  const Folder folder;
  const mode_t before = umask(027);
  write_file(folder.file("a"), Bytes{1});
  umask(before);
  struct stat facts {};
  REQUIRE(stat(folder.file("a").c_str(), &facts) == 0);
  CHECK((facts.st_mode & 0777) == 0640);
  write_file(folder.file("a"), Bytes{2});
  CHECK(read_file(folder.file("a"), 10) == Bytes{2});
}

TEST_CASE("what is written over a pipe or a link goes into it, and leaves it there") {
  namespace fs = std::filesystem;
  const auto folder = fs::temp_directory_path() / ("ukey-file-" + std::to_string(getpid()));
  fs::create_directory(folder);
  ukey::base::write_file((folder / "target").string(), ukey::base::as_bytes("old"));
  fs::create_symlink("target", folder / "link");
  ukey::base::write_file((folder / "link").string(), ukey::base::as_bytes("new"));
  CHECK(fs::is_symlink(folder / "link"));
  CHECK(fs::file_size(folder / "target") == 3);
  REQUIRE(mkfifo((folder / "pipe").c_str(), 0600) == 0);
  const int reader = open((folder / "pipe").c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  REQUIRE(reader >= 0);
  ukey::base::write_file((folder / "pipe").string(), ukey::base::as_bytes("through"));
  char got[16] = {};
  CHECK(read(reader, got, sizeof got) == 7);
  CHECK(fs::is_fifo(folder / "pipe"));
  close(reader);
  fs::remove_all(folder);
}

TEST_CASE("a private folder is made with all above it, for its owner alone; what is there stays") {
  const Folder folder;
  REQUIRE(chmod(folder.file("").c_str(), 0755) == 0);
  make_private_folder(folder.file("a/b"));
  make_private_folder(folder.file("a/b/c/"));
  struct stat facts {};
  for (const char* part : {"a", "a/b", "a/b/c"}) {
    REQUIRE(stat(folder.file(part).c_str(), &facts) == 0);
    CHECK((facts.st_mode & 07777) == 0700);
  }
  REQUIRE(stat(folder.file("").c_str(), &facts) == 0);
  CHECK((facts.st_mode & 07777) == 0755);
}

TEST_CASE("a private folder that cannot be made is refused by the name of what is in the way") {
  const Folder folder;
  write_file(folder.file("file"), {});
  try {
    make_private_folder(folder.file("file/below"));
    FAIL("made");
  } catch (const Error& error) {
    CHECK(error.code() == Code::file_io);
    CHECK(error.subject() == folder.file("file"));
  }
}
