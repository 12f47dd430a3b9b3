#include "base/pending_file.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "base/descriptor.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "tests/base/fixture.hpp"

using namespace ukey::base;
using ukey::base_test::Folder;
namespace fs = std::filesystem;

namespace {

// What the code under test asks of the system, by its name for folders and files.
thread_local std::vector<std::string> synced;
std::atomic<int> umasks{0};

std::string text_in(const std::string& path) { return std::string{as_text(read_file(path, 1000))}; }

}  // namespace

// These stand before the C library's own.
extern "C" int fsync(int descriptor) {
  struct stat facts {};
  fstat(descriptor, &facts);
  synced.emplace_back(S_ISDIR(facts.st_mode) ? "folder" : "file");
  return static_cast<int>(syscall(SYS_fsync, descriptor));
}
extern "C" mode_t umask(mode_t mask) noexcept {
  ++umasks;
  return static_cast<mode_t>(syscall(SYS_umask, mask));
}

TEST_CASE("a pending file has no name until it is committed, and then all of its octets") {
  const Folder folder;
  PendingFile file{folder.file("out"), Readers::owner};
  file.write(as_bytes("one "));
  file.write(as_bytes("two"));
  CHECK(file.size() == 7);
  CHECK_FALSE(fs::exists(folder.file("out")));
  file.commit();
  CHECK(text_in(folder.file("out")) == "one two");
  CHECK(folder.count() == 1);
  struct stat facts {};
  REQUIRE(stat(folder.file("out").c_str(), &facts) == 0);
  CHECK((facts.st_mode & 0777U) == 0600U);
}

TEST_CASE("a pending file that was given up leaves nothing, and what was there is as it was") {
  const Folder folder;
  write_file(folder.file("out"), as_bytes("old"));
  {
    PendingFile file{folder.file("out"), Readers::all};
    file.write(as_bytes("new"));
  }
  CHECK(text_in(folder.file("out")) == "old");
  CHECK(folder.count() == 1);
}

TEST_CASE("a pending file replaces where a link leads, and the link stays") {
  const Folder folder;
  write_file(folder.file("real"), as_bytes("old"));
  fs::create_symlink("real", folder.file("link"));
  PendingFile file{folder.file("link"), Readers::all};
  file.write(as_bytes("new"));
  file.commit();
  CHECK(fs::is_symlink(folder.file("link")));
  CHECK(text_in(folder.file("real")) == "new");
}

TEST_CASE("a device is written into and never replaced; a folder is refused") {
  const Folder folder;
  PendingFile file{"/dev/null", Readers::all};
  file.write(as_bytes("x"));
  file.commit();
  CHECK(fs::is_character_file("/dev/null"));
  CHECK_THROWS_AS((PendingFile{folder.file("."), Readers::all}), Error);
  CHECK_THROWS_AS((PendingFile{folder.file("none/out"), Readers::all}), Error);
}

TEST_CASE("a pending file without a target can be copied elsewhere") {
  const Folder folder;
  PendingFile file{"", Readers::owner};
  file.write(Bytes(200'000, 'x'));
  {
    const Descriptor to{open(folder.file("copy").c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600)};
    file.copy_to(to.number());
  }
  CHECK(fs::file_size(folder.file("copy")) == 200'000);
}

TEST_CASE("a committed file is on disk, and then its name is") {
  const Folder folder;
  PendingFile file{folder.file("out"), Readers::all};
  file.write(as_bytes("x"));
  synced.clear();
  file.commit();
  CHECK(synced == std::vector<std::string>{"file", "folder"});
}

TEST_CASE("files are committed by many threads in one folder, and none asks for the umask") {
  constexpr int kThreads = 8;
  constexpr int kFiles = 25;
  const Folder folder;
  umasks = 0;
  std::vector<std::thread> threads;
  std::atomic<int> failed{0};
  for (int thread = 0; thread < kThreads; ++thread)
    threads.emplace_back([&, thread] {
      for (int i = 0; i < kFiles; ++i) {
        try {
          const auto name = std::to_string(thread) + "-" + std::to_string(i);
          PendingFile file{folder.file(name.c_str()), Readers::all};
          file.write(as_bytes(name));
          file.commit();
        } catch (const Error&) {
          ++failed;
        }
      }
    });
  for (auto& thread : threads) thread.join();
  CHECK(failed == 0);
  CHECK(umasks == 0);
  CHECK(folder.count() == kThreads * kFiles);
}

TEST_CASE("what a program that died left behind is no hindrance, and is left") {
  const Folder folder;
  write_file(folder.file((".ukey-" + std::to_string(getpid())).c_str()), as_bytes("left"));
  write_file(folder.file("out"), as_bytes("new"));
  CHECK(folder.count() == 2);
}
